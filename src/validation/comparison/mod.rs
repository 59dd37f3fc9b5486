//! Several methods on one field: how far they are apart, on what that hangs, and how sure each is.
//!
//! Every method is given the same samples at the points, and is judged there. What two of them differ by is itself
//! decomposed: the part of it without divergence and curl depends on what was assumed at the ends of the box alone, the rest
//! on how derivatives are taken.
//!
//! ```
//! use hodge::source::{Source, analytic::{Case, find_2d}};
//! use hodge::validation::comparison::{Given, candidates, compare};
//! use hodge::{field::Layout, grid::Domain};
//! let case = find_2d("B4").unwrap();
//! let grid = case.grid([32, 32])?;
//! let (domain, samples) = (Domain::full(grid), case.sample(grid, Layout::Points));
//! let given = Given { domain: &domain, samples: &samples, exact: None };
//! let found = compare(&given, &candidates(&domain), &mut |_| true);
//! let [first, other] = [0, 1].map(|i| &found.entries[i]);
//! assert_ne!(first.candidate(), other.candidate());
//! assert!(found.differences[0].energy > 0.01);
//! # Ok::<(), hodge::grid::GridError>(())
//! ```

mod assumption;
mod at_points;
mod candidate;
mod difference;
mod estimate;
mod noise;
mod resample;

pub use candidate::{Candidate, LeftOut, affordable, candidates};
pub use difference::{Difference, explained};
pub use estimate::{Estimate, Estimated, NoEstimate, estimate};
pub use noise::{Spread, component_rms, spread};

use crate::boundary::Boundary;
use crate::decomposition::Decomposition;
use crate::diagnostic::{PartErrors, Report, measure};
use crate::field::{VectorField, to_points};
use crate::grid::Domain;
use crate::machine::Peak;
use at_points::Weighted;
use std::time::Instant;

/// The exact parts at the points under a convention, where they are known.
pub type Exact<'a, const D: usize> = &'a (dyn Fn(Boundary) -> Option<[VectorField<D>; 3]> + Sync);

/// What all methods are given.
#[derive(Clone, Copy)]
pub struct Given<'a, const D: usize> {
    /// The cells that take part.
    pub domain: &'a Domain<D>,
    /// The field at the points.
    pub samples: &'a VectorField<D>,
    /// Where they are known.
    pub exact: Option<Exact<'a, D>>,
}

/// What one method made of a field.
pub struct Entry<const D: usize> {
    /// Gradient, solenoidal and harmonic part at the points; where the last two are
    /// [not told apart](Report::undivided), both as one and 0.
    pub parts: [VectorField<D>; 3],
    /// The names of those that are told apart.
    pub names: Vec<&'static str>,
    /// Everything that is measured of a decomposition.
    pub report: Report,
    /// At the points, where the exact parts are known.
    pub errors: Option<PartErrors>,
    /// Seconds for the plan.
    pub plan_seconds: f64,
    /// Seconds for the field.
    pub seconds: f64,
    /// Bytes that both took at the most, where the system tells.
    pub bytes: Option<u64>,
}

impl<const D: usize> Entry<D> {
    /// The method and the convention that it has.
    pub fn candidate(&self) -> Candidate {
        Candidate { method: self.report.method, boundary: Some(self.report.boundary) }
    }

    /// Method and convention, such as `staggered no-flux`.
    pub fn name(&self) -> String {
        self.candidate().name()
    }
}

/// What several methods made of a field.
pub struct Comparison<const D: usize> {
    /// In the order of the candidates.
    pub entries: Vec<Entry<D>>,
    /// Candidates that cannot be applied to the field, and others without a result, and why.
    pub left_out: Vec<LeftOut>,
    /// ‖a − b‖/‖v‖ of the gradient parts of every two entries.
    pub gradients: Vec<Vec<f64>>,
    /// Of the solenoidal parts.
    pub solenoidals: Vec<Vec<f64>>,
    /// What every entry but the first differs from the first by.
    pub differences: Vec<Difference>,
}

/// Decomposes a field by every candidate and compares the parts at the points. `goes_on` is told the name of each before it
/// begins and ends the comparison by `false`. Costs a plan and a decomposition for each, and one more for each difference.
pub fn compare<const D: usize>(
    given: &Given<'_, D>,
    candidates: &[Candidate],
    goes_on: &mut dyn FnMut(&str) -> bool,
) -> Comparison<D> {
    let (mut entries, mut left_out) = (Vec::new(), Vec::new());
    let mut goes = true;
    for candidate in candidates {
        goes = goes && goes_on(&candidate.name());
        let entry: Result<Entry<D>, String> = match goes {
            true => enter(given, candidate).map_err(|error| error.to_string()),
            false => Err("not begun before the end that was asked for".into()),
        };
        let known =
            |entry: &Entry<D>| entries.iter().any(|one: &Entry<D>| one.name() == entry.name());
        let reason = match entry {
            Ok(entry) if known(&entry) => format!("{} is there already", entry.name()),
            Ok(entry) => {
                entries.push(entry);
                continue;
            }
            Err(reason) => reason,
        };
        left_out.push(LeftOut { candidate: *candidate, reason });
    }
    let weighted = Weighted::new(given.domain, given.samples);
    let apart = |part: usize| matrix(&entries, &weighted, given.samples, part);
    let (gradients, solenoidals) = (apart(0), apart(1));
    let differences = match entries.split_first() {
        Some((first, others)) => explained(given, first, others),
        None => Vec::new(),
    };
    Comparison { entries, left_out, gradients, solenoidals, differences }
}

/// The parts of a decomposition at the points.
fn parts_at_points<const D: usize>(
    parts: &Decomposition<D>,
    domain: &Domain<D>,
) -> [VectorField<D>; 3] {
    [&parts.gradient, &parts.solenoidal, &parts.harmonic]
        .map(|part| to_points(part, domain, parts.way))
}

fn enter<const D: usize>(
    given: &Given<'_, D>,
    candidate: &Candidate,
) -> Result<Entry<D>, crate::decomposition::DecomposeError> {
    let Given { domain, samples, exact } = *given;
    let (peak, start) = (Peak::begin(), Instant::now());
    let plan = candidate.plan(domain)?;
    let plan_seconds = start.elapsed().as_secs_f64();
    let start = Instant::now();
    let parts = plan.decompose(samples)?;
    let seconds = start.elapsed().as_secs_f64();
    let bytes = peak.bytes();
    let report = measure(&*plan, samples, samples, &parts);
    let at_points = parts_at_points(&parts, domain);
    // A baseline stands for the decomposition of whoever uses it.
    let meant: &[Boundary] = match candidate.method.is_baseline() {
        true => &[plan.boundary(), Boundary::NoFlux, Boundary::NormalParallel],
        false => &[plan.boundary()],
    };
    let exact = exact.and_then(|exact| meant.iter().find_map(|boundary| exact(*boundary)));
    let weighted = Weighted::new(domain, samples);
    let errors = exact.map(|exact| weighted.errors(&at_points, exact, parts.undivided));
    Ok(Entry {
        parts: at_points,
        names: parts.divided().into_iter().map(|(name, _)| name).collect(),
        report,
        errors,
        plan_seconds,
        seconds,
        bytes,
    })
}

/// Shares of the energy of gradient, solenoidal and harmonic part.
fn shares(report: &Report) -> [f64; 3] {
    let shares = &report.share_of_input;
    [shares.gradient, shares.solenoidal, shares.harmonic]
}

/// ‖a − b‖/‖v‖ of one part of every two entries.
fn matrix<const D: usize>(
    entries: &[Entry<D>],
    weighted: &Weighted,
    samples: &VectorField<D>,
    part: usize,
) -> Vec<Vec<f64>> {
    let whole = weighted.energy(samples);
    let apart = |a: &Entry<D>, b: &Entry<D>| {
        (weighted.energy_of_difference(&a.parts[part], &b.parts[part]) / whole).sqrt()
    };
    entries.iter().map(|a| entries.iter().map(|b| apart(a, b)).collect()).collect()
}
