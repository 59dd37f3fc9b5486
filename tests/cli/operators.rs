//! `hodge operators`: matrices that scipy reads, and what is refused.

use crate::memory::refused;
use crate::{files, folder, hodge, needs, smooth, write_npz};
use ndarray::{Array1, Array2, Ix1, OwnedRepr};
use ndarray_npy::{NpzReader, write_npy};
use std::fs::File;
use std::path::Path;
use std::process::Command;

type Npz = NpzReader<File>;

fn open(path: &Path) -> Npz {
    NpzReader::new(File::open(path).unwrap()).unwrap()
}

fn integers(npz: &mut Npz, name: &str) -> Vec<i32> {
    npz.by_name::<OwnedRepr<i32>, Ix1>(name).unwrap().to_vec()
}

/// A matrix from its arrays times a vector.
fn product(npz: &mut Npz, name: &str, vector: &[f64]) -> Vec<f64> {
    let data: Array1<f64> = npz.by_name(&format!("{name}_data")).unwrap();
    let [columns, starts] = ["indices", "indptr"].map(|p| integers(npz, &format!("{name}_{p}")));
    let shape: Array1<i64> = npz.by_name(&format!("{name}_shape")).unwrap();
    assert_eq!((shape[0] as usize + 1, shape[1] as usize), (starts.len(), vector.len()), "{name}");
    let entry = |i: i32| data[i as usize] * vector[columns[i as usize] as usize];
    starts.windows(2).map(|ends| (ends[0]..ends[1]).map(entry).sum()).collect()
}

#[test]
fn the_matrices_of_a_masked_file_differentiate() {
    let folder = folder();
    let path = folder.path();
    let field = smooth(6, 8);
    let [u, v] = [0, 1].map(|c| field.index_axis(ndarray::Axis(0), c).to_owned());
    let mask = Array2::from_shape_fn((6, 8), |(j, i)| f64::from(u8::from((j, i) != (2, 3))));
    write_npz(&path.join("f.npz"), &[("u", u), ("v", v), ("mask", mask)]);
    let line = ["operators", "f.npz", "--datasets", "u,v", "--mask", "mask", "-o", "ops.npz"];
    let more = ["--spacing", "0.5,0.25", "--boundary", "no-flux"];
    let outcome = hodge(path, &[&line[..], &more].concat());
    assert_eq!(outcome.code, 0, "{}", outcome.err);
    for text in ["8 × 6 cells", "no-flux", "D0", "D1", "star2", "size1"] {
        assert!(outcome.out.contains(text), "{}", outcome.out);
    }
    let mut npz = open(&path.join("ops.npz"));
    // φ = x + 10 y: differences of the spacings between cells, nothing on walls and beside the hole.
    let potential: Vec<f64> =
        (0..48).map(|cell| 0.5 * (cell % 8) as f64 + 2.5 * (cell / 8) as f64).collect();
    let along = product(&mut npz, "D0", &potential);
    let (x, y) = along.split_at(9 * 6);
    for (faces, step, there) in [(x, 0.5, 7 * 6 - 2), (y, 2.5, 8 * 5 - 2)] {
        assert!(faces.iter().all(|d| *d == 0.0 || *d == step), "{faces:?}");
        assert_eq!(faces.iter().filter(|d| **d == step).count(), there);
    }
    assert!(product(&mut npz, "D1", &along).iter().all(|d| *d == 0.0));
    // The area over the distance of a face: 0.25 / 0.5 and 0.5 / 0.25.
    let star = product(&mut npz, "star1", &vec![1.0; 54 + 56]);
    assert!(star.iter().all(|s| [0.0, 0.5, 2.0].contains(s)), "{star:?}");
}

#[test]
fn scipy_reads_the_matrices() {
    let Some(python) = needs::python() else { return };
    let folder = folder();
    let path = folder.path();
    let line = ["operators", "analytic:P4", "--n", "6,5,4", "-o", "ops.npz", "--format", "json"];
    let outcome = hodge(path, &line);
    assert_eq!(outcome.code, 0, "{}", outcome.err);
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/python/read_operators.py");
    let read = Command::new(python).current_dir(path).arg(script).arg("ops.npz").output().unwrap();
    assert!(read.status.success(), "{}", String::from_utf8_lossy(&read.stdout));
}

#[test]
fn nothing_is_replaced_unasked_or_made_beyond_memory() {
    let folder = folder();
    let path = folder.path();
    write_npy(path.join("f.npy"), &smooth(6, 8)).unwrap();
    let line = ["operators", "f.npy", "-o", "ops.npz"];
    assert_eq!(hodge(path, &line).code, 0);
    let before = std::fs::read(path.join("ops.npz")).unwrap();
    let refused = |line: &[&str], says: &[&str]| refused(path, line, says);
    refused(&line, &["ops.npz", "--overwrite"]);
    refused(&["operators", "f.npy", "-o", "ops.h5"], &["ops.h5", "npz"]);
    refused(&["operators", "f.npy", "-o", "f.npy", "--overwrite"], &["f.npy"]);
    refused(&["operators", "missing.npy", "-o", "o.npz"], &["missing.npy"]);
    let huge = ["operators", "analytic:P1", "--n", "1000000", "-o", "o.npz"];
    refused(&huge, &["of memory are needed", "--n", "--memory"]);
    let no_walls =
        ["operators", "f.npy", "--periodic", "x,y", "--boundary", "no-flux", "-o", "o.npz"];
    refused(&no_walls, &["--boundary no-flux cannot apply"]);
    let density = ["operators", "f.npy", "--density", "p", "-o", "o.npz"];
    refused(&density, &["--density cannot apply"]);
    assert_eq!(std::fs::read(path.join("ops.npz")).unwrap(), before);
    let again = [&line[..], &["--overwrite", "--boundary", "zero-potential"]].concat();
    assert_eq!(hodge(path, &again).code, 0);
    assert_ne!(std::fs::read(path.join("ops.npz")).unwrap(), before);
    assert_eq!(files(path), ["f.npy", "ops.npz"]);
}
