//! B7 on [0, 1]³: φ = cos πx cos 2πy cos πz + xyz, free at the walls, and
//! r = ∇∧(cos πx sin πy sin πz, 2 sin πx cos πy sin πz, −sin πx sin πy cos πz)
//! = π (−3 sin πx cos πy cos πz, 2 cos πx sin πy cos πz, cos πx cos πy sin πz),
//! tangential; h = 0.

use super::{Case, CaseWindow, ExactParts};
use crate::boundary::Boundary;
use crate::grid::Topology::Bounded;
use std::f64::consts::{PI, TAU};

/// The case; see the module.
pub struct B7;

/// The solenoidal part, which [`super::b8`] has too.
pub(super) fn vortex([x, y, z]: [f64; 3]) -> [f64; 3] {
    let (sx, cx) = (PI * x).sin_cos();
    let (sy, cy) = (PI * y).sin_cos();
    let (sz, cz) = (PI * z).sin_cos();
    [-3.0 * PI * sx * cy * cz, 2.0 * PI * cx * sy * cz, PI * cx * cy * sz]
}

impl Case<3> for B7 {
    fn name(&self) -> &'static str {
        "B7"
    }

    fn title(&self) -> &'static str {
        "cube, tangential solenoidal part"
    }

    fn window(&self) -> CaseWindow<3> {
        [(0.0, 1.0, Bounded); 3]
    }

    fn exact_under(&self) -> &'static [Boundary] {
        &[Boundary::NoFlux]
    }

    fn parts(&self, [x, y, z]: [f64; 3]) -> ExactParts<3> {
        let (sx, cx) = (PI * x).sin_cos();
        let (sz, cz) = (PI * z).sin_cos();
        let (s2y, c2y) = (TAU * y).sin_cos();
        ExactParts {
            gradient: [
                -PI * sx * c2y * cz + y * z,
                -TAU * cx * s2y * cz + x * z,
                -PI * cx * c2y * sz + x * y,
            ],
            solenoidal: vortex([x, y, z]),
            harmonic: [0.0; 3],
        }
    }

    fn potential(&self, [x, y, z]: [f64; 3]) -> Option<f64> {
        Some((PI * x).cos() * (TAU * y).cos() * (PI * z).cos() + x * y * z)
    }

    fn norms(&self) -> Option<[f64; 3]> {
        Some([2.78128327111, PI * 1.75f64.sqrt(), 0.0])
    }
}
