//! The cases: input, plan and the call that is timed.

use super::Prepared;
use hodge::boundary::Condition;
use hodge::field::ScalarField;
use hodge::grid::{Axis, Domain, Grid, Location, Topology};
use hodge::poisson::{self, Backend};
use hodge::source::autoencoder::train::Initial;
use hodge::source::autoencoder::{Activation, Network};
use hodge::transform::{Leray, WalledProjection};
use std::hint::black_box;
use std::time::Instant;

pub const NAMES: [&str; 9] = [
    "spectral2d",
    "spectral3d",
    "noflux2d",
    "noflux3d",
    "cholesky2d",
    "cholesky3d",
    "multigrid2d",
    "multigrid3d",
    "autoencoder",
];

pub fn prepare(case: &str, n: usize, precision: &str) -> Result<Prepared, String> {
    let failed = |e: poisson::SolveError| e.to_string();
    match (case, precision) {
        ("spectral2d", "f64") => Ok(spectral([n; 2])),
        ("spectral3d", "f64") => Ok(spectral([n; 3])),
        ("noflux2d", "f64") => Ok(no_flux([n; 2])),
        ("noflux3d", "f64") => Ok(no_flux([n; 3])),
        ("cholesky2d", "f64") => solve([n; 2], Backend::Cholesky).map_err(failed),
        ("cholesky3d", "f64") => solve([n; 3], Backend::Cholesky).map_err(failed),
        ("multigrid2d", "f64") => solve([n; 2], Backend::Multigrid).map_err(failed),
        ("multigrid3d", "f64") => solve([n; 3], Backend::Multigrid).map_err(failed),
        ("autoencoder", "f64") => autoencoder(n).map_err(|e| e.to_string()),
        _ if NAMES.contains(&case) => Err(format!(
            "{case} has no precision '{precision}'; expected f64, or f32 for spectral2d and spectral3d"
        )),
        _ => Err(format!("there is no case '{case}'; expected one of {}", NAMES.join(", "))),
    }
}

/// Random numbers between −½ and ½.
fn random(count: usize, seed: usize) -> Vec<f64> {
    let mut state = 12345 + seed as u64;
    let mut next = || {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (state >> 11) as f64 / (1_u64 << 53) as f64 - 0.5
    };
    (0..count).map(|_| next()).collect()
}

fn planned<T>(plan: impl FnOnce() -> T) -> (T, f64) {
    let start = Instant::now();
    let planned = plan();
    (planned, start.elapsed().as_secs_f64())
}

fn spectral<const D: usize>(shape: [usize; D]) -> Prepared {
    let points = shape.iter().product();
    let input: [Vec<f64>; D] = std::array::from_fn(|k| random(points, k));
    let mut parts: [[Vec<f64>; D]; 2] = [(); 2].map(|()| [(); D].map(|()| vec![0.0; points]));
    let (leray, plan_seconds) = planned(|| Leray::new(shape, [1.0; D]));
    let run = move || {
        let [gradient, solenoidal] =
            parts.each_mut().map(|part| part.each_mut().map(|a| &mut a[..]));
        black_box(leray.project(input.each_ref().map(|a| &a[..]), gradient, solenoidal));
    };
    Prepared { plan_seconds, run: Box::new(run) }
}

fn no_flux<const D: usize>(shape: [usize; D]) -> Prepared {
    let cells: usize = shape.iter().product();
    let faces: [usize; D] = std::array::from_fn(|k| cells / shape[k] * (shape[k] + 1));
    let input: [Vec<f64>; D] = std::array::from_fn(|k| random(faces[k], k));
    let mut parts = [(); 2].map(|()| faces.map(|count| vec![0.0; count]));
    let mut potential = vec![0.0; cells];
    let (plan, plan_seconds) =
        planned(|| WalledProjection::new(shape, [1.0; D], [Topology::Bounded; D]));
    let run = move || {
        let [gradient, solenoidal] =
            parts.each_mut().map(|part| part.each_mut().map(|a| &mut a[..]));
        let input = input.each_ref().map(|a| &a[..]);
        let found = plan.project(input, gradient, solenoidal, &mut potential);
        assert!(found.residual <= 1e-9 * found.norm, "residual {}", found.residual);
    };
    Prepared { plan_seconds, run: Box::new(run) }
}

fn solve<const D: usize>(
    cells: [usize; D],
    backend: Backend,
) -> Result<Prepared, poisson::SolveError> {
    let axes = cells.map(|n| Axis::over(0.0, 1.0, n, Topology::Bounded));
    let domain = Domain::full(Grid::new(axes).expect("N cells of size 1/N"));
    let mut values = random(domain.grid().cells(), 0);
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    values.iter_mut().for_each(|v| *v -= mean);
    let norm = values.iter().map(|v| v * v).sum::<f64>().sqrt();
    let rhs =
        ScalarField::from_values(*domain.grid(), Location::CELL, values).expect("one value a cell");
    // the scale for which multigrid stops at 1e-10 of the right-hand side
    let scale = if backend == Backend::Multigrid { norm * 1e3 } else { norm };
    let (solver, plan_seconds) = planned(|| poisson::plan(&domain, Condition::Natural, backend));
    let solver = solver?;
    let run = move || {
        let (_, report) = solver.solve(&rhs, scale).expect("a solution");
        assert!(report.residual * scale <= 1e-10 * norm, "residual {}", report.residual);
    };
    Ok(Prepared { plan_seconds, run: Box::new(run) })
}

fn autoencoder(n: usize) -> Result<Prepared, hodge::source::autoencoder::AutoencoderError> {
    let at = |i: usize| -0.6 + 1.2 * (i as f64 + 0.5) / n as f64;
    let points: Vec<f64> = (0..n * n).flat_map(|c| [at(c % n), at(c / n)]).collect();
    let (network, plan_seconds) = planned(|| {
        let initial = Initial::Uniform { limit: 1.0 };
        Network::random(2, &[1000], &[Activation::Sigmoid], false, initial, 1)
    });
    let network = network?;
    let run = move || {
        black_box(network.evaluate(&points, true));
    };
    Ok(Prepared { plan_seconds, run: Box::new(run) })
}
