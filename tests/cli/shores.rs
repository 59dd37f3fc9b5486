//! Circulations along the shores of holes.

use super::{folder, hodge, json_lines, write_npz};
use ndarray::Array2;

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
    let line = table.out.lines().find(|line| line.contains("along the shore"));
    let line = line.unwrap_or_else(|| panic!("{}", table.out));
    for text in [" 2.000000e2 = ", "(29.5000, 29.5000)", "2.420000e2 through"] {
        assert!(line.contains(text), "{line}");
    }
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
