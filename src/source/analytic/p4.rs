//! P4, an Arnold–Beltrami–Childress flow on the torus [0, 2π]³ with all three parts:
//! φ = sin x cos y sin 2z, r = (A sin z + C cos y, B sin x + A cos z, C sin y + B cos x) with
//! (A, B, C) = (1, 0.8, 0.6), which is its own curl, and h = (0.1, 0.2, −0.3).

use super::{Case, CaseWindow, ExactParts};
use crate::boundary::Boundary;
use crate::grid::Topology::Periodic;
use std::f64::consts::TAU;

/// The case; see the module.
pub struct P4;

const A: f64 = 1.0;
const B: f64 = 0.8;
const C: f64 = 0.6;

impl Case<3> for P4 {
    fn name(&self) -> &'static str {
        "P4"
    }

    fn title(&self) -> &'static str {
        "torus, ABC flow, all three parts"
    }

    fn window(&self) -> CaseWindow<3> {
        [(0.0, TAU, Periodic); 3]
    }

    fn exact_under(&self) -> &'static [Boundary] {
        &[Boundary::Periodic]
    }

    fn parts(&self, [x, y, z]: [f64; 3]) -> ExactParts<3> {
        let (sx, cx) = x.sin_cos();
        let (sy, cy) = y.sin_cos();
        let (sz, cz) = z.sin_cos();
        let (s2z, c2z) = (2.0 * z).sin_cos();
        ExactParts {
            gradient: [cx * cy * s2z, -sx * sy * s2z, 2.0 * sx * cy * c2z],
            solenoidal: [A * sz + C * cy, B * sx + A * cz, C * sy + B * cx],
            harmonic: [0.1, 0.2, -0.3],
        }
    }

    fn potential(&self, [x, y, z]: [f64; 3]) -> Option<f64> {
        Some(x.sin() * y.cos() * (2.0 * z).sin())
    }

    fn norms(&self) -> Option<[f64; 3]> {
        Some([13.6395623127, 22.2733119873, 5.89296443922])
    }
}
