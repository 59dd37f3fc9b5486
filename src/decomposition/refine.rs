//! A second pass where the differences of a potential lose too many digits.

use super::{Decompose, DecomposeError, Decomposition};
use crate::field::{Layout, VectorField};
use crate::grid::Grid;

/// Cells along an axis, or ratio of spacings, from which rounding may show in the divergence.
const LONG: usize = 1000;
const FLAT: f64 = 8.0;

/// The bound on the divergence of a field on the faces without its gradient part, times the least
/// spacing over the norm of the field, on grids where the differences of the potential lose too
/// many digits: long and flat ones. `None` elsewhere, and for a method that claims nothing.
pub(super) fn divergence_left<const D: usize>(grid: &Grid<D>, bound: Option<f64>) -> Option<f64> {
    let coarsest = grid.axes().iter().map(|axis| axis.spacing).fold(0.0, f64::max);
    // Along the coarser axes the potential is as much larger, and with it ⟨∇φ, ⋆A⟩ = −⟨φ, ∇·⋆A⟩.
    let flat = (coarsest / (FLAT * grid.least_spacing())).max(1.0);
    let long = grid.shape().iter().any(|n| *n >= LONG) || flat > 1.0;
    bound.filter(|_| long).map(|bound| 0.3 * bound / flat)
}

/// Removes the gradient that a first pass left in the solenoidal part. It is added to the gradient
/// part, not to the potential, which cannot resolve it. Costs a divergence, and a second pass if
/// that is too large.
pub(super) fn refine<const D: usize, P: Decompose<D> + ?Sized>(
    plan: &P,
    field: &VectorField<D>,
    parts: &mut Decomposition<D>,
) -> Result<(), DecomposeError> {
    let (grid, calculus) = (field.grid(), plan.calculus());
    let uneven = calculus.domain().metric().is_some();
    let (Some(allowed), Layout::Faces, false) =
        (divergence_left(grid, plan.claimed_bound()), calculus.layout(), uneven)
    else {
        return Ok(());
    };
    let sizes = parts.parts().map(|(_, part)| calculus.residual_sizes(part)[0].powi(2));
    let left = calculus.divergence_norm(&parts.solenoidal);
    if left <= allowed * sizes.iter().sum::<f64>().sqrt() || !left.is_finite() {
        return Ok(());
    }
    let mut again = Decomposition::zeros(*grid, Layout::Faces);
    plan.split_into(&parts.solenoidal, &mut again)?;
    parts.gradient.add_scaled(1.0, &again.gradient);
    parts.harmonic.add_scaled(1.0, &again.harmonic);
    parts.potential.add_scaled(1.0, &again.potential);
    parts.solenoidal = again.solenoidal;
    parts.solves.extend(again.solves);
    Ok(())
}
