//! `hodge compare`: several methods on one field.

use crate::{folder, hodge, json_lines, smooth};
use ndarray::Axis;
use ndarray_npy::write_npy;
use serde_json::Value;
use std::path::Path;

fn compared(path: &Path, line: &[&str]) -> Value {
    let outcome = hodge(path, &[&["compare", "--format", "json"], line].concat());
    assert_eq!(outcome.code, 0, "{}", outcome.err);
    json_lines(&outcome.out).remove(0)
}

fn method<'a>(found: &'a Value, name: &str, boundary: &str) -> &'a Value {
    let methods = found["methods"].as_array().unwrap();
    let is = |m: &&Value| m["method"] == name && m["boundary"] == boundary;
    methods.iter().find(is).unwrap_or_else(|| panic!("no {name} {boundary}"))
}

/// B4 has norms known by quadrature: the share of its harmonic part is what `no-flux` and `normal-parallel` differ by, and it
/// has neither divergence nor curl. Fails with distances of other parts, over another energy, or a judge that is wrong.
#[test]
fn conventions_differ_by_the_harmonic_part() {
    let folder = folder();
    let found = compared(folder.path(), &["analytic:B4", "--n", "40"]);
    let [gradient, solenoidal, harmonic] =
        [2.22144146908_f64, 3.51240736552, 2.48660933508].map(|norm| norm * norm);
    let share = harmonic / (gradient + solenoidal + harmonic);
    let differences = found["differences"].as_array().unwrap();
    let to = |name: &str| differences.iter().find(|d| d["to"] == name).unwrap();
    let no_flux = to("staggered no-flux");
    assert!((no_flux["energy"].as_f64().unwrap() - share).abs() < 2e-3, "{no_flux}");
    assert!(no_flux["energy_solenoidal"].as_f64().unwrap() < 1e-20, "{no_flux}");
    assert!(no_flux["from_ends"].as_f64().unwrap() > 0.999, "{no_flux}");
    let other = to("staggered zero-potential");
    assert!((other["energy_solenoidal"].as_f64().unwrap() - share).abs() < 2e-3, "{other}");
    for (boundary, least) in [("no-flux", 1e-3), ("normal-parallel", 1e-3)] {
        let errors = &method(&found, "staggered", boundary)["errors"];
        assert!(errors["gradient"].as_f64().unwrap() < least, "{boundary}: {errors}");
    }
    // What most scripts do is wrong by more than a tenth on walls, and shows it.
    for name in ["fourier-mirrored", "fourier-detrended"] {
        let errors = &method(&found, name, "periodic")["errors"];
        assert!(errors["gradient"].as_f64().unwrap() > 0.1, "{name}: {errors}");
    }
}

/// Sizes give orders: two or more for the staggered method, none for what assumes other ends.
#[test]
fn sizes_give_orders_and_growth() {
    let folder = folder();
    let line =
        ["analytic:B1", "--sizes", "16,32", "--methods", "staggered:no-flux,fourier-mirrored"];
    let found = compared(folder.path(), &line);
    let rows = found["sizes"].as_array().unwrap();
    assert_eq!(rows.len(), 4);
    let of = |name: &str| rows.iter().find(|r| r["method"] == name && r["n"] == 32).unwrap();
    let order = |name: &str| of(name)["orders"][0].as_f64().unwrap();
    assert!(order("staggered no-flux") > 1.9, "{rows:?}");
    assert!(order("fourier-mirrored periodic") < 0.5, "{rows:?}");
}

/// The page holds everything, and what is written is read again with the same numbers.
#[test]
fn the_page_and_the_file_hold_all_methods() {
    let folder = folder();
    let path = folder.path();
    write_npy(path.join("wind.npy"), &smooth(18, 20)).unwrap();
    let line = [
        "compare",
        "wind.npy",
        "--report",
        "r.html",
        "-o",
        "c.h5",
        "--estimate",
        "--noise",
        "5%",
        "--repeats",
        "3",
    ];
    let outcome = hodge(path, &line);
    assert_eq!(outcome.code, 0, "{}", outcome.err);
    let page = std::fs::read_to_string(path.join("r.html")).unwrap();
    let names =
        ["staggered no-flux", "staggered normal-parallel", "natural free-space", "chorin no-flux"];
    for name in names {
        assert!(page.contains(name) && outcome.out.contains(name), "{name}");
        let group = format!("fields/{name}");
        let file = hdf5::File::open(path.join("c.h5")).unwrap();
        let array = |part: &str| {
            file.dataset(&format!("{group}/{part}")).unwrap().read_raw::<f64>().unwrap()
        };
        let (input, parts) = (array("input"), ["gradient", "solenoidal", "harmonic"].map(array));
        assert!(
            input.len() == 2 * 18 * 20 && parts.iter().all(|part| part.len() == input.len()),
            "{name}"
        );
    }
    assert!(!page.contains("://") && !page.contains("<script"), "nothing is fetched");
    assert!(page.matches("data:image/png;base64,").count() >= names.len());
    let again = hodge(path, &["compare", "wind.npy", "--report", "r.html"]);
    assert!(again.code == 2 && again.err.contains("--overwrite"), "{}", again.err);
}

#[test]
fn what_cannot_be_compared_is_refused() {
    let folder = folder();
    let path = folder.path();
    let one = smooth(10, 12);
    let all: Vec<_> = (0..5).map(|t| f64::from(t) * &one).collect();
    let views: Vec<_> = all.iter().map(|field| field.view()).collect();
    write_npy(path.join("s.npy"), &ndarray::stack(Axis(0), &views).unwrap()).unwrap();
    write_npy(path.join("one.npy"), &one).unwrap();
    let fails = |line: &[&str], says: &[&str]| {
        let outcome = hodge(path, &[&["compare"], line].concat());
        assert_eq!(outcome.code, 2, "{line:?}: {}", outcome.err);
        for words in says {
            assert!(outcome.err.contains(words), "{line:?}: {words:?} in {}", outcome.err);
        }
    };
    fails(&["s.npy"], &["one field", "5", "--select"]);
    fails(&["one.npy", "--methods", "stagered"], &["stagered", "staggered"]);
    fails(&["one.npy", "--methods", "staggered:noflux"], &["noflux", "no-flux"]);
    fails(&["one.npy", "--methods", "spectral"], &["no method fits", "periodic"]);
    fails(&["one.npy", "--sizes", "8,16"], &["--sizes", "--estimate"]);
    fails(&["one.npy", "--noise", "-1"], &["--noise"]);
    fails(&["one.npy", "--report", "page.txt"], &["page.txt", "html"]);
}
