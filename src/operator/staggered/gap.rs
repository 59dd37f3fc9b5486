//! What a gradient part has beyond the gradient of its potential.

use super::Staggered;
use crate::boundary::Condition;
use crate::field::{ScalarField, VectorField};
use crate::grid::{FaceClass, Location, ravel, unravel};
use crate::machine::wide;
use crate::operator::{Calculus, GapSpace};
use std::ops::Range;

impl<const D: usize> Staggered<D> {
    /// Σ w (g − ∇φ)² over rows of faces, but for those on walls where φ is free.
    pub(super) fn gap_of_rows(
        &self,
        (k, rows): (usize, Range<usize>),
        of: (&VectorField<D>, &ScalarField<D>),
        space: &mut GapSpace,
    ) -> f64 {
        let condition = *self.boundary.potentials().last().expect("at least one potential");
        let alike = self.metric().is_none() && self.domain.mask().is_none();
        let of_row = |row: usize| {
            let inside = if alike { self.gap_inside((k, row), of, condition, space) } else { None };
            inside.unwrap_or_else(|| self.gap_of_row((k, row), of, condition, space))
        };
        rows.map(of_row).sum()
    }

    /// The same for a row of a box; `None` on a wall where φ is held.
    fn gap_inside(
        &self,
        (k, row): (usize, usize),
        (gradient, potential): (&VectorField<D>, &ScalarField<D>),
        condition: Condition,
        space: &mut GapSpace,
    ) -> Option<f64> {
        let (grid, scale) = (self.domain.grid(), self.scale(k));
        let (shape, n) = (grid.shape_at(Location::face(k)), grid.shape()[0]);
        let part = gradient.component(k).run(row * shape[0], shape[0], &mut space.run);
        let (phi, free) = (potential.values(), condition == Condition::Neumann);
        if k == 0 {
            let here = &phi[row * n..][..n];
            let (first, last) = (here[0], here[n - 1]);
            let ends = match (grid.axes()[0].bounded(), free) {
                (false, _) => (scale * (first - last) - part[0]).powi(2),
                (true, true) => 0.0,
                (true, false) => {
                    let [lower, upper] = [2.0 * first, -2.0 * last].map(|d| scale * d);
                    0.5 * ((lower - part[0]).powi(2) + (upper - part[n]).powi(2))
                }
            };
            return Some(ends + gap_squares(scale, [&here[..n - 1], &here[1..]], &part[1..n]));
        }
        let face = unravel(shape, row * shape[0]);
        let beside = grid.axes()[k].cells_beside(face[k]).map(|cell| {
            let mut at = face;
            at[k] = cell?;
            Some(&phi[ravel(grid.shape(), at)..][..n])
        });
        match beside {
            [Some(lower), Some(upper)] => Some(gap_squares(scale, [lower, upper], part)),
            _ => free.then_some(0.0),
        }
    }

    fn gap_of_row(
        &self,
        (k, row): (usize, usize),
        (gradient, potential): (&VectorField<D>, &ScalarField<D>),
        condition: Condition,
        space: &mut GapSpace,
    ) -> f64 {
        let n = self.domain.grid().shape_at(Location::face(k))[0];
        let GapSpace { run, gap, weights } = space;
        gap.clear();
        gap.resize(n, 0.0);
        self.gradient_row(potential, condition, (k, row), gap);
        let part = gradient.component(k).run(row * n, n, run);
        gap.iter_mut().zip(part).for_each(|(gap, g)| *gap -= g);
        self.weigh(k, row * n, n, gap, |class| match (class, condition) {
            (FaceClass::Outside, _) | (FaceClass::Wall, Condition::Neumann) => 0.0,
            _ => 1.0,
        });
        weights.resize(n, 0.0);
        match self.weights(k, row * n, weights) {
            Some(weights) => weighted_squares(gap, weights),
            None => crate::field::sum_of_squares(gap),
        }
    }
}

wide! {
    /// Σ (scale (upper − lower) − part)².
    fn gap_squares<'a>(scale: f64, beside: [&'a [f64]; 2], part: &'a [f64]) -> f64 {
        const LANES: usize = 8;
        let count = part.len();
        let [lower, upper] = beside.map(|run| &run[..count]);
        let whole = count / LANES * LANES;
        let mut sums = [0.0; LANES];
        for at in (0..whole).step_by(LANES) {
            let [l, u, g] = [lower, upper, part].map(|run| -> [f64; LANES] {
                run[at..at + LANES].try_into().expect("as many values")
            });
            for lane in 0..LANES {
                let gap = scale * (u[lane] - l[lane]) - g[lane];
                sums[lane] += gap * gap;
            }
        }
        let rest = (whole..count).map(|i| scale * (upper[i] - lower[i]) - part[i]);
        sums.iter().sum::<f64>() + rest.map(|gap| gap * gap).sum::<f64>()
    }
}

wide! {
    /// Σ w v².
    fn weighted_squares<'a>(values: &'a [f64], weights: &'a [f64]) -> f64 {
        const LANES: usize = 8;
        let mut sums = [0.0; LANES];
        let ((values, rest), (weights, others)) = (values.as_chunks::<LANES>(), weights.as_chunks::<LANES>());
        for (values, weights) in values.iter().zip(weights) {
            for l in 0..LANES {
                sums[l] += weights[l] * values[l] * values[l];
            }
        }
        sums.iter().sum::<f64>() + rest.iter().zip(others).map(|(v, w)| w * v * v).sum::<f64>()
    }
}
