//! Methods that have to be asked for: what they write, say and refuse.

use crate::{folder, hodge, json_lines, refused, smooth};
use hdf5::File;
use ndarray::{Array1, Array3, Array4, s};
use ndarray_npy::write_npy;
use std::path::Path;

const BASELINES: [&str; 4] = ["chorin", "chorin-wide", "fourier-detrended", "fourier-mirrored"];

fn bump(ny: usize, nx: usize) -> Array3<f64> {
    Array3::from_shape_fn((2, ny, nx), |(c, j, i)| {
        let [x, y] = [(i, nx), (j, ny)].map(|(i, n)| 16.0 * (i as f64 + 0.5) / n as f64 - 8.0);
        [x + 2.0 * y, y - x][c] * (-x * x - y * y).exp()
    })
}

fn read(path: &Path, name: &str) -> ndarray::ArrayD<f64> {
    File::open(path).unwrap().dataset(name).unwrap().read_dyn::<f64>().unwrap()
}

/// By every method the parts in the file and what is lost between points and faces add up to the input.
#[test]
fn parts_add_up_by_every_method_in_2d_and_3d() {
    let folder = folder();
    let path = folder.path();
    write_npy(path.join("plane.npy"), &bump(48, 40)).unwrap();
    let space = Array4::from_shape_fn((3, 7, 6, 8), |(c, k, j, i)| {
        ((c + 1) as f64 * 0.3 * (i as f64 + 0.5 * j as f64 - k as f64)).sin() + 0.1 * i as f64
    });
    write_npy(path.join("space.npy"), &space).unwrap();
    for (name, methods) in [
        ("plane.npy", &["natural", "natural-spectral"][..]),
        ("space.npy", &["natural"]),
        ("plane.npy", &BASELINES),
        ("space.npy", &BASELINES),
    ] {
        for method in methods {
            let run = ["decompose", name, "--method", method, "-o", "out.h5", "--overwrite"];
            let outcome = hodge(path, &[&run[..], &["--format", "json"]].concat());
            assert_eq!(outcome.code, 0, "{name} {method}: {}", outcome.err);
            let report = &json_lines(&outcome.out)[0];
            assert_eq!(report["method"], *method);
            let own = if method.starts_with("natural") { Some("free-space") } else { None };
            assert!(own.is_none_or(|own| report["boundary"] == own), "{report}");
            let file = path.join("out.h5");
            let [g, s, h, lost, input] =
                ["gradient", "solenoidal", "harmonic", "sampling_remainder", "input"]
                    .map(|name| read(&file, name));
            let gap = (g + s + h + lost - &input).mapv(f64::abs).into_iter().fold(0.0, f64::max);
            let largest = input.mapv(f64::abs).into_iter().fold(0.0, f64::max);
            assert!(gap <= 1e-12 * largest, "{name} {method}: {gap:e}");
        }
    }
}

/// A table of parts that are not orthogonal has cross terms, answers no question, and claims no orthogonality.
#[test]
fn tables_say_what_does_not_hold() {
    let folder = folder();
    let path = folder.path();
    write_npy(path.join("f.npy"), &smooth(20, 24)).unwrap();
    for method in ["natural", "chorin", "fourier-mirrored"] {
        let run = ["decompose", "f.npy", "--method", method, "--verbose"];
        let outcome = hodge(path, &run);
        assert_eq!(outcome.code, 0, "{}", outcome.err);
        let line = |begin: &str| outcome.out.lines().find(|line| line.starts_with(begin));
        let found = line("orthogonality").unwrap();
        assert!(found.ends_with("no claim"), "{found}");
        assert!(line("cross terms: the parts are not orthogonal").is_some(), "{}", outcome.out);
        assert!(line("together").unwrap().contains("100.0000 %"), "{}", outcome.out);
        assert!(!outcome.out.contains("how much is"), "{}", outcome.out);
        let warned = outcome.out.contains(&format!("WARNING  {method} is a baseline"));
        assert_eq!(warned, method != "natural", "{}", outcome.out);
    }
    for method in ["spectral", "staggered"] {
        let run = ["decompose", "f.npy", "--periodic", "x,y", "--method", method];
        let outcome = hodge(path, &run);
        assert!(!outcome.out.contains("baseline") && !outcome.out.contains("not orthogonal"));
    }
    let listed = hodge(path, &["list"]).out;
    for method in BASELINES {
        assert!(listed.contains(&format!("{method:17}  baseline: ")), "{listed}");
    }
    let help = hodge(path, &["decompose", "--help"]).out;
    assert!(help.contains("baselines") && help.contains("natural-spectral"), "{help}");
}

#[test]
fn what_they_cannot_do_is_refused_with_a_way_out() {
    let folder = folder();
    let path = folder.path();
    write_npy(path.join("f.npy"), &smooth(12, 14)).unwrap();
    let mut holed = smooth(12, 14);
    holed.slice_mut(s![.., 5..7, 6..9]).fill(f64::NAN);
    write_npy(path.join("holed.npy"), &holed).unwrap();
    let run = |file: &'static str, rest: &[&'static str]| [&["decompose", file][..], rest].concat();
    for method in ["natural", "natural-spectral", "chorin", "chorin-wide", "fourier-mirrored"] {
        let masked = ["--mask", "nan", "--method", method];
        refused(path, &run("holed.npy", &masked), &[method, "mask", "--method staggered"]);
        let solved = ["--method", method, "--backend", "multigrid"];
        refused(path, &run("f.npy", &solved), &[method, "--backend multigrid cannot apply"]);
        let convention = ["--method", method, "--boundary", "normal-parallel"];
        refused(path, &run("f.npy", &convention), &[method, "leave --boundary out"]);
        let all = ["--method", method, "--boundary", "all"];
        refused(path, &run("f.npy", &all), &["--boundary all cannot apply"]);
        let undivided = ["--method", method, "--no-harmonic"];
        refused(path, &run("f.npy", &undivided), &["--no-harmonic cannot apply"]);
    }
    let periodic = ["--periodic", "x", "--method", "natural"];
    refused(path, &run("f.npy", &periodic), &["axis x is periodic", "--periodic none"]);
    let spectral = ["--method", "natural-spectral"];
    refused(path, &run("f.npy", &spectral), &["vanishes at the edge", "--method natural"]);
    let seamless = ["--periodic", "x,y", "--method", "fourier-detrended"];
    refused(path, &run("f.npy", &seamless), &["every axis", "--method spectral"]);
    let free = ["--boundary", "free-space"];
    refused(path, &run("f.npy", &free), &["natural-spectral", "--method natural"]);
    let potentials = ["--method", "chorin", "--potentials"];
    refused(path, &run("f.npy", &potentials), &["stream function", "leave --potentials out"]);
    let five = ["--method", "natural", "--five-parts"];
    refused(path, &run("f.npy", &five), &["five-part"]);
}

/// Longitudes and latitudes are a sphere, which only the staggered method takes.
#[test]
fn spheres_and_uneven_axes_are_refused() {
    let folder = folder();
    let path = folder.path();
    let mut file = ndarray_npy::NpzWriter::new(std::fs::File::create(path.join("s.npz")).unwrap());
    let field = smooth(10, 12);
    file.add_array("u", &field.slice(s![0, .., ..])).unwrap();
    file.add_array("v", &field.slice(s![1, .., ..])).unwrap();
    file.add_array("x", &Array1::from_iter((0..12).map(|i| (i * i + i) as f64))).unwrap();
    file.add_array("y", &Array1::from_iter((0..10).map(f64::from))).unwrap();
    file.finish().unwrap();
    for method in ["natural", "natural-spectral", "chorin", "fourier-detrended"] {
        let run = ["decompose", "s.npz", "--method", method];
        refused(path, &run, &[method, "all alike", "--method staggered"]);
    }
}

/// Analytic cases go with the convention of the method, whatever their own.
#[test]
fn cases_are_split_by_methods_of_one_convention() {
    let folder = folder();
    for (case, method) in
        [("F4", "natural"), ("B4", "natural"), ("F1", "natural-spectral"), ("P1", "chorin")]
    {
        let run = ["decompose", &format!("analytic:{case}"), "--n", "32", "--method", method];
        let outcome = hodge(folder.path(), &run);
        assert_eq!(outcome.code, 0, "{case}: {}", outcome.err);
    }
    let dry = ["decompose", "analytic:F4", "--n", "32", "--method", "natural", "--dry-run"];
    let found = hodge(folder.path(), &dry);
    assert!(
        found.code == 0 && found.out.contains("natural, free-space"),
        "{} {}",
        found.out,
        found.err
    );
}

/// Working space counts before anything is allocated.
#[test]
fn memory_is_estimated_with_the_padded_arrays() {
    let folder = folder();
    for method in ["natural", "natural-spectral", "chorin", "fourier-mirrored"] {
        let case = if method == "chorin" { "analytic:P5" } else { "analytic:C4" };
        let run = ["decompose", case, "--n", "512", "--method", method, "--memory", "20G"];
        refused(folder.path(), &run, &["512 × 512 × 512", "--memory"]);
    }
}
