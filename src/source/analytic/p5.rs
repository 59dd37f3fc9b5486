//! P5, the three-dimensional Taylor–Green vortex on the torus [0, 2π]³: φ = cos x cos y cos z, r =
//! (sin x cos y cos z, −cos x sin y cos z, 0), h = 0 (Taylor & Green 1937).
//!
//! r is tangential to the faces of the cube, so the split also holds between no-flux walls.

use super::{Case, CaseWindow, ExactParts};
use crate::boundary::Boundary;
use crate::grid::Topology::Periodic;
use std::f64::consts::{PI, TAU};

/// The case; see the module.
pub struct P5;

impl Case<3> for P5 {
    fn name(&self) -> &'static str {
        "P5"
    }

    fn title(&self) -> &'static str {
        "torus, Taylor–Green vortex in 3D"
    }

    fn window(&self) -> CaseWindow<3> {
        [(0.0, TAU, Periodic); 3]
    }

    fn exact_under(&self) -> &'static [Boundary] {
        &[Boundary::Periodic, Boundary::NoFlux]
    }

    fn parts(&self, [x, y, z]: [f64; 3]) -> ExactParts<3> {
        let (sx, cx) = x.sin_cos();
        let (sy, cy) = y.sin_cos();
        let (sz, cz) = z.sin_cos();
        ExactParts {
            gradient: [-sx * cy * cz, -cx * sy * cz, -cx * cy * sz],
            solenoidal: [sx * cy * cz, -cx * sy * cz, 0.0],
            harmonic: [0.0; 3],
        }
    }

    fn potential(&self, [x, y, z]: [f64; 3]) -> Option<f64> {
        Some(x.cos() * y.cos() * z.cos())
    }

    fn norms(&self) -> Option<[f64; 3]> {
        Some([PI.powf(1.5) * 3f64.sqrt(), PI.powf(1.5) * 2f64.sqrt(), 0.0])
    }
}
