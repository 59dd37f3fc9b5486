//! The scores of a network or a model at points and on a grid.

use super::super::args::Common;
use super::super::args_autoencoder::ConservativenessArguments;
use super::super::exit::Exit;
use super::cells::{AnyCells, check_dimension};
use super::output::Output;
use crate::autoencoder::conservativeness::{
    Conservativeness, Symmetry, hutchinson, hutchinson_forward, scores, scores_without_growth,
};
use crate::autoencoder::{Conditions, MapField, Network, PointSet, Verdict};
use anyhow::{Result, bail, ensure};
use serde_json::{Value, json};

/// Scores of a map, with its network where the weights are known.
pub fn report(
    map: &dyn MapField,
    network: Option<&Network>,
    arguments: &ConservativenessArguments,
    common: &Common,
) -> Result<Exit> {
    let points = arguments.points.as_deref().map(PointSet::read).transpose()?;
    let points = points.map(|all| all.first(arguments.first.unwrap_or(usize::MAX)));
    ensure!(
        points.is_some() || !arguments.grid.domain.is_empty(),
        "nothing to measure at: give --points FILE, --domain x0,x1,y0,y1 or both"
    );
    if let Some(points) = &points {
        check_dimension(map, points.dimension(), "points")?;
    }
    let cells = AnyCells::of(map, arguments)?;
    let scores = if arguments.no_eigenvalues { scores_without_growth } else { scores };
    let mut output = Output::of(arguments, common)?;
    let at = points.as_ref().map_or_else(|| cells.positions(), PointSet::values);
    let weights = cells.weights().filter(|_| points.is_none());
    let mut result = match arguments.probes {
        Some(probes) => {
            ensure!(
                weights.is_none() && arguments.output.is_none() && arguments.maps.picture.is_none(),
                "--probes estimates means alone: leave out -o, --picture and the density"
            );
            estimated(map, network.is_some(), at, (probes, arguments))
        }
        None => {
            let found = scores(map, at);
            if points.is_some() {
                output.points(at, map.dimension(), &found)?;
            } else {
                output.cells(&cells, &found)?;
            }
            json!(Conservativeness::of(map.dimension(), &found, weights))
        }
    };
    check_finite(map, &result, at)?;
    let sinks = |at, weights| json!(network.and_then(|net| net.sink_share(at, weights)));
    result["sink_fraction"] = sinks(at, weights);
    result["dimension"] = json!(map.dimension());
    if points.is_some() && !cells.positions().is_empty() {
        let found = scores(map, cells.positions());
        output.cells(&cells, &found)?;
        result["grid"] = json!(Conservativeness::of(map.dimension(), &found, cells.weights()));
        result["grid"]["sink_fraction"] = sinks(cells.positions(), cells.weights());
        check_finite(map, &result["grid"], cells.positions())?;
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
    super::print(&result, common);
    output.finish(common)?;
    Ok(Exit::Done)
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

/// Means over the points.
fn condition_means(conditions: &[Conditions]) -> Value {
    let mut means = json!(Conditions::means(conditions));
    if let Value::Object(means) = &mut means {
        means.insert("points".into(), conditions.len().into());
    }
    means
}
