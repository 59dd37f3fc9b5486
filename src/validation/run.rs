//! Errors and observed orders of a study from grid to grid, and whether they keep its claim.

use super::plan::plan;
use super::{Claim, Outcome, Study};
use crate::boundary::Boundary;
use crate::decomposition::{DecomposeError, Method};
use crate::diagnostic::{PartErrors, errors, measure, observed_order};
use crate::field::{Layout, VectorField};
use crate::grid::Topology::Bounded;
use crate::grid::{Axis, Domain, Grid};
use crate::source::Source;
use crate::source::analytic::Case;

/// Errors below this are rounding: no order is observed on them.
const ROUNDING: f64 = 1e-12;

/// Runs a study: one outcome for each grid.
///
/// # Errors
/// If a field of the study cannot be decomposed.
pub fn run_study<const D: usize>(study: &Study<D>) -> Result<Vec<Outcome>, DecomposeError> {
    let mut outcomes = Vec::new();
    let mut errors: Vec<(usize, Errors)> = Vec::new();
    for &n in &study.sizes {
        let (outcome, error) = run_once(study, n)?;
        let order = errors.last().and_then(|(m, coarse)| coarse.order(*m, n, &error));
        outcomes.push(Outcome { order, ..outcome });
        errors.push((n, error));
    }
    let kept = keeps_claim(study.claim, &outcomes, &errors);
    outcomes.iter_mut().for_each(|o| o.passed &= kept);
    Ok(outcomes)
}

/// What is compared from grid to grid.
enum Errors {
    Parts(PartErrors),
    Energy(f64),
}

impl Errors {
    fn largest(&self) -> f64 {
        match self {
            Errors::Parts(parts) => parts.largest(),
            Errors::Energy(error) => *error,
        }
    }

    /// The least observed order over what is above rounding.
    fn order(&self, coarse: usize, fine: usize, finer: &Errors) -> Option<f64> {
        let pairs = match (self, finer) {
            (Errors::Parts(a), Errors::Parts(b)) => vec![
                (a.gradient, b.gradient),
                (a.solenoidal, b.solenoidal),
                (a.harmonic, b.harmonic),
            ],
            (Errors::Energy(a), Errors::Energy(b)) => vec![(*a, *b)],
            _ => Vec::new(),
        };
        let visible = pairs.into_iter().filter(|(_, fine)| *fine > ROUNDING);
        let orders = visible.map(|(a, b)| observed_order((coarse, a), (fine, b)));
        orders.reduce(f64::min)
    }
}

fn keeps_claim(claim: Claim, outcomes: &[Outcome], errors: &[(usize, Errors)]) -> bool {
    let last = errors.last().map_or(f64::INFINITY, |(_, e)| e.largest());
    match claim {
        Claim::Below { n, error } => {
            errors.iter().filter(|(m, _)| *m >= n).all(|(_, e)| e.largest() <= error)
        }
        Claim::Exponential => {
            let orders: Vec<f64> = outcomes.iter().filter_map(|o| o.order).collect();
            let grows = orders.windows(2).all(|pair| pair[1] > pair[0]);
            last <= ROUNDING && grows && orders.len() >= 2
        }
        Claim::Order(least) | Claim::EnergyOrder(least) => {
            let order = outcomes.last().and_then(|o| o.order);
            order.map_or(last <= ROUNDING, |order| order >= least)
        }
        Claim::DivergenceOrder(order) => {
            divergence_order(outcomes).is_some_and(|found| (found - order).abs() <= 0.1)
        }
        Claim::Stays(error) => errors.iter().all(|(_, e)| e.largest() >= error),
        Claim::Exact | Claim::FiveParts | Claim::Circulation | Claim::Betti(_) => true,
    }
}

/// The order of ∇· of the solenoidal part between the last two grids: net fluxes are that times a spacing.
fn divergence_order(outcomes: &[Outcome]) -> Option<f64> {
    let [.., coarse, fine] = outcomes else { return None };
    let of = |o: &Outcome| (o.n, o.divergence * o.n as f64);
    Some(observed_order(of(coarse), of(fine)))
}

fn run_once<const D: usize>(
    study: &Study<D>,
    n: usize,
) -> Result<(Outcome, Errors), DecomposeError> {
    let case = study.case;
    let grid = case.grid_under(case.cells(n), study.boundary).expect("cases have sound windows");
    let grid = if study.method == Method::Central { on_walls(&grid) } else { grid };
    let domain = domain(case, grid);
    let own = study.method.convention(domain.has_walls());
    let plan = plan(study.method, &domain, own.or(Some(study.boundary)), study.backend)?;
    let layout = study.method.layout();
    let inside = |mut field: VectorField<D>| {
        field.clear_outside(&domain);
        field
    };
    let field = inside(case.sample(grid, layout));
    let parts = plan.decompose(&field)?;
    let samples = inside(case.sample(grid, Layout::Points));
    let report = measure(&*plan, &field, &samples, &parts);
    let exact = exact_parts(case, grid, layout, study.boundary).map(|parts| parts.map(inside));
    let found = exact.map(|exact| errors(plan.calculus(), &parts, &exact));
    // What has no divergence may be one part.
    let whole = report.undivided && study.boundary == Boundary::NoFlux;
    let energy = if whole { report.energy.divergence_free } else { report.energy.solenoidal };
    let error_energy = energy_error(study, energy);
    let error = match (found, error_energy) {
        (Some(parts), _) => Errors::Parts(parts),
        (None, energy) => Errors::Energy(energy.unwrap_or(f64::NAN)),
    };
    let outcome = Outcome {
        case: case.name(),
        method: study.method,
        boundary: study.boundary,
        backend: plan.backend(),
        dims: D,
        n,
        error_gradient: found.map(|e| e.gradient),
        error_solenoidal: found.map(|e| e.solenoidal),
        error_harmonic: found.map(|e| e.harmonic),
        error_energy: if found.is_some() { None } else { error_energy },
        energy_gradient: report.energy.gradient,
        energy_solenoidal: energy,
        energy_harmonic: report.energy.harmonic,
        order: None,
        orthogonality: report.orthogonality,
        divergence: report.divergence,
        curl: report.curl,
        outside: None,
        claim: study.claim.in_words(),
        passed: report.claims_hold(),
    };
    Ok((outcome, error))
}

/// The domain of a case on a grid, with its density.
fn domain<const D: usize>(case: &dyn Case<D>, grid: Grid<D>) -> Domain<D> {
    let domain = case.domain_on(grid).expect("cases have sound windows");
    #[cfg(feature = "sparse")]
    if let Some(density) = case.density_on(grid) {
        return crate::operator::with_density(&domain, &density)
            .expect("cases have sound densities");
    }
    domain
}

/// The points of a method whose walls go through the outermost ones: the faces along axes with walls.
fn on_walls<const D: usize>(grid: &Grid<D>) -> Grid<D> {
    let through = |axis: &Axis| match (axis.bounded(), axis.is_uneven()) {
        (false, _) => *axis,
        (true, false) => Axis::from_points(axis.face(0), axis.spacing, axis.cells + 1, Bounded),
        (true, true) => {
            let faces: Vec<f64> = (0..=axis.cells).map(|i| axis.face(i)).collect();
            Axis::through_points(&faces).expect("faces rise")
        }
    };
    Grid::new(grid.axes().each_ref().map(through)).expect("as sound as the grid")
}

/// The exact parts where the method computes; `None` where the case does not know them.
pub(crate) fn exact_parts<const D: usize>(
    case: &dyn Case<D>,
    grid: Grid<D>,
    layout: Layout,
    boundary: Boundary,
) -> Option<[VectorField<D>; 3]> {
    let middle = case.window().map(|(start, end, _)| 0.5 * (start + end));
    case.parts_under(boundary, middle)?;
    let parts = |x| case.parts_under(boundary, x).expect("known at one point, known at all");
    Some([
        VectorField::sample(grid, layout, |x| parts(x).gradient),
        VectorField::sample(grid, layout, |x| parts(x).solenoidal),
        VectorField::sample(grid, layout, |x| parts(x).harmonic),
    ])
}

fn energy_error<const D: usize>(study: &Study<D>, solenoidal: f64) -> Option<f64> {
    let [gradient, exact, harmonic] = study.case.known_energies(study.boundary)?;
    let reference = if exact > 0.0 { exact } else { gradient + harmonic };
    Some((solenoidal - exact).abs() / reference)
}
