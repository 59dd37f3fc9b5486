//! What the program prints as evidence can fail, at every magnitude.

use crate::random::Random;
use crate::{folder, hodge, json_lines, smooth, write_npz};
use ndarray::{Array2, Array3, Axis, s};
use ndarray_npy::write_npy;
use serde_json::Value;
use std::path::Path;

/// The report of a field; the exit code must be `code`.
fn report(folder: &Path, field: &Array3<f64>, extra: &[&str], code: i32) -> Value {
    write_npy(folder.join("f.npy"), field).unwrap();
    let begin = ["decompose", "f.npy", "--format", "json"];
    let outcome = hodge(folder, &[&begin[..], extra].concat());
    assert_eq!(outcome.code, code, "{extra:?}: {}", outcome.err);
    json_lines(&outcome.out).remove(0)
}

fn fractions(report: &Value) -> [f64; 3] {
    ["gradient", "solenoidal", "harmonic"].map(|part| report["fraction"][part].as_f64().unwrap())
}

#[test]
fn shares_do_not_depend_on_the_magnitude() {
    let folder = folder();
    let path = folder.path();
    let mut holed = smooth(10, 11);
    holed.slice_mut(s![.., 4..6, 5..8]).fill(f64::NAN);
    let runs: [(&Array3<f64>, &[&str]); 5] = [
        (&smooth(6, 7), &[]),
        (&smooth(6, 7), &["--boundary", "normal-parallel"]),
        (&smooth(6, 7), &["--periodic", "x,y"]),
        (&holed, &["--mask", "nan", "--backend", "cholesky"]),
        (&holed, &["--mask", "nan", "--backend", "multigrid"]),
    ];
    for (field, options) in runs {
        let expected = fractions(&report(path, field, options, 0));
        assert!((expected.iter().sum::<f64>() - 1.0).abs() < 1e-12);
        for magnitude in [1e-300, 1e-170, 1e-160, 1e160, 1e200, 1e300] {
            let found = report(path, &(magnitude * field), options, 0);
            let off =
                (0..3).map(|k| (fractions(&found)[k] - expected[k]).abs()).fold(0.0, f64::max);
            assert!(
                off < 1e-12,
                "{options:?} at {magnitude:e}: {:?} for {expected:?}",
                fractions(&found)
            );
            let claims = found["claims"].as_array().unwrap();
            assert!(claims.iter().all(|claim| claim["value"].as_f64().unwrap() < 1e-12), "{found}");
            assert!(claims.iter().any(|claim| claim["value"].as_f64().unwrap() > 0.0), "{found}");
            // Outside the range of double precision the result is missing, neither 0 nor infinity.
            let energy = &found["energy"]["input"];
            assert!(energy.is_null(), "{energy} at {magnitude:e}");
            assert!(found["warnings"].to_string().contains("energies"), "{found}");
        }
    }
}

/// One mode of each kind on a torus: half the energy in each of two parts, by hand.
#[test]
fn shares_are_right_at_the_ends_of_double_precision() {
    let folder = folder();
    let wave = |i: usize, n: usize| std::f64::consts::TAU * i as f64 / n as f64;
    for magnitude in [1e-170, 1.0, 1e200, 1e300] {
        let field = Array3::from_shape_fn((2, 9, 12), |(c, j, i)| {
            let (x, y) = (wave(i, 12), wave(j, 9));
            // (cos x, 0) is a gradient, (0, cos x) solenoidal; (cos y, …) likewise the other way.
            magnitude * if c == 0 { x.cos() + y.sin() } else { 0.0 }
        });
        let found = fractions(&report(folder.path(), &field, &["--periodic", "x,y"], 0));
        for (found, expected) in found.into_iter().zip([0.5, 0.5, 0.0]) {
            assert!((found - expected).abs() < 1e-12, "{found} at {magnitude:e}");
        }
    }
}

#[test]
fn a_broken_claim_is_marked_and_exits_with_1() {
    let folder = folder();
    let path = folder.path();
    let mut random = Random::new(5);
    let noise = Array3::from_shape_fn((2, 24, 24), |_| random.next());
    // Lengths of ten decades leave no digits for the sum of parts that are so much larger than the field.
    let mut lengths = |shape| Array2::from_shape_fn(shape, |_| 10f64.powf(5.0 * random.next()));
    let part = |k| noise.index_axis(Axis(0), k).to_owned();
    let arrays = [
        ("u", part(0)),
        ("v", part(1)),
        ("sx", lengths((24, 25))),
        ("sy", lengths((25, 24))),
        ("dx", lengths((24, 25))),
        ("dy", lengths((25, 24))),
    ];
    write_npz(&path.join("wild.npz"), &arrays);
    let wild = ["decompose", "wild.npz", "--datasets", "u,v", "--metric-datasets", "sx,sy,dx,dy"];
    let outcome = hodge(path, &[&wild[..], &["--format", "json"]].concat());
    assert_eq!(outcome.code, 1, "{}", outcome.err);
    let found = json_lines(&outcome.out).remove(0);
    assert!(found["warnings"].to_string().contains("does not hold"), "{found}");
    let claims = found["claims"].as_array().unwrap();
    assert!(
        claims.iter().any(|claim| claim["holds"] == false && claim["bound"] == 1e-12),
        "{found}"
    );
    let table = hodge(path, &[&wild[..], &["-o", "o.h5"]].concat());
    assert_eq!(table.code, 1);
    assert!(table.out.contains("BROKEN") && table.out.contains("WARNING"), "{}", table.out);
    // The parts are there to be looked at.
    assert!(path.join("o.h5").exists() && table.err.contains("break a claim"), "{}", table.err);
    assert_eq!(fractions(&report(path, &noise, &[], 0)).len(), 3);
}

#[test]
fn what_interpolation_loses_is_a_warning_above_one_percent() {
    let folder = folder();
    let path = folder.path();
    let rough =
        Array3::from_shape_fn((2, 12, 12), |(_, j, i)| if (i + j) % 2 == 0 { 1.0 } else { -1.0 });
    let found = report(path, &rough, &[], 0);
    assert!(found["fraction"]["sampling_remainder"].as_f64().unwrap() > 0.01);
    assert!(found["warnings"].to_string().contains("interpolation"), "{found}");
    let fine = report(path, &smooth(40, 40).mapv(|v| v + 3.0), &[], 0);
    assert!(fine["fraction"]["sampling_remainder"].as_f64().unwrap() < 0.01);
    assert_eq!(fine["warnings"], serde_json::json!([]));
}

/// A mean flow on a long box, and a flat one under a coast: a potential has too few digits for its
/// differences there, and the parts are right all the same.
#[test]
fn long_and_flat_grids_keep_the_claims() {
    let folder = folder();
    let path = folder.path();
    let mean = Array3::from_shape_fn((2, 2039, 12), |(c, j, i)| {
        1.0 - 0.5 * c as f64 + 1e-3 * (0.01 * j as f64 + 0.3 * i as f64).sin()
    });
    for boundary in ["no-flux", "normal-parallel"] {
        report(path, &mean, &["--boundary", boundary], 0);
    }
    let shelf = ndarray::Array4::from_shape_fn((3, 8, 24, 26), |(c, k, j, i)| {
        let deep = 4.0 + 4.0 * (0.3 * i as f64).sin() * (0.2 * j as f64).cos();
        let wave = (0.4 * i as f64 + 0.3 * j as f64 - 0.5 * k as f64 + c as f64).sin();
        if k as f64 > deep { f64::NAN } else { wave }
    });
    write_npy(path.join("shelf.npy"), &shelf).unwrap();
    for backend in ["cholesky", "multigrid"] {
        let begin = ["decompose", "shelf.npy", "--mask", "nan", "--spacing", "1000,1000,1"];
        let outcome = hodge(path, &[&begin[..], &["--backend", backend]].concat());
        assert_eq!(outcome.code, 0, "{backend}: {}{}", outcome.out, outcome.err);
    }
}

#[test]
fn what_single_precision_does_not_have_is_refused() {
    let folder = folder();
    let path = folder.path();
    for magnitude in [1e39, 1e200, 1e-44, 1e-200] {
        write_npy(path.join("f.npy"), &(magnitude * smooth(6, 7))).unwrap();
        let single = ["decompose", "f.npy", "--precision", "f32", "-o", "o.h5"];
        let outcome = hodge(path, &single);
        assert_eq!(outcome.code, 2, "{magnitude:e}");
        assert!(outcome.err.contains("single precision"), "{}", outcome.err);
        assert!(!path.join("o.h5").exists());
    }
}

#[test]
fn cells_without_a_volume_are_refused() {
    let folder = folder();
    write_npy(folder.path().join("f.npy"), &smooth(6, 7)).unwrap();
    for spacing in ["1e-160", "1e200"] {
        let outcome = hodge(folder.path(), &["decompose", "f.npy", "--spacing", spacing]);
        assert!(outcome.code == 2 && outcome.err.contains("other units"), "{}", outcome.err);
    }
}

/// The unit of a density changes no number but the energies.
#[test]
fn claims_do_not_depend_on_the_unit_of_a_density() {
    let folder = folder();
    let path = folder.path();
    let field = smooth(12, 13);
    let part = |k| field.index_axis(ndarray::Axis(0), k).to_owned();
    let density = ndarray::Array2::from_shape_fn((12, 13), |(j, i)| 1.0 + 0.1 * (i + 2 * j) as f64);
    let mut expected = None;
    for unit in [1.0, 1e4, 1e-12, 1e100, 1e200] {
        let arrays = [("u", part(0)), ("v", part(1)), ("p", unit * &density)];
        crate::write_npz(&path.join("d.npz"), &arrays);
        let run = ["decompose", "d.npz", "--datasets", "u,v", "--density", "p", "--format", "json"];
        let outcome = hodge(path, &run);
        assert_eq!(outcome.code, 0, "{unit:e}: {}", outcome.err);
        let found = fractions(&json_lines(&outcome.out)[0]);
        let expected = *expected.get_or_insert(found);
        assert!((0..3).all(|k| (found[k] - expected[k]).abs() < 1e-12), "{unit:e}: {found:?}");
    }
}

/// A field that alternates from point to point vanishes on the faces: a warning says so, and no
/// claim is broken. A program that checks whether the points are zero exits with 1 here.
#[test]
fn a_field_that_the_faces_do_not_see_is_no_broken_claim() {
    let folder = folder();
    let sign = |i: usize| if i.is_multiple_of(2) { 1.0 } else { -1.0 };
    let field =
        Array3::from_shape_fn((2, 8, 8), |(c, j, i)| if c == 0 { sign(i) } else { sign(j) });
    let report = report(folder.path(), &field, &["--periodic", "x,y", "--method", "staggered"], 0);
    let warnings = report["warnings"].to_string();
    assert!(
        warnings.contains("zero on the faces") && !warnings.contains("everywhere"),
        "{warnings}"
    );
    assert!(report["claims"].as_array().unwrap().iter().all(|claim| claim["value"].is_null()));
}
