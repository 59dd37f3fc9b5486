//! `hodge batch`: studies of several sources in several ways, and what they would do.

use crate::{files, folder, hodge, json_lines, smooth, write_npz};
use ndarray::{Array2, Axis};
use ndarray_npy::write_npy;
use std::path::Path;
use std::process::{Command, Stdio};

const STUDY: &str = r#"
output = "s.h5"
fields = ["flow*.npy", "analytic:B4"]
methods = ["staggered"]
boundaries = ["no-flux", "normal-parallel"]
backends = ["transform", "multigrid"]
"#;

fn study(path: &Path, text: &str) {
    std::fs::write(path.join("s.toml"), text).unwrap();
}

/// Files of steps of which only the natural order is that of time.
fn flows(path: &Path) {
    for step in [2, 10] {
        write_npy(path.join(format!("flow{step}.npy")), &(f64::from(step) * smooth(12, 16)))
            .unwrap();
    }
}

/// The numbers under a name of a group, as they are stored.
fn numbers(file: &hdf5::File, name: &str) -> Vec<u64> {
    let numbers = file.dataset(name).unwrap_or_else(|e| panic!("{name}: {e}")).read_raw::<f64>();
    numbers.unwrap().into_iter().map(f64::to_bits).collect()
}

fn refused(path: &Path, text: &str, says: &[&str]) {
    study(path, text);
    let before = files(path);
    let outcome = hodge(path, &["batch", "s.toml"]);
    assert_eq!((outcome.code, outcome.out.as_str()), (2, ""), "{text}: {}", outcome.err);
    for words in says {
        assert!(outcome.err.contains(words), "{text}: expected {words:?} in {}", outcome.err);
    }
    assert_eq!(files(path), before, "{text}");
}

/// Two sources, two conventions and two back ends. Fails where a combination gets the plan of another, or files their
/// alphabetical order.
#[test]
fn a_study_gives_the_numbers_of_its_commands() {
    let folder = folder();
    let path = folder.path();
    flows(path);
    study(path, &format!("{STUDY}[options]\npotentials = true\n"));
    let outcome = hodge(path, &["batch", "s.toml", "--format", "json"]);
    assert_eq!(outcome.code, 0, "{}", outcome.err);
    assert_eq!(json_lines(&outcome.out).len(), 12);
    assert_eq!(files(path), ["flow10.npy", "flow2.npy", "s.h5", "s.toml"]);
    let whole = hdf5::File::open(path.join("s.h5")).unwrap();
    let sources = [("flow2", &["flow2.npy", "flow10.npy"][..]), ("B4", &["analytic:B4"])];
    for (stem, fields) in sources {
        for (boundary, backend) in [("no-flux", "transform"), ("normal-parallel", "multigrid")] {
            let mut line = [&["decompose"], fields].concat();
            line.extend(["--method", "staggered", "--boundary", boundary, "--backend", backend]);
            line.extend(["--potentials", "-o", "one.h5", "--overwrite"]);
            let outcome = hodge(path, &line);
            assert_eq!(outcome.code, 0, "{}", outcome.err);
            let one = hdf5::File::open(path.join("one.h5")).unwrap();
            let group = format!("fields/{stem}-{boundary}-{backend}");
            let names = ["gradient", "solenoidal", "harmonic", "potential", "stream_function"];
            for name in names {
                assert!(
                    numbers(&whole, &format!("{group}/{name}")) == numbers(&one, name),
                    "{group}/{name}"
                );
            }
            let words = whole.group(&group).unwrap().attr("boundary").unwrap();
            let words = words.read_scalar::<hdf5::types::VarLenUnicode>().unwrap();
            assert_eq!(words.as_str(), boundary);
        }
    }
}

#[test]
fn what_is_misspelt_is_named_with_its_line_and_the_nearest() {
    let folder = folder();
    let path = folder.path();
    flows(path);
    let case = "fields = [\"analytic:B4\"]\n";
    refused(path, "feilds = [\"analytic:B4\"]\n", &["line 1", "\"feilds\"", "nearest is fields"]);
    refused(path, "fields = [\"analytic:B44\"]\n", &["line 1", "B44", "nearest is B4"]);
    refused(path, "fields = [\"flow3.npy\"]\n", &["no file flow3.npy", "flow2.npy"]);
    refused(path, "fields = [\"none*.npy\"]\n", &["line 1", "no file matches \"none*.npy\""]);
    refused(path, "fields = [\"flow*.npy\", \"flow2.npy\"]\n", &["flow2.npy twice"]);
    refused(path, "output = \"o.h5\"\n", &["names no fields"]);
    refused(path, "fields = [\"analytic:B4\"\n", &["s.toml, line"]);
    let with = |text: &str| format!("{case}{text}");
    refused(path, &with("methods = [\"stagered\"]"), &["line 2", "nearest is staggered"]);
    refused(path, &with("boundaries = [\"noflux\"]"), &["line 2", "nearest is no-flux"]);
    refused(path, &with("backends = \"cholesky\""), &["line 2", "expected a list"]);
    refused(path, &with("methods = [\"staggered\", \"staggered\"]"), &["line 2", "twice"]);
    refused(path, &with("inapplicable = \"skipp\""), &["nearest is skip"]);
    refused(path, &with("[options]\nno_input = true"), &["line 3", "nearest is no-input"]);
    refused(path, &with("[options]\nno-input = 1"), &["line 3", "true or false"]);
    refused(path, &with("[options]\nprecision = \"F32\""), &["line 3", "nearest is f32"]);
    refused(path, &with("[options]\ndeflate = 11"), &["line 3", "deflate", "11"]);
    refused(path, &with("[options]\nn = -3"), &["line 3", "-3"]);
    refused(path, &with("[options]\nmethod = \"staggered\""), &["line 3", "methods = "]);
    refused(path, &with("[options]\npicture = \"p.png\""), &["line 3", "draws none"]);
    refused(path, &with("[options]\nmask = \"nan\""), &["--mask applies to files"]);
    let mixed = "fields = [\"analytic:B4\", \"flow2.npy\"]\n[options]\nn = 12\n";
    refused(path, mixed, &["flow2.npy", "--n is for sources"]);
}

/// What cannot apply is known before a field is read, or left out where that is asked for.
#[test]
fn combinations_that_cannot_apply_are_named() {
    let folder = folder();
    let path = folder.path();
    let text = "output = \"o.h5\"\nfields = [\"analytic:B4\", \"analytic:P1\"]\n\
                methods = [\"spectral\", \"staggered\"]\nboundaries = [\"periodic\", \"no-flux\"]\n";
    refused(path, text, &["analytic:B4: spectral, periodic", "axis x is bounded"]);
    study(path, &format!("{text}inapplicable = \"skip\"\n[options]\nn = 12\n"));
    let outcome = hodge(path, &["batch", "s.toml", "--format", "json"]);
    assert_eq!(outcome.code, 0, "{}", outcome.err);
    let found: Vec<String> = json_lines(&outcome.out)
        .iter()
        .map(|report| format!("{} {} {}", report["name"], report["method"], report["boundary"]))
        .map(|words| words.replace('"', ""))
        .collect();
    let expected = ["B4 staggered no-flux", "P1 spectral periodic", "P1 staggered periodic"];
    assert_eq!(found, expected);
    assert_eq!(outcome.err.matches("skipped: ").count(), 5, "{}", outcome.err);
    let file = hdf5::File::open(path.join("o.h5")).unwrap();
    let skipped = file.attr("skipped").unwrap().read_raw::<hdf5::types::VarLenUnicode>().unwrap();
    assert_eq!(skipped.len(), 5);
}

/// Nothing is written, and the size is that of the file. Fails where the evidence, an extra or the size of a number is left out.
#[test]
fn a_dry_run_writes_nothing_and_knows_the_size() {
    let folder = folder();
    let path = folder.path();
    flows(path);
    let fields: Vec<_> = (0..6).map(|t| (1.0 + f64::from(t)) * smooth(40, 48)).collect();
    let views: Vec<_> = fields.iter().map(|field| field.view()).collect();
    write_npy(path.join("series.npy"), &ndarray::stack(Axis(0), &views).unwrap()).unwrap();
    let land = Array2::from_shape_fn((40, 48), |(j, i)| f64::from(u8::from((j, i) != (20, 20))));
    let part = |k| fields[0].index_axis(Axis(0), k).to_owned();
    write_npz(&path.join("masked.npz"), &[("u", part(0)), ("v", part(1)), ("mask", land)]);
    let check = |arguments: &[&str]| {
        let before = files(path);
        let dry = hodge(path, &[arguments, &["--dry-run", "--format", "json"]].concat());
        assert_eq!(dry.code, 0, "{arguments:?}: {}", dry.err);
        assert_eq!(files(path), before, "{arguments:?}");
        let plan = json_lines(&dry.out).remove(0);
        assert_eq!(hodge(path, arguments).code, 0, "{arguments:?}");
        let real = std::fs::metadata(path.join("o.h5")).unwrap().len() as f64;
        let ratio = plan["file_bytes"].as_f64().unwrap() / real;
        assert!((ratio - 1.0).abs() < 0.05, "{arguments:?}: {ratio}");
        std::fs::remove_file(path.join("o.h5")).unwrap();
        plan
    };
    let plan = check(&["decompose", "series.npy", "-o", "o.h5"]);
    let series = &plan["series"][0];
    assert_eq!((&series["cells"], &series["fields"]), (&serde_json::json!([48, 40]), &6.into()));
    assert_eq!((&series["method"], &series["backend"]), (&"staggered".into(), &"transform".into()));
    assert_eq!(series["boundary"], "normal-parallel");
    check(&["decompose", "series.npy", "-o", "o.h5", "--precision", "f32", "--no-input"]);
    check(&["decompose", "series.npy", "-o", "o.h5", "--faces", "--potentials", "--five-parts"]);
    check(&["decompose", "series.npy", "-o", "o.h5", "--boundary", "all"]);
    check(&["decompose", "masked.npz", "-o", "o.h5", "--mask", "mask"]);
    check(&["decompose", "analytic:P1", "--n", "64", "-o", "o.h5"]);
    study(path, STUDY);
    assert_eq!(check(&["batch", "s.toml", "-o", "o.h5"])["fields"], 12);
    let table = hodge(path, &["batch", "s.toml", "--dry-run"]);
    assert!(table.out.contains("12 fields to do, about "), "{}", table.out);
    assert_eq!(files(path).len(), 5);
}

/// A study that is killed goes on where it was, and ends as one that was not.
#[test]
fn a_killed_study_goes_on_where_it_was() {
    use assert_cmd::cargo::CommandCargoExt;
    let folder = folder();
    let path = folder.path();
    let one = smooth(24, 32);
    let all: Vec<_> = (0..40).map(|t| (1.0 + f64::from(t)) * &one).collect();
    let views: Vec<_> = all.iter().map(|field| field.view()).collect();
    write_npy(path.join("flow1.npy"), &ndarray::stack(Axis(0), &views).unwrap()).unwrap();
    study(path, STUDY);
    assert_eq!(hodge(path, &["batch", "s.toml", "-o", "whole.h5"]).code, 0);
    let mut command = Command::cargo_bin("hodge").unwrap();
    command.current_dir(path).args(["batch", "s.toml"]).stdin(Stdio::null());
    let mut run = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    // Within the second series.
    while !path.join("s.h5.part/2.json").exists() {
        std::thread::sleep(std::time::Duration::from_millis(1));
    }
    run.kill().unwrap();
    run.wait().unwrap();
    let dry = hodge(path, &["batch", "s.toml", "--dry-run", "--format", "json"]);
    let plan = json_lines(&dry.out).remove(0);
    assert_eq!(plan["series"][0]["finished_before"], 40, "{}", dry.err);
    assert!(plan["finished_before"].as_u64().unwrap() < 164);
    study(path, &format!("{STUDY}[options]\nfaces = true\n"));
    let other = hodge(path, &["batch", "s.toml"]);
    assert!(other.code == 2 && other.err.contains("asked something else"), "{}", other.err);
    study(path, STUDY);
    let again = hodge(path, &["batch", "s.toml", "--format", "csv"]);
    assert_eq!(again.code, 0, "{}", again.err);
    let lines = again.out.lines().filter(|line| line.contains("staggered")).count() as u64;
    assert_eq!(lines, 164 - plan["finished_before"].as_u64().unwrap());
    assert_eq!(
        crate::harm::contents(&path.join("s.h5")),
        crate::harm::contents(&path.join("whole.h5"))
    );
    assert_eq!(files(path), ["flow1.npy", "s.h5", "s.toml", "whole.h5"]);
}

/// An input that is none is told of in the file, and the others are decomposed.
#[test]
fn inputs_that_cannot_be_opened_are_in_the_file() {
    let folder = folder();
    let path = folder.path();
    flows(path);
    std::fs::write(path.join("flow3.npy"), "no numbers").unwrap();
    for (count, fields) in [(2, "flow*.npy"), (1, "flow[23].npy")] {
        study(path, &format!("fields = [\"{fields}\"]\noutput = \"o.h5\"\n"));
        let outcome = hodge(path, &["batch", "s.toml", "--overwrite", "--format", "json"]);
        assert_eq!(outcome.code, 1, "{}", outcome.err);
        assert_eq!(json_lines(&outcome.out).len(), count);
        let file = hdf5::File::open(path.join("o.h5")).unwrap();
        let failed = file.attr("failed_inputs").unwrap();
        let failed = failed.read_raw::<hdf5::types::VarLenUnicode>().unwrap();
        assert_eq!(failed.len(), 1);
        assert!(failed[0].starts_with("flow3.npy "), "{}", failed[0]);
    }
}

/// The lines have the numbers of the table in the file.
#[test]
fn csv_is_the_evidence_of_the_file() {
    let folder = folder();
    let path = folder.path();
    flows(path);
    let line = ["decompose", "flow2.npy", "flow10.npy", "-o", "o.h5", "--format", "csv"];
    let outcome = hodge(path, &line);
    assert_eq!(outcome.code, 0, "{}", outcome.err);
    let rows: Vec<Vec<&str>> = outcome.out.lines().map(|line| line.split(',').collect()).collect();
    assert_eq!(rows.len(), 3, "{}", outcome.out);
    let file = hdf5::File::open(path.join("o.h5")).unwrap();
    let names = file.group("evidence").unwrap().member_names().unwrap();
    let others = ["field", "finished", "error", "warnings", "seconds"];
    let mut compared = 0;
    for name in names.iter().filter(|name| !others.contains(&name.as_str())) {
        let at = rows[0].iter().position(|column| column == name);
        let at = at.unwrap_or_else(|| panic!("no column {name}"));
        let stored = file.dataset(&format!("evidence/{name}")).unwrap().read_raw::<f64>().unwrap();
        for (row, value) in rows[1..].iter().zip(stored) {
            let printed = row[at].parse().unwrap_or(f64::NAN);
            assert!(value == printed || value.is_nan() && printed.is_nan(), "{name}");
            compared += 1;
        }
    }
    assert!(compared > 20, "{compared}");
    assert_eq!(hodge(path, &["info", "flow2.npy", "--format", "csv"]).code, 2);
}

/// Datasets that are numbered are one series in the order of the numbers. Fails in alphabetical order.
#[test]
fn numbered_datasets_are_one_series() {
    let folder = folder();
    let path = folder.path();
    let one = smooth(12, 16);
    let part = |k: usize, t: u32| f64::from(t) * &one.index_axis(Axis(0), k);
    for (pattern, axis) in [("t{}/#", "t"), ("#_000{}", "field"), ("#{}", "field")] {
        let name =
            |letter: &str, t: u32| pattern.replace("{}", &t.to_string()).replace('#', letter);
        let steps = [20, 100, 9];
        let names: Vec<_> = steps.iter().map(|t| (name("u", *t), name("v", *t))).collect();
        let mut arrays = Vec::new();
        for ((u, v), t) in names.iter().zip(steps) {
            arrays.extend([(u.as_str(), part(0, t)), (v.as_str(), part(1, t))]);
        }
        write_npz(&path.join("n.npz"), &arrays);
        let outcome = hodge(path, &["decompose", "n.npz", "-o", "o.h5", "--overwrite"]);
        assert_eq!(outcome.code, 0, "{pattern}: {}", outcome.err);
        let file = hdf5::File::open(path.join("o.h5")).unwrap();
        let found = file.dataset(axis).unwrap().read_raw::<f64>().unwrap();
        assert_eq!(found, [9.0, 20.0, 100.0], "{pattern}");
        let input = file.dataset("input").unwrap().read_dyn::<f64>().unwrap();
        for (row, t) in [9, 20, 100].into_iter().enumerate() {
            let stored = input.index_axis(Axis(0), row);
            assert_eq!(stored.index_axis(Axis(0), 1), part(1, t).into_dyn(), "{pattern} {t}");
        }
    }
    // Two heights are no series, nor are the components of two vectors.
    let pairs = [("u1", part(0, 1)), ("u2", part(1, 1)), ("v1", part(0, 2)), ("v2", part(1, 2))];
    write_npz(&path.join("pairs.npz"), &pairs);
    crate::refused(path, &["decompose", "pairs.npz"], &["u1,u2; v1,v2"]);
    let heights =
        [("u10", part(0, 1)), ("v10", part(1, 1)), ("u100", part(0, 2)), ("v100", part(1, 2))];
    write_npz(&path.join("heights.npz"), &heights);
    crate::refused(path, &["decompose", "heights.npz"], &["u10,v10; u100,v100"]);
}
