//! Figures 1 and 3: filters and hidden activations of the networks of Table 1.

use crate::plot::{bars, filters, histogram};
use crate::sheet::{Area, sheet};
use crate::spectra::{smoothness, white};
use crate::support::{Options, data, write_json};
use crate::table1;
use anyhow::Result;
use hodge::autoencoder::{Activation, Network, PointSet};
use serde_json::{Value, json};

/// Filters shown of each kind, in rows of [`COLUMNS`].
const SHOWN: usize = 32;
const COLUMNS: usize = 8;

/// A kind of auto-encoder of Table 1 without and with weight lengths.
fn pair(options: &Options, model: &str, activation: Activation) -> Result<[Network; 2]> {
    Ok([
        table1::network(options, &format!("{model}-{activation}"))?,
        table1::network(options, &format!("{model}-{activation}-wl"))?,
    ])
}

const NAMES: [&str; 2] = ["free", "with weight lengths"];

/// Figure 1: encoder filters w_l and decoder filters r_l, drawn for the contractive auto-encoders as in the supplement.
pub fn figure1(options: &Options) -> Result<()> {
    let digits = PointSet::read(data("mnist/train-images-idx3-ubyte.gz")?)?.first(1000);
    let mut rows = Vec::new();
    let path = options.figures.join("figure1.png");
    let headline = "Encoder and decoder filters of contractive auto-encoders trained on MNIST";
    sheet(&path, (1120, 370), headline, (2, 4), |areas| {
        for model in ["ae", "cae"] {
            for (activation, areas) in
                [Activation::Sigmoid, Activation::Relu].into_iter().zip(areas.chunks(4))
            {
                for (k, net) in pair(options, model, activation)?.iter().enumerate() {
                    let sides @ [encoder, decoder] = &units(net);
                    let mut row = likeness(activation, k == 1, encoder, decoder);
                    row["model"] = json!(model);
                    row["above_half_nyquist"] = smoothness(net, &digits, sides);
                    rows.push(row);
                    if model == "cae" {
                        tiles(
                            &areas[2 * k..2 * k + 2],
                            &format!("{activation}, {}", NAMES[k]),
                            sides,
                        )?;
                    }
                }
            }
        }
        Ok(())
    })?;
    let value = json!({
        "networks": rows,
        "what": "cosine between w_l and r_l over the units, and their lengths; share of |w_l|^2 and |r_l|^2 at more than 1/4 cycle a pixel, from sums over all units, over those that are on at one of 1000 digits or more, and the median over these",
        "above_half_nyquist_of_white_noise": white(),
    });
    write_json(&options.results.join("figure1.json"), &value)
}

fn tiles(areas: &[Area<'_>], title: &str, sides: &[Vec<Vec<f64>>; 2]) -> Result<()> {
    for ((area, side), set) in areas.iter().zip(["encoder", "decoder"]).zip(sides) {
        filters(area, &format!("{side}, {title}"), COLUMNS, &set[..SHOWN.min(set.len())])?;
    }
    Ok(())
}

/// w_l and r_l of every unit.
fn units(net: &Network) -> [Vec<Vec<f64>>; 2] {
    let [encoder, decoder] = net.layers() else { unreachable!("one hidden layer") };
    let count = encoder.outputs();
    let r = |l: usize| (0..net.dimension()).map(|i| decoder.weight[i * count + l]).collect();
    [(0..count).map(|l| encoder.row(l).to_vec()).collect(), (0..count).map(r).collect()]
}

fn likeness(activation: Activation, constrained: bool, w: &[Vec<f64>], r: &[Vec<f64>]) -> Value {
    let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
    let length = |a: &[f64]| dot(a, a).sqrt();
    let count = w.len() as f64;
    let cosines: Vec<f64> =
        w.iter().zip(r).map(|(w, r)| dot(w, r) / (length(w) * length(r)).max(1e-300)).collect();
    let mean = cosines.iter().sum::<f64>() / count;
    let spread = |set: &[Vec<f64>]| {
        let mean = set.iter().map(|a| length(a)).sum::<f64>() / count;
        let square = set.iter().map(|a| (length(a) - mean).powi(2)).sum::<f64>() / count;
        json!({ "mean": mean, "standard_deviation": square.sqrt() })
    };
    json!({
        "activation": activation, "weight_length": constrained, "units": w.len(),
        "cosine_mean": mean,
        "cosine_below_half": cosines.iter().filter(|c| **c < 0.5).count() as f64 / count,
        "encoder_length": spread(w), "decoder_length": spread(r),
    })
}

/// Figure 3: hidden activations over 1000 test digits.
pub fn figure3(options: &Options) -> Result<()> {
    let digits = PointSet::read(data("mnist/t10k-images-idx3-ubyte.gz")?)?.first(1000);
    let mut rows = Vec::new();
    let path = options.figures.join("figure3.png");
    let headline = "Hidden activations on MNIST test digits, without and with weight lengths";
    sheet(&path, (1100, 420), headline, (1, 2), |areas| {
        for (activation, area) in [Activation::Sigmoid, Activation::Relu].iter().zip(areas) {
            let nets = pair(options, "ae", *activation)?;
            let hidden = nets.each_ref().map(|net| {
                let values = (0..digits.len()).flat_map(|i| net.hidden(digits.point(i)).0);
                values.collect::<Vec<f64>>()
            });
            let range = match activation {
                Activation::Sigmoid => (0.0, 1.0),
                _ => (0.0, quantile(&hidden[0], 0.995).max(quantile(&hidden[1], 0.995))),
            };
            let sets: Vec<_> = (NAMES.iter().zip(&hidden))
                .map(|(name, h)| (*name, histogram(h, range, 40)))
                .collect();
            bars(area, &format!("{activation}: share of units × digits"), range, &sets)?;
            for (k, h) in hidden.iter().enumerate() {
                rows.push(statistics(*activation, k == 1, h, range, &sets[k].1));
            }
        }
        Ok(())
    })?;
    let value = json!({ "digits": digits.len(), "histograms": rows });
    write_json(&options.results.join("figure3.json"), &value)
}

fn quantile(values: &[f64], share: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted[((sorted.len() - 1) as f64 * share) as usize]
}

fn statistics(
    activation: Activation,
    constrained: bool,
    h: &[f64],
    range: (f64, f64),
    bins: &[f64],
) -> Value {
    let mean = h.iter().sum::<f64>() / h.len() as f64;
    let variance = h.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / h.len() as f64;
    json!({
        "activation": activation, "weight_length": constrained,
        "mean": mean, "standard_deviation": variance.sqrt(),
        "median": quantile(h, 0.5),
        "share_zero": h.iter().filter(|v| **v == 0.0).count() as f64 / h.len() as f64,
        "share_saturated": h.iter().filter(|v| activation == Activation::Sigmoid && (**v < 0.05 || **v > 0.95)).count() as f64 / h.len() as f64,
        "range": [range.0, range.1], "bins": bins,
    })
}
