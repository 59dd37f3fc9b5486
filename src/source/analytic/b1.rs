//! B1 on [−1, 1]² (Ahusborde et al. 2007): φ = sin π(x + y), free at the walls, and
//! ψ = −sin πx sin πy / π, zero there, so r is tangential; h = 0.
//!
//! Everything has period 2, so the split also holds on the torus.

use super::{Case, CaseWindow, ExactParts};
use crate::boundary::Boundary;
use crate::grid::Topology::Bounded;
use std::f64::consts::{PI, SQRT_2, TAU};

/// The case; see the module.
pub struct B1;

impl Case<2> for B1 {
    fn name(&self) -> &'static str {
        "B1"
    }

    fn title(&self) -> &'static str {
        "square, tangential solenoidal part (Ahusborde et al. 2007)"
    }

    fn window(&self) -> CaseWindow<2> {
        [(-1.0, 1.0, Bounded); 2]
    }

    fn exact_under(&self) -> &'static [Boundary] {
        &[Boundary::NoFlux, Boundary::Periodic]
    }

    fn parts(&self, [x, y]: [f64; 2]) -> ExactParts<2> {
        let wave = PI * (PI * (x + y)).cos();
        let (sx, cx) = (PI * x).sin_cos();
        let (sy, cy) = (PI * y).sin_cos();
        ExactParts { gradient: [wave, wave], solenoidal: [-sx * cy, cx * sy], harmonic: [0.0; 2] }
    }

    fn potential(&self, [x, y]: [f64; 2]) -> Option<f64> {
        Some((PI * (x + y)).sin())
    }

    fn norms(&self) -> Option<[f64; 3]> {
        Some([TAU, SQRT_2, 0.0])
    }
}
