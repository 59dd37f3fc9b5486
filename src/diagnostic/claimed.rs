//! One claim against what was measured.

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
    /// Whether the value is a number and within the bound, if there is one.
    pub holds: bool,
}

impl Claimed {
    pub(super) fn new(what: &'static str, value: Option<f64>, bound: Option<f64>) -> Claimed {
        let within = |value: f64| bound.is_none_or(|bound| value <= bound);
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
