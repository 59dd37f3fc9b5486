//! What the supplement leaves open about Table 1, tried out on fewer digits, and the setting that comes nearest at full size.

use crate::support::{Options, read_json, write_json};
use crate::table1::{EPOCHS, ROWS, Row, SAMPLES, result};
use crate::training::{Run, digits, range};
use anyhow::{Context, Result};
use hodge::autoencoder::Activation;
use hodge::autoencoder::train::WeightLength;
use serde_json::{Value, json};

/// Digits and epochs of a try: a thirtieth of the steps of Table 1.
const TRIED: usize = 5_000;
const TRIED_EPOCHS: usize = 40;

/// What is changed of the settings of Table 1, one at a time.
#[derive(Clone, Copy, PartialEq)]
enum Open {
    /// Nothing.
    Base,
    /// Of the uniform start weights.
    Gain(f64),
    /// λ of the contractive penalty.
    Contraction(f64),
    /// |w|² = α.
    Alpha(f64),
    /// |w| at most so much, as in the authors' code.
    Clip(f64),
    /// The learning rate.
    Rate(f64),
}

/// In the order in which they are tried, for all rows to which they mean something.
const TRIES: [Open; 16] = [
    Open::Base,
    Open::Gain(0.3),
    Open::Gain(0.5),
    Open::Gain(0.7),
    Open::Contraction(0.01),
    Open::Contraction(0.03),
    Open::Contraction(0.1),
    Open::Contraction(0.3),
    Open::Contraction(3.0),
    Open::Alpha(0.3),
    Open::Alpha(3.0),
    Open::Alpha(10.0),
    Open::Clip(1.0),
    // √10.
    Open::Clip(3.1622776601683795),
    Open::Rate(0.003),
    Open::Rate(0.03),
];

impl Open {
    fn told(self) -> (&'static str, Option<f64>) {
        match self {
            Open::Base => ("settings of table1", None),
            Open::Gain(value) => ("gain", Some(value)),
            Open::Contraction(value) => ("contraction", Some(value)),
            Open::Alpha(value) => ("alpha", Some(value)),
            Open::Clip(value) => ("clip", Some(value)),
            Open::Rate(value) => ("rate", Some(value)),
        }
    }

    /// Whether it changes how a row is trained. Constrained weights have the length that the constraint gives, so that their
    /// start hardly counts.
    fn applies(self, row: &Row) -> bool {
        match self {
            Open::Base | Open::Rate(_) => true,
            Open::Gain(_) => !row.constrained,
            Open::Alpha(_) | Open::Clip(_) => row.constrained,
            Open::Contraction(value) => {
                let lambda = row.settings().contraction;
                // The penalty of ReLU has slopes up to 1, that of sigmoid up to a quarter.
                let most = if row.activation == Activation::Relu { 0.1 } else { 3.0 };
                row.contractive && value != lambda && value <= most && value >= 0.1 * lambda
            }
        }
    }

    fn name(self, row: &Row) -> String {
        match self.told() {
            (what, Some(value)) => format!("{}-{what}-{value:.3}", row.name()),
            (_, None) => format!("{}-base", row.name()),
        }
    }

    fn run(self, row: &Row, options: &Options, epochs: usize) -> Run {
        let mut run = row.run(options, 1);
        run.epochs = options.epochs.unwrap_or(epochs);
        match self {
            Open::Base => {}
            Open::Gain(value) => run.gain = value,
            Open::Contraction(value) => run.settings.contraction = value,
            Open::Alpha(alpha) => run.settings.weight_length = WeightLength::Fixed { alpha },
            Open::Clip(limit) => run.settings.weight_length = WeightLength::AtMost { limit },
            Open::Rate(value) => run.settings.rate = value,
        }
        run
    }
}

/// Trains what is not yet recorded; `sweep.json` is rewritten after each.
pub fn run(options: &Options) -> Result<()> {
    let path = options.results.join("sweep.json");
    let mut runs = recorded(options, "sweep")?;
    if options.redraw {
        return write_json(&path, &value(options, &runs)?);
    }
    let points = digits(options, TRIED)?;
    for open in TRIES {
        for row in ROWS.iter().filter(|row| options.wants(&row.name()) && open.applies(row)) {
            let name = open.name(row);
            let run = Run { name: format!("sweep-{name}"), ..open.run(row, options, TRIED_EPOCHS) };
            add(options, &run, row, open, &points, &mut runs)?;
            write_json(&path, &value(options, &runs)?)?;
        }
    }
    Ok(())
}

/// Trains every row at Table 1's size with the setting of `sweep.json` from which the number nearest to the published one is to
/// be expected.
pub fn best(options: &Options) -> Result<()> {
    let tried = recorded(options, "sweep")?;
    let path = options.results.join("best.json");
    let mut runs = recorded(options, "best")?;
    let (points, base) = (digits(options, SAMPLES)?, at_full_size(options)?);
    for row in ROWS.iter().filter(|row| options.wants(&row.name())) {
        let nearest = nearest(row, &tried, &base)
            .with_context(|| format!("run `sweep --only {}` first", row.name()))?;
        let open = TRIES.into_iter().find(|open| nearest["name"] == open.name(row));
        let open = open.context("sweep.json has other settings than are tried now")?;
        let name = format!("best-{}", open.name(row));
        let run = Run { name, ..open.run(row, options, EPOCHS) };
        add(options, &run, row, open, &points, &mut runs)?;
        write_json(&path, &json!({ "runs": runs }))?;
    }
    Ok(())
}

fn value(options: &Options, runs: &[Value]) -> Result<Value> {
    Ok(json!({
        "what": "scores at 25 digits after training at reduced size; expected: 1 − sym_sqrt of Table 1 from seed 1 times what the change does to it at reduced size",
        "summary": summary(runs, &at_full_size(options)?),
        "runs": runs,
    }))
}

/// `sym_sqrt` of the rows of Table 1 from seed 1, as far as they are recorded.
fn at_full_size(options: &Options) -> Result<Vec<Option<f64>>> {
    let path = options.results.join("table1.json");
    let found = if path.exists() { read_json(&path)? } else { Value::Null };
    let rows = found["rows"].as_array().cloned().unwrap_or_default();
    let of = |row: &Row| rows.iter().find(|v| row.is(v) && v["seed"] == 1).map(score);
    Ok(ROWS.iter().map(of).collect())
}

fn recorded(options: &Options, name: &str) -> Result<Vec<Value>> {
    let path = options.results.join(format!("{name}.json"));
    if !path.exists() {
        return Ok(Vec::new());
    }
    Ok(read_json(&path)?["runs"].as_array().cloned().unwrap_or_default())
}

/// Trains a run unless it is recorded.
fn add(
    options: &Options,
    run: &Run,
    row: &Row,
    open: Open,
    points: &hodge::autoencoder::PointSet,
    runs: &mut Vec<Value>,
) -> Result<()> {
    let (name, told) = (open.name(row), run.told(points.len()));
    if runs.iter().any(|run| run["name"] == name && run["told"] == told) {
        return Ok(());
    }
    let (network, history) = run.train(options, points)?;
    let found = result(&network, run, points, &history)?;
    let (what, value) = open.told();
    let mut kept =
        json!({ "name": name, "row": row.name(), "changed": what, "to": value, "told": told });
    for key in ["sym_map", "sym_sqrt", "rho", "loss", "seconds", "more_digits"] {
        kept[key] = found[key].clone();
    }
    runs.push(kept);
    Ok(())
}

fn of<'a>(row: &Row, runs: &'a [Value]) -> Vec<&'a Value> {
    runs.iter().filter(|run| run["row"] == row.name()).collect()
}

fn score(run: &Value) -> f64 {
    run["sym_sqrt"].as_f64().unwrap_or(f64::NAN)
}

/// The score to expect at full size: the distance from 1 of Table 1's, times what the change does to it in a try.
fn expected(row: &Row, run: &Value, runs: &[Value], base: &[Option<f64>]) -> Option<f64> {
    let at = ROWS.iter().position(|other| other.name() == row.name())?;
    let tried = of(row, runs).into_iter().find(|run| run["to"].is_null())?;
    Some(1.0 - (1.0 - base[at]?) * (1.0 - score(run)) / (1.0 - score(tried)))
}

/// The run from which the score nearest to the published one is to be expected; without Table 1, whose score is nearest.
fn nearest<'a>(row: &Row, runs: &'a [Value], base: &[Option<f64>]) -> Option<&'a Value> {
    let distance =
        |run: &&Value| (expected(row, run, runs, base).unwrap_or(score(run)) - row.paper).abs();
    of(row, runs).into_iter().min_by(|a, b| distance(a).total_cmp(&distance(b)))
}

/// Of every row the ranges over the settings, found and to be expected at full size, whether the published number lies in
/// the latter, and the nearest setting.
fn summary(runs: &[Value], base: &[Option<f64>]) -> Vec<Value> {
    let told = ROWS.iter().filter_map(|row| {
        let all = of(row, runs);
        let found: Vec<f64> = all.iter().map(|run| score(run)).collect();
        let full: Option<Vec<f64>> = all.iter().map(|run| expected(row, run, runs, base)).collect();
        let (found, nearest) = (range(&found)?, nearest(row, runs, base)?);
        let full = full.and_then(|full| range(&full));
        Some(json!({
            "row": row.name(), "settings": all.len(), "sym_sqrt": found, "expected": full,
            "paper": row.paper, "expected_reaches": full.map(|full| row.reached(full)),
            "nearest": {
                "name": nearest["name"], "sym_sqrt": score(nearest), "loss": nearest["loss"],
                "expected": expected(row, nearest, runs, base),
            },
        }))
    });
    told.collect()
}
