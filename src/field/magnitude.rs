//! The largest magnitude of values: NaN if there is one, which a maximum of numbers would pass over. The sum of their
//! squares.

use crate::machine::wide;
use rayon::prelude::*;

/// Sums side by side, so that they are wide.
const LANES: usize = 16;

/// Values of a task.
const BLOCK: usize = 1 << 15;

/// A magnitude as an integer: in the order of the numbers, with NaN above all.
#[inline(always)]
pub(crate) fn magnitude(value: f64) -> i64 {
    value.abs().to_bits() as i64
}

/// The largest of some magnitudes, as a number.
#[inline(always)]
pub(crate) fn largest_of(magnitudes: impl IntoIterator<Item = i64>) -> f64 {
    f64::from_bits(magnitudes.into_iter().fold(0, i64::max) as u64)
}

/// The largest magnitude of values. One read, on all threads.
pub(crate) fn largest_magnitude(values: &[f64]) -> f64 {
    largest_of(values.par_chunks(BLOCK).map(largest_of_block).collect::<Vec<_>>())
}

wide! {
    fn largest_of_block<'a>(values: &'a [f64]) -> i64 {
        values.iter().fold(0, |largest, v| largest.max(magnitude(*v)))
    }
}

/// The larger one, NaN if one of them is.
pub(crate) fn max_or_nan(a: f64, b: f64) -> f64 {
    if a.is_nan() || b.is_nan() { f64::NAN } else { a.max(b) }
}

wide! {
    /// Σ v².
    pub(crate) fn sum_of_squares<'a>(values: &'a [f64]) -> f64 {
        let mut sums = [0.0; LANES];
        let (blocks, rest) = values.as_chunks::<LANES>();
        for block in blocks {
            sums.iter_mut().zip(block).for_each(|(s, v)| *s += v * v);
        }
        sums.iter().sum::<f64>() + rest.iter().map(|v| v * v).sum::<f64>()
    }
}
