//! P1, a band-limited field on the torus [0, 2π]² with all three parts:
//! φ = sin x cos 2y + ½ cos(3x + y), ψ = cos 2x cos y + ⅓ sin(x − 2y), h = (0.3, −0.2).

use super::{Case, CaseWindow, ExactParts};
use crate::boundary::Boundary;
use crate::grid::Topology::Periodic;
use std::f64::consts::TAU;

/// The case; see the module.
pub struct P1;

impl Case<2> for P1 {
    fn name(&self) -> &'static str {
        "P1"
    }

    fn title(&self) -> &'static str {
        "torus, band-limited, all three parts"
    }

    fn window(&self) -> CaseWindow<2> {
        [(0.0, TAU, Periodic); 2]
    }

    fn exact_under(&self) -> &'static [Boundary] {
        &[Boundary::Periodic]
    }

    fn parts(&self, [x, y]: [f64; 2]) -> ExactParts<2> {
        let wave = (3.0 * x + y).sin();
        let shear = (x - 2.0 * y).cos() / 3.0;
        ExactParts {
            gradient: [
                x.cos() * (2.0 * y).cos() - 1.5 * wave,
                -2.0 * x.sin() * (2.0 * y).sin() - 0.5 * wave,
            ],
            solenoidal: [
                -(2.0 * x).cos() * y.sin() - 2.0 * shear,
                2.0 * (2.0 * x).sin() * y.cos() - shear,
            ],
            harmonic: [0.3, -0.2],
        }
    }

    fn potential(&self, [x, y]: [f64; 2]) -> Option<f64> {
        Some(x.sin() * (2.0 * y).cos() + 0.5 * (3.0 * x + y).cos())
    }

    fn norms(&self) -> Option<[f64; 3]> {
        Some([9.9345882658, 7.76622489487, 2.26543467983])
    }
}
