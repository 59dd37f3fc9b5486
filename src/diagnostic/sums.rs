//! What a walk over a field and its parts finds.

use super::products::Products;
use crate::field::max_or_nan;
use crate::operator::{Extent, Squares};

/// What was found.
#[derive(Clone, Copy)]
pub(super) struct Sums<const D: usize> {
    /// Where the method computes, in its inner product without the volume of a cell.
    pub own: Products,
    /// At the points, without the volume of a cell.
    pub points: Products,
    /// Of the field, without weights.
    pub squares: f64,
    /// Largest magnitudes of the field, of what its parts miss of it and of the samples; NaN where one is.
    pub largest: f64,
    pub missed: f64,
    pub largest_sample: f64,
    /// Those of `Sweep::laws`, where the calculus has them row by row.
    pub laws: [Extent; 4],
    /// Those of `Sweep::sizes`, likewise.
    pub sizes: [f64; 2],
    /// Σ w (gradient − ∇φ)², where the calculus has it.
    pub gap: Option<f64>,
    /// The sum of each component of the gradient part.
    pub gradient: [f64; D],
    /// Σ w v and Σ w of each component of the field, where asked for.
    pub moments: [[f64; 2]; D],
    pub divergence_of_solenoidal: Squares,
    pub curl_of_gradient: Squares,
    pub divergence_of_harmonic: Squares,
    pub curl_of_harmonic: Squares,
}

impl<const D: usize> Sums<D> {
    pub(super) fn nothing() -> Sums<D> {
        let (products, none) = (Products::default(), Squares::default());
        Sums {
            own: products,
            points: products,
            squares: 0.0,
            largest: 0.0,
            missed: 0.0,
            largest_sample: 0.0,
            laws: [Extent::default(); 4],
            sizes: [0.0; 2],
            gap: None,
            gradient: [0.0; D],
            moments: [[0.0; 2]; D],
            divergence_of_solenoidal: none,
            curl_of_gradient: none,
            divergence_of_harmonic: none,
            curl_of_harmonic: none,
        }
    }

    pub(super) fn plus(mut self, other: Sums<D>) -> Sums<D> {
        for (mine, theirs) in [(&mut self.own, &other.own), (&mut self.points, &other.points)] {
            let pairs = mine.iter_mut().flatten().zip(theirs.iter().flatten());
            pairs.for_each(|(a, b)| *a += b);
        }
        self.squares += other.squares;
        self.largest = max_or_nan(self.largest, other.largest);
        self.missed = max_or_nan(self.missed, other.missed);
        self.largest_sample = max_or_nan(self.largest_sample, other.largest_sample);
        self.laws.iter_mut().zip(other.laws).for_each(|(a, b)| *a = a.plus(b));
        self.sizes.iter_mut().zip(other.sizes).for_each(|(a, b)| *a = a.max(b));
        self.gap = match (self.gap, other.gap) {
            (Some(a), Some(b)) => Some(a + b),
            (a, b) => a.or(b),
        };
        self.gradient.iter_mut().zip(other.gradient).for_each(|(a, b)| *a += b);
        let moments = self.moments.iter_mut().flatten().zip(other.moments.into_iter().flatten());
        moments.for_each(|(a, b)| *a += b);
        let residuals = [
            (&mut self.divergence_of_solenoidal, other.divergence_of_solenoidal),
            (&mut self.curl_of_gradient, other.curl_of_gradient),
            (&mut self.divergence_of_harmonic, other.divergence_of_harmonic),
            (&mut self.curl_of_harmonic, other.curl_of_harmonic),
        ];
        residuals.into_iter().for_each(|(a, b)| *a = a.plus(b));
        self
    }
}
