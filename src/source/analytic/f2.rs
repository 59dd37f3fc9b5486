//! F2, five Gaussian bumps in free space, seen through [−1.5, 1.5]² (the second field of Im et al.
//! 2016): p = Σ aᵢ N(μᵢ, σ²I) with σ = ¼, aᵢ = ±1/5; φ = p, r = (−∂p/∂y, ∂p/∂x), h = 0. Norms are
//! over the plane; the window leaves out 5·10⁻⁸ of them.

use super::{Case, CaseWindow, ExactParts};
use crate::boundary::Boundary;
use crate::grid::Topology::Bounded;
use std::f64::consts::TAU;

/// The case; see the module.
pub struct F2;

/// σ².
const VARIANCE: f64 = 0.0625;

/// Centres and weights.
const BUMPS: [([f64; 2], f64); 5] = [
    ([0.0, 0.0], 0.2),
    ([-0.5, 0.0], -0.2),
    ([0.0, 0.5], 0.2),
    ([0.5, 0.0], -0.2),
    ([0.0, -0.5], 0.2),
];

/// The density of N(0, σ²I).
fn bump(x: f64, y: f64) -> f64 {
    (-(x * x + y * y) / (2.0 * VARIANCE)).exp() / (TAU * VARIANCE)
}

impl Case<2> for F2 {
    fn name(&self) -> &'static str {
        "F2"
    }

    fn title(&self) -> &'static str {
        "plane, five Gaussian bumps"
    }

    fn window(&self) -> CaseWindow<2> {
        [(-1.5, 1.5, Bounded); 2]
    }

    fn exact_under(&self) -> &'static [Boundary] {
        &[]
    }

    fn parts(&self, [x, y]: [f64; 2]) -> ExactParts<2> {
        let mut slope = [0.0; 2];
        for ([a, b], weight) in BUMPS {
            let value = weight * bump(x - a, y - b);
            slope[0] -= (x - a) / VARIANCE * value;
            slope[1] -= (y - b) / VARIANCE * value;
        }
        ExactParts { gradient: slope, solenoidal: [-slope[1], slope[0]], harmonic: [0.0; 2] }
    }

    fn potential(&self, [x, y]: [f64; 2]) -> Option<f64> {
        Some(BUMPS.iter().map(|&([a, b], weight)| weight * bump(x - a, y - b)).sum())
    }

    fn norms(&self) -> Option<[f64; 3]> {
        Some([2.18575303276, 2.18575303276, 0.0])
    }

    fn free_space(&self) -> bool {
        true
    }
}
