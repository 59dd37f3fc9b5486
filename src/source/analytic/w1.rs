//! W1, a field whose divergence is ∂w/∂z alone, on a box of unequal sides a × b × c = 1 × 1.5 ×
//! 0.8: φ = (c/π) sin²(πz/c), so ∇φ = (0, 0, sin(2πz/c)), and r = g(z) rot ψ with ψ = sin²(πx/a)
//! sin²(πy/b), g = 1 + ½ cos(2πz/c); h = 0.
//!
//! ∂u/∂x + ∂v/∂y = 0 everywhere while ∂v/∂z ≠ 0: a divergence that takes the wrong component or
//! the wrong spacing along z gives another answer. r is tangential to the walls, all is periodic.

use super::u2::sin_squared;
use super::{Case, CaseWindow, ExactParts};
use crate::boundary::Boundary;
use crate::grid::Topology::Bounded;
use std::f64::consts::{PI, TAU};

/// The case; see the module.
pub struct W1;

/// a, b, c.
const SIDES: [f64; 3] = [1.0, 1.5, 0.8];

impl Case<3> for W1 {
    fn name(&self) -> &'static str {
        "W1"
    }

    fn title(&self) -> &'static str {
        "unequal box, divergence from dw/dz alone"
    }

    fn window(&self) -> CaseWindow<3> {
        [(0.0, SIDES[0], Bounded), (0.0, SIDES[1], Bounded), (0.0, SIDES[2], Bounded)]
    }

    fn exact_under(&self) -> &'static [Boundary] {
        &[Boundary::NoFlux, Boundary::Periodic]
    }

    fn parts(&self, [x, y, z]: [f64; 3]) -> ExactParts<3> {
        let [a, b, c] = SIDES;
        let ((fx, dx), (fy, dy)) = (sin_squared(PI / a, x), sin_squared(PI / b, y));
        let (s, cosine) = (TAU * z / c).sin_cos();
        let g = 1.0 + 0.5 * cosine;
        ExactParts {
            gradient: [0.0, 0.0, s],
            solenoidal: [fx * dy * g, -dx * fy * g, 0.0],
            harmonic: [0.0; 3],
        }
    }

    fn potential(&self, [_, _, z]: [f64; 3]) -> Option<f64> {
        let c = SIDES[2];
        Some(c / PI * sin_squared(PI / c, z).0)
    }

    fn norms(&self) -> Option<[f64; 3]> {
        let [a, b, c] = SIDES;
        Some([
            (0.5 * a * b * c).sqrt(),
            PI * (27.0 / 128.0 * c * (a * a + b * b) / (a * b)).sqrt(),
            0.0,
        ])
    }
}
