//! The numbers of `hodge conservativeness`, compared with what `validation/reference/scores.py` made of the same Jacobians.

use super::commands::json;
use hodge::autoencoder::conservativeness::{
    Conservativeness, Symmetry, hutchinson_forward, measure, scores_without_growth,
};
use hodge::autoencoder::train::Initial;
use hodge::autoencoder::{Activation, Differentiable, MapField, Network};
use hodge::boundary::Boundary;
use hodge::decomposition::Method;
use hodge::diagnostic;
use hodge::field::{Layout, VectorField};
use hodge::grid::{Axis, Domain, Grid, Topology};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use tempfile::TempDir;

pub fn reference() -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("validation/reference/scores.json");
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

pub fn data(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(name)
}

/// Every number of `expected` but those of the probes is in `found`.
pub fn compare(found: &Value, expected: &Value, place: &str) {
    for (key, wanted) in expected.as_object().unwrap() {
        if wanted.is_object() {
            compare(&found[key], wanted, &format!("{place}/{key}"));
        } else if let Some(wanted) = wanted.as_f64() {
            let found = found[key].as_f64().unwrap_or(f64::NAN);
            let close = (found - wanted).abs() <= 1e-12 * wanted.abs().max(1.0);
            assert!(close, "{place}/{key}: {found}, expected {wanted}");
        }
    }
}

fn stored(name: &str) -> Value {
    serde_json::from_str(&std::fs::read_to_string(data(name)).unwrap()).unwrap()
}

fn list(value: &Value) -> Vec<f64> {
    serde_json::from_value(value.clone()).unwrap()
}

#[test]
fn stored_jacobians_score_as_by_the_formulas_of_numpy() {
    let reference = reference();
    for name in ["torch", "weights"] {
        let of = stored(&format!("{name}.json"));
        let (points, jacobians) = (list(&of["points"]), list(&of["jacobian"]));
        let d = jacobians.len() / points.len();
        let scores = |of: fn(usize, &[f64]) -> Symmetry| {
            let scores: Vec<_> = jacobians.chunks(d * d).map(|j| of(d, j)).collect();
            serde_json::to_value(Conservativeness::of(d, &scores, None)).unwrap()
        };
        compare(&scores(Symmetry::of), &reference[name]["reconstruction"], name);
        compare(&scores(Symmetry::of_output), &reference[name]["output"], name);
    }
}

#[test]
fn the_command_says_what_numpy_finds_of_the_jacobians_of_pytorch() {
    let reference = reference();
    let folder = TempDir::new().unwrap();
    let csv = folder.path().join("points.csv");
    for name in ["torch", "weights"] {
        let of = stored(&format!("{name}.json"));
        let d = list(&of["jacobian"]).len() / list(&of["points"]).len();
        let line = |x: &[f64]| x.iter().map(f64::to_string).collect::<Vec<_>>().join(",") + "\n";
        std::fs::write(&csv, list(&of["points"]).chunks(d).map(line).collect::<String>()).unwrap();
        let source = format!("autoencoder:{}", data(&format!("{name}.safetensors")).display());
        let found = json(&["conservativeness", &source, "--points", csv.to_str().unwrap()]);
        compare(&found, &reference[name]["reconstruction"], name);
        let mut expected = reference[name]["reconstruction"].clone();
        let command = ["conservativeness", &source, "--points", csv.to_str().unwrap()];
        let found = json(&[&command[..], &["--no-eigenvalues"]].concat());
        for key in ["attracting_fraction", "growth_max"] {
            assert!(
                found[key].is_null() && expected.as_object_mut().unwrap().remove(key).is_some()
            );
        }
        compare(&found, &expected, name);
    }
}

/// The way without Jacobians, one point and more than fit into a task, beside the numbers of PyTorch's Jacobians above.
#[test]
fn scores_without_eigenvalues_are_those_of_the_jacobians() {
    let point = |i: usize| (0..30).map(move |k| (0.3 * i as f64 + 0.7 * k as f64).sin());
    let points: Vec<f64> = (0..300).flat_map(point).collect();
    for activation in [Activation::Sigmoid, Activation::Relu, Activation::Gelu] {
        let start = Initial::Glorot { gain: 2.0 };
        let network = Network::random(30, &[70], &[activation], false, start, 3).unwrap();
        let jacobians = network.evaluate(&points, true).jacobian;
        let found = scores_without_growth(&network, &points);
        assert_eq!(found.len(), 300);
        for (found, j) in found.iter().zip(jacobians.chunks(900)) {
            let expected = Symmetry::of(30, j);
            let pairs = [
                (found.nasym, expected.nasym),
                (found.sym_field, expected.sym_field),
                (found.jacobian, expected.jacobian),
                (found.divergence, expected.divergence),
                (found.field_baseline, expected.field_baseline),
            ];
            for (found, expected) in pairs {
                let difference = (found - expected).abs();
                assert!(difference <= 1e-12 * expected.abs().max(1.0), "{found}, {expected}");
            }
        }
    }
}

/// Counts the points at which a network is evaluated.
struct Counted(Network, AtomicUsize);

impl Differentiable for Counted {
    fn dimension(&self) -> usize {
        self.0.dimension()
    }

    fn jacobians(&self, _points: &[f64]) -> Vec<f64> {
        unreachable!("the probe only evaluates")
    }
}

impl MapField for Counted {
    fn field(&self, points: &[f64]) -> Vec<f64> {
        self.1.fetch_add(points.len() / self.0.dimension(), Ordering::Relaxed);
        self.0.field(points)
    }
}

/// The variance of v'Mv over random signs v, M = J'J − JJ: twice the squares off the diagonal of M + M'. By the factors of
/// J = A B, the decoder times slopes and the encoder.
fn forward_variance(network: &Network, point: &[f64]) -> f64 {
    let (d, units) = (network.dimension(), network.widths()[0]);
    let slope = network.hidden(point).1;
    let a = |i: usize, l: usize| network.layers()[1].weight[i * units + l] * slope[l];
    let b = |l: usize, j: usize| network.layers()[0].weight[l * d + j];
    let over = |n: usize, f: &dyn Fn(usize) -> f64| (0..n).map(f).sum::<f64>();
    let square = |f: &dyn Fn(usize, usize) -> f64| -> Vec<f64> {
        (0..units * units).map(|at| f(at / units, at % units)).collect()
    };
    let gram = square(&|k, l| over(d, &|i| a(i, k) * a(i, l)));
    let turn = square(&|k, l| over(d, &|i| b(k, i) * a(i, l)));
    // M = (B'(A'A) − A(BA)) B.
    let left = |i: usize, l: usize| {
        over(units, &|k| b(k, i) * gram[k * units + l] - a(i, k) * turn[k * units + l])
    };
    let left: Vec<f64> = (0..d * units).map(|at| left(at / units, at % units)).collect();
    let m = |i: usize, j: usize| over(units, &|l| left[i * units + l] * b(l, j));
    (0..d).flat_map(|i| (0..i).map(move |j| (i, j))).map(|(i, j)| (m(i, j) + m(j, i)).powi(2)).sum()
}

#[test]
fn forward_only_probes_at_784_dimensions_take_four_evaluations_and_know_their_error() {
    let glorot = Initial::Glorot { gain: 2.0 };
    let network = Network::random(784, &[40], &[Activation::Sigmoid], false, glorot, 5).unwrap();
    let point: Vec<f64> = (0..784).map(|i| (0.7 * i as f64).sin()).collect();
    let exact = measure(&network, &point);
    let variance = forward_variance(&network, &point);
    let probes = 200;
    let counted = Counted(network, AtomicUsize::new(0));
    let found = hutchinson_forward(&counted, &point, probes, 3);
    assert_eq!(counted.1.into_inner(), 4 * probes);
    assert_eq!(found.evaluations, Some(4));
    let (estimate, error) = (found.curl_squared, (variance / probes as f64).sqrt());
    let exact_curl = exact.curl_rms.powi(2);
    assert!((estimate.mean - exact_curl).abs() < 4.0 * error, "{estimate:?}, exact {exact_curl}");
    let ratio = estimate.standard_error / error;
    assert!((0.8..1.25).contains(&ratio), "{estimate:?}, exact error {error}");
    for (found, exact) in [
        (found.sym_map, exact.pooled.sym_map),
        (found.sym_field, exact.pooled.sym_field),
        (found.rho, exact.pooled.rho),
    ] {
        assert!((found.mean - exact).abs() < 4.0 * found.standard_error, "{found:?} {exact}");
    }
    // What is known of an untrained network with fewer units than dimensions: the field's score is high, rho about 1.
    assert!(exact.sym_field > 0.9 && (exact.rho - 1.0).abs() < 0.2, "{exact:?}");
}

/// (−x, −y) + (y, −x) and a strong constant field: without it the shares are those of the former alone.
#[test]
fn shares_without_the_mean_are_those_of_the_field_without_it() {
    let axis = Axis::over(-1.0, 1.0, 24, Topology::Bounded);
    let grid = Grid::new([axis, axis]).unwrap();
    let field = |c: f64| {
        VectorField::sample(grid, Layout::Faces, move |[x, y]| {
            [y - x + c, -x - y * y * y - 2.0 * c]
        })
    };
    for boundary in [Boundary::NoFlux, Boundary::ZeroPotential, Boundary::NormalParallel] {
        let plan = Method::Staggered.plan(&Domain::full(grid), Some(boundary), None).unwrap();
        let report = |field: &VectorField<2>| {
            let parts = plan.decompose(field).unwrap();
            diagnostic::measure(&*plan, field, field, &parts)
        };
        // Both fields have the mean 0 by symmetry.
        let (alone, windy) = (report(&field(0.0)), report(&field(7.0)));
        let rest = windy.without_mean.unwrap();
        for (found, expected) in [
            (rest.gradient, alone.fraction.gradient),
            (rest.solenoidal, alone.fraction.solenoidal),
            (rest.harmonic, alone.fraction.harmonic),
            (rest.mean_share, 1.0 - alone.energy.input / windy.energy.input),
            (alone.without_mean.unwrap().mean_share, 0.0),
        ] {
            assert!((found - expected).abs() < 1e-12, "{boundary}: {found}, expected {expected}");
        }
    }
}
