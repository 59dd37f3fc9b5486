//! The inverse Laplacian of the Fourier derivative.

use crate::common::{Random, sum_of_squares};
use hodge::field::ScalarField;
use hodge::grid::{Axis, Grid, Location, Topology, unravel};
use hodge::operator::{Calculus, Spectral};
use std::f64::consts::TAU;

fn grid<const D: usize>(cells: [usize; D]) -> Grid<D> {
    let lengths = [1.0, 0.7, 1.9];
    Grid::new(std::array::from_fn(|k| {
        Axis::over(-0.3, -0.3 + lengths[k], cells[k], Topology::Periodic)
    }))
    .unwrap()
}

fn error<const D: usize>(found: &ScalarField<D>, expected: &ScalarField<D>) -> f64 {
    let mut error = found.clone();
    error.add_scaled(-1.0, expected);
    error.max_abs() / expected.max_abs()
}

/// Waves with amplitude and phase, and |k|² times each.
fn waves<const D: usize>(cells: [usize; D], modes: &[([i32; D], f64)]) {
    let grid = grid(cells);
    let step: [f64; D] = std::array::from_fn(|k| TAU / grid.axes()[k].length());
    let sum = |x: [f64; D], laplacian: bool| -> f64 {
        let wave = |(i, (m, amplitude)): (usize, &([i32; D], f64))| {
            let k: [f64; D] = std::array::from_fn(|a| step[a] * f64::from(m[a]));
            let angle: f64 = (0..D).map(|a| k[a] * x[a]).sum::<f64>() + i as f64;
            let square = if laplacian { k.iter().map(|k| k * k).sum() } else { 1.0 };
            amplitude * square * angle.cos()
        };
        modes.iter().enumerate().map(wave).sum()
    };
    let sample = |laplacian| ScalarField::sample(grid, Location::CELL, |x| sum(x, laplacian));
    let mut source = sample(true);
    source.values_mut().iter_mut().for_each(|v| *v += 12.5);
    let found = Spectral::new(grid).inverse_laplacian(&source);
    let error = error(&found, &sample(false));
    assert!(error < 1e-13, "{cells:?}: {error:.1e}");
}

/// −∇·∇ of a wave is |k|² of it; a constant in the source is dropped.
#[test]
fn waves_are_divided_by_their_squares() {
    let plane = [([1, 0], 1.0), ([-2, 3], 0.4), ([4, 2], -0.8), ([0, -5], 0.3)];
    waves([12, 15], &plane);
    waves([9, 16], &plane);
    waves([11, 13], &plane);
    let space = [([1, 0, 0], 1.0), ([-2, 3, 1], 0.4), ([2, 1, -2], -0.8), ([0, -3, 2], 0.3)];
    waves([6, 8, 5], &space);
    waves([7, 9, 10], &space);
}

/// The wave (−1)^i along x has no derivative along x: only what it does along y counts.
#[test]
fn waves_at_the_limit_of_an_axis() {
    let grid = grid([8, 9]);
    let k = 2.0 * TAU / grid.axes()[1].length();
    let source = ScalarField::from_values(
        grid,
        Location::CELL,
        (0..grid.cells())
            .map(|cell| {
                let [i, _] = unravel(grid.shape(), cell);
                let [_, y] = grid.position(Location::CELL, unravel(grid.shape(), cell));
                let sign = if i % 2 == 0 { 1.0 } else { -1.0 };
                sign * ((k * y).sin() + 3.0)
            })
            .collect(),
    )
    .unwrap();
    let mut expected = source.clone();
    for (cell, value) in expected.values_mut().iter_mut().enumerate() {
        let sign = if unravel(grid.shape(), cell)[0] % 2 == 0 { 1.0 } else { -1.0 };
        *value = (*value - 3.0 * sign) / (k * k);
    }
    let error = error(&Spectral::new(grid).inverse_laplacian(&source), &expected);
    assert!(error < 1e-13, "{error:.1e}");
}

/// The operator gives back any source, but for the modes it does not see: on odd axes only the mean.
fn applied_back<const D: usize>(cells: [usize; D]) {
    let grid = grid(cells);
    let mut random = Random::new(3);
    let values: Vec<f64> = (0..grid.cells()).map(|_| random.next()).collect();
    let mean = values.iter().sum::<f64>() / grid.cells() as f64;
    let source = ScalarField::from_values(grid, Location::CELL, values).unwrap();
    let calculus = Spectral::new(grid);
    let potential = calculus.inverse_laplacian(&source);
    let mut left = calculus.divergence(&calculus.gradient(&potential));
    left.add_scaled(1.0, &source);
    left.values_mut().iter_mut().for_each(|v| *v -= mean);
    let norm = |f: &ScalarField<D>| sum_of_squares([f.values()].into_iter());
    assert!(norm(&left) < 1e-12 * norm(&source), "{cells:?}: {:.1e}", norm(&left) / norm(&source));
    let sum: f64 = potential.values().iter().sum();
    assert!(sum.abs() < 1e-13 * norm(&potential) * grid.cells() as f64);
}

#[test]
fn the_operator_gives_the_source_back() {
    applied_back([15, 21]);
    applied_back([1, 7]);
    applied_back([5, 9, 7]);
}
