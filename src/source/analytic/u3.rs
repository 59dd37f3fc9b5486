//! U3, the universal field on [0, 1]³. With F(a, b, c) = sin²aπx sin²bπy sin²cπz:
//! φ = F(1, 1, 1), r = ∇∧(F(1, 2, 1), ½ F(1, 1, 2), F(2, 1, 1)), h = 0.
//!
//! Values and normal derivatives vanish at the walls, so the split is the same under every
//! convention, on the torus and in free space.

use super::u2::sin_squared;
use super::{Case, CaseWindow, ExactParts};
use crate::boundary::Boundary;
use crate::grid::Topology::Bounded;
use std::f64::consts::PI;

/// The case; see the module.
pub struct U3;

/// ∇F for the given wavenumbers in units of π.
fn gradient(wavenumbers: [f64; 3], position: [f64; 3]) -> [f64; 3] {
    let factors: [(f64, f64); 3] =
        std::array::from_fn(|k| sin_squared(PI * wavenumbers[k], position[k]));
    let [(fx, dx), (fy, dy), (fz, dz)] = factors;
    [dx * fy * fz, fx * dy * fz, fx * fy * dz]
}

impl Case<3> for U3 {
    fn name(&self) -> &'static str {
        "U3"
    }

    fn title(&self) -> &'static str {
        "cube, the same split under every convention"
    }

    fn window(&self) -> CaseWindow<3> {
        [(0.0, 1.0, Bounded); 3]
    }

    fn exact_under(&self) -> &'static [Boundary] {
        &[Boundary::NoFlux, Boundary::ZeroPotential, Boundary::NormalParallel, Boundary::Periodic]
    }

    fn parts(&self, position: [f64; 3]) -> ExactParts<3> {
        let a_x = gradient([1.0, 2.0, 1.0], position);
        let a_y = gradient([1.0, 1.0, 2.0], position).map(|slope| 0.5 * slope);
        let a_z = gradient([2.0, 1.0, 1.0], position);
        ExactParts {
            gradient: gradient([1.0; 3], position),
            solenoidal: [a_z[1] - a_y[2], a_x[2] - a_z[0], a_y[0] - a_x[1]],
            harmonic: [0.0; 3],
        }
    }

    fn potential(&self, position: [f64; 3]) -> Option<f64> {
        Some(position.iter().map(|&t| sin_squared(PI, t).0).product())
    }

    fn norms(&self) -> Option<[f64; 3]> {
        Some([PI * (27.0 / 128.0f64).sqrt(), PI * (405.0 / 512.0f64).sqrt(), 0.0])
    }

    fn free_space(&self) -> bool {
        true
    }
}
