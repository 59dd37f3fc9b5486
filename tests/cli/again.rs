//! Results and samples of the program as its input.

use crate::uneven::{report, share, write};
use crate::{folder, hodge, refused, smooth, write_npz};
use ndarray::Axis;
use serde_json::Value;
use std::path::Path;

const PARTS: [&str; 3] = ["gradient", "solenoidal", "harmonic"];

/// Decomposes a field to `r.h5`, and that again; the two reports.
fn twice(path: &Path, arguments: &[&str]) -> [Value; 2] {
    let first = [&["decompose"], arguments, &["-o", "r.h5", "--overwrite"]].concat();
    [report(path, &first), report(path, &["decompose", "r.h5"])]
}

fn same(reports: &[Value; 2]) {
    let [first, again] = reports;
    for key in ["metric", "radius", "periodic_axes", "boundary"] {
        assert_eq!(first[key], again[key], "{key}");
    }
    for part in PARTS {
        let [a, b] = [first, again].map(|report| share(report, part));
        assert!((a - b).abs() < 1e-12, "{part}: {a} {b}");
    }
}

fn flow(path: &Path) {
    let field = smooth(9, 12);
    let part = |k| field.index_axis(Axis(0), k).to_owned();
    let (ones, twos) = (ndarray::Array2::ones((9, 12)), ndarray::Array2::from_elem((9, 12), 2.0));
    write_npz(path, &[("u", part(0)), ("v", part(1)), ("s", ones), ("d", twos)]);
}

#[test]
fn results_keep_how_their_axes_end() {
    let folder = folder();
    let path = folder.path();
    flow(&path.join("flow.npz"));
    let start = ["flow.npz", "--datasets", "u,v"];
    let mut found = Vec::new();
    for periodic in ["x", "x,y", "none"] {
        let reports = twice(path, &[&start[..], &["--periodic", periodic]].concat());
        same(&reports);
        found.push(share(&reports[0], "gradient"));
    }
    assert!(found[0] != found[1] && found[1] != found[2], "{found:?}");
    // An option wins, and the contradiction is stated.
    twice(path, &[&start[..], &["--periodic", "x"]].concat());
    let outcome = hodge(path, &["decompose", "r.h5", "--periodic", "y"]);
    assert!(outcome.err.contains("periodic axes y (given; x in the file)"), "{}", outcome.err);
    let outcome = hodge(path, &["decompose", "r.h5"]);
    assert!(outcome.err.contains("periodic axes x (read from the file)"), "{}", outcome.err);
}

#[test]
fn results_under_given_lengths_need_them_again() {
    let folder = folder();
    let path = folder.path();
    flow(&path.join("flow.npz"));
    let start = ["decompose", "flow.npz", "--datasets", "u,v", "--periodic", "x,y"];
    let given = ["--metric-datasets", "s,d,d,d", "-o", "r.h5"];
    let first = report(path, &[&start[..], &given].concat());
    refused(
        path,
        &["decompose", "r.h5"],
        &["lengths and areas that were given", "--metric-datasets"],
    );
    let sizes = "flow.npz::s,flow.npz::d,flow.npz::d,flow.npz::d";
    let again = report(path, &["decompose", "r.h5", "--metric-datasets", sizes]);
    same(&[first.clone(), again]);
    let plane = report(path, &["decompose", "r.h5", "--metric", "plane"]);
    assert!((share(&plane, "gradient") - share(&first, "gradient")).abs() > 1e-3);
    // Only what does not fit is listed.
    let bounded = [&start[..4], &["--metric-datasets", "s,s,d,d"]].concat();
    let says = ["one value for each face", "\"s\" expected (ny, nx+1) = [9, 13], found [9, 12]"];
    refused(path, &bounded, &says);
    let outcome =
        hodge(path, &[&start[..4], &["--periodic", "x", "--metric-datasets", "s,s,d,d"]].concat());
    assert!(
        outcome.err.contains("(ny+1, nx)") && !outcome.err.contains("(ny, nx)"),
        "{}",
        outcome.err
    );
}

#[test]
fn results_on_globes_keep_radius_and_poles() {
    let folder = folder();
    let path = folder.path();
    let field = |[l, p]: [f64; 2]| {
        let (l, p) = (l.to_radians(), p.to_radians());
        [p.cos() + (2.0 * l).sin() * p.cos(), l.cos() * p.sin()]
    };
    let longitudes: Vec<f64> = (0..24).map(|i| 15.0 * f64::from(i)).collect();
    let latitudes: Vec<f64> = (0..13).map(|j| 15.0 * f64::from(j) - 90.0).collect();
    write(&path.join("g.npz"), ["lon", "lat"], &longitudes, &latitudes, &field);
    let reports = twice(path, &["g.npz", "--radius", "5", "--faces"]);
    assert_eq!(reports[0]["radius"], 5.0);
    same(&reports);
    assert_eq!(report(path, &["decompose", "r.h5", "--radius", "7"])["radius"], 7.0);
    let file = hdf5::File::open(path.join("r.h5")).unwrap();
    let faces = file.dataset("lat_face").unwrap().read_1d::<f64>().unwrap();
    assert_eq!((faces.len(), faces[0], faces[13], faces[1]), (14, -90.0, 90.0, -82.5));
    drop(file);
    // Degrees that were taken as lengths are asked about.
    let named = ["decompose", "r.h5", "--metric", "plane", "-o", "p.h5"];
    report(path, &named);
    refused(path, &["decompose", "p.h5"], &["degrees", "--metric sphere, or --metric plane"]);
}

/// Cells whose edges do not follow from their points, and longitudes that close with another step.
#[test]
fn results_keep_uneven_cells() {
    let folder = folder();
    let path = folder.path();
    let field = |[x, y]: [f64; 2]| [(0.3 * x).sin() + 0.1 * y, (0.2 * x * y).cos()];
    let edges: Vec<f64> = (0..12).map(|i| f64::from(i) + 0.4 * f64::from(i % 3)).collect();
    let y: Vec<f64> = (0..8).map(f64::from).collect();
    let middles: Vec<f64> = edges.windows(2).map(|pair| 0.5 * (pair[0] + pair[1])).collect();
    write(&path.join("points.npz"), ["x", "y"], &middles, &y, &field);
    let points = report(path, &["decompose", "points.npz"]);
    crate::uneven::write_with(
        &path.join("edges.npz"),
        ["x", "y"],
        [&edges, &y],
        [&middles, &y],
        &field,
    );
    let reports = twice(path, &["edges.npz"]);
    same(&reports);
    assert!((share(&points, "gradient") - share(&reports[0], "gradient")).abs() > 1e-4);
    // Edges say how long a period is.
    same(&twice(path, &["edges.npz", "--periodic", "x"]));
    let longitudes: Vec<f64> = (0..35).map(|i| 10.0 * f64::from(i)).collect();
    let latitudes: Vec<f64> = (0..9).map(|j| 10.0 * f64::from(j) - 40.0).collect();
    write(&path.join("gap.npz"), ["lon", "lat"], &longitudes, &latitudes, &field);
    same(&twice(path, &["gap.npz", "--periodic", "x"]));
}

#[test]
fn samples_of_cases_keep_their_space() {
    let folder = folder();
    let path = folder.path();
    for (case, cells) in [("P1", "32"), ("B1", "32"), ("SP1", "48,24"), ("RL1", "24")] {
        let name = format!("analytic:{case}");
        let file = format!("{case}.h5");
        assert_eq!(hodge(path, &["sample", &name, "--n", cells, "-o", &file]).code, 0);
        let method = ["--method", "staggered", "--boundary"];
        let boundary = if matches!(case, "P1" | "SP1") { "periodic" } else { "no-flux" };
        let with = |field: &str| {
            let start = ["decompose", field];
            let own = if field == name { &["--n", cells][..] } else { &[] };
            report(path, &[&start[..], own, &method, &[boundary]].concat())
        };
        let (direct, read) = (with(&name), with(&file));
        for key in ["metric", "periodic_axes", "radius"] {
            assert_eq!(direct[key], read[key], "{case} {key}");
        }
        // The file is read at the points, the case on the faces.
        let [a, b] = [&direct, &read].map(|report| share(report, "gradient"));
        assert!((a - b).abs() < 2e-3, "{case}: {a} {b}");
    }
}

/// What took no part the first time takes none again. Fails where NaN of a result has to be named as land once more.
#[test]
fn land_of_a_result_is_land_again() {
    let folder = folder();
    let path = folder.path();
    let mut values = smooth(9, 12);
    values.slice_mut(ndarray::s![.., 3..5, 4..7]).fill(f64::NAN);
    let part = |k| values.index_axis(Axis(0), k).to_owned();
    write_npz(&path.join("f.npz"), &[("u", part(0)), ("v", part(1))]);
    let [first, again] = twice(path, &["f.npz", "--mask", "nan"]);
    assert_eq!((&first["active_cells"], &again["active_cells"]), (&102.into(), &102.into()));
    for part in PARTS {
        let [a, b] = [&first, &again].map(|report| report["energy"][part].as_f64().unwrap());
        assert!((a - b).abs() <= 1e-12 * a.abs(), "{part}: {a} {b}");
    }
}
