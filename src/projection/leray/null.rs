//! The modes whose first derivatives all vanish on the grid.

use crate::transform::Precision;
use rayon::prelude::*;

/// Sums over one plane, in two dimensions one row, of the values of each component, times 1 or (−1)^x, and times 1 or (−1)^y.
pub(super) type ModeSums<const D: usize> = [[f64; 4]; D];

/// The part of a periodic field that spectral first derivatives do not see: Σ_m a_m Π_(axes of m) (−1)^j.
///
/// Bit a of the mode number m says that the mode alternates along axis a; mode 0 is the mean. Modes
/// that alternate along an axis of odd length do not exist and have amplitude 0.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NullModes<const D: usize> {
    shape: [usize; D],
    amplitudes: [[f64; 8]; D],
}

impl<const D: usize> NullModes<D> {
    /// From the sums over each plane, plane after plane along the last axis.
    pub(super) fn new(shape: [usize; D], sums: &[ModeSums<D>]) -> NullModes<D> {
        let last_bit = 1 << (D - 1);
        let scale = 1.0 / shape.iter().product::<usize>() as f64;
        let mut amplitudes = [[0.0; 8]; D];
        for (plane, sums) in sums.iter().enumerate() {
            let sign = if plane % 2 == 0 { scale } else { -scale };
            for (amplitudes, sums) in amplitudes.iter_mut().zip(sums) {
                for (mode, sum) in sums.iter().enumerate().take(last_bit) {
                    amplitudes[mode] += scale * sum;
                    amplitudes[mode | last_bit] += sign * sum;
                }
            }
        }
        let exists = |mode: usize| (0..D).all(|a| mode >> a & 1 == 0 || shape[a].is_multiple_of(2));
        for row in &mut amplitudes {
            (0..2 * last_bit).filter(|&m| !exists(m)).for_each(|m| row[m] = 0.0);
        }
        NullModes { shape, amplitudes }
    }

    /// Amplitudes of the 2^D modes of one component, mode 0 (the mean) first.
    pub fn amplitudes(&self, component: usize) -> &[f64] {
        &self.amplitudes[component][..1 << D]
    }

    /// Mean over the grid of the squared null part of one component: the modes are orthogonal.
    pub fn mean_square(&self, component: usize) -> f64 {
        self.amplitudes[component].iter().map(|a| a * a).sum()
    }

    /// Value of the null part at a point.
    pub fn value(&self, component: usize, index: [usize; D]) -> f64 {
        self.at_parity(component, (0..D).fold(0, |bits, a| bits | (index[a] % 2) << a))
    }

    /// Writes the null part of one component into an array with x fastest.
    ///
    /// # Panics
    /// If the number of values is not the product of the shape.
    pub fn write<T: Precision>(&self, component: usize, values: &mut [T]) {
        let (found, shape) = (values.len(), self.shape);
        let expected: usize = shape.iter().product();
        assert_eq!(found, expected, "{found} values were given for the shape {shape:?}");
        values.par_chunks_mut(shape[0]).enumerate().for_each(|(row, values)| {
            let [even, odd] = self.row(component, row);
            values.iter_mut().step_by(2).for_each(|v| *v = even);
            values.iter_mut().skip(1).step_by(2).for_each(|v| *v = odd);
        });
    }

    /// The two values along row number `row`: at even and at odd x.
    pub(super) fn row<T: Precision>(&self, component: usize, mut row: usize) -> [T; 2] {
        let mut bits = 0;
        for axis in 1..D {
            bits |= (row % self.shape[axis] % 2) << axis;
            row /= self.shape[axis];
        }
        [bits, bits | 1].map(|bits| T::of(self.at_parity(component, bits)))
    }

    fn at_parity(&self, component: usize, bits: usize) -> f64 {
        let signed = |(mode, a): (usize, &f64)| {
            if (mode & bits).count_ones().is_multiple_of(2) { *a } else { -a }
        };
        self.amplitudes[component].iter().enumerate().map(signed).sum()
    }
}
