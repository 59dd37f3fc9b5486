//! C5, the flow of Lorenz (1963), σ = 10, ρ = 28, β = 8/3, in a box around its attractor: φ = −5x² − y²/2 − 4z²/3 + 19xy and
//! r = (−9y, 9x − xz, xy).
//!
//! Neither keeps a condition at the walls, so that no convention gives them. Under no-flux energies are known by Galerkin's
//! method (`validation/reference/staggered.py`).

use super::{Case, CaseWindow, ExactParts};
use crate::boundary::Boundary;
use crate::grid::Topology::Bounded;

/// The case; see the module.
pub struct C5;

impl Case<3> for C5 {
    fn name(&self) -> &'static str {
        "C5"
    }

    fn title(&self) -> &'static str {
        "flow of Lorenz"
    }

    fn window(&self) -> CaseWindow<3> {
        [(-20.0, 20.0, Bounded), (-25.0, 25.0, Bounded), (0.0, 50.0, Bounded)]
    }

    fn exact_under(&self) -> &'static [Boundary] {
        &[]
    }

    fn parts(&self, [x, y, z]: [f64; 3]) -> ExactParts<3> {
        ExactParts {
            gradient: [19.0 * y - 10.0 * x, 19.0 * x - y, -8.0 / 3.0 * z],
            solenoidal: [-9.0 * y, 9.0 * x - x * z, x * y],
            harmonic: [0.0; 3],
        }
    }

    fn potential(&self, [x, y, z]: [f64; 3]) -> Option<f64> {
        Some(-5.0 * x * x - 0.5 * y * y - 4.0 / 3.0 * z * z + 19.0 * x * y)
    }

    fn known_energies(&self, boundary: Boundary) -> Option<[f64; 3]> {
        (boundary == Boundary::NoFlux).then_some([4_618_255_919.7, 5_087_392_228.5, 0.0])
    }
}
