//! Files with uneven coordinates, through the program.

use crate::{folder, hodge, json_lines, refused};
use ndarray::{Array1, Array2};
use ndarray_npy::NpzWriter;
use serde_json::Value;
use std::f64::consts::PI;
use std::fs::File;
use std::path::Path;

type Field<'a> = &'a dyn Fn([f64; 2]) -> [f64; 2];

/// A field at points x, y, with them as its coordinates.
pub fn write(path: &Path, names: [&str; 2], x: &[f64], y: &[f64], field: Field) {
    write_with(path, names, [x, y], [x, y], field);
}

/// A field at points, with other lists as its coordinates.
pub fn write_with(
    path: &Path,
    names: [&str; 2],
    lists: [&[f64]; 2],
    [x, y]: [&[f64]; 2],
    field: Field,
) {
    let mut npz = NpzWriter::new(File::create(path).unwrap());
    for (k, name) in ["u", "v"].into_iter().enumerate() {
        let value = |(j, i)| field([x[i], y[j]])[k];
        npz.add_array(name, &Array2::from_shape_fn((y.len(), x.len()), value)).unwrap();
    }
    for (name, list) in names.into_iter().zip(lists) {
        npz.add_array(name, &Array1::from(list.to_vec())).unwrap();
    }
    npz.finish().unwrap();
}

pub fn report(path: &Path, arguments: &[&str]) -> Value {
    let outcome = hodge(path, &[arguments, &["--format", "json"]].concat());
    assert_eq!(outcome.code, 0, "{arguments:?}: {}", outcome.err);
    json_lines(&outcome.out)[0].clone()
}

pub fn share(report: &Value, part: &str) -> f64 {
    report["share_of_input"][part].as_f64().unwrap()
}

/// Points midway between the faces of cells that grow 30 times from one wall to the other.
fn stretched(n: usize) -> Vec<f64> {
    let face = |i: usize| (30f64.powf(i as f64 / n as f64) - 1.0) / 29.0;
    (0..n).map(|i| 0.5 * (face(i) + face(i + 1))).collect()
}

/// 2 ∇(cos πx cos πy) and rot(sin πx sin πy): four to one, on cells of any size.
#[test]
fn a_stretched_box_has_the_shares_of_the_integrals() {
    let folder = folder();
    let (even, uneven): (Vec<f64>, _) =
        ((0..80).map(|i| (i as f64 + 0.5) / 80.0).collect(), stretched(96));
    let field = |[x, y]: [f64; 2]| {
        let ([s, c], [p, q]) = ([(PI * x).sin(), (PI * x).cos()], [(PI * y).sin(), (PI * y).cos()]);
        [-2.0 * s * q + s * q, -2.0 * c * p - c * p]
    };
    for (name, x, y) in
        [("y.npz", &even, &uneven), ("x.npz", &uneven, &even), ("xy.npz", &uneven, &uneven)]
    {
        write(&folder.path().join(name), ["x", "y"], x, y, &field);
        for backend in ["separable", "cholesky"] {
            let arguments = ["decompose", name, "--boundary", "no-flux", "--backend", backend];
            let found = report(folder.path(), &arguments);
            assert_eq!(
                (&found["metric"], &found["backend"]),
                (&"rectilinear".into(), &backend.into())
            );
            let gradient = share(&found, "gradient");
            assert!((gradient - 0.8).abs() < 1e-3, "{name} {backend}: {gradient}");
        }
        // As if all cells were alike.
        let plain = ["decompose", name, "--boundary", "no-flux", "--spacing", "1", "--quiet"];
        let plain = share(&report(folder.path(), &plain), "gradient");
        assert!((plain - 0.8).abs() > 0.02, "{name}: {plain}");
    }
}

/// Roots of the Legendre polynomial of degree n, in degrees, by Newton's method.
fn gaussian(n: usize) -> Vec<f64> {
    let root = |i: usize| {
        let mut x = -(PI * (i as f64 + 0.75) / (n as f64 + 0.5)).cos();
        for _ in 0..50 {
            let (mut before, mut here) = (1.0, x);
            for k in 2..=n {
                let k = k as f64;
                (before, here) = (here, ((2.0 * k - 1.0) * x * here - (k - 1.0) * before) / k);
            }
            x -= here * (x * x - 1.0) / (n as f64 * (x * here - before));
        }
        x.asin().to_degrees()
    };
    (0..n).map(root).collect()
}

/// ∇χ and k × ∇ψ for χ = cos 3λ cos³φ (9 sin²φ − 1), a spherical harmonic of degree 5, and ψ = sin φ cos φ cos λ, one
/// of degree 2. ∫|∇χ|² = 3072π/77, ∫|∇ψ|² = 8π/5.
#[test]
fn gaussian_latitudes_are_a_globe() {
    let folder = folder();
    let field = |[longitude, latitude]: [f64; 2]| {
        let (l, (s, c)) = (longitude.to_radians(), latitude.to_radians().sin_cos());
        let q = 9.0 * s * s - 1.0;
        let gradient = [
            -3.0 * (3.0 * l).sin() * c * c * q,
            (3.0 * l).cos() * (-3.0 * c * c * s * q + 18.0 * s * c.powi(4)),
        ];
        let turned = [-(c * c - s * s) * l.cos(), -s * l.sin()];
        [gradient[0] + 8.0 * turned[0], gradient[1] + 8.0 * turned[1]]
    };
    let (gradient, turned) = (3072.0 * PI / 77.0, 64.0 * 8.0 * PI / 5.0);
    let mut errors = Vec::new();
    for n in [32, 64] {
        let longitudes: Vec<f64> = (0..2 * n).map(|i| i as f64 * 180.0 / n as f64).collect();
        let mut latitudes = gaussian(n);
        latitudes.reverse();
        write(&folder.path().join("globe.npz"), ["lon", "lat"], &longitudes, &latitudes, &field);
        let found = report(folder.path(), &["decompose", "globe.npz"]);
        assert_eq!((&found["metric"], &found["boundary"]), (&"sphere".into(), &"periodic".into()));
        assert!(share(&found, "harmonic") < 1e-20, "{found}");
        errors.push((share(&found, "gradient") - gradient / (gradient + turned)).abs());
    }
    assert!(errors[1] < 2e-4 && errors[0] > 3.5 * errors[1], "{errors:?}");
}

#[test]
fn uneven_axes_cannot_be_periodic_without_a_period() {
    let folder = folder();
    write(&folder.path().join("y.npz"), ["x", "y"], &stretched(8), &stretched(9), &|_| [1.0, 2.0]);
    let arguments = ["decompose", "y.npz", "--periodic", "y"];
    refused(folder.path(), &arguments, &["axis y has uneven coordinates", "--spacing"]);
}

/// A globe with land, once by its coordinates and once by lengths worked out here; a field of the file without a
/// meaning in degrees.
#[test]
fn given_lengths_stand_for_coordinates() {
    let folder = folder();
    let path = folder.path().join("globe.npz");
    let (nx, ny, radius) = (24, 12, 6371.0);
    let width = 2.0 * PI / nx as f64;
    let height = PI / ny as f64;
    let edge = |j: usize| -0.5 * PI + height * j as f64;
    let middle = |j: usize| edge(j) + 0.5 * height;
    let mut npz = NpzWriter::new(File::create(&path).unwrap());
    let noise = |seed: usize| {
        move |(j, i): (usize, usize)| ((j * 31 + i * 17 + seed) as f64 * 12.9898).sin()
    };
    npz.add_array("u", &Array2::from_shape_fn((ny, nx), noise(1))).unwrap();
    npz.add_array("v", &Array2::from_shape_fn((ny, nx), noise(2))).unwrap();
    let land = |(j, i): (usize, usize)| f64::from((i * 7 + j * 5) % 9 > 1);
    npz.add_array("wet", &Array2::from_shape_fn((ny, nx), land)).unwrap();
    let cos_edge = |j: usize| if j.is_multiple_of(ny) { 0.0 } else { edge(j).cos() };
    let sx = Array2::from_elem((ny, nx), radius * height);
    let sy = Array2::from_shape_fn((ny + 1, nx), |(j, _)| radius * cos_edge(j) * width);
    let dx = Array2::from_shape_fn((ny, nx), |(j, _)| radius * middle(j).cos() * width);
    let dy = Array2::from_elem((ny + 1, nx), radius * height);
    let belt = |j: usize| radius * radius * width * (edge(j + 1).sin() - edge(j).sin());
    let v = Array2::from_shape_fn((ny, nx), |(j, _)| belt(j));
    for (name, values) in [("sx", &sx), ("sy", &sy), ("dx", &dx), ("dy", &dy), ("vol", &v)] {
        npz.add_array(name, values).unwrap();
    }
    npz.add_array("lon", &Array1::from_iter((0..nx).map(|i| 15.0 * i as f64))).unwrap();
    npz.add_array("lat", &Array1::from_iter((0..ny).map(|j| 15.0 * j as f64 - 82.5))).unwrap();
    npz.finish().unwrap();

    let start =
        ["decompose", "globe.npz", "--datasets", "u,v", "--mask", "wet", "--boundary", "no-flux"];
    let sphere = report(folder.path(), &[&start[..], &["--radius", "6371"]].concat());
    let given = ["--periodic", "x", "--metric-datasets", "sx,sy,dx,dy,vol"];
    let by_lengths = report(folder.path(), &[&start[..], &given].concat());
    assert_eq!((&sphere["metric"], &by_lengths["metric"]), (&"sphere".into(), &"given".into()));
    for part in ["gradient", "solenoidal", "harmonic"] {
        for key in ["fraction", "share_of_input"] {
            let [a, b] = [&sphere, &by_lengths].map(|report| report[key][part].as_f64().unwrap());
            // Interpolation at points knows the poles of a sphere and of lengths alike.
            assert!((a - b).abs() < 1e-9, "{part}: {a} {b}");
        }
    }
    let few = [&start[..], &["--periodic", "x", "--metric-datasets", "sx,sy"]].concat();
    refused(folder.path(), &few, &["2 datasets", "--metric-datasets"]);
    let other = [&start[..], &["--metric-datasets", "sx,sy,dx,dy"]].concat();
    refused(folder.path(), &other, &["sx"]);
}

/// A smooth field with noise whose last points are 16 and 100 times as far apart as the others: the parts do not
/// grow beyond the field, as they would by a parabola through close points drawn out to a far wall.
#[test]
fn a_wide_last_step_does_not_magnify_noise() {
    let folder = folder();
    let y: Vec<f64> = (0..16).map(|i| i as f64 / 15.0).collect();
    for wide in [1.0, 16.0, 100.0] {
        let mut x: Vec<f64> = (0..15).map(f64::from).collect();
        x.push(14.0 + wide);
        let noise = |a: f64| (a * 7919.0).sin() * 0.1;
        let field = |[x, y]: [f64; 2]| [1.0 + noise(x + 3.0 * y), noise(2.0 * x - 5.0 * y)];
        write(&folder.path().join("wide.npz"), ["x", "y"], &x, &y, &field);
        let arguments = ["decompose", "wide.npz", "--boundary", "no-flux", "--quiet"];
        let found = report(folder.path(), &arguments);
        let gradient = share(&found, "gradient");
        assert!((0.9..1.05).contains(&gradient), "{wide}: {gradient}");
    }
}

#[test]
fn what_knows_no_metric_and_what_does_not_close_is_refused() {
    let folder = folder();
    let path = folder.path();
    let ones = |_: [f64; 2]| [1.0, 0.5];
    let longitudes = [0.0, 3.0, 5.0, 10.0, 12.0, 15.0, 20.0, 22.0];
    let latitudes: Vec<f64> = (0..9).map(|j| 10.0 * j as f64 - 40.0).collect();
    write(&path.join("part.npz"), ["lon", "lat"], &longitudes, &latitudes, &ones);
    refused(
        path,
        &["decompose", "part.npz", "--periodic", "x"],
        &["338 degrees", "the widest other step has 5", "leave --periodic out"],
    );
    let hints = [
        (&["--method", "spectral"][..], "--method staggered"),
        (&["--boundary", "periodic"], "leave --boundary out"),
    ];
    for (options, hint) in hints {
        refused(path, &[&["decompose", "part.npz"], options].concat(), &[hint]);
    }
    let mut npz = NpzWriter::new(File::create(path.join("torus.npz")).unwrap());
    for (name, value) in [("u", 1.0), ("v", 0.5), ("s", 2.0), ("d", 3.0)] {
        npz.add_array(name, &Array2::from_elem((6, 7), value)).unwrap();
    }
    npz.finish().unwrap();
    let arguments = ["decompose", "torus.npz", "--datasets", "u,v", "--periodic", "x,y"];
    let given = [&arguments[..], &["--metric-datasets", "s,s,d,d"]].concat();
    assert_eq!(report(path, &given)["metric"], "given");
    refused(path, &[&given[..], &["--method", "spectral"]].concat(), &["spectral", "staggered"]);
}

#[test]
fn results_on_a_sphere_are_read_as_such() {
    let folder = folder();
    let (longitudes, latitudes): (Vec<f64>, Vec<f64>) =
        ((0..24).map(|i| 15.0 * f64::from(i)).collect(), gaussian(12).into_iter().rev().collect());
    let field = |[l, p]: [f64; 2]| {
        [p.to_radians().cos() + (3.0 * l).to_radians().sin(), (2.0 * l).to_radians().cos()]
    };
    write(&folder.path().join("gauss.npz"), ["lon", "lat"], &longitudes, &latitudes, &field);
    let first = report(folder.path(), &["decompose", "gauss.npz", "-o", "gauss.h5"]);
    let again = report(folder.path(), &["decompose", "gauss.h5"]);
    assert_eq!((&first["metric"], &again["metric"]), (&"sphere".into(), &"sphere".into()));
    assert_eq!(first["share_of_input"], again["share_of_input"]);
}
