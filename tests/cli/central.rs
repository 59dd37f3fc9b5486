//! `--method central`: parts that numpy.gradient finds exact, and what is refused.

use super::*;
use ndarray::Array4;

const PIV: &str = "piv/PIVchallengeCaseBvelField.txt";

#[test]
fn parts_of_a_piv_frame_are_exact_at_the_points() {
    let Some([path]) = needs::data([PIV]) else { return };
    let folder = folder();
    let line = ["decompose", path.to_str().unwrap(), "--method", "central", "--format", "json"];
    let outcome = hodge(folder.path(), &line);
    assert_eq!(outcome.code, 0, "{}", outcome.err);
    let report = &json_lines(&outcome.out)[0];
    let shares = ["gradient", "solenoidal", "harmonic"].map(|part| &report["share_of_input"][part]);
    for (share, (expected, off)) in
        shares.iter().zip([(0.107, 5e-4), (0.893, 5e-4), (0.00026, 1e-5)])
    {
        assert!((share.as_f64().unwrap() - expected).abs() <= off, "{share} is not {expected}");
    }
    assert_eq!(report["share_of_input"]["lost"], 0.0);
    assert_eq!((&report["method"], &report["boundary"]), (&"central".into(), &"no-flux".into()));
    for claim in report["claims"].as_array().unwrap() {
        assert_eq!((&claim["bound"], &claim["holds"]), (&1e-12.into(), &true.into()), "{claim}");
    }
}

/// Random numbers of a linear congruence.
fn noise(shape: [usize; 4]) -> Array4<f64> {
    let mut state = 12345u64;
    Array4::from_shape_simple_fn(shape, || {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (state >> 11) as f64 / (1u64 << 52) as f64 - 1.0
    })
}

#[test]
fn numpy_finds_no_divergence_and_no_curl() {
    let Some(python) = needs::python() else { return };
    let folder = folder();
    let path = folder.path();
    let flat = noise([2, 1, 13, 18]);
    write_npy(path.join("plane.npy"), &flat.index_axis(ndarray::Axis(1), 0)).unwrap();
    write_npy(path.join("space.npy"), &noise([3, 6, 9, 8])).unwrap();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/python/central_gradient.py");
    for (file, spacing) in [("plane.npy", "0.5,0.3"), ("space.npy", "0.5,0.3,1.2")] {
        let line = [
            "decompose",
            file,
            "--spacing",
            spacing,
            "--method",
            "central",
            "-o",
            "out.h5",
            "--overwrite",
        ];
        let outcome = hodge(path, &line);
        assert_eq!(outcome.code, 0, "{}", outcome.err);
        let mut read = Command::new(&python);
        let read = read.current_dir(path).arg(&script).arg("out.h5").output().unwrap();
        assert!(read.status.success(), "{file}: {}", String::from_utf8_lossy(&read.stdout));
    }
}

#[test]
fn what_central_has_not_is_refused_with_the_way_out() {
    let folder = folder();
    let path = folder.path();
    write_npy(path.join("f.npy"), &smooth(6, 8)).unwrap();
    let line = |options: &[&'static str]| {
        [&["decompose", "f.npy", "--spacing", "1", "--method", "central"], options].concat()
    };
    let of: [(&[&str], &[&str]); 9] = [
        (&["--boundary", "normal-parallel"], &["no-flux", "normal-parallel", "staggered"]),
        (&["--boundary", "zero-potential"], &["no-flux", "zero-potential", "staggered"]),
        (&["--boundary", "all"], &["one convention", "--boundary all"]),
        (&["--backend", "cholesky"], &["central", "cholesky", "--method staggered"]),
        (&["--no-harmonic"], &["central", "--no-harmonic", "--method staggered"]),
        (&["--points", "mean"], &["central", "--points", "--method staggered"]),
        (&["--faces"], &["central", "--faces", "--method staggered"]),
        (&["--harmonic-basis"], &["central", "--harmonic-basis", "--method staggered"]),
        (&["--five-parts"], &["central", "--five-parts", "--method staggered"]),
    ];
    for (options, says) in of {
        refused(path, &line(options), says);
        refused(path, &[&line(options)[..], &["--dry-run"]].concat(), says);
    }
    let outcome = hodge(path, &line(&["--boundary", "no-flux", "--potentials", "-o", "o.h5"]));
    assert_eq!(outcome.code, 0, "{}", outcome.err);
    let mut masked = smooth(6, 8);
    masked[[0, 2, 3]] = f64::NAN;
    masked[[1, 2, 3]] = f64::NAN;
    write_npy(path.join("m.npy"), &masked).unwrap();
    let masked = ["decompose", "m.npy", "--spacing", "1", "--mask", "nan", "--method", "central"];
    refused(path, &masked, &["central", "mask", "staggered"]);
    let globe = ["decompose", "analytic:SP1", "--method", "central"];
    refused(path, &globe, &["central", "pole", "staggered"]);
}
