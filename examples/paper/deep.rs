//! Figure 2: symmetry of networks with one and two hidden layers during training.

use crate::plot::Curves;
use crate::sheet::sheet;
use crate::support::{Options, read_json, write_json};
use crate::table1::{EPOCHS, ROWS, Row, SAMPLES, UNITS};
use crate::training::{Run, digits};
use anyhow::{Context, Result};
use hodge::autoencoder::PointSet;
use serde_json::{Value, json};

/// Start seeds, unless told otherwise.
const SEEDS: u64 = 3;

/// Trains what is not yet recorded, at the size of Table 1 unless told otherwise; `figure2.json` is rewritten after each run.
/// The networks with one hidden layer are those of Table 1, and are taken from there.
pub fn run(options: &Options) -> Result<()> {
    let path = options.results.join("figure2.json");
    let mut runs = match path.exists() {
        true => read_json(&path)?["runs"].as_array().context("figure2.json has no runs")?.clone(),
        false => Vec::new(),
    };
    if !options.redraw {
        let points = digits(options, SAMPLES)?;
        for seed in 1..=options.seeds.unwrap_or(SEEDS) {
            for row in ROWS.iter().filter(|r| !r.contractive && options.wants(&r.name())) {
                for layers in [1, 2] {
                    add(options, &points, row, layers, seed, &mut runs)?;
                    write_json(&path, &value(&runs))?;
                }
            }
        }
    }
    draw(options, &runs)?;
    write_json(&path, &value(&runs))
}

/// Trains a network unless it is there.
fn add(
    options: &Options,
    points: &PointSet,
    row: &Row,
    layers: usize,
    seed: u64,
    runs: &mut Vec<Value>,
) -> Result<()> {
    let shallow = row.run(options, seed);
    let run = match layers {
        1 => shallow,
        _ => Run {
            name: format!("two-{}", shallow.name),
            widths: vec![options.units.unwrap_or(UNITS); layers],
            epochs: options.epochs.unwrap_or(EPOCHS),
            ..shallow
        },
    };
    let told = run.told(points.len());
    if runs.iter().any(|run| run["told"] == told) {
        return Ok(());
    }
    let (_, rows) = run.train(options, points)?;
    runs.push(json!({
        "activation": row.activation, "hidden_layers": layers, "weight_length": row.constrained,
        "seed": seed, "told": told, "rows": rows,
    }));
    Ok(())
}

fn value(runs: &[Value]) -> Value {
    json!({
        "what": "symmetry at 25 digits (sym_map, sym_sqrt) and the mean of |r(x) − x|²/2 at 1000 (loss) during training; 1 − sym_sqrt of both at the last epoch and where both have the larger of their last losses",
        "comparisons": comparisons(runs),
        "runs": runs,
    })
}

/// One and two hidden layers from the same seed.
fn comparisons(runs: &[Value]) -> Vec<Value> {
    let same = |a: &Value, b: &Value| {
        ["activation", "weight_length", "seed"].iter().all(|key| a[*key] == b[*key])
    };
    let shallow = runs.iter().filter(|run| run["hidden_layers"] == 1);
    let pair = |one: &Value| {
        let two = runs.iter().find(|two| two["hidden_layers"] == 2 && same(one, two))?;
        let [one_rows, two_rows] = [one, two].map(|run| track(run, "loss"));
        let ends = [one_rows.last()?, two_rows.last()?];
        let loss = ends[0].0.max(ends[1].0);
        Some(json!({
            "activation": one["activation"], "weight_length": one["weight_length"], "seed": one["seed"],
            "at_the_end": [ends[0].1, ends[1].1],
            "losses": [ends[0].0, ends[1].0],
            "at_equal_loss": [at(&one_rows, loss), at(&two_rows, loss)],
        }))
    };
    shallow.filter_map(pair).collect()
}

/// 1 − sym_sqrt against another number during training, where both are recorded.
fn track(run: &Value, key: &str) -> Vec<(f64, f64)> {
    let rows = run["rows"].as_array().into_iter().flatten();
    rows.filter_map(|row| Some((row[key].as_f64()?, 1.0 - row["sym_sqrt"].as_f64()?))).collect()
}

/// 1 − sym_sqrt when the loss first falls to a value, between records linear in the logarithms.
fn at(track: &[(f64, f64)], loss: f64) -> Option<f64> {
    let after = track.iter().position(|(found, _)| *found <= loss)?;
    let (high, low) = (track[after.saturating_sub(1)], track[after]);
    if high.0 <= low.0 {
        return Some(low.1);
    }
    let share = (high.0 / loss).ln() / (high.0 / low.0).ln();
    Some(high.1 * (low.1 / high.1).powf(share))
}

fn draw(options: &Options, runs: &[Value]) -> Result<()> {
    let path = options.figures.join("figure2.png");
    let headline =
        "Distance from symmetry, 1 − sym_sqrt, on 25 MNIST digits, each start seed a curve";
    sheet(&path, (1200, 920), headline, (2, 2), |areas| {
        for (k, area) in areas.iter().enumerate() {
            let name = ["sigmoid", "relu"][k % 2];
            let of: Vec<&Value> = runs.iter().filter(|run| run["activation"] == name).collect();
            let (key, x_label) = [("epoch", "epoch"), ("loss", "log₁₀ of the loss")][k / 2];
            let curves = curves(&of, key);
            Curves { title: name.into(), x_label: x_label.into(), curves }.draw(area)?;
        }
        Ok(())
    })
}

/// Those of one kind of network beside each other, the first with its name.
fn curves(runs: &[&Value], key: &str) -> Vec<(String, Vec<(f64, f64)>)> {
    let mut curves = Vec::new();
    for layers in [1, 2] {
        for constrained in [false, true] {
            let length = if constrained { ", wl" } else { "" };
            let mut name = format!("{layers} hidden{length}");
            let of = runs.iter().filter(|run| {
                run["hidden_layers"] == layers && run["weight_length"] == constrained
            });
            for run in of {
                let mut points = track(run, key);
                if key == "loss" {
                    points.iter_mut().for_each(|point| point.0 = point.0.log10());
                }
                curves.push((std::mem::take(&mut name), points));
            }
        }
    }
    curves
}
