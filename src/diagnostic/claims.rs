//! What a method claims for any data, against what was measured.

use super::report::Report;
use serde::Serialize;

/// One claim.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Claimed {
    /// What is claimed to be rounding.
    pub what: &'static str,
    /// What was measured, dimensionless; `None` for a field that is zero, where nothing can be
    /// measured.
    pub value: Option<f64>,
    /// The upper bound that the method claims; `None` where it claims nothing.
    pub bound: Option<f64>,
    /// Whether the value is a number and within the bound.
    pub holds: bool,
}

impl Claimed {
    fn new(what: &'static str, value: Option<f64>, bound: Option<f64>) -> Claimed {
        let within = |value: f64| value <= bound.unwrap_or(f64::INFINITY);
        let holds = value.is_none_or(within);
        Claimed { what, value, bound, holds }
    }

    /// The claim with its number and its bound.
    pub fn in_words(&self) -> String {
        let Claimed { what, value, bound, holds } = self;
        let broken = if *holds {
            ""
        } else {
            ": the claim does not hold, and the parts are only as accurate as this"
        };
        let value = value.map_or("–".into(), |value| format!("{value:.1e}"));
        match bound {
            Some(bound) => format!("{what} {value}, claimed at most {bound:.1e}{broken}"),
            None => format!("{what} {value}, nothing claimed"),
        }
    }
}

/// The claims of every report; nothing is measured of a field that is zero.
pub(super) fn claims(report: &Report, bound: Option<f64>, is_zero: bool) -> Vec<Claimed> {
    let measured = [
        ("sum residual", report.sum_residual),
        ("orthogonality", report.orthogonality),
        ("divergence of the solenoidal part", report.divergence),
        ("curl of the gradient part", report.curl),
        ("circulation of the gradient part", report.circulation_of_gradient),
        ("divergence of the harmonic part", report.by_own_differences.divergence_of_harmonic),
        ("curl of the harmonic part", report.by_own_differences.curl_of_harmonic),
    ];
    measured.map(|(what, value)| Claimed::new(what, (!is_zero).then_some(value), bound)).to_vec()
}
