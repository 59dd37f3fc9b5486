//! Vectors as records of NumPy, and lists of points in files of arrays, against the same field as arrays.

use crate::types::{npy, npz, value};
use crate::uneven::report;
use crate::variants::{Array, Kind, made, write};
use crate::{folder, refused};
use ndarray::{Array1, Array2};
use serde_json::Value;
use std::path::Path;

const SHAPE: (usize, usize) = (7, 9);

fn x(i: usize) -> f64 {
    0.5 + 0.25 * i as f64 + 0.0625 * (i * i) as f64
}

fn y(j: usize) -> f64 {
    2.0 - 0.5 * j as f64
}

/// x, y, u, v of all points in another order than that of the grid.
fn points() -> Vec<[f64; 4]> {
    let point = |n: usize| (n * 13 + 5) % 63;
    let all = (0..63).map(point).map(|n| (n / 9, n % 9));
    all.map(|(j, i)| [x(i), y(j), value(0, j, i), value(1, j, i)]).collect()
}

fn column(k: usize) -> Array1<f64> {
    points().iter().map(|row| row[k]).collect()
}

fn same(path: &Path, name: &str, arguments: &[&str], expected: &Value) {
    let found = report(path, &[&["decompose", name], arguments].concat());
    for number in ["cells", "active_cells", "energy", "fraction", "share_of_input"] {
        assert_eq!(found[number], expected[number], "{number} of {name}");
    }
}

fn expected(path: &Path, with_coordinates: bool) -> Value {
    let part = |name, c| {
        Array::new(name, &["y", "x"], Array2::from_shape_fn(SHAPE, |(j, i)| value(c, j, i)))
    };
    let line = |name: &str, n: usize, at: fn(usize) -> f64| {
        Array::new(name, &[name], Array1::from_iter((0..n).map(at)))
    };
    let mut arrays = vec![part("u", 0), part("v", 1)];
    if with_coordinates {
        arrays.extend([line("x", SHAPE.1, x), line("y", SHAPE.0, y)]);
    }
    write(&path.join("expected.npz"), &arrays);
    report(path, &["decompose", "expected.npz"])
}

#[test]
fn records_of_components_are_vectors() {
    let folder = folder();
    let path = folder.path();
    let plain = expected(path, false);
    let at = |n: usize| [value(0, n / 9, n % 9), value(1, n / 9, n % 9)];
    let turned = |n: usize| at(n % 7 * 9 + n / 7);
    let little = |v: f64| v.to_le_bytes().to_vec();
    let big = |v: f64| (v as f32).to_be_bytes().to_vec();
    let doubles: Vec<u8> = (0..63).flat_map(|n| at(n).map(little).concat()).collect();
    let fortran: Vec<u8> = (0..63).flat_map(|n| turned(n).map(little).concat()).collect();
    let padded: Vec<u8> = (0..63)
        .flat_map(|n| [vec![7; 3], big(at(n)[1]), vec![1], big(at(n)[0])].concat())
        .collect();
    for (k, (descriptor, fortran, data)) in [
        ("[('u', '<f8'), ('v', '<f8')]", false, doubles),
        ("[('Vx', '<f8'), ('Vy', '<f8')]", true, fortran),
        ("[('name', '|S3'), ('v', '>f4'), ('', '|V1'), ('u', '>f4')]", false, padded),
    ]
    .into_iter()
    .enumerate()
    {
        let bytes = npy(descriptor, "(7, 9)", fortran, &data).replace_quotes();
        std::fs::write(path.join(format!("{k}.npy")), &bytes).unwrap();
        npz(&path.join(format!("{k}.npz")), &[("flow.npy", bytes)]);
        same(path, &format!("{k}.npy"), &[], &plain);
        same(path, &format!("{k}.npz"), &[], &plain);
    }
}

/// A list of fields is no text.
trait ReplaceQuotes {
    fn replace_quotes(self) -> Vec<u8>;
}

impl ReplaceQuotes for Vec<u8> {
    fn replace_quotes(mut self) -> Vec<u8> {
        let start = b"'descr': '[".len();
        let at = self.windows(start).position(|w| w == b"'descr': '[").unwrap() + start - 2;
        self[at] = b' ';
        let end = self.windows(2).position(|w| w == b"]'").unwrap();
        self[end + 1] = b' ';
        self
    }
}

#[test]
fn what_is_no_vector_beside_coordinates_is_named() {
    let folder = folder();
    let path = folder.path();
    let line = |n: usize| {
        let data: Vec<u8> = (0..n).flat_map(|i| (i as f64).to_le_bytes()).collect();
        npy("<f8", &format!("({n},)"), false, &data)
    };
    let complex = npy("<c16", "(7, 9)", false, &[0; 63 * 16]);
    let nested = npy("[('vel', '<f8', (2,))]", "(7, 9)", false, &[0; 63 * 16]).replace_quotes();
    for (array, says) in
        [(complex, "two arrays, such as u = z.real"), (nested, "('vel', '<f8', (2,))")]
    {
        npz(&path.join("a.npz"), &[("x.npy", line(9)), ("y.npy", line(7)), ("flow.npy", array)]);
        refused(path, &["decompose", "a.npz"], &["dataset \"flow\" holds", says]);
    }
}

#[test]
fn lists_of_points_are_rows_of_a_table() {
    let folder = folder();
    let path = folder.path();
    let all = expected(path, true);
    let list = |name: &str, k: usize| Array::new(name, &["n"], column(k));
    let four = |names: [&str; 4]| -> Vec<Array> {
        names.iter().enumerate().map(|(k, name)| list(name, k)).collect()
    };
    let plain = ["x", "y", "u", "v"];
    write(&path.join("a.npz"), &four(plain));
    write(&path.join("b.h5"), &four(["x", "y", "Vx", "Vy"]));
    write(&path.join("c.nc"), &four(plain));
    let mut deep = four(["piv/x", "piv/y", "piv/u", "piv/v"]);
    deep.push(Array::new("piv/s2n", &["n"], column(2) * 3.0));
    deep.push(Array::new("piv/dt", &["one"], Array1::from(vec![0.5])));
    write(&path.join("d.h5"), &deep);
    let tall =
        |name: &str, k| Array::new(name, &["n", "one"], column(k).insert_axis(ndarray::Axis(1)));
    write(&path.join("e.npz"), &[tall("v", 3), tall("y", 1), tall("x", 0), tall("u", 2)]);
    let record: Vec<u8> =
        points().iter().flat_map(|row| row.map(f64::to_le_bytes).concat()).collect();
    let descriptor = "[('x', '<f8'), ('y', '<f8'), ('u', '<f8'), ('v', '<f8')]";
    let bytes = npy(descriptor, "(63,)", false, &record).replace_quotes();
    std::fs::write(path.join("f.npy"), &bytes).unwrap();
    npz(&path.join("g.npz"), &[("points.npy", bytes)]);
    made(&path.join("h.h5"), |file| {
        #[derive(Clone, Copy, hdf5::H5Type)]
        #[repr(C)]
        struct Point {
            x: f64,
            y: f64,
            u: f64,
            v: f64,
        }
        let rows: Vec<Point> = points().iter().map(|&[x, y, u, v]| Point { x, y, u, v }).collect();
        file.new_dataset_builder().with_data(&rows).create("points").unwrap();
    });
    for name in ["a.npz", "b.h5", "c.nc", "d.h5", "e.npz", "f.npy", "g.npz", "h.h5"] {
        same(path, name, &[], &all);
    }
    // With marks, and not on a grid.
    let first: Vec<f64> = (0..63).map(|n| f64::from(u8::from(n != 0))).collect();
    let flags = |values: Vec<f64>| Array::new("mask", &["n"], Array1::from(values)).kind(Kind::I8);
    write(&path.join("marks.npz"), &[four(plain), vec![flags(first)]].concat());
    refused(path, &["decompose", "marks.npz"], &["column mask is 0 in 1 of 63", "--mask \"mask\""]);
    let found = report(path, &["decompose", "marks.npz", "--mask", "mask"]);
    assert_eq!(found["active_cells"], 62);
    let mut scattered = four(plain);
    scattered[0].values.iter_mut().enumerate().for_each(|(n, v)| *v += 0.01 * (n * n) as f64);
    for name in ["s.npz", "s.h5"] {
        write(&path.join(name), &scattered);
        refused(path, &["decompose", name], &["are lists of points", "griddata"]);
    }
    let mut twice = four(plain);
    twice[0].values[[4]] = twice[0].values[[9]];
    twice[1].values[[4]] = twice[1].values[[9]];
    write(&path.join("t.npz"), &twice);
    refused(path, &["decompose", "t.npz"], &["line 10", "stands in line 5"]);
}
