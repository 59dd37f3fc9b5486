//! B2 on [0, 1]², polynomial: φ = x³y − xy² + x, free at the walls, and
//! ψ = 16 [x(1 − x) y(1 − y)]², so r vanishes at the walls; h = 0.

use super::{Case, CaseWindow, ExactParts};
use crate::boundary::Boundary;
use crate::grid::Topology::Bounded;

/// The case; see the module.
pub struct B2;

/// [t(1 − t)]² and its derivative.
fn bump(t: f64) -> (f64, f64) {
    let b = t * (1.0 - t);
    (b * b, 2.0 * b * (1.0 - 2.0 * t))
}

/// φ.
pub(super) fn potential([x, y]: [f64; 2]) -> f64 {
    x * x * x * y - x * y * y + x
}

/// ∇φ.
pub(super) fn gradient([x, y]: [f64; 2]) -> [f64; 2] {
    [3.0 * x * x * y - y * y + 1.0, x * x * x - 2.0 * x * y]
}

impl Case<2> for B2 {
    fn name(&self) -> &'static str {
        "B2"
    }

    fn title(&self) -> &'static str {
        "square, polynomial, flux through the walls"
    }

    fn window(&self) -> CaseWindow<2> {
        [(0.0, 1.0, Bounded); 2]
    }

    fn exact_under(&self) -> &'static [Boundary] {
        &[Boundary::NoFlux]
    }

    fn parts(&self, [x, y]: [f64; 2]) -> ExactParts<2> {
        let (bx, slope_x) = bump(x);
        let (by, slope_y) = bump(y);
        ExactParts {
            gradient: gradient([x, y]),
            solenoidal: [16.0 * bx * slope_y, -16.0 * slope_x * by],
            harmonic: [0.0; 2],
        }
    }

    fn potential(&self, position: [f64; 2]) -> Option<f64> {
        Some(potential(position))
    }

    fn norms(&self) -> Option<[f64; 3]> {
        Some([1.34930905305, 0.124418526618, 0.0])
    }
}
