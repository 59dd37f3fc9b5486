//! B4 on [0, 1]² with a harmonic part: φ = sin πx sin πy and ψ = sin 2πx sin πy, both zero at the
//! walls, and h = ∇(x² − y² + ½ eˣ cos y).

use super::{Case, CaseWindow, ExactParts};
use crate::boundary::Boundary;
use crate::grid::Topology::Bounded;
use std::f64::consts::{FRAC_1_SQRT_2, PI, TAU};

/// The case; see the module.
pub struct B4;

impl Case<2> for B4 {
    fn name(&self) -> &'static str {
        "B4"
    }

    fn title(&self) -> &'static str {
        "square, eigenmodes and a harmonic part"
    }

    fn window(&self) -> CaseWindow<2> {
        [(0.0, 1.0, Bounded); 2]
    }

    fn exact_under(&self) -> &'static [Boundary] {
        &[Boundary::NormalParallel]
    }

    fn parts(&self, [x, y]: [f64; 2]) -> ExactParts<2> {
        let (sx, cx) = (PI * x).sin_cos();
        let (sy, cy) = (PI * y).sin_cos();
        let (s2x, c2x) = (TAU * x).sin_cos();
        let growth = 0.5 * x.exp();
        ExactParts {
            gradient: [PI * cx * sy, PI * sx * cy],
            solenoidal: [PI * s2x * cy, -TAU * c2x * sy],
            harmonic: [2.0 * x + growth * y.cos(), -2.0 * y - growth * y.sin()],
        }
    }

    fn potential(&self, [x, y]: [f64; 2]) -> Option<f64> {
        Some((PI * x).sin() * (PI * y).sin())
    }

    fn norms(&self) -> Option<[f64; 3]> {
        Some([PI * FRAC_1_SQRT_2, 3.51240736552, 2.48660933508])
    }
}
