//! Analytic cases × methods: errors, observed orders and the claims they are held to.

#[cfg(feature = "sparse")]
mod masked;

#[cfg(feature = "sparse")]
pub use masked::{MASKED, run_masked};

use crate::boundary::Boundary;
use crate::decomposition::{DecomposeError, Method};
use crate::diagnostic::{PartErrors, errors, measure, observed_order};
use crate::field::{Layout, VectorField};
use crate::grid::{Domain, Grid};
use crate::poisson::Backend;
use crate::source::Source;
use crate::source::analytic::{CASES_2D, CASES_3D, Case};
use serde::Serialize;

/// Exact statements (orthogonality, divergence, curl) must hold to this on every grid.
pub const EXACT: f64 = 1e-12;

/// What a study must show.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Claim {
    /// Errors no larger than this at n cells and finer.
    Below {
        /// Cells along an axis.
        n: usize,
        /// The bound.
        error: f64,
    },
    /// The observed order increases with every doubling until the error is below 1e-12.
    Exponential,
    /// The observed order of each part between the last two grids.
    Order(f64),
    /// The observed order of ‖solenoidal‖² towards its known value between the last two grids.
    EnergyOrder(f64),
    /// Only the exact statements.
    Exact,
    /// Five orthogonal parts with one tangential and one normal harmonic field.
    FiveParts,
    /// The harmonic part keeps the circulation 2π around the hole.
    Circulation,
    /// These Betti numbers, and the exact statements.
    Betti([usize; 3]),
}

impl Claim {
    /// The claim in words.
    pub fn in_words(self) -> String {
        match self {
            Claim::Below { n, error } => format!("errors <= {error:.0e} from n = {n}"),
            Claim::Exponential => "errors fall exponentially".into(),
            Claim::Order(order) => format!("order >= {order} in L2"),
            Claim::EnergyOrder(order) => format!("energies converge with order >= {order}"),
            Claim::Exact => format!("exact to {EXACT:.0e} for random data"),
            Claim::FiveParts => "five orthogonal parts, dim h_T = dim h_N = 1".into(),
            Claim::Circulation => format!("circulation 2 pi kept to {EXACT:.0e}"),
            Claim::Betti(numbers) => format!("Betti numbers {numbers:?}, exact for random data"),
        }
    }
}

/// One case decomposed by one method on a sequence of grids.
pub struct Study<const D: usize> {
    /// The field.
    pub case: &'static dyn Case<D>,
    /// The method.
    pub method: Method,
    /// The boundary convention.
    pub boundary: Boundary,
    /// The back end, for methods with Poisson solves.
    pub backend: Option<Backend>,
    /// Cells along every axis, coarse to fine.
    pub sizes: Vec<usize>,
    /// What it must show.
    pub claim: Claim,
}

/// What a study found on one grid.
#[derive(Clone, Debug, Serialize)]
pub struct Outcome {
    /// Name of the case.
    pub case: &'static str,
    /// The method.
    pub method: Method,
    /// The boundary convention.
    pub boundary: Boundary,
    /// The back end, `None` for a method without.
    pub backend: Option<Backend>,
    /// 2 or 3.
    pub dims: usize,
    /// Cells along every axis.
    pub n: usize,
    /// Relative L2 error of the gradient part, where it is known.
    pub error_gradient: Option<f64>,
    /// Of the solenoidal part.
    pub error_solenoidal: Option<f64>,
    /// Of the harmonic part.
    pub error_harmonic: Option<f64>,
    /// Relative error of ‖solenoidal‖², where only energies are known.
    pub error_energy: Option<f64>,
    /// ‖solenoidal‖².
    pub energy_solenoidal: f64,
    /// Observed order against the previous grid: the least over the parts that are not yet at
    /// rounding; of the energy where only that is known.
    pub order: Option<f64>,
    /// The largest |⟨a, b⟩|/‖v‖² of two parts.
    pub orthogonality: f64,
    /// ∇· of the solenoidal part, times h/‖v‖, by the method's own derivative.
    pub divergence: f64,
    /// ∇∧ of the gradient part, times h/‖v‖, by the method's own derivative.
    pub curl: f64,
    /// The claim in words.
    pub claim: String,
    /// Whether the whole study keeps its claim and this grid the exact statements.
    pub passed: bool,
}

/// Errors below this are rounding: no order is observed on them.
const ROUNDING: f64 = 1e-12;

/// The studies of the 2D cases.
pub fn studies_2d() -> Vec<Study<2>> {
    studies(CASES_2D, &[32, 64, 128, 256], &[16, 32, 64, 128])
}

/// The studies of the 3D cases.
pub fn studies_3d() -> Vec<Study<3>> {
    studies(CASES_3D, &[16, 32, 64], &[12, 24, 40])
}

fn studies<const D: usize>(
    cases: &'static [&'static dyn Case<D>],
    sizes: &[usize],
    factored: &[usize],
) -> Vec<Study<D>> {
    let mut studies = Vec::new();
    for &case in cases.iter().filter(|c| !c.masked()) {
        for boundary in Boundary::ALL {
            let middle = case.window().map(|(start, end, _)| 0.5 * (start + end));
            let claim = match case.parts_under(boundary, middle) {
                Some(_) => Claim::Order(1.95),
                None if boundary == Boundary::Periodic => continue,
                None if case.known_energies(boundary).is_some() => Claim::EnergyOrder(1.95),
                None => continue,
            };
            if boundary == Boundary::Periodic {
                studies.push(Study {
                    case,
                    method: Method::Spectral,
                    boundary,
                    backend: None,
                    sizes: vec![8, 16, 32, 64],
                    claim: spectral_claim(case.name()),
                });
            }
            for backend in [Backend::Transform, Backend::Cholesky] {
                let direct = backend == Backend::Cholesky;
                if direct && boundary != Boundary::NoFlux {
                    continue;
                }
                studies.push(Study {
                    case,
                    method: Method::Staggered,
                    boundary,
                    backend: Some(backend),
                    sizes: if direct { factored } else { sizes }.to_vec(),
                    claim,
                });
            }
        }
    }
    studies
}

/// Band-limited cases are exact once their waves fit; P3 is not band-limited.
fn spectral_claim(case: &str) -> Claim {
    if case == "P3" { Claim::Exponential } else { Claim::Below { n: 32, error: 1e-13 } }
}

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
        Claim::Exact | Claim::FiveParts | Claim::Circulation | Claim::Betti(_) => true,
    }
}

fn run_once<const D: usize>(
    study: &Study<D>,
    n: usize,
) -> Result<(Outcome, Errors), DecomposeError> {
    let case = study.case;
    let grid = case.grid_under([n; D], study.boundary).expect("cases have sound windows");
    let domain = Domain::full(grid);
    let plan = study.method.plan(&domain, Some(study.boundary), study.backend)?;
    let layout = study.method.layout();
    let field = case.sample(grid, layout);
    let parts = plan.decompose(&field)?;
    let samples = case.sample(grid, Layout::Points);
    let report = measure(&*plan, &field, &samples, &parts);
    let exact = exact_parts(case, grid, layout, study.boundary);
    let found = exact.map(|exact| errors(plan.calculus(), &parts, &exact));
    let error_energy = energy_error(study, report.energy.solenoidal);
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
        energy_solenoidal: report.energy.solenoidal,
        order: None,
        orthogonality: report.orthogonality,
        divergence: report.divergence,
        curl: report.curl,
        claim: study.claim.in_words(),
        passed: report.claims_hold(),
    };
    Ok((outcome, error))
}

/// The exact parts where the method computes; `None` where the case does not know them.
fn exact_parts<const D: usize>(
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
