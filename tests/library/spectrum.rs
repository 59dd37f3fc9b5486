//! Energy in shells of wavenumber.

use crate::common::random_field;
use hodge::diagnostic::energy_spectrum;
use hodge::field::{Layout, VectorField};
use hodge::grid::{Axis, Domain, Grid, Topology};
use std::f64::consts::TAU;

fn grid<const D: usize>(cells: [usize; D], lengths: [f64; D]) -> Grid<D> {
    Grid::new(std::array::from_fn(|k| {
        Axis::over(0.2, 0.2 + lengths[k], cells[k], Topology::Periodic)
    }))
    .unwrap()
}

/// a·cos(k·x + 0.4) in component c has energy a²/2, all of it in one shell.
fn one_mode<const D: usize>(grid: Grid<D>, mode: [i32; D], shell: usize) {
    let step: [f64; D] = std::array::from_fn(|k| TAU / grid.axes()[k].length());
    for c in 0..D {
        let field = VectorField::sample(grid, Layout::Points, |x| {
            let angle: f64 = (0..D).map(|k| f64::from(mode[k]) * step[k] * x[k]).sum();
            std::array::from_fn(|k| if k == c { 1.5 * (angle + 0.4).cos() } else { 0.0 })
        });
        let spectrum = energy_spectrum(&field);
        assert_eq!(spectrum.energy.len(), D);
        for (component, energies) in spectrum.energy.iter().enumerate() {
            assert_eq!(energies.len(), spectrum.wavenumber.len());
            for (m, energy) in energies.iter().enumerate() {
                let expected = if (component, m) == (c, shell) { 1.125 } else { 0.0 };
                let off = (energy - expected).abs();
                assert!(off < 1e-14, "{mode:?}: {energy} in shell {m} of component {component}");
            }
        }
        let first = step.into_iter().fold(f64::INFINITY, f64::min);
        for (m, wavenumber) in spectrum.wavenumber.iter().enumerate() {
            assert!((wavenumber - m as f64 * first).abs() < 1e-12);
        }
    }
}

#[test]
fn a_wave_lands_in_its_shell() {
    let square = grid([16, 15], [1.0, 1.0]);
    for (mode, shell) in [([1, 0], 1), ([0, 3], 3), ([2, -3], 4), ([-7, 7], 10), ([3, 2], 4)] {
        one_mode(square, mode, shell);
    }
    // Along x a wavenumber counts 1.6 of the least, which is that of y.
    let plane = grid([9, 14], [0.5, 0.8]);
    for (mode, shell) in [([1, 0], 2), ([2, 0], 3), ([-2, 4], 5), ([0, 6], 6), ([4, 5], 8)] {
        one_mode(plane, mode, shell);
    }
    // Likewise 3 along y and 2 along z.
    let space = grid([7, 8, 9], [6.0, 2.0, 3.0]);
    for (mode, shell) in [([3, 0, 0], 3), ([0, 1, 1], 4), ([1, -2, 2], 7), ([-2, 3, 4], 12)] {
        one_mode(space, mode, shell);
    }
}

/// The mean is alone in shell 0, and (−1)^i is its own twin.
#[test]
fn a_mean_and_the_fastest_wave() {
    let grid = grid([8, 5], [1.0, 1.0]);
    let h = grid.axes()[0].spacing;
    let field = VectorField::sample(grid, Layout::Points, |[x, _]| {
        let fastest = (TAU * (x - 0.2) / (2.0 * h)).cos();
        [3.0 + 0.5 * fastest, -2.0 * fastest]
    });
    let energy = energy_spectrum(&field).energy;
    for (component, shell, expected) in [(0, 0, 9.0), (0, 4, 0.25), (1, 0, 0.0), (1, 4, 4.0)] {
        assert!((energy[component][shell] - expected).abs() < 1e-13, "{energy:?}");
    }
}

/// The shells hold everything: random numbers have energy in every mode.
fn adds_up<const D: usize>(cells: [usize; D], lengths: [f64; D]) {
    let grid = grid(cells, lengths);
    let field = random_field(&Domain::full(grid), Layout::Points, 5);
    let spectrum = energy_spectrum(&field);
    for (component, energy) in field.components().iter().zip(&spectrum.energy) {
        let squares: f64 = component.values().iter().map(|v| v * v).sum();
        let mean = squares / grid.cells() as f64;
        let sum: f64 = energy.iter().sum();
        assert!((sum / mean - 1.0).abs() < 1e-13, "{cells:?}: {sum} instead of {mean}");
    }
}

#[test]
fn shells_add_up_to_the_mean_energy() {
    for cells in [[16, 16], [15, 16], [16, 15], [13, 7], [1, 6], [2, 1], [1, 1]] {
        adds_up(cells, [1.0, 1.0]);
        adds_up(cells, [0.7, 1.9]);
    }
    for cells in [[8, 8, 8], [7, 8, 9], [8, 7, 6], [5, 1, 4]] {
        adds_up(cells, [1.0, 0.7, 1.9]);
    }
}
