//! SP5 between spheres of radius ½ and 1: with χ and ψ of SP1 and derivatives on the unit sphere, d = ∇(r²χ) =
//! (r ∇χ, 2rχ) and r (k × ∇ψ), which is tangential to both spheres; h = 0.

use super::{Case, CaseSpace, CaseWindow, ExactParts, sp1};
use crate::boundary::Boundary;
use crate::grid::Topology::Bounded;
use std::f64::consts::PI;

/// The case; see the module.
pub struct SP5;

impl Case<3> for SP5 {
    fn name(&self) -> &'static str {
        "SP5"
    }

    fn title(&self) -> &'static str {
        "between two spheres, flux through them"
    }

    fn window(&self) -> CaseWindow<3> {
        let [longitude, latitude] = sp1::GLOBE;
        [longitude, latitude, (0.5, 1.0, Bounded)]
    }

    fn space(&self) -> CaseSpace {
        CaseSpace::Shell
    }

    fn cells(&self, n: usize) -> [usize; 3] {
        [2 * n, n, n / 2]
    }

    fn exact_under(&self) -> &'static [Boundary] {
        &[Boundary::NoFlux]
    }

    fn parts(&self, [longitude, latitude, r]: [f64; 3]) -> ExactParts<3> {
        let at = [longitude, latitude];
        let ([a, b], [u, v]) = (sp1::gradient(at), sp1::rotation(at));
        ExactParts {
            gradient: [r * a, r * b, 2.0 * r * sp1::potential(at)],
            solenoidal: [r * u, r * v, 0.0],
            harmonic: [0.0; 3],
        }
    }

    fn potential(&self, [longitude, latitude, r]: [f64; 3]) -> Option<f64> {
        Some(r * r * sp1::potential([longitude, latitude]))
    }

    fn norms(&self) -> Option<[f64; 3]> {
        let fifths = (1.0 - 0.5f64.powi(5)) / 5.0;
        let squares = [3072.0 / 77.0 * PI * 34.0 / 30.0, 65536.0 / 595.0 * PI, 0.0];
        Some(squares.map(|square| (square * fifths).sqrt()))
    }
}
