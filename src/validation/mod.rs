//! Analytic cases × methods: errors, observed orders and the claims they are held to.

#[cfg(feature = "sparse")]
mod adversarial;
mod claim;
#[cfg(feature = "sparse")]
pub mod comparison;
#[cfg(feature = "sparse")]
mod exact_row;
#[cfg(feature = "autoencoder")]
mod learned;
#[cfg(feature = "sparse")]
mod masked;
mod others;
#[cfg(feature = "files")]
mod outside;
mod plan;
mod run;

pub use claim::{Claim, EXACT};
#[cfg(feature = "sparse")]
pub use masked::{MASKED, run_masked};
#[cfg(feature = "files")]
pub use outside::{AGREE, Outside};
#[cfg(feature = "cli")]
pub(crate) use run::exact_parts;
pub use run::run_study;

use crate::boundary::Boundary;
use crate::decomposition::Method;
use crate::poisson::Backend;
use crate::source::analytic::{CASES_2D, CASES_3D, Case, CaseSpace};
use serde::Serialize;

/// One case decomposed by one method on a sequence of grids.
pub struct Study<const D: usize> {
    /// The field.
    pub case: &'static dyn Case<D>,
    /// The method.
    pub method: Method,
    /// The boundary convention of the exact parts; that of the method, if it has several.
    pub boundary: Boundary,
    /// The back end, for methods with Poisson solves.
    pub backend: Option<Backend>,
    /// Sizes of the grids, coarse to fine: see [`Case::cells`].
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
    /// The size of the grid, cells along every axis unless the case has others.
    pub n: usize,
    /// Relative L2 error of the gradient part, where it is known.
    pub error_gradient: Option<f64>,
    /// Of the solenoidal part.
    pub error_solenoidal: Option<f64>,
    /// Of the harmonic part.
    pub error_harmonic: Option<f64>,
    /// Relative error of ‖solenoidal‖², where only energies are known.
    pub error_energy: Option<f64>,
    /// ‖gradient‖².
    pub energy_gradient: f64,
    /// ‖solenoidal‖².
    pub energy_solenoidal: f64,
    /// ‖harmonic‖².
    pub energy_harmonic: f64,
    /// Observed order against the previous grid: the least over the parts that are not yet at
    /// rounding; of the energy where only that is known.
    pub order: Option<f64>,
    /// The largest |⟨a, b⟩|/‖v‖² of two parts.
    pub orthogonality: f64,
    /// What is left of ∇· of the solenoidal part, as in [`Report`](crate::diagnostic::Report).
    pub divergence: f64,
    /// What is left of ∇∧ of the gradient part, as there.
    pub curl: f64,
    /// The largest difference from what a program outside of hodge found, relatively; `None` before it was compared, or where
    /// all that is stored is rounding.
    pub outside: Option<f64>,
    /// The claim in words, and what is wrong with it.
    pub claim: String,
    /// Whether the whole study keeps its claim and this grid the exact statements, and errors are those stored.
    pub passed: bool,
}

/// The studies of the 2D cases.
pub fn studies_2d() -> Vec<Study<2>> {
    studies(CASES_2D, &[32, 64, 128, 256], &[16, 32, 64, 128], &[32, 64, 128, 256])
}

/// The studies of the 3D cases.
pub fn studies_3d() -> Vec<Study<3>> {
    studies(CASES_3D, &[16, 32, 64], &[12, 24, 40], &[8, 16, 32])
}

fn studies<const D: usize>(
    cases: &'static [&'static dyn Case<D>],
    sizes: &[usize],
    factored: &[usize],
    at_points: &[usize],
) -> Vec<Study<D>> {
    let mut studies = Vec::new();
    for &case in cases.iter().filter(|case| cfg!(feature = "sparse") || !walled_within(**case)) {
        if walled_within(case) {
            studies.extend(in_part(case));
            continue;
        }
        for boundary in Boundary::ALL {
            let middle = case.window().map(|(start, end, _)| 0.5 * (start + end));
            if boundary == Boundary::FreeSpace {
                if case.known_energies(boundary).is_some() || case.free_space() {
                    studies.extend(others::free_space(case));
                }
                continue;
            }
            let claim = match case.parts_under(boundary, middle) {
                Some(_) => Claim::Order(1.95),
                None if boundary == Boundary::Periodic => continue,
                None if case.known_energies(boundary).is_some() => Claim::EnergyOrder(1.95),
                None => continue,
            };
            if boundary == Boundary::Periodic && !case.space().has_metric() {
                studies.push(Study {
                    case,
                    method: Method::Spectral,
                    boundary,
                    backend: None,
                    sizes: vec![8, 16, 32, 64],
                    claim: spectral_claim(case.name()),
                });
            }
            if boundary == Boundary::NoFlux && takes_central(case) {
                // 32 cells do not show the order of energies in 3D yet.
                let coarse = D == 3 && matches!(claim, Claim::EnergyOrder(_));
                let claim = if coarse { Claim::EnergyOrder(1.7) } else { claim };
                studies.push(Study {
                    case,
                    method: Method::Central,
                    boundary,
                    backend: None,
                    sizes: at_points.to_vec(),
                    claim,
                });
            }
            for backend in solvers(case, boundary) {
                let direct = backend == Backend::Cholesky;
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
        #[cfg(feature = "sparse")]
        studies.extend(others::baselines(case));
        #[cfg(feature = "autoencoder")]
        studies.extend(learned::learned(case));
    }
    studies
}

/// Whether cells of the window do not take part in a case, or not alike: it takes sparse matrices.
fn walled_within<const D: usize>(case: &dyn Case<D>) -> bool {
    case.masked() || case.density([0.0; D]).is_some()
}

/// Those of a case in a part of its window, or under a density. Curved walls are stairs, beside which errors do not fall: of order ½.
fn in_part<const D: usize>(case: &'static dyn Case<D>) -> Vec<Study<D>> {
    let least = if CURVED.contains(&case.name()) { 0.4 } else { 1.95 };
    let sizes = if D == 2 { vec![32, 64, 128] } else { vec![16, 32] };
    let (method, claim) = (Method::Staggered, Claim::Order(least));
    let known = |b: &Boundary| case.parts_under(*b, [0.0; D]).is_some();
    let backends = [Backend::Cholesky, Backend::Multigrid];
    let all = Boundary::ALL.into_iter().filter(known).flat_map(|b| backends.map(|s| (b, Some(s))));
    let study = |(boundary, backend)| Study {
        case,
        method,
        boundary,
        backend,
        sizes: sizes.clone(),
        claim,
    };
    all.map(study).collect()
}

/// Cases between curved walls.
const CURVED: [&str; 5] = ["S1d", "H1", "C1", "C2", "C3"];

/// Whether the space of a case is one of the central method.
fn takes_central<const D: usize>(case: &dyn Case<D>) -> bool {
    match case.space() {
        CaseSpace::Flat | CaseSpace::Stretched(_) => cfg!(feature = "sparse"),
        CaseSpace::Sphere => D == 2 && cfg!(feature = "sparse"),
        CaseSpace::Shell | CaseSpace::Mapped(_) => false,
    }
}

/// What solves a case: the fastest that fits, and once a factor.
fn solvers<const D: usize>(case: &dyn Case<D>, boundary: Boundary) -> Vec<Backend> {
    let coarse = case.domain(case.cells(8)).expect("cases have sound windows");
    let factored = boundary == Boundary::NoFlux || coarse.metric().is_some();
    let fits = |backend: &Backend| match backend {
        Backend::Cholesky => factored,
        Backend::Multigrid => false,
        _ => backend.fits(&coarse),
    };
    Backend::ALL.into_iter().filter(fits).collect()
}

/// Band-limited cases are exact once their waves fit; P3 is not band-limited.
fn spectral_claim(case: &str) -> Claim {
    if case == "P3" { Claim::Exponential } else { Claim::Below { n: 32, error: 1e-13 } }
}
