//! H1 on the annulus 1 < |x| < 2, seen through [−2.2, 2.2]²: one field from each of the five
//! mutually orthogonal spaces of the Friedrichs decomposition. With s = |x|², g = (s − 1)(4 − s):
//!
//! | | field | no-flux | zero-potential | normal-parallel |
//! |---|---|---|---|---|
//! | φ zero at the walls | ∇(g x) | gradient | gradient | gradient |
//! | ψ zero at the walls | rot(g (1 + y)) | solenoidal | solenoidal | solenoidal |
//! | tangential harmonic | (−y, x)/s | harmonic | solenoidal | harmonic |
//! | normal harmonic | (x, y)/s | gradient | harmonic | harmonic |
//! | both gradient and curl | ∇(x² − y²) = rot(2xy) | gradient | solenoidal | harmonic |
//!
//! Nearer than ½ to the origin, in the hole, 1/s is held constant to keep the values finite.

use super::{Case, CaseWindow, ExactParts};
use crate::boundary::Boundary;
use crate::grid::Topology::Bounded;
use std::f64::consts::{LN_2, PI};

/// The case; see the module.
pub struct H1;

/// Which of the five fields make the gradient, solenoidal and harmonic part.
fn grouping(boundary: Boundary) -> Option<[&'static [usize]; 3]> {
    match boundary {
        Boundary::NoFlux => Some([&[0, 3, 4], &[1], &[2]]),
        Boundary::ZeroPotential => Some([&[0], &[1, 2, 4], &[3]]),
        Boundary::NormalParallel => Some([&[0], &[1], &[2, 3, 4]]),
        Boundary::Periodic | Boundary::FreeSpace => None,
    }
}

impl H1 {
    /// The five orthogonal fields: φ zero at the walls, ψ zero at the walls, tangential harmonic,
    /// normal harmonic, and the one that is both a gradient and a curl.
    pub fn five_parts([x, y]: [f64; 2]) -> [[f64; 2]; 5] {
        let s = x * x + y * y;
        let (g, slope) = ((s - 1.0) * (4.0 - s), 5.0 - 2.0 * s);
        let inverse = 1.0 / s.max(0.25);
        [
            [g + 2.0 * x * x * slope, 2.0 * x * y * slope],
            [g + 2.0 * y * (1.0 + y) * slope, -2.0 * x * (1.0 + y) * slope],
            [-y * inverse, x * inverse],
            [x * inverse, y * inverse],
            [2.0 * x, -2.0 * y],
        ]
    }

    /// The squared norms of the [five fields](H1::five_parts) over the annulus.
    pub fn five_energies() -> [f64; 5] {
        [136.8 * PI, 226.8 * PI, 2.0 * PI * LN_2, 2.0 * PI * LN_2, 30.0 * PI]
    }
}

impl Case<2> for H1 {
    fn name(&self) -> &'static str {
        "H1"
    }

    fn title(&self) -> &'static str {
        "annulus, the five Friedrichs parts"
    }

    fn window(&self) -> CaseWindow<2> {
        [(-2.2, 2.2, Bounded); 2]
    }

    fn inside(&self, [x, y]: [f64; 2]) -> bool {
        let s = x * x + y * y;
        s > 1.0 && s < 4.0
    }

    fn masked(&self) -> bool {
        true
    }

    fn exact_under(&self) -> &'static [Boundary] {
        &[Boundary::NoFlux]
    }

    fn parts(&self, position: [f64; 2]) -> ExactParts<2> {
        let [grounded, swirl, tangential, normal, both] = H1::five_parts(position);
        ExactParts {
            gradient: std::array::from_fn(|k| grounded[k] + normal[k] + both[k]),
            solenoidal: swirl,
            harmonic: tangential,
        }
    }

    fn parts_under(&self, boundary: Boundary, position: [f64; 2]) -> Option<ExactParts<2>> {
        let five = H1::five_parts(position);
        let sum = |group: &[usize]| {
            std::array::from_fn(|k| group.iter().map(|&i| five[i][k]).sum::<f64>())
        };
        let [gradient, solenoidal, harmonic] = grouping(boundary)?.map(sum);
        Some(ExactParts { gradient, solenoidal, harmonic })
    }

    fn potential(&self, [x, y]: [f64; 2]) -> Option<f64> {
        let s = x * x + y * y;
        Some((s - 1.0) * (4.0 - s) * x + 0.5 * s.max(0.25).ln() + x * x - y * y)
    }

    fn norms(&self) -> Option<[f64; 3]> {
        self.known_energies(Boundary::NoFlux).map(|energies| energies.map(f64::sqrt))
    }

    fn known_energies(&self, boundary: Boundary) -> Option<[f64; 3]> {
        let five = H1::five_energies();
        Some(grouping(boundary)?.map(|group| group.iter().map(|&i| five[i]).sum()))
    }
}
