//! Energy in shells of wavenumber.

use crate::common::random_field;
use hodge::diagnostic::spectra;
use hodge::field::{Layout, VectorField};
use hodge::grid::{Axis, Domain, Grid, Topology};
use std::f64::consts::{PI, TAU};

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
        let spectrum = spectra(&field);
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
    let energy = spectra(&field).energy;
    for (component, shell, expected) in [(0, 0, 9.0), (0, 4, 0.25), (1, 0, 0.0), (1, 4, 4.0)] {
        assert!((energy[component][shell] - expected).abs() < 1e-13, "{energy:?}");
    }
}

/// The shells hold everything: random numbers have energy in every mode.
fn adds_up<const D: usize>(cells: [usize; D], lengths: [f64; D]) {
    let grid = grid(cells, lengths);
    let field = random_field(&Domain::full(grid), Layout::Points, 5);
    let spectrum = spectra(&field);
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

/// The derivative of trigonometric interpolation at the points, by its closed form (Trefethen, *Spectral Methods in MATLAB*,
/// chapter 3): no transform.
fn derivative(n: usize, length: f64) -> Vec<Vec<f64>> {
    let entry = |i: usize, j: usize| {
        let half = PI * (i as f64 - j as f64) / n as f64;
        let sign = if (i + j).is_multiple_of(2) { 1.0 } else { -1.0 };
        match (i == j, n.is_multiple_of(2)) {
            (true, _) => 0.0,
            (_, true) => sign * PI / (length * half.tan()),
            (_, false) => sign * PI / (length * half.sin()),
        }
    };
    (0..n).map(|i| (0..n).map(|j| entry(i, j)).collect()).collect()
}

/// Values of v at the points, the means of |∇∧v|² and of v·∇∧v.
fn vortical_means(cells: [usize; 3], lengths: [f64; 3], v: &VectorField<3>) -> [f64; 2] {
    let matrices: [_; 3] = std::array::from_fn(|k| derivative(cells[k], lengths[k]));
    let strides = [1, cells[0], cells[0] * cells[1]];
    let along = |component: usize, k: usize, flat: usize| -> f64 {
        let i = flat / strides[k] % cells[k];
        let value =
            |j: usize| v.component(component).values()[flat + j * strides[k] - i * strides[k]];
        (0..cells[k]).map(|j| matrices[k][i][j] * value(j)).sum()
    };
    let count = cells.iter().product::<usize>();
    let mut means = [0.0; 2];
    for flat in 0..count {
        for c in 0..3 {
            let (a, b) = ((c + 1) % 3, (c + 2) % 3);
            let curl = along(b, a, flat) - along(a, b, flat);
            means[0] += curl * curl / count as f64;
            means[1] += curl * v.component(c).values()[flat] / count as f64;
        }
    }
    means
}

#[test]
fn enstrophy_and_helicity_add_up_to_the_means_of_the_curl() {
    for cells in [[8, 7, 6], [5, 9, 4], [1, 6, 5], [2, 3, 8]] {
        let lengths = [1.0, 0.7, 1.9];
        let grid = grid(cells, lengths);
        let field = random_field(&Domain::full(grid), Layout::Points, 11);
        let [enstrophy, helicity] = vortical_means(cells, lengths, &field);
        let found = spectra(&field);
        let sum: f64 = found.enstrophy.iter().sum();
        assert!((sum / enstrophy - 1.0).abs() < 1e-12, "{cells:?}: {sum}, {enstrophy}");
        let sum: f64 = found.helicity.unwrap().iter().sum();
        let off = (sum - helicity).abs() / enstrophy.sqrt();
        assert!(off < 1e-12, "{cells:?}: {sum}, {helicity}");
    }
}

/// Of (sin 2z, cos 2z, 0) + ½ (cos 3x e_y + sin 3x e_z) the curl is 2 and −3 times the two waves: the second turns the other way.
#[test]
fn helical_waves_have_signs() {
    let wave = |[x, _, z]: [f64; 3]| {
        let (x, z) = (x - 0.2, z - 0.2);
        [(2.0 * z).sin(), (2.0 * z).cos() + 0.5 * (3.0 * x).cos(), 0.5 * (3.0 * x).sin()]
    };
    let grid = grid([12, 5, 9], [TAU, TAU, TAU]);
    let found = spectra(&VectorField::sample(grid, Layout::Points, wave));
    let helicity = found.helicity.unwrap();
    for m in 0..found.wavenumber.len() {
        let (energy, handed) = match m {
            2 => (1.0, 2.0),
            3 => (0.25, -3.0),
            _ => (0.0, 0.0),
        };
        let of_shell: f64 = found.energy.iter().map(|e| e[m]).sum();
        assert!((of_shell - energy).abs() < 1e-14);
        assert!((found.enstrophy[m] - handed * handed * energy).abs() < 1e-13);
        assert!((helicity[m] - handed * energy).abs() < 1e-13, "{m}: {}", helicity[m]);
    }
    let plane = self::grid([6, 8], [TAU, TAU]);
    let shear =
        spectra(&VectorField::sample(plane, Layout::Points, |[_, y]| [(y - 0.2).cos(), 0.0]));
    assert!(shear.helicity.is_none() && (shear.enstrophy[1] - 0.5).abs() < 1e-14);
}
