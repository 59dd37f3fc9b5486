//! Energy spectra in result files.

use crate::{folder, hodge};
use ndarray::{Array3, ArrayD};
use ndarray_npy::write_npy;
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
