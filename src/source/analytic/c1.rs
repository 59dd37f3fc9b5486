//! C1, the vortex of Hill (1894) in the unit ball, seen through [−1.1, 1.1]³: φ = x²z, free on the
//! sphere, and r = (xz, yz, 1 − 2(x² + y²) − z²), tangential to it; h = 0.

use super::{Case, CaseWindow, ExactParts};
use crate::boundary::Boundary;
use crate::grid::Topology::Bounded;
use std::f64::consts::PI;

/// The case; see the module.
pub struct C1;

impl Case<3> for C1 {
    fn name(&self) -> &'static str {
        "C1"
    }

    fn title(&self) -> &'static str {
        "unit ball, vortex of Hill"
    }

    fn window(&self) -> CaseWindow<3> {
        [(-1.1, 1.1, Bounded); 3]
    }

    fn exact_under(&self) -> &'static [Boundary] {
        &[Boundary::NoFlux]
    }

    fn parts(&self, [x, y, z]: [f64; 3]) -> ExactParts<3> {
        ExactParts {
            gradient: [2.0 * x * z, 0.0, x * x],
            solenoidal: [x * z, y * z, 1.0 - 2.0 * (x * x + y * y) - z * z],
            harmonic: [0.0; 3],
        }
    }

    fn potential(&self, [x, _, z]: [f64; 3]) -> Option<f64> {
        Some(x * x * z)
    }

    fn norms(&self) -> Option<[f64; 3]> {
        Some([(4.0 * PI / 15.0).sqrt(), (8.0 * PI / 21.0).sqrt(), 0.0])
    }

    fn masked(&self) -> bool {
        true
    }

    fn inside(&self, [x, y, z]: [f64; 3]) -> bool {
        x * x + y * y + z * z < 1.0
    }
}
