//! What two methods differ by, and on what that hangs.

use super::assumption::{assumptions, ends, same_derivatives};
use super::at_points::Weighted;
use super::{Entry, Given};
use crate::decomposition::{Decompose, Method};
use crate::field::VectorField;
use crate::grid::Domain;
use serde::Serialize;

/// Differences below this share of the field's energy are rounding.
const ROUNDING: f64 = 1e-22;

/// What an entry differs from the first one by.
#[derive(Clone, Debug, Serialize)]
pub struct Difference {
    /// The first one.
    pub from: String,
    /// The other.
    pub to: String,
    /// ‖a − b‖² of the gradient parts over ‖v‖².
    pub energy: f64,
    /// Of the solenoidal parts.
    pub energy_solenoidal: f64,
    /// The part whose difference is decomposed: the gradient part, and the solenoidal one where gradient parts differ by rounding.
    pub decomposed: &'static str,
    /// The share of that difference that has neither divergence nor curl: it comes from the ends of the
    /// box alone. `None` where the difference is rounding.
    pub from_ends: Option<f64>,
    /// Whether the two see something else beyond the ends of the box.
    #[serde(skip)]
    pub ends_differ: bool,
    /// Whether they take the same derivatives of the same values.
    #[serde(skip)]
    pub same_derivatives: bool,
    /// What the two assume otherwise, in words.
    pub assumptions: Vec<String>,
}

/// What others differ from a first entry by; nothing of a field that is zero.
pub fn explained<const D: usize>(
    given: &Given<'_, D>,
    first: &Entry<D>,
    others: &[Entry<D>],
) -> Vec<Difference> {
    let weighted = Weighted::new(given.domain, given.samples);
    let whole = weighted.energy(given.samples);
    if whole == 0.0 {
        return Vec::new();
    }
    let judge = Method::for_domain(given.domain).plan(given.domain, None, None).ok();
    let explain = |other: &Entry<D>| {
        let [gradient, solenoidal] = [0, 1].map(|part| {
            weighted.energy_of_difference(&first.parts[part], &other.parts[part]) / whole
        });
        let part = if gradient > ROUNDING { 0 } else { 1 };
        let differ = [gradient, solenoidal][part] > ROUNDING;
        let difference = || first.parts[part].minus(&other.parts[part]);
        let judged = judge.as_deref().filter(|_| differ);
        let from_ends = judged.and_then(|judge| harmonic_share(judge, &difference(), given.domain));
        let [one, two] = [first, other].map(|entry| (entry.report.method, entry.report.boundary));
        Difference {
            from: first.name(),
            to: other.name(),
            energy: gradient,
            energy_solenoidal: solenoidal,
            decomposed: ["gradient", "solenoidal"][part],
            from_ends,
            ends_differ: ends(one.0, one.1) != ends(two.0, two.1),
            same_derivatives: same_derivatives(one.0, two.0),
            assumptions: assumptions(one, two),
        }
    };
    others.iter().map(explain).collect()
}

/// The share of a field's energy that is harmonic.
fn harmonic_share<const D: usize>(
    judge: &dyn Decompose<D>,
    field: &VectorField<D>,
    domain: &Domain<D>,
) -> Option<f64> {
    let parts = judge.decompose(field).ok()?;
    let harmonic = super::parts_at_points(&parts, domain)[2].clone();
    let weighted = Weighted::new(domain, field);
    Some((weighted.energy(&harmonic) / weighted.energy(field)).min(1.0))
}
