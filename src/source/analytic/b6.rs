//! B6 on [−1, 1]³ (test field of Ranocha et al. 2020): φ = sin πx sin πy sin πz / π, zero at the
//! walls, and r = (3 cos πx sin πy sin πz, −3 sin πx cos πy sin πz, 0), free there; h = 0.
//!
//! Everything has period 2, so the split also holds on the torus.

use super::{Case, CaseWindow, ExactParts};
use crate::boundary::Boundary;
use crate::grid::Topology::Bounded;
use std::f64::consts::{PI, SQRT_2};

/// The case; see the module.
pub struct B6;

impl Case<3> for B6 {
    fn name(&self) -> &'static str {
        "B6"
    }

    fn title(&self) -> &'static str {
        "cube, zero potential at the walls"
    }

    fn window(&self) -> CaseWindow<3> {
        [(-1.0, 1.0, Bounded); 3]
    }

    fn exact_under(&self) -> &'static [Boundary] {
        &[Boundary::ZeroPotential, Boundary::Periodic]
    }

    fn parts(&self, [x, y, z]: [f64; 3]) -> ExactParts<3> {
        let (sx, cx) = (PI * x).sin_cos();
        let (sy, cy) = (PI * y).sin_cos();
        let (sz, cz) = (PI * z).sin_cos();
        let gradient = [cx * sy * sz, sx * cy * sz, sx * sy * cz];
        ExactParts {
            gradient,
            solenoidal: [3.0 * gradient[0], -3.0 * gradient[1], 0.0],
            harmonic: [0.0; 3],
        }
    }

    fn potential(&self, [x, y, z]: [f64; 3]) -> Option<f64> {
        Some((PI * x).sin() * (PI * y).sin() * (PI * z).sin() / PI)
    }

    fn norms(&self) -> Option<[f64; 3]> {
        Some([3f64.sqrt(), 3.0 * SQRT_2, 0.0])
    }
}
