//! Tests of the fused projection against the plain one.

use super::*;
use crate::transform::Fourier;
use num_complex::Complex64;

fn sample(len: usize, seed: u64) -> Vec<f64> {
    let mut state = 88172645463325252_u64 ^ (seed << 32);
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state as f64 / u64::MAX as f64 - 0.3
    };
    (0..len).map(|_| next()).collect()
}

fn index<const D: usize>(shape: [usize; D], mut i: usize) -> [usize; D] {
    shape.map(|n| {
        let at = i % n;
        i /= n;
        at
    })
}

/// Gradient and null part by their definitions, and the potential.
struct Plain<const D: usize> {
    gradient: [Vec<f64>; D],
    null: [Vec<f64>; D],
    potential: Vec<f64>,
}

fn plain<const D: usize>(shape: [usize; D], spacing: [f64; D], input: &[Vec<f64>; D]) -> Plain<D> {
    let fourier = Fourier::new(shape);
    let k: [Vec<f64>; D] = std::array::from_fn(|a| wavenumbers(shape[a], spacing[a]));
    let spectra: [Vec<Complex64>; D] = std::array::from_fn(|c| fourier.forward(&input[c]));
    let at = |i: usize| {
        let index = index(fourier.spectrum_shape(), i);
        let k: [f64; D] = std::array::from_fn(|a| k[a][index[a]]);
        (k, k.iter().map(|k| k * k).sum::<f64>())
    };
    let projected = |i: usize| {
        let (k, square) = at(i);
        let dot: Complex64 = (0..D).map(|a| spectra[a][i] * k[a]).sum();
        if square == 0.0 { Complex64::ZERO } else { dot / square }
    };
    let inverse =
        |f: &dyn Fn(usize) -> Complex64| fourier.inverse((0..spectra[0].len()).map(f).collect());
    Plain {
        gradient: std::array::from_fn(|c| inverse(&|i| projected(i) * at(i).0[c])),
        null: std::array::from_fn(|c| {
            inverse(&|i| if at(i).1 == 0.0 { spectra[c][i] } else { Complex64::ZERO })
        }),
        potential: inverse(&|i| projected(i) * -Complex64::I),
    }
}

fn far(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).fold(0.0, |m, (a, b)| f64::max(m, (a - b).abs()))
}

fn as_slices<const D: usize>(arrays: &mut [Vec<f64>; D]) -> [&mut [f64]; D] {
    arrays.each_mut().map(|a| &mut a[..])
}

fn agrees<const D: usize>(shape: [usize; D]) {
    let spacing = std::array::from_fn(|a| [0.7, 0.25, 1.3][a]);
    let len: usize = shape.iter().product();
    let input: [Vec<f64>; D] = std::array::from_fn(|c| sample(len, c as u64));
    let zeros = || std::array::from_fn(|_| vec![f64::NAN; len]);
    let (mut gradient, mut solenoidal): ([Vec<f64>; D], [Vec<f64>; D]) = (zeros(), zeros());
    let mut potential = vec![f64::NAN; len];
    let leray = LerayProjection::new(shape, spacing);
    let values = || input.each_ref().map(|a| &a[..]);
    let null = leray.project_with_potential(
        values(),
        as_slices(&mut gradient),
        as_slices(&mut solenoidal),
        &mut potential,
    );
    let expected = plain(shape, spacing, &input);
    assert!(far(&potential, &expected.potential) <= 1e-13, "{shape:?} potential");
    let mut dot = 0.0;
    for c in 0..D {
        assert!(far(&gradient[c], &expected.gradient[c]) <= 1e-13, "{shape:?} gradient {c}");
        let mut written = vec![f64::NAN; len];
        null.write(c, &mut written);
        assert!(far(&written, &expected.null[c]) <= 1e-13, "{shape:?} null {c}");
        let value = |i| null.value(c, index(shape, i));
        assert!((0..len).all(|i| value(i) == written[i]), "{shape:?} null {c}");
        let square = written.iter().map(|v| v * v).sum::<f64>() / len as f64;
        // the plain sum rounds at every term
        assert!((null.mean_square(c) - square).abs() <= 1e-13 + 1e-17 * len as f64);
        let sum = |i: usize| gradient[c][i] + solenoidal[c][i] + written[i];
        assert!((0..len).all(|i| (sum(i) - input[c][i]).abs() <= 1e-15), "{shape:?} sum {c}");
        dot += gradient[c].iter().zip(&solenoidal[c]).map(|(g, s)| g * s).sum::<f64>();
    }
    assert!(dot.abs() <= 1e-14 * len as f64, "{shape:?} {dot}");
    let (mut again, mut rest) = (zeros(), zeros());
    let same = leray.project(values(), as_slices(&mut again), as_slices(&mut rest));
    assert!(same == null && again == gradient && rest == solenoidal, "{shape:?} without potential");
}

#[test]
fn the_sweeps_agree_with_the_plain_projection_in_two_dimensions() {
    let shapes = [
        [1, 1],
        [1, 2],
        [2, 1],
        [2, 2],
        [1, 7],
        [7, 1],
        [3, 4],
        [4, 3],
        [5, 5],
        [8, 8],
        [16, 9],
        [13, 34],
        [64, 31],
        [37, 70],
        [128, 96],
        [33_000, 15],
    ];
    shapes.into_iter().for_each(agrees);
}

#[test]
fn the_sweeps_agree_with_the_plain_projection_in_three_dimensions() {
    let shapes = [
        [1, 1, 1],
        [2, 2, 2],
        [1, 3, 2],
        [2, 1, 3],
        [3, 2, 1],
        [4, 4, 4],
        [5, 5, 5],
        [3, 4, 5],
        [6, 5, 4],
        [8, 16, 12],
        [7, 11, 13],
        [17, 9, 30],
        [32, 6, 33],
        [31, 33, 8],
        [1, 1, 9],
        [1, 12, 1],
        [10, 1, 1],
    ];
    shapes.into_iter().for_each(agrees);
}

/// Arrays that are written by non-temporal stores.
#[test]
fn large_arrays_agree_with_the_plain_projection() {
    agrees([2000, 2112]);
    agrees([160, 162, 165]);
}

/// What a call leaves in the plan fits the next one, whatever its threads.
#[test]
fn calls_of_different_thread_pools_agree() {
    let (shape, len) = ([130, 40], 130 * 40);
    let input: [Vec<f64>; 2] = std::array::from_fn(|c| sample(len, c as u64));
    let leray = LerayProjection::new(shape, [1.0; 2]);
    let results = [4, 1, 3, 2].map(|threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let mut parts: [Vec<f64>; 4] = std::array::from_fn(|_| vec![f64::NAN; len]);
        let [gx, gy, sx, sy] = as_slices(&mut parts);
        let input = input.each_ref().map(|a| &a[..]);
        pool.install(|| leray.project(input, [gx, gy], [sx, sy]));
        parts
    });
    assert!(results.iter().all(|parts| *parts == results[0]));
}

/// Both precisions see the same field; single precision differs by its rounding.
fn single_agrees<const D: usize>(shape: [usize; D]) {
    let spacing = std::array::from_fn(|a| [0.7, 0.25, 1.3][a]);
    let len: usize = shape.iter().product();
    let single: [Vec<f32>; D] =
        std::array::from_fn(|c| sample(len, c as u64).into_iter().map(|v| v as f32).collect());
    let double = single.each_ref().map(|a| a.iter().map(|v| f64::from(*v)).collect::<Vec<_>>());
    let expected = plain(shape, spacing, &double);
    let nans = || std::array::from_fn::<_, D, _>(|_| vec![f32::NAN; len]);
    let (mut gradient, mut solenoidal) = (nans(), nans());
    let mut potential = vec![f32::NAN; len];
    let null = LerayProjection::<D, f32>::new(shape, spacing).project_with_potential(
        single.each_ref().map(|a| &a[..]),
        gradient.each_mut().map(|a| &mut a[..]),
        solenoidal.each_mut().map(|a| &mut a[..]),
        &mut potential,
    );
    let wide = |a: &[f32]| a.iter().map(|v| f64::from(*v)).collect::<Vec<_>>();
    assert!(far(&wide(&potential), &expected.potential) <= 2e-6, "{shape:?} potential");
    for c in 0..D {
        assert!(far(&wide(&gradient[c]), &expected.gradient[c]) <= 2e-6, "{shape:?} gradient {c}");
        let mut written = vec![f32::NAN; len];
        null.write(c, &mut written);
        assert!(far(&wide(&written), &expected.null[c]) <= 2e-6, "{shape:?} null {c}");
        for i in 0..len {
            let sum = gradient[c][i] + solenoidal[c][i] + written[i];
            assert!((sum - single[c][i]).abs() <= 1e-6, "{shape:?} sum {c}");
        }
    }
}

#[test]
fn single_precision_agrees_to_its_rounding() {
    [[1, 1], [7, 1], [5, 5], [16, 9], [37, 70], [128, 96]].into_iter().for_each(single_agrees);
    [[1, 1, 9], [3, 4, 5], [17, 9, 30], [32, 6, 33]].into_iter().for_each(single_agrees);
}

/// A field that is alternating along every axis has no derivative the grid could hold.
#[test]
fn an_alternating_field_is_a_null_mode() {
    let shape = [4, 6, 2];
    let sign = |i: usize| if index(shape, i).iter().sum::<usize>() % 2 == 0 { 1.0 } else { -1.0 };
    let input: Vec<f64> = (0..48).map(|i| 2.0 * sign(i) + 0.5).collect();
    let mut parts: [Vec<f64>; 6] = std::array::from_fn(|_| vec![f64::NAN; 48]);
    let [gx, gy, gz, sx, sy, sz] = as_slices(&mut parts);
    let leray = LerayProjection::new(shape, [1.0; 3]);
    let null = leray.project([&input, &input, &input], [gx, gy, gz], [sx, sy, sz]);
    assert!(parts.iter().flatten().all(|v| v.abs() < 1e-15));
    assert_eq!(null.amplitudes(1), [0.5, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 2.0]);
}
