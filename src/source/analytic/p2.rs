//! P2, the Taylor–Green vortex with a source of the same shape, on the torus [0, 2π]²: φ = sin x
//! sin y, ψ = cos x cos y, h = 0 (vortex: Taylor & Green 1937).
//!
//! φ vanishes on the edges of the square, so the split also holds between walls with zero
//! potential.

use super::{Case, CaseWindow, ExactParts};
use crate::boundary::Boundary;
use crate::grid::Topology::Periodic;
use std::f64::consts::{PI, SQRT_2, TAU};

/// The case; see the module.
pub struct P2;

impl Case<2> for P2 {
    fn name(&self) -> &'static str {
        "P2"
    }

    fn title(&self) -> &'static str {
        "torus, Taylor–Green vortex and sources"
    }

    fn window(&self) -> CaseWindow<2> {
        [(0.0, TAU, Periodic); 2]
    }

    fn exact_under(&self) -> &'static [Boundary] {
        &[Boundary::Periodic, Boundary::ZeroPotential]
    }

    fn parts(&self, [x, y]: [f64; 2]) -> ExactParts<2> {
        let (sx, cx) = x.sin_cos();
        let (sy, cy) = y.sin_cos();
        ExactParts {
            gradient: [cx * sy, sx * cy],
            solenoidal: [-cx * sy, sx * cy],
            harmonic: [0.0; 2],
        }
    }

    fn potential(&self, [x, y]: [f64; 2]) -> Option<f64> {
        Some(x.sin() * y.sin())
    }

    fn norms(&self) -> Option<[f64; 3]> {
        Some([PI * SQRT_2, PI * SQRT_2, 0.0])
    }
}
