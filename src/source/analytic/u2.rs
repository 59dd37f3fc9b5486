//! U2, the universal field on [0, 1]²: φ = sin²πx sin²πy, ψ = sin²2πx sin²πy, h = 0.
//!
//! Values and normal derivatives of both vanish at the walls, so the split is the same under every
//! convention, on the torus and in free space.

use super::{Case, CaseWindow, ExactParts};
use crate::boundary::Boundary;
use crate::grid::Topology::Bounded;
use std::f64::consts::{PI, TAU};

/// The case; see the module.
pub struct U2;

/// sin²(kt) and its derivative k sin(2kt).
pub(super) fn sin_squared(k: f64, t: f64) -> (f64, f64) {
    let (s, c) = (k * t).sin_cos();
    (s * s, 2.0 * k * s * c)
}

impl Case<2> for U2 {
    fn name(&self) -> &'static str {
        "U2"
    }

    fn title(&self) -> &'static str {
        "square, the same split under every convention"
    }

    fn window(&self) -> CaseWindow<2> {
        [(0.0, 1.0, Bounded); 2]
    }

    fn exact_under(&self) -> &'static [Boundary] {
        &[Boundary::NoFlux, Boundary::ZeroPotential, Boundary::NormalParallel, Boundary::Periodic]
    }

    fn parts(&self, [x, y]: [f64; 2]) -> ExactParts<2> {
        let ((fx, dx), (fy, dy)) = (sin_squared(PI, x), sin_squared(PI, y));
        let (f2x, d2x) = sin_squared(TAU, x);
        ExactParts {
            gradient: [dx * fy, fx * dy],
            solenoidal: [f2x * dy, -d2x * fy],
            harmonic: [0.0; 2],
        }
    }

    fn potential(&self, [x, y]: [f64; 2]) -> Option<f64> {
        Some(sin_squared(PI, x).0 * sin_squared(PI, y).0)
    }

    fn norms(&self) -> Option<[f64; 3]> {
        Some([PI * 0.375f64.sqrt(), PI * 0.9375f64.sqrt(), 0.0])
    }

    fn free_space(&self) -> bool {
        true
    }
}
