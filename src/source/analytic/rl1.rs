//! RL1: the field of B2 on faces at (100ˢ − 1)/99 along both axes, s even, so that the widths of cells at the two
//! ends are as 1 to 100.

use super::b2::B2;
use super::{Case, CaseSpace, CaseWindow, ExactParts};
use crate::boundary::Boundary;

/// The case; see the module.
pub struct RL1;

impl Case<2> for RL1 {
    fn name(&self) -> &'static str {
        "RL1"
    }

    fn title(&self) -> &'static str {
        "B2 on spacings of 1 to 100"
    }

    fn window(&self) -> CaseWindow<2> {
        B2.window()
    }

    fn space(&self) -> CaseSpace {
        CaseSpace::Stretched(|s| (100f64.powf(s) - 1.0) / 99.0)
    }

    fn exact_under(&self) -> &'static [Boundary] {
        B2.exact_under()
    }

    fn parts(&self, position: [f64; 2]) -> ExactParts<2> {
        B2.parts(position)
    }

    fn potential(&self, position: [f64; 2]) -> Option<f64> {
        B2.potential(position)
    }

    fn norms(&self) -> Option<[f64; 3]> {
        B2.norms()
    }
}
