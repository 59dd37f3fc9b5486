//! Convolution with a kernel on a box, by transforms of an array that is large enough that nothing wraps around.

use super::Fourier;
use crate::grid::{ravel, unravel};
use crate::machine::Pool;
use rayon::prelude::*;
use rustfft::num_complex::Complex64;

/// Σ_j K(i − j) f_j for the values f of one box and the places i of another, which may have other sizes.
///
/// Costs two transforms of the padded array; the spectrum of the kernel is kept, and one array for each thread that
/// convolves at once.
///
/// ```
/// use hodge::transform::Convolution;
/// // The sums of two neighbours in a row of three, one place beyond either end included.
/// let kernel = |[dx, dy]: [isize; 2]| if dy == 0 && (dx == 0 || dx == 1) { 1.0 } else { 0.0 };
/// let sums = Convolution::new([3, 1], [4, 1], kernel).apply(&[1.0, 2.0, 4.0]);
/// for (found, expected) in sums.into_iter().zip([1.0, 3.0, 6.0, 4.0]) {
///     assert!((found - expected).abs() < 1e-14);
/// }
/// ```
pub struct Convolution<const D: usize> {
    source: [usize; D],
    output: [usize; D],
    padded: [usize; D],
    fourier: Fourier<D>,
    kernel: Vec<Complex64>,
    spare: Pool<Vec<f64>>,
}

impl<const D: usize> Convolution<D> {
    /// Plans it: `kernel` is K of an index of the output minus one of the source.
    ///
    /// # Panics
    /// If an axis has no values.
    pub fn new(
        source: [usize; D],
        output: [usize; D],
        kernel: impl Fn([isize; D]) -> f64 + Sync,
    ) -> Convolution<D> {
        let padded = std::array::from_fn(|k| padded_length(source[k] + output[k] - 1));
        let fourier = Fourier::new(padded);
        let mut values = vec![0.0; padded.iter().product()];
        values.par_iter_mut().enumerate().with_min_len(1 << 10).for_each(|(flat, value)| {
            let index = unravel(padded, flat);
            let offset = |k: usize| {
                let ahead = index[k] as isize;
                if index[k] < output[k] { ahead } else { ahead - padded[k] as isize }
            };
            let offset: [isize; D] = std::array::from_fn(offset);
            // Where neither is reached it does not matter what stands there.
            if (0..D).all(|k| offset[k] > -(source[k] as isize)) {
                *value = kernel(offset);
            }
        });
        let kernel = fourier.forward(&values);
        Convolution { source, output, padded, fourier, kernel, spare: Pool::new() }
    }

    /// The sums for values of the source.
    ///
    /// # Panics
    /// If the number of values is not the product of the source's shape.
    pub fn apply(&self, values: &[f64]) -> Vec<f64> {
        let mut padded = self.spare.take(|| vec![0.0; self.padded.iter().product()]);
        padded.fill(0.0);
        embed(values, self.source, &mut padded, self.padded);
        let mut spectrum = self.fourier.forward(&padded);
        let product = spectrum.par_iter_mut().zip(&self.kernel).with_min_len(1 << 12);
        product.for_each(|(value, factor)| *value *= factor);
        let sums = self.fourier.inverse(spectrum);
        let count = self.output.iter().product();
        (0..count).map(|flat| sums[ravel(self.padded, unravel(self.output, flat))]).collect()
    }

    /// Bytes that it keeps and works with, for such sizes.
    pub fn bytes(source: [usize; D], output: [usize; D]) -> f64 {
        let padded = |k: usize| padded_length(source[k] + output[k] - 1) as f64;
        // Kernel, values, their spectrum and the sums.
        4.0 * 8.0 * (0..D).map(padded).product::<f64>()
    }
}

/// Writes values of one shape to the beginning of an array of a larger one.
pub(crate) fn embed<const D: usize>(
    values: &[f64],
    shape: [usize; D],
    larger: &mut [f64],
    larger_shape: [usize; D],
) {
    assert_eq!(values.len(), shape.iter().product::<usize>(), "a value at each place of {shape:?}");
    for (row, values) in values.chunks_exact(shape[0]).enumerate() {
        let at = ravel(larger_shape, unravel(shape, row * shape[0]));
        larger[at..at + shape[0]].copy_from_slice(values);
    }
}

/// The least length from n on that is fast to transform: even, with no prime factor above 5.
pub(crate) fn padded_length(n: usize) -> usize {
    let is_fast = |m: &usize| {
        let mut rest = *m;
        for factor in [2, 3, 5] {
            while rest.is_multiple_of(factor) {
                rest /= factor;
            }
        }
        rest == 1
    };
    (n.max(2).next_multiple_of(2)..).step_by(2).find(is_fast).expect("a power of two")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Random;

    #[test]
    fn sums_are_those_of_loops() {
        for (source, output) in [([5, 3], [5, 3]), ([4, 7], [6, 9]), ([1, 6], [2, 5])] {
            let mut random = Random::new(4);
            let values: Vec<f64> = (0..source[0] * source[1]).map(|_| random.next()).collect();
            let kernel = |[x, y]: [isize; 2]| (3.0 * x as f64 - 0.5).sin() + 1.0 / (2.5 + y as f64);
            let found = Convolution::new(source, output, kernel).apply(&values);
            for (flat, found) in found.into_iter().enumerate() {
                let at = unravel(output, flat).map(|i| i as isize);
                let term = |(flat, value): (usize, &f64)| {
                    let from = unravel(source, flat).map(|i| i as isize);
                    value * kernel([at[0] - from[0], at[1] - from[1]])
                };
                let expected: f64 = values.iter().enumerate().map(term).sum();
                assert!((found - expected).abs() < 1e-12, "{source:?} {at:?}: {found}");
            }
        }
    }
}
