//! Central differences at the sample points: the ruler common to all methods.

use crate::field::{Layout, ScalarField, VectorField};
use crate::grid::{Domain, Location};

/// Second-order central differences of point values, as a user would check a result with.
///
/// A point counts only where both neighbours are active along every axis a difference is taken along (all of
/// them for a divergence, the two of its pair for a component of a curl), so that nothing one-sided enters. Unlike the operators a method projects with, this ruler sees the truncation
/// error O(h²).
pub struct Central<const D: usize> {
    domain: Domain<D>,
}

impl<const D: usize> Central<D> {
    /// The ruler on a domain.
    pub fn new(domain: Domain<D>) -> Central<D> {
        Central { domain }
    }

    /// ‖∇·v‖ over the points that count (root of the sum of squares); NaN where none does.
    ///
    /// Panics on a staggered field, as [`curl_norm`](Central::curl_norm) does: how it comes to the points
    /// is the caller's choice.
    pub fn divergence_norm(&self, v: &VectorField<D>) -> f64 {
        assert_eq!(v.layout(), Layout::Points, "the ruler lies at the points");
        let mut sum = vec![0.0; self.domain.grid().cells()];
        for k in 0..D {
            self.add_derivative(1.0, v.component(k), k, &mut sum);
        }
        norm(&sum)
    }

    /// ‖∇∧v‖ over the points that count, each pair of axes once; NaN where none does.
    pub fn curl_norm(&self, v: &VectorField<D>) -> f64 {
        assert_eq!(v.layout(), Layout::Points, "the ruler lies at the points");
        let pairs = super::axis_pairs::<D>().into_iter();
        let norms = pairs.map(|(a, b)| {
            let mut curl = vec![0.0; self.domain.grid().cells()];
            self.add_derivative(1.0, v.component(b), a, &mut curl);
            self.add_derivative(-1.0, v.component(a), b, &mut curl);
            norm(&curl)
        });
        norm(&norms.collect::<Vec<_>>())
    }

    /// out += scale · ∂_k f, NaN where a neighbour is missing.
    fn add_derivative(&self, scale: f64, f: &ScalarField<D>, k: usize, out: &mut [f64]) {
        let grid = self.domain.grid();
        let (_, n, inner) = grid.lanes(Location::CELL, k);
        let axis = grid.axes()[k];
        let scale = 0.5 * scale / axis.spacing;
        let values = f.values();
        for (cell, out) in out.iter_mut().enumerate() {
            let i = cell / inner % n;
            let start = cell - i * inner;
            if axis.bounded() && (i == 0 || i + 1 == n) {
                *out = f64::NAN;
                continue;
            }
            let [lower, upper] = [(i + n - 1) % n, (i + 1) % n].map(|i| start + i * inner);
            let active = [lower, cell, upper].iter().all(|&c| self.domain.is_active(c));
            *out += if active { scale * (values[upper] - values[lower]) } else { f64::NAN };
        }
    }
}

/// NaN where no point counts.
fn norm(values: &[f64]) -> f64 {
    let mut counted = values.iter().filter(|v| !v.is_nan()).peekable();
    if counted.peek().is_none() { f64::NAN } else { counted.map(|v| v * v).sum::<f64>().sqrt() }
}
