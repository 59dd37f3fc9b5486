//! What a newcomer reads first: shares of the input, under every convention.

use crate::{folder, hodge, json_lines, needs, smooth, write_npz};
use ndarray::{Array2, Array3, Axis};
use ndarray_npy::write_npy;
use serde_json::Value;
use std::f64::consts::TAU;
use std::path::Path;

fn report(folder: &Path, arguments: &[&str]) -> Value {
    let begin = ["decompose", "--format", "json"];
    let outcome = hodge(folder, &[&begin[..], arguments].concat());
    assert_eq!(outcome.code, 0, "{arguments:?}: {}", outcome.err);
    json_lines(&outcome.out).remove(0)
}

fn number(report: &Value, place: &[&str]) -> f64 {
    let found = place.iter().fold(report, |value, key| &value[*key]);
    found.as_f64().unwrap_or_else(|| panic!("{place:?} is {found}"))
}

fn near(found: f64, expected: f64, tolerance: f64) {
    assert!((found - expected).abs() <= tolerance, "{found}, not {expected}");
}

const CONVENTIONS: [&str; 3] = ["no-flux", "zero-potential", "normal-parallel"];
const PARTS: [&str; 3] = ["gradient", "solenoidal", "harmonic"];

/// A uniform flow through an open window, by hand: it is a gradient, a curl, and both.
#[test]
fn a_uniform_flow_crosses_the_window() {
    let folder = folder();
    let parts = [("u", Array2::from_elem((9, 12), 10.0)), ("v", Array2::zeros((9, 12)))];
    write_npz(&folder.path().join("uniform.npz"), &parts);
    let found = report(folder.path(), &["uniform.npz"]);
    assert_eq!(found["boundary"], "normal-parallel");
    for (convention, whole) in CONVENTIONS.into_iter().zip(PARTS) {
        for part in PARTS {
            let expected = if part == whole { 1.0 } else { 0.0 };
            near(number(&found, &["by_convention", convention, part]), expected, 1e-12);
        }
    }
    for answer in ["closest_conservative", "nearest_divergence_free", "crossing_or_circling"] {
        near(number(&found, &["answers", answer]), 1.0, 1e-12);
    }
    let table = hodge(folder.path(), &["decompose", "uniform.npz"]).out;
    let crossing = table.lines().find(|line| line.contains("crosses windows")).unwrap();
    assert!(crossing.contains("100.0000 %"), "{table}");
}

/// The shares under each convention are those of a run under that convention.
#[test]
fn every_convention_is_that_of_its_own_run() {
    let folder = folder();
    let path = folder.path();
    let mut holed = smooth(12, 14);
    holed.slice_mut(ndarray::s![.., 4..7, 5..9]).fill(f64::NAN);
    let mut obstacles = smooth(12, 14);
    for (j, i) in [(2, 3), (2, 4), (8, 9), (9, 9)] {
        obstacles.slice_mut(ndarray::s![.., j, i]).fill(f64::NAN);
    }
    let solid =
        Array3::from_shape_fn((3, 6, 30), |(c, k, i)| ((c + 2) as f64 * (k + i) as f64).sin());
    write_npy(path.join("box.npy"), &smooth(10, 11)).unwrap();
    write_npy(path.join("holed.npy"), &holed).unwrap();
    write_npy(path.join("obstacles.npy"), &obstacles).unwrap();
    write_npy(path.join("solid.npy"), &solid.to_shape((3, 6, 5, 6)).unwrap().to_owned()).unwrap();
    let runs: [&[&str]; 6] = [
        &["box.npy"],
        &["box.npy", "--periodic", "x"],
        &["solid.npy", "--periodic", "z"],
        &["holed.npy", "--mask", "nan"],
        // Two obstacles on a torus: tangential and normal harmonic fields are not orthogonal.
        &["obstacles.npy", "--mask", "nan", "--periodic", "x,y"],
        &["obstacles.npy", "--mask", "nan", "--periodic", "y"],
    ];
    for run in runs {
        for convention in CONVENTIONS {
            let found = report(path, &[run, &["--boundary", convention]].concat());
            assert_eq!(found["boundary"], convention);
            for other in CONVENTIONS {
                let own = report(path, &[run, &["--boundary", other]].concat());
                for (k, part) in PARTS.into_iter().enumerate() {
                    let row = &found["by_convention"][other];
                    near(
                        row["on_faces"][k].as_f64().unwrap(),
                        number(&own, &["fraction", part]),
                        1e-11,
                    );
                    near(number(row, &[part]), number(&own, &["share_of_input", part]), 1e-11);
                }
            }
        }
    }
}

/// Parts, what is lost and what they share make the whole, at the points where the input is.
#[test]
fn shares_of_the_input_close_to_one() {
    let folder = folder();
    let path = folder.path();
    write_npy(path.join("f.npy"), &smooth(9, 8)).unwrap();
    let columns = ["gradient", "solenoidal", "harmonic", "lost", "cross_terms"];
    for extra in [&[][..], &["--boundary", "no-flux"], &["--periodic", "x"], &["--periodic", "x,y"]]
    {
        let output = ["f.npy", "-o", "o.h5", "--overwrite"];
        let found = report(path, &[&output[..], extra].concat());
        let sum: f64 = columns.iter().map(|c| number(&found, &["share_of_input", c])).sum();
        near(sum, 1.0, 1e-12);
        let file = hdf5::File::open(path.join("o.h5")).unwrap();
        let norm = |name: &str| {
            let values = file.dataset(name).unwrap().read_dyn::<f64>().unwrap();
            values.iter().map(|v| v * v).sum::<f64>()
        };
        // The stored arrays have the shares that are printed.
        for part in PARTS {
            near(number(&found, &["share_of_input", part]), norm(part) / norm("input"), 1e-12);
        }
        let lost = norm("sampling_remainder") / norm("input");
        near(number(&found, &["share_of_input", "lost"]), lost, 1e-12);
    }
}

#[test]
fn all_writes_the_parts_of_every_convention() {
    let folder = folder();
    let path = folder.path();
    write_npy(path.join("f.npy"), &smooth(9, 8)).unwrap();
    report(path, &["f.npy", "--boundary", "all", "-o", "all.h5"]);
    let read = |file: &str, name: &str| {
        let file = hdf5::File::open(path.join(file)).unwrap();
        file.dataset(name).unwrap().read_dyn::<f64>().unwrap()
    };
    for convention in CONVENTIONS {
        let own = ["f.npy", "--boundary", convention, "-o", "own.h5", "--overwrite"];
        report(path, &own);
        for part in PARTS {
            let (all, own) =
                (read("all.h5", &format!("{convention}/{part}")), read("own.h5", part));
            assert!((all - own).iter().all(|d| d.abs() < 1e-12), "{convention} {part}");
        }
    }
    let torus = hodge(path, &["decompose", "f.npy", "--periodic", "x,y", "--boundary", "all"]);
    assert!(torus.code == 2 && torus.err.contains("--boundary all"), "{}", torus.err);
}

/// sin x and sin y of one period with the end point: half gradient, half solenoidal, by hand.
#[test]
fn a_repeated_end_point_is_left_out() {
    let folder = folder();
    let path = folder.path();
    for (points, single) in [(33, false), (17, false), (25, true)] {
        let at = |i: usize| TAU * i as f64 / (points - 1) as f64;
        let stored = |v: f64| if single { f64::from(v as f32) } else { v };
        let field = Array3::from_shape_fn((2, points, points), |(c, j, i)| {
            let (x, y) = (at(i), at(j));
            stored(if c == 0 { x.sin() + y.sin() } else { y.sin() - x.sin() })
        });
        write_npy(path.join("f.npy"), &field.mapv(|v| v)).unwrap();
        if single {
            write_npy(path.join("f.npy"), &field.mapv(|v| v as f32)).unwrap();
        }
        let arguments = ["decompose", "f.npy", "--periodic", "x,y", "--format", "json"];
        let outcome = hodge(path, &arguments);
        let found = json_lines(&outcome.out).remove(0);
        assert_eq!(found["cells"], serde_json::json!([points - 1, points - 1]));
        for (part, expected) in PARTS.into_iter().zip([0.5, 0.5, 0.0]) {
            near(number(&found, &["fraction", part]), expected, if single { 1e-6 } else { 1e-12 });
        }
        assert_eq!(outcome.err.matches("repeated end point").count(), 2, "{}", outcome.err);
        // On an axis that is not periodic it is a point like others.
        assert_eq!(report(path, &["f.npy"])["cells"][0], points);
    }
}

/// A slab of one cell: its normal component is not a gradient.
#[test]
fn an_axis_of_one_cell_is_periodic() {
    let folder = folder();
    let path = folder.path();
    let slab = Array3::from_shape_fn((3, 9, 10), |(c, j, i)| {
        if c == 2 { 0.15 } else { (0.6 * i as f64 - 0.3 * j as f64 + c as f64).sin() }
    });
    write_npy(path.join("slab.npy"), &slab.clone().insert_axis(Axis(1))).unwrap();
    let plane = slab.slice(ndarray::s![..2, .., ..]).to_owned();
    write_npy(path.join("plane.npy"), &plane).unwrap();
    let (thick, thin) = (report(path, &["slab.npy"]), report(path, &["plane.npy"]));
    let named = report(path, &["slab.npy", "--periodic", "z"]);
    for part in PARTS {
        let energy = |report: &Value| number(report, &["energy", part]);
        near(energy(&thick), energy(&named), 1e-12);
        let normal = if part == "harmonic" { 0.15 * 0.15 * 90.0 } else { 0.0 };
        near(energy(&thick), energy(&thin) + normal, 1e-10);
    }
    // Differences across one cell measure nothing.
    let walled = report(path, &["slab.npy", "--periodic", "none"]);
    assert!(walled["by_central_differences"]["divergence_of_solenoidal"].is_null(), "{walled}");
}

/// Figures of the wind from a sparse solve that does not call hodge: 0.0007 of it diverges.
#[test]
fn the_wind_crosses_its_window() {
    let Some([wind]) = needs::data(["wind/north_atlantic_500hpa.h5"]) else { return };
    let folder = folder();
    let found = report(folder.path(), &[wind.to_str().unwrap()]);
    near(number(&found, &["answers", "crossing_or_circling"]), 0.896, 0.003);
    near(number(&found, &["answers", "closest_conservative"]), 0.897, 0.003);
    near(number(&found, &["share_of_input", "gradient"]), 0.0007, 0.00005);
}
