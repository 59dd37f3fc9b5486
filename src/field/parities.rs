//! Values that depend only on whether the indices are even or odd.

use rayon::prelude::*;

/// One value for each parity of the indices (i, j, k): bit a of the place says that the index along
/// axis a is odd. Constants are such fields, and so are the Nyquist modes of an even number of
/// points.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Parities([f64; 8]);

impl Parities {
    /// The same value everywhere.
    pub fn constant(value: f64) -> Parities {
        Parities([value; 8])
    }

    /// From the value at each parity.
    pub fn new(value: impl Fn(usize) -> f64) -> Parities {
        Parities(std::array::from_fn(value))
    }

    /// Whether all values are zero.
    pub fn is_zero(&self) -> bool {
        self.0.iter().all(|v| *v == 0.0)
    }

    /// Whether all values are the same.
    pub fn is_constant(&self) -> bool {
        self.0.iter().all(|v| *v == self.0[0])
    }

    /// self + a · other.
    pub fn plus(&self, a: f64, other: &Parities) -> Parities {
        Parities::new(|bits| self.0[bits] + a * other.0[bits])
    }

    /// The values at even and odd x of row number `row` of an array of `shape`, x first.
    pub(crate) fn row<const D: usize>(&self, shape: [usize; D], mut row: usize) -> [f64; 2] {
        let mut bits = 0;
        for axis in 1..D {
            bits |= (row % shape[axis] % 2) << axis;
            row /= shape[axis];
        }
        [self.0[bits], self.0[bits | 1]]
    }

    /// Fills the rows from number `first` on of an array of `shape`, x first.
    pub(crate) fn fill<const D: usize>(&self, shape: [usize; D], first: usize, values: &mut [f64]) {
        let rows = values.par_chunks_mut(shape[0]).with_min_len(1 + 4096 / shape[0]).enumerate();
        rows.for_each(|(row, values)| {
            let [even, odd] = self.row(shape, first + row);
            values.iter_mut().step_by(2).for_each(|v| *v = even);
            values.iter_mut().skip(1).step_by(2).for_each(|v| *v = odd);
        });
    }

    /// The largest magnitude.
    pub(crate) fn largest(&self) -> f64 {
        self.0.iter().fold(0.0, |m: f64, v| m.max(v.abs()))
    }

    /// Changes every value.
    pub(crate) fn times(&self, factor: impl Fn(f64) -> f64) -> Parities {
        Parities(self.0.map(factor))
    }
}
