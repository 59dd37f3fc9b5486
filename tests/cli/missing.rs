//! What counts as missing, in the ways that owners of files say it. The numbers to be found are those of the
//! same field with zeros there, and a mask of zeros and ones, in an `.npz` file.

use crate::variants::{Array, Kind, write};
use crate::{Outcome, folder, json_lines};
use assert_cmd::Command;
use ndarray::{Array2, Array3, Axis};
use serde_json::Value;
use std::path::Path;

pub const SHAPE: (usize, usize) = (13, 17);
/// Cells that are missing or walls: a corner, two together, one alone.
pub const OUT: [(usize, usize); 5] = [(0, 16), (3, 4), (3, 5), (9, 0), (8, 11)];

/// Runs hodge without the locks of HDF5, which programs that other tests start meanwhile inherit.
pub fn run(folder: &Path, arguments: &[&str]) -> Outcome {
    let mut command = Command::cargo_bin("hodge").unwrap();
    command.env("HDF5_USE_FILE_LOCKING", "FALSE").current_dir(folder);
    let output = command.arg("decompose").args(arguments).output().unwrap();
    Outcome {
        code: output.status.code().expect("ended by itself"),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

/// Its reports, one for each field.
pub fn reports(folder: &Path, arguments: &[&str]) -> Vec<Value> {
    let outcome = run(folder, &[arguments, &["--format", "json"]].concat());
    assert_eq!(outcome.code, 0, "{arguments:?}: {}", outcome.err);
    json_lines(&outcome.out)
}

pub fn refused(folder: &Path, arguments: &[&str], says: &[&str]) {
    let outcome = run(folder, arguments);
    assert_eq!(outcome.code, 2, "{arguments:?}: {}", outcome.err);
    for text in says {
        assert!(outcome.err.contains(text), "{arguments:?} says {}", outcome.err);
    }
}

/// Numbers of a field that packing keeps: multiples of 1/64, none of which is 0.
pub fn component(k: usize) -> Array2<f64> {
    Array2::from_shape_fn(SHAPE, |(j, i)| {
        let (x, y) = (0.4 * i as f64, 0.3 * j as f64);
        let value = if k == 0 { (x - 0.5 * y).sin() + 0.2 * y } else { (0.7 * x * y).cos() - x };
        ((64.0 * value).round() + 0.5).trunc().abs().max(1.0).copysign(value) / 64.0
    })
}

pub fn is_out((j, i): (usize, usize)) -> bool {
    OUT.contains(&(j, i))
}

/// Replaces the cells that are out.
pub fn with(values: &Array2<f64>, number: f64) -> Array2<f64> {
    Array2::from_shape_fn(SHAPE, |cell| if is_out(cell) { number } else { values[cell] })
}

pub fn mask() -> Array2<f64> {
    Array2::from_shape_fn(SHAPE, |cell| f64::from(u8::from(!is_out(cell))))
}

/// The field with zeros where the mask is 0, as it is to be found.
pub fn reference(folder: &Path, mask: &Array2<f64>) -> Value {
    let dims = ["y", "x"];
    let part = |name, k| Array::new(name, &dims, component(k) * mask);
    let mask = Array::new("mask", &dims, mask.clone()).kind(Kind::I8);
    write(&folder.join("reference.npz"), &[part("u", 0), part("v", 1), mask]);
    reports(folder, &["reference.npz", "--datasets", "u,v", "--mask", "mask"]).remove(0)
}

pub fn same(found: &Value, wanted: &Value, what: &str) {
    assert_eq!(found["active_cells"], wanted["active_cells"], "{what}");
    for part in ["input", "gradient", "solenoidal", "harmonic"] {
        let [a, b] = [found, wanted].map(|report| report["energy"][part].as_f64().unwrap());
        let scale = wanted["energy"]["input"].as_f64().unwrap();
        assert!((a - b).abs() <= 1e-11 * scale, "{what}: {part} {a}, not {b}");
    }
}

/// Both components with a number where they are out, stored as they are or packed, with attributes.
fn file(path: &Path, (dims, kind): ([&str; 2], Kind), number: f64, attributes: &[(&str, &[f64])]) {
    let packed = matches!(kind, Kind::I16 | Kind::I32);
    let parts = ["u", "v"].into_iter().enumerate().map(|(k, name)| {
        let stored = component(k) * if packed { 64.0 } else { 1.0 };
        let mut stored = with(&stored, number);
        if dims == ["x", "y"] {
            stored.swap_axes(0, 1);
        }
        let mut array = Array::new(name, &dims, stored.as_standard_layout().to_owned()).kind(kind);
        if packed {
            array = array.numbers("scale_factor", &[1.0 / 64.0]);
        }
        attributes.iter().fold(array, |array, (name, numbers)| array.numbers(name, numbers))
    });
    let mut arrays: Vec<Array> = parts.collect();
    for (name, n) in
        [("x", SHAPE.1), ("y", SHAPE.0)].into_iter().filter(|(name, _)| dims.contains(name))
    {
        let values = Array2::from_shape_fn((1, n), |(_, i)| i as f64).remove_axis(Axis(0));
        arrays.push(Array::new(name, &[name], values));
    }
    write(path, &arrays);
}

/// NetCDF's own fill values, those of attributes (as the stored numbers are rounded), and what is not valid.
#[test]
fn missing_values_are_those_of_the_conventions() {
    let folder = folder();
    let path = folder.path();
    let wanted = reference(path, &mask());
    const DEFAULT: f64 = 9.969_209_968_386_869e36;
    let (yx, xy) = (["y", "x"], ["x", "y"]);
    type Case<'a> = (&'a str, [&'a str; 2], Kind, f64, &'a [(&'a str, &'a [f64])]);
    let cases: [Case; 13] = [
        ("a.nc", yx, Kind::F32, DEFAULT, &[]),
        ("b.nc", xy, Kind::F64, DEFAULT, &[]),
        ("c.nc", yx, Kind::I16, -32767.0, &[]),
        ("d.nc", xy, Kind::I32, -2_147_483_647.0, &[]),
        ("e.h5", xy, Kind::F32, DEFAULT, &[]),
        ("f.nc4", yx, Kind::I16, -32767.0, &[("missing_value", &[-999.0])]),
        ("g.nc", yx, Kind::F32, 0.1, &[("missing_value", &[7000.0, 0.1])]),
        ("h.h5", yx, Kind::I32, 4000.0, &[("_FillValue", &[4000.0])]),
        ("i.nc", xy, Kind::I16, 30000.0, &[("valid_range", &[-2000.0, 2000.0])]),
        ("j.h5", yx, Kind::F32, 999.0, &[("valid_min", &[-50.0]), ("valid_max", &[50.0])]),
        ("k.nc", yx, Kind::F64, -999.0, &[("valid_min", &[-50.0])]),
        ("l.h5", xy, Kind::I16, 2001.0, &[("valid_max", &[2000.0])]),
        ("m.nc", yx, Kind::F32, f64::NAN, &[("_FillValue", &[f64::NAN])]),
    ];
    for (name, dims, kind, number, attributes) in cases {
        file(&path.join(name), (dims, kind), number, attributes);
        let found = reports(path, &[name, "--mask", "nan", "--metric", "plane"]);
        same(&found[0], &wanted, name);
        refused(path, &[name], &["component x has 5 of 221", "--mask nan"]);
    }
    // A fill value that is declared takes the place of that of the type, and bytes have none.
    file(&path.join("n.nc"), (yx, Kind::I16), -32767.0, &[("_FillValue", &[-1e4])]);
    let all = reports(path, &["n.nc"]);
    assert_eq!(all[0]["active_cells"], 221);
    file(&path.join("o.nc"), (yx, Kind::I8), -127.0, &[]);
    assert_eq!(reports(path, &["o.nc"])[0]["active_cells"], 221);
}

/// Where nothing is declared, numbers far above all others are refused in formats that have fill values, and taken as
/// they are where they are no exception or the format is NumPy's.
#[test]
fn likely_fill_values_are_refused_with_their_number() {
    let folder = folder();
    let path = folder.path();
    let wanted = reference(path, &mask());
    for (name, dims, kind, number, says) in [
        ("a.h5", ["", ""], Kind::F64, 1e35, "1e35"),
        ("b.h5", ["", ""], Kind::F32, 9.969_209_968_386_869e36, "9.96921e36"),
        ("c.nc", ["x", "y"], Kind::F64, -1.5e300, "-1.5e300"),
        ("d.nc", ["y", "x"], Kind::F32, 2e33, "2e33"),
    ] {
        file(&path.join(name), (dims, kind), number, &[]);
        let option = format!("--fill-value {says}");
        for options in [&[][..], &["--mask", "nan"]] {
            let arguments = [&[name][..], options].concat();
            refused(path, &arguments, &["5 values beyond 1e30", &option]);
        }
        let mended = [name, "--mask", "nan", "--fill-value", says];
        same(&reports(path, &mended)[0], &wanted, name);
    }
    file(&path.join("n.npz"), (["y", "x"], Kind::F64), 1e35, &[]);
    assert_eq!(reports(path, &["n.npz", "--datasets", "u,v"])[0]["active_cells"], 221);
    let part = |name, k| Array::new(name, &["y", "x"], 1e200 * component(k));
    write(&path.join("large.h5"), &[part("u", 0), part("v", 1)]);
    assert_eq!(reports(path, &["large.h5"])[0]["active_cells"], 221);
}

/// A component that was never written is named, with the others.
#[test]
fn a_component_without_a_value_is_named() {
    let folder = folder();
    let path = folder.path();
    let dims = ["z", "y", "x"];
    let whole = |k: usize| component(k).insert_axis(Axis(0));
    for (name, kind, number) in [
        ("a.nc", Kind::F32, 9.969_209_968_386_869e36),
        ("b.h5", Kind::I16, -32767.0),
        ("c.npz", Kind::F64, f64::NAN),
    ] {
        let scale = if kind == Kind::I16 { 64.0 } else { 1.0 };
        let never = Array3::from_elem((1, SHAPE.0, SHAPE.1), number);
        let mut arrays = vec![
            Array::new("u", &dims, scale * whole(0)).kind(kind),
            Array::new("v", &dims, scale * whole(1)).kind(kind),
            Array::new("w", &dims, never).kind(kind),
        ];
        let axes = [("x", SHAPE.1), ("y", SHAPE.0)];
        for (axis, n) in axes.into_iter().filter(|_| !name.ends_with("npz")) {
            let values = Array2::from_shape_fn((1, n), |(_, i)| i as f64).remove_axis(Axis(0));
            arrays.push(Array::new(axis, &[axis], values));
        }
        write(&path.join(name), &arrays);
        for options in [&[][..], &["--mask", "nan"]] {
            let arguments = [&[name, "--datasets", "u,v,w"][..], options].concat();
            refused(path, &arguments, &["every value of \"w\" is missing", "--datasets u,v"]);
        }
        assert_eq!(reports(path, &[name, "--datasets", "u,v"])[0]["active_cells"], 221);
    }
}
