//! S1, the field of the auto-encoder experiments of Im et al. (2016): (−x, −y) + (y, −x) on
//! [−1, 1]².
//!
//! On the square (y, −x) is not tangential, so between walls the two parts as written are not the
//! parts: how the rotation is shared out depends on the convention. With the constant of
//! Saint-Venant torsion of the square,
//! J = 16 (1/3 − 64/π⁵ Σ_{n odd} tanh(nπ/2)/n⁵) = 2.2492…, the energies ‖·‖² are
//!
//! | convention | gradient | solenoidal | harmonic |
//! |---|---|---|---|
//! | no-flux | 16/3 − J | J | 0 |
//! | zero-potential | J | 16/3 − J | 0 |
//! | normal-parallel | J | J | 16/3 − 2J |
//! | periodic (in the weak sense: the field jumps at the seam) | 8/3 | 8/3 | 0 |

use super::{Case, CaseWindow, ExactParts};
use crate::boundary::Boundary;
use crate::grid::Topology::Bounded;
use std::f64::consts::PI;

/// The case; see the module.
pub struct S1;

/// J, by the known sum of the odd 1/n⁵ less the fast-decaying 1 − tanh(nπ/2) = 2/(e^{nπ} + 1).
fn torsion_constant() -> f64 {
    const ZETA_5: f64 = 1.036_927_755_143_37;
    let correction: f64 = (1..=13)
        .step_by(2)
        .map(|n| {
            let n = f64::from(n);
            2.0 / ((n * PI).exp() + 1.0) / n.powi(5)
        })
        .sum();
    16.0 * (1.0 / 3.0 - 64.0 / PI.powi(5) * (31.0 / 32.0 * ZETA_5 - correction))
}

impl Case<2> for S1 {
    fn name(&self) -> &'static str {
        "S1"
    }

    fn title(&self) -> &'static str {
        "square, sink and rotation of Im et al. (2016)"
    }

    fn window(&self) -> CaseWindow<2> {
        [(-1.0, 1.0, Bounded); 2]
    }

    fn exact_under(&self) -> &'static [Boundary] {
        &[]
    }

    fn parts(&self, [x, y]: [f64; 2]) -> ExactParts<2> {
        ExactParts { gradient: [-x, -y], solenoidal: [y, -x], harmonic: [0.0; 2] }
    }

    fn potential(&self, [x, y]: [f64; 2]) -> Option<f64> {
        Some(-0.5 * (x * x + y * y))
    }

    fn norms(&self) -> Option<[f64; 3]> {
        Some([(8f64 / 3.0).sqrt(), (8f64 / 3.0).sqrt(), 0.0])
    }

    fn known_energies(&self, boundary: Boundary) -> Option<[f64; 3]> {
        let (j, total) = (torsion_constant(), 16.0 / 3.0);
        Some(match boundary {
            Boundary::NoFlux => [total - j, j, 0.0],
            Boundary::ZeroPotential => [j, total - j, 0.0],
            Boundary::NormalParallel => [j, j, total - 2.0 * j],
            Boundary::Periodic => [0.5 * total, 0.5 * total, 0.0],
            // Twice those of F4, whose potential both parts have.
            Boundary::FreeSpace => [2.46090021, 2.46090021, 0.06921738],
        })
    }
}
