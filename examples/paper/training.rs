//! Trains networks on MNIST, so that a run that was stopped goes on, and writes down what happens to their symmetry.

use crate::support::{Options, Settled, data, read_json, write_json};
use anyhow::{Context, Result, ensure};
use hodge::autoencoder::conservativeness::{Conservativeness, Symmetry, scores_without_growth};
use hodge::autoencoder::train::{Initial, Settings, Trainer};
use hodge::autoencoder::{Activation, Network, PointSet};
use serde_json::{Value, json};
use std::time::Instant;

/// Points the score is averaged over: the first 25 training digits, as in the authors' code.
pub const SCORED: usize = 25;

/// Digits over which scores have a standard error.
const MANY: usize = 1000;

/// What is trained, and how.
#[derive(Clone)]
pub struct Run {
    /// Of its files, and in what is printed.
    pub name: String,
    pub activation: Activation,
    pub widths: Vec<usize>,
    pub gain: f64,
    pub settings: Settings,
    pub epochs: usize,
}

/// The training digits, all unless told otherwise.
pub fn digits(options: &Options, count: usize) -> Result<PointSet> {
    let all = PointSet::read(data("mnist/train-images-idx3-ubyte.gz")?)?;
    Ok(all.first(options.samples.unwrap_or(count)))
}

impl Run {
    /// Trains, or goes on from the last checkpoint; returns the network, and for some epochs of its training the score,
    /// the loss and the seconds until then.
    pub fn train(&self, options: &Options, points: &PointSet) -> Result<(Network, Vec<Value>)> {
        let (checkpoint, history) =
            (self.kept(options, "checkpoint")?, self.kept(options, "json")?);
        let start = self.start(points.dimension())?;
        let told = self.told(points.len());
        let (mut trainer, mut rows) = if checkpoint.exists() && history.exists() {
            let found = read_json(&history)?;
            ensure!(
                found["told"] == told,
                "{} belongs to {}, expected {told}; give another --work",
                history.display(),
                found["told"]
            );
            let rows = found["rows"].as_array().context("rows")?.clone();
            (Trainer::<f32>::resume(&start, self.settings, &checkpoint)?, rows)
        } else {
            (Trainer::<f32>::new(&start, self.settings)?, Vec::new())
        };
        ensure!(trainer.epochs() <= self.epochs, "{} has more epochs", checkpoint.display());
        // A run may be stopped between the two files.
        rows.retain(|row| row["epoch"].as_u64().is_some_and(|e| e <= trainer.epochs() as u64));
        let before = rows.last().and_then(|row| row["seconds"].as_f64()).unwrap_or(0.0);
        let clock = Instant::now();
        loop {
            let epoch = trainer.epochs();
            let written = rows.last().is_some_and(|row| row["epoch"] == epoch);
            if !written && (epoch <= 5 || epoch % 5 == 0 || epoch == self.epochs) {
                let mut row = state(&trainer.network()?, points);
                row["epoch"] = json!(epoch);
                row["seconds"] = json!(before + clock.elapsed().as_secs_f64());
                eprintln!("{} {row}", self.name);
                rows.push(row);
                trainer.save(&checkpoint)?;
                write_json(&history, &json!({ "told": told, "rows": rows }))?;
            }
            if epoch >= self.epochs {
                break;
            }
            trainer.epoch(points, None)?;
        }
        let network = trainer.network()?;
        network.write(self.kept(options, "safetensors")?)?;
        Ok((network, rows))
    }

    fn start(&self, d: usize) -> Result<Network> {
        let activations = vec![self.activation; self.widths.len()];
        let glorot = Initial::Glorot { gain: self.gain };
        let seed = self.settings.seed;
        Ok(Network::random(d, &self.widths, &activations, false, glorot, seed)?)
    }

    fn kept(&self, options: &Options, ending: &str) -> Result<std::path::PathBuf> {
        options.kept(&format!("{}.{ending}", self.name))
    }

    /// What another run of the same name would have to have in common.
    pub fn told(&self, samples: usize) -> Value {
        json!({
            "activation": self.activation,
            "units": self.widths,
            "epochs": self.epochs,
            "samples": samples,
            "initial": format!("glorot, gain {}", self.gain),
            "precision": "f32",
            "settings": Settled(self.settings).value(),
        })
    }
}

/// Symmetry at the scored digits, and the loss at 1000.
fn state(network: &Network, points: &PointSet) -> Value {
    let score = brief(network, points.first(SCORED).values());
    json!({
        "sym_map": score.sym_map, "rho": score.rho, "sym_sqrt": score.sym_sqrt,
        "curl_rms": score.curl_rms, "loss": loss(network, points.first(MANY).values()),
    })
}

/// Means of the scores, those of growth left out.
pub fn brief(network: &Network, points: &[f64]) -> Conservativeness {
    Conservativeness::of(network.dimension(), &scores_without_growth(network, points), None)
}

/// Mean of ½|r(x) − x|², as in training.
fn loss(network: &Network, points: &[f64]) -> f64 {
    let count = points.len() / network.dimension();
    network.field(points).iter().map(|v| 0.5 * v * v).sum::<f64>() / count as f64
}

/// Means of the scores at the first 1000 digits, each with its standard error over them.
pub fn at_many(network: &Network, points: &PointSet) -> Value {
    let many = points.first(MANY);
    let scores = scores_without_growth(network, many.values());
    let estimate = |of: fn(&Symmetry) -> f64| {
        let n = scores.len() as f64;
        let mean = scores.iter().map(of).sum::<f64>() / n;
        let squares: f64 = scores.iter().map(|s| (of(s) - mean).powi(2)).sum();
        json!({ "mean": mean, "standard_error": (squares / (n * (n - 1.0))).sqrt() })
    };
    json!({
        "digits": many.len(),
        "sym_map": estimate(|s| s.sym_map),
        "sym_sqrt": estimate(|s| s.sym_sqrt),
        "rho": estimate(|s| s.rho),
    })
}

/// Least and largest.
pub fn range(values: &[f64]) -> Option<[f64; 2]> {
    let least = values.iter().copied().reduce(f64::min)?;
    Some([least, values.iter().copied().reduce(f64::max)?])
}
