//! The cases: input, plan and the call that is timed.

use super::{Prepared, holes, solves, studies};
use hodge::autoencoder::train::{Corruption, Initial, Optimizer, Settings, Trainer, WeightLength};
use hodge::autoencoder::{Activation, AutoencoderError, Network, PointSet};
use hodge::field::{Layout, ScalarField, VectorField};
use hodge::grid::{Axis, Grid, Location, Topology};
use hodge::poisson::Backend;
use hodge::projection::{LerayProjection, MacProjection, ParallelProjection};
use std::hint::black_box;
use std::time::Instant;

pub const NAMES: [&str; 33] = [
    "spectral2d",
    "spectral3d",
    "noflux2d",
    "noflux3d",
    "parallel2d",
    "parallel3d",
    "decompose2d",
    "decompose3d",
    "decompose-walls2d",
    "decompose-walls3d",
    "series-cholesky2d",
    "decompose-masked2d",
    "holes",
    "measure2d",
    "measure3d",
    "measure-walls2d",
    "measure-walls3d",
    "measure-masked2d",
    "whole2d",
    "whole3d",
    "cholesky2d",
    "cholesky3d",
    "multigrid2d",
    "multigrid3d",
    "solve-globe",
    "solve-shell",
    "solve-box2d",
    "solve-box3d",
    "solve-channel2d",
    "solve-channel3d",
    "autoencoder",
    "autoencoder-relu",
    "training",
];

/// What a case is computed in, the usual precision first.
fn precisions(case: &str) -> &'static [&'static str] {
    match case {
        "training" => &["f32"],
        "spectral2d" | "spectral3d" => &["f64", "f32"],
        _ => &["f64"],
    }
}

pub fn prepare(case: &str, shape: &[usize], precision: Option<&str>) -> Result<Prepared, String> {
    if !NAMES.contains(&case) {
        return Err(format!("there is no case '{case}'; expected one of {}", NAMES.join(", ")));
    }
    let known = precisions(case);
    let precision = precision.unwrap_or(known[0]);
    if !known.contains(&precision) {
        return Err(format!("{case} is computed in {}, not in {precision}", known.join(" or ")));
    }
    match case {
        "spectral2d" if precision == "f32" => Ok(spectral_single(sizes::<2>(shape)?)),
        "spectral3d" if precision == "f32" => Ok(spectral_single(sizes::<3>(shape)?)),
        "spectral2d" => Ok(spectral(sizes::<2>(shape)?)),
        "spectral3d" => Ok(spectral(sizes::<3>(shape)?)),
        "noflux2d" => Ok(no_flux(sizes::<2>(shape)?)),
        "noflux3d" => Ok(no_flux(sizes::<3>(shape)?)),
        "parallel2d" => Ok(normal_parallel(sizes::<2>(shape)?)),
        "parallel3d" => Ok(normal_parallel(sizes::<3>(shape)?)),
        "cholesky2d" => solves::even(sizes::<2>(shape)?, Backend::Cholesky),
        "cholesky3d" => solves::even(sizes::<3>(shape)?, Backend::Cholesky),
        "series-cholesky2d" => studies::on_one_factor(sizes::<2>(shape)?),
        "multigrid2d" => solves::even(sizes::<2>(shape)?, Backend::Multigrid),
        "multigrid3d" => solves::even(sizes::<3>(shape)?, Backend::Multigrid),
        "solve-globe" => solves::globe(sizes::<2>(shape)?),
        "solve-shell" => solves::globe(sizes::<3>(shape)?),
        "solve-box2d" => solves::stretched(sizes::<2>(shape)?),
        "solve-box3d" => solves::stretched(sizes::<3>(shape)?),
        "solve-channel2d" => solves::channel(sizes::<2>(shape)?),
        "solve-channel3d" => solves::channel(sizes::<3>(shape)?),
        "whole2d" => studies::whole(sizes::<2>(shape)?),
        "whole3d" => studies::whole(sizes::<3>(shape)?),
        name if name.starts_with("decompose") || name.starts_with("measure") => {
            let (work, rest) = name.split_at(name.len() - "2d".len());
            match rest {
                "2d" => studies::library_call(work, sizes::<2>(shape)?),
                _ => studies::library_call(work, sizes::<3>(shape)?),
            }
        }
        "holes" => holes::holes(sizes::<2>(shape)?),
        "training" => training(sizes::<1>(shape)?).map_err(|e| e.to_string()),
        name => {
            let relu = name == "autoencoder-relu";
            let activation = if relu { Activation::Relu } else { Activation::Sigmoid };
            autoencoder(sizes::<2>(shape)?, activation).map_err(|e| e.to_string())
        }
    }
}

/// One size for every axis, or one for each.
fn sizes<const D: usize>(shape: &[usize]) -> Result<[usize; D], String> {
    match shape {
        [n] => Ok([*n; D]),
        _ => shape.try_into().map_err(|_| format!("this case has {D} axes, not {}", shape.len())),
    }
}

/// Random numbers between −½ and ½.
pub fn random(count: usize, seed: usize) -> Vec<f64> {
    let mut state = 12345 + seed as u64;
    let mut next = || {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (state >> 11) as f64 / (1_u64 << 53) as f64 - 0.5
    };
    (0..count).map(|_| next()).collect()
}

pub fn planned<T>(plan: impl FnOnce() -> T) -> (T, f64) {
    let start = Instant::now();
    let planned = plan();
    (planned, start.elapsed().as_secs_f64())
}

/// Random components on a grid of cells of size 1.
pub fn field<const D: usize>(
    shape: [usize; D],
    topology: Topology,
    layout: Layout,
) -> VectorField<D> {
    let axes = shape.map(|n| Axis::over(0.0, n as f64, n, topology));
    let mut field = VectorField::zeros(Grid::new(axes).expect("cells of size 1"), layout);
    for (k, component) in field.components_mut().iter_mut().enumerate() {
        let values = component.values_mut();
        values.copy_from_slice(&random(values.len(), k));
    }
    field
}

/// Where parts of a field go, with every page in place.
fn parts<const D: usize, const PARTS: usize>(field: &VectorField<D>) -> [VectorField<D>; PARTS] {
    [(); PARTS].map(|()| {
        let mut part = VectorField::zeros(*field.grid(), field.layout());
        part.components_mut().iter_mut().for_each(|c| c.values_mut().fill(1.0));
        part
    })
}

fn spectral<const D: usize>(shape: [usize; D]) -> Prepared {
    let input = field(shape, Topology::Periodic, Layout::Points);
    let mut parts = parts(&input);
    let (leray, plan_seconds) = planned(|| LerayProjection::new(shape, [1.0; D]));
    let run = move || {
        let [gradient, solenoidal] = parts.each_mut().map(values_mut);
        black_box(leray.project(values(&input), gradient, solenoidal));
    };
    Prepared { plan_seconds, run: Box::new(run) }
}

/// The same on arrays of singles, which live in the fields of a grid half as long.
fn spectral_single<const D: usize>(shape: [usize; D]) -> Prepared {
    let points: usize = shape.iter().product();
    let mut halved = shape;
    halved[0] = shape[0].div_ceil(2);
    let mut input = field(halved, Topology::Periodic, Layout::Points);
    for component in input.components_mut() {
        let doubles: Vec<f64> = random(points, 0);
        let singles: &mut [f32] = bytemuck::cast_slice_mut(component.values_mut());
        singles.iter_mut().zip(doubles).for_each(|(single, double)| *single = double as f32);
    }
    let mut parts = parts(&input);
    let (leray, plan_seconds) = planned(|| LerayProjection::<D, f32>::new(shape, [1.0; D]));
    let run = move || {
        let [gradient, solenoidal] = parts
            .each_mut()
            .map(|part| values_mut(part).map(|v| &mut bytemuck::cast_slice_mut(v)[..points]));
        let input = values(&input).map(|v| &bytemuck::cast_slice(v)[..points]);
        black_box(leray.project(input, gradient, solenoidal));
    };
    Prepared { plan_seconds, run: Box::new(run) }
}

fn no_flux<const D: usize>(shape: [usize; D]) -> Prepared {
    let input = field(shape, Topology::Bounded, Layout::Faces);
    let mut parts = parts(&input);
    let mut potential = ScalarField::zeros(*input.grid(), Location::CELL);
    let (plan, plan_seconds) =
        planned(|| MacProjection::new(shape, [1.0; D], [Topology::Bounded; D]));
    let run = move || {
        let [gradient, solenoidal] = parts.each_mut().map(values_mut);
        let potential = potential.values_mut();
        let found = plan.project(values(&input), gradient, solenoidal, potential);
        assert!(found.residual <= 1e-9 * found.norm, "residual {}", found.residual);
    };
    Prepared { plan_seconds, run: Box::new(run) }
}

fn normal_parallel<const D: usize>(shape: [usize; D]) -> Prepared {
    let input = field(shape, Topology::Bounded, Layout::Faces);
    let mut parts = parts(&input);
    let mut potential = ScalarField::zeros(*input.grid(), Location::CELL);
    let (plan, plan_seconds) =
        planned(|| ParallelProjection::new(shape, [1.0; D], [Topology::Bounded; D]));
    let run = move || {
        let potential = potential.values_mut();
        let found = plan.project(values(&input), parts.each_mut().map(values_mut), potential);
        let worst = found.residuals.into_iter().fold(0.0, f64::max);
        assert!(worst <= 1e-9 * found.norm, "residual {worst}");
    };
    Prepared { plan_seconds, run: Box::new(run) }
}

fn values<const D: usize>(field: &VectorField<D>) -> [&[f64]; D] {
    field.components().each_ref().map(|c| c.values())
}

fn values_mut<const D: usize>(field: &mut VectorField<D>) -> [&mut [f64]; D] {
    field.components_mut().each_mut().map(|c| c.values_mut())
}

fn autoencoder([nx, ny]: [usize; 2], activation: Activation) -> Result<Prepared, AutoencoderError> {
    let at = |i: usize, n: usize| -0.6 + 1.2 * (i as f64 + 0.5) / n as f64;
    let points: Vec<f64> = (0..nx * ny).flat_map(|c| [at(c % nx, nx), at(c / nx, ny)]).collect();
    let (network, plan_seconds) = planned(|| {
        let initial = Initial::Uniform { limit: 1.0 };
        Network::random(2, &[1000], &[activation], false, initial, 1)
    });
    let network = network?;
    let run = move || {
        black_box(network.evaluate(&points, true));
    };
    Ok(Prepared { plan_seconds, run: Box::new(run) })
}

fn training([samples]: [usize; 1]) -> Result<Prepared, AutoencoderError> {
    let points = PointSet::new(784, random(784 * samples, 0))?;
    let (trainer, plan_seconds) = planned(|| {
        let initial = Initial::Glorot { gain: 1.0 };
        let network = Network::random(784, &[500], &[Activation::Sigmoid], false, initial, 1)?;
        let settings = Settings {
            corruption: Corruption::None,
            contraction: 0.0,
            batch: 100,
            rate: 0.01,
            decay: f64::INFINITY,
            optimizer: Optimizer::Sgd { momentum: 0.5 },
            weight_length: WeightLength::Free,
            seed: 1,
        };
        Trainer::<f32>::new(&network, settings)
    });
    let mut trainer = trainer?;
    let run = move || {
        trainer.epoch(&points, None).expect("a finite loss");
    };
    Ok(Prepared { plan_seconds, run: Box::new(run) })
}
