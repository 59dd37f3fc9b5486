//! SP4 on a band of the unit sphere between 60° south and north, which is a ring: h = (1/cos φ, 0) alone, φ the
//! latitude.

use super::{Case, CaseSpace, CaseWindow, ExactParts};
use crate::boundary::Boundary;
use crate::grid::Topology::{Bounded, Periodic};
use std::f64::consts::PI;

/// The case; see the module.
pub struct SP4;

impl Case<2> for SP4 {
    fn name(&self) -> &'static str {
        "SP4"
    }

    fn title(&self) -> &'static str {
        "band around a sphere, its harmonic field"
    }

    fn window(&self) -> CaseWindow<2> {
        [(0.0, 360.0, Periodic), (-60.0, 60.0, Bounded)]
    }

    fn space(&self) -> CaseSpace {
        CaseSpace::Sphere
    }

    fn cells(&self, n: usize) -> [usize; 2] {
        [3 * n, n]
    }

    fn exact_under(&self) -> &'static [Boundary] {
        &[Boundary::NoFlux]
    }

    fn parts(&self, [_, latitude]: [f64; 2]) -> ExactParts<2> {
        ExactParts {
            gradient: [0.0; 2],
            solenoidal: [0.0; 2],
            harmonic: [1.0 / latitude.to_radians().cos(), 0.0],
        }
    }

    fn potential(&self, _: [f64; 2]) -> Option<f64> {
        Some(0.0)
    }

    fn norms(&self) -> Option<[f64; 3]> {
        let height = 2.0 * (75f64.to_radians().tan()).ln();
        Some([0.0, 0.0, (2.0 * PI * height).sqrt()])
    }
}
