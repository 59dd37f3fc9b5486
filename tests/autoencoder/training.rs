//! What training does to the symmetry of the Jacobian, and what an interruption leaves.

use crate::random::Random;
use hodge::autoencoder::conservativeness::measure;
use hodge::autoencoder::train::{Corruption, Initial, Optimizer, Settings, Trainer, WeightLength};
use hodge::autoencoder::{Activation, Network, PointSet};
use std::path::Path;
use tempfile::TempDir;

/// Pictures of 8 × 8 pixels with two round spots each, at random.
fn spots(folder: &TempDir) -> PointSet {
    let mut random = Random::new(7);
    let mut next = || 1.0 + 5.0 * random.unit();
    let mut text = String::new();
    for _ in 0..200 {
        let centres = [[next(), next()], [next(), next()]];
        let pixel = |k: usize| {
            let [i, j] = [(k / 8) as f64, (k % 8) as f64];
            let spot = |[a, b]: [f64; 2]| (-((i - a).powi(2) + (j - b).powi(2)) / 1.5).exp();
            centres.map(spot).iter().sum::<f64>().min(1.0).to_string()
        };
        text += &((0..64).map(pixel).collect::<Vec<_>>().join(",") + "\n");
    }
    let path = folder.path().join("spots.csv");
    std::fs::write(&path, text).unwrap();
    PointSet::read(path).unwrap()
}

/// Trains 32 sigmoid units for 20 epochs; `sym_sqrt` over the first 25 points at the end.
fn trained(points: &PointSet, contraction: f64, weight_length: WeightLength) -> f64 {
    let settings = Settings {
        contraction,
        weight_length,
        batch: 10,
        rate: 0.02,
        optimizer: Optimizer::Sgd { momentum: 0.5 },
        ..Settings::default()
    };
    let (d, glorot) = (points.dimension(), Initial::Glorot { gain: 1.0 });
    let start = Network::random(d, &[32], &[Activation::Sigmoid], false, glorot, 1).unwrap();
    let mut trainer = Trainer::<f32>::new(&start, settings).unwrap();
    let score = |network: &Network| measure(network, points.first(25).values()).sym_sqrt;
    let before = score(&trainer.network().unwrap());
    let losses: Vec<f64> =
        (0..20).map(|_| trainer.epoch(points, None).unwrap().reconstruction).collect();
    let after = score(&trainer.network().unwrap());
    assert!(losses[19] < 0.8 * losses[0], "the loss falls: {losses:?}");
    // Independent random weights: √½ in many dimensions.
    assert!((before - 0.71).abs() < 0.02, "{before}");
    assert!(after > before + 0.08, "symmetry rises: {before} to {after}");
    after
}

/// Table 1 of the supplement in small: a contractive penalty and weights of fixed length each make
/// the Jacobian more symmetric than plain training does.
fn table_1(points: &PointSet) {
    let unit = WeightLength::Fixed { alpha: 1.0 };
    let plain = trained(points, 0.0, WeightLength::Free);
    let constrained = trained(points, 0.0, unit);
    let contractive = trained(points, 1.0, WeightLength::Free);
    let both = trained(points, 1.0, unit);
    assert!(constrained > plain + 0.015, "weight length {constrained}, plain {plain}");
    assert!(contractive > plain + 0.04, "contractive {contractive}, plain {plain}");
    assert!(both > plain + 0.03, "both {both}, plain {plain}");
}

#[test]
fn contraction_and_weight_length_make_spots_more_symmetric() {
    table_1(&spots(&TempDir::new().unwrap()));
}

#[test]
fn contraction_and_weight_length_make_digits_more_symmetric() {
    let Some([path]) = crate::needs::data(["mnist/train-images-idx3-ubyte.gz"]) else { return };
    table_1(&PointSet::read(path).unwrap().first(200));
}

/// The line, circle and spiral of the supplement with the authors' settings, for a fifth of their epochs.
#[test]
fn the_curl_at_the_data_falls_as_denoising_networks_train() {
    fn turn(i: usize, turns: f64, radius: f64) -> [f64; 2] {
        let angle = std::f64::consts::TAU * turns * i as f64 / 500.0;
        [radius * angle.cos(), radius * angle.sin()]
    }
    type Curve = fn(usize) -> [f64; 2];
    let sets: [(&str, Curve); 3] = [
        ("line", |i| [i as f64 / 500.0 - 0.5, 0.0]),
        ("circle", |i| turn(i, 1.0, 0.4)),
        ("spiral", |i| turn(i, 2.0, 0.1 + 0.4 * i as f64 / 500.0)),
    ];
    let corruption = Corruption::Gaussian { sigma: 0.05 };
    let settings = Settings { corruption, rate: 8e-4, ..Settings::default() };
    let initial = Initial::Uniform { limit: 1.0 };
    let start = Network::random(2, &[1000], &[Activation::Sigmoid], false, initial, 1).unwrap();
    for (name, at) in sets {
        let points = PointSet::new(2, (0..500).flat_map(at).collect()).unwrap();
        let mut trainer = Trainer::<f64>::new(&start, settings).unwrap();
        let score = |network: &Network| measure(network, points.values()).curl_rms.powi(2);
        let before = score(&start);
        for _ in 0..100 {
            trainer.epoch(&points, None).unwrap();
        }
        let after = score(&trainer.network().unwrap());
        assert!(after < before / 5.0, "{name}: {before} to {after}");
    }
}

#[cfg(unix)]
#[test]
fn an_interrupted_training_keeps_its_weights_and_goes_on_bit_for_bit() {
    use std::process::{Command, Stdio};
    let folder = TempDir::new().unwrap();
    spots(&folder);
    let at = |name: &str| folder.path().join(name).to_str().unwrap().to_string();
    let train = |net: &str, state: &str, epochs: usize| {
        let mut command = Command::new(assert_cmd::cargo::cargo_bin("hodge"));
        command.args(["train", &at("spots.csv"), "-o", &at(net), "--checkpoint", &at(state)]);
        command.args(["--checkpoint-every", "1", "--units", "16", "--noise", "gaussian:0.1"]);
        command.args(["--epochs", &epochs.to_string(), "--overwrite", "--format", "json"]);
        command.stdout(Stdio::piped());
        command
    };
    let _alone = crate::alone();
    let child = train("net.safetensors", "net.state", 1_000_000).spawn().unwrap();
    let start = std::time::Instant::now();
    while !Path::new(&at("net.state")).exists() {
        assert!(start.elapsed().as_secs() < 60, "no checkpoint after a minute");
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    let signal = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(signal.success());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(1), "stopped before the end");
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let done = report["epochs"].as_u64().unwrap() as usize;
    assert!((1..1_000_000).contains(&done));

    let run = |net: &str, state: &str, epochs| {
        assert!(train(net, state, epochs).output().unwrap().status.success());
        std::fs::read(at(net)).unwrap()
    };
    let kept = std::fs::read(at("net.safetensors")).unwrap();
    assert!(run("whole.safetensors", "whole.state", done) == kept, "the weights of {done} epochs");
    let onwards = run("net.safetensors", "net.state", done + 3);
    assert!(onwards == run("whole.safetensors", "new.state", done + 3), "bit for bit");
}
