//! Table 1: symmetry of the Jacobian after training on MNIST.

use crate::support::{Options, Settled, data, read_json, write_json};
use anyhow::{Context, Result};
use hodge::autoencoder::conservativeness::measure;
use hodge::autoencoder::train::{Initial, Optimizer, Settings, Trainer, WeightLength};
use hodge::autoencoder::{Activation, Conditions, Network, PointSet};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// One row: what is trained, and the percentage the supplement prints.
#[derive(Clone, Copy)]
struct Row {
    contractive: bool,
    activation: Activation,
    constrained: bool,
    paper: f64,
}

const ROWS: [Row; 8] = {
    use Activation::{Relu, Sigmoid};
    const fn row(contractive: bool, activation: Activation, constrained: bool, paper: f64) -> Row {
        Row { contractive, activation, constrained, paper }
    }
    [
        row(false, Relu, false, 0.959),
        row(false, Relu, true, 0.987),
        row(false, Sigmoid, false, 0.951),
        row(false, Sigmoid, true, 0.991),
        row(true, Relu, false, 0.952),
        row(true, Relu, true, 0.986),
        row(true, Sigmoid, false, 0.974),
        row(true, Sigmoid, true, 0.991),
    ]
};

/// What counts as zero in the sufficient conditions: weights were trained in single precision.
const TOLERANCE: f64 = 1e-6;

/// Points the score is averaged over: the first 25 training digits, as in the authors' code.
const SCORED: usize = 25;

impl Row {
    fn name(&self) -> String {
        let model = if self.contractive { "cae" } else { "ae" };
        let length = if self.constrained { "-wl" } else { "" };
        format!("{model}-{}{length}", self.activation)
    }

    fn settings(&self) -> Settings {
        let sigmoid = self.activation == Activation::Sigmoid;
        let contraction = match (self.contractive, sigmoid) {
            (false, _) => 0.0,
            (true, true) => 1.0,
            (true, false) => 0.1,
        };
        Settings {
            contraction,
            batch: 100,
            rate: 0.01,
            decay: 500.0,
            optimizer: Optimizer::Sgd { momentum: 0.5 },
            weight_length: match self.constrained {
                true => WeightLength::Fixed { alpha: 1.0 },
                false => WeightLength::Free,
            },
            ..Settings::default()
        }
    }
}

/// Trains the requested rows that are not yet recorded; `table1.json` is rewritten after each, and
/// a row that was stopped resumes from its last complete epoch.
pub fn run(options: &Options) -> Result<()> {
    let points = PointSet::read(data("mnist/train-images-idx3-ubyte.gz")?)?;
    let points = points.first(options.samples.unwrap_or(usize::MAX));
    let epochs = options.epochs.unwrap_or(100);
    let units = options.units.unwrap_or(500);
    for row in ROWS {
        let name = row.name();
        if options.only.as_ref().is_some_and(|only| !only.split(',').any(|o| o == name)) {
            continue;
        }
        let path = options.results.join("rows").join(format!("{name}.json"));
        if !path.exists() {
            let value = train(options, row, &points, units, epochs)?;
            write_json(&path, &value)?;
        }
        add_conditions(options, &name, &path, &points)?;
        collect(options)?;
    }
    Ok(())
}

/// Adds to a row what the sufficient conditions say of its network, as long as that is kept.
fn add_conditions(options: &Options, name: &str, path: &Path, points: &PointSet) -> Result<()> {
    let mut row = read_json(path)?;
    if !row["conditions"].is_null() || !kept(options, name)?.exists() {
        return Ok(());
    }
    let scored = points.first(SCORED);
    let (all, verdict) = network(options, name)?
        .verdict(scored.values(), TOLERANCE)
        .context("networks of Table 1 have one hidden layer")?;
    row["conditions"] = json!(Conditions::means(&all));
    row["verdict"] = json!(verdict);
    write_json(path, &row)
}

fn kept(options: &Options, name: &str) -> Result<PathBuf> {
    options.kept(&format!("table1-{name}.safetensors"))
}

/// The network of a row, as `table1` left it.
pub fn network(options: &Options, name: &str) -> Result<Network> {
    let path = kept(options, name)?;
    Network::read(&path).with_context(|| format!("run `table1 --only {name}` first"))
}

/// Joins the existing rows, in the order of the table.
fn collect(options: &Options) -> Result<()> {
    let mut rows: Vec<Value> = Vec::new();
    for row in ROWS {
        let path = options.results.join("rows").join(format!("{}.json", row.name()));
        if let Ok(text) = std::fs::read(path) {
            rows.push(serde_json::from_slice(&text)?);
        }
    }
    write_json(
        &options.results.join("table1.json"),
        &json!({
            "rows": rows,
            "scored_points": SCORED,
            "score": "means over the first 25 training digits of the Jacobian's symmetry; `paper` is the supplement's percentage, which is the root form (sym_sqrt)",
            "conditions": "means over the same digits of both sufficient conditions, R = C What and R = W E, 0 where one holds; E of the supplement only where What has rank H",
        }),
    )
}

fn train(
    options: &Options,
    row: Row,
    points: &PointSet,
    units: usize,
    epochs: usize,
) -> Result<Value> {
    let name = row.name();
    let settings = row.settings();
    let glorot = Initial::Glorot { gain: 1.0 };
    let d = points.dimension();
    let start = Network::random(d, &[units], &[row.activation], false, glorot, settings.seed)?;
    let checkpoint = options.kept(&format!("table1-{name}.checkpoint"))?;
    let mut trainer = if checkpoint.exists() {
        Trainer::<f32>::resume(&start, settings, &checkpoint)?
    } else {
        Trainer::<f32>::new(&start, settings)?
    };
    let scored = points.first(SCORED);
    let clock = std::time::Instant::now();
    let mut last = None;
    while trainer.epochs() < epochs {
        let epoch = trainer.epoch(points, None)?;
        if epoch.epoch % 5 == 0 || epoch.epoch == 1 {
            trainer.save(&checkpoint)?;
            let score = measure(&trainer.network()?, scored.values());
            eprintln!(
                "{name} {} loss {:.3} + {:.3} sym_map {:.4} sym_sqrt {:.4} ({:.0} s)",
                epoch.epoch,
                epoch.reconstruction,
                epoch.contraction,
                score.sym_map,
                score.sym_sqrt,
                clock.elapsed().as_secs_f64()
            );
        }
        last = Some(epoch);
    }
    let network = trainer.network()?;
    let score = measure(&network, scored.values());
    network.write(kept(options, &name)?)?;
    Ok(json!({
        "model": if row.contractive { "cae" } else { "ae" },
        "activation": row.activation,
        "weight_length": row.constrained,
        "units": units,
        "epochs": trainer.epochs(),
        "sym_map": score.sym_map,
        "sym_field": score.sym_field,
        "rho": score.rho,
        "sym_sqrt": score.sym_sqrt,
        "paper": row.paper,
        "curl_rms": score.curl_rms,
        "samples": points.len(),
        "loss": last.map(|e| e.reconstruction),
        "seconds": clock.elapsed().as_secs_f64(),
        "initial": "glorot, gain 1",
        "precision": "f32",
        "settings": Settled(settings).value(),
    }))
}
