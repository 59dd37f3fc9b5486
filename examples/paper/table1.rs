//! Table 1: symmetry of the Jacobian after training on MNIST.

use crate::support::{Options, read_json, write_json};
use crate::training::{Run, SCORED, at_many, brief, digits, range};
use anyhow::{Context, Result};
use hodge::autoencoder::train::{Optimizer, Settings, WeightLength};
use hodge::autoencoder::{Activation, Conditions, Network, PointSet};
use serde_json::{Value, json};

/// Start seeds, unless told otherwise: of the weights and of the order of the digits.
const SEEDS: u64 = 2;

/// Training digits, hidden units, epochs.
pub const SAMPLES: usize = 60_000;
pub const UNITS: usize = 500;
pub const EPOCHS: usize = 100;

/// One row: what is trained, and the share that the supplement prints.
#[derive(Clone, Copy)]
pub struct Row {
    pub contractive: bool,
    pub activation: Activation,
    pub constrained: bool,
    pub paper: f64,
}

pub const ROWS: [Row; 8] = {
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

/// Half of the last digit that the supplement prints.
const PRINTED: f64 = 0.0005;

/// What counts as zero in the sufficient conditions: weights were trained in single precision.
const TOLERANCE: f64 = 1e-6;

impl Row {
    pub fn name(&self) -> String {
        let model = if self.contractive { "cae" } else { "ae" };
        let length = if self.constrained { "-wl" } else { "" };
        format!("{model}-{}{length}", self.activation)
    }

    pub fn settings(&self) -> Settings {
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

    /// Its training from a start seed.
    pub fn run(&self, options: &Options, seed: u64) -> Run {
        Run {
            name: format!("{}-{seed}", self.name()),
            activation: self.activation,
            widths: vec![options.units.unwrap_or(UNITS)],
            gain: 1.0,
            settings: Settings { seed, ..self.settings() },
            epochs: options.epochs.unwrap_or(EPOCHS),
        }
    }

    /// Whether a recorded run is of this row.
    pub fn is(&self, run: &Value) -> bool {
        run["model"] == if self.contractive { "cae" } else { "ae" }
            && run["activation"] == self.activation.name()
            && run["weight_length"] == self.constrained
    }

    /// Whether a range reaches the published number, as it is printed.
    pub fn reached(&self, range: [f64; 2]) -> bool {
        range[0] <= self.paper + PRINTED && range[1] >= self.paper - PRINTED
    }
}

/// Trains the requested rows that are not yet recorded, all from one seed before the next; `table1.json` is rewritten after
/// each, and a row that was stopped resumes from its last checkpoint.
pub fn run(options: &Options) -> Result<()> {
    let points = digits(options, SAMPLES)?;
    for seed in 1..=options.seeds.unwrap_or(SEEDS) {
        for row in ROWS.iter().filter(|row| options.wants(&row.name())) {
            let path = options.results.join("rows").join(format!("{}-{seed}.json", row.name()));
            // Rows that were recorded before the conditions were are trained again.
            if !path.exists() || read_json(&path)?["conditions"].is_null() {
                write_json(&path, &train(options, *row, seed, &points)?)?;
            }
            collect(options)?;
        }
    }
    Ok(())
}

/// The network of a row from seed 1, as `table1` left it.
pub fn network(options: &Options, name: &str) -> Result<Network> {
    let path = options.kept(&format!("{name}-1.safetensors"))?;
    Network::read(&path).with_context(|| format!("run `table1 --only {name}` first"))
}

fn train(options: &Options, row: Row, seed: u64, points: &PointSet) -> Result<Value> {
    let run = row.run(options, seed);
    let (network, history) = run.train(options, points)?;
    let mut value = result(&network, &run, points, &history)?;
    value["model"] = json!(if row.contractive { "cae" } else { "ae" });
    value["weight_length"] = json!(row.constrained);
    value["paper"] = json!(row.paper);
    value["seed"] = json!(seed);
    let (all, verdict) = network
        .verdict(points.first(SCORED).values(), TOLERANCE)
        .context("networks of Table 1 have one hidden layer")?;
    value["conditions"] = json!(Conditions::means(&all));
    value["verdict"] = json!(verdict);
    Ok(value)
}

/// What is recorded of a network at the end of its training.
pub fn result(network: &Network, run: &Run, points: &PointSet, history: &[Value]) -> Result<Value> {
    let last = history.last().context("a run has at least one state")?;
    let score = brief(network, points.first(SCORED).values());
    let mut value = run.told(points.len());
    value["sym_map"] = json!(score.sym_map);
    value["sym_field"] = json!(score.sym_field);
    value["rho"] = json!(score.rho);
    value["sym_sqrt"] = json!(score.sym_sqrt);
    value["curl_rms"] = json!(score.curl_rms);
    value["loss"] = last["loss"].clone();
    value["seconds"] = last["seconds"].clone();
    value["more_digits"] = at_many(network, points);
    Ok(value)
}

/// Joins the existing rows, in the order of the table.
fn collect(options: &Options) -> Result<()> {
    let mut rows: Vec<Value> = Vec::new();
    for row in ROWS {
        for seed in 1.. {
            let path = options.results.join("rows").join(format!("{}-{seed}.json", row.name()));
            if !path.exists() {
                break;
            }
            rows.push(read_json(&path)?);
        }
    }
    write_json(
        &options.results.join("table1.json"),
        &json!({
            "summary": summary(&rows),
            "rows": rows,
            "scored_points": SCORED,
            "score": "means over the first 25 training digits of the Jacobian's symmetry; `paper` is the supplement's percentage, which is the root form (sym_sqrt); `loss` is the mean of |r(x) − x|²/2 at the first 1000",
            "conditions": "means over the same digits of both sufficient conditions, R = C What and R = W E, 0 where one holds; E of the supplement only where What has rank H",
        }),
    )
}

/// Of every row the range over the seeds and whether the published number lies in it; and the pairs in which weight lengths
/// raise the score from every seed.
fn summary(rows: &[Value]) -> Value {
    let of = |row: &Row| -> Vec<f64> {
        let same = |v: &&Value| row.is(v);
        rows.iter().filter(same).filter_map(|v| v["sym_sqrt"].as_f64()).collect()
    };
    let told = ROWS.iter().filter_map(|row| {
        let found = of(row);
        let range = range(&found)?;
        Some(json!({ "row": row.name(), "seeds": found.len(), "sym_sqrt": range,
            "paper": row.paper, "reached": row.reached(range) }))
    });
    let pairs = ROWS.chunks(2).filter_map(|pair| {
        let (free, constrained) = (of(&pair[0]), of(&pair[1]));
        let seeds = free.len().min(constrained.len());
        let raised = free.iter().zip(&constrained).filter(|(free, wl)| wl > free).count();
        (seeds > 0).then(|| {
            json!({ "row": pair[0].name(), "seeds": seeds, "raised": raised, "holds": raised == seeds })
        })
    });
    json!({ "rows": told.collect::<Vec<_>>(), "weight_lengths_raise": pairs.collect::<Vec<_>>() })
}
