//! S1d, the field of S1 in the unit disc, seen through [−1.1, 1.1]²: there (y, −x) is tangential to the wall, so that
//! φ = −|x|²/2 and r = (y, −x) are the parts under no-flux; h = 0.

use super::{Case, CaseWindow, ExactParts};
use crate::boundary::Boundary;
use crate::grid::Topology::Bounded;
use std::f64::consts::FRAC_PI_2;

/// The case; see the module.
pub struct S1d;

impl Case<2> for S1d {
    fn name(&self) -> &'static str {
        "S1d"
    }

    fn title(&self) -> &'static str {
        "unit disc, the field of S1"
    }

    fn window(&self) -> CaseWindow<2> {
        [(-1.1, 1.1, Bounded); 2]
    }

    fn inside(&self, [x, y]: [f64; 2]) -> bool {
        x * x + y * y < 1.0
    }

    fn masked(&self) -> bool {
        true
    }

    fn exact_under(&self) -> &'static [Boundary] {
        &[Boundary::NoFlux]
    }

    fn parts(&self, [x, y]: [f64; 2]) -> ExactParts<2> {
        ExactParts { gradient: [-x, -y], solenoidal: [y, -x], harmonic: [0.0; 2] }
    }

    fn potential(&self, [x, y]: [f64; 2]) -> Option<f64> {
        Some(-0.5 * (x * x + y * y))
    }

    fn norms(&self) -> Option<[f64; 3]> {
        Some([FRAC_PI_2.sqrt(), FRAC_PI_2.sqrt(), 0.0])
    }
}
