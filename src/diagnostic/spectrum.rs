//! Spectra of periodic fields: energy, enstrophy and helicity in shells of wavenumber.

use crate::field::{VectorField, times_power};
use crate::grid::{Grid, unravel};
use crate::operator::axis_pairs;
use crate::transform::{Fourier, wavenumbers};
use num_complex::Complex64;
use serde::Serialize;
use std::f64::consts::TAU;

/// What a field v and its curl ω have in shells of wavenumber. v̂ are the coefficients of v in waves exp(i k·x), and ω̂ those
/// of ω by the Fourier derivative, in which the Nyquist wavenumber of an even number of points is 0.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Spectra {
    /// Wavenumber at the middle of each shell, in radians a unit of length: multiples of the least 2π/L of all axes.
    pub wavenumber: Vec<f64>,
    /// Σ |v̂|² over the shell, for each component in the order x, y, z. They add up to the mean of |v|², twice the kinetic
    /// energy of a unit of mass.
    pub energy: Vec<Vec<f64>>,
    /// Σ |ω̂|² over the shell. They add up to the mean of |ω|², twice the enstrophy of those who define it with ½.
    pub enstrophy: Vec<f64>,
    /// Σ Re v̂*·ω̂ over the shell in 3D. They add up to the mean of v·ω, the helicity of a unit of volume; at most k times the
    /// energy. `None` in 2D, where v ⟂ ω.
    pub helicity: Option<Vec<f64>>,
}

/// The spectra of a point field on a periodic grid. Shell m holds the modes with m − ½ ≤ |k|/k₁ < m + ½, k₁ = min 2π/L.
/// One transform a component, and the memory of a field. Source: Pope, *Turbulent Flows* (2000), section 6.5; Brissaud et al.,
/// *Helicity cascades in fully developed isotropic turbulence* (1973).
///
/// Numbers outside the range of double precision are NaN.
///
/// # Panics
/// If an axis is bounded.
///
/// ```
/// use hodge::diagnostic::spectra;
/// use hodge::field::{Layout, VectorField};
/// use hodge::grid::{Axis, Grid, Topology};
/// let axis = Axis::over(0.0, std::f64::consts::TAU, 8, Topology::Periodic);
/// // Its own curl: the helicity is the energy.
/// let wave = |[_, _, z]: [f64; 3]| [z.sin(), z.cos(), 0.0];
/// let spectra = spectra(&VectorField::sample(Grid::new([axis; 3])?, Layout::Points, wave));
/// assert!((spectra.enstrophy[1] - 1.0).abs() < 1e-14);
/// assert!((spectra.helicity.unwrap()[1] - 1.0).abs() < 1e-14);
/// # Ok::<(), hodge::grid::GridError>(())
/// ```
pub fn spectra<const D: usize>(field: &VectorField<D>) -> Spectra {
    let exponent = field.extraordinary_exponent();
    if exponent == 0 {
        return ordinary(field);
    }
    let mut scaled = field.clone();
    scaled.scale_by_power(-exponent);
    let mut found = ordinary(&scaled);
    let vortical = [&mut found.enstrophy].into_iter().chain(&mut found.helicity);
    for value in found.energy.iter_mut().chain(vortical).flatten() {
        let unscaled = times_power(*value, 2 * exponent);
        let lost = unscaled.is_infinite() || (*value != 0.0 && !unscaled.is_normal());
        *value = if lost { f64::NAN } else { unscaled };
    }
    found
}

fn ordinary<const D: usize>(field: &VectorField<D>) -> Spectra {
    let grid = field.grid();
    assert!(grid.fully_periodic(), "a Fourier spectrum needs a periodic grid");
    let shells = Shells::new(grid);
    let fourier = Fourier::new(grid.shape());
    let transformed = field.components().iter().map(|c| fourier.forward(c.values()));
    let coefficients: [Vec<Complex64>; D] =
        transformed.collect::<Vec<_>>().try_into().expect("one for each component");
    let energy = coefficients.each_ref().map(|v| shells.sum(|flat, _| v[flat].norm_sqr()));
    let pairs = axis_pairs::<D>();
    // k ∧ v̂, of which ω̂ is i times.
    let turn = |flat: usize, k: [f64; D], (a, b): (usize, usize)| {
        k[a] * coefficients[b][flat] - k[b] * coefficients[a][flat]
    };
    let enstrophy =
        shells.sum(|flat, k| pairs.iter().map(|pair| turn(flat, k, *pair).norm_sqr()).sum::<f64>());
    let helicity = (D == 3).then(|| {
        // A component along c of ω̂ where a, b, c follow each other in a circle, else its negative.
        let of_pair = |flat: usize, k: [f64; D], (a, b): (usize, usize)| {
            let sign = if (b + 3 - a) % 3 == 1 { 1.0 } else { -1.0 };
            let along = coefficients[3 - a - b][flat].conj();
            sign * (along * Complex64::i() * turn(flat, k, (a, b))).re
        };
        shells.sum(|flat, k| pairs.iter().map(|pair| of_pair(flat, k, *pair)).sum())
    });
    let (wavenumber, energy) = (shells.wavenumbers(), energy.into());
    Spectra { wavenumber, energy, enstrophy, helicity }
}

/// The shell of every coefficient of a half spectrum.
struct Shells<const D: usize> {
    shape: [usize; D],
    half: [usize; D],
    step: [f64; D],
    least: f64,
    of_derivative: [Vec<f64>; D],
}

impl<const D: usize> Shells<D> {
    fn new(grid: &Grid<D>) -> Shells<D> {
        let shape = grid.shape();
        let step: [f64; D] = std::array::from_fn(|k| TAU / grid.axes()[k].length());
        let least = step.iter().copied().fold(f64::INFINITY, f64::min);
        let mut half = shape;
        half[0] = shape[0] / 2 + 1;
        let of_derivative = std::array::from_fn(|k| wavenumbers(shape[k], grid.axes()[k].spacing));
        Shells { shape, half, step, least, of_derivative }
    }

    fn of(&self, index: [usize; D]) -> usize {
        let along = |k: usize| self.step[k] * index[k].min(self.shape[k] - index[k]) as f64;
        let square: f64 = (0..D).map(|k| along(k).powi(2)).sum();
        (square.sqrt() / self.least).round() as usize
    }

    fn count(&self) -> usize {
        1 + self.of(self.shape.map(|n| n / 2))
    }

    fn wavenumbers(&self) -> Vec<f64> {
        (0..self.count()).map(|m| m as f64 * self.least).collect()
    }

    /// Sums of something of every mode, given its place and the wavenumbers of its derivative, in shells: over all modes, of
    /// which a half spectrum has one of every two twins.
    fn sum(&self, of_mode: impl Fn(usize, [f64; D]) -> f64) -> Vec<f64> {
        let cells = self.shape.iter().product::<usize>() as f64;
        let mut sums = vec![0.0; self.count()];
        for flat in 0..self.half.iter().product() {
            let index = unravel(self.half, flat);
            let alone = index[0] == 0 || 2 * index[0] == self.shape[0];
            let twins = if alone { 1.0 } else { 2.0 };
            let k = std::array::from_fn(|k| self.of_derivative[k][index[k]]);
            sums[self.of(index)] += twins * of_mode(flat, k) / (cells * cells);
        }
        sums.into_iter().map(|sum| if sum.is_finite() { sum } else { f64::NAN }).collect()
    }
}
