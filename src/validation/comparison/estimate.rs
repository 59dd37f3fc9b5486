//! How wrong a decomposition is, from coarser grids.

use super::at_points::Weighted;
use super::resample::{coarser, onto};
use super::{Candidate, Entry, Given, parts_at_points, shares};
use crate::decomposition::{DecomposeError, Method};
use crate::diagnostic::measure;
use crate::field::VectorField;
use crate::grid::{Domain, GridError};
use serde::Serialize;
use std::borrow::Cow;
use thiserror::Error;

/// The order that is counted on at the most where a larger one is observed of a method that takes differences: that of the
/// interpolation to the faces, which may be all that is seen on smooth fields.
const MOST: f64 = 4.0;

/// The least order that is observed where the parts converge as they should.
const LEAST: f64 = 1.5;

/// Changes below this, over ‖v‖, are rounding, which no order is seen in.
const ROUNDING: f64 = 1e-11;

/// Points along an axis that the coarsest grid must have.
const FEWEST: usize = 5;

/// A number that is estimated.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Estimated {
    /// On the grid of the field.
    pub value: f64,
    /// How far it is from its limit.
    pub error: f64,
}

/// How far parts and shares are from those on an infinitely fine grid, were the field as smooth as it looks.
#[derive(Clone, Debug, Serialize)]
pub struct Estimate {
    /// Points along the axes of the three grids.
    pub cells: [Vec<usize>; 3],
    /// The order at which the gradient part and the solenoidal part converge over the three; NaN at rounding.
    pub orders: [f64; 2],
    /// Errors of the gradient part and the solenoidal part: ‖error‖/‖v‖.
    pub errors: [f64; 2],
    /// Shares of the energy of gradient, solenoidal and harmonic part.
    pub shares: [Estimated; 3],
    /// Why the errors are not to be trusted, in words, if they are not.
    pub doubt: Option<String>,
}

/// Repeats a decomposition on grids with half and a quarter of the points in the same box, to which the samples are
/// interpolated by cubics, and extrapolates (Richardson): with parts p_h, p_2h, p_4h the observed order is
/// log₂(‖p_2h − p_4h‖/‖p_h − p_2h‖), and the error of p_h is ‖p_h − p_2h‖/(2^order − 1), for methods that take differences with
/// an order of 4 at the most. It is not to be trusted where the order is less: the field is then not resolved. It says how
/// far a method is from its own limit, not whether that is the right one.
///
/// # Errors
/// [`NoEstimate`].
pub fn estimate<const D: usize>(
    given: &Given<'_, D>,
    entry: &Entry<D>,
) -> Result<Estimate, NoEstimate> {
    let (domain, candidate) = (given.domain, &entry.candidate());
    match () {
        () if domain.mask().is_some() => return Err(NoEstimate::Coasts),
        () if domain.metric().is_some() || domain.grid().is_uneven() => {
            return Err(NoEstimate::Unlike);
        }
        () if domain.grid().shape().iter().any(|n| *n > 1 && n.div_ceil(4) < FEWEST) => {
            return Err(NoEstimate::Few { least: 4 * FEWEST - 3 });
        }
        () => {}
    }
    let through_points = candidate.method == Method::Central;
    let middle = coarser(domain.grid(), through_points)?;
    let coarse = coarser(&middle, through_points)?;
    let on = |grid| Level::new(Domain::full(grid), &onto(given.samples, &grid), candidate);
    let fine = Level::of(given, entry);
    let fourier = matches!(candidate.method, Method::Spectral | Method::NaturalSpectral);
    let most = if fourier { f64::INFINITY } else { MOST };
    Ok(richardson(&[fine, on(middle)?, on(coarse)?], most))
}

/// Why there is no estimate.
#[derive(Debug, Error)]
pub enum NoEstimate {
    /// Masked domains.
    #[error("a coarser grid has other coasts, whose effect is no error of the method")]
    Coasts,
    /// Metrics and uneven axes.
    #[error("the cells of the grid are of unlike size")]
    Unlike,
    /// Too few points.
    #[error("a quarter of the points is too few: at least {least} are needed along every axis")]
    Few {
        /// Along every axis that has more than one.
        least: usize,
    },
    /// A coarser grid is no grid.
    #[error(transparent)]
    Grid(#[from] GridError),
    /// A field on one of the grids cannot be decomposed.
    #[error(transparent)]
    Decompose(#[from] DecomposeError),
}

/// What is known on one grid.
struct Level<'a, const D: usize> {
    domain: Domain<D>,
    parts: Cow<'a, [VectorField<D>; 3]>,
    /// Of gradient, solenoidal and harmonic part.
    shares: [f64; 3],
    weighted: Weighted,
    energy: f64,
}

impl<'a, const D: usize> Level<'a, D> {
    /// The grid of the field.
    fn of(given: &Given<'_, D>, entry: &'a Entry<D>) -> Level<'a, D> {
        let (domain, parts) = (given.domain.clone(), Cow::Borrowed(&entry.parts));
        let weighted = Weighted::new(&domain, given.samples);
        let energy = weighted.energy(given.samples);
        Level { domain, parts, shares: shares(&entry.report), weighted, energy }
    }

    fn new(
        domain: Domain<D>,
        samples: &VectorField<D>,
        candidate: &Candidate,
    ) -> Result<Level<'a, D>, DecomposeError> {
        let plan = candidate.plan(&domain)?;
        let found = plan.decompose(samples)?;
        let shares = shares(&measure(&*plan, samples, samples, &found));
        let parts = Cow::Owned(parts_at_points(&found, &domain));
        drop(plan);
        let weighted = Weighted::new(&domain, samples);
        let energy = weighted.energy(samples);
        Ok(Level { domain, parts, shares, weighted, energy })
    }

    /// ‖finer − this‖/‖v‖ of a part, on this grid.
    fn change(&self, finer: &Level<'_, D>, part: usize) -> f64 {
        let there = onto(&finer.parts[part], self.domain.grid());
        (self.weighted.energy_of_difference(&there, &self.parts[part]) / self.energy).sqrt()
    }

    /// The largest spacing over that of a finer grid.
    fn ratio(&self, finer: &Level<'_, D>) -> f64 {
        let pairs = self.domain.grid().axes().iter().zip(finer.domain.grid().axes());
        pairs.map(|(coarse, fine)| coarse.spacing / fine.spacing).fold(1.0, f64::max)
    }
}

fn richardson<const D: usize>([fine, middle, coarse]: &[Level<'_, D>; 3], most: f64) -> Estimate {
    let ratios = [middle.ratio(fine), coarse.ratio(middle)];
    // What is left of a change once the grid is infinitely fine.
    let left = |order: f64| match order.is_nan() {
        true => 1.0,
        false => 1.0 / (ratios[0].powf(order.clamp(0.5, most)) - 1.0),
    };
    let changes = [0, 1].map(|part| [middle.change(fine, part), coarse.change(middle, part)]);
    let order = |[now, before]: [f64; 2]| match now > ROUNDING {
        true => (before / now).ln() / ratios[1].ln(),
        false => f64::NAN,
    };
    let orders = changes.map(order);
    let errors = [0, 1].map(|part| changes[part][0] * left(orders[part]));
    let least = orders.into_iter().filter(|order| order.is_finite()).fold(most, f64::min);
    let share = |i: usize| {
        let [value, before] = [fine.shares[i], middle.shares[i]];
        Estimated { value, error: (value - before).abs() * left(least) }
    };
    let cells = [fine, middle, coarse].map(|level| level.domain.grid().shape().to_vec());
    Estimate { cells, orders, errors, shares: [0, 1, 2].map(share), doubt: doubt(least) }
}

/// What speaks against an estimate, if the least order observed is this.
fn doubt(least: f64) -> Option<String> {
    (least < LEAST).then(|| {
        format!(
            "the parts converge with order {least:.1} only: the field is not resolved, and the error may be much larger"
        )
    })
}
