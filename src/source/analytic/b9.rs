//! B9 on [0, 1]³, polynomial: φ = x²y − z³ + yz, free at the walls, and
//! r = ∇∧(0, 0, 16 x(1 − x) y(1 − y)(1 + z)), tangential; h = 0.

use super::{Case, CaseWindow, ExactParts};
use crate::boundary::Boundary;
use crate::grid::Topology::Bounded;

/// The case; see the module.
pub struct B9;

impl Case<3> for B9 {
    fn name(&self) -> &'static str {
        "B9"
    }

    fn title(&self) -> &'static str {
        "cube, polynomial, flux through the walls"
    }

    fn window(&self) -> CaseWindow<3> {
        [(0.0, 1.0, Bounded); 3]
    }

    fn exact_under(&self) -> &'static [Boundary] {
        &[Boundary::NoFlux]
    }

    fn parts(&self, [x, y, z]: [f64; 3]) -> ExactParts<3> {
        let scale = 16.0 * (1.0 + z);
        ExactParts {
            gradient: [2.0 * x * y, x * x + z, y - 3.0 * z * z],
            solenoidal: [
                scale * x * (1.0 - x) * (1.0 - 2.0 * y),
                -scale * (1.0 - 2.0 * x) * y * (1.0 - y),
                0.0,
            ],
            harmonic: [0.0; 3],
        }
    }

    fn potential(&self, [x, y, z]: [f64; 3]) -> Option<f64> {
        Some(x * x * y - z * z * z + y * z)
    }

    fn norms(&self) -> Option<[f64; 3]> {
        Some([1.56347191994, 3.64336027234, 0.0])
    }
}
