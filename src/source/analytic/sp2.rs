//! SP2 on the unit sphere: parts that do not vanish at the poles. With λ the longitude, s and c the sine and cosine
//! of the latitude, χ = c cos λ and ψ = s c cos(λ + 0.7); d = ∇χ, r = k × ∇ψ, h = 0.

use super::sp1::GLOBE;
use super::{Case, CaseSpace, CaseWindow, ExactParts};
use crate::boundary::Boundary;
use std::f64::consts::PI;

/// The case; see the module.
pub struct SP2;

impl Case<2> for SP2 {
    fn name(&self) -> &'static str {
        "SP2"
    }

    fn title(&self) -> &'static str {
        "globe, flow across the poles"
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

    fn parts(&self, [longitude, latitude]: [f64; 2]) -> ExactParts<2> {
        let (l, (s, c)) = (longitude.to_radians(), latitude.to_radians().sin_cos());
        let turned = l + 0.7;
        ExactParts {
            gradient: [-l.sin(), -s * l.cos()],
            solenoidal: [(s * s - c * c) * turned.cos(), -s * turned.sin()],
            harmonic: [0.0; 2],
        }
    }

    fn potential(&self, [longitude, latitude]: [f64; 2]) -> Option<f64> {
        Some(latitude.to_radians().cos() * longitude.to_radians().cos())
    }

    fn norms(&self) -> Option<[f64; 3]> {
        Some([(8.0 / 3.0 * PI).sqrt(), (8.0 / 5.0 * PI).sqrt(), 0.0])
    }
}
