//! Spectra in result files.

use crate::{folder, hodge, refused, write_npz};
use ndarray::{Array2, Array3, ArrayD};
use ndarray_npy::{NpzWriter, write_npy};
use std::f64::consts::TAU;
use std::path::Path;

const CELLS: [usize; 2] = [18, 15];

/// Waves along x and y with spacing 1, so that a wave of y counts 1.2 of those of x.
fn waves() -> Array3<f64> {
    let [nx, ny] = CELLS;
    Array3::from_shape_fn((2, ny, nx), |(c, j, i)| {
        let (x, y) = (TAU * i as f64 / nx as f64, TAU * j as f64 / ny as f64);
        match c {
            0 => 0.25 + 1.5 * (2.0 * x).cos() + 0.4 * (3.0 * y).sin(),
            _ => -0.5 + 0.7 * (3.0 * x).cos() + 0.2 * (5.0 * y + 1.0).sin(),
        }
    })
}

/// Half the square of every amplitude and the squares of the means, by part, component and shell.
const EXPECTED: [(&str, usize, usize, f64); 6] = [
    ("gradient", 0, 2, 1.125),
    ("gradient", 1, 6, 0.02),
    ("solenoidal", 0, 4, 0.08),
    ("solenoidal", 1, 3, 0.245),
    ("harmonic", 0, 0, 0.0625),
    ("harmonic", 1, 0, 0.25),
];

/// The dataset of a result file, and the bytes of one number in it.
fn read(path: &Path, name: &str) -> (ArrayD<f64>, usize) {
    let file = hdf5::File::open(path).unwrap();
    let dataset = file.dataset(&format!("spectrum/{name}")).unwrap();
    (dataset.read_dyn::<f64>().unwrap(), dataset.dtype().unwrap().size())
}

#[test]
fn spectra_are_stored_in_both_precisions() {
    let folder = folder();
    let path = folder.path();
    write_npy(path.join("flow.npy"), &waves()).unwrap();
    let begin = ["decompose", "flow.npy", "--periodic", "x,y", "--spectra"];
    for method in ["spectral", "staggered"] {
        for (precision, bytes, tolerance) in [("f64", 8, 1e-13), ("f32", 4, 2e-7)] {
            let name = format!("{method}-{precision}.h5");
            let rest = ["--method", method, "--precision", precision, "-o", &name];
            let outcome = hodge(path, &[&begin[..], &rest].concat());
            assert_eq!(outcome.code, 0, "{}", outcome.err);
            let (wavenumbers, _) = read(&path.join(&name), "wavenumber");
            for (m, wavenumber) in wavenumbers.iter().enumerate() {
                assert!((wavenumber - m as f64 * TAU / 18.0).abs() < 1e-6, "{wavenumbers}");
            }
            for part in ["gradient", "solenoidal", "harmonic"] {
                let (energy, size) = read(&path.join(&name), part);
                assert_eq!((energy.shape(), size), (&[2, wavenumbers.len()][..], bytes), "{name}");
                let mut expected = ArrayD::zeros(energy.shape());
                let of_part = EXPECTED.iter().filter(|(of, ..)| *of == part);
                of_part.for_each(|&(_, c, m, value)| expected[[c, m]] = value);
                if method == "staggered" {
                    expected = averaged(expected);
                }
                let off = (&energy - &expected).iter().fold(0.0f64, |m, d| m.max(d.abs()));
                assert!(off < tolerance, "{name}: {part} is off by {off:e}");
                // All of the curl is in the wave of the solenoidal part across its component, 3 of x and 3 of y.
                let (enstrophy, _) = read(&path.join(&name), &format!("{part}_enstrophy"));
                let (of_y, of_x) = (TAU * 3.0 / 15.0, TAU * 3.0 / 18.0);
                for (m, found) in enstrophy.iter().enumerate() {
                    let expected = match (part, m) {
                        ("solenoidal", 3) => 0.245 * of_x * of_x,
                        ("solenoidal", 4) => 0.08 * of_y * of_y,
                        _ => 0.0,
                    };
                    assert!((found - expected).abs() < tolerance, "{name}, {part}: {enstrophy}");
                }
            }
        }
    }
}

/// What is left after four points to the faces and back: ((9 cos a − cos 3a)/8)², a = k h/2, of a wave that runs
/// along its own component, for which the energy loses the square. Waves across their component lose nothing.
fn averaged(mut energy: ArrayD<f64>) -> ArrayD<f64> {
    let factor = |waves: f64, cells: f64| {
        let a = TAU * waves / (2.0 * cells);
        ((9.0 * a.cos() - (3.0 * a).cos()) / 8.0).powi(4)
    };
    energy[[0, 2]] *= factor(2.0, 18.0);
    energy[[1, 6]] *= factor(5.0, 15.0);
    energy
}

/// √ρ·v of ρ = (2 + cos x)² and v = (1, sin y)/(2 + cos x), by hand: (1, sin y), half of it a gradient.
#[test]
fn the_root_of_a_density_multiplies_the_field() {
    let folder = folder();
    let path = folder.path();
    let n = 16;
    let at = |i: usize| TAU * i as f64 / n as f64;
    let root = |i: usize| 2.0 + at(i).cos();
    let of = |f: fn(f64, f64) -> f64| Array2::from_shape_fn((n, n), |(j, i)| f(root(i), at(j)));
    let arrays = [
        ("u", of(|root, _| 1.0 / root)),
        ("v", of(|root, y| y.sin() / root)),
        ("rho", of(|root, _| root * root)),
        ("negative", of(|root, _| root - 2.0)),
    ];
    write_npz(&path.join("flow.npz"), &arrays);
    let run = [
        "decompose",
        "flow.npz",
        "--datasets",
        "u,v",
        "--periodic",
        "x,y",
        "--spacing",
        "0.39269908169872414",
    ];
    let with = |more: &[&'static str]| [&run[..], more].concat();
    let spectra = with(&["--times-root", "rho", "--spectra", "-o", "r.h5", "--format", "json"]);
    let outcome = hodge(path, &spectra);
    assert_eq!(outcome.code, 0, "{}", outcome.err);
    assert!(outcome.out.contains("square root of `rho`"), "{}", outcome.out);
    for (part, expected) in
        [("gradient", [0.0, 0.5]), ("harmonic", [1.0, 0.0]), ("solenoidal", [0.0, 0.0])]
    {
        let (energy, _) = read(&path.join("r.h5"), part);
        for (m, expected) in expected.iter().enumerate() {
            let found: f64 = energy.index_axis(ndarray::Axis(1), m).sum();
            assert!((found - expected).abs() < 1e-13, "{part}: {energy}");
        }
    }
    refused(path, &with(&["--times-root", "negative"]), &["negative", "--times-root"]);
    refused(path, &with(&["--times-root", "none"]), &["none"]);
    refused(
        path,
        &["operators", "flow.npz", "--datasets", "u,v", "--times-root", "rho", "-o", "o.npz"],
        &["--times-root"],
    );
    refused(path, &["decompose", "analytic:P1", "--times-root", "rho"], &["--times-root"]);
}

/// Two densities for three fields were once paired with the last for the third.
#[test]
fn densities_are_one_or_as_many_as_fields() {
    let folder = folder();
    let path = folder.path();
    let of = |steps: usize| {
        Array3::from_shape_fn((steps, 6, 5), |(t, j, i)| 1.0 + (t + 2 * j + i * i) as f64)
    };
    let mut npz = NpzWriter::new(std::fs::File::create(path.join("many.npz")).unwrap());
    for (name, steps) in [("u", 3), ("v", 3), ("p", 2)] {
        npz.add_array(name, &of(steps)).unwrap();
    }
    npz.finish().unwrap();
    for option in ["--times-root", "--density"] {
        let run = ["decompose", "many.npz", "--datasets", "u,v", "--axes", "t,y,x", option, "p"];
        refused(path, &run, &["p", "2", "3"]);
    }
}
