//! `hodge compare`: several methods on one field.

use crate::{folder, hodge, json_lines, smooth};
use ndarray::{Array3, Axis};
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

/// Normal-parallel and zero-potential have one gradient part and solenoidal parts that are apart by the harmonic one; and the two
/// that are farthest from each other need not include the first. Fails where only gradient parts or only the first count.
#[test]
fn the_summary_is_about_the_two_farthest_apart() {
    let folder = folder();
    let path = folder.path();
    write_npy(path.join("wind.npy"), &smooth(18, 20)).unwrap();
    let line = ["compare", "wind.npy", "--methods"];
    let apart = "staggered:normal-parallel,staggered:zero-potential";
    let outcome = hodge(path, &[&line[..], &[apart]].concat());
    assert!(outcome.out.contains("The methods differ by up to"), "{}", outcome.out);
    let why = "The difference of the solenoidal parts has neither divergence nor curl";
    assert!(outcome.out.contains(why), "{}", outcome.out);
    let middle = "fourier-mirrored,staggered:normal-parallel,staggered:no-flux";
    let found = compared(path, &["wind.npy", "--methods", middle]);
    let of = |part: &str, i: usize, j: usize| found[part][i][j].as_f64().unwrap().powi(2);
    let gradient = of("distance_of_gradients", 1, 2);
    for (i, j) in [(0, 1), (0, 2)] {
        assert!(
            gradient > of("distance_of_gradients", i, j).max(of("distance_of_solenoidals", i, j))
        );
    }
    let outcome = hodge(path, &[&line[..], &[middle]].concat());
    let says = format!(
        "up to {:.4} % of the energy (staggered normal-parallel and staggered no-flux)",
        100.0 * gradient
    );
    assert!(outcome.out.contains(&says), "{says}: {}", outcome.out);
    // One method under two conventions: nothing hangs on derivatives.
    let number = |k: usize| (1.7 * (k * k) as f64).sin();
    let rough = Array3::from_shape_fn((2, 5, 6), |(c, j, i)| number(30 * c + 6 * j + i));
    write_npy(path.join("rough.npy"), &rough).unwrap();
    let two = "staggered:normal-parallel,staggered:no-flux";
    let outcome = hodge(path, &["compare", "rough.npy", "--methods", two]);
    assert!(outcome.out.contains("comes from interpolation between points"), "{}", outcome.out);
}

/// What is apart, estimated and moved does not hang on the unit of the field. Fails where squares leave double precision.
#[test]
fn tiny_and_huge_fields_are_compared_like_others() {
    let folder = folder();
    let path = folder.path();
    let methods = ["--methods", "staggered:no-flux,central"];
    let line = [&methods[..], &["--estimate", "--noise", "5%", "--repeats", "2"]].concat();
    let of = |unit: f64| {
        write_npy(path.join("f.npy"), &(unit * &smooth(18, 20))).unwrap();
        let found = compared(path, &[&["f.npy"], &line[..]].concat());
        let second = &found["methods"][1];
        let energy = &found["differences"][0]["energy"];
        let numbers = [energy, &second["estimate"]["errors"][0], &second["noise"]["moved"][1]];
        let sigma = second["noise"]["sigma"].as_f64().unwrap() / unit;
        [numbers.map(|n| n.as_f64().unwrap()).to_vec(), vec![sigma]].concat()
    };
    let wanted = of(1.0);
    for unit in [1e-300, 1e-160, 1e160, 1e300] {
        for (found, wanted) in of(unit).into_iter().zip(&wanted) {
            assert!((found / wanted - 1.0).abs() < 1e-9, "{unit:e}: {found} for {wanted}");
        }
    }
}

/// A percentage is of the root mean square of what takes part. Fails where land counts as points with 0.
#[test]
fn noise_is_relative_to_what_takes_part() {
    let folder = folder();
    let path = folder.path();
    let mut field = Array3::from_elem((2, 12, 12), 2.0);
    field.slice_mut(ndarray::s![.., 3..9, 2..10]).fill(f64::NAN);
    write_npy(path.join("sea.npy"), &field).unwrap();
    let line =
        ["sea.npy", "--mask", "nan", "--noise", "5%", "--repeats", "2", "--methods", "staggered"];
    let found = compared(path, &line);
    let sigma = found["methods"][0]["noise"]["sigma"].as_f64().unwrap();
    assert!((sigma - 0.1).abs() < 1e-12, "{sigma}");
}

#[test]
fn of_a_zero_field_nothing_is_said() {
    let folder = folder();
    let path = folder.path();
    write_npy(path.join("zero.npy"), &Array3::<f64>::zeros((2, 18, 18))).unwrap();
    let line = ["compare", "zero.npy", "--estimate", "--noise", "1", "--repeats", "1"];
    let outcome = hodge(path, &line);
    assert_eq!(outcome.code, 0, "{}", outcome.err);
    assert!(outcome.out.contains("The field is zero: there is nothing to compare."));
    assert!(outcome.out.contains("the field is zero everywhere"), "{}", outcome.out);
    assert!(!outcome.out.contains("NaN") && !outcome.out.contains("differ"), "{}", outcome.out);
}

/// A fit tells two parts apart: the file has these, and only the sum of the other two has an error. Warnings of reports are said. Fails
/// with a harmonic part of 0, whose error would be all of it.
#[test]
fn parts_that_are_not_told_apart_are_one() {
    let folder = folder();
    let path = folder.path();
    let line = ["analytic:C2", "--n", "9", "--methods", "learned,staggered:no-flux", "-o", "c.h5"];
    let found = compared(path, &line);
    let errors = &method(&found, "learned", "no-flux")["errors"];
    assert!(errors["harmonic"].is_null(), "{errors}");
    // As far from what is left as the gradient part is, over another norm.
    let gradient = errors["gradient"].as_f64().unwrap();
    let [exact, rest] =
        [errors["gradient"].as_f64().unwrap(), errors["solenoidal"].as_f64().unwrap()];
    assert!(rest < 5.0 * exact && gradient > 0.0, "{errors}");
    let file = hdf5::File::open(path.join("c.h5")).unwrap();
    let group = file.group("fields/learned no-flux").unwrap();
    assert!(group.link_exists("rest") && !group.link_exists("harmonic"));
    assert!(file.group("fields/staggered no-flux").unwrap().link_exists("harmonic"));
    let outcome = hodge(path, &["compare", "analytic:C2", "--n", "9", "--report", "r.html"]);
    assert!(outcome.out.contains("learned no-flux: the fit has not settled"), "{}", outcome.out);
    assert!(outcome.err.contains("wrote r.html"), "{}", outcome.err);
    let page = std::fs::read_to_string(path.join("r.html")).unwrap();
    assert!(page.contains("learned no-flux: the fit has not settled"));
}

/// What is named twice is computed once, and written.
#[test]
fn methods_named_twice_are_one() {
    let folder = folder();
    let path = folder.path();
    write_npy(path.join("wind.npy"), &smooth(8, 9)).unwrap();
    let twice = "staggered,staggered:normal-parallel,staggered";
    let found = compared(path, &["wind.npy", "--methods", twice, "-o", "o.h5"]);
    assert_eq!(found["methods"].as_array().unwrap().len(), 1);
    assert_eq!(found["left_out"].as_array().unwrap().len(), 2);
}

/// What fits a field need not fit it with noise, which is no reason to say nothing of the others. Fails where one stops all.
#[test]
fn methods_that_noise_rules_out_do_not_stop_the_others() {
    let folder = folder();
    let line = ["analytic:F1", "--n", "48", "--noise", "5%", "--repeats", "2"];
    let methods = ["--methods", "natural-spectral,staggered:no-flux"];
    let found = compared(folder.path(), &[&line[..], &methods].concat());
    let noise = |name: &str, boundary: &str| method(&found, name, boundary)["noise"].clone();
    let reason = noise("natural-spectral", "free-space")["none"].to_string();
    assert!(reason.contains("vanishes at the edge"), "{reason}");
    assert!(noise("staggered", "no-flux")["moved"][0].as_f64().unwrap() > 0.0);
}
