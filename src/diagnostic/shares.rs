//! Shares of the energy of what the user gave.

use super::products::{INPUT, Products, REMAINDER, product};
use super::sweep::Sweep;
use crate::boundary::Boundary;
use crate::decomposition::{ByConvention, Decompose, Listed};
use crate::field::{Layout, VectorField, Way};
use crate::operator::Calculus;
use serde::Serialize;

/// Shares of the energy of the input: at the points, where the input was given at points. Those of the parts, what is
/// lost and the cross terms add up to 1; NaN (`null` in JSON) for a field that is zero, and of the solenoidal and the
/// harmonic part where they are not told apart.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct InputShares {
    /// ‖gradient part‖² over ‖input‖².
    pub gradient: f64,
    /// Of the solenoidal part.
    pub solenoidal: f64,
    /// Of the harmonic part.
    pub harmonic: f64,
    /// Of both together.
    pub divergence_free: f64,
    /// The share lost in interpolation from the points to the faces and back.
    pub lost: f64,
    /// Twice the products of the parts and of what is lost: the parts are orthogonal on the faces,
    /// but at the points only up to the interpolation. Those of some methods are not orthogonal.
    pub cross_terms: f64,
}

/// The shares under one boundary convention, as [`InputShares`] and, exactly additive, on the faces.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct ConventionShares {
    /// The convention.
    pub boundary: Boundary,
    /// Of the gradient part.
    pub gradient: f64,
    /// Of the solenoidal part.
    pub solenoidal: f64,
    /// Of the harmonic part.
    pub harmonic: f64,
    /// Of the solenoidal and the harmonic part together: what has no divergence.
    pub divergence_free: f64,
    /// Gradient, solenoidal and harmonic part on the faces, where they add up to 1.
    pub on_faces: [f64; 3],
}

/// The three questions that a split answers, each by the convention that fits it, as a share of the
/// energy of the input.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Answers {
    /// What is the closest conservative field? The gradient part of `no-flux`.
    pub closest_conservative: f64,
    /// What is the nearest divergence-free field? The solenoidal and harmonic part of `zero-potential`.
    pub nearest_divergence_free: f64,
    /// What crosses windows and coasts, or circles islands? The harmonic part of `normal-parallel`.
    pub crossing_or_circling: f64,
}

/// Whether the user gave the field at the points: shares are then taken there.
pub(super) fn given_at_points<const D: usize>(
    calculus: &dyn Calculus<D>,
    field: &VectorField<D>,
    points: &Products,
) -> bool {
    // For components given on faces the samples are made from them, so nothing is lost.
    let on_faces = field.layout() == Layout::Faces && points[REMAINDER][REMAINDER] == 0.0;
    !on_faces && !calculus.is_weighted()
}

fn share(energy: f64, whole: f64) -> f64 {
    if whole > 0.0 { energy / whole } else { f64::NAN }
}

/// The shares of the parts of one decomposition, from products at the points where the user has the field there.
pub(super) fn input_shares(points: Option<&Products>, on_faces: [f64; 3]) -> InputShares {
    let Some(points) = points else {
        let [gradient, solenoidal, harmonic] = on_faces;
        let divergence_free = solenoidal + harmonic;
        let (lost, cross_terms) = (0.0, 0.0);
        return InputShares { gradient, solenoidal, harmonic, divergence_free, lost, cross_terms };
    };
    let whole = points[INPUT][INPUT];
    let pairs = [(1, 2), (1, 3), (2, 3), (1, REMAINDER), (2, REMAINDER), (3, REMAINDER)];
    let cross: f64 = pairs.iter().map(|(a, b)| points[*a][*b]).sum();
    let of = |i: usize| share(points[i][i], whole);
    InputShares {
        gradient: of(1),
        solenoidal: of(2),
        harmonic: of(3),
        divergence_free: share(points[2][2] + points[3][3] + 2.0 * points[2][3], whole),
        lost: of(REMAINDER),
        cross_terms: share(2.0 * cross, whole),
    }
}

/// Products of the fields of a [`Listed`], where the method computes and where the user has the field, if
/// that is elsewhere.
pub(super) struct Shared<'a> {
    pub own: &'a Products,
    pub points: Option<&'a Products>,
}

impl Shared<'_> {
    /// The shares under the conventions of a list.
    pub(super) fn rows<const D: usize>(&self, list: &Listed<D>) -> Vec<ConventionShares> {
        let row = |(boundary, parts): &(Boundary, [Vec<f64>; 3])| {
            let [g, s, h] = parts;
            let both: Vec<f64> = s.iter().zip(h).map(|(s, h)| s + h).collect();
            let at = self.points.unwrap_or(self.own);
            let [gradient, solenoidal, harmonic, divergence_free] =
                [g, s, h, &both].map(|part| share(energy(at, part), at[INPUT][INPUT]));
            let whole = self.own[INPUT][INPUT];
            let on_faces = [g, s, h].map(|part| share(energy(self.own, part), whole));
            let boundary = *boundary;
            ConventionShares { boundary, gradient, solenoidal, harmonic, divergence_free, on_faces }
        };
        list.conventions.iter().map(row).collect()
    }
}

/// ⟨p, p⟩ of the sum p of the fields of a list times these factors.
fn energy(products: &Products, factors: &[f64]) -> f64 {
    let row = |(a, f): (usize, &f64)| -> f64 {
        let terms = factors.iter().enumerate();
        f * terms.map(|(b, g)| g * product(products, a + 1, b + 1)).sum::<f64>()
    };
    // Rounding of parts that cancel.
    factors.iter().enumerate().map(row).sum::<f64>().max(0.0)
}

/// The shares of a field under every convention. `field` is what was decomposed, `samples` its values at
/// the points, `way` how parts come there. Costs a walk over the parts.
pub fn shares_by_convention<const D: usize>(
    plan: &dyn Decompose<D>,
    field: &VectorField<D>,
    samples: &VectorField<D>,
    by: &ByConvention<D>,
    way: Way,
) -> Vec<ConventionShares> {
    let calculus = plan.calculus();
    let ordinary = |v: &VectorField<D>| {
        let mut v = v.inside(calculus.domain()).into_owned();
        v.scale_by_power(-by.exponent());
        v
    };
    let scaled = (by.exponent() != 0).then(|| [field, samples].map(ordinary));
    let (field, samples) = scaled.as_ref().map_or((field, samples), |[f, s]| (f, s));
    let v = plan.where_computed(field);
    let of_list = |list: &Listed<D>| {
        let (parts, residuals, means) = (&list.fields[..], false, false);
        let potential = None;
        let sweep = Sweep { calculus, field: &v, samples, parts, way, residuals, means, potential };
        let sums = sweep.run();
        let points = sweep.at_points(&sums);
        let points = given_at_points(calculus, field, &points).then_some(&points);
        Shared { own: &sums.own, points }.rows(list)
    };
    by.lists().iter().flat_map(of_list).collect()
}

/// The answers of one convention whose solenoidal and harmonic part are one; NaN where it has none.
pub(super) fn undivided_answers(boundary: Boundary, shares: &InputShares) -> Answers {
    let [mut conservative, mut free] = [f64::NAN; 2];
    if matches!(boundary, Boundary::NoFlux | Boundary::Periodic) {
        conservative = shares.gradient;
    }
    // What is left without the gradient of a potential that is 0 on the walls.
    if boundary != Boundary::NoFlux {
        free = shares.divergence_free;
    }
    Answers {
        closest_conservative: conservative,
        nearest_divergence_free: free,
        crossing_or_circling: f64::NAN,
    }
}

/// The answers that follow from the shares under every convention; `None` where one is missing.
pub fn answers(shares: &[ConventionShares]) -> Option<Answers> {
    let of = |boundary| shares.iter().find(|row| row.boundary == boundary);
    Some(Answers {
        closest_conservative: of(Boundary::NoFlux)?.gradient,
        nearest_divergence_free: of(Boundary::ZeroPotential)?.divergence_free,
        crossing_or_circling: of(Boundary::NormalParallel)?.harmonic,
    })
}
