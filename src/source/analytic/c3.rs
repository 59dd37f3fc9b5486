//! C3 between spheres, 1 < |x| < 2, seen through [−2.2, 2.2]³: φ = (s − 1)(4 − s)/4, s = |x|², which is 0 at both walls,
//! r = (z − y, x, −x), a rotation and tangential to them, and the harmonic field normal to them, h = x/|x|³.
//!
//! Nearer than ½ to the origin, in the hole, 1/|x|³ is held constant to keep the values finite.

use super::{Case, CaseWindow, ExactParts};
use crate::boundary::Boundary;
use crate::grid::Topology::Bounded;
use std::f64::consts::{PI, TAU};

/// The case; see the module.
pub struct C3;

impl Case<3> for C3 {
    fn name(&self) -> &'static str {
        "C3"
    }

    fn title(&self) -> &'static str {
        "between spheres, harmonic field normal to them"
    }

    fn window(&self) -> CaseWindow<3> {
        [(-2.2, 2.2, Bounded); 3]
    }

    fn inside(&self, [x, y, z]: [f64; 3]) -> bool {
        let s = x * x + y * y + z * z;
        s > 1.0 && s < 4.0
    }

    fn masked(&self) -> bool {
        true
    }

    fn exact_under(&self) -> &'static [Boundary] {
        &[Boundary::ZeroPotential, Boundary::NormalParallel]
    }

    fn parts(&self, [x, y, z]: [f64; 3]) -> ExactParts<3> {
        let s = x * x + y * y + z * z;
        let slope = 0.5 * (5.0 - 2.0 * s);
        let inverse = s.max(0.25).powf(-1.5);
        ExactParts {
            gradient: [x, y, z].map(|t| slope * t),
            solenoidal: [z - y, x, -x],
            harmonic: [x, y, z].map(|t| inverse * t),
        }
    }

    fn potential(&self, [x, y, z]: [f64; 3]) -> Option<f64> {
        let s = x * x + y * y + z * z;
        Some(0.25 * (s - 1.0) * (4.0 - s))
    }

    fn norms(&self) -> Option<[f64; 3]> {
        Some([(1213.0 * PI / 63.0).sqrt(), (496.0 * PI / 15.0).sqrt(), TAU.sqrt()])
    }
}
