//! Networks under a density and on part of the window, compared with what `validation/reference/network_density.py` finds by
//! numpy's least squares.

use super::commands::{json, refused};
use hodge::autoencoder::{Activation, Layer, Network};
use ndarray::{Array2, Array3};
use serde_json::Value;
use std::path::Path;
use tempfile::TempDir;

fn reference() -> Value {
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("validation/reference/network_density.json");
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// That of the script, as a source.
fn network(folder: &TempDir) -> String {
    let units = 6;
    let weight = |at: usize| 1.5 * (1.3 * at as f64 + 0.5).sin();
    let decoder = |at: usize| 1.2 * (0.7 * at as f64 + 0.2).cos();
    let layers = vec![
        Layer {
            weight: (0..2 * units).map(weight).collect(),
            bias: (0..units).map(|l| 0.4 * (l as f64).cos()).collect(),
            inputs: 2,
        },
        Layer { weight: (0..2 * units).map(decoder).collect(), bias: vec![0.0; 2], inputs: units },
    ];
    let path = folder.path().join("turning.safetensors");
    Network::new(layers, vec![Activation::Tanh], false).unwrap().write(&path).unwrap();
    format!("autoencoder:{}", path.display())
}

/// Share of the gradient part, where the method computes.
fn gradient(source: &str, options: &[&str]) -> f64 {
    let window = ["decompose", source, "--domain=-1.5,1.5,-1.5,1.5", "--n", "20"];
    json(&[&window[..], options].concat())["fraction"]["gradient"].as_f64().unwrap()
}

fn points(folder: &TempDir) -> String {
    let path = folder.path().join("points.npy");
    let points: Vec<[f64; 2]> = serde_json::from_value(reference()["points"].clone()).unwrap();
    ndarray_npy::write_npy(&path, &Array2::from(points)).unwrap();
    path.to_str().unwrap().into()
}

#[test]
fn densities_and_discs_of_networks_change_the_shares_as_numpy_finds() {
    let (folder, reference) = (TempDir::new().unwrap(), reference());
    let source = network(&folder);
    let points = points(&folder);
    let kernel = ["--density-points", &points, "--bandwidth", "0.3"];
    let aside = ["--mask", "disc:0.2,-0.3,0.7"];
    let cases = [
        ("plain", vec![]),
        ("kernel", kernel.to_vec()),
        ("disc", vec!["--mask", "disc:0.9"]),
        ("disc_aside", aside.to_vec()),
        ("disc_and_kernel", [&aside[..], &kernel[..]].concat()),
    ];
    for (name, options) in cases {
        let (found, wanted) = (gradient(&source, &options), reference[name].as_f64().unwrap());
        assert!((found - wanted).abs() < 1e-9, "{name}: {found}, expected {wanted}");
    }
}

#[test]
fn masks_and_densities_from_files_are_those_of_the_cells() {
    let (folder, reference) = (TempDir::new().unwrap(), reference());
    let source = network(&folder);
    let centre = |i: usize| -1.5 + (i as f64 + 0.5) * 0.15;
    let inside = |(j, i): (usize, usize)| {
        f64::from(u8::from((centre(i) - 0.2).powi(2) + (centre(j) + 0.3).powi(2) <= 0.49))
    };
    let path = folder.path().join("disc.npz");
    let mut file = ndarray_npy::NpzWriter::new(std::fs::File::create(&path).unwrap());
    file.add_array("inside", &Array2::from_shape_fn((20, 20), inside)).unwrap();
    let one = Array2::from_elem((20, 20), 3.0);
    file.add_array("flat", &one).unwrap();
    // ln p is linear: its interpolation to the faces is exact.
    let slope = |(_, i): (usize, usize)| (2.0 * centre(i)).exp();
    file.add_array("slope", &Array2::from_shape_fn((20, 20), slope)).unwrap();
    file.add_array("box", &Array3::from_elem((2, 20, 20), 1.0)).unwrap();
    file.finish().unwrap();
    let path = path.to_str().unwrap();
    let of = |name: &str| format!("{path}:{name}");
    let wanted = reference["disc_aside"].as_f64().unwrap();
    for words in [of("inside"), of("inside>0.5")] {
        assert!((gradient(&source, &["--mask", &words]) - wanted).abs() < 1e-9, "{words}");
    }
    let outside = gradient(&source, &["--mask", &format!("!{}", of("inside"))]);
    assert!((outside - wanted).abs() > 1e-4);
    let flat = gradient(&source, &["--density", &of("flat")]);
    assert!((flat - reference["plain"].as_f64().unwrap()).abs() < 1e-9);
    assert!((gradient(&source, &["--density", &of("slope")]) - flat).abs() > 1e-4);

    let window = ["decompose", &source, "--n", "20"];
    let points = points(&folder);
    let both = ["--density", &of("flat"), "--density-points", &points, "--bandwidth", "1"];
    let cube = of("box");
    for (options, words) in [
        (&["--density", "p"][..], "a network has no datasets"),
        (&["--density", &cube], "[2, 20, 20] and the grid [20, 20]"),
        (&["--mask", &cube], "[2, 20, 20] and the grid [20, 20]"),
        (&both, "two densities"),
        (&["--density-points", &points], "--bandwidth"),
        (&["--mask", "disc:0"], "expected disc:R"),
        (&["--mask", "disc:1,2,3,4,5"], "expected disc:R"),
        (&["--mask", "disc:0,0,0,1"], "3 coordinates, and the grid 2 axes"),
        (&["--mask", "nan"], "a network has none"),
        (&["--mask", "land"], "FILE:DATASET"),
        (&["--land", "0"], "--land applies to files"),
    ] {
        refused(&[&window[..], options].concat(), words);
    }
    refused(
        &["decompose", "analytic:B3", "--density-points", &points, "--bandwidth", "1"],
        "--density-points is for networks",
    );
}
