//! What makes a point of an ONNX model: models of which all of the input is one point are found out, and scored as such.

use crate::commands::{json, refused};
use crate::onnx::file;
use hodge::autoencoder::{Differentiable, PointSet};
use hodge::source::onnx::{OnnxError, OnnxField, OnnxModel};
use std::path::Path;
use tempfile::TempDir;

const ATOMS: usize = 5;
const D: usize = 3 * ATOMS;

/// Twelve places of five atoms.
fn places() -> Vec<f64> {
    (0..12 * D).map(|i| (1.7 * i as f64).sin() + 0.1 * (i % D) as f64).collect()
}

/// As an array of shape (points, atoms, 3).
fn written(folder: &TempDir) -> String {
    let path = folder.path().join("places.npy");
    let array = ndarray::Array3::from_shape_vec((12, ATOMS, 3), places()).unwrap();
    ndarray_npy::write_npy(&path, &array).unwrap();
    path.to_str().unwrap().to_string()
}

fn model(name: &str, point: Option<&[usize]>) -> Result<OnnxModel, OnnxError> {
    OnnxModel::read_with(Path::new(&file(name)), OnnxField::Output, point)
}

/// Of F_i = −Σ_j |d|² d with d = x_i − x_j: off the diagonal |d|² + 2 d dᵀ, on it minus the sum of these.
fn jacobian(place: &[f64]) -> Vec<f64> {
    let mut entries = vec![0.0; D * D];
    for (i, j) in (0..ATOMS * ATOMS).map(|pair| (pair / ATOMS, pair % ATOMS)) {
        if i == j {
            continue;
        }
        let d: [f64; 3] = std::array::from_fn(|k| place[3 * i + k] - place[3 * j + k]);
        let square: f64 = d.iter().map(|d| d * d).sum();
        for (k, l) in (0..9).map(|pair| (pair / 3, pair % 3)) {
            let entry = 2.0 * d[k] * d[l] + if k == l { square } else { 0.0 };
            entries[(3 * i + k) * D + 3 * j + l] += entry;
            entries[(3 * i + k) * D + 3 * i + l] -= entry;
        }
    }
    entries
}

#[test]
fn a_force_field_is_a_point_of_fifteen_dimensions_and_conservative() {
    let folder = TempDir::new().unwrap();
    let points = written(&folder);
    let places = places();
    let expected: Vec<f64> = places.chunks(D).flat_map(jacobian).collect();
    let largest = expected.iter().fold(0.0, |most: f64, entry| most.max(entry.abs()));
    let squares: f64 = expected.iter().map(|entry| entry * entry).sum();
    for (name, point) in
        [("forces", Some("5,3")), ("forces_any", Some("5,3")), ("forces_many", None)]
    {
        let shape = point.map(|_| &[5, 3][..]);
        let found = model(name, shape).unwrap().jacobians(&places);
        let apart = found.iter().zip(&expected).map(|(a, b)| (a - b).abs());
        let apart = apart.fold(0.0, f64::max) / largest;
        assert!(apart < 1e-3, "{name}: {apart:e}");

        let source = format!("onnx:{}", file(name));
        let mut words = vec!["conservativeness", &source, "--points", &points];
        words.extend(point.iter().flat_map(|shape| ["--point-shape", shape]));
        let found = json(&words);
        let number = |key: &str| found[key].as_f64().unwrap();
        assert_eq!((number("dimension"), number("points")), (15.0, 12.0));
        assert!((number("sym_map") - 1.0).abs() < 1e-5, "{name}: {found}");
        assert!((number("sym_field") - 1.0).abs() < 1e-5, "{name}: {found}");
        let rms = (squares / 12.0).sqrt();
        assert!((number("jacobian_rms") - rms).abs() < 1e-3 * rms, "{name}: {found}");
    }
}

/// J = W ⊗ 1 with w_ii = −1 (i < 4) and w_i,i+1 = 1: |J|² = 3·8, |Ja|² = 3·8/4.
#[test]
fn forces_without_an_energy_have_the_score_of_their_matrix() {
    let folder = TempDir::new().unwrap();
    let source = format!("onnx:{}", file("pull"));
    let points = written(&folder);
    let found = json(&["conservativeness", &source, "--points", &points, "--point-shape", "5,3"]);
    for (key, expected) in [("sym_map", 0.75), ("nasym", 0.25), ("curl_rms", 12f64.sqrt())] {
        let found = found[key].as_f64().unwrap();
        assert!((found - expected).abs() < 1e-3, "{key}: {found}, expected {expected}");
    }
}

#[test]
fn a_first_axis_that_counts_no_points_is_found_out() {
    for (name, why, shape) in [
        ("forces", "at one row changes with the values of others", "5,3"),
        ("forces_any", "at one row changes with the values of others", "N,3"),
        ("pull", "at one row changes with the values of others", "5,3"),
        ("stiffness", "the same values have another output in another row", "5,3"),
    ] {
        let error = model(name, None).unwrap_err();
        assert!(matches!(error, OnnxError::NoBatch { .. }), "{name}: {error}");
        let source = format!("onnx:{}", file(name));
        let hint = format!("--point-shape {shape}");
        for expected in [why, hint.as_str()] {
            refused(&["decompose", &source, "--domain=-1,1,-1,1,-1,1"], expected);
            refused(&["conservativeness", &source, "--domain=-1,1,-1,1,-1,1"], expected);
        }
        // To be told that atoms are points does not make them points.
        refused(&["conservativeness", &source, "--point-shape", "3"], why);
    }
}

#[test]
fn rows_that_are_alike_and_by_themselves_are_points() {
    for point in [None, Some(&[3][..])] {
        assert_eq!(model("five_points", point).unwrap().dimension(), 3);
    }
    assert_eq!(model("five_points", Some(&[5, 3])).unwrap().dimension(), 15);
    for (name, axes) in [("rankless", 1), ("any_width", 1), ("image", 3), ("image", 4)] {
        let shape: &[usize] = match axes {
            1 => &[2],
            3 => &[1, 2, 2],
            _ => &[1, 1, 2, 2],
        };
        let found = model(name, Some(shape)).unwrap().dimension();
        assert_eq!(found, shape.iter().product::<usize>(), "{name}");
    }
}

#[test]
fn shapes_of_points_that_do_not_fit_are_refused() {
    let source = format!("onnx:{}", file("forces"));
    for shape in ["3,5", "15", "1,5,3", "5"] {
        let words = ["conservativeness", &source, "--domain=0,1,0,1", "--point-shape", shape];
        refused(&words, "expected points of shape");
    }
    refused(&["decompose", &source, "--point-shape", "5,3"], "--slice or --principal");
    let weights = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/weights.safetensors");
    let weights = format!("autoencoder:{}", weights.display());
    for source in [&weights, "analytic:S1"] {
        for command in ["decompose", "conservativeness"] {
            let words = [command, source, "--domain=-1,1,-1,1", "--point-shape", "2"];
            refused(&words, "--point-shape is for ONNX models");
        }
    }
}

#[test]
fn points_of_several_axes_are_read_in_the_order_of_the_input() {
    let folder = TempDir::new().unwrap();
    let read = PointSet::read(written(&folder)).unwrap();
    assert_eq!((read.dimension(), read.values()), (D, &places()[..]));
    let found = model("forces", Some(&[5, 3])).unwrap().evaluate(read.point(1)).unwrap();
    let place = read.point(1);
    for i in 0..ATOMS {
        for k in 0..3 {
            let of = |j: usize| -> f64 {
                let d: [f64; 3] = std::array::from_fn(|k| place[3 * i + k] - place[3 * j + k]);
                d.iter().map(|d| d * d).sum::<f64>() * d[k]
            };
            let expected = -(0..ATOMS).map(of).sum::<f64>();
            let found = found[3 * i + k];
            assert!((found - expected).abs() < 1e-4 * expected.abs().max(1.0), "{i} {k}: {found}");
        }
    }
}
