//! B3 on [0, 1]²: φ = cos πx cos πy + ¼ cos 2πx with no flux through the walls, and
//! ψ = sin πx sin 2πy; h = 0. Both are eigenmodes of the cosine and sine transforms.

use super::{Case, CaseWindow, ExactParts};
use crate::boundary::Boundary;
use crate::grid::Topology::Bounded;
use std::f64::consts::{PI, TAU};

/// The case; see the module.
pub struct B3;

impl Case<2> for B3 {
    fn name(&self) -> &'static str {
        "B3"
    }

    fn title(&self) -> &'static str {
        "square, cosine and sine eigenmodes"
    }

    fn window(&self) -> CaseWindow<2> {
        [(0.0, 1.0, Bounded); 2]
    }

    fn exact_under(&self) -> &'static [Boundary] {
        &[Boundary::NoFlux]
    }

    fn parts(&self, [x, y]: [f64; 2]) -> ExactParts<2> {
        let (sx, cx) = (PI * x).sin_cos();
        let (sy, cy) = (PI * y).sin_cos();
        let (s2x, s2y, c2y) = ((TAU * x).sin(), (TAU * y).sin(), (TAU * y).cos());
        ExactParts {
            gradient: [-PI * (sx * cy + 0.5 * s2x), -PI * cx * sy],
            solenoidal: [TAU * sx * c2y, -PI * cx * s2y],
            harmonic: [0.0; 2],
        }
    }

    fn potential(&self, [x, y]: [f64; 2]) -> Option<f64> {
        Some((PI * x).cos() * (PI * y).cos() + 0.25 * (TAU * x).cos())
    }

    fn norms(&self) -> Option<[f64; 3]> {
        Some([2.48364706645, 3.51240736552, 0.0])
    }
}
