//! What a report says in words.

use super::report::{Conventions, Report};
use crate::boundary::Boundary;
use crate::decomposition::{Decompose, Method};
use crate::field::{Layout, Way};

/// A sampling remainder above this share of the energy is worth a warning.
const LOST: f64 = 0.01;

/// The claims that are broken, and what else should be known.
pub(super) fn warnings(report: &Report, point_energy: f64) -> Vec<String> {
    let broken = report.claims.iter().filter(|claim| !claim.holds);
    let mut warnings: Vec<String> = broken.map(|claim| claim.in_words()).collect();
    if report.energy.input == 0.0 {
        let words = match point_energy == 0.0 {
            true => "the field is zero everywhere: there is nothing to measure",
            false => {
                "the field is zero on the faces, though not at the points: it alternates from point to \
                 point, and there is nothing to measure"
            }
        };
        warnings.push(words.into());
    }
    let lost = report.fraction.sampling_remainder;
    if lost > LOST && report.energy.input > 0.0 {
        warnings.push(format!(
            "interpolation between points and faces loses {:.1} % of the energy of the samples: the field \
             is not resolved by its points",
            100.0 * lost
        ));
    }
    warnings
}

/// By which conventions the numbers are meant.
pub(super) fn conventions<const D: usize>(plan: &dyn Decompose<D>, way: Way) -> Conventions {
    let domain = plan.calculus().domain();
    Conventions {
        points: match plan.calculus().layout() {
            Layout::Points => "computed there",
            Layout::Faces => way.in_words(),
        },
        boundary: match (plan.boundary(), domain.metric()) {
            _ if plan.method() == Method::LearnedTied => {
                "none: the gradient part is the closest field whose Jacobian is symmetric and nowhere below -1"
            }
            (Boundary::Periodic, Some(_)) => "no walls: there is one convention",
            (boundary, _) => boundary.in_words(),
        },
        derivative: plan.calculus().derivative(),
        potentials: match D {
            2 => "gradient = +grad(phi); solenoidal = (d psi/dy, -d psi/dx)",
            _ => "gradient = +grad(phi); solenoidal = +curl(A)",
        },
        inner_product: plan.calculus().inner_product(),
        normalisation: "net fluxes of cells over the largest sum of S |v|, circulations around edges over the \
                        largest sum of d |v|",
    }
}
