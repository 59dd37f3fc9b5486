//! What a method claims for any data, against what was measured.

use super::report::Report;
use serde::Serialize;

/// One claim.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Claimed {
    /// What is claimed to be rounding.
    pub what: &'static str,
    /// What was measured, dimensionless.
    pub value: f64,
    /// What the method claims it to be at most; `None` where it claims nothing.
    pub bound: Option<f64>,
    /// Whether the value is a number and within the bound.
    pub holds: bool,
}

impl Claimed {
    fn new(what: &'static str, value: f64, bound: Option<f64>) -> Claimed {
        let holds = bound.is_none_or(|bound| value <= bound);
        Claimed { what, value, bound, holds }
    }

    /// The claim with its number and its bound.
    pub fn in_words(&self) -> String {
        let Claimed { what, value, bound, holds } = self;
        let broken =
            if *holds { "" } else { ": the claim does not hold, the parts are not to be trusted" };
        match bound {
            Some(bound) => format!("{what} {value:.1e}, claimed at most {bound:.1e}{broken}"),
            None => format!("{what} {value:.1e}, nothing claimed"),
        }
    }
}

/// The claims of every report.
pub(super) fn claims(report: &Report, bound: Option<f64>) -> Vec<Claimed> {
    vec![
        Claimed::new("sum residual", report.sum_residual, bound),
        Claimed::new("orthogonality", report.orthogonality, bound),
        Claimed::new("divergence of the solenoidal part", report.divergence, bound),
        Claimed::new("curl of the gradient part", report.curl, bound),
        Claimed::new("circulation of the gradient part", report.circulation_of_gradient, bound),
    ]
}
