//! `hodge conservativeness`.

use super::args::{Common, OutputFormat};
use super::args_autoencoder::ConservativenessArguments;
use super::exit::Exit;
use super::memory;
use super::terminal;
use crate::autoencoder::Differentiable;
use crate::autoencoder::conservativeness::{hutchinson, measure};
use crate::autoencoder::{AutoencoderError, Conditions, Network, PointSet, Verdict};
use crate::grid::{Axis, Grid, Location, Topology, unravel};
use crate::source::for_each_axis;
use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};

/// Cells along each axis of the grid where none are given.
const CELLS: usize = 128;

pub fn run(arguments: &ConservativenessArguments, common: &Common) -> Result<Exit> {
    if let Some((path, reconstruction)) = super::onnx::named(&arguments.source) {
        ensure!(
            arguments.activation.is_none(),
            "--activation is for weights; an ONNX model has its own: leave it out"
        );
        let model = super::onnx::read(path, reconstruction)?;
        return report(&model, None, arguments, common);
    }
    let path = arguments.source.strip_prefix("autoencoder:").unwrap_or(&arguments.source);
    let network = super::autoencoder::read(path.as_ref(), arguments.activation.as_deref())?;
    report(&network, Some(&network), arguments, common)
}

/// A map, and its network where the weights are known.
fn report(
    map: &dyn Differentiable,
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

fn check_dimension(map: &dyn Differentiable, found: usize, what: &'static str) -> Result<()> {
    let expected = map.dimension();
    ensure!(found == expected, AutoencoderError::Dimension { expected, found, what });
    Ok(())
}

/// Refuses scores that are not finite, naming the first point that causes it.
fn check_finite(map: &dyn Differentiable, scores: &Value, at: &[f64]) -> Result<()> {
    if ["sym", "curl_rms"].iter().all(|key| scores[*key].is_number()) {
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
    map: &dyn Differentiable,
    network: Option<&Network>,
    at: &[f64],
    arguments: &ConservativenessArguments,
) -> Value {
    let d = map.dimension();
    let sinks: Option<Vec<bool>> =
        network.and_then(|network| at.chunks(d).map(|x| network.is_sink(x)).collect());
    let share =
        |list: Vec<bool>| list.iter().filter(|sink| **sink).count() as f64 / list.len() as f64;
    let mut result = match arguments.probes {
        None => json!(measure(map, at)),
        Some(probes) => {
            let estimate = hutchinson(map, at, probes, arguments.seed);
            let nasym = estimate.nasym_pooled;
            json!({
                "points": at.len() / d,
                "sym": 1.0 - nasym,
                "sym_sqrt": (1.0 - nasym).max(0.0).sqrt(),
                "nasym": nasym,
                "curl_rms": estimate.curl_squared.mean.sqrt(),
                "estimate": estimate,
            })
        }
    };
    // With several hidden layers eq. 10 has no closed form; the trace behind it does.
    result["sink_fraction"] = match sinks {
        Some(list) => json!(share(list)),
        None => result["contracting_fraction"].clone(),
    };
    result["dimension"] = json!(d);
    result
}

/// Means over the points.
fn condition_means(conditions: &[Conditions]) -> Value {
    let mut means = json!(Conditions::means(conditions));
    if let Value::Object(means) = &mut means {
        means.insert("points".into(), conditions.len().into());
    }
    means
}

/// Points of the grid over `--domain`, shape (points, D); none without it.
fn grid_points(
    map: &dyn Differentiable,
    arguments: &ConservativenessArguments,
) -> Result<Vec<f64>> {
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

fn table(result: &Value) -> String {
    let number = |value: &Value| value.as_f64().map_or("–".to_string(), |v| format!("{v:.6}"));
    let mut out = String::new();
    let mut scores = |title: &str, of: &Value| {
        out += &format!("{title} ({} points)\n", of["points"]);
        for (key, meaning) in [
            ("sym", "mean |(J + J')/2|² / |J|², 1 for a symmetric Jacobian"),
            ("sym_sqrt", "the same before squaring, as in the authors' code"),
            ("nasym", "1 - sym"),
            ("curl_rms", "root mean square of the curl"),
            ("curl_max", "largest curl"),
            ("sink_fraction", "share of points that satisfy the sink condition"),
        ] {
            if !of[key].is_null() {
                out += &format!("  {key:14} {:>12}   {meaning}\n", number(&of[key]));
            }
        }
    };
    let source = result["source"].as_str().unwrap_or_default();
    scores(&terminal::escape(source), result);
    if !result["grid"].is_null() {
        scores("on the grid", &result["grid"]);
    }
    if let Some(error) = result["estimate"]["curl_squared"]["standard_error"].as_f64() {
        out += &format!("  squared curl is an estimate with standard error {error:.3e}\n");
    }
    if let Value::Object(conditions) = &result["conditions"] {
        out += "sufficient conditions (means over points; 0 where a condition holds)\n";
        for (key, meaning) in [
            ("c_residual", "R = C What, C from the weights"),
            ("c_asymmetry", "C symmetric"),
            ("c_commutator", "C commutes with What What'"),
            ("e_residual", "R = W E with E diagonal: the global condition"),
        ] {
            out += &format!("  {key:14} {:>12}   {meaning}\n", number(&conditions[key]));
        }
        out += &format!("verdict: {}\n", result["verdict_in_words"].as_str().unwrap_or_default());
    }
    out
}
