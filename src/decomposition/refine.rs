//! Further passes where the differences of a potential lose too many digits.

use super::{Decompose, DecomposeError, Decomposition, Law};
use crate::boundary::Boundary;
use crate::field::{Layout, VectorField};
use crate::grid::Grid;
use std::cell::OnceCell;

/// Cells along an axis, or ratio of spacings, from which rounding may show in the divergence.
const LONG: usize = 1000;
const FLAT: f64 = 8.0;

/// Passes after the first.
const PASSES: usize = 3;

/// Whether the differences of a potential lose too many digits on a grid of equal cells.
pub(super) fn is_long_or_flat<const D: usize>(grid: &Grid<D>) -> bool {
    grid.shape().iter().any(|n| *n >= LONG) || flatness(grid) > FLAT
}

fn flatness<const D: usize>(grid: &Grid<D>) -> f64 {
    let coarsest = grid.axes().iter().map(|axis| axis.spacing).fold(0.0, f64::max);
    coarsest / grid.least_spacing()
}

/// The bound on the largest net flux of a cell of a field on the faces without its gradient part, over the
/// largest Σ S|v|, on long and flat grids. `None` elsewhere, and for a method that claims nothing.
pub(super) fn divergence_left<const D: usize>(grid: &Grid<D>, bound: Option<f64>) -> Option<f64> {
    // Along the coarser axes the potential is as much larger, and with it ⟨∇φ, ⋆A⟩ = −⟨φ, ∇·⋆A⟩.
    let flat = (flatness(grid) / FLAT).max(1.0);
    bound.filter(|_| is_long_or_flat(grid)).map(|bound| 0.1 * bound / flat)
}

/// Removes the gradient that a first pass left in the other parts, as long as their divergence gets smaller. It is
/// added to the gradient part, not to the potential, which cannot resolve it. Costs the divergence of the parts and
/// the flux of the field, and a pass where that is too large.
pub(super) fn refine<const D: usize, P: Decompose<D> + ?Sized>(
    plan: &P,
    field: &VectorField<D>,
    parts: &mut Decomposition<D>,
) -> Result<(), DecomposeError> {
    let (grid, calculus) = (field.grid(), plan.calculus());
    if !plan.claims(Law::Orthogonality) {
        // Not a projection: a second pass finds a gradient in a solenoidal part that has no divergence.
        return Ok(());
    }
    let uneven = calculus.domain().metric().is_some();
    let (Some(share), Layout::Faces, false) =
        (divergence_left(grid, plan.claimed_bound()), calculus.layout(), uneven)
    else {
        return Ok(());
    };
    // Mostly the solenoidal part has as much as the field, which on the faces takes an interpolation.
    let least = share * calculus.largest_flux(&parts.solenoidal);
    let most = OnceCell::new();
    let whole = || share * calculus.largest_flux(&plan.where_computed(field));
    let is_large = |left: f64| left.is_finite() && left > least && left > *most.get_or_init(whole);
    refine_solenoidal(plan, parts, is_large)?;
    if plan.boundary() == Boundary::NormalParallel {
        refine_harmonic(plan, parts, is_large)?;
    }
    Ok(())
}

fn refine_solenoidal<const D: usize, P: Decompose<D> + ?Sized>(
    plan: &P,
    parts: &mut Decomposition<D>,
    is_large: impl Fn(f64) -> bool,
) -> Result<(), DecomposeError> {
    let (grid, mut again) = (*parts.solenoidal.grid(), None);
    let mut left = plan.calculus().net_fluxes(&parts.solenoidal).largest;
    for _ in 0..PASSES {
        if !is_large(left) {
            break;
        }
        let again = again.get_or_insert_with(|| Decomposition::zeros(grid, Layout::Faces));
        plan.split_into(&parts.solenoidal, again)?;
        let now = plan.calculus().net_fluxes(&again.solenoidal).largest;
        if now >= left {
            break;
        }
        parts.gradient.add_scaled(1.0, &again.gradient);
        parts.harmonic.add_scaled(1.0, &again.harmonic);
        parts.potential.add_scaled(1.0, &again.potential);
        std::mem::swap(&mut parts.solenoidal, &mut again.solenoidal);
        parts.solves.append(&mut again.solves);
        left = now;
    }
    Ok(())
}

fn refine_harmonic<const D: usize, P: Decompose<D> + ?Sized>(
    plan: &P,
    parts: &mut Decomposition<D>,
    is_large: impl Fn(f64) -> bool,
) -> Result<(), DecomposeError> {
    let mut left = plan.calculus().net_fluxes(&parts.harmonic).largest;
    for _ in 0..PASSES {
        if !is_large(left) {
            break;
        }
        let Some(more) = plan.split_harmonic(&parts.harmonic)? else { break };
        let now = plan.calculus().net_fluxes(&more.harmonic).largest;
        if now >= left {
            break;
        }
        parts.gradient.add_scaled(1.0, &more.gradient);
        parts.potential.add_scaled(1.0, &more.potential);
        parts.harmonic = more.harmonic;
        parts.solves.extend(more.solves);
        left = now;
    }
    Ok(())
}
