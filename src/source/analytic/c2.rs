//! C2 between cylinders, 1 < ρ < 2 and 0 < z < 1, seen through [−2.2, 2.2]² × [0, 1]: φ = x(1 + z²), free at the walls,
//! r = rot ψ across z with ψ = (1 + z)(s − 1)²(4 − s)²/10, s = x² + y², which vanishes at them, and the harmonic field
//! around the inner cylinder, h = (−y, x, 0)/s.
//!
//! Nearer than ½ to the axis, in the hole, 1/s is held constant to keep the values finite.

use super::{Case, CaseWindow, ExactParts};
use crate::boundary::Boundary;
use crate::grid::Topology::Bounded;
use std::f64::consts::{LN_2, PI, TAU};

/// The case; see the module.
pub struct C2;

impl Case<3> for C2 {
    fn name(&self) -> &'static str {
        "C2"
    }

    fn title(&self) -> &'static str {
        "between cylinders, harmonic field around the axis"
    }

    fn window(&self) -> CaseWindow<3> {
        [(-2.2, 2.2, Bounded), (-2.2, 2.2, Bounded), (0.0, 1.0, Bounded)]
    }

    fn cells(&self, n: usize) -> [usize; 3] {
        [n, n, n / 4]
    }

    fn inside(&self, [x, y, _]: [f64; 3]) -> bool {
        let s = x * x + y * y;
        s > 1.0 && s < 4.0
    }

    fn masked(&self) -> bool {
        true
    }

    fn exact_under(&self) -> &'static [Boundary] {
        &[Boundary::NoFlux]
    }

    fn parts(&self, [x, y, z]: [f64; 3]) -> ExactParts<3> {
        let s = x * x + y * y;
        let slope = 0.2 * (s - 1.0) * (4.0 - s) * (5.0 - 2.0 * s) * (1.0 + z);
        let inverse = 1.0 / s.max(0.25);
        ExactParts {
            gradient: [1.0 + z * z, 0.0, 2.0 * x * z],
            solenoidal: [2.0 * y * slope, -2.0 * x * slope, 0.0],
            harmonic: [-y * inverse, x * inverse, 0.0],
        }
    }

    fn potential(&self, [x, _, z]: [f64; 3]) -> Option<f64> {
        Some(x * (1.0 + z * z))
    }

    fn norms(&self) -> Option<[f64; 3]> {
        Some([(10.6 * PI).sqrt(), (9.72 * PI).sqrt(), (TAU * LN_2).sqrt()])
    }
}
