//! The projection in free space of a field that vanishes at the edge of its box.

mod kernel;

use crate::grid::{ravel, unravel};
use crate::machine::zeros;
use crate::transform::{Fourier, embed, padded_length, wavenumbers};
use kernel::{kernel_values, periods};
use rayon::prelude::*;
use rustfft::num_complex::Complex64;

/// What is made of a field in the box.
#[derive(Clone, Debug)]
pub struct FreeSpaceParts<const D: usize> {
    /// ∇φ.
    pub gradient: [Vec<f64>; D],
    /// ⋆A.
    pub solenoidal: [Vec<f64>; D],
    /// φ, which far away is that of a point source.
    pub potential: Vec<f64>,
}

/// ∇φ and ⋆A with φ = G∗∇·v and A = −G∗∇∧v for the Green function G of free space, at points.
///
/// The field is continued by 0 to twice as many points along each axis, where its derivatives are multiplications by
/// i·k. G is that of Vico, Greengard and Ferrando: cut off beyond the diameter of the box, so that its transform is
/// known and smooth, and sums over the points are integrals to rounding once the field is resolved. All derivatives are taken
/// of the field, which vanishes outside, none of φ, which does not.
///
/// Costs D transforms of the padded array forth and 2D + 1 back.
pub struct FreeSpaceProjection<const D: usize> {
    shape: [usize; D],
    padded: [usize; D],
    fourier: Fourier<D>,
    wavenumbers: [Vec<f64>; D],
    /// The transform of G over the box, for the wavenumbers from 0 to the largest along each axis: it is even.
    kernel: Vec<f64>,
    kernel_shape: [usize; D],
}

impl<const D: usize> FreeSpaceProjection<D> {
    /// Plans it for points of these numbers and spacings.
    ///
    /// # Panics
    /// If an axis has no points.
    pub fn new(shape: [usize; D], spacing: [f64; D]) -> FreeSpaceProjection<D> {
        let padded = shape.map(|n| padded_length(2 * n));
        let kernel_shape = padded.map(|n| n / 2 + 1);
        FreeSpaceProjection {
            shape,
            padded,
            fourier: Fourier::new(padded),
            wavenumbers: std::array::from_fn(|k| wavenumbers(padded[k], spacing[k])),
            kernel: kernel_values(shape, padded, spacing),
            kernel_shape,
        }
    }

    /// Splits a field, whose components are given with x fastest.
    ///
    /// # Panics
    /// If a component has another number of values than there are points.
    pub fn split(&self, field: [&[f64]; D]) -> FreeSpaceParts<D> {
        let spectra = self.spectra(field);
        let along =
            |k: [f64; D], v: [Complex64; D]| -> Complex64 { (0..D).map(|a| k[a] * v[a]).sum() };
        let square = |k: [f64; D]| k.iter().map(|k| k * k).sum::<f64>();
        FreeSpaceParts {
            gradient: std::array::from_fn(|i| self.made(&spectra, |k, v| k[i] * along(k, v))),
            solenoidal: std::array::from_fn(|i| {
                self.made(&spectra, |k, v| square(k) * v[i] - k[i] * along(k, v))
            }),
            potential: self.made(&spectra, |k, v| -Complex64::I * along(k, v)),
        }
    }

    /// A_ab with ⋆A the solenoidal part of a field.
    ///
    /// # Panics
    /// As [`split`](FreeSpaceProjection::split).
    pub fn vector_potential(&self, field: [&[f64]; D], (a, b): (usize, usize)) -> Vec<f64> {
        let spectra = self.spectra(field);
        self.made(&spectra, |k, v| Complex64::I * (k[a] * v[b] - k[b] * v[a]))
    }

    /// Bytes that a plan keeps and works with.
    pub fn bytes(shape: [usize; D], spacing: [f64; D]) -> f64 {
        let count = |n: [usize; D]| n.iter().map(|n| *n as f64).product::<f64>();
        let padded = shape.map(|n| padded_length(2 * n));
        let octant = periods(shape, padded, spacing).map(|n| n / 2 + 1);
        // Spectra of the components, one to be made, values of one, and the kernel; or the larger octant it is made in.
        8.0 * f64::max((D as f64 + 3.0) * count(padded), 2.0 * count(octant))
    }

    fn spectra(&self, field: [&[f64]; D]) -> [Vec<Complex64>; D] {
        let mut values: Vec<f64> = zeros(self.padded.iter().product());
        field.map(|component| {
            values.fill(0.0);
            embed(component, self.shape, &mut values, self.padded);
            self.fourier.forward(&values)
        })
    }

    /// The values in the box of G∗ what `of` makes of the wavenumbers and the coefficients of each mode.
    fn made(
        &self,
        spectra: &[Vec<Complex64>; D],
        of: impl Fn([f64; D], [Complex64; D]) -> Complex64 + Sync,
    ) -> Vec<f64> {
        let shape = self.fourier.spectrum_shape();
        let mut spectrum: Vec<Complex64> = zeros(shape.iter().product());
        spectrum.par_chunks_mut(shape[0]).enumerate().for_each(|(row, out)| {
            let first = row * shape[0];
            let index = unravel(shape, first);
            let mut k: [f64; D] = std::array::from_fn(|a| self.wavenumbers[a][index[a]]);
            let folded = std::array::from_fn(|a| index[a].min(self.padded[a] - index[a]));
            let kernel = &self.kernel[ravel(self.kernel_shape, folded)..][..shape[0]];
            for (i, out) in out.iter_mut().enumerate() {
                k[0] = self.wavenumbers[0][i];
                *out = kernel[i] * of(k, spectra.each_ref().map(|s| s[first + i]));
            }
        });
        let values = self.fourier.inverse(spectrum);
        let count = self.shape.iter().product();
        (0..count).map(|flat| values[ravel(self.padded, unravel(self.shape, flat))]).collect()
    }
}
