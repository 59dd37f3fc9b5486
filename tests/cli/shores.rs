//! Circulations along the shores of holes.

use super::{folder, hodge, json_lines, write_npz};
use ndarray::{Array2, Array4};
use ndarray_npy::write_npy;

/// v = (30 − y, x − 30) around a hole of 10 × 10 cells: curl 2 on 100 units of area.
#[test]
fn a_rotation_around_an_island_has_twice_its_area() {
    let folder = folder();
    let path = folder.path();
    let field = |f: fn(f64, f64) -> f64| {
        Array2::from_shape_fn((60, 60), |(j, i)| {
            let island = (25..35).contains(&i) && (25..35).contains(&j);
            if island { f64::NAN } else { f(i as f64, j as f64) }
        })
    };
    let components = [("u", field(|_, y| 30.0 - y)), ("v", field(|x, _| x - 30.0))];
    write_npz(&path.join("rot.npz"), &components);
    let arguments = ["decompose", "rot.npz", "--mask", "nan", "--spacing", "1"];
    let table = hodge(path, &arguments);
    assert_eq!(table.code, 0, "{}", table.err);
    let line = table.out.lines().find(|line| line.starts_with("shore around (29.5, 29.5) "));
    let line = line.unwrap_or_else(|| panic!("{}", table.out));
    let words: Vec<&str> = line.split_whitespace().collect();
    assert_eq!((words[4], words[7]), ("200.0", "242.0"), "{line}");
    assert!(table.out.contains("solenoidal     harmonic  through first cells"), "{}", table.out);
    let verbose = hodge(path, &[&arguments[..], &["--verbose"]].concat()).out;
    assert!(verbose.contains("field     gradient   solenoidal"), "{verbose}");
    let outcome = hodge(path, &[&arguments[..], &["--format", "json"]].concat());
    let around = &json_lines(&outcome.out)[0]["circulations"];
    assert_eq!(around.as_array().unwrap().len(), 1);
    let number = |name: &str| around[0][name].as_f64().unwrap();
    assert!((number("field") - 200.0).abs() < 1e-9, "{around}");
    assert!((number("through_cells") - 242.0).abs() < 1e-9, "{around}");
    let parts = number("gradient") + number("solenoidal") + number("harmonic");
    assert!((parts - 200.0).abs() < 1e-9 && number("gradient").abs() < 1e-9, "{around}");
    assert_eq!(around[0]["centre"], serde_json::json!([29.5, 29.5]));
    assert!(around[0].get("units").is_none(), "{around}");
}

/// The same in a slab of one cell along each axis: counterclockwise as seen from the upper end of it.
#[test]
fn a_slab_of_one_cell_is_a_plane() {
    let folder = folder();
    let path = folder.path();
    for (thin, centre) in
        [[29.5, 17.5, 0.0], [29.5, 0.0, 17.5], [0.0, 29.5, 17.5]].into_iter().enumerate()
    {
        // Axis of the slab, and of the plane in the order that turns counterclockwise as seen from above it.
        let (axis, [a, b]) = [(2, [0, 1]), (1, [2, 0]), (0, [1, 2])][thin];
        let mut size = [60, 40];
        if axis == 1 {
            size.reverse();
        }
        let mut shape = [1; 3];
        (shape[a], shape[b]) = (size[0], size[1]);
        let middle = centre.map(|c| c + 0.5);
        let field = Array4::from_shape_fn((3, shape[2], shape[1], shape[0]), |(c, k, j, i)| {
            let at = [i as f64, j as f64, k as f64];
            let inside = |k: usize| (middle[k] - 5.0..middle[k] + 5.0).contains(&at[k]);
            match c {
                _ if inside(a) && inside(b) => f64::NAN,
                c if c == a => middle[b] - at[b],
                c if c == b => at[a] - middle[a],
                _ => 0.0,
            }
        });
        write_npy(path.join("slab.npy"), &field).unwrap();
        for periodic in [&[][..], &["--periodic", "none"]] {
            let run = ["decompose", "slab.npy", "--mask", "nan", "--format", "json"];
            let outcome = hodge(path, &[&run[..], periodic].concat());
            assert_eq!(outcome.code, 0, "{}", outcome.err);
            let report = &json_lines(&outcome.out)[0];
            let found = report["circulations"].as_array().unwrap();
            let shores: Vec<_> = found.iter().filter(|c| c["along_shore"] == true).collect();
            assert_eq!(shores.len(), 1, "{found:?}");
            assert_eq!(shores[0]["centre"], serde_json::json!(centre));
            assert!((shores[0]["field"].as_f64().unwrap() - 200.0).abs() < 1e-9, "{shores:?}");
            assert_eq!(found.len(), if periodic.is_empty() { 2 } else { 1 });
        }
    }
}

/// Of a rotation twelve squares of different sizes, under a convention that keeps no loops itself.
#[test]
fn the_largest_circulations_are_shown_under_every_convention() {
    let folder = folder();
    let path = folder.path();
    let field = |f: fn(f64, f64) -> f64| {
        Array2::from_shape_fn((40, 44), |(j, i)| {
            let (row, column) = (j / 10, i / 11);
            let island = j % 10 < 2 + row && j % 10 >= 2 && i % 11 < 3 + column && i % 11 >= 2;
            if island { f64::NAN } else { f(i as f64, j as f64) }
        })
    };
    let components = [("u", field(|_, y| -y)), ("v", field(|x, _| x))];
    write_npz(&path.join("rot.npz"), &components);
    for boundary in ["no-flux", "zero-potential", "normal-parallel"] {
        let run = ["decompose", "rot.npz", "--mask", "nan", "--boundary", boundary];
        let outcome = hodge(path, &run);
        assert_eq!(outcome.code, 0, "{}", outcome.err);
        let shores = |text: &str| text.lines().filter(|l| l.starts_with("shore around")).count();
        assert_eq!(shores(&outcome.out), 8, "{}", outcome.out);
        assert!(outcome.out.contains("and 4 smaller ones (--verbose)"), "{}", outcome.out);
        let first = outcome.out.lines().find(|l| l.starts_with("shore around")).unwrap();
        // The largest is 3 by 4 cells.
        assert_eq!(first.split_whitespace().nth(4), Some("24.00"), "{first}");
        let verbose = hodge(path, &[&run[..], &["--verbose"]].concat()).out;
        assert_eq!(shores(&verbose), 12, "{verbose}");
        let json = hodge(path, &[&run[..], &["--format", "json"]].concat()).out;
        for around in json_lines(&json)[0]["circulations"].as_array().unwrap() {
            let of = |part: &str| around[part].as_f64().unwrap();
            assert!(of("gradient").abs() < 1e-9, "{around}");
            assert!((of("field") - of("solenoidal") - of("harmonic")).abs() < 1e-9, "{around}");
        }
    }
}
