//! Scores of given Jacobians and of sampled fields, and what is written of every point.

use super::commands::{hodge, json, refused};
use super::scores::{compare, data, reference};
use ndarray::{Array2, Array3, Array4};
use serde_json::Value;
use std::f64::consts::{PI, TAU};
use tempfile::TempDir;

#[test]
fn given_jacobians_score_as_numpy_finds() {
    let reference = reference();
    for name in ["jacobians-2", "jacobians-3", "jacobians-7"] {
        let file = data(&format!("{name}.npy"));
        for (prefix, kind) in [("jacobians-autoencoder", "reconstruction"), ("jacobians", "output")]
        {
            let found = json(&["conservativeness", &format!("{prefix}:{}", file.display())]);
            compare(&found, &reference[name][kind], &format!("{name}/{kind}"));
        }
    }
}

#[test]
fn what_are_no_jacobians_is_refused_and_bare_ones_are_told_from_fields() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("j.npy");
    let text = path.to_str().unwrap();
    let source = format!("jacobians:{text}");
    ndarray_npy::write_npy(&path, &Array3::<f64>::zeros((4, 2, 3))).unwrap();
    refused(&["conservativeness", &source], "expected (points, D, D)");
    ndarray_npy::write_npy(&path, &Array2::<f64>::zeros((4, 4))).unwrap();
    refused(&["conservativeness", &source], "expected (points, D, D)");
    let mut values = Array3::<f64>::zeros((5, 3, 3));
    ndarray_npy::write_npy(&path, &values).unwrap();
    refused(&["conservativeness", text], "jacobians-autoencoder:FILE");
    refused(&["conservativeness", &source, "--points", text], "--points is for networks");
    values[[2, 0, 1]] = f64::NAN;
    ndarray_npy::write_npy(&path, &values).unwrap();
    refused(&["conservativeness", &source], "entry (0, 1) of Jacobian 2 is NaN");
}

/// v = (y², −x) on a grid: J = ((0, 2y), (−1, 0)) at every point, exactly by central differences. Under the density
/// 1 + y the mean of the squared curl (1 + 2y)² is weighted.
#[test]
fn sampled_fields_are_scored_point_by_point_and_under_their_density() {
    let folder = TempDir::new().unwrap();
    let (nx, ny, h) = (9, 12, 0.25);
    let y = |j: usize| 0.5 + h * j as f64;
    let field = Array3::from_shape_fn((2, ny, nx), |(k, j, i)| match k {
        0 => y(j) * y(j),
        _ => -(h * i as f64),
    });
    let path = folder.path().join("field.npz");
    let mut file = ndarray_npy::NpzWriter::new(std::fs::File::create(&path).unwrap());
    file.add_array("v", &field).unwrap();
    let density = |(j, _): (usize, usize)| (-y(j)).exp();
    file.add_array("p", &Array2::from_shape_fn((ny, nx), density)).unwrap();
    file.finish().unwrap();
    let path = path.to_str().unwrap();
    let measure = ["conservativeness", path, "--datasets", "v", "--spacing", "0.25"];
    let inside: Vec<f64> = (1..ny - 1).map(y).collect();
    let nasym = |y: &f64| 0.5 * (1.0 + 2.0 * y).powi(2) / (1.0 + 4.0 * y * y);
    for (options, weights) in [
        (&[][..], inside.iter().map(|_| 1.0).collect::<Vec<f64>>()),
        (&["--density", "p"], inside.iter().map(|y| (-y).exp()).collect()),
    ] {
        let found = json(&[&measure[..], options].concat());
        let mean = |f: &dyn Fn(&f64) -> f64| {
            let sum: f64 = inside.iter().zip(&weights).map(|(y, w)| w * f(y)).sum();
            sum / weights.iter().sum::<f64>()
        };
        let squared = mean(&|y| (1.0 + 2.0 * y).powi(2));
        for (key, wanted) in [
            ("nasym", mean(&nasym)),
            ("sym_field", 1.0 - mean(&nasym)),
            ("sym_map", 1.0 - mean(&nasym)),
            ("curl_rms", squared.sqrt()),
            ("points", ((nx - 2) * (ny - 2)) as f64),
        ] {
            let found = found[key].as_f64().unwrap();
            assert!(
                (found - wanted).abs() < 1e-12 * wanted.max(1.0),
                "{options:?} {key}: {found}, {wanted}"
            );
        }
        assert_eq!(found["betti"], serde_json::json!([1, 0, 0]));
        assert!(found["circulations"].is_null(), "there is nothing to circulate around");
    }
}

/// Around its hole (−y, x)/r² has the circulation 2π and no curl: symmetric, not conservative. A gradient has none.
#[test]
fn symmetric_around_a_hole_is_not_called_conservative() {
    let turning = json(&["conservativeness", "analytic:H2", "--n", "64"]);
    assert!(turning["sym_field"].as_f64().unwrap() > 0.999, "{turning}");
    assert_eq!(turning["betti"], serde_json::json!([1, 1, 0]));
    assert_eq!(turning["circulates"], true);
    let around = turning["circulations"][0]["circulation"].as_f64().unwrap();
    assert!((around - TAU).abs() < 5e-3, "{around}");
    let words = turning["topology_in_words"].as_str().unwrap();
    assert!(words.contains("symmetric is not conservative"), "{words}");
    let printed = hodge(&["conservativeness", "analytic:H2", "--n", "32"]).success();
    let text = String::from_utf8(printed.get_output().stdout.clone()).unwrap();
    assert!(text.contains("Betti numbers      1, 1, 0") && text.contains(words), "{text}");

    // On a torus a constant field is symmetric and has circulations along both axes; sin is a gradient.
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("torus.npy");
    let text = path.to_str().unwrap();
    let torus = |constant: f64| {
        let wave = |i: usize| (TAU * i as f64 / 16.0).sin();
        let field = Array3::from_shape_fn((2, 16, 16), |(k, j, i)| match k {
            0 => constant + wave(i),
            _ => wave(j),
        });
        ndarray_npy::write_npy(&path, &field).unwrap();
        json(&["conservativeness", text, "--periodic", "x,y", "--spacing", "0.125"])
    };
    let (with, without) = (torus(1.0), torus(0.0));
    assert_eq!((&with["circulates"], &without["circulates"]), (&true.into(), &false.into()));
    let along = |of: &Value| {
        of["circulations"]
            .as_array()
            .unwrap()
            .iter()
            .map(|c| c["circulation"].as_f64().unwrap().abs())
            .fold(0.0, f64::max)
    };
    assert!((along(&with) - 2.0).abs() < 1e-12 && along(&without) < 1e-12, "{with}");
    for found in [&with, &without] {
        assert!(found["nasym"].as_f64().unwrap() < 1e-15);
    }

    // A gradient on the same mask: nothing circulates.
    let path = folder.path().join("masked.npz");
    let mut file = ndarray_npy::NpzWriter::new(std::fs::File::create(&path).unwrap());
    let at = |i: usize| (i as f64 + 0.5) / 24.0;
    let gradient = Array3::from_shape_fn((2, 24, 24), |(k, j, i)| match k {
        0 => PI * (PI * at(i)).cos() * at(j),
        _ => (PI * at(i)).sin(),
    });
    file.add_array("v", &gradient).unwrap();
    let hole = |(j, i): (usize, usize)| {
        f64::from(u8::from(!(9..15).contains(&i) || !(9..15).contains(&j)))
    };
    file.add_array("mask", &Array2::from_shape_fn((24, 24), hole)).unwrap();
    file.finish().unwrap();
    let found = json(&[
        "conservativeness",
        path.to_str().unwrap(),
        "--datasets",
        "v",
        "--mask",
        "mask",
        "--spacing",
        "0.0416666666666666667",
    ]);
    assert_eq!((&found["circulates"], &found["betti"][1]), (&false.into(), &1.into()), "{found}");
}

#[test]
fn every_point_is_written() {
    let folder = TempDir::new().unwrap();
    let output = folder.path().join("scores.h5");
    let output = output.to_str().unwrap();
    let file = data("jacobians-3.npy");
    let source = format!("jacobians:{}", file.display());
    hodge(&["conservativeness", &source, "-o", output]).success();
    refused(&["conservativeness", &source, "-o", output], "--overwrite");
    let jacobians: Array3<f64> = ndarray_npy::read_npy(&file).unwrap();
    let points = folder.path().join("points.csv");
    std::fs::write(&points, "0.1,0.2\n-0.3,0.4\n0.5,-0.6\n").unwrap();
    let both = folder.path().join("both.h5");
    let network = format!("autoencoder:{}", data("torch.safetensors").display());
    let grid = ["--domain=-1,1,-1,1", "--n", "8,6", "--mask", "disc:0.9"];
    let at = [
        "conservativeness",
        &network,
        "--points",
        points.to_str().unwrap(),
        "-o",
        both.to_str().unwrap(),
    ];
    let found = json(&[&at[..], &grid[..]].concat());

    let _alone = crate::alone();
    let written = hdf5::File::open(output).unwrap();
    let read =
        |file: &hdf5::File, name: &str| file.dataset(name).unwrap().read_raw::<f64>().unwrap();
    for (i, j) in jacobians.outer_iter().enumerate() {
        let asym: f64 = j.indexed_iter().map(|((a, b), v)| (v - j[[b, a]]).powi(2)).sum();
        let whole: f64 = j.iter().map(|v| v * v).sum();
        let nasym = if whole > 0.0 { 0.25 * asym / whole } else { 0.0 };
        assert!((read(&written, "points/sym_map")[i] - (1.0 - nasym)).abs() < 1e-14, "{i}");
        assert!((read(&written, "points/curl")[i] - (0.5 * asym).sqrt()).abs() < 1e-14);
        assert!((read(&written, "points/divergence")[i] - j.diag().sum()).abs() < 1e-14);
    }
    let written = hdf5::File::open(&both).unwrap();
    assert_eq!(read(&written, "points/y"), [0.2, 0.4, -0.6]);
    let curl = read(&written, "fields/grid/curl");
    let inside: Vec<f64> = curl.iter().copied().filter(|v| v.is_finite()).collect();
    assert_eq!((curl.len(), inside.len() as u64), (48, found["grid"]["points"].as_u64().unwrap()));
    let rms = (inside.iter().map(|c| c * c).sum::<f64>() / inside.len() as f64).sqrt();
    assert!((rms - found["grid"]["curl_rms"].as_f64().unwrap()).abs() < 1e-14);
}

/// Of a field of three components in space, and the fields of a series one after the other.
#[test]
fn series_and_space() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("series.npy");
    // Field s is (−s y, x): J = ((0, −s), (1, 0)).
    let field = Array4::from_shape_fn((3, 2, 5, 6), |(s, k, j, i)| match k {
        0 => -(s as f64 * j as f64),
        _ => i as f64,
    });
    ndarray_npy::write_npy(&path, &field).unwrap();
    let arguments = [
        "conservativeness",
        path.to_str().unwrap(),
        "--spacing",
        "1",
        "--axes",
        "t,c,y,x",
        "--format",
        "json",
    ];
    let printed = hodge(&arguments).success();
    let printed = String::from_utf8(printed.get_output().stdout.clone()).unwrap();
    let found: Vec<f64> = printed
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap()["nasym"].as_f64().unwrap())
        .collect();
    let wanted = [0, 1, 2].map(|s| 0.5 * f64::from(1 + s).powi(2) / f64::from(1 + s * s));
    assert_eq!(found.len(), 3);
    assert!(found.iter().zip(wanted).all(|(a, b)| (a - b).abs() < 1e-14), "{found:?}");
    let space = json(&["conservativeness", "analytic:B6", "--n", "12"]);
    assert_eq!((space["dimension"].as_u64(), space["points"].as_u64()), (Some(3), Some(1000)));
}
