//! What a method claims for any data, against what was measured.

use super::claimed::Claimed;
use super::report::Report;
use crate::decomposition::Law;

/// The claims of every report; nothing is measured of a field that is zero.
pub(super) fn claims(
    report: &Report,
    bound: impl Fn(Law) -> Option<f64>,
    is_zero: bool,
) -> Vec<Claimed> {
    let [divergence, curl, of_harmonic @ ..] = report.by_own_differences.in_claims();
    let solenoidal = match report.undivided {
        true if report.fit.is_some() => "divergence of the rest",
        true => "divergence of the solenoidal and harmonic part",
        false => "divergence of the solenoidal part",
    };
    let measured = [
        (Law::Sum, "sum residual", report.sum_residual),
        (Law::Orthogonality, "orthogonality", report.orthogonality),
        (Law::DivergenceOfSolenoidal, solenoidal, divergence),
        (Law::CurlOfGradient, "curl of the gradient part", curl),
        (
            Law::CirculationOfGradient,
            "circulation of the gradient part",
            report.circulation_of_gradient,
        ),
        (Law::DivergenceOfHarmonic, "divergence of the harmonic part", of_harmonic[0]),
        (Law::CurlOfHarmonic, "curl of the harmonic part", of_harmonic[1]),
    ];
    let count = if report.undivided { measured.len() - 2 } else { measured.len() };
    let claims = measured[..count].iter();
    let claimed = |(law, what, value): &(Law, &'static str, f64)| {
        Claimed::new(what, (!is_zero).then_some(*value), bound(*law))
    };
    claims.map(claimed).collect()
}
