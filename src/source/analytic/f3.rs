//! F3, a source and a vortex whose fields fall off as 1/r (Lamb and Oseen), seen through [−1, 1]²: with g(r) =
//! (1 − exp(−r²/c²))/2πr², c = 0.2, d = Q (x, y) g, r = Γ (−y, x) g, h = 0. ∇·d and ∇∧r are Gaussians far below rounding at
//! the edge of the window, where the field itself is not. In the plane the norms are infinite.

use super::{Case, CaseWindow, ExactParts};
use crate::boundary::Boundary;
use crate::grid::Topology::Bounded;
use std::f64::consts::TAU;

/// The case; see the module.
pub struct F3;

/// Q, Γ and c.
const SOURCE: f64 = 1.0;
const VORTEX: f64 = 1.5;
const CORE: f64 = 0.2;

/// ∫ (1 − exp(−t))/t dt from 0 to x: its series, or ln x + γ + E₁(x) with E₁ by its continued fraction.
fn complementary_integral(x: f64) -> f64 {
    const EULER: f64 = 0.577_215_664_901_532_9;
    if x < 3.0 {
        let mut term = 1.0;
        let next = |k: i32| {
            term *= -x / f64::from(k);
            -term / f64::from(k)
        };
        return (1..40).map(next).sum();
    }
    let fraction = (1..=60).rev().map(f64::from).fold(0.0, |rest, k| k / (1.0 + k / (x + rest)));
    x.ln() + EULER + (-x).exp() / (x + fraction)
}

impl Case<2> for F3 {
    fn name(&self) -> &'static str {
        "F3"
    }

    fn title(&self) -> &'static str {
        "plane, a source and a Lamb-Oseen vortex"
    }

    fn window(&self) -> CaseWindow<2> {
        [(-1.0, 1.0, Bounded); 2]
    }

    fn exact_under(&self) -> &'static [Boundary] {
        &[]
    }

    fn parts(&self, [x, y]: [f64; 2]) -> ExactParts<2> {
        let square = x * x + y * y;
        let core = CORE * CORE;
        let per_square =
            if square > 0.0 { -(-square / core).exp_m1() / square } else { 1.0 / core };
        let g = per_square / TAU;
        ExactParts {
            gradient: [SOURCE * x * g, SOURCE * y * g],
            solenoidal: [-VORTEX * y * g, VORTEX * x * g],
            harmonic: [0.0; 2],
        }
    }

    fn potential(&self, [x, y]: [f64; 2]) -> Option<f64> {
        Some(SOURCE / (2.0 * TAU) * complementary_integral((x * x + y * y) / (CORE * CORE)))
    }

    fn free_space(&self) -> bool {
        true
    }
}
