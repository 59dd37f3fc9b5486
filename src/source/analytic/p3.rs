//! P3, a smooth field on the torus [0, 2π]² that is not band-limited: φ = exp(sin x + cos y), ψ =
//! 1 / (2 + cos x sin y), h = 0. Spectral methods converge exponentially.

use super::{Case, CaseWindow, ExactParts};
use crate::boundary::Boundary;
use crate::grid::Topology::Periodic;
use std::f64::consts::TAU;

/// The case; see the module.
pub struct P3;

impl Case<2> for P3 {
    fn name(&self) -> &'static str {
        "P3"
    }

    fn title(&self) -> &'static str {
        "torus, smooth but not band-limited"
    }

    fn window(&self) -> CaseWindow<2> {
        [(0.0, TAU, Periodic); 2]
    }

    fn exact_under(&self) -> &'static [Boundary] {
        &[Boundary::Periodic]
    }

    fn parts(&self, [x, y]: [f64; 2]) -> ExactParts<2> {
        let (sx, cx) = x.sin_cos();
        let (sy, cy) = y.sin_cos();
        let phi = (sx + cy).exp();
        let psi = 1.0 / (2.0 + cx * sy);
        ExactParts {
            gradient: [cx * phi, -sy * phi],
            solenoidal: [-cx * cy * psi * psi, -sx * sy * psi * psi],
            harmonic: [0.0; 2],
        }
    }

    fn potential(&self, [x, y]: [f64; 2]) -> Option<f64> {
        Some((x.sin() + y.cos()).exp())
    }

    fn norms(&self) -> Option<[f64; 3]> {
        Some([11.9644658053, 1.45683774129, 0.0])
    }
}
