//! B5 on [0, 1]², polynomial, with a harmonic part: φ = x(1 − x) y(1 − y) and
//! ψ = x²(1 − x) y(1 − y)², both zero at the walls, and h = ∇(x³ − 3xy² + x + 2y).

use super::{Case, CaseWindow, ExactParts};
use crate::boundary::Boundary;
use crate::grid::Topology::Bounded;

/// The case; see the module.
pub struct B5;

impl Case<2> for B5 {
    fn name(&self) -> &'static str {
        "B5"
    }

    fn title(&self) -> &'static str {
        "square, polynomial and a harmonic part"
    }

    fn window(&self) -> CaseWindow<2> {
        [(0.0, 1.0, Bounded); 2]
    }

    fn exact_under(&self) -> &'static [Boundary] {
        &[Boundary::NormalParallel]
    }

    fn parts(&self, [x, y]: [f64; 2]) -> ExactParts<2> {
        let (bx, by) = (x * (1.0 - x), y * (1.0 - y));
        let psi_x = (2.0 - 3.0 * x) * x * by * (1.0 - y);
        let psi_y = x * bx * (1.0 - y) * (1.0 - 3.0 * y);
        ExactParts {
            gradient: [(1.0 - 2.0 * x) * by, bx * (1.0 - 2.0 * y)],
            solenoidal: [psi_y, -psi_x],
            harmonic: [3.0 * (x * x - y * y) + 1.0, -6.0 * x * y + 2.0],
        }
    }

    fn potential(&self, [x, y]: [f64; 2]) -> Option<f64> {
        Some(x * (1.0 - x) * y * (1.0 - y))
    }

    fn norms(&self) -> Option<[f64; 3]> {
        Some([0.1490711985, 0.0503952630679, 2.14476105895])
    }
}
