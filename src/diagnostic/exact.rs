//! Comparison with exact parts.

use crate::decomposition::Decomposition;
use crate::field::{VectorField, max_or_nan};
use crate::operator::Calculus;
use serde::Serialize;

/// Relative L2 errors of the parts: ‖part − exact‖/‖exact‖, or over ‖v‖ where the exact part is 0.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct PartErrors {
    /// Of the gradient part.
    pub gradient: f64,
    /// Of the solenoidal part.
    pub solenoidal: f64,
    /// Of the harmonic part.
    pub harmonic: f64,
}

impl PartErrors {
    /// The largest of the three.
    pub fn largest(&self) -> f64 {
        max_or_nan(self.gradient, max_or_nan(self.solenoidal, self.harmonic))
    }
}

/// Compares parts with exact ones sampled where the method computes, in the method's inner product.
pub fn errors<const D: usize>(
    calculus: &dyn Calculus<D>,
    parts: &Decomposition<D>,
    exact: &[VectorField<D>; 3],
) -> PartErrors {
    let norm = |v: &VectorField<D>| calculus.inner(v, v).sqrt();
    let mut whole = exact[0].clone();
    whole.add_scaled(1.0, &exact[1]);
    whole.add_scaled(1.0, &exact[2]);
    let whole = norm(&whole);
    let error = |part: &VectorField<D>, exact: &VectorField<D>| {
        let size = norm(exact);
        let reference = if size > 1e-14 * whole { size } else { whole };
        norm(&part.minus(exact)) / reference
    };
    PartErrors {
        gradient: error(&parts.gradient, &exact[0]),
        solenoidal: error(&parts.solenoidal, &exact[1]),
        harmonic: error(&parts.harmonic, &exact[2]),
    }
}

/// log(e₁/e₂)/log(n₂/n₁): the order between two resolutions.
///
/// ```
/// let order = hodge::diagnostic::observed_order((16, 4e-2), (32, 1e-2));
/// assert!((order - 2.0).abs() < 1e-12);
/// ```
pub fn observed_order(coarse: (usize, f64), fine: (usize, f64)) -> f64 {
    (coarse.1 / fine.1).ln() / (fine.0 as f64 / coarse.0 as f64).ln()
}
