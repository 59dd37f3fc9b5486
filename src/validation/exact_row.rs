//! Rows that are judged by exact statements, and data without structure.

use super::{Claim, EXACT, Outcome};
use crate::decomposition::{Decompose, Decomposition};
use crate::diagnostic::measure;
use crate::field::{VectorField, to_points};

/// The row of a decomposition that is judged by exact statements.
pub(super) fn row<const D: usize>(
    case: &'static str,
    plan: &dyn Decompose<D>,
    field: &VectorField<D>,
    parts: &Decomposition<D>,
    claim: Claim,
) -> Outcome {
    let samples = to_points(field, plan.calculus().domain(), parts.way);
    let report = measure(plan, field, &samples, parts);
    let exact = [
        report.orthogonality,
        report.divergence,
        report.curl,
        report.by_own_differences.divergence_of_harmonic,
        report.by_own_differences.curl_of_harmonic,
        report.sum_residual,
    ];
    Outcome {
        case,
        method: plan.method(),
        boundary: plan.boundary(),
        backend: plan.backend(),
        dims: D,
        n: plan.calculus().domain().grid().shape()[0],
        error_gradient: None,
        error_solenoidal: None,
        error_harmonic: None,
        error_energy: None,
        energy_gradient: report.energy.gradient,
        energy_solenoidal: report.energy.solenoidal,
        energy_harmonic: report.energy.harmonic,
        order: None,
        orthogonality: report.orthogonality,
        divergence: report.divergence,
        curl: report.curl,
        outside: None,
        claim: claim.in_words(),
        passed: exact.into_iter().all(|value| value <= EXACT),
    }
}

/// A 64-bit linear congruential generator: reproducible, and enough for data without structure.
pub(super) struct Random(pub(super) u64);

impl Random {
    /// Uniform in [−1, 1).
    pub(super) fn next(&mut self) -> f64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 11) as f64 / (1u64 << 52) as f64 - 1.0
    }
}
