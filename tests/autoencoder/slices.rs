//! Files of fields on a slice: where the slice lies, and the window around its points.

use crate::commands::{hodge, json};
use hodge::autoencoder::{Activation, Network, train::Initial};
use tempfile::TempDir;

const DIMENSIONS: usize = 6;

/// Far apart, so that ±1 around the first holds none of the others.
fn corners() -> [[f64; DIMENSIONS]; 4] {
    [
        [5.0, 0.0, 1.0, 0.0, -2.0, 0.5],
        [-4.0, 1.0, 0.0, 3.0, 0.0, 0.0],
        [1.0, 9.0, -1.0, 2.0, 0.0, 1.0],
        [0.0, 0.0, 7.0, -8.0, 1.0, 4.0],
    ]
}

fn check(axes: usize, way: &str, more: &[&str]) {
    let folder = TempDir::new().unwrap();
    let at = |name: &str| folder.path().join(name).to_str().unwrap().to_string();
    let glorot = Initial::Glorot { gain: 0.3 };
    let network =
        Network::random(DIMENSIONS, &[20], &[Activation::Tanh], false, glorot, 5).unwrap();
    network.write(at("net.safetensors")).unwrap();
    let line = |x: &[f64; DIMENSIONS]| x.map(|v| v.to_string()).join(",") + "\n";
    std::fs::write(at("points.csv"), corners().iter().map(line).collect::<String>()).unwrap();
    let source = format!("autoencoder:{}", at("net.safetensors"));
    let (points, output) = (at("points.csv"), at("slice.h5"));
    let all = [&["decompose", &source, way, &points, "-o", &output], more].concat();
    let report = json(&all);
    let said = report["notes"].to_string();
    assert!(said.contains("window ") && !said.contains("-1 to 1"), "{said}");

    let _alone = crate::alone();
    let file = hdf5::File::open(&output).unwrap();
    let group = file.group("fields/net").unwrap_or_else(|_| file.as_group().unwrap());
    let read = |name: &str| group.dataset(name).unwrap().read_raw::<f64>().unwrap();
    let (origin, directions) = (read("slice/origin"), read("slice/directions"));
    let directions: Vec<&[f64]> = directions.chunks(DIMENSIONS).collect();
    assert_eq!((origin.len(), directions.len()), (DIMENSIONS, axes));
    let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
    let scales: Vec<Vec<f64>> = ["x", "y", "z"][..axes].iter().map(|name| read(name)).collect();
    let laid_through = if way == "--slice" { axes + 1 } else { 4 };
    for corner in &corners()[..laid_through] {
        let offset: Vec<f64> = corner.iter().zip(&origin).map(|(a, b)| a - b).collect();
        let s: Vec<f64> = directions.iter().map(|e| dot(&offset, e)).collect();
        for (s, scale) in s.iter().zip(&scales) {
            assert!(scale[0] < *s && *s < scale[scale.len() - 1], "{s} in {scale:?}");
        }
        if way == "--slice" {
            let back = (0..DIMENSIONS)
                .map(|i| (0..axes).map(|k| s[k] * directions[k][i]).sum::<f64>() - offset[i]);
            assert!(back.map(f64::abs).fold(0.0, f64::max) < 1e-12, "a corner is in the slice");
        }
    }
    // The field of the file is that of the network at these places.
    let input = read("input");
    let cells: usize = scales.iter().map(Vec::len).product();
    for cell in [0, cells / 3, cells - 1] {
        let (mut rest, mut x) = (cell, origin.clone());
        for (k, scale) in scales.iter().enumerate() {
            let s = scale[rest % scale.len()];
            rest /= scale.len();
            x.iter_mut().zip(directions[k]).for_each(|(x, e)| *x += s * e);
        }
        let v = network.field(&x);
        for (k, e) in directions.iter().enumerate() {
            assert!((input[k * cells + cell] - dot(&v, e)).abs() < 1e-12);
        }
    }
}

#[test]
fn a_plane_through_three_points_says_where_it_lies() {
    check(2, "--slice", &["--n", "9"]);
}

#[test]
fn a_plane_along_principal_directions_says_where_it_lies() {
    check(2, "--principal", &["--n", "8,7"]);
}

#[test]
fn a_space_through_four_points_says_where_it_lies() {
    check(3, "--slice", &["--n", "5,6,5"]);
}

#[test]
fn sampled_slices_say_so_too() {
    let folder = TempDir::new().unwrap();
    let at = |name: &str| folder.path().join(name).to_str().unwrap().to_string();
    let glorot = Initial::Glorot { gain: 0.3 };
    let network = Network::random(6, &[9], &[Activation::Sigmoid], false, glorot, 5).unwrap();
    network.write(at("net.safetensors")).unwrap();
    let line = |x: &[f64; DIMENSIONS]| x.map(|v| v.to_string()).join(",") + "\n";
    std::fs::write(at("points.csv"), corners().iter().map(line).collect::<String>()).unwrap();
    let source = format!("autoencoder:{}", at("net.safetensors"));
    let (points, output) = (at("points.csv"), at("sample.h5"));
    hodge(&["sample", &source, "--slice", &points, "--n", "6", "-o", &output]).success();
    let _alone = crate::alone();
    let file = hdf5::File::open(&output).unwrap();
    let group = file.group("fields/net").unwrap_or_else(|_| file.as_group().unwrap());
    assert_eq!(group.dataset("slice/directions").unwrap().shape(), [2, 6]);
}
