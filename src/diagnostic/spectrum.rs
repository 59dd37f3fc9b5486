//! Energy spectra of periodic fields.

use crate::field::{VectorField, times_power};
use crate::grid::unravel;
use crate::transform::Fourier;
use serde::Serialize;
use std::f64::consts::TAU;

/// Energy in shells of wavenumber. The energies add up to the mean of |v|².
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Spectrum {
    /// Wavenumber at the middle of each shell: multiples of the least 2π/L of all axes.
    pub wavenumber: Vec<f64>,
    /// Sum of |v̂|² over the shell, for each component in the order x, y, z.
    pub energy: Vec<Vec<f64>>,
}

/// The spectrum of each component of a point field on a periodic grid. Shell m holds the modes
/// with m − ½ ≤ |k|/k₁ < m + ½, k₁ = min 2π/L. One transform a component.
///
/// Energies outside the range of double precision are NaN.
///
/// # Panics
/// If an axis is bounded.
pub fn energy_spectrum<const D: usize>(field: &VectorField<D>) -> Spectrum {
    let exponent = field.extraordinary_exponent();
    if exponent == 0 {
        return ordinary_spectrum(field);
    }
    let mut scaled = field.clone();
    scaled.scale_by_power(-exponent);
    let mut spectrum = ordinary_spectrum(&scaled);
    for energy in spectrum.energy.iter_mut().flatten() {
        let unscaled = times_power(*energy, 2 * exponent);
        let lost = unscaled.is_infinite() || (*energy != 0.0 && !unscaled.is_normal());
        *energy = if lost { f64::NAN } else { unscaled };
    }
    spectrum
}

fn ordinary_spectrum<const D: usize>(field: &VectorField<D>) -> Spectrum {
    let grid = field.grid();
    assert!(grid.fully_periodic(), "a Fourier spectrum needs a periodic grid");
    let shape = grid.shape();
    let step: [f64; D] = std::array::from_fn(|k| TAU / grid.axes()[k].length());
    let least = step.iter().copied().fold(f64::INFINITY, f64::min);
    let mut half = shape;
    half[0] = shape[0] / 2 + 1;
    let shell_of = |index: [usize; D]| {
        let square: f64 =
            (0..D).map(|k| (step[k] * index[k].min(shape[k] - index[k]) as f64).powi(2)).sum();
        (square.sqrt() / least).round() as usize
    };
    let shells = 1 + shell_of(shape.map(|n| n / 2));
    let cells = grid.cells() as f64;
    let fourier = Fourier::new(shape);
    let energy = field
        .components()
        .iter()
        .map(|component| {
            let mut energy = vec![0.0; shells];
            for (flat, value) in fourier.forward(component.values()).into_iter().enumerate() {
                let index = unravel(half, flat);
                let alone = index[0] == 0 || 2 * index[0] == shape[0];
                let twins = if alone { 1.0 } else { 2.0 };
                energy[shell_of(index)] += twins * value.norm_sqr() / (cells * cells);
            }
            energy
        })
        .collect();
    let wavenumber = (0..shells).map(|m| m as f64 * least).collect();
    Spectrum { wavenumber, energy }
}
