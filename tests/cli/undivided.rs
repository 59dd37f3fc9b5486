//! Harmonic fields: what they cost is said first, and they can be left out or written.

use crate::{folder, hodge, json_lines, refused};
use ndarray::{Array4, ArrayD, s};
use ndarray_npy::write_npy;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

/// A field around n × n columns from wall to wall.
fn columns(path: &Path, n: usize, height: usize) {
    let size = 3 * n + 1;
    let mut field = Array4::from_shape_fn((3, height, size, size), |(c, k, j, i)| {
        ((c + 2) as f64 * (k + 2 * j + 3 * i) as f64).sin() + 0.1 * (i * j) as f64
    });
    for (j, i) in (0..n * n).map(|column| (3 * (column / n) + 1, 3 * (column % n) + 1)) {
        field.slice_mut(s![.., .., j, i]).fill(f64::NAN);
    }
    write_npy(path.join("f.npy"), &field).unwrap();
}

const RUN: [&str; 4] = ["decompose", "f.npy", "--mask", "nan"];

fn read(path: &Path, name: &str) -> ArrayD<f64> {
    let file = hdf5::File::open(path).unwrap();
    file.dataset(name).unwrap().read_dyn::<f64>().unwrap()
}

#[test]
fn their_cost_is_said_and_can_be_saved() {
    let folder = folder();
    let path = folder.path();
    columns(path, 3, 3);
    let whole = hodge(path, &[&RUN[..], &["-o", "whole.h5"]].concat());
    assert_eq!(whole.code, 0, "{}", whole.err);
    let said =
        "the mask has 9 independent loops: 9 Poisson solves and 0 MiB before its parts are known";
    assert!(whole.err.contains(said), "{}", whole.err);
    assert!(!hodge(path, &[&RUN[..], &["--quiet"]].concat()).err.contains("loops"));
    let less = ["--no-harmonic", "--format", "json", "-o", "less.h5", "--faces"];
    let outcome = hodge(path, &[&RUN[..], &less].concat());
    assert_eq!(outcome.code, 0, "{}", outcome.err);
    assert!(!outcome.err.contains("loops"), "{}", outcome.err);
    let report = &json_lines(&outcome.out)[0];
    assert_eq!(
        (&report["undivided"], report["solves"].as_array().unwrap().len()),
        (&true.into(), 1)
    );
    for of in ["energy", "fraction", "share_of_input"] {
        assert!(report[of]["solenoidal"].is_null() && report[of]["harmonic"].is_null(), "{report}");
        assert!(report[of]["divergence_free"].as_f64().unwrap() > 0.0, "{report}");
    }
    assert!(report["circulations"][0]["harmonic"].is_null(), "{report}");
    let one = read(&path.join("less.h5"), "divergence_free");
    let both =
        read(&path.join("whole.h5"), "solenoidal") + read(&path.join("whole.h5"), "harmonic");
    let known = one.iter().zip(&both).filter(|(a, _)| !a.is_nan());
    assert!(known.clone().count() > 800 && known.clone().all(|(a, b)| (a - b).abs() < 1e-10));
    let file = hdf5::File::open(path.join("less.h5")).unwrap();
    for missing in ["solenoidal", "harmonic", "faces/harmonic_x"] {
        assert!(file.dataset(missing).is_err(), "{missing}");
    }
    assert!(file.dataset("faces/divergence_free_x").is_ok());
    let table = hodge(path, &[&RUN[..], &["--no-harmonic", "--boundary", "no-flux"]].concat()).out;
    assert!(table.contains("solenoidal and harmonic part as one: no divergence"), "{table}");
    assert!(table.contains("the 5 laws of the parts hold"), "{table}");
}

#[test]
fn what_needs_them_is_refused_without() {
    let folder = folder();
    let path = folder.path();
    columns(path, 2, 3);
    for options in
        [&["--potentials"][..], &["--five-parts"], &["--harmonic-basis"], &["--boundary", "all"]]
    {
        refused(path, &[&RUN[..], &["--no-harmonic"], options].concat(), &["--no-harmonic"]);
    }
    let idle = hodge(path, &[&RUN[..], &["--harmonic-basis"]].concat());
    assert!(idle.code == 2 && idle.err.contains("--harmonic-basis applies"), "{}", idle.err);
    for option in ["--no-harmonic", "--harmonic-basis"] {
        let spectral = ["decompose", "analytic:P1", "--n", "8", option];
        refused(path, &spectral, &[option, "--method staggered"]);
    }
}

/// Products of the fields as they are written, in the inner product of the faces of cells of size 1.
#[test]
fn a_basis_is_written_on_request() {
    let folder = folder();
    let path = folder.path();
    columns(path, 2, 3);
    let options = ["--harmonic-basis", "--spacing", "1", "-o", "o.h5"];
    let outcome = hodge(path, &[&RUN[..], &options].concat());
    assert_eq!(outcome.code, 0, "{}", outcome.err);
    let said = "has 4 independent loops: 8 Poisson solves and 0 MiB for --harmonic-basis";
    assert!(outcome.err.contains(said), "{}", outcome.err);
    let field = |number: usize| {
        ["x", "y", "z"]
            .map(|axis| read(&path.join("o.h5"), &format!("faces/harmonic_basis_{number}_{axis}")))
    };
    // Tangential: what lies on walls is 0, and all other faces weigh 1.
    for (a, b) in (1..=4).flat_map(|a| (1..=a).map(move |b| (a, b))) {
        let (one, other) = (field(a), field(b));
        let pairs = one.iter().zip(&other).flat_map(|(one, other)| one.iter().zip(other));
        let known = pairs.filter(|(a, b)| !a.is_nan() && !b.is_nan());
        let product: f64 = known.map(|(a, b)| a * b).sum();
        assert!((product - f64::from(u8::from(a == b))).abs() < 1e-12, "{a} {b}: {product}");
    }
}

/// Ctrl-C while harmonic fields are computed ends the run, which wrote nothing yet.
#[cfg(unix)]
#[test]
fn a_signal_ends_a_plan() {
    let folder = folder();
    let path = folder.path();
    columns(path, 12, 24);
    let program = assert_cmd::cargo::cargo_bin("hodge");
    let mut command = Command::new(program);
    command.current_dir(path).args(RUN).args(["-o", "o.h5"]);
    let mut run = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(run.stderr.take().unwrap());
    let mut line = String::new();
    while !line.contains("independent loops") {
        line.clear();
        assert!(lines.read_line(&mut line).unwrap() > 0, "the cost was not said");
    }
    assert!(line.contains("has 144 independent loops: 144 Poisson solves"), "{line}");
    let sent = Command::new("kill").args(["-INT", &run.id().to_string()]).status().unwrap();
    assert!(sent.success());
    std::thread::spawn(move || std::io::copy(&mut lines, &mut std::io::sink()));
    assert_eq!(run.wait().unwrap().code(), Some(1));
    assert_eq!(crate::files(path), ["f.npy"]);
}
