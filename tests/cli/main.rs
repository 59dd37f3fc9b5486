//! The program from outside: results, messages, exit codes, and files left behind.

mod again;
mod central;
mod compare;
mod coordinates;
mod elsewhere;
mod ends;
mod evidence;
mod gaps;
mod harm;
mod info;
mod learned;
mod lists;
mod mask_shapes;
mod masks;
mod memory;
mod messages;
mod methods;
mod missing;
#[allow(dead_code)]
#[path = "../needs/mod.rs"]
mod needs;
mod opened;
mod operators;
mod pages;
mod pictures;
mod places;
mod plot;
mod points;
mod provenance;
#[path = "../library/common/random.rs"]
mod random;
mod reading;
mod select;
mod series;
mod series_table;
mod shards;
mod shares;
mod shell;
mod shores;
mod spectra;
mod sphere;
mod steep;
mod steps;
mod study;
mod table_cells;
mod tables;
mod turned;
mod types;
mod undivided;
mod uneven;
mod unwritten;
#[allow(dead_code)]
mod variants;
mod vtk;
mod vtk_ghosts;
mod words;

use assert_cmd::Command;
use ndarray::{Array2, Array3, ArrayD};
use ndarray_npy::{NpzWriter, read_npy, write_npy};
use serde_json::Value;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

struct Outcome {
    code: i32,
    out: String,
    err: String,
}

/// Runs hodge in a folder.
fn hodge(folder: &Path, arguments: &[&str]) -> Outcome {
    let output =
        Command::cargo_bin("hodge").unwrap().current_dir(folder).args(arguments).output().unwrap();
    Outcome {
        code: output.status.code().expect("ended by itself"),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

fn folder() -> TempDir {
    tempfile::tempdir().unwrap()
}

fn files(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    let mut names: Vec<_> =
        entries.map(|e| e.unwrap().file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

/// A smooth field with a leading component axis.
fn smooth(ny: usize, nx: usize) -> Array3<f64> {
    Array3::from_shape_fn((2, ny, nx), |(c, j, i)| {
        let (x, y) = (0.3 * i as f64, 0.2 * j as f64);
        if c == 0 { x.sin() * y.cos() + 0.1 * x } else { (x + y).cos() - 0.5 * x }
    })
}

/// Refused with exit code 2, a message that has all of `says`, and nothing written.
fn refused(folder: &Path, arguments: &[&str], says: &[&str]) {
    let before = files(folder);
    let mut arguments = arguments.to_vec();
    arguments.extend(["-o", "never.h5", "--picture", "never.png"]);
    let outcome = hodge(folder, &arguments);
    assert_eq!(outcome.code, 2, "{arguments:?}: {}", outcome.err);
    for text in says {
        assert!(outcome.err.contains(text), "{arguments:?} says: {}", outcome.err);
    }
    assert_eq!(outcome.out, "", "{arguments:?}");
    assert_eq!(files(folder), before, "{arguments:?} left files behind");
}

/// Arrays in an .npz file. Tests here write no HDF5 themselves: the programs that other tests start
/// meanwhile would inherit its lock.
fn write_npz(path: &Path, arrays: &[(&str, Array2<f64>)]) {
    let mut npz = NpzWriter::new(std::fs::File::create(path).unwrap());
    for (name, values) in arrays {
        npz.add_array(*name, values).unwrap();
    }
    npz.finish().unwrap();
}

fn json_lines(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn demo_writes_table_file_and_picture() {
    let folder = folder();
    let outcome = hodge(folder.path(), &["demo", "--n", "32"]);
    assert_eq!(outcome.code, 0, "{}", outcome.err);
    for part in ["input", "gradient", "solenoidal", "harmonic", "normal-parallel"] {
        assert!(outcome.out.contains(part), "{}", outcome.out);
    }
    assert_eq!(files(folder.path()), ["hodge-demo.h5", "hodge-demo.png"]);
    let again = hodge(folder.path(), &["demo", "--n", "32"]);
    assert_eq!(again.code, 0, "{}", again.err);
}

#[test]
fn json_has_its_schema() {
    let folder = folder();
    let arguments = ["decompose", "analytic:P1", "--n", "32", "--format", "json"];
    let outcome = hodge(folder.path(), &arguments);
    assert_eq!(outcome.code, 0, "{}", outcome.err);
    let object = &json_lines(&outcome.out)[0];
    let expected = [
        "active_cells",
        "answers",
        "backend",
        "boundary",
        "by_central_differences",
        "by_convention",
        "by_own_differences",
        "cells",
        "circulation_of_gradient",
        "claims",
        "conventions",
        "cosines",
        "curl",
        "divergence",
        "energy",
        "fraction",
        "method",
        "metric",
        "name",
        "notes",
        "orthogonality",
        "peak_memory_bytes",
        "periodic_axes",
        "seconds",
        "share_of_input",
        "solves",
        "sum_residual",
        "undivided",
        "warnings",
        "without_mean",
    ];
    let keys: Vec<_> = object.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys, expected);
    let parts =
        ["divergence_free", "gradient", "harmonic", "input", "sampling_remainder", "solenoidal"];
    for group in ["energy", "fraction"] {
        let keys: Vec<_> = object[group].as_object().unwrap().keys().collect();
        assert_eq!(keys, parts);
    }
    assert_eq!(object["method"], "spectral");
    assert_eq!(object["boundary"], "periodic");
    let number = |value: &Value| value.as_f64().unwrap();
    let exact = [9.9345882658, 7.76622489487, 2.26543467983];
    for (part, norm) in ["gradient", "solenoidal", "harmonic"].into_iter().zip(exact) {
        assert!((number(&object["energy"][part]).sqrt() / norm - 1.0).abs() < 1e-10);
    }
    for exact in ["divergence", "curl", "orthogonality", "sum_residual"] {
        assert!(number(&object[exact]) < 1e-12, "{exact}");
    }
}

#[test]
fn parts_in_the_file_add_up_to_the_input() {
    let folder = folder();
    write_npy(folder.path().join("flow.npy"), &smooth(13, 18)).unwrap();
    let arguments = ["decompose", "flow.npy", "--spacing", "0.3,0.2", "-o", "out.h5", "--faces"];
    let outcome = hodge(folder.path(), &arguments);
    assert_eq!(outcome.code, 0, "{}", outcome.err);
    let file = hdf5::File::open(folder.path().join("out.h5")).unwrap();
    let group = file.group("/").unwrap();
    let read = |name: &str| group.dataset(name).unwrap().read_dyn::<f64>().unwrap();
    let sum: ArrayD<f64> =
        read("gradient") + read("solenoidal") + read("harmonic") + read("sampling_remainder");
    let input = smooth(13, 18).into_dyn();
    assert_eq!(read("input"), input);
    assert!((sum - input).iter().all(|d| d.abs() < 1e-12));
    assert_eq!(read("faces/gradient_x").shape(), [13, 19]);
    assert_eq!(files(folder.path()), ["flow.npy", "out.h5"]);
}

#[test]
fn single_precision_goes_in_and_out() {
    let folder = folder();
    write_npy(folder.path().join("flow.npy"), &smooth(9, 8).mapv(|v| v as f32)).unwrap();
    let arguments =
        ["decompose", "flow.npy", "-o", "out.h5", "--precision", "f32", "--deflate", "4"];
    let outcome = hodge(folder.path(), &arguments);
    assert_eq!(outcome.code, 0, "{}", outcome.err);
    let file = hdf5::File::open(folder.path().join("out.h5")).unwrap();
    let dataset = file.dataset("gradient").unwrap();
    assert_eq!(dataset.dtype().unwrap().size(), 4);
    assert_eq!(dataset.filters().len(), 2);
}

#[test]
fn a_leading_axis_and_several_files_become_one_series() {
    let folder = folder();
    let one = smooth(8, 10);
    let series = ndarray::stack(
        ndarray::Axis(0),
        &[one.view(), (2.0 * &one).view(), one.view(), one.view()],
    )
    .unwrap();
    write_npy(folder.path().join("series.npy"), &series).unwrap();
    write_npy(folder.path().join("one.npy"), &smooth(6, 7)).unwrap();
    let mut broken = smooth(6, 7);
    broken[[1, 2, 3]] = f64::NAN;
    write_npy(folder.path().join("nan.npy"), &broken).unwrap();
    let arguments =
        ["decompose", "series.npy", "nan.npy", "one.npy", "-o", "out.h5", "--format", "json"];
    let outcome = hodge(folder.path(), &arguments);
    assert_eq!(outcome.code, 1, "one of six fails: {}", outcome.err);
    assert!(outcome.err.contains("nan.npy") && outcome.err.contains("NaN"), "{}", outcome.err);
    let reports = json_lines(&outcome.out);
    assert_eq!(reports.len(), 5);
    let energy = |i: usize| reports[i]["energy"]["gradient"].as_f64().unwrap();
    assert!((energy(1) / energy(0) - 4.0).abs() < 1e-12);
    assert_eq!(reports[0]["energy"], reports[2]["energy"]);
    let file = hdf5::File::open(folder.path().join("out.h5")).unwrap();
    // Two grids.
    let flags = |group: &str| {
        let flags = file.dataset(&format!("fields/{group}/evidence/finished")).unwrap();
        flags.read_raw::<u8>().unwrap()
    };
    assert_eq!((flags("series"), flags("nan")), (vec![1; 4], vec![0, 1]));
    let read = |name: &str| -> ndarray::Array4<f64> { file.dataset(name).unwrap().read().unwrap() };
    assert_eq!(read("fields/series/input"), series);
    let [none, whole] =
        [0, 1].map(|k| read("fields/nan/input").index_axis_move(ndarray::Axis(0), k));
    assert!(none.iter().all(|v| v.is_nan()));
    assert_eq!(whole, smooth(6, 7));
    let errors = file.dataset("fields/nan/evidence/error").unwrap();
    let errors = errors.read_raw::<hdf5::types::FixedUnicode<512>>().unwrap();
    assert!(errors[0].contains("NaN") && errors[1].is_empty(), "{errors:?}");
}

#[test]
fn nothing_is_overwritten_unless_asked() {
    let folder = folder();
    std::fs::write(folder.path().join("out.h5"), "precious").unwrap();
    let arguments = ["decompose", "analytic:P2", "--n", "8", "-o", "out.h5"];
    let outcome = hodge(folder.path(), &arguments);
    assert_eq!(outcome.code, 2);
    assert!(outcome.err.contains("overwrite"), "{}", outcome.err);
    assert_eq!(std::fs::read(folder.path().join("out.h5")).unwrap(), b"precious");
    let forced: Vec<_> = arguments.iter().copied().chain(["--overwrite"]).collect();
    assert_eq!(hodge(folder.path(), &forced).code, 0);
    assert!(hdf5::File::open(folder.path().join("out.h5")).is_ok());
}

#[test]
fn unreadable_files_are_refused() {
    let folder = folder();
    let path = folder.path();
    refused(path, &["decompose", "missing.npy"], &["missing.npy", "no such file"]);
    std::fs::create_dir(path.join("folder")).unwrap();
    refused(path, &["decompose", "folder"], &["folder"]);
    std::fs::write(path.join("empty.h5"), "").unwrap();
    refused(path, &["decompose", "empty.h5"], &["empty"]);
    std::fs::write(path.join("text.txt"), "1 2 3\n").unwrap();
    refused(path, &["decompose", "text.txt"], &["HDF5", "npy"]);
}

#[test]
fn truncated_files_are_refused() {
    let folder = folder();
    let path = folder.path();
    write_npy(path.join("cut.npy"), &smooth(20, 20)).unwrap();
    cut(&path.join("cut.npy"));
    refused(path, &["decompose", "cut.npy"], &["cut.npy"]);
    assert_eq!(hodge(path, &["sample", "analytic:B1", "--n", "32", "-o", "cut.h5"]).code, 0);
    cut(&path.join("cut.h5"));
    refused(path, &["decompose", "cut.h5"], &["cut.h5"]);
}

/// Leaves the first half of a file.
fn cut(path: &PathBuf) {
    let bytes = std::fs::read(path).unwrap();
    std::fs::write(path, &bytes[..bytes.len() / 2]).unwrap();
}

#[test]
fn fields_that_are_none_are_refused() {
    let folder = folder();
    let path = folder.path();
    write_npy(path.join("shape.npy"), &ArrayD::<f64>::zeros(vec![5, 6])).unwrap();
    refused(path, &["decompose", "shape.npy"], &["[5, 6]"]);
    let mut with_nan = smooth(6, 7);
    with_nan[[1, 2, 3]] = f64::NAN;
    write_npy(path.join("nan.npy"), &with_nan).unwrap();
    refused(path, &["decompose", "nan.npy"], &["NaN", "[2, 3]"]);
    let mut infinite = smooth(6, 7);
    infinite[[0, 0, 1]] = f64::INFINITY;
    write_npy(path.join("inf.npy"), &infinite).unwrap();
    refused(path, &["decompose", "inf.npy"], &["[0, 1]"]);
    write_npy(path.join("flow.npy"), &smooth(6, 7)).unwrap();
    refused(path, &["decompose", "flow.npy", "--spacing", "0,1"], &["--spacing", "positive"]);
    refused(path, &["decompose", "flow.npy", "--method", "spectral"], &["axis x", "bounded"]);
    refused(path, &["decompose", "analytic:B99"], &["B99", "P1"]);
    refused(path, &["decompose", "flow.npy", "--backend", "magic"], &["magic", "cholesky"]);
}

#[test]
fn coordinates_that_turn_back_are_refused_with_axis_and_index() {
    let folder = folder();
    let field = smooth(6, 7);
    let part = |k| field.index_axis(ndarray::Axis(0), k).to_owned();
    let file = std::fs::File::create(folder.path().join("uneven.npz")).unwrap();
    let mut npz = NpzWriter::new(file);
    npz.add_array("u", &part(0)).unwrap();
    npz.add_array("v", &part(1)).unwrap();
    npz.add_array("x", &ndarray::Array1::from_iter((0..7).map(f64::from))).unwrap();
    let mut y = ndarray::Array1::from_iter((0..6).map(f64::from));
    y[4] = 2.5;
    npz.add_array("y", &y).unwrap();
    npz.finish().unwrap();
    refused(folder.path(), &["decompose", "uneven.npz"], &["axis y", "index 4", "from 3 to 2.5"]);
}

#[test]
fn constant_and_zero_fields_are_decomposed() {
    let folder = folder();
    let path = folder.path();
    write_npy(path.join("zero.npy"), &Array3::<f64>::zeros((2, 6, 5))).unwrap();
    write_npy(path.join("one.npy"), &Array3::<f64>::ones((2, 6, 5))).unwrap();
    for (method, boundary, part) in [
        (vec![], "normal-parallel", "harmonic"),
        (vec!["--periodic", "x,y"], "periodic", "harmonic"),
    ] {
        for file in ["zero.npy", "one.npy"] {
            let mut arguments = vec!["decompose", file, "--format", "json"];
            arguments.extend(&method);
            let outcome = hodge(path, &arguments);
            assert_eq!(outcome.code, 0, "{}", outcome.err);
            let report = &json_lines(&outcome.out)[0];
            assert_eq!(report["boundary"], boundary);
            if file == "one.npy" {
                let fraction = report["fraction"][part].as_f64().unwrap();
                assert!((fraction - 1.0).abs() < 1e-12, "{file}: {report}");
                continue;
            }
            // A field of zeros has no shares and no evidence, which is not the same as 0.
            assert!(report["fraction"][part].is_null(), "{report}");
            assert!(report["share_of_input"][part].is_null(), "{report}");
            let claims = report["claims"].as_array().unwrap();
            assert!(claims.iter().all(|claim| claim["value"].is_null()), "{report}");
            assert!(report["warnings"].to_string().contains("zero everywhere"), "{report}");
        }
    }
}

#[test]
fn validate_passes_and_has_its_schema() {
    let folder = folder();
    let arguments = ["validate", "--case", "P3,B1", "--format", "json"];
    let outcome = hodge(folder.path(), &arguments);
    assert_eq!(outcome.code, 0, "{}{}", outcome.out, outcome.err);
    let rows = json_lines(&outcome.out);
    for key in ["case", "method", "boundary", "backend", "dims", "n", "order", "claim", "passed"] {
        assert!(rows.iter().all(|row| row.get(key).is_some()), "{key}");
    }
    assert!(rows[0]["order"].is_null() && rows[1]["order"].is_number());
    let unknown = hodge(folder.path(), &["validate", "--case", "B77"]);
    assert_eq!(unknown.code, 2);
}

#[test]
fn samples_can_be_read_back() {
    let folder = folder();
    let path = folder.path();
    assert_eq!(hodge(path, &["sample", "analytic:U3", "--n", "9,8,7", "-o", "f.h5"]).code, 0);
    let outcome = hodge(path, &["decompose", "f.h5", "--format", "json"]);
    assert_eq!(outcome.code, 0, "{}", outcome.err);
    assert_eq!(json_lines(&outcome.out)[0]["cells"], serde_json::json!([9, 8, 7]));
}

#[test]
fn npy_sums_are_the_input_in_3d() {
    let folder = folder();
    let path = folder.path();
    let field = ArrayD::from_shape_fn(vec![3, 5, 6, 7], |i| {
        ((i[0] + 2) as f64 * (0.7 * i[1] as f64 + 0.4 * i[2] as f64 - 0.9 * i[3] as f64)).sin()
    });
    write_npy(path.join("f.npy"), &field).unwrap();
    let again: ArrayD<f64> = read_npy(path.join("f.npy")).unwrap();
    assert_eq!(again, field);
    for boundary in ["no-flux", "zero-potential", "normal-parallel"] {
        let arguments = ["decompose", "f.npy", "--boundary", boundary, "--format", "json"];
        let outcome = hodge(path, &arguments);
        assert_eq!(outcome.code, 0, "{}", outcome.err);
        let report = &json_lines(&outcome.out)[0];
        for exact in ["divergence", "curl", "orthogonality", "sum_residual"] {
            assert!(report[exact].as_f64().unwrap() < 1e-12, "{boundary}: {exact}");
        }
    }
}

#[test]
fn a_density_weights_the_parts() {
    let folder = folder();
    let path = folder.path();
    let n = 24;
    let at = |i: usize| 8.0 * (i as f64 + 0.5) / n as f64 - 4.0;
    let score = Array3::from_shape_fn((2, n, n), |(c, j, i)| {
        let (x, y) = (at(i), at(j));
        if c == 0 { -x + y } else { -y - x }
    });
    let density = ndarray::Array2::from_shape_fn((n, n), |(j, i)| {
        (-0.5 * (at(i).powi(2) + at(j).powi(2))).exp()
    });
    let part = |k| score.index_axis(ndarray::Axis(0), k).to_owned();
    write_npz(&path.join("score.npz"), &[("u", part(0)), ("v", part(1)), ("p", density)]);
    let arguments = [
        "decompose",
        "score.npz",
        "--datasets",
        "u,v",
        "--density",
        "p",
        "--spacing",
        "0.3333333333333333",
        "--format",
        "json",
    ];
    let outcome = hodge(path, &arguments);
    assert_eq!(outcome.code, 0, "{}", outcome.err);
    let report = &json_lines(&outcome.out)[0];
    let fraction = |part: &str| report["fraction"][part].as_f64().unwrap();
    // -x is the gradient of log p and (y, -x) leaves p stationary: half the energy each.
    assert!((fraction("gradient") - 0.5).abs() < 0.01, "{report}");
    for exact in ["divergence", "curl", "orthogonality", "sum_residual"] {
        assert!(report[exact].as_f64().unwrap() < 1e-12, "{exact}: {report}");
    }
    refused(path, &[&arguments[..8], &["--boundary", "all"]].concat(), &["--density"]);
    refused(path, &[&arguments[..8], &["--backend", "transform"]].concat(), &["--density"]);
    let zero = hodge(path, &[&arguments[..], &["--boundary", "zero-potential"]].concat());
    assert_eq!(zero.code, 0, "{}", zero.err);
    assert!(json_lines(&zero.out)[0]["orthogonality"].as_f64().unwrap() < 1e-12, "{}", zero.out);
}

#[test]
fn real_files_decompose() {
    let names = ["wind/north_atlantic_500hpa.h5", "mri/aorta.h5", "ocean/gulf_stream.nc"];
    let Some(paths) = needs::data(names) else { return };
    let folder = folder();
    let [wind, aorta, ocean] = paths.each_ref().map(|path| path.to_str().unwrap());
    let runs: [&[&str]; 4] = [
        &[wind],
        &[aorta, "--datasets", "u,v,w", "--axes", "t,x,y,z", "--spacing", "1.188"],
        &[ocean, "--mask", "nan", "--metric", "plane"],
        &[ocean, "--mask", "nan"],
    ];
    for run in runs {
        let mut arguments = vec!["decompose", "--format", "json", "-o", "out.h5", "--overwrite"];
        arguments.extend(run);
        let outcome = hodge(folder.path(), &arguments);
        assert_eq!(outcome.code, 0, "{run:?}: {}", outcome.err);
        for report in json_lines(&outcome.out) {
            for exact in ["divergence", "curl", "orthogonality", "sum_residual"] {
                let value = report[exact].as_f64().unwrap();
                assert!(value < 1e-12, "{run:?}: {exact} is {value:e}");
            }
        }
    }
    refused(folder.path(), &["decompose", ocean, "--metric", "plane"], &["missing"]);
    refused(folder.path(), &["decompose", ocean], &["missing"]);
}

#[test]
fn land_stays_nan_and_islands_have_circulations() {
    let folder = folder();
    let path = folder.path();
    let mut field = smooth(16, 18);
    for (j, i) in [(5, 6), (5, 7), (6, 6), (11, 12)] {
        field[[0, j, i]] = f64::NAN;
        field[[1, j, i]] = f64::NAN;
    }
    write_npy(path.join("sea.npy"), &field).unwrap();
    let arguments = ["decompose", "sea.npy", "--mask", "nan", "-o", "out.h5", "--format", "json"];
    let extras = ["--boundary", "normal-parallel", "--five-parts", "--potentials"];
    for extra in [&[][..], &extras[..]] {
        let all: Vec<_> = arguments.iter().chain(extra).chain(&["--overwrite"]).copied().collect();
        let outcome = hodge(path, &all);
        assert_eq!(outcome.code, 0, "{}", outcome.err);
        let report = &json_lines(&outcome.out)[0];
        assert_eq!(report["betti"]["fluid"], serde_json::json!([1, 2, 0]));
        let circulations = report["circulations"].as_array().unwrap();
        assert_eq!(circulations.len(), 2);
        for around in circulations {
            let of = |part: &str| around[part].as_f64().unwrap();
            let sum = of("gradient") + of("solenoidal") + of("harmonic");
            assert!((sum - of("field")).abs() < 1e-12 && of("gradient").abs() < 1e-12);
        }
        let file = hdf5::File::open(path.join("out.h5")).unwrap();
        let group = file.group("/").unwrap();
        for name in ["input", "gradient", "solenoidal", "harmonic", "sampling_remainder"] {
            let values = group.dataset(name).unwrap().read_dyn::<f64>().unwrap();
            let blank = values.iter().zip(&field).all(|(v, f)| v.is_nan() == f.is_nan());
            assert!(blank, "{name}");
        }
    }
    let file = hdf5::File::open(path.join("out.h5")).unwrap();
    let five = ["harmonic_tangential", "harmonic_normal", "curly_gradient", "stream_function"];
    for name in five {
        assert!(file.dataset(name).is_ok(), "{name}");
    }
}

#[test]
fn fields_on_faces_are_decomposed_as_they_are() {
    let folder = folder();
    let path = folder.path();
    assert_eq!(hodge(path, &["sample", "analytic:B1", "--n", "24", "-o", "f.h5"]).code, 0);
    let arguments = ["f.h5", "--staggered", "--faces", "-o", "out.h5", "--format", "json"];
    let outcome = hodge(path, &[&["decompose"], &arguments[..]].concat());
    assert_eq!(outcome.code, 0, "{}", outcome.err);
    let report = &json_lines(&outcome.out)[0];
    assert!(report["fraction"]["sampling_remainder"].as_f64().unwrap() < 1e-24, "{report}");
    let read = |file: &str, name: &str| {
        let file = hdf5::File::open(path.join(file)).unwrap();
        file.dataset(name).unwrap().read_dyn::<f64>().unwrap()
    };
    for name in ["faces/input_x", "faces/input_y"] {
        assert_eq!(read("f.h5", name), read("out.h5", name), "{name}");
    }
    let gradient = "faces/gradient_x,faces/gradient_y";
    let arguments =
        ["decompose", "out.h5", "--staggered", "--datasets", gradient, "--format", "json"];
    let outcome = hodge(path, &arguments);
    assert_eq!(outcome.code, 0, "{}", outcome.err);
    let fraction = &json_lines(&outcome.out)[0]["fraction"];
    for nothing in ["solenoidal", "harmonic", "sampling_remainder"] {
        assert!(fraction[nothing].as_f64().unwrap() < 1e-24, "{nothing}: {fraction}");
    }

    refused(path, &["decompose", "f.h5", "--staggered", "--periodic", "x"], &["(ny, nx) = "]);
    let periodic = ["--staggered", "--periodic", "x,y"];
    assert_eq!(hodge(path, &["sample", "analytic:P1", "--n", "16", "-o", "p.h5"]).code, 0);
    let outcome = hodge(path, &[&["decompose", "p.h5"], &periodic[..]].concat());
    assert_eq!(outcome.code, 0, "{}", outcome.err);
    let spectral = [&["decompose", "p.h5", "--method", "spectral"], &periodic[..]].concat();
    refused(path, &spectral, &["spectral"]);
}

#[test]
fn faces_of_a_masked_result_keep_their_mask() {
    let folder = folder();
    let path = folder.path();
    let mut flow = smooth(9, 11);
    flow.slice_mut(ndarray::s![.., 3..5, 4..6]).fill(f64::NAN);
    write_npy(path.join("flow.npy"), &flow).unwrap();
    let first = ["decompose", "flow.npy", "--mask", "nan", "--faces", "-o", "a.h5"];
    let json = ["--format", "json"];
    let outcome = hodge(path, &[&first[..], &json].concat());
    assert_eq!(outcome.code, 0, "{}", outcome.err);
    let expected = &json_lines(&outcome.out)[0];
    for mask in [&[][..], &["--mask", "nan"], &["--mask", "mask"]] {
        let again = [&["decompose", "a.h5", "--staggered"], mask].concat();
        let outcome = hodge(path, &[&again[..], &json].concat());
        assert_eq!(outcome.code, 0, "{mask:?}: {}", outcome.err);
        let report = &json_lines(&outcome.out)[0];
        assert_eq!(report["active_cells"], 9 * 11 - 4);
        for part in ["gradient", "solenoidal", "harmonic"] {
            let of = |report: &Value| report["energy"][part].as_f64().unwrap();
            let whole = expected["energy"]["input"].as_f64().unwrap();
            assert!((of(report) - of(expected)).abs() < 1e-12 * whole, "{mask:?}: {part}");
        }
    }
}
