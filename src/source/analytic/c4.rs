//! C4, Gaussians in free space, seen through [−2, 2]³: φ = exp(−8|x|²), r = ∇∧(y exp(−12|x|²), 0,
//! exp(−8|x|²)), h = 0. Norms are over all space; what lies outside the window is below rounding.

use super::{Case, CaseWindow, ExactParts};
use crate::boundary::Boundary;
use crate::grid::Topology::Bounded;
use std::f64::consts::PI;

/// The case; see the module.
pub struct C4;

impl Case<3> for C4 {
    fn name(&self) -> &'static str {
        "C4"
    }

    fn title(&self) -> &'static str {
        "space, Gaussians"
    }

    fn window(&self) -> CaseWindow<3> {
        [(-2.0, 2.0, Bounded); 3]
    }

    fn exact_under(&self) -> &'static [Boundary] {
        &[]
    }

    fn parts(&self, [x, y, z]: [f64; 3]) -> ExactParts<3> {
        let square = x * x + y * y + z * z;
        let (wide, narrow) = ((-8.0 * square).exp(), (-12.0 * square).exp());
        ExactParts {
            gradient: [x, y, z].map(|t| -16.0 * t * wide),
            solenoidal: [
                -16.0 * y * wide,
                -24.0 * y * z * narrow + 16.0 * x * wide,
                (24.0 * y * y - 1.0) * narrow,
            ],
            harmonic: [0.0; 3],
        }
    }

    fn potential(&self, [x, y, z]: [f64; 3]) -> Option<f64> {
        Some((-8.0 * (x * x + y * y + z * z)).exp())
    }

    fn norms(&self) -> Option<[f64; 3]> {
        let (wide, narrow) = ((PI / 16.0).powf(1.5), (PI / 24.0).powf(1.5));
        Some([(24.0 * wide).sqrt(), (16.0 * wide + narrow).sqrt(), 0.0])
    }

    fn free_space(&self) -> bool {
        true
    }
}
