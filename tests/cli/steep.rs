//! Cells so unlike that double precision ends, through the program.

use crate::{folder, hodge};
use ndarray::{Array1, Array2};
use ndarray_npy::NpzWriter;
use std::fs::File;
use std::path::Path;

fn is_land(j: usize, i: usize) -> bool {
    (20..27).contains(&j) && (15..22).contains(&i)
}

/// Noise between walls and an island, on cells whose widths along y fall evenly in the logarithm to `least`.
fn write_steep(path: &Path, least: f64) -> [Vec<f64>; 2] {
    let n = 48;
    let widths = |i: usize| least.powf(i as f64 / (n - 1) as f64);
    let edges: Vec<f64> = (0..=n).map(|i| -(i..n).map(widths).sum::<f64>()).collect();
    let mut seed = 7u64;
    let mut noise = || {
        seed = seed.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (seed >> 33) as f64 / (1u64 << 31) as f64 - 0.5
    };
    let mut npz = NpzWriter::new(File::create(path).unwrap());
    for name in ["u", "v"] {
        let value = |(j, i)| if is_land(j, i) { f64::NAN } else { noise() };
        npz.add_array(name, &Array2::from_shape_fn((n, n), value)).unwrap();
    }
    npz.add_array("x", &Array1::from_iter((0..=n).map(|i| i as f64))).unwrap();
    npz.add_array("y", &Array1::from(edges.clone())).unwrap();
    npz.finish().unwrap();
    let width = |edges: &[f64]| edges.windows(2).map(|e| e[1] - e[0]).collect();
    [vec![1.0; n], width(&edges)]
}

/// The largest net flux of a solenoidal part out of a cell, over the largest sum of |fluxes| of the input, as a reader
/// of the file finds it from the widths of the cells.
fn divergence(path: &Path, [x, y]: &[Vec<f64>; 2]) -> f64 {
    let file = hdf5::File::open(path).unwrap();
    let read = |part: &str, axis: &str| {
        let name = format!("faces/{part}_{axis}");
        let values = file.dataset(&name).unwrap().read_2d::<f64>().unwrap();
        values.mapv(|v| if v.is_finite() { v } else { 0.0 })
    };
    let whole =
        |axis: &str| read("gradient", axis) + read("solenoidal", axis) + read("harmonic", axis);
    let (all, part) = ([whole("x"), whole("y")], ["x", "y"].map(|axis| read("solenoidal", axis)));
    let (mut net, mut most) = (0.0f64, 0.0f64);
    for (j, height) in y.iter().enumerate() {
        for (i, width) in x.iter().enumerate().filter(|(i, _)| !is_land(j, *i)) {
            let of = |[u, v]: &[Array2<f64>; 2]| {
                [
                    u[[j, i]] * height,
                    u[[j, i + 1]] * height,
                    v[[j, i]] * width,
                    v[[j + 1, i]] * width,
                ]
            };
            let [west, east, south, north] = of(&part);
            net = net.max((east - west + north - south).abs());
            most = most.max(of(&all).iter().map(|flux| flux.abs()).sum());
        }
    }
    net / most
}

/// Beyond what double precision resolves a run says so: it holds 1e-12, or its exit code is 1.
#[test]
fn steep_spacings_under_a_mask_hold_or_exit_1() {
    let folder = folder();
    for (least, codes) in [(1e-3, &[0][..]), (1e-6, &[0, 1])] {
        let path = folder.path().join("steep.npz");
        let widths = write_steep(&path, least);
        for boundary in ["no-flux", "zero-potential", "normal-parallel"] {
            let options = ["--mask", "nan", "--boundary", boundary, "--faces", "--overwrite"];
            let arguments = [&["decompose", "steep.npz", "-o", "steep.h5"], &options[..]].concat();
            let outcome = hodge(folder.path(), &arguments);
            assert!(codes.contains(&outcome.code), "{least} {boundary}: {}", outcome.err);
            let found = divergence(&folder.path().join("steep.h5"), &widths);
            let told = outcome.code == 1 && outcome.err.contains("claim");
            assert!(found <= 1e-12 || told, "{least} {boundary}: {found:e}, {}", outcome.err);
        }
    }
}
