//! G1 under the density p = exp(−|x|²/2), seen through [−6, 6]²: the score −x of p, and the rotation (y, −x), which leaves p
//! stationary, ∇·(p r) = 0 (Horvat & Pfister 2024). What p r carries through the walls is
//! 10⁻⁷ of what it carries inside.

use super::{Case, CaseWindow, ExactParts};
use crate::boundary::Boundary;
use crate::grid::Topology::Bounded;

/// The case; see the module.
pub struct G1;

impl Case<2> for G1 {
    fn name(&self) -> &'static str {
        "G1"
    }

    fn title(&self) -> &'static str {
        "score of a Gaussian density and a rotation"
    }

    fn window(&self) -> CaseWindow<2> {
        [(-6.0, 6.0, Bounded); 2]
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

    fn density(&self, [x, y]: [f64; 2]) -> Option<f64> {
        Some((-0.5 * (x * x + y * y)).exp())
    }
}
