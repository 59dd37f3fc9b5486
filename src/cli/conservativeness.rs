//! `hodge conservativeness`.

use super::args::{Common, OutputFormat};
use super::args_autoencoder::ConservativenessArguments;
use super::conservativeness_table::table;
use super::exit::Exit;
use super::memory;
use super::terminal;
use crate::autoencoder::conservativeness::{Symmetry, hutchinson, hutchinson_forward, measure};
use crate::autoencoder::{AutoencoderError, Conditions, MapField, Network, PointSet, Verdict};
use crate::grid::{Axis, Grid, Location, Topology, unravel};
use crate::source::for_each_axis;
use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};

/// Cells along each axis of the grid where none are given.
const CELLS: usize = 128;

pub fn run(arguments: &ConservativenessArguments, common: &Common) -> Result<Exit> {
    if let Some((path, reconstruction)) = super::onnx::named(&arguments.source) {
        let model = super::onnx::read(path, reconstruction)?;
        return report(&model, None, arguments, common);
    }
    let path = arguments.source.strip_prefix("autoencoder:").unwrap_or(&arguments.source);
    let network = super::autoencoder::read(path.as_ref())?;
    report(&network, Some(&network), arguments, common)
}

/// A map, and its network where the weights are known.
fn report(
    map: &dyn MapField,
    network: Option<&Network>,
    arguments: &ConservativenessArguments,
    common: &Common,
) -> Result<Exit> {
    ensure!(
        arguments.points.is_some() || !arguments.domain.is_empty(),
        "nothing to measure at: give --points FILE, --domain x0,x1,y0,y1 or both"
    );
    let points = match &arguments.points {
        Some(path) => Some(PointSet::read(path)?.first(arguments.first.unwrap_or(usize::MAX))),
        None => None,
    };
    if let Some(points) = &points {
        check_dimension(map, points.dimension(), "points")?;
    }
    let grid = grid_points(map, arguments)?;
    let at = points.as_ref().map_or(&grid[..], PointSet::values);
    let mut result = at_points(map, network, at, arguments);
    check_finite(map, &result, at)?;
    if points.is_some() && !grid.is_empty() {
        result["grid"] = json!(measure(map, &grid));
        let sinks = network.and_then(|network| network.sink_share(&grid, None));
        result["grid"]["sink_fraction"] = json!(sinks);
        check_finite(map, &result["grid"], &grid)?;
    }
    result["source"] = json!(arguments.source);
    let tested = &at[..at.len().min(arguments.condition_points * map.dimension())];
    let verdict = network.and_then(|network| network.verdict(tested, arguments.tolerance));
    if let Some((conditions, verdict)) = verdict {
        result["conditions"] = condition_means(&conditions);
        result["verdict"] = json!(verdict);
        result["verdict_in_words"] = json!(verdict.in_words());
        result["energy"] = json!(verdict == Verdict::Conservative);
    }
    match common.format {
        OutputFormat::Json => terminal::print_json(&result.to_string()),
        OutputFormat::Table | OutputFormat::Csv => terminal::print(&table(&result)),
    }
    Ok(Exit::Done)
}

fn check_dimension(map: &dyn MapField, found: usize, what: &'static str) -> Result<()> {
    let expected = map.dimension();
    ensure!(found == expected, AutoencoderError::Dimension { expected, found, what });
    Ok(())
}

/// Refuses scores that are not finite, naming the first point that causes it.
fn check_finite(map: &dyn MapField, scores: &Value, at: &[f64]) -> Result<()> {
    if ["sym_map", "curl_rms"].iter().all(|key| scores[*key].is_number()) {
        return Ok(());
    }
    let ones = vec![1.0; map.dimension()];
    let bad = at.chunks(ones.len()).position(|point| {
        let (right, left) = map.jacobian_products(point, &ones);
        right.iter().chain(&left).any(|value| !value.is_finite())
    });
    let place = bad.map_or("some of the points".into(), |i| {
        let point = &at[i * ones.len()..][..ones.len()];
        let (shown, more) =
            (&point[..point.len().min(4)], if point.len() > 4 { ", …" } else { "" });
        format!("point {i} (from 0), {shown:?}{more}")
    });
    bail!("the Jacobian at {place} is NaN or infinite; leave out points where the map has no value")
}

/// The scores at a set of points, exact or estimated.
fn at_points(
    map: &dyn MapField,
    network: Option<&Network>,
    at: &[f64],
    arguments: &ConservativenessArguments,
) -> Value {
    let d = map.dimension();
    let mut result = match arguments.probes {
        None => json!(measure(map, at)),
        Some(probes) => estimated(map, network.is_some(), at, (probes, arguments)),
    };
    result["sink_fraction"] = json!(network.and_then(|network| network.sink_share(at, None)));
    result["dimension"] = json!(d);
    result
}

/// The scores from random probes: with products where the weights are known, else by evaluations alone.
fn estimated(
    map: &dyn MapField,
    weights: bool,
    at: &[f64],
    (probes, arguments): (usize, &ConservativenessArguments),
) -> Value {
    let (d, seed) = (map.dimension(), arguments.seed);
    let estimate = match weights && !arguments.forward_only {
        true => hutchinson(map, at, probes, seed),
        false => hutchinson_forward(map, at, probes, seed),
    };
    let random = Symmetry::random(d, estimate.jacobian_squared.mean, map.is_reconstruction());
    json!({
        "points": at.len() / d,
        "sym_map": estimate.sym_map.mean,
        "map_baseline": random[0],
        "sym_field": estimate.sym_field.mean,
        "field_baseline": random[1],
        "rho": estimate.rho.mean,
        "sym_sqrt": estimate.sym_map.mean.max(0.0).sqrt(),
        "nasym": 1.0 - estimate.sym_map.mean,
        "jacobian_rms": estimate.jacobian_squared.mean.sqrt(),
        "field_jacobian_rms": estimate.field_jacobian_squared.mean.sqrt(),
        "curl_rms": estimate.curl_squared.mean.max(0.0).sqrt(),
        "estimate": estimate,
    })
}

/// Means over the points, and the largest of each where it decides.
fn condition_means(conditions: &[Conditions]) -> Value {
    let count = conditions.len() as f64;
    let mean = |f: fn(&Conditions) -> f64| conditions.iter().map(f).sum::<f64>() / count;
    json!({
        "points": conditions.len(),
        "c_residual": mean(|c| c.c_residual),
        "c_asymmetry": mean(|c| c.c_asymmetry),
        "c_commutator": mean(|c| c.c_commutator),
        "e_residual": mean(|c| c.e_residual),
        "e_full_residual": mean(|c| c.e_full_residual),
        "e_off_diagonal": mean(|c| c.e_off_diagonal),
        "rank": conditions.iter().map(|c| c.rank).min(),
    })
}

/// Points of the grid over `--domain`, shape (points, D); none without it.
fn grid_points(map: &dyn MapField, arguments: &ConservativenessArguments) -> Result<Vec<f64>> {
    let axes = arguments.domain.len() / 2;
    if axes == 0 {
        ensure!(arguments.domain.is_empty(), "--domain has one number; 4 or 6 are needed");
        return Ok(Vec::new());
    }
    ensure!(
        arguments.domain.len() == 4 || arguments.domain.len() == 6,
        "--domain has {} numbers; 4 (2D) or 6 (3D) are needed",
        arguments.domain.len()
    );
    check_dimension(map, axes, "grid")?;
    if axes == 2 { cells::<2>(arguments) } else { cells::<3>(arguments) }
}

fn cells<const D: usize>(arguments: &ConservativenessArguments) -> Result<Vec<f64>> {
    let given = if arguments.n.is_empty() { &[CELLS][..] } else { &arguments.n };
    let numbers = given.len();
    let n = for_each_axis::<D, _>(given)
        .with_context(|| format!("--n has {numbers} numbers; give 1 or {D}"))?;
    let over = |k: usize| {
        let [start, end] = [arguments.domain[2 * k], arguments.domain[2 * k + 1]];
        Axis::over(start, end, n[k], Topology::Bounded)
    };
    let grid = Grid::<D>::new(std::array::from_fn(over))?;
    memory::check_scores(&grid)?;
    let at = |cell| grid.position(Location::CELL, unravel(grid.shape(), cell));
    Ok((0..grid.cells()).flat_map(at).collect())
}
