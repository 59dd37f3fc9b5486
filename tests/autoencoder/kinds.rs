//! Networks with names, biases and activations as they are found elsewhere, against numpy and complex steps.

use crate::commands::{hodge, json, refused};
use hodge::autoencoder::train::{Initial, Settings, Trainer};
use hodge::autoencoder::{Activation, Network};
use serde_json::Value;
use std::path::PathBuf;
use tempfile::TempDir;

fn data(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(name)
}

/// What `tests/data/make_kinds.py` stored.
fn stored() -> serde_json::Map<String, Value> {
    serde_json::from_str(&std::fs::read_to_string(data("kinds.json")).unwrap()).unwrap()
}

fn list(value: &Value) -> Vec<f64> {
    serde_json::from_value(value.clone()).unwrap()
}

fn csv(points: &[f64], dimension: usize) -> String {
    let line = |x: &[f64]| x.iter().map(|v| format!("{v:?}")).collect::<Vec<_>>().join(",") + "\n";
    points.chunks(dimension).map(line).collect()
}

#[test]
fn every_kind_is_read_and_has_the_values_jacobians_and_scores_of_numpy() {
    let folder = TempDir::new().unwrap();
    let stored = stored();
    assert_eq!(stored.len(), 7);
    for (name, stored) in &stored {
        let path = data(&format!("kinds_{name}.safetensors"));
        let given = stored["given"].as_str();
        let network = Network::read_with(&path, given).unwrap();
        let x = list(&stored["points"]);
        let found = network.evaluate(&x, true);
        for (key, found) in [("reconstruction", found.reconstruction), ("jacobian", found.jacobian)]
        {
            let expected = list(&stored[key]);
            assert_eq!(found.len(), expected.len());
            for (a, b) in found.iter().zip(&expected) {
                assert!((a - b).abs() < 1e-12, "{name} {key} {a} {b}");
            }
        }
        let points = folder.path().join("points.csv");
        std::fs::write(&points, csv(&x, network.dimension())).unwrap();
        let (path, points) = (path.to_str().unwrap(), points.to_str().unwrap());
        let option: Vec<&str> = given.iter().flat_map(|name| ["--activation", name]).collect();
        let scores = json(&[&["conservativeness", path, "--points", points], &option[..]].concat());
        let sym = stored["sym"].as_f64().unwrap();
        assert!((scores["sym_map"].as_f64().unwrap() - sym).abs() < 1e-12, "{name} {scores} {sym}");
        // What is written is read as the same network.
        for ending in ["safetensors", "h5"] {
            let _alone = crate::alone();
            let copy = folder.path().join("copy").with_extension(ending);
            network.write(&copy).unwrap();
            assert_eq!(Network::read(&copy).unwrap(), network, "{name}");
        }
    }
}

#[test]
fn an_activation_is_asked_for_where_the_file_has_none_and_never_overruled() {
    let folder = TempDir::new().unwrap();
    let points = folder.path().join("points.csv");
    std::fs::write(&points, "0.1,0.2\n").unwrap();
    let points = points.to_str().unwrap();
    let of = |name: &str| data(&format!("kinds_{name}.safetensors")).to_str().unwrap().to_string();
    let (silent, silu) = (of("silent"), of("silu"));
    let window = ["--domain=-1,1,-1,1", "--n", "8"];
    let field = format!("autoencoder:{silent}");
    for command in [
        vec!["conservativeness", &silent, "--points", points],
        vec!["split", &silent, "--domain=-1,1,-1,1"],
        [&["decompose", &field], &window[..]].concat(),
    ] {
        refused(&command, "'activation' is missing");
        refused(&command, "(--activation NAMES)");
    }
    hodge(&[&["decompose", &field, "--activation", "tanh"], &window[..]].concat()).success();
    hodge(&[&["split", &silent, "--activation", "tanh"], &window[..]].concat()).success();
    let other = ["conservativeness", &silu, "--points", points, "--activation", "relu"];
    refused(&other, "'SiLU' in the file, and 'relu' was asked for");
    refused(
        &["decompose", "analytic:B4", "--activation", "relu"],
        "--activation is for weights of auto-encoders",
    );
}

#[test]
fn energies_of_every_activation_lead_to_their_fields() {
    let x = [0.3, -0.7, 1.9, 0.2, -1.4, 0.8];
    for activation in Activation::ALL {
        let glorot = Initial::Glorot { gain: 3.0 };
        let network = Network::random(2, &[15], &[activation], true, glorot, 9).unwrap();
        let energy = network.energy(1e-9).unwrap();
        for x in x.chunks(2) {
            for (k, expected) in network.field(x).into_iter().enumerate() {
                let at = |step: f64| {
                    let mut y = x.to_vec();
                    y[k] += step;
                    energy.at(&y)
                };
                let slope = (at(1e-4) - at(-1e-4)) / 2e-4;
                assert!((slope - expected).abs() < 1e-5, "{activation}: {slope} {expected}");
            }
        }
    }
}

#[test]
fn a_contraction_by_second_derivatives_that_are_not_known_is_refused() {
    let glorot = Initial::Glorot { gain: 1.0 };
    let settings = Settings { contraction: 0.1, ..Settings::default() };
    for (activation, trained) in [
        (Activation::Silu, false),
        (Activation::Gelu, false),
        (Activation::Elu, true),
        (Activation::LeakyRelu, true),
    ] {
        let start = Network::random(2, &[9], &[activation], false, glorot, 2).unwrap();
        let refused = Trainer::<f64>::new(&start, settings).map(drop);
        assert_eq!(refused.is_ok(), trained, "{activation}");
        assert!(Trainer::<f64>::new(&start, Settings::default()).is_ok());
    }
}

#[test]
fn names_that_make_no_network_are_refused() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("net.h5");
    let read = |names: &[(&str, [usize; 2])]| {
        let _alone = crate::alone();
        let file = hdf5::File::create(&path).unwrap();
        for (name, shape) in names {
            let data = file.new_dataset::<f64>().shape(*shape).create(*name).unwrap();
            data.write_raw(&vec![0.1; shape[0] * shape[1]]).unwrap();
        }
        file.close().unwrap();
        Network::read_with(&path, Some("tanh")).map(|net| net.widths()).map_err(|e| e.to_string())
    };
    assert_eq!(read(&[("0.weight", [3, 2]), ("2.weight", [2, 3])]).unwrap(), [3]);
    for (names, expected) in [
        (vec![("fc1.weight", [3, 2]), ("fc2.weight", [2, 3])], "unexpected tensor 'fc1.weight'"),
        (
            vec![("0.weight", [3, 2]), ("2.weight", [3, 3]), ("6.weight", [2, 3])],
            "tensor '4.weight' is missing",
        ),
        (vec![("net.0.weight", [3, 2]), ("net.weight", [2, 3])], "unexpected tensor 'net.weight'"),
        (vec![("0.weight", [3, 2]), ("1.kernel", [2, 3])], "unexpected tensor '1.kernel'"),
        (vec![("0.weight", [3, 2]), ("2.weight", [2, 4])], "'2.weight' has shape [2, 4]"),
    ] {
        let found = read(&names).unwrap_err();
        assert!(found.contains(expected), "'{found}' should say '{expected}'");
    }
}
