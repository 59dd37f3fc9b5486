//! Fields on longitudes and latitudes, through the program.

use crate::{folder, hodge, json_lines, refused};
use ndarray::{Array1, Array2, Array3, Axis, s};
use ndarray_npy::{NpzWriter, write_npy};
use serde_json::Value;
use std::fs::File;
use std::path::Path;

/// Solid rotation about a tilted axis and the gradient of sin φ, (0, cos φ), at points in degrees.
fn field(longitudes: &Array1<f64>, latitudes: &Array1<f64>) -> Array3<f64> {
    let tilt = 0.6f64;
    let shape = (2, latitudes.len(), longitudes.len());
    Array3::from_shape_fn(shape, |(c, j, i)| {
        let (l, p) = (longitudes[i].to_radians(), latitudes[j].to_radians());
        match c {
            0 => tilt.cos() * p.cos() + tilt.sin() * p.sin() * l.cos(),
            _ => -tilt.sin() * l.sin() + 0.5 * p.cos(),
        }
    })
}

pub fn steps(first: f64, step: f64, count: usize) -> Array1<f64> {
    Array1::from_iter((0..count).map(|i| first + step * i as f64))
}

fn write(path: &Path, longitudes: &Array1<f64>, latitudes: &Array1<f64>, values: &Array3<f64>) {
    let mut npz = NpzWriter::new(File::create(path).unwrap());
    let part = |k: usize| -> Array2<f64> { values.index_axis(Axis(0), k).to_owned() };
    npz.add_array("u", &part(0)).unwrap();
    npz.add_array("v", &part(1)).unwrap();
    npz.add_array("lon", longitudes).unwrap();
    npz.add_array("lat", latitudes).unwrap();
    npz.finish().unwrap();
}

pub fn report(path: &Path, arguments: &[&str]) -> (Value, String) {
    let outcome = hodge(path, &[arguments, &["--format", "json"]].concat());
    assert_eq!(outcome.code, 0, "{arguments:?}: {}", outcome.err);
    (json_lines(&outcome.out)[0].clone(), outcome.err)
}

pub fn shares(report: &Value) -> [f64; 3] {
    ["gradient", "solenoidal", "harmonic"]
        .map(|part| report["share_of_input"][part].as_f64().unwrap())
}

/// A rotation has the energy 8π/3 for any axis, ½∇(sin φ) a quarter of it.
#[test]
fn a_globe_is_split_as_the_integrals_say() {
    let folder = folder();
    let path = folder.path();
    let longitudes = steps(0.0, 2.0, 180);
    for (name, latitudes) in [("off", steps(-89.0, 2.0, 90)), ("at", steps(-90.0, 2.0, 91))] {
        let file = format!("{name}.npz");
        write(&path.join(&file), &longitudes, &latitudes, &field(&longitudes, &latitudes));
        let (found, notes) = report(path, &["decompose", &file]);
        let [gradient, solenoidal, harmonic] = shares(&found);
        assert!((gradient - 0.2).abs() < 2e-4, "{name}: {gradient}");
        assert!((solenoidal - 0.8).abs() < 2e-4, "{name}: {solenoidal}");
        assert!(harmonic < 1e-20, "{name}: {harmonic}");
        assert!(notes.contains("y reaches from pole to pole"), "{notes}");
    }
}

/// Cases that are not on equal cells of flat space come with their metric.
#[test]
fn analytic_cases_have_their_metric() {
    let folder = folder();
    let path = folder.path();
    for (case, cells, metric, gradient) in [
        ("SP1", "72,36", "sphere", 0.2659),
        ("SP4", "48,16", "sphere", 0.0),
        ("CV1", "32", "given", 0.5239),
        ("RL1", "64", "rectilinear", 0.9916),
        ("SP5", "48,24,8", "shell", 0.2910),
    ] {
        let (name, picture) = (format!("analytic:{case}"), format!("{case}.png"));
        let arguments = ["decompose", &name, "--n", cells, "--picture", &picture];
        let found = report(path, &arguments).0;
        assert_eq!(found["metric"], metric, "{case}");
        let share = shares(&found)[0];
        assert!((share - gradient).abs() < 2e-3, "{case}: {share}");
        assert!(path.join(picture).exists(), "{case}");
        refused(path, &["decompose", &name, "--n", "16", "--metric", "plane"], &["of its own"]);
        refused(path, &["decompose", &name, "--radius", "2"], &["--radius is for files"]);
    }
}

#[test]
fn a_globe_without_coordinates_takes_spacing_and_origin() {
    let folder = folder();
    let path = folder.path();
    let (longitudes, latitudes) = (steps(0.0, 4.0, 90), steps(-88.0, 4.0, 45));
    let values = field(&longitudes, &latitudes);
    write(&path.join("g.npz"), &longitudes, &latitudes, &values);
    write_npy(path.join("g.npy"), &values).unwrap();
    refused(path, &["decompose", "g.npy", "--metric", "sphere"], &["--spacing and --origin"]);
    let given = ["decompose", "g.npy", "--metric", "sphere", "--spacing", "4", "--origin", "0,-88"];
    let (by_options, notes) = report(path, &given);
    assert!(notes.contains("x goes once round and is periodic"), "{notes}");
    assert_eq!(shares(&by_options), shares(&report(path, &["decompose", "g.npz"]).0));
}

#[test]
fn a_meridian_that_repeats_is_left_out() {
    let folder = folder();
    let path = folder.path();
    let (longitudes, latitudes) = (steps(0.0, 4.0, 91), steps(-88.0, 4.0, 45));
    let mut values = field(&longitudes, &latitudes);
    let first = values.slice(s![.., .., 0]).to_owned();
    values.slice_mut(s![.., .., 90]).assign(&first);
    write(&path.join("twice.npz"), &longitudes, &latitudes, &values);
    let once = (steps(0.0, 4.0, 90), values.slice(s![.., .., ..90]).to_owned());
    write(&path.join("once.npz"), &once.0, &latitudes, &once.1);
    let (twice, notes) = report(path, &["decompose", "twice.npz"]);
    assert!(notes.contains("repeated end point"), "{notes}");
    assert_eq!(shares(&twice), shares(&report(path, &["decompose", "once.npz"]).0));
    values[[0, 20, 90]] += 1.0;
    write(&path.join("other.npz"), &longitudes, &latitudes, &values);
    refused(path, &["decompose", "other.npz"], &["the last meridian is the first again"]);
}

/// Of a field of longitudes alone, u = 1 + sin 2λ, all but the mean is a gradient around a strip, and nothing of its
/// width is in that. One row without edges has no width, and a wall on each side.
#[test]
fn a_single_row_needs_edges() {
    let folder = folder();
    let path = folder.path();
    let longitudes = steps(0.0, 3.0, 120);
    let row = Array3::from_shape_fn((2, 1, 120), |(c, _, i)| {
        (1 - c) as f64 * (1.0 + (2.0 * longitudes[i].to_radians()).sin())
    });
    write(&path.join("row.npz"), &longitudes, &steps(10.0, 1.0, 1), &row);
    refused(path, &["decompose", "row.npz"], &["axis y has one latitude", "edges"]);
    refused(path, &["decompose", "row.npz", "--periodic", "none"], &["one latitude"]);
    let column = Array3::ones((2, 30, 1));
    write(&path.join("column.npz"), &steps(10.0, 1.0, 1), &steps(0.0, 1.0, 30), &column);
    refused(path, &["decompose", "column.npz"], &["axis x has one longitude", "edges"]);
    write(&path.join("strip.npz"), &longitudes, &steps(8.0, 4.0, 2), &row);
    let (found, notes) = report(path, &["decompose", "strip.npz", "--boundary", "no-flux"]);
    let [gradient, solenoidal, harmonic] = shares(&found);
    assert!((gradient - 1.0 / 3.0).abs() < 1e-3, "{gradient}");
    assert!((harmonic - 2.0 / 3.0).abs() < 1e-3 && solenoidal < 1e-20, "{harmonic} {solenoidal}");
    assert!(notes.contains("y ends in walls") && !notes.contains("one cell"), "{notes}");
    report(path, &["decompose", "strip.npz", "-o", "strip.h5"]);
    let again = report(path, &["decompose", "strip.h5", "--boundary", "no-flux"]).0;
    let energy = |report: &Value| report["energy"]["input"].as_f64().unwrap();
    assert!((energy(&again) / energy(&found) - 1.0).abs() < 1e-12, "{again}");
}

#[test]
fn what_is_no_sphere_is_refused() {
    let folder = folder();
    let path = folder.path();
    let write = |name: &str, longitudes: &Array1<f64>, latitudes: &Array1<f64>| {
        write(&path.join(name), longitudes, latitudes, &field(longitudes, latitudes));
    };
    write("sector.npz", &steps(-30.0, 5.0, 12), &steps(45.0, 5.0, 10));
    refused(path, &["decompose", "sector.npz"], &["end before the poles"]);
    write("near.npz", &steps(0.0, 5.0, 72), &steps(0.0, 5.0, 18));
    assert_eq!(hodge(path, &["decompose", "near.npz"]).code, 0, "a hemisphere to 85 degrees");
    write("between.npz", &steps(0.0, 5.0, 72), &steps(1.0, 5.2, 18));
    refused(path, &["decompose", "between.npz"], &["half a spacing off"]);
    write("beyond.npz", &steps(0.0, 5.0, 72), &steps(10.0, 5.0, 18));
    refused(path, &["decompose", "beyond.npz"], &["between -90 and 90"]);
    for radius in ["0", "nan", "inf"] {
        refused(path, &["decompose", "near.npz", "--radius", radius], &["--radius"]);
    }
    let plane = ["decompose", "near.npz", "--metric", "plane", "--radius", "2"];
    refused(path, &plane, &["leave --radius out"]);
    let multigrid = hodge(path, &["decompose", "near.npz", "--backend", "multigrid"]);
    assert_eq!(multigrid.code, 0, "{}", multigrid.err);
    write("globe.npz", &steps(0.0, 5.0, 72), &steps(-87.5, 5.0, 36));
    let matrices = hodge(path, &["operators", "globe.npz", "-o", "m.npz"]);
    assert!(matrices.code == 2 && matrices.err.contains("pole"), "{}", matrices.err);
    refused(path, &["decompose", "globe.npz", "--spectra"], &["--spectra"]);
    for (options, hint) in [
        (&["--method", "spectral"][..], "--method staggered"),
        (&["--five-parts"], "leave --five-parts out"),
        (&["--boundary", "no-flux"], "leave it out"),
    ] {
        let arguments = [&["decompose", "globe.npz", "-o", "globe.h5"], options].concat();
        let outcome = hodge(path, &arguments);
        assert!(outcome.code == 2 && outcome.err.contains(hint), "{}", outcome.err);
        assert!(!outcome.err.contains("declare the axis periodic"), "{}", outcome.err);
    }
    assert_eq!(hodge(path, &["decompose", "globe.npz", "--faces", "-o", "faces.h5"]).code, 0);
    for metric in [&[][..], &["--metric", "sphere"]] {
        let faces = [&["decompose", "faces.h5", "--staggered"], metric].concat();
        refused(path, &faces, &["on the faces of longitudes", "--metric-datasets", "--staggered"]);
    }
    let volume = ["decompose", "analytic:SP5", "--n", "16,8,4", "--potentials"];
    refused(
        path,
        &volume,
        &["no vector potential in 3D under the metric shell", "leave --potentials out"],
    );
}

/// A solid rotation of 1 m/s at the equator has ψ = −R sin φ for u = −∂ψ/∂y, up to a constant; land has none.
#[test]
fn stream_functions_have_units_signs_and_no_values_on_land() {
    let folder = folder();
    let path = folder.path();
    let (longitudes, latitudes) = (steps(0.0, 6.0, 60), steps(-87.0, 6.0, 30));
    let mut rotation = Array3::zeros((2, 30, 60));
    for (j, mut row) in rotation.index_axis_mut(Axis(0), 0).outer_iter_mut().enumerate() {
        row.fill(latitudes[j].to_radians().cos());
    }
    rotation.slice_mut(s![.., 12..15, 20..25]).fill(f64::NAN);
    let mut npz = NpzWriter::new(File::create(path.join("u.npz")).unwrap());
    for (k, name) in ["u", "v"].into_iter().enumerate() {
        npz.add_array(name, &rotation.index_axis(Axis(0), k).to_owned()).unwrap();
    }
    npz.add_array("lon", &longitudes).unwrap();
    npz.add_array("lat", &latitudes).unwrap();
    npz.finish().unwrap();
    report(path, &["decompose", "u.npz", "--mask", "nan", "--potentials", "-o", "out.h5"]);
    let file = hdf5::File::open(path.join("out.h5")).unwrap();
    let read = |name: &str| {
        file.dataset(&format!("faces/{name}")).or_else(|_| file.dataset(name)).unwrap()
    };
    let [psi, met] = ["stream_function", "stream_function_meteorology"]
        .map(|name| read(name).read_2d::<f64>().unwrap());
    assert_eq!(psi.dim(), (31, 60));
    assert!(psi[[13, 22]].is_nan() && met[[13, 22]].is_nan(), "inside the land");
    assert!(psi[[12, 20]].is_finite(), "on its shore");
    let outside = psi.iter().zip(&met).filter(|(a, _)| a.is_finite());
    outside.for_each(|(a, b)| assert_eq!(*a, -b));
    // Far from the land the flow is nearly the rotation: from the pole to the equator ψ falls by R.
    let rise = met[[15, 50]] - met[[0, 50]];
    assert!((rise / -6_371_200.0 - 1.0).abs() < 0.05, "{rise}");
}
