//! The commands of auto-encoders as a user types them.

use assert_cmd::Command;
use assert_cmd::assert::Assert;
use hodge::autoencoder::{Activation, Layer, Network};
use serde_json::Value;
use std::path::PathBuf;
use tempfile::TempDir;

pub fn hodge(arguments: &[&str]) -> Assert {
    let _alone = crate::alone();
    Command::cargo_bin("hodge").unwrap().args(arguments).assert()
}

/// Fails with exit code 2 and says so.
pub fn refused(arguments: &[&str], expected: &str) {
    let output = hodge(arguments).code(2);
    let said = String::from_utf8_lossy(&output.get_output().stderr).into_owned();
    assert!(said.contains(expected), "'{said}' should say '{expected}'");
}

pub fn json(arguments: &[&str]) -> Value {
    let output = hodge(&[arguments, &["--format", "json"]].concat()).success();
    serde_json::from_slice(&output.get_output().stdout).unwrap()
}

fn points(folder: &TempDir) -> PathBuf {
    let path = folder.path().join("circle.csv");
    let line = |i: usize| {
        let angle = i as f64 * 0.17;
        format!("{},{}\n", 0.4 * angle.cos(), 0.4 * angle.sin())
    };
    std::fs::write(&path, "x,y\n".to_string() + &(0..60).map(line).collect::<String>()).unwrap();
    path
}

#[test]
fn train_measure_and_decompose() {
    let folder = TempDir::new().unwrap();
    let points = points(&folder);
    let (points, net) = (points.to_str().unwrap(), folder.path().join("net.safetensors"));
    let net = net.to_str().unwrap();
    let train = [
        "train",
        points,
        "-o",
        net,
        "--units",
        "30",
        "--activation",
        "tanh",
        "--tied",
        "--noise",
        "gaussian:0.05",
        "--rate",
        "0.05",
        "--epochs",
        "20",
        "--snapshots",
        "0,10",
    ];
    let report = json(&train);
    assert_eq!(report["epochs"], 20);
    assert!(report["reconstruction"].as_f64().unwrap() < 0.05, "{report}");
    for epoch in [0, 10] {
        assert!(folder.path().join(format!("net-{epoch}.safetensors")).exists());
    }
    refused(&train, "--overwrite");

    let source = format!("autoencoder:{net}");
    let found = json(&["conservativeness", &source, "--points", points]);
    for key in ["sym_map", "sym_field", "sym_sqrt"] {
        assert!((found[key].as_f64().unwrap() - 1.0).abs() < 1e-12, "{found}");
    }
    for key in ["nasym", "rho", "curl_rms"] {
        assert!(found[key].as_f64().unwrap().abs() < 1e-12, "{found}");
    }
    assert!((0.0..=1.0).contains(&found["sink_fraction"].as_f64().unwrap()), "{found}");
    for key in ["c_residual", "c_commutator", "e_residual"] {
        assert!(found["conditions"][key].is_number(), "{found}");
    }
    assert!(found["conditions"]["e_residual"].as_f64().unwrap() < 1e-12);
    assert_eq!(found["verdict"], "conservative");

    let window = "--domain=-0.6,0.6,-0.6,0.6";
    let split = json(&["decompose", &source, window, "--n", "48"]);
    let solenoidal = split["fraction"]["solenoidal"].as_f64().unwrap();
    assert!(solenoidal < 1e-4, "a conservative field, up to discretisation: {split}");
}

#[test]
fn snapshots_of_a_training_become_a_table_a_file_and_a_plot() {
    let folder = TempDir::new().unwrap();
    let points = points(&folder);
    let points = points.to_str().unwrap();
    let at = |name: &str| folder.path().join(name).to_str().unwrap().to_string();
    let train = |net: &str| {
        let shape = ["--units", "8", "--initial", "uniform:1", "--rate", "0.05", "--seed", "3"];
        let stop = ["--epochs", "30", "--snapshots", "0,5,30"];
        hodge(&[&["train", points, "-o", net], &shape[..], &stop[..]].concat()).success();
    };
    train(&at("net.safetensors"));
    train(&at("net.h5"));
    let (output, plot) = (at("series.h5"), at("series.png"));
    // Both formats of weights, out of order.
    let nets = [at("net-30.safetensors"), at("net-0.safetensors"), at("net-5.h5")];
    let nets: Vec<&str> = nets.iter().map(String::as_str).collect();
    let grid = ["--domain=-0.6,0.6,-0.6,0.6", "--n", "24"];
    let series = [&["snapshots"], &nets[..], &grid[..], &["--points", points]].concat();
    let files = ["-o", &output, "--plot", &plot, "--format", "json"];
    let printed = hodge(&[&series[..], &files[..]].concat()).success();
    let printed = String::from_utf8(printed.get_output().stdout.clone()).unwrap();
    let rows: Vec<Value> = printed.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    assert_eq!(rows.iter().map(|r| r["epoch"].as_u64().unwrap()).collect::<Vec<_>>(), [0, 5, 30]);

    // What the commands for one network say.
    let source = format!("autoencoder:{}", at("net-5.h5"));
    let one = json(&["conservativeness", &source, "--points", points]);
    for key in ["sym_map", "sym_field", "rho", "sym_sqrt", "curl_rms", "curl_relative"] {
        assert_eq!(rows[1][key], one[key], "{key}");
    }
    let one = json(&[&["decompose", &source], &grid[..]].concat());
    assert_eq!(rows[1]["fraction"], one["fraction"]);
    assert_eq!(rows[1]["mean_share"], one["without_mean"]["mean_share"]);
    assert_eq!(rows[1]["solenoidal_without_mean"], one["without_mean"]["solenoidal"]);
    assert_ne!(rows[0]["fraction"], rows[2]["fraction"]);

    {
        let _alone = crate::alone();
        let file = hdf5::File::open(&output).unwrap();
        let read = |name: &str| file.dataset(name).unwrap().read_raw::<f64>().unwrap();
        assert_eq!(read("training/epoch"), [0.0, 5.0, 30.0]);
        for (i, row) in rows.iter().enumerate() {
            let printed = row["sym_field"].as_f64().unwrap();
            assert!((read("training/sym_field")[i] - printed).abs() < 1e-15);
            let share = row["fraction"]["solenoidal"].as_f64().unwrap();
            assert_eq!(read("training/solenoidal")[i], share);
            let group = file.group(&format!("fields/epoch {}", row["epoch"])).unwrap();
            assert_eq!(group.dataset("gradient").unwrap().shape(), [2, 24, 24]);
        }
    }
    assert!(std::fs::read(&plot).unwrap().starts_with(b"\x89PNG"));
    let drawn = at("series.svg");
    hodge(&[&series[..], &["--plot", &drawn, "--size", "900"]].concat()).success();
    let text = std::fs::read_to_string(&drawn).unwrap();
    let document = roxmltree::Document::parse(&text).unwrap();
    assert_eq!(document.root_element().attribute("width"), Some("900"));
    for name in ["share of the energy", "solenoidal", "curl_rms", "sym_field", "epoch"] {
        assert!(document.descendants().any(|n| n.has_tag_name("text") && n.text() == Some(name)));
    }
    refused(&[&series[..], &["--size", "900"]].concat(), "--plot");

    refused(&[&series[..], &["--plot", &plot]].concat(), "--overwrite");
    let twice = [&["snapshots", nets[0]], &nets[..1], &grid[..]].concat();
    refused(&twice, "both of epoch 30");
    refused(&["snapshots", &at("net.safetensors")], "no metadata 'epoch'");
}

#[test]
fn a_run_in_two_pieces_gives_the_weights_of_one() {
    let folder = TempDir::new().unwrap();
    let points = points(&folder);
    let at = |name: &str| folder.path().join(name).to_str().unwrap().to_string();
    let train = |output: &str, epochs: &str, checkpoint: &str| {
        let arguments = [
            "train",
            points.to_str().unwrap(),
            "-o",
            output,
            "--units",
            "12,9",
            "--activation",
            "sigmoid,softplus",
            "--optimizer",
            "adam",
            "--contraction",
            "0.01",
            "--epochs",
            epochs,
            "--checkpoint",
            checkpoint,
            "--overwrite",
        ];
        hodge(&arguments).success();
        std::fs::read(output).unwrap()
    };
    let whole = train(&at("whole.safetensors"), "9", &at("whole.state"));
    train(&at("part.safetensors"), "4", &at("part.state"));
    assert_eq!(train(&at("part.safetensors"), "9", &at("part.state")), whole);
}

#[test]
fn what_cannot_be_done_is_said_in_one_line() {
    let folder = TempDir::new().unwrap();
    let points = points(&folder);
    let points = points.to_str().unwrap();
    let net = folder.path().join("net.safetensors");
    let net = net.to_str().unwrap();
    for (arguments, expected) in [
        (vec!["train", points, "-o", net, "--activation", "mish"], "unknown activation 'mish'"),
        (vec!["train", points, "-o", net, "--noise", "pink:1"], "--noise pink:1"),
        (vec!["train", points, "-o", net, "--rate", "0"], "rate = 0"),
        (
            vec!["conservativeness", "autoencoder:none.safetensors", "--points", points],
            "none.safetensors",
        ),
    ] {
        refused(&arguments, expected);
    }
    std::fs::write(net, b"not weights").unwrap();
    let source = format!("autoencoder:{net}");
    refused(&["decompose", &source], "not a whole safetensors file");
    // Each once: the file, what is wrong, what the system said.
    let missing = folder.path().join("none.h5").to_str().unwrap().to_string();
    let words = format!("error: {missing}: No such file or directory (os error 2)\n");
    refused(&["conservativeness", &missing, "--points", points], &words);
    let nowhere = folder.path().join("none/net.safetensors");
    refused(&["train", points, "-o", nowhere.to_str().unwrap()], "there is no directory");
    let other = folder.path().join("other.safetensors");
    refused(
        &["train", points, "-o", other.to_str().unwrap(), "--units", "9,0"],
        "at least 1 is needed",
    );
}

#[test]
fn weights_are_named_and_those_that_overflow_are_not_called_symmetric() {
    let folder = TempDir::new().unwrap();
    let points = points(&folder);
    let weight = |values: [f64; 4]| Layer { weight: values.into(), bias: vec![0.0; 2], inputs: 2 };
    let layers = vec![weight([1.0, 2.0, 0.5, -1.0]), weight([1e200, 1e200, -1e200, 1e200])];
    let net = Network::new(layers, vec![Activation::Tanh], false).unwrap();
    assert!(net.energy(1e-8).is_none());
    let path = folder.path().join("huge.safetensors");
    net.write(&path).unwrap();
    let measure = ["conservativeness", path.to_str().unwrap(), "--points"];
    refused(&[&measure[..], &[points.to_str().unwrap()]].concat(), "NaN or infinite");
    let flat = folder.path().join("flat.csv");
    std::fs::write(&flat, "1,2,3\n").unwrap();
    refused(&[&measure[..], &[flat.to_str().unwrap()]].concat(), "works in 2 dimensions");

    let mut bytes = std::fs::read(&path).unwrap();
    let at = bytes.windows(4).position(|w| w == b"tanh").unwrap();
    bytes[at..at + 4].copy_from_slice(b"mish");
    std::fs::write(&path, bytes).unwrap();
    refused(
        &[&measure[..], &[points.to_str().unwrap()]].concat(),
        "huge.safetensors: unknown activation 'mish'",
    );
}
