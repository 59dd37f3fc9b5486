//! `--points`: how parts on faces come to the points.

use super::{files, folder, hodge, json_lines, refused, smooth, write_npz};
use ndarray::{Array2, ArrayD, Axis, s};
use ndarray_npy::write_npy;
use serde_json::Value;
use std::path::Path;

const MEAN: [f64; 4] = [0.0, 0.5, 0.5, 0.0];

/// Decomposes with what is given besides and reads a part at the points and on the faces of x.
fn part(path: &Path, options: &[&str], name: &str) -> (Array2<f64>, Array2<f64>, Value) {
    let base = ["decompose", "flow.npy", "-o", "out.h5", "--overwrite", "--faces"];
    let outcome = hodge(path, &[&base[..], &["--format", "json"], options].concat());
    assert_eq!(outcome.code, 0, "{}", outcome.err);
    let file = hdf5::File::open(path.join("out.h5")).unwrap();
    let group = file.group("/").unwrap();
    let points: ArrayD<f64> = group.dataset(name).unwrap().read_dyn().unwrap();
    let faces: Array2<f64> = group.dataset(&format!("faces/{name}_x")).unwrap().read().unwrap();
    let points = points.index_axis(Axis(0), 0).to_owned().into_dimensionality().unwrap();
    (points, faces, json_lines(&outcome.out)[0].clone())
}

/// Of the faces of x, weighted inside and at the two walls, those of the latter mirrored.
fn from_faces(faces: &Array2<f64>, inside: [f64; 4], wall: [f64; 3]) -> Array2<f64> {
    let n = faces.ncols() - 1;
    Array2::from_shape_fn((faces.nrows(), n), |(j, i)| {
        let sum = |weights: &[f64], first: usize, up: bool| {
            let terms = weights.iter().enumerate();
            let at = |t: usize| if up { first + t } else { first - t };
            terms.map(|(t, w)| w * faces[[j, at(t)]]).sum::<f64>()
        };
        match i {
            0 => sum(&wall, 0, true),
            i if i + 1 == n => sum(&wall, n, false),
            i => sum(&inside, i - 1, true),
        }
    })
}

fn remainder(report: &Value) -> f64 {
    report["fraction"]["sampling_remainder"].as_f64().unwrap()
}

#[test]
fn parts_come_to_the_points_by_four_faces_or_by_the_mean() {
    let folder = folder();
    let path = folder.path();
    write_npy(path.join("flow.npy"), &smooth(13, 18)).unwrap();
    let four = [-1.0, 9.0, 9.0, -1.0].map(|w| w / 16.0);
    for (options, inside, wall, words) in [
        (&[][..], four, [0.375, 0.75, -0.125], "four"),
        (&["--points", "four-point"], four, [0.375, 0.75, -0.125], "four"),
        (&["--points", "mean"], MEAN, [0.5, 0.5, 0.0], "mean"),
    ] {
        for name in ["gradient", "solenoidal"] {
            let (points, faces, report) = part(path, options, name);
            let expected = from_faces(&faces, inside, wall);
            assert!(expected.iter().any(|v| v.abs() > 0.1));
            let error = (points - expected).fold(0.0f64, |m, v| m.max(v.abs()));
            assert!(error < 1e-14, "{options:?} {name}: {error:e}");
            let said = report["conventions"]["points"].as_str().unwrap();
            assert!(said.contains(words), "{options:?}: {said}");
        }
    }
    let lost = |way| remainder(&part(path, &["--points", way], "gradient").2);
    assert!(lost("four-point") < 0.01 * lost("mean"), "energies of fourth and of second order");
    assert_eq!(files(path), ["flow.npy", "out.h5"]);
}

#[test]
fn components_on_faces_lose_nothing_by_either_way() {
    let folder = folder();
    let path = folder.path();
    let flow = smooth(9, 10);
    let u = flow.slice(s![0, ..8, ..]).to_owned();
    let v = flow.slice(s![1, .., ..9]).to_owned();
    write_npz(&path.join("c.npz"), &[("u", u), ("v", v)]);
    for way in ["four-point", "mean"] {
        let arguments = ["decompose", "c.npz", "--staggered", "--datasets", "u,v", "--points", way];
        let outcome = hodge(path, &[&arguments[..], &["--format", "json"]].concat());
        assert_eq!(outcome.code, 0, "{}", outcome.err);
        assert_eq!(remainder(&json_lines(&outcome.out)[0]), 0.0, "{way}");
    }
}

#[test]
fn a_way_to_the_points_is_refused_where_the_parts_are_there() {
    let folder = folder();
    let spectral = ["decompose", "analytic:P1", "--n", "8", "--points", "mean"];
    refused(folder.path(), &spectral, &["--points", "spectral"]);
    refused(folder.path(), &["decompose", "analytic:B1", "--points", "best"], &["four-point"]);
}
