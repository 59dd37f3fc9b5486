//! SP3 in a window of the unit sphere, longitude λ from −1 to 0 and latitude φ from 0.3 to 1.3 radians: the gradient
//! of SP1, and r = k × ∇ψ with ψ = sin²(π(λ + 1)) sin²(π(φ − 0.3)), which is tangential to the walls; h = 0.

use super::u2::sin_squared;
use super::{Case, CaseSpace, CaseWindow, ExactParts, sp1};
use crate::boundary::Boundary;
use crate::grid::Topology::Bounded;
use std::f64::consts::PI;

/// The case; see the module.
pub struct SP3;

impl Case<2> for SP3 {
    fn name(&self) -> &'static str {
        "SP3"
    }

    fn title(&self) -> &'static str {
        "window of a sphere, flux through the walls"
    }

    fn window(&self) -> CaseWindow<2> {
        let degrees = |a: f64, b: f64| (a.to_degrees(), b.to_degrees(), Bounded);
        [degrees(-1.0, 0.0), degrees(0.3, 1.3)]
    }

    fn space(&self) -> CaseSpace {
        CaseSpace::Sphere
    }

    fn exact_under(&self) -> &'static [Boundary] {
        &[Boundary::NoFlux]
    }

    fn parts(&self, position: [f64; 2]) -> ExactParts<2> {
        let [l, f] = position.map(f64::to_radians);
        let ((a, slope_a), (b, slope_b)) = (sin_squared(PI, l + 1.0), sin_squared(PI, f - 0.3));
        ExactParts {
            gradient: sp1::gradient(position),
            solenoidal: [-a * slope_b, slope_a * b / f.cos()],
            harmonic: [0.0; 2],
        }
    }

    fn potential(&self, position: [f64; 2]) -> Option<f64> {
        Some(sp1::potential(position))
    }

    fn norms(&self) -> Option<[f64; 3]> {
        Some([2.80897636651, 1.99785829756, 0.0])
    }
}
