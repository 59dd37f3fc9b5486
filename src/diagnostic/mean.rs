//! Shares of the energy without the constant mean field.

use super::products::INPUT;
use super::sums::Sums;
use crate::boundary::Boundary;
use crate::decomposition::{Decompose, Law};
use crate::grid::Geometry;
use serde::Serialize;

/// What the shares are once the constant field closest to the input is taken from it, where the method computes. That field
/// is a gradient and has no divergence: which part holds it the convention says. Of a learned field before training,
/// or of a window with a strong wind, it is most of the energy and hides the rest.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct WithoutMean {
    /// The share of the energy of the input that the constant field has.
    pub mean_share: f64,
    /// Of the rest, the share of the gradient part. NaN (`null` in JSON), as the others, where there is no rest.
    pub gradient: f64,
    /// Of the solenoidal part.
    pub solenoidal: f64,
    /// Of the harmonic part.
    pub harmonic: f64,
}

/// Whether a constant is a field of its own under the inner product of the plan, in one of its parts.
pub(super) fn has_constants<const D: usize>(plan: &dyn Decompose<D>) -> bool {
    let flat =
        matches!(plan.calculus().domain().geometry(), Geometry::Plane | Geometry::Rectilinear);
    flat && plan.claims(Law::Orthogonality) && part(plan).is_some()
}

/// The part that holds constant fields: 0 the gradient, 1 the solenoidal and 2 the harmonic one.
fn part<const D: usize>(plan: &dyn Decompose<D>) -> Option<usize> {
    let domain = plan.calculus().domain();
    // Under a density a constant is a gradient still, but no longer without divergence.
    if plan.calculus().is_weighted() && plan.boundary() != Boundary::NoFlux {
        return None;
    }
    let walls = domain.grid().axes().iter().filter(|axis| axis.bounded()).count();
    match plan.boundary() {
        // Along a ring a constant has a circulation.
        Boundary::NoFlux if walls == D => Some(0),
        // Beside holes a part of it is harmonic.
        Boundary::ZeroPotential if walls == D && domain.mask().is_none() => Some(1),
        Boundary::NormalParallel if walls == D => Some(2),
        Boundary::Periodic => Some(2),
        _ => None,
    }
}

/// The shares without the mean of `sums`, from those with it.
pub(super) fn without_mean<const D: usize>(
    plan: &dyn Decompose<D>,
    sums: &Sums<D>,
    shares: [f64; 3],
) -> Option<WithoutMean> {
    let part = part(plan).filter(|_| has_constants(plan))?;
    let whole = sums.own[INPUT][INPUT];
    let of = |[sum, weight]: &[f64; 2]| if *weight > 0.0 { sum * sum / weight } else { 0.0 };
    let mean_share = sums.moments.iter().map(of).sum::<f64>() / whole;
    if !mean_share.is_finite() {
        return None;
    }
    let rest = 1.0 - mean_share;
    let mut others = shares;
    others[part] -= mean_share;
    // Less is rounding.
    let [gradient, solenoidal, harmonic] =
        others.map(|share| if rest > 1e-12 { share.max(0.0) / rest } else { f64::NAN });
    Some(WithoutMean { mean_share, gradient, solenoidal, harmonic })
}
