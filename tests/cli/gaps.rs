//! Small holes of missing values: said, filled and flagged, and left alone where they are walls.

use crate::folder;
use crate::missing::{refused, reports, run};
use crate::variants::{Array, Kind, write};
use ndarray::{Array2, Array3, Axis};
use ndarray_npy::write_npy;
use serde_json::Value;
use std::path::Path;

const N: usize = 41;

/// A vortex and a source in the middle of a box of length 1.
fn component(k: usize) -> Array2<f64> {
    Array2::from_shape_fn((N, N), |(j, i)| {
        let at = |i: usize| i as f64 / (N - 1) as f64 - 0.5;
        let (x, y) = (at(i), at(j));
        let bell = (-12.0 * (x * x + y * y)).exp();
        if k == 0 { (0.5 * x - y) * bell } else { (0.5 * y + x) * bell }
    })
}

/// One cell in a hundred alone, two together, one on the border.
fn holes() -> Vec<(usize, usize)> {
    let alone = (0..16).map(|n| (3 + 9 * (n / 4), 4 + 9 * (n % 4)));
    alone.chain([(26, 20), (26, 21), (0, 17)]).collect()
}

fn with_holes(k: usize, holes: &[(usize, usize)], number: f64) -> Array2<f64> {
    let mut values = component(k);
    holes.iter().for_each(|cell| values[*cell] = number);
    values
}

fn shares(report: &Value) -> [f64; 3] {
    ["gradient", "solenoidal", "harmonic"].map(|part| report["fraction"][part].as_f64().unwrap())
}

fn reference(path: &Path) -> [f64; 3] {
    let part = |name, k| Array::new(name, &["y", "x"], component(k));
    write(&path.join("complete.npz"), &[part("u", 0), part("v", 1)]);
    shares(&reports(path, &["complete.npz", "--boundary", "no-flux"])[0])
}

fn near(found: [f64; 3], wanted: [f64; 3], within: f64, what: &str) {
    let off = found.iter().zip(wanted).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
    assert!(off < within, "{what}: {found:?}, not {wanted:?}");
}

/// Filled, the field has the parts of the complete one; as walls its holes carry circulation. In all formats, orders and
/// ways to say what is missing.
#[test]
fn filled_gaps_give_the_parts_of_the_complete_field() {
    let folder = folder();
    let path = folder.path();
    let wanted = reference(path);
    for (name, kind, dims, number) in [
        ("a.npz", Kind::F64, ["y", "x"], f64::NAN),
        ("b.h5", Kind::F32, ["x", "y"], f64::NAN),
        ("c.nc", Kind::I16, ["y", "x"], -32767.0),
        ("d.nc", Kind::F32, ["x", "y"], 9.969_209_968_386_869e36),
    ] {
        let scale = if kind == Kind::I16 { 2e-5 } else { 1.0 };
        let part = |name, k| {
            let mut stored =
                component(k).mapv(|v| if scale < 1.0 { (v / scale).round() } else { v });
            holes().iter().for_each(|cell| stored[*cell] = number);
            if dims[0] == "x" {
                stored.swap_axes(0, 1);
            }
            let array = Array::new(name, &dims, stored.as_standard_layout().to_owned()).kind(kind);
            if scale < 1.0 { array.numbers("scale_factor", &[scale]) } else { array }
        };
        let line = |name: &str| {
            let values = (0..N).map(|i| i as f64).collect::<Vec<_>>();
            Array::new(name, &[name], ndarray::Array1::from(values))
        };
        let arrays = [part("u", 0), part("v", 1)];
        match name.ends_with("npz") {
            true => write(&path.join(name), &arrays),
            false => {
                write(&path.join(name), &[arrays.to_vec(), vec![line("x"), line("y")]].concat())
            }
        }
        let common = [name, "--datasets", "u,v", "--boundary", "no-flux"];
        for options in [&["--mask", "nan", "--fill-gaps", "2"][..], &["--fill-gaps", "2"]] {
            let report = reports(path, &[&common[..], options].concat()).remove(0);
            assert_eq!(report["active_cells"], N * N, "{name}");
            near(shares(&report), wanted, 2e-4, name);
            let notes = report["notes"].to_string();
            assert!(notes.contains("18 holes of missing values filled"), "{notes}");
            assert!(notes.contains("19 cells, at most 2 in one"), "{notes}");
        }
        let walls = [&common[..], &["--mask", "nan"]].concat();
        let report = reports(path, &walls).remove(0);
        assert!(shares(&report)[2] > 0.1, "{name}: {:?}", shares(&report));
        let outcome = run(path, &walls);
        let says = "18 holes of at most 2 cells, 19 cells of missing values, count as walls (--fill-gaps 2";
        assert!(outcome.out.contains(says), "{}", outcome.out);
        refused(path, &common, &["--fill-gaps 2"]);
    }
}

/// The result says which values were made, for h5py and xarray.
#[test]
fn filled_cells_are_flagged_in_the_result() {
    let folder = folder();
    let path = folder.path();
    let part = |name, k| Array::new(name, &["y", "x"], with_holes(k, &holes(), f64::NAN));
    write(&path.join("a.npz"), &[part("u", 0), part("v", 1)]);
    let outcome = run(path, &["a.npz", "--fill-gaps", "2", "-o", "out.h5"]);
    assert_eq!(outcome.code, 0, "{}", outcome.err);
    let file = hdf5::File::open(path.join("out.h5")).unwrap();
    let group = file.group("/").unwrap();
    let read = |name: &str| group.dataset(name).unwrap().read_dyn::<f64>().unwrap();
    let (filled, input) = (read("filled"), read("input"));
    assert!(input.iter().all(|v| v.is_finite()));
    for ((index, flag), measured) in filled.indexed_iter().zip(&component(0)) {
        let hole = holes().contains(&(index[0], index[1]));
        assert_eq!(*flag, f64::from(u8::from(hole)), "{index:?}");
        let value = input[[0, index[0], index[1]]];
        let tolerance = if hole { 3e-3 } else { 0.0 };
        assert!((value - measured).abs() <= tolerance, "{index:?}: {value}, not {measured}");
    }
    let whole = run(path, &["a.npz", "--fill-gaps", "2", "-o", "again.h5", "--no-input"]);
    assert_eq!(whole.code, 0, "{}", whole.err);
}

/// Larger holes are walls, and so is what a mask names, whatever is filled.
#[test]
fn larger_holes_and_masks_are_never_filled() {
    let folder = folder();
    let path = folder.path();
    let large: Vec<_> = (0..9).map(|n| (15 + n / 3, 24 + n % 3)).collect();
    let both = [holes(), large.clone()].concat();
    let part = |name, k| Array::new(name, &["y", "x"], with_holes(k, &both, f64::NAN));
    write(&path.join("a.npz"), &[part("u", 0), part("v", 1)]);
    for (most, active) in [("2", N * N - 9), ("1", N * N - 9 - 2), ("8", N * N - 9), ("9", N * N)] {
        let found = reports(path, &["a.npz", "--mask", "nan", "--fill-gaps", most]).remove(0);
        assert_eq!(found["active_cells"], active, "{most}");
    }
    refused(path, &["a.npz", "--fill-gaps", "8"], &["9 of 1681 values missing", "--mask nan"]);
    let mut flags = Array2::from_elem((N, N), 1.0);
    large.iter().for_each(|cell| flags[*cell] = -1.0);
    // Beside a wall, whose values are not those of the flow, a hole is filled without them.
    let beside = [(14, 25), (18, 24)];
    let part = |name, k| {
        let mut values = with_holes(k, &beside, f64::NAN);
        large.iter().for_each(|cell| values[*cell] = 1e4);
        Array::new(name, &["y", "x"], values)
    };
    write(
        &path.join("b.npz"),
        &[part("u", 0), part("v", 1), Array::new("chc", &["y", "x"], flags)],
    );
    let options = ["b.npz", "--datasets", "u,v", "--mask", "chc>0", "--fill-gaps", "20"];
    let found = reports(path, &options).remove(0);
    assert_eq!(found["active_cells"], N * N - 9);
    assert!(found["notes"].to_string().contains("2 holes of missing values filled"), "{found}");
    let measured: f64 = (0..2)
        .flat_map(|k| component(k).into_iter().enumerate())
        .filter(|(cell, _)| !large.contains(&(cell / N, cell % N)))
        .map(|(_, v)| v * v)
        .sum();
    let energy = found["energy"]["input"].as_f64().unwrap();
    assert!((energy / measured - 1.0).abs() < 0.05, "{energy} {measured}");
    refused(path, &options[..5], &["2 of 1681 values missing", "--fill-gaps 2"]);
}

/// Holes differ from field to field, and go round periodic axes.
#[test]
fn every_field_of_a_series_has_its_own_gaps() {
    let folder = folder();
    let path = folder.path();
    let values = Array3::from_shape_fn((4, N, N), |(t, j, i)| {
        let hole = (j, i) == (4 + t, 7) && t < 2;
        if hole { f64::NAN } else { component(0)[[j, i]] }
    });
    let other = Array3::from_shape_fn((4, N, N), |(_, j, i)| component(1)[[j, i]]);
    let all = ndarray::stack(Axis(1), &[values.view(), other.view()]).unwrap();
    write_npy(path.join("series.npy"), &all).unwrap();
    let found = reports(path, &["series.npy", "--mask", "nan", "--fill-gaps", "1"]);
    let notes: Vec<bool> =
        found.iter().map(|report| report["notes"].to_string().contains("1 hole of")).collect();
    assert_eq!(notes, [true, true, false, false]);
    assert!(found.iter().all(|report| report["active_cells"] == N * N));

    let mut round = Array3::from_shape_fn((2, 16, 16), |(c, j, i)| {
        let turn = |i: usize| i as f64 * std::f64::consts::TAU / 16.0;
        if c == 0 { turn(i).cos() } else { turn(j).sin() }
    });
    for cell in [[0, 5, 0], [1, 5, 0], [0, 5, 15], [1, 5, 15]] {
        round[cell] = f64::NAN;
    }
    write_npy(path.join("round.npy"), &round).unwrap();
    let of = |most| {
        let options = ["round.npy", "--mask", "nan", "--periodic", "x,y", "--fill-gaps", most];
        reports(path, &options).remove(0)["active_cells"].clone()
    };
    assert_eq!((of("1"), of("2")), (254.into(), 256.into()));
}

/// Files of PIV programs say which vectors were not measured: small holes of those are filled without being asked, larger
/// ones are walls.
#[test]
fn vectors_marked_as_invalid_are_filled_by_default() {
    let folder = folder();
    let path = folder.path();
    let large: Vec<_> = (0..9).map(|n| (15 + n / 3, 24 + n % 3)).collect();
    for (name, title, good, bad) in [
        (
            "a.vec",
            "VARIABLES=\"X mm\", \"Y mm\", \"U m/s\", \"V m/s\", \"CHC\" ZONE I=41, J=41, F=POINT\n",
            1,
            -1,
        ),
        ("b.txt", "# x y u v flags\n", 0, 1),
        (
            "c.dat",
            "VARIABLES = \"x\", \"y\", \"Vx\", \"Vy\", \"isValid\"\nZONE I=41, J=41, F=POINT\n",
            1,
            0,
        ),
    ] {
        for (holes, walls) in [(holes(), 0), ([holes(), large.clone()].concat(), 9)] {
            let [u, v] = [0, 1].map(component);
            let row = |(j, i): (usize, usize)| {
                // What was replaced by some guess does not count.
                let (out, at) = (holes.contains(&(j, i)), [j, i]);
                let (u, v) = if out { (7.0, -7.0) } else { (u[at], v[at]) };
                let separator = if name == "a.vec" { ", " } else { " " };
                let cells = [i.to_string(), j.to_string(), u.to_string(), v.to_string()];
                format!("{}{separator}{}\n", cells.join(separator), if out { bad } else { good })
            };
            let rows: String = (0..N * N).map(|cell| row((cell / N, cell % N))).collect();
            std::fs::write(path.join(name), title.to_string() + &rows).unwrap();
            let part = |name, k| Array::new(name, &["y", "x"], with_holes(k, &holes, f64::NAN));
            write(&path.join("nan.npz"), &[part("u", 0), part("v", 1)]);
            for (options, given) in
                [(&[][..], "2"), (&["--mask", "nan"], "2"), (&["--fill-gaps", "0"], "0")]
            {
                let options = [&[name][..], options].concat();
                let found = reports(path, &options).remove(0);
                let given = ["nan.npz", "--mask", "nan", "--fill-gaps", given];
                let wanted = reports(path, &given).remove(0);
                for key in ["active_cells", "energy"] {
                    assert_eq!(found[key], wanted[key], "{key} of {options:?}");
                }
                let (notes, unfilled) = (found["notes"].to_string(), options.contains(&"0"));
                assert_eq!(
                    notes.contains("18 holes of missing values filled"),
                    !unfilled,
                    "{notes}"
                );
                let count = if unfilled { 19 + walls } else { walls };
                let says = format!("{count} cells that were not measured");
                assert_eq!(notes.contains(&says), count > 0, "{notes}");
            }
        }
    }
}

#[test]
fn what_cannot_be_filled_is_refused_by_its_option() {
    let folder = folder();
    let path = folder.path();
    let u = Array::new("u", &["y", "x"], Array2::<f64>::ones((6, 8)));
    let v = Array::new("v", &["y", "x"], Array2::<f64>::ones((7, 7)));
    write_npz(path, &[u, v]);
    let faces = ["c.npz", "--staggered", "--datasets", "u,v"];
    refused(path, &[&faces[..], &["--fill-gaps", "2"]].concat(), &["leave --fill-gaps out"]);
    refused(path, &[&faces[..], &["--land", "0"]].concat(), &["--land"]);
    assert_eq!(reports(path, &[&faces[..], &["--fill-gaps", "0"]].concat()).len(), 1);
    let part = |name, k| Array::new(name, &["y", "x"], component(k));
    write(&path.join("complete.npz"), &[part("u", 0), part("v", 1)]);
    refused(path, &["complete.npz", "--fill-gaps", "1001"], &["at most 1000", "--fill-gaps"]);
    refused(path, &["analytic:B4", "--fill-gaps", "2"], &["--fill-gaps applies to files"]);
}

fn write_npz(path: &Path, arrays: &[Array]) {
    write(&path.join("c.npz"), arrays);
}
