//! Figure 2: symmetry of networks with one and two hidden layers during training.

use crate::plot::Curves;
use crate::sheet::sheet;
use crate::support::{Options, Settled, data, read_json, write_json};
use anyhow::{Context, Result};
use hodge::autoencoder::conservativeness::measure;
use hodge::autoencoder::train::{Initial, Optimizer, Settings, Trainer, WeightLength};
use hodge::autoencoder::{Activation, Network, PointSet};
use serde_json::{Value, json};

/// Training digits, hidden units of each layer, epochs: smaller than Table 1, so that the four runs
/// end within a few minutes.
const SAMPLES: usize = 10_000;
const UNITS: usize = 300;
const EPOCHS: usize = 40;

pub fn run(options: &Options) -> Result<()> {
    let path = options.results.join("figure2.json");
    if options.redraw {
        let value = read_json(&path)?;
        return draw(options, value["runs"].as_array().context("figure2.json has no runs")?);
    }
    let digits = PointSet::read(data("mnist/train-images-idx3-ubyte.gz")?)?
        .first(options.samples.unwrap_or(SAMPLES));
    let mut runs = Vec::new();
    for activation in [Activation::Sigmoid, Activation::Relu] {
        for layers in [1, 2] {
            for constrained in [false, true] {
                runs.push(train(options, &digits, activation, layers, constrained)?);
            }
        }
    }
    draw(options, &runs)?;
    let settings = "784–H–784 and 784–H–H–784";
    let value = json!({ "samples": digits.len(), "networks": settings, "runs": runs });
    write_json(&path, &value)
}

fn draw(options: &Options, runs: &[Value]) -> Result<()> {
    let path = options.figures.join("figure2.png");
    let headline = "Distance from symmetry, 1 − sym_sqrt, on 25 MNIST digits";
    sheet(&path, (1200, 480), headline, (1, 2), |areas| {
        for (name, area) in ["sigmoid", "relu"].iter().zip(areas) {
            let of = runs.iter().filter(|r| r["activation"] == *name);
            Curves {
                title: name.to_string(),
                x_label: "epoch".to_string(),
                curves: of.map(curve).collect(),
            }
            .draw(area)?;
        }
        Ok(())
    })
}

fn curve(run: &Value) -> (String, Vec<(f64, f64)>) {
    let rows = run["rows"].as_array().expect("rows");
    let number = |row: &Value, key: &str| row[key].as_f64().unwrap_or(f64::NAN);
    let points = rows.iter().map(|r| (number(r, "epoch"), 1.0 - number(r, "sym_sqrt"))).collect();
    let length = if run["weight_length"] == true { ", wl" } else { "" };
    (format!("{} hidden{length}", run["hidden_layers"]), points)
}

fn train(
    options: &Options,
    digits: &PointSet,
    activation: Activation,
    layers: usize,
    constrained: bool,
) -> Result<Value> {
    let settings = Settings {
        batch: 50,
        rate: 0.01,
        optimizer: Optimizer::Sgd { momentum: 0.5 },
        weight_length: match constrained {
            true => WeightLength::Fixed { alpha: 1.0 },
            false => WeightLength::Free,
        },
        ..Settings::default()
    };
    let widths = vec![options.units.unwrap_or(UNITS); layers];
    let d = digits.dimension();
    let glorot = Initial::Glorot { gain: 1.0 };
    let start = Network::random(d, &widths, &vec![activation; layers], false, glorot, 1)?;
    let mut trainer = Trainer::<f32>::new(&start, settings)?;
    let scored = digits.first(25);
    let mut rows = Vec::new();
    for epoch in 0..=options.epochs.unwrap_or(EPOCHS) {
        let loss = match epoch {
            0 => None,
            _ => Some(trainer.epoch(digits, None)?.reconstruction),
        };
        if epoch < 5 || epoch % 5 == 0 {
            let score = measure(&trainer.network()?, scored.values());
            rows.push(json!({ "epoch": epoch, "sym_map": score.sym_map, "rho": score.rho, "sym_sqrt": score.sym_sqrt, "loss": loss }));
        }
    }
    eprintln!("{activation} {layers} {constrained}: {}", rows[rows.len() - 1]);
    Ok(json!({
        "activation": activation, "hidden_layers": layers, "units": widths,
        "weight_length": constrained, "settings": Settled(settings).value(), "rows": rows,
    }))
}
