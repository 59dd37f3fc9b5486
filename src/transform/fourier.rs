//! The discrete Fourier transform of real arrays.

use super::slots::Slots;
use super::tile::{Scratch, StridedRows, band_width, bands, each_pair};
use crate::machine::{Borrowed, Pool, zeros};
use num_complex::Complex64;
use rayon::prelude::*;
use rustfft::{Fft, FftPlanner};
use std::sync::Arc;

/// One axis of a planned transform.
struct AxisPlan {
    forward: Arc<dyn Fft<f64>>,
    inverse: Arc<dyn Fft<f64>>,
    slots: Slots,
}

/// The discrete Fourier transform of arrays of reals with x fastest, as its half spectrum.
///
/// û(k) = Σ u(j) exp(−2πi Σ_a k_a j_a / n_a). Of the coefficients along x only k = 0 … ⌊n/2⌋ are kept, the
/// rest being conjugates: the spectrum has shape [⌊n_x/2⌋ + 1, n_y, n_z], x fastest.
///
/// Cost: O(N log N) for every size, two passes over memory in each direction beside the first write of
/// the result.
///
/// ```
/// use hodge::transform::Fourier;
///
/// let fourier = Fourier::new([3, 2]);
/// let spectrum = fourier.forward(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
/// assert_eq!(spectrum.len(), 4);
/// assert!((spectrum[0].re - 21.0).abs() < 1e-14);
/// let values = fourier.inverse(spectrum);
/// assert!((values[4] - 5.0).abs() < 1e-14);
/// ```
pub struct Fourier<const D: usize> {
    shape: [usize; D],
    axes: [AxisPlan; D],
    spare: Pool<Scratch>,
}

impl<const D: usize> Fourier<D> {
    /// Plans the transform of arrays of `shape`, x first.
    ///
    /// # Panics
    /// If an axis has no values.
    pub fn new(shape: [usize; D]) -> Fourier<D> {
        assert!(shape.iter().all(|&n| n > 0), "every axis needs values; the shape is {shape:?}");
        let mut planner = FftPlanner::new();
        let axes = shape.map(|n| AxisPlan {
            forward: planner.plan_fft_forward(n),
            inverse: planner.plan_fft_inverse(n),
            slots: Slots::rising(n),
        });
        Fourier { shape, axes, spare: Pool::new() }
    }

    /// The shape of the spectrum: [⌊n_x/2⌋ + 1, n_y, n_z].
    pub fn spectrum_shape(&self) -> [usize; D] {
        let mut shape = self.shape;
        shape[0] = shape[0] / 2 + 1;
        shape
    }

    /// The half spectrum of `values`, without further factors.
    ///
    /// # Panics
    /// If the number of values is not the product of the shape.
    pub fn forward(&self, values: &[f64]) -> Vec<Complex64> {
        let mut spectrum = zeros(self.spectrum_shape().iter().product());
        self.forward_into(values, &mut spectrum);
        spectrum
    }

    /// [`Fourier::forward`] into an array that is there.
    ///
    /// # Panics
    /// If the number of values is not the product of the shape, or that of the coefficients not the product
    /// of [`Fourier::spectrum_shape`].
    pub fn forward_into(&self, values: &[f64], spectrum: &mut [Complex64]) {
        let (found, shape) = (values.len(), self.shape);
        let expected: usize = shape.iter().product();
        assert_eq!(found, expected, "{found} values were given for the shape {shape:?}");
        let coefficients: usize = self.spectrum_shape().iter().product();
        assert_eq!(spectrum.len(), coefficients, "the spectrum has another number of coefficients");
        let (nx, half) = (self.shape[0], self.spectrum_shape()[0]);
        let rows = self.rows_per_task();
        let tasks = spectrum.par_chunks_mut(rows * half).zip(values.par_chunks(rows * nx));
        tasks.for_each_init(
            || self.scratch(),
            |scratch, (spectrum, values)| {
                for (out, pair) in spectrum.chunks_mut(2 * half).zip(values.chunks(2 * nx)) {
                    self.rows_forward(pair, out, scratch);
                }
                if D > 2 {
                    self.along(1, spectrum, &self.axes[1].forward, scratch);
                }
            },
        );
        self.along_last(spectrum, |axis| &axis.forward);
    }

    /// The values of a half spectrum, divided by their number: the inverse of [`Fourier::forward`].
    ///
    /// Imaginary parts that no real array has (where a coefficient is its own conjugate) are dropped.
    ///
    /// # Panics
    /// If the number of coefficients is not the product of [`Fourier::spectrum_shape`].
    pub fn inverse(&self, mut spectrum: Vec<Complex64>) -> Vec<f64> {
        let (found, shape) = (spectrum.len(), self.spectrum_shape());
        let expected: usize = shape.iter().product();
        assert_eq!(found, expected, "{found} coefficients were given for the shape {shape:?}");
        self.along_last(&mut spectrum, |axis| &axis.inverse);
        let mut values = vec![0.0; self.shape.iter().product()];
        let (nx, half) = (self.shape[0], shape[0]);
        let rows = self.rows_per_task();
        let tasks = spectrum.par_chunks_mut(rows * half).zip(values.par_chunks_mut(rows * nx));
        tasks.for_each_init(
            || self.scratch(),
            |scratch, (spectrum, values)| {
                if D > 2 {
                    self.along(1, spectrum, &self.axes[1].inverse, scratch);
                }
                for (input, pair) in spectrum.chunks(2 * half).zip(values.chunks_mut(2 * nx)) {
                    self.rows_inverse(input, pair, scratch);
                }
            },
        );
        values
    }

    fn rows_per_task(&self) -> usize {
        if D > 2 { self.shape[1] } else { 8 }
    }

    fn scratch(&self) -> Borrowed<'_, Scratch> {
        let need = |a: &AxisPlan| {
            a.forward.get_inplace_scratch_len().max(a.inverse.get_inplace_scratch_len())
        };
        self.spare.take(|| {
            let fft = self.axes.iter().map(need).max().unwrap_or(0);
            Scratch::new(self.shape.into_iter().max().unwrap_or(0), fft)
        })
    }

    /// One or two real rows as one complex transform, taken apart afterwards.
    fn rows_forward(&self, pair: &[f64], out: &mut [Complex64], scratch: &mut Scratch) {
        let (nx, half) = (self.shape[0], self.shape[0] / 2 + 1);
        let work = &mut scratch.tile[..nx];
        self.axes[0].slots.load_rows(pair, work);
        self.axes[0].forward.process_with_scratch(work, &mut scratch.buffers.fft);
        let (first, second) = out.split_at_mut(half);
        for (k, a) in first.iter_mut().enumerate() {
            let (z, mirror) = (work[k], work[(nx - k) % nx].conj());
            *a = 0.5 * (z + mirror);
            if let Some(b) = second.get_mut(k) {
                let d = 0.5 * (z - mirror);
                *b = Complex64::new(d.im, -d.re);
            }
        }
    }

    /// The inverse of [`Fourier::rows_forward`], with the factor 1/N.
    fn rows_inverse(&self, input: &[Complex64], pair: &mut [f64], scratch: &mut Scratch) {
        let (nx, half) = (self.shape[0], self.shape[0] / 2 + 1);
        let scale = 1.0 / self.shape.iter().product::<usize>() as f64;
        let work = &mut scratch.tile[..nx];
        let (first, second) = input.split_at(half);
        for (k, a) in first.iter().enumerate() {
            let (mut a, mut b) = (a * scale, second.get(k).map_or(Complex64::ZERO, |b| b * scale));
            let mirror = (nx - k) % nx;
            if mirror == k {
                (a.im, b.im) = (0.0, 0.0);
            }
            work[k] = Complex64::new(a.re - b.im, a.im + b.re);
            work[mirror] = Complex64::new(a.re + b.im, b.re - a.im);
        }
        self.axes[0].inverse.process_with_scratch(work, &mut scratch.buffers.fft);
        self.axes[0].slots.store_rows(pair, work);
    }

    fn along(&self, axis: usize, slab: &mut [Complex64], fft: &Arc<dyn Fft<f64>>, s: &mut Scratch) {
        let n = self.shape[axis];
        let stride = 2 * self.spectrum_shape()[..axis].iter().product::<usize>();
        let slots = &self.axes[axis].slots;
        for values in bytemuck::cast_slice_mut(slab).chunks_exact_mut(stride * n) {
            let mut block = StridedRows { values, stride };
            each_pair(&mut block, stride, [slots, slots], n, s, |_, lane, buffers| {
                fft.process_with_scratch(lane, &mut buffers.fft);
            });
        }
    }

    /// Nothing to do in one dimension, where the last axis is x.
    fn along_last(&self, spectrum: &mut [Complex64], which: fn(&AxisPlan) -> &Arc<dyn Fft<f64>>) {
        if D == 1 {
            return;
        }
        let n = self.shape[D - 1];
        let row = 2 * self.spectrum_shape()[..D - 1].iter().product::<usize>();
        let (slots, fft) = (&self.axes[D - 1].slots, which(&self.axes[D - 1]));
        let width = band_width(row);
        let bands = bands(bytemuck::cast_slice_mut(spectrum), row, width);
        bands.into_par_iter().for_each_init(
            || self.scratch(),
            |scratch, mut band| {
                let columns = band[0].len();
                each_pair(&mut band, columns, [slots, slots], n, scratch, |_, lane, buffers| {
                    fft.process_with_scratch(lane, &mut buffers.fft);
                });
            },
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::f64::consts::TAU;

    fn sample(len: usize) -> Vec<f64> {
        (0..len).map(|i| (1.0 + 12.9898 * i as f64).sin() + (i * i % 11) as f64 / 7.0).collect()
    }

    /// Indices of an array, x fastest.
    fn indices<const D: usize>(shape: [usize; D]) -> Vec<[usize; D]> {
        let index = |mut i: usize| {
            shape.map(|n| {
                let at = i % n;
                i /= n;
                at
            })
        };
        (0..shape.iter().product()).map(index).collect()
    }

    fn agrees<const D: usize>(shape: [usize; D]) {
        let fourier = Fourier::new(shape);
        let points = indices(shape);
        let values = sample(points.len());
        let spectrum = fourier.forward(&values);
        let size: f64 = values.iter().map(|v| v.abs()).sum();
        for (k, got) in indices(fourier.spectrum_shape()).into_iter().zip(&spectrum) {
            let term = |(j, v): (&[usize; D], &f64)| {
                // reduced before the division, so that the phase keeps its digits
                let turn = |a: usize| (k[a] * j[a] % shape[a]) as f64 / shape[a] as f64;
                Complex64::from_polar(*v, -TAU * (0..D).map(turn).sum::<f64>())
            };
            let expected: Complex64 = points.iter().zip(&values).map(term).sum();
            assert!((got - expected).norm() <= 1e-14 * size, "{shape:?} {k:?}");
        }
        let back = fourier.inverse(spectrum);
        for (a, b) in back.iter().zip(&values) {
            assert!((a - b).abs() <= 1e-14 * size, "{shape:?}");
        }
    }

    #[test]
    fn the_half_spectrum_follows_the_definition() {
        for n in [1, 2, 3, 4, 5, 7, 8, 12, 13, 16, 17, 30, 31] {
            agrees([n]);
        }
        for shape in [[1, 1], [1, 6], [7, 1], [2, 2], [5, 4], [6, 9], [40, 7], [13, 34]] {
            agrees(shape);
        }
        for shape in [[1, 1, 1], [2, 1, 3], [4, 3, 5], [5, 7, 2], [8, 6, 4], [35, 2, 3]] {
            agrees(shape);
        }
    }
}
