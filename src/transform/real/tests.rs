//! Tests of the real transforms against their definitions.

use super::*;
use crate::transform::eigenvalues;

const BASES: [Basis; 5] =
    [Basis::Fourier, Basis::CosineCells, Basis::SineCells, Basis::SineFaces, Basis::CosineFaces];

fn sample(len: usize) -> Vec<f64> {
    let mut state = 88172645463325252_u64;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state as f64 / u64::MAX as f64 - 0.5
    };
    (0..len).map(|_| next()).collect()
}

/// One lane along `axis` after the other, each as an array of one dimension.
fn by_lanes<const D: usize>(shape: [usize; D], bases: [Basis; D], values: &mut [f64]) {
    for axis in 0..D {
        let stride: usize = shape[..axis].iter().product();
        let n = shape[axis];
        let transform = RealTransform::new([n], [bases[axis]]);
        for start in (0..values.len()).filter(|i| (i / stride).is_multiple_of(n)) {
            let mut lane: Vec<f64> = (0..n).map(|j| values[start + j * stride]).collect();
            transform.forward(&mut lane);
            lane.iter().enumerate().for_each(|(j, v)| values[start + j * stride] = *v);
        }
    }
}

fn worst(a: &[f64], b: &[f64]) -> f64 {
    let size = b.iter().fold(0.0, |m: f64, v| m.max(v.abs()));
    a.iter().zip(b).fold(0.0, |m: f64, (a, b)| m.max((a - b).abs())) / size
}

fn agrees<const D: usize>(shape: [usize; D], bases: [Basis; D]) {
    let values = sample(shape.iter().product());
    let transform = RealTransform::new(shape, bases);
    let (mut got, mut expected) = (values.clone(), values.clone());
    transform.forward(&mut got);
    by_lanes(shape, bases, &mut expected);
    assert!(worst(&got, &expected) <= 1e-13, "{shape:?} {bases:?}");
    transform.inverse(&mut got);
    assert!(worst(&got, &values) <= 1e-13, "{shape:?} {bases:?} back");
}

#[test]
fn the_axes_of_an_array_are_transformed_one_by_one() {
    for (i, shape) in [[1, 1], [1, 7], [6, 1], [5, 4], [17, 2], [33, 31], [64, 37], [130, 9]]
        .into_iter()
        .enumerate()
    {
        for b in 0..5 {
            agrees(shape, [BASES[b], BASES[(b + i) % 5]]);
        }
    }
    for (i, shape) in [[1, 1, 1], [3, 1, 5], [4, 5, 6], [7, 3, 2], [35, 6, 13], [8, 16, 12]]
        .into_iter()
        .enumerate()
    {
        for b in 0..5 {
            agrees(shape, [BASES[b], BASES[(b + i) % 5], BASES[(b + 2 * i + 1) % 5]]);
        }
    }
}

#[test]
fn a_multiplier_meets_the_coefficient_of_its_index() {
    let (shape, bases) = ([9, 4, 11], [Basis::Fourier, Basis::CosineCells, Basis::SineFaces]);
    let transform = RealTransform::new(shape, bases);
    let multiplier = |[x, y, z]: [usize; 3]| 1.0 + x as f64 + 10.0 * y as f64 + 100.0 * z as f64;
    let mut got = sample(9 * 4 * 11);
    let mut expected = got.clone();
    transform.apply(&mut got, multiplier);
    transform.forward(&mut expected);
    for (i, v) in expected.iter_mut().enumerate() {
        *v *= multiplier([i % 9, i / 9 % 4, i / 36]);
    }
    transform.inverse(&mut expected);
    assert!(worst(&got, &expected) <= 1e-13);
}

#[test]
fn a_poisson_equation_is_solved_up_to_the_mean() {
    let (shape, bases) = ([12, 7, 5], [Basis::CosineCells, Basis::Fourier, Basis::CosineFaces]);
    let table: [Vec<f64>; 3] =
        std::array::from_fn(|k| eigenvalues(bases[k], shape[k], 0.2 + k as f64));
    let transform = RealTransform::new(shape, bases);
    let values = sample(shape.iter().product());
    let mut solution = values.clone();
    transform.solve(&mut solution, [&table[0], &table[1], &table[2]]);
    transform.apply(&mut solution, |[x, y, z]| table[0][x] + table[1][y] + table[2][z]);
    let mut without_constant = values.clone();
    transform.apply(&mut without_constant, |index| if index == [0; 3] { 0.0 } else { 1.0 });
    assert!(worst(&solution, &without_constant) <= 1e-13);
    assert!(worst(&solution, &values) > 1e-3);
}

#[test]
#[should_panic(expected = "5 values were given for the shape [2, 3]")]
fn a_wrong_number_of_values_is_refused() {
    RealTransform::new([2, 3], [Basis::Fourier; 2]).forward(&mut [0.0; 5]);
}
