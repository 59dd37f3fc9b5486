//! Couplings of cells that are products of one factor for each axis.

use crate::grid::{Domain, Location, ravel, unravel};

/// How far a coupling may be from the product, relative to it: rounding of the sizes of faces.
const ROUNDING: f64 = 1e-12;

/// The couplings c = S/d of the faces normal to each axis as products c(i, j, …) = f₀(i) f₁(j) …
pub(super) struct Factors<const D: usize> {
    /// `factors[k][a]`: that of axis a in the couplings along axis k. Those of other axes than k are at most 1.
    factors: [[Vec<f64>; D]; D],
}

impl<const D: usize> Factors<D> {
    /// Those of a domain with a metric and without a mask; `None` where couplings are no such products. O(n).
    pub(super) fn of(domain: &Domain<D>) -> Option<Factors<D>> {
        let metric = domain.metric().filter(|_| domain.mask().is_none())?;
        let mut factors = std::array::from_fn(|_| std::array::from_fn(|_| Vec::new()));
        for (k, factors) in factors.iter_mut().enumerate() {
            let shape = domain.grid().shape_at(Location::face(k));
            let sizes = metric.areas(k).iter().zip(metric.distances(k));
            *factors = product(shape, k, &sizes.map(|(s, d)| s / d).collect::<Vec<_>>())?;
        }
        Some(Factors { factors })
    }

    /// The factor of axis a in the couplings along axis k: on faces where a is k, else in cells.
    pub(super) fn get(&self, k: usize, a: usize) -> &[f64] {
        &self.factors[k][a]
    }

    /// Whether two axes have the same factor along a third.
    pub(super) fn agree(&self, axes: [usize; 2], along: usize) -> bool {
        let [one, other] = axes.map(|k| self.get(k, along));
        one.iter().zip(other).all(|(a, b)| (a - b).abs() <= ROUNDING)
    }

    /// Whether factors of an axis are alike, those of all couplings.
    pub(super) fn uniform(&self, a: usize) -> bool {
        (0..D).all(|k| {
            let factor = self.get(k, a);
            factor.iter().all(|value| (value - factor[0]).abs() <= ROUNDING * factor[0].abs())
        })
    }
}

/// The factors of an array, if it is a product; the largest of each but that of axis k are 1.
fn product<const D: usize>(shape: [usize; D], k: usize, values: &[f64]) -> Option<[Vec<f64>; D]> {
    let largest = values.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1))?.0;
    let (top, index) = (values[largest], unravel(shape, largest));
    if !(top > 0.0 && top.is_finite()) {
        return None;
    }
    let factors: [Vec<f64>; D] = std::array::from_fn(|a| {
        let unit = if a == k { 1.0 } else { top };
        let through = |i| {
            let mut at = index;
            at[a] = i;
            values[ravel(shape, at)] / unit
        };
        (0..shape[a]).map(through).collect()
    });
    let n = shape[0];
    let fits = values.chunks_exact(n).enumerate().all(|(row, values)| {
        let at = unravel(shape, row * n);
        let across: f64 = (1..D).map(|a| factors[a][at[a]]).product();
        let along = values.iter().zip(&factors[0]);
        along.into_iter().all(|(v, f)| (v - f * across).abs() <= ROUNDING * v.abs())
    });
    fits.then_some(factors)
}
