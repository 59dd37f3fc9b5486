//! B8 on [0, 1]³ with a harmonic part: φ = 64 x(1 − x) y(1 − y) z(1 − z), zero at the walls, the
//! tangential solenoidal part of B7, and h = ∇(x² + y² − 2z² + xyz).

use super::b7::vortex;
use super::{Case, CaseWindow, ExactParts};
use crate::boundary::Boundary;
use crate::grid::Topology::Bounded;
use std::f64::consts::PI;

/// The case; see the module.
pub struct B8;

impl Case<3> for B8 {
    fn name(&self) -> &'static str {
        "B8"
    }

    fn title(&self) -> &'static str {
        "cube, polynomial and a harmonic part"
    }

    fn window(&self) -> CaseWindow<3> {
        [(0.0, 1.0, Bounded); 3]
    }

    fn exact_under(&self) -> &'static [Boundary] {
        &[Boundary::NormalParallel]
    }

    fn parts(&self, [x, y, z]: [f64; 3]) -> ExactParts<3> {
        let [(bx, sx), (by, sy), (bz, sz)] =
            [x, y, z].map(|t| (4.0 * t * (1.0 - t), 4.0 - 8.0 * t));
        ExactParts {
            gradient: [sx * by * bz, bx * sy * bz, bx * by * sz],
            solenoidal: vortex([x, y, z]),
            harmonic: [2.0 * x + y * z, 2.0 * y + x * z, -4.0 * z + x * y],
        }
    }

    fn potential(&self, [x, y, z]: [f64; 3]) -> Option<f64> {
        Some([x, y, z].iter().map(|t| 4.0 * t * (1.0 - t)).product())
    }

    fn norms(&self) -> Option<[f64; 3]> {
        Some([32.0 / 15.0, PI * 1.75f64.sqrt(), 5.0 / 3f64.sqrt()])
    }
}
