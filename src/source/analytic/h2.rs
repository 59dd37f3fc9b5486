//! H2, a point vortex in a square with a square hole, [−1, 1]² without [−¼, ¼]²: u = (−y, x)/|x|²,
//! which has neither divergence nor curl; its circulation around the hole is 2π.
//!
//! With φ = 0 and ψ = 0 on every wall all of it is harmonic. It is not tangential to the walls, so
//! no-flux splits it further, into a gradient without closed form and a tangential harmonic field
//! of the same circulation with norm about 2.855. In the hole, nearer than 0.1 to the origin, the
//! values given are those of a rotating core, to stay finite.

use super::{Case, CaseWindow, ExactParts};
use crate::boundary::Boundary;
use crate::grid::Topology::Bounded;
use std::f64::consts::TAU;

/// The case; see the module.
pub struct H2;

impl Case<2> for H2 {
    fn name(&self) -> &'static str {
        "H2"
    }

    fn title(&self) -> &'static str {
        "square with a hole, point vortex"
    }

    fn window(&self) -> CaseWindow<2> {
        [(-1.0, 1.0, Bounded); 2]
    }

    fn exact_under(&self) -> &'static [Boundary] {
        &[Boundary::NormalParallel]
    }

    fn parts(&self, [x, y]: [f64; 2]) -> ExactParts<2> {
        let square = (x * x + y * y).max(0.01);
        ExactParts { gradient: [0.0; 2], solenoidal: [0.0; 2], harmonic: [-y / square, x / square] }
    }

    fn potential(&self, _: [f64; 2]) -> Option<f64> {
        Some(0.0)
    }

    fn norms(&self) -> Option<[f64; 3]> {
        Some([0.0, 0.0, (TAU * 4f64.ln()).sqrt()])
    }

    fn masked(&self) -> bool {
        true
    }

    fn inside(&self, [x, y]: [f64; 2]) -> bool {
        x.abs().max(y.abs()) > 0.25
    }
}
