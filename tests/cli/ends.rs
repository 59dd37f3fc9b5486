//! A last plane that repeats the first on a periodic axis is left out, and any other is kept.

use crate::{folder, hodge, json_lines, refused, write_npz};
use ndarray::{Array2, Array3, ArrayD, Axis, stack};
use ndarray_npy::{NpzWriter, write_npy};
use std::f64::consts::TAU;
use std::path::Path;

type Flow = fn(f64, f64) -> [f64; 2];

/// A flow at `n` × `n` points; `linspace(0, 2π, n)` with `offset` 0 and `count` n − 1 intervals.
fn field(n: usize, offset: f64, count: usize, flow: Flow) -> Array3<f64> {
    let at = |i: usize| TAU * (i as f64 + offset) / count as f64;
    Array3::from_shape_fn((2, n, n), |(c, j, i)| flow(at(i), at(j))[c])
}

fn with_end(n: usize, flow: Flow) -> Array3<f64> {
    field(n, 0.0, n - 1, flow)
}

const ODD: Flow = |x, y| [x.sin() + y.sin(), y.sin() - x.sin()];
/// Extrema at both seams.
const EVEN: Flow = |x, y| [x.cos() + y.cos(), y.cos() - x.cos()];
const LIFTED: Flow = |x, y| [x.sin() + y.cos() + 100.0, y.sin() - x.cos()];

/// The cells of every field of a run, x first.
fn cells(folder: &Path, file: &str, options: &[&str]) -> Vec<[u64; 2]> {
    let begin = ["decompose", file, "--periodic", "x,y", "--format", "json"];
    let outcome = hodge(folder, &[&begin[..], options].concat());
    assert_eq!(outcome.code, 0, "{options:?}: {}", outcome.err);
    let size = |k: usize, report: &serde_json::Value| report["cells"][k].as_u64().unwrap();
    json_lines(&outcome.out).iter().map(|report| [size(0, report), size(1, report)]).collect()
}

fn save(folder: &Path, field: &Array3<f64>, single: bool) {
    let path = folder.join("f.npy");
    if single {
        write_npy(path, &field.mapv(|v| v as f32)).unwrap();
    } else {
        write_npy(path, field).unwrap();
    }
}

#[test]
fn a_series_decides_together() {
    let folder = folder();
    let path = folder.path();
    let whole = with_end(33, ODD);
    let mut other = whole.clone();
    let mut column = other.index_axis_mut(Axis(2), 32);
    column.indexed_iter_mut().for_each(|((c, j), v)| *v += (7.0 * j as f64 + c as f64).sin());
    let nothing = 0.0 * &whole;
    let level = &nothing + 1.0;
    let mut late = vec![&whole; 70];
    late[69] = &other;
    let mut between = vec![&whole; 70];
    between[7] = &other;
    let runs: [(Vec<&Array3<f64>>, u64); 7] = [
        (between, 33),
        (vec![&whole, &whole], 32),
        (vec![&whole, &other], 33),
        (vec![&nothing, &whole, &whole], 32),
        (vec![&level, &whole, &whole], 32),
        (vec![&nothing, &level], 33),
        (late, 33),
    ];
    for (k, (fields, expected)) in runs.into_iter().enumerate() {
        let views: Vec<_> = fields.iter().map(|field| field.view()).collect();
        write_npy(path.join("f.npy"), &stack(Axis(0), &views).unwrap()).unwrap();
        let found = cells(path, "f.npy", &["--axes", "t,c,y,x"]);
        assert_eq!(found.len(), fields.len());
        assert!(found.iter().all(|cells| cells[0] == expected), "{k}: {:?}", found[0]);
    }
}

#[test]
fn cells_that_fill_a_period_are_kept() {
    let folder = folder();
    let path = folder.path();
    let flows: [Flow; 4] = [
        |x, _| [0.0, x.cos()],
        |x, y| [(2.0 * x).cos() + y.cos(), x.cos() * y.cos()],
        |x, y| [x.cos() * y.cos(), (3.0 * x).cos()],
        |x, _| [x.cos().exp(), 0.0],
    ];
    for (k, flow) in flows.into_iter().enumerate() {
        for single in [false, true] {
            let values = field(32, 0.5, 32, flow);
            save(path, &values, single);
            assert_eq!(cells(path, "f.npy", &[]), [[32, 32]], "{k}");
            let step = TAU / 32.0;
            let [spacing, origin] = [step.to_string(), (0.5 * step).to_string()];
            let options = ["--spacing", &spacing, "--origin", &origin];
            assert_eq!(cells(path, "f.npy", &options), [[32, 32]], "{k}");
        }
    }
    // Coordinates alone show it as well, whatever the values.
    let part = |k| with_end(33, ODD).index_axis(Axis(0), k).to_owned();
    write_npz(&path.join("c.npz"), &[("u", part(0)), ("v", part(1))]);
    let options = ["--spacing", "0.2", "--origin", "0.1"];
    assert_eq!(cells(path, "c.npz", &options), [[33, 33]]);
    for border in [f64::NAN, 0.0] {
        let mut rough = Array3::from_shape_fn((2, 12, 14), |(c, j, i)| {
            (12.9898 * i as f64 + 78.233 * j as f64 + 3.1 * c as f64).sin()
        });
        rough.slice_mut(ndarray::s![.., .., 0]).fill(border);
        rough.slice_mut(ndarray::s![.., .., 13]).fill(border);
        save(path, &rough, false);
        let options: &[&str] = if border.is_nan() { &["--mask", "nan"] } else { &[] };
        assert_eq!(cells(path, "f.npy", options), [[14, 12]], "{border}");
    }
}

#[test]
fn few_digits_and_land_hide_no_repeated_end() {
    let folder = folder();
    let path = folder.path();
    for (n, single, flow) in [
        (33, true, ODD),
        (129, true, EVEN),
        (513, true, EVEN),
        (33, false, EVEN),
        (9, false, EVEN),
        (129, true, LIFTED),
        (33, false, LIFTED),
    ] {
        save(path, &with_end(n, flow), single);
        let expected = n as u64 - 1;
        assert_eq!(cells(path, "f.npy", &[]), [[expected; 2]], "{n} {single}");
    }
    let rounded = with_end(33, ODD).mapv(|v| f64::from(v as f32));
    save(path, &rounded, false);
    assert_eq!(cells(path, "f.npy", &[]), [[32, 32]]);
    let mut noisy = with_end(33, EVEN);
    noisy.indexed_iter_mut().for_each(|((c, j, i), v)| {
        *v += 1e-9 * (12.9898 * i as f64 + 78.233 * j as f64 + c as f64).sin();
    });
    save(path, &noisy, false);
    assert_eq!(cells(path, "f.npy", &[]), [[32, 32]]);
    let inside = |j: usize, i: usize| !((10..14).contains(&j) && (i < 4 || i == 32));
    for (fill, single) in [(9999.0, true), (1e20, true), (9999.0, false)] {
        let mut land = with_end(33, ODD);
        land.indexed_iter_mut()
            .filter(|((_, j, i), _)| !inside(*j, *i))
            .for_each(|(_, v)| *v = fill);
        save(path, &land, single);
        let fill = if single { f64::from(fill as f32) } else { fill }.to_string();
        let options = ["--mask", "nan", "--fill-value", &fill];
        assert_eq!(cells(path, "f.npy", &options), [[32, 32]], "{fill}");
    }
    // Numbers under a mask are not part of the field.
    let mask = Array2::from_shape_fn((33, 33), |(j, i)| f64::from(u8::from(inside(j, i))));
    let part = |k: usize| {
        let part = with_end(33, ODD).index_axis(Axis(0), k).to_owned();
        Array2::from_shape_fn((33, 33), |(j, i)| if inside(j, i) { part[[j, i]] } else { 1e20 })
    };
    write_npz(&path.join("m.npz"), &[("u", part(0)), ("v", part(1)), ("mask", mask)]);
    assert_eq!(cells(path, "m.npz", &["--mask", "mask"]), [[32, 32]]);
}

#[test]
fn a_descending_axis_has_its_end_left_out() {
    let folder = folder();
    let path = folder.path();
    let flow: Flow = |x, y| [(x + 0.3).sin() + y.sin(), (2.0 * y).sin()];
    let values = with_end(33, flow);
    let part = |k| -> ArrayD<f64> {
        let mut part = values.index_axis(Axis(0), k).to_owned();
        part.invert_axis(Axis(0));
        part.as_standard_layout().into_owned().into_dyn()
    };
    let at: Vec<f64> = (0..33).map(|i| TAU * f64::from(i) / 32.0).collect();
    let down: Vec<f64> = at.iter().rev().copied().collect();
    let mut npz = NpzWriter::new(std::fs::File::create(path.join("d.npz")).unwrap());
    for (name, values) in [("u", part(0)), ("v", part(1))] {
        npz.add_array(name, &values).unwrap();
    }
    npz.add_array("x", &ndarray::Array1::from(at)).unwrap();
    npz.add_array("y", &ndarray::Array1::from(down)).unwrap();
    npz.finish().unwrap();
    assert_eq!(cells(path, "d.npz", &[]), [[32, 32]]);
}

#[test]
fn ends_are_kept_where_the_user_says_so() {
    let folder = folder();
    let path = folder.path();
    save(path, &with_end(33, ODD), false);
    assert_eq!(cells(path, "f.npy", &["--keep-ends"]), [[33, 33]]);
    let run = ["decompose", "f.npy", "--periodic", "x,y", "-o", "o.h5"];
    let outcome = hodge(path, &run);
    assert!(outcome.err.contains("--keep-ends"), "{}", outcome.err);
    // What was left out is recorded with the result as well.
    let json = hodge(path, &[&run[..4], &["--format", "json"]].concat());
    let report = &json_lines(&json.out)[0];
    assert!(report["notes"].to_string().contains("repeated end point"), "{report}");
    assert_eq!(report["periodic_axes"], serde_json::json!(["x", "y"]));
    let file = hdf5::File::open(path.join("o.h5")).unwrap();
    let notes = file.group("/").unwrap().attr("notes").unwrap();
    let notes = notes.read_1d::<hdf5::types::VarLenUnicode>().unwrap();
    assert!(notes.iter().any(|note| note.contains("repeated end point")), "{notes:?}");
    for options in [&[][..], &["--periodic", "none"]] {
        let run = [&["decompose", "f.npy", "--keep-ends"][..], options].concat();
        refused(path, &run, &[if options.is_empty() { "--periodic" } else { "--keep-ends" }]);
    }
}

/// On a node of the field the first plane and the last are 0, of whatever kind the points are.
#[test]
fn planes_of_zeros_are_left_out_where_the_field_goes_on_smoothly() {
    let folder = folder();
    let path = folder.path();
    let flow: Flow = |x, y| [x.sin() * y.sin(), x.sin() * (2.0 * y).sin()];
    for n in [17, 33] {
        save(path, &with_end(n, flow), false);
        assert_eq!(cells(path, "f.npy", &[]), [[n as u64 - 1; 2]], "{n}");
    }
    // Numbers without any order between two borders of zeros.
    let noise =
        |c: usize, j: usize, i: usize| ((c * 7919 + j * 104_729 + i * 1_299_709) % 1009) as f64;
    let bordered = Array3::from_shape_fn((2, 24, 24), |(c, j, i)| {
        if i == 0 || i == 23 || j == 0 || j == 23 { 0.0 } else { noise(c, j, i) - 504.0 }
    });
    save(path, &bordered, false);
    assert_eq!(cells(path, "f.npy", &[]), [[24, 24]]);
}
