//! F3, a source and a vortex whose fields fall off as 1/r (Lamb and Oseen), seen through [−1, 1]²: with g(r) =
//! (1 − exp(−r²/c²))/2πr², c = 0.2, d = Q (x, y) g, r = Γ (−y, x) g, h = 0. ∇·d and ∇∧r are Gaussians far below rounding at
//! the edge of the window, where the field itself is not. In the plane the norms are infinite.

use super::{Case, CaseWindow, ExactParts};
use crate::boundary::Boundary;
use crate::grid::Topology::Bounded;
use std::f64::consts::TAU;

/// The case; see the module.
pub struct F3;

/// Q, Γ and c.
const SOURCE: f64 = 1.0;
const VORTEX: f64 = 1.5;
const CORE: f64 = 0.2;

impl Case<2> for F3 {
    fn name(&self) -> &'static str {
        "F3"
    }

    fn title(&self) -> &'static str {
        "plane, a source and a Lamb-Oseen vortex"
    }

    fn window(&self) -> CaseWindow<2> {
        [(-1.0, 1.0, Bounded); 2]
    }

    fn exact_under(&self) -> &'static [Boundary] {
        &[]
    }

    fn parts(&self, [x, y]: [f64; 2]) -> ExactParts<2> {
        let square = x * x + y * y;
        let core = CORE * CORE;
        let per_square =
            if square > 0.0 { -(-square / core).exp_m1() / square } else { 1.0 / core };
        let g = per_square / TAU;
        ExactParts {
            gradient: [SOURCE * x * g, SOURCE * y * g],
            solenoidal: [-VORTEX * y * g, VORTEX * x * g],
            harmonic: [0.0; 2],
        }
    }

    fn free_space(&self) -> bool {
        true
    }
}
