//! Weight files, point files and checkpoints, and what is said about damaged ones.

use hodge::autoencoder::train::{Corruption, Initial, Optimizer, Settings, Trainer, WeightLength};
use hodge::autoencoder::{Activation, Network, PointSet};
use std::path::Path;
use tempfile::TempDir;

const GLOROT: Initial = Initial::Glorot { gain: 1.0 };

fn random(tied: bool) -> Network {
    let activations = [Activation::Sigmoid, Activation::Relu];
    Network::random(3, &[5, 5], &activations, tied, GLOROT, 4).unwrap()
}

#[test]
fn both_formats_keep_every_bit() {
    let _alone = crate::alone();
    let folder = TempDir::new().unwrap();
    for tied in [false, true] {
        for name in ["net.safetensors", "net.h5"] {
            let path = folder.path().join(name);
            random(tied).write(&path).unwrap();
            assert_eq!(Network::read(&path).unwrap(), random(tied));
        }
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2, "no part file stays");
}

/// Files that `tests/data/make_weights.py` and `make_torch.py` wrote in the layout of torch, and what
/// numpy and PyTorch computed with them.
#[test]
fn files_in_the_layout_of_torch_are_read_and_evaluate_the_same() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data");
    for name in ["weights", "torch"] {
        let net = Network::read(folder.join(name).with_extension("safetensors")).unwrap();
        let text = std::fs::read_to_string(folder.join(name).with_extension("json")).unwrap();
        let stored: serde_json::Value = serde_json::from_str(&text).unwrap();
        let list = |key: &str| -> Vec<f64> { serde_json::from_value(stored[key].clone()).unwrap() };
        let found = net.evaluate(&list("points"), true);
        let found = [("reconstruction", found.reconstruction), ("jacobian", found.jacobian)];
        for (key, values) in found {
            let expected = list(key);
            assert_eq!(values.len(), expected.len(), "{name} {key}");
            let close = values.iter().zip(&expected).all(|(a, b)| (a - b).abs() < 1e-12);
            assert!(close, "{name} {key}");
        }
    }
}

/// Name, shape as JSON, values.
type Tensor = (&'static str, &'static str, Vec<f64>);

/// A safetensors file by hand.
fn file(
    folder: &TempDir,
    metadata: &str,
    tensors: &[(&str, &str, Vec<f64>)],
) -> std::path::PathBuf {
    let mut header = format!("{{\"__metadata__\":{{{metadata}}}");
    let mut data = Vec::new();
    for (name, shape, values) in tensors {
        let start = data.len();
        data.extend(values.iter().flat_map(|v| v.to_le_bytes()));
        let end = data.len();
        header += &format!(
            ",\"{name}\":{{\"dtype\":\"F64\",\"shape\":{shape},\"data_offsets\":[{start},{end}]}}"
        );
    }
    header += "}";
    let mut bytes = (header.len() as u64).to_le_bytes().to_vec();
    bytes.extend(header.as_bytes());
    bytes.extend(data);
    let path = folder.path().join("hand.safetensors");
    std::fs::write(&path, bytes).unwrap();
    path
}

#[test]
fn damaged_weights_are_refused_with_the_tensor_and_the_numbers() {
    let folder = TempDir::new().unwrap();
    let sigmoid = "\"activation\":\"sigmoid\"";
    let good = [
        ("layers.0.weight", "[3,2]", vec![0.1; 6]),
        ("layers.0.bias", "[3]", vec![0.0; 3]),
        ("layers.1.weight", "[2,3]", vec![0.1; 6]),
        ("layers.1.bias", "[2]", vec![0.0; 2]),
    ];
    let message = |metadata: &str, change: &dyn Fn(&mut Vec<Tensor>)| {
        let mut tensors = good.to_vec();
        change(&mut tensors);
        Network::read(file(&folder, metadata, &tensors)).unwrap_err().to_string()
    };
    assert!(Network::read(file(&folder, sigmoid, &good)).is_ok());
    let cases = [
        (message("\"activation\":\"mish\"", &|_| ()), "unknown activation 'mish'"),
        (message("", &|_| ()), "'activation' is missing"),
        (
            message("\"activation\":\"sigmoid,relu,relu\"", &|_| ()),
            "1 hidden layers need 1 activations",
        ),
        (message("\"activation\":\"relu\",\"tied\":\"yes\"", &|_| ()), "'tied' is 'yes'"),
        (
            message(sigmoid, &|t| t[2].1 = "[3,2]"),
            "'layers.1.weight' has shape [3, 2], expected [2, 3]",
        ),
        (
            message(sigmoid, &|t| t[2].2[4] = f64::NAN),
            "'layers.1.weight' has 1 values that are NaN",
        ),
        (message(sigmoid, &|t| drop(t.remove(2))), "'layers.1.weight' is missing"),
        (message(sigmoid, &|t| t[3].0 = "layers.2.bias"), "layers.1.weight"),
        (message(sigmoid, &|t| t.push(("extra", "[1]", vec![0.0]))), "unexpected tensor 'extra'"),
        (message(sigmoid, &|t| t[3] = ("layers.1.bias", "[1]", vec![0.0])), "expected [1, 3]"),
    ];
    for (found, expected) in cases {
        assert!(found.contains(expected), "'{found}' should say '{expected}'");
    }
    let whole = file(&folder, sigmoid, &good);
    let bytes = std::fs::read(&whole).unwrap();
    std::fs::write(&whole, &bytes[..bytes.len() - 9]).unwrap();
    let cut = Network::read(&whole).unwrap_err().to_string();
    assert!(cut.contains("not a whole safetensors file"), "{cut}");
    let none = Network::read(folder.path().join("none.safetensors")).unwrap_err().to_string();
    assert!(none.contains("none.safetensors"), "{none}");
}

fn circle() -> PointSet {
    let angle = |i: usize| i as f64 * 0.1;
    PointSet::new(2, (0..90).flat_map(|i| [0.4 * angle(i).cos(), 0.4 * angle(i).sin()]).collect())
        .unwrap()
}

#[test]
fn a_resumed_run_repeats_the_whole_one_bit_for_bit() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("run.checkpoint");
    let optimizers = [
        Optimizer::Sgd { momentum: 0.9 },
        Optimizer::Adam { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
    ];
    for optimizer in optimizers {
        let start = Network::random(2, &[7], &[Activation::Tanh], false, GLOROT, 2).unwrap();
        let settings = Settings {
            corruption: Corruption::Gaussian { sigma: 0.05 },
            contraction: 0.01,
            batch: 16,
            optimizer,
            ..Settings::default()
        };
        let mut whole = Trainer::<f64>::new(&start, settings).unwrap();
        let mut first = Trainer::<f64>::new(&start, settings).unwrap();
        for _ in 0..3 {
            first.epoch(&circle(), None).unwrap();
        }
        first.save(&path).unwrap();
        let mut second = Trainer::<f64>::resume(&start, settings, &path).unwrap();
        for _ in 0..2 {
            second.epoch(&circle(), None).unwrap();
        }
        for _ in 0..5 {
            whole.epoch(&circle(), None).unwrap();
        }
        assert_eq!(whole.network().unwrap(), second.network().unwrap());
        assert_eq!(second.epochs(), 5);
        let other = Settings { seed: 8, ..settings };
        let refused = Trainer::<f64>::resume(&start, other, &path).unwrap_err().to_string();
        assert!(refused.contains("settings"), "{refused}");
        assert!(Trainer::<f32>::resume(&start, settings, &path).is_err());
    }
}

#[test]
fn weight_lengths_are_kept_and_corruptions_differ_by_seed() {
    let start = Network::random(2, &[9], &[Activation::Relu], false, GLOROT, 2).unwrap();
    for (weight_length, least, most) in [
        (WeightLength::Fixed { alpha: 0.25 }, 0.5, 0.5),
        (WeightLength::AtMost { limit: 0.3 }, 0.0, 0.3),
    ] {
        let corruption = Corruption::SaltAndPepper { probability: 0.2, low: -1.0, high: 1.0 };
        let settings = Settings { weight_length, corruption, rate: 0.05, ..Settings::default() };
        let run = |seed| {
            let mut trainer = Trainer::<f64>::new(&start, Settings { seed, ..settings }).unwrap();
            for _ in 0..4 {
                trainer.epoch(&circle(), None).unwrap();
            }
            trainer.network().unwrap()
        };
        let net = run(1);
        assert_eq!(net, run(1));
        assert_ne!(net, run(2));
        for l in 0..9 {
            let row: f64 = net.layers()[0].row(l).iter().map(|w| w * w).sum();
            let column: f64 = (0..2).map(|i| net.layers()[1].weight[i * 9 + l].powi(2)).sum();
            for length in [row.sqrt(), column.sqrt()] {
                assert!((least - 1e-12..=most + 1e-12).contains(&length), "{length}");
            }
        }
    }
}

#[test]
fn settings_and_divergence_are_reported() {
    let start = Network::random(2, &[9], &[Activation::Relu], false, GLOROT, 2).unwrap();
    let bad = Settings { rate: -1.0, ..Settings::default() };
    let message = Trainer::<f64>::new(&start, bad).unwrap_err().to_string();
    assert!(message.contains("rate = -1"), "{message}");
    let wild = Settings { rate: 1e9, ..Settings::default() };
    let mut trainer = Trainer::<f64>::new(&start, wild).unwrap();
    let error = (0..50).find_map(|_| trainer.epoch(&circle(), None).err()).unwrap().to_string();
    assert!(error.contains("diverged"), "{error}");
    let other = PointSet::new(3, vec![0.0; 9]).unwrap();
    let message = trainer.epoch(&other, None).unwrap_err().to_string();
    assert!(message.contains("works in 2 dimensions, the points in 3"), "{message}");
}
