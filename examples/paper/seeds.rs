//! Figures 4–6 over start seeds: medians and ranges instead of one run.

use crate::deformation::{CELLS, UNITS, WINDOW, settings, window_plan};
use crate::support::{Options, Settled, data, read_json, write_json};
use anyhow::Result;
use hodge::autoencoder::conservativeness::measure;
use hodge::autoencoder::train::{Initial, Settings, Trainer};
use hodge::autoencoder::{Activation, Network, PointSet};
use hodge::decomposition::Decompose;
use hodge::diagnostic;
use hodge::field::Layout;
use hodge::source::{AutoencoderField, Source};
use serde_json::{Value, json};
use std::path::Path;

/// Start seeds, unless told otherwise: of weights, noise and the order of the points.
const SEEDS: u64 = 10;

/// Point sets of figures 4, 5 and 6.
const SETS: [&str; 3] = ["line", "circle", "spiral"];

/// Numbers of a network whose median and range over the seeds are told, and whether training is said to let them fall.
const NUMBERS: [(&str, bool); 8] = [
    ("curl_mean_square", true),
    ("curl_relative", true),
    ("sym_map", false),
    ("sym_field", false),
    ("rho", true),
    ("solenoidal_fraction", true),
    ("solenoidal_fraction_without_mean", true),
    ("reconstruction", true),
];

/// What is trained: the authors' settings, and ReLU at the rate that they give sigmoid.
#[derive(Clone, Copy)]
struct Kind {
    name: &'static str,
    activation: Activation,
    rate: Option<f64>,
}

const KINDS: [Kind; 3] = [
    Kind { name: "sigmoid", activation: Activation::Sigmoid, rate: None },
    Kind { name: "relu", activation: Activation::Relu, rate: None },
    Kind { name: "relu at the rate of sigmoid", activation: Activation::Relu, rate: Some(8e-4) },
];

impl Kind {
    fn settings(self, seed: u64) -> Settings {
        let of_paper = settings(self.activation);
        Settings { seed, rate: self.rate.unwrap_or(of_paper.rate), ..of_paper }
    }
}

/// Trains what is not yet recorded; `seeds.json` is rewritten after each set, kind and seed.
pub fn run(options: &Options) -> Result<()> {
    let path = options.results.join("seeds.json");
    let mut runs = recorded(&path)?;
    for set in SETS {
        let points = PointSet::read(data(&format!("paper2d/{set}_train.csv"))?)?;
        for kind in KINDS {
            for seed in 1..=options.seeds.unwrap_or(SEEDS) {
                let told = json!({ "set": set, "kind": kind.name, "seed": seed, "units": units(options),
                    "epochs": epochs(options), "settings": Settled(kind.settings(seed)).value() });
                if runs.iter().any(|run| run["told"] == told) {
                    continue;
                }
                let mut run = train(options, kind, seed, &points)?;
                run["told"] = told;
                runs.push(run);
                write_json(&path, &json!({ "runs": runs, "summary": summary(&runs) }))?;
            }
        }
    }
    print(&summary(&runs));
    Ok(())
}

fn recorded(path: &Path) -> Result<Vec<Value>> {
    if !path.exists() {
        return Ok(Vec::new());
    }
    Ok(read_json(path)?["runs"].as_array().cloned().unwrap_or_default())
}

fn units(options: &Options) -> usize {
    options.units.unwrap_or(UNITS)
}

fn epochs(options: &Options) -> usize {
    options.epochs.unwrap_or(500)
}

fn train(options: &Options, kind: Kind, seed: u64, points: &PointSet) -> Result<Value> {
    let settings = kind.settings(seed);
    let initial = Initial::Uniform { limit: 1.0 };
    let start = Network::random(2, &[units(options)], &[kind.activation], false, initial, seed)?;
    let mut trainer = Trainer::<f64>::new(&start, settings)?;
    let (domain, plan) = window_plan()?;
    let first = numbers(&start, points, &*plan, &domain)?;
    let half = 0.5 * first["curl_mean_square"].as_f64().unwrap_or(f64::NAN);
    let mut halved = None;
    while trainer.epochs() < epochs(options) {
        trainer.epoch(points, None)?;
        if halved.is_none() {
            let curl = measure(&trainer.network()?, points.values()).curl_rms.powi(2);
            halved = (curl <= half).then(|| trainer.epochs());
        }
    }
    let last = numbers(&trainer.network()?, points, &*plan, &domain)?;
    Ok(json!({
        "before": first,
        "after": last,
        "epochs_to_halve_curl": halved,
        "rates_to_halve_curl": halved.map(|epochs| rates(&settings, epochs)),
    }))
}

/// The sum of the learning rates of so many epochs.
fn rates(settings: &Settings, epochs: usize) -> f64 {
    (0..epochs).map(|epoch| settings.rate / (1.0 + epoch as f64 / settings.decay)).sum()
}

fn numbers(
    network: &Network,
    points: &PointSet,
    plan: &dyn Decompose<2>,
    domain: &hodge::grid::Domain<2>,
) -> Result<Value> {
    let source = AutoencoderField::<2>::new(network.clone())?;
    let faces = source.sample(*domain.grid(), Layout::Faces);
    let samples = source.sample(*domain.grid(), Layout::Points);
    let report = diagnostic::measure(plan, &faces, &samples, &plan.decompose(&faces)?);
    let data = measure(network, points.values());
    let error = crate::deformation::squared_error(network, points.values());
    Ok(json!({
        "curl_mean_square": data.curl_rms.powi(2),
        "curl_relative": data.curl_relative,
        "sym_map": data.sym_map,
        "sym_field": data.sym_field,
        "rho": data.rho,
        "solenoidal_fraction": report.fraction.solenoidal,
        "solenoidal_fraction_without_mean": report.without_mean.map(|rest| rest.solenoidal),
        "reconstruction": error.iter().sum::<f64>() / error.len() as f64,
    }))
}

/// For every set and kind, of every number [least, median, largest] before and after, in how many runs it moved as is said, and
/// the seeds of those in which it did not.
fn summary(runs: &[Value]) -> Value {
    let mut rows = Vec::new();
    for set in SETS {
        for kind in KINDS {
            let of = |run: &&Value| run["told"]["set"] == set && run["told"]["kind"] == kind.name;
            let runs: Vec<&Value> = runs.iter().filter(of).collect();
            if runs.is_empty() {
                continue;
            }
            let mut row = json!({ "set": set, "kind": kind.name, "seeds": runs.len() });
            for (name, falls) in NUMBERS {
                row[name] = of_number(&runs, name, falls);
            }
            let curl = |run: &Value, when: &str| number(&run[when]["curl_mean_square"]);
            let ratios = runs.iter().map(|run| curl(run, "before") / curl(run, "after"));
            row["curl_ratio"] = json!(spread(ratios));
            for name in ["epochs_to_halve_curl", "rates_to_halve_curl"] {
                let never = runs.iter().filter(|run| run[name].is_null()).count();
                let found = runs.iter().filter(|run| !run[name].is_null());
                row[name] = json!({ "spread": spread(found.map(|run| number(&run[name]))), "never": never });
            }
            rows.push(row);
        }
    }
    json!({ "window": [WINDOW.0, WINDOW.1], "grid": CELLS, "rows": rows })
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or(f64::NAN)
}

fn of_number(runs: &[&Value], name: &str, falls: bool) -> Value {
    let at = |run: &Value, when: &str| number(&run[when][name]);
    let as_said = |run: &&&Value| (at(run, "after") < at(run, "before")) == falls;
    let against = runs.iter().filter(|run| !as_said(run));
    json!({
        "before": spread(runs.iter().map(|run| at(run, "before"))),
        "after": spread(runs.iter().map(|run| at(run, "after"))),
        "said": if falls { "falls" } else { "rises" },
        "runs": runs.iter().filter(as_said).count(),
        "against": against.map(|run| run["told"]["seed"].clone()).collect::<Vec<_>>(),
    })
}

/// Least, median, largest.
fn spread(values: impl Iterator<Item = f64>) -> Option<[f64; 3]> {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    let n = values.len();
    let median = 0.5 * (values.get(n.checked_sub(1)? / 2)? + values.get(n / 2)?);
    Some([values[0], median, values[n - 1]])
}

fn print(summary: &Value) {
    println!(
        "median (least – largest) over the seeds; in brackets how many runs move as the paper says"
    );
    println!(
        "| | curl² before | after | ratio | sym_map after | sym_field after | rho after | solenoidal |"
    );
    println!("|---|---|---|---|---|---|---|---|");
    for row in summary["rows"].as_array().into_iter().flatten() {
        let told = |spread: &Value| match spread.as_array() {
            Some(s) => {
                format!("{:.3} ({:.3} – {:.3})", number(&s[1]), number(&s[0]), number(&s[2]))
            }
            None => "–".into(),
        };
        let moved = |name: &str| {
            format!("{} [{} of {}]", told(&row[name]["after"]), row[name]["runs"], row["seeds"])
        };
        println!(
            "| {}, {} | {} | {} | {} | {} | {} | {} | {} |",
            row["set"].as_str().unwrap_or_default(),
            row["kind"].as_str().unwrap_or_default(),
            told(&row["curl_mean_square"]["before"]),
            moved("curl_mean_square"),
            told(&row["curl_ratio"]),
            moved("sym_map"),
            moved("sym_field"),
            moved("rho"),
            moved("solenoidal_fraction")
        );
    }
}
