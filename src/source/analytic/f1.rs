//! F1, two Gaussians in free space, seen through [−1.5, 1.5]²: φ = exp(−160x² − 120y²), ψ =
//! exp(−100((x − 0.1)² + y²)), h = 0. Norms are over the plane; what lies outside the window is
//! far below rounding.

use super::{Case, CaseWindow, ExactParts};
use crate::boundary::Boundary;
use crate::grid::Topology::Bounded;
use std::f64::consts::PI;

/// The case; see the module.
pub struct F1;

impl Case<2> for F1 {
    fn name(&self) -> &'static str {
        "F1"
    }

    fn title(&self) -> &'static str {
        "plane, two narrow Gaussians"
    }

    fn window(&self) -> CaseWindow<2> {
        [(-1.5, 1.5, Bounded); 2]
    }

    fn exact_under(&self) -> &'static [Boundary] {
        &[]
    }

    fn parts(&self, [x, y]: [f64; 2]) -> ExactParts<2> {
        let phi = (-160.0 * x * x - 120.0 * y * y).exp();
        let shifted = x - 0.1;
        let psi = (-100.0 * (shifted * shifted + y * y)).exp();
        ExactParts {
            gradient: [-320.0 * x * phi, -240.0 * y * phi],
            solenoidal: [-200.0 * y * psi, 200.0 * shifted * psi],
            harmonic: [0.0; 2],
        }
    }

    fn potential(&self, [x, y]: [f64; 2]) -> Option<f64> {
        Some((-160.0 * x * x - 120.0 * y * y).exp())
    }

    fn norms(&self) -> Option<[f64; 3]> {
        Some([(140.0 * PI / 19200f64.sqrt()).sqrt(), PI.sqrt(), 0.0])
    }

    fn free_space(&self) -> bool {
        true
    }
}
