//! ONNX models as fields: the network of `tests/data/weights.safetensors` in the files that `tests/data/make_onnx.py`
//! wrote, against that network itself; models that are no field.

use crate::commands::refused;
use std::path::Path;

pub fn file(name: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/onnx");
    folder.join(name).with_extension("onnx").to_str().unwrap().to_string()
}

#[cfg(not(feature = "onnx"))]
#[test]
fn a_program_without_onnx_says_how_to_build_one_with_it() {
    for source in
        [format!("onnx:{}", file("single")), format!("onnx-autoencoder:{}", file("single"))]
    {
        refused(&["decompose", &source], "cargo build --release --features onnx");
        let measure = ["conservativeness", &source, "--domain=0,1,0,1"];
        refused(&measure, "cargo build --release --features onnx");
    }
}

#[cfg(feature = "onnx")]
mod with_tract {
    use super::*;
    use crate::commands::json;
    use hodge::autoencoder::{Differentiable, MapField, Network};
    use hodge::field::Layout;
    use hodge::grid::{Axis, Grid, Topology};
    use hodge::source::onnx::{OnnxError, OnnxField, OnnxModel};
    use hodge::source::{AutoencoderField, MapOnGrid, Source};
    use std::path::PathBuf;
    use tempfile::TempDir;

    fn network() -> Network {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data");
        Network::read(folder.join("weights.safetensors")).unwrap()
    }

    fn model(name: &str) -> OnnxModel {
        OnnxModel::read(file(name), OnnxField::Reconstruction).unwrap()
    }

    /// The largest difference over the largest value.
    fn difference(found: &[f64], expected: &[f64]) -> f64 {
        assert_eq!(found.len(), expected.len());
        let largest = expected.iter().fold(0.0, |m: f64, v| m.max(v.abs()));
        found.iter().zip(expected).fold(0.0, |m: f64, (a, b)| m.max((a - b).abs())) / largest
    }

    /// 700 points on a spiral: some whole batches and a piece of one.
    fn points() -> Vec<f64> {
        let at =
            |i: usize| [0.003 * i as f64 * (i as f64).cos(), 0.003 * i as f64 * (i as f64).sin()];
        (0..700).flat_map(at).collect()
    }

    #[test]
    fn field_and_jacobian_are_those_of_the_network() {
        let (net, points) = (network(), points());
        // Two units of f32 at one place of the output are 2e-7; by differences they are divided by h = 5e-3.
        for (name, field, jacobian) in
            [("single", 1e-6, 1e-3), ("one_point", 1e-6, 1e-3), ("double", 1e-13, 1e-9)]
        {
            let model = model(name);
            assert_eq!(model.dimension(), 2);
            let found = difference(&model.field(&points), &net.field(&points));
            assert!(found < field, "{name}: field {found:e}");
            let output = OnnxModel::read(file(name), OnnxField::Output).unwrap();
            let found = difference(&output.field(&points), &net.reconstruct(&points));
            assert!(found < field, "{name}: output {found:e}");
            let found = difference(&model.jacobians(&points), &net.jacobians(&points));
            assert!(found < jacobian, "{name}: Jacobian {found:e}");
        }
    }

    /// A file that `tests/data/make_torch.py` wrote with `torch.onnx.export`, and what PyTorch computed.
    #[test]
    fn a_model_from_torch_evaluates_the_same() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data");
        let text = std::fs::read_to_string(folder.join("torch.json")).unwrap();
        let stored: serde_json::Value = serde_json::from_str(&text).unwrap();
        let list = |key: &str| -> Vec<f64> { serde_json::from_value(stored[key].clone()).unwrap() };
        let model = OnnxModel::read(file("torch"), OnnxField::Output).unwrap();
        let found = difference(&model.field(&list("points")), &list("reconstruction"));
        assert!(found < 1e-6, "output {found:e}");
        let found = difference(&model.jacobians(&list("points")), &list("jacobian"));
        assert!(found < 1e-3, "Jacobian {found:e}");
    }

    #[test]
    fn on_grids_and_slices() {
        let axis = Axis::over(-0.5, 0.5, 33, Topology::Bounded);
        let grid = Grid::new([axis, axis]).unwrap();
        let from_onnx = MapOnGrid::<2, _>::new(model("double")).unwrap();
        let from_weights = AutoencoderField::<2>::new(network()).unwrap();
        for layout in [Layout::Points, Layout::Faces] {
            let (found, expected) =
                (from_onnx.sample(grid, layout), from_weights.sample(grid, layout));
            assert!(found.minus(&expected).max_abs() < 1e-12 * expected.max_abs());
        }
        let error = MapOnGrid::<2, _>::new(model("linear")).unwrap_err().to_string();
        assert!(error.contains("4 dimensions") && error.contains("2"), "{error}");
    }

    /// A_ij = i + 1 on the diagonal, ¼ above it and −¼ below.
    fn matrix(i: usize, j: usize) -> f64 {
        match i.cmp(&j) {
            std::cmp::Ordering::Equal => i as f64 + 1.0,
            std::cmp::Ordering::Less => 0.25,
            std::cmp::Ordering::Greater => -0.25,
        }
    }

    #[test]
    fn images_are_points() {
        for name in ["linear", "image"] {
            let model = OnnxModel::read(file(name), OnnxField::Output).unwrap();
            assert_eq!(model.dimension(), 4);
            let jacobian = model.jacobians(&[0.5, -1.0, 2.0, 0.0]);
            let expected: Vec<f64> = (0..16).map(|at| matrix(at / 4, at % 4)).collect();
            assert!(difference(&jacobian, &expected) < 1e-4, "{name}: {jacobian:?}");
        }
    }

    #[test]
    fn the_commands_measure_and_decompose_a_model() {
        let folder = TempDir::new().unwrap();
        let csv = folder.path().join("points.csv");
        let lines: String = points().chunks(2).map(|x| format!("{},{}\n", x[0], x[1])).collect();
        std::fs::write(&csv, lines).unwrap();
        let csv = csv.to_str().unwrap();
        let weights = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/weights.safetensors");
        let exact = format!("autoencoder:{}", weights.display());
        for (name, tolerance) in [("double", 1e-8), ("single", 1e-3)] {
            let source = format!("onnx-autoencoder:{}", file(name));
            let measure = |source: &str| json(&["conservativeness", source, "--points", csv]);
            let (found, expected) = (measure(&source), measure(&exact));
            for key in [
                "sym_map",
                "sym_field",
                "rho",
                "sym_sqrt",
                "nasym",
                "curl_rms",
                "curl_max",
                "sym_map_least",
            ] {
                let (a, b) = (found[key].as_f64().unwrap(), expected[key].as_f64().unwrap());
                assert!((a - b).abs() < tolerance * b.max(1.0), "{name} {key}: {a} and {b}");
            }
            for key in ["contracting_fraction", "attracting_fraction"] {
                assert_eq!(found[key], expected[key], "{key}");
            }
            assert!(found["sink_fraction"].is_null(), "eq. 10 is about weights");
            assert!(found["verdict"].is_null(), "of a model only the scores are known");

            let split = |source: &str| {
                json(&["decompose", source, "--domain=-0.6,0.6,-0.6,0.6", "--n", "32"])
            };
            let (found, expected) = (split(&source), split(&exact));
            for part in ["gradient", "solenoidal"] {
                let share = |of: &serde_json::Value| of["fraction"][part].as_f64().unwrap();
                assert!((share(&found) - share(&expected)).abs() < tolerance, "{name} {part}");
            }
        }
        // A model is evaluated alone, a network only where that is asked for.
        let probes = ["--probes", "8", "--first", "30", "--forward-only"];
        let source = format!("onnx:{}", file("double"));
        let estimate = |source: &str| {
            json(&[&["conservativeness", source, "--points", csv], &probes[..]].concat())
        };
        let (found, expected) = (estimate(&source), estimate(&exact));
        let (a, b) = (found["curl_rms"].as_f64().unwrap(), expected["curl_rms"].as_f64().unwrap());
        assert!((a - b).abs() < 1e-8 * b, "{a} and {b}");
    }

    #[test]
    fn models_of_many_dimensions_are_measured_and_cut() {
        let folder = TempDir::new().unwrap();
        let corners = folder.path().join("corners.csv");
        // The plane of the axes 1 and 3, where A is ((2, ¼), (−¼, 4)).
        std::fs::write(&corners, "0,0,0,0\n0,1,0,0\n0,0,0,1\n").unwrap();
        let corners = corners.to_str().unwrap();
        let source = format!("onnx:{}", file("image"));
        let found = json(&["conservativeness", &source, "--points", corners]);
        // Six pairs, each with (¼ + ¼)²; the squares of A are 30 on the diagonal and 12/16 off it.
        let close = |key: &str, expected: f64| {
            let found = found[key].as_f64().unwrap();
            assert!((found - expected).abs() < 1e-3, "{key}: {found}, expected {expected}");
        };
        close("curl_rms", (6.0 * 0.25_f64).sqrt());
        close("nasym", 0.5 * 1.5 / 30.75);
        assert_eq!(
            found["contracting_fraction"], 0.0,
            "the divergence of the output is 10 everywhere"
        );

        let sliced = ["decompose", &source, "--slice", corners, "--n", "32", "--domain=-1,1,-1,1"];
        let gradient = json(&sliced)["fraction"]["gradient"].as_f64().unwrap();
        // What a staggered grid makes of v = ((2x + y/4), (−x/4 + 4y)) without an ONNX file.
        let axis = Axis::over(-1.0, 1.0, 32, Topology::Bounded);
        let field = hodge::field::VectorField::sample(
            Grid::new([axis, axis]).unwrap(),
            Layout::Faces,
            |[x, y]| [2.0 * x + 0.25 * y, 4.0 * y - 0.25 * x],
        );
        let plan = hodge::decomposition::Method::Staggered
            .plan(
                &hodge::grid::Domain::full(*field.grid()),
                Some(hodge::boundary::Boundary::NoFlux),
                None,
            )
            .unwrap();
        let parts = plan.decompose(&field).unwrap();
        let energy = |v| plan.calculus().inner(v, v);
        let expected = energy(&parts.gradient) / energy(&field);
        assert!((gradient - expected).abs() < 1e-3, "{gradient}, expected {expected}");
        refused(&["decompose", &source], "--slice or --principal");
        refused(&["conservativeness", &source, "--domain=0,1,0,1"], "works in 4 dimensions");
    }

    fn error(path: impl AsRef<Path>) -> OnnxError {
        OnnxModel::read(path, OnnxField::Output).unwrap_err()
    }

    #[test]
    fn models_that_are_no_field_are_refused_with_what_was_found() {
        for (name, expected) in [
            ("half", "F16"),
            ("whole", "I64"),
            ("timed", "2 inputs and 1 outputs"),
            ("narrowing", "mapped to F32 of shape [4, 1]"),
            ("rankless", "an input 2,F32"),
            ("any_width", "an input"),
        ] {
            let error = error(file(name));
            let said = error.to_string();
            assert!(matches!(error, OnnxError::Signature { .. }), "{name}: {said}");
            assert!(said.contains(expected), "{name}: '{said}' should say '{expected}'");
            refused(&["decompose", &format!("onnx:{}", file(name))], "expected one input and one");
        }
        let said = error(file("gemm_double")).to_string();
        assert!(said.contains("gemm_double.onnx") && said.contains("export it in f32"), "{said}");
    }

    #[test]
    fn damaged_files_are_refused_wherever_they_end() {
        let folder = TempDir::new().unwrap();
        let path: PathBuf = folder.path().join("cut.onnx");
        let whole = std::fs::read(file("single")).unwrap();
        for length in (0..whole.len()).step_by(7) {
            std::fs::write(&path, &whole[..length]).unwrap();
            let said = error(&path).to_string();
            assert!(said.contains("cut.onnx"), "{said}");
        }
        refused(&["decompose", &format!("onnx:{}", path.display())], "cut.onnx");
        refused(&["decompose", "onnx:none.onnx"], "none.onnx");
        let folder = format!("onnx:{}", folder.path().display());
        refused(&["decompose", &folder], "expected a file");
    }

    #[test]
    fn values_that_are_no_numbers_are_errors_with_the_place() {
        let folder = TempDir::new().unwrap();
        let csv = folder.path().join("points.csv");
        std::fs::write(&csv, "1,2\n3,-1\n").unwrap();
        let source = format!("onnx:{}", file("logarithm"));
        let points = ["conservativeness", &source, "--points", csv.to_str().unwrap()];
        refused(&points, "point 1 (from 0), [3.0, -1.0]");
        refused(&[&points[..], &["--probes", "2"]].concat(), "point 1 (from 0)");
        refused(&["decompose", &source, "--domain=-1,1,1,2"], "NaN or infinite");
        assert!(json(&["decompose", &source, "--domain=1,2,1,2"])["fraction"].is_object());
    }
}
