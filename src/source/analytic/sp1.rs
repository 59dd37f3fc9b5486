//! SP1 on the unit sphere at longitude λ and latitude φ, with s = sin φ, c = cos φ: χ = cos 3λ c³(9s² − 1), a
//! multiple of Y₅³, and ψ = cos 2λ c²(143s⁶ − 143s⁴ + 33s² − 1), of Y₈²; d = ∇χ = (χ_λ/c, χ_φ) and
//! r = k × ∇ψ = (−ψ_φ, ψ_λ/c), h = 0.

use super::{Case, CaseSpace, CaseWindow, ExactParts};
use crate::boundary::Boundary;
use crate::grid::Topology::{Bounded, Periodic};
use std::f64::consts::PI;

/// The case; see the module.
pub struct SP1;

/// All longitudes and latitudes.
pub(super) const GLOBE: CaseWindow<2> = [(0.0, 360.0, Periodic), (-90.0, 90.0, Bounded)];

/// χ.
pub(super) fn potential([longitude, latitude]: [f64; 2]) -> f64 {
    let (l, (s, c)) = (longitude.to_radians(), latitude.to_radians().sin_cos());
    (3.0 * l).cos() * c.powi(3) * (9.0 * s * s - 1.0)
}

/// ∇χ.
pub(super) fn gradient([longitude, latitude]: [f64; 2]) -> [f64; 2] {
    let (l, (s, c)) = (longitude.to_radians(), latitude.to_radians().sin_cos());
    let q = 9.0 * s * s - 1.0;
    let north = 3.0 * c * c * s * (6.0 * c * c - q);
    [-3.0 * (3.0 * l).sin() * c * c * q, (3.0 * l).cos() * north]
}

/// k × ∇ψ.
pub(super) fn rotation([longitude, latitude]: [f64; 2]) -> [f64; 2] {
    let (l, (s, c)) = (longitude.to_radians(), latitude.to_radians().sin_cos());
    let q = ((143.0 * s * s - 143.0) * s * s + 33.0) * s * s - 1.0;
    let slope = ((858.0 * s * s - 572.0) * s * s + 66.0) * s;
    [(2.0 * l).cos() * c * (2.0 * s * q - c * c * slope), -2.0 * (2.0 * l).sin() * c * q]
}

impl Case<2> for SP1 {
    fn name(&self) -> &'static str {
        "SP1"
    }

    fn title(&self) -> &'static str {
        "globe, a spherical harmonic for each part"
    }

    fn window(&self) -> CaseWindow<2> {
        GLOBE
    }

    fn space(&self) -> CaseSpace {
        CaseSpace::Sphere
    }

    fn cells(&self, n: usize) -> [usize; 2] {
        [2 * n, n]
    }

    fn exact_under(&self) -> &'static [Boundary] {
        &[Boundary::Periodic]
    }

    fn parts(&self, position: [f64; 2]) -> ExactParts<2> {
        ExactParts {
            gradient: gradient(position),
            solenoidal: rotation(position),
            harmonic: [0.0; 2],
        }
    }

    fn potential(&self, position: [f64; 2]) -> Option<f64> {
        Some(potential(position))
    }

    fn norms(&self) -> Option<[f64; 3]> {
        Some([(3072.0 / 77.0 * PI).sqrt(), (65536.0 / 595.0 * PI).sqrt(), 0.0])
    }
}
