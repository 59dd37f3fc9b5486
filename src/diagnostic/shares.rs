//! Shares of the energy of what the user gave.

use super::measure::{inside, remainder, where_computed};
use crate::boundary::Boundary;
use crate::decomposition::{ByConvention, Decompose, Decomposition};
use crate::field::{Layout, VectorField, Way, to_points};
use crate::operator::Calculus;
use serde::Serialize;

/// Shares of the energy of the input: at the points, where the input was given at points. They add up to 1;
/// NaN (`null` in JSON) for a field that is zero.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct InputShares {
    /// ‖gradient part‖² over ‖input‖².
    pub gradient: f64,
    /// Of the solenoidal part.
    pub solenoidal: f64,
    /// Of the harmonic part.
    pub harmonic: f64,
    /// Of what interpolation from the points to the faces and back loses.
    pub lost: f64,
    /// Twice the products of the parts and of what is lost: the parts are orthogonal on the faces, at the
    /// points they are so up to the interpolation.
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

/// The three questions that a split is asked for, each answered by the convention that fits it, as a
/// share of the energy of the input.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Answers {
    /// What is the closest conservative field? The gradient part of `no-flux`.
    pub closest_conservative: f64,
    /// What is the nearest divergence-free field? The solenoidal and harmonic part of `zero-potential`.
    pub nearest_divergence_free: f64,
    /// What crosses windows and coasts, or circles islands? The harmonic part of `normal-parallel`.
    pub crossing_or_circling: f64,
}

/// ⟨a, b⟩ at the points, without the volume of a cell.
fn dot<const D: usize>(a: &VectorField<D>, b: &VectorField<D>) -> f64 {
    let pairs = a.components().iter().zip(b.components());
    pairs.flat_map(|(a, b)| a.values().iter().zip(b.values())).map(|(a, b)| a * b).sum()
}

/// Whether the user has the field at the points: then shares are taken there.
fn given_at_points<const D: usize>(
    calculus: &dyn Calculus<D>,
    field: &VectorField<D>,
    remainder: &VectorField<D>,
) -> bool {
    // Components that came on faces have no samples but those made of them, of which nothing is lost.
    let on_faces = field.layout() == Layout::Faces && remainder.max_abs() == 0.0;
    !on_faces && !calculus.is_weighted()
}

/// The shares of the parts of one decomposition.
pub(super) fn input_shares<const D: usize>(
    plan: &dyn Decompose<D>,
    (field, samples): (&VectorField<D>, &VectorField<D>),
    remainder: &VectorField<D>,
    parts: &Decomposition<D>,
    fraction: [f64; 3],
) -> InputShares {
    let calculus = plan.calculus();
    if !given_at_points(calculus, field, remainder) {
        let [gradient, solenoidal, harmonic] = fraction;
        return InputShares { gradient, solenoidal, harmonic, lost: 0.0, cross_terms: 0.0 };
    }
    let whole = dot(samples, samples);
    let share = |e: f64| if whole > 0.0 { e / whole } else { f64::NAN };
    let [g, s, h] = parts.parts().map(|(_, part)| to_points(part, calculus.domain(), parts.way));
    let products = [(&g, &s), (&g, &h), (&s, &h)].map(|(a, b)| dot(a, b));
    let with_lost = [&g, &s, &h].map(|part| dot(part, remainder));
    let cross = products.iter().chain(&with_lost).sum::<f64>();
    InputShares {
        gradient: share(dot(&g, &g)),
        solenoidal: share(dot(&s, &s)),
        harmonic: share(dot(&h, &h)),
        lost: share(dot(remainder, remainder)),
        cross_terms: share(2.0 * cross),
    }
}

/// The shares of a field under every convention. `field` is what was decomposed, `samples` its values at
/// the points, `way` how parts come there. Costs 30 inner products and five fields of memory.
pub fn shares_by_convention<const D: usize>(
    calculus: &dyn Calculus<D>,
    field: &VectorField<D>,
    samples: &VectorField<D>,
    by: &ByConvention<D>,
    way: Way,
) -> Vec<ConventionShares> {
    let [mut v, mut samples] =
        [where_computed(calculus, field), inside(calculus.domain(), samples)];
    if by.exponent() != 0 {
        v.to_mut().scale_by_power(-by.exponent());
        samples.to_mut().scale_by_power(-by.exponent());
    }
    let remainder = remainder(calculus, &v, &samples, way);
    let faces = by.energies(|part| part.clone(), |a, b| calculus.inner(a, b));
    let share = |e: f64, whole: f64| if whole > 0.0 { e / whole } else { f64::NAN };
    let energy = calculus.inner(&v, &v);
    let (at_points, whole) = match given_at_points(calculus, field, &remainder) {
        true => {
            let seen = |part: &VectorField<D>| to_points(part, calculus.domain(), way);
            (by.energies(seen, dot), dot(&samples, &samples))
        }
        false => (faces.clone(), energy),
    };
    let row = |((boundary, points), (_, faces)): ((Boundary, [f64; 4]), (Boundary, [f64; 4]))| {
        let [gradient, solenoidal, harmonic, divergence_free] = points.map(|e| share(e, whole));
        let [g, s, h, _] = faces.map(|e| share(e, energy));
        let on_faces = [g, s, h];
        ConventionShares { boundary, gradient, solenoidal, harmonic, divergence_free, on_faces }
    };
    at_points.into_iter().zip(faces).map(row).collect()
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
