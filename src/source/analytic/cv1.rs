//! CV1 on the image of [0, 1]² under z = w + 0.2w², w = ξ + iη, by coordinates ξ and η: φ = x³y − xy² + x of the
//! place z = x + iy, and ψ = sin² πξ sin² πη, so r vanishes at the walls; h = 0. Components are along z′(w) and to
//! the left of it.

use super::u2::sin_squared;
use super::{Case, CaseSpace, CaseWindow, ExactParts, b2};
use crate::boundary::Boundary;
use crate::grid::Topology::Bounded;
use std::f64::consts::PI;

/// The case; see the module.
pub struct CV1;

fn place([x, y]: [f64; 2]) -> [f64; 2] {
    [x + 0.2 * (x * x - y * y), y + 0.4 * x * y]
}

impl Case<2> for CV1 {
    fn name(&self) -> &'static str {
        "CV1"
    }

    fn title(&self) -> &'static str {
        "conformal image of a square, lengths only"
    }

    fn window(&self) -> CaseWindow<2> {
        [(0.0, 1.0, Bounded); 2]
    }

    fn space(&self) -> CaseSpace {
        CaseSpace::Mapped(place)
    }

    fn exact_under(&self) -> &'static [Boundary] {
        &[Boundary::NoFlux]
    }

    fn parts(&self, at: [f64; 2]) -> ExactParts<2> {
        // z′(w) = a + ib.
        let (a, b) = (1.0 + 0.4 * at[0], 0.4 * at[1]);
        let stretch = a.hypot(b);
        let [east, north] = b2::gradient(place(at));
        let ((f, slope_f), (g, slope_g)) = (sin_squared(PI, at[0]), sin_squared(PI, at[1]));
        ExactParts {
            gradient: [(east * a + north * b) / stretch, (north * a - east * b) / stretch],
            solenoidal: [f * slope_g / stretch, -slope_f * g / stretch],
            harmonic: [0.0; 2],
        }
    }

    fn potential(&self, at: [f64; 2]) -> Option<f64> {
        Some(b2::potential(place(at)))
    }

    fn norms(&self) -> Option<[f64; 3]> {
        Some([(78184267597f64 / 19195312500.0).sqrt(), PI * 0.375f64.sqrt(), 0.0])
    }
}
