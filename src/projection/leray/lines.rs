//! Lines on their way to memory.

use crate::machine::{NON_TEMPORAL_BYTES, REREAD_BYTES, store_non_temporal};
use crate::transform::Precision;
use num_complex::Complex;

/// Two lines on their way to memory.
pub(super) struct StoreLines<T> {
    /// Whether parts are written by non-temporal stores, and whether the spectrum is, which is read again in the next sweep.
    pub(super) non_temporal: bool,
    non_temporal_spectrum: bool,
    values: [Vec<Complex<T>>; 2],
}

impl<T: Precision> StoreLines<T> {
    /// For lines of at most `len` coefficients of arrays of `points`.
    pub(super) fn new(len: usize, points: usize) -> StoreLines<T> {
        let bytes = points * size_of::<T>();
        StoreLines {
            non_temporal: bytes >= NON_TEMPORAL_BYTES,
            non_temporal_spectrum: bytes >= REREAD_BYTES,
            values: [(); 2].map(|()| vec![Complex::default(); len]),
        }
    }

    /// The same lines as numbers.
    pub(super) fn reals(&mut self, n: usize) -> [&mut [T]; 2] {
        self.values.each_mut().map(|v| &mut bytemuck::cast_slice_mut(v)[..n])
    }

    /// Lets `fill` write one or two lines of coefficients.
    pub(super) fn put<const N: usize>(
        &mut self,
        to: [&mut [Complex<T>]; N],
        fill: impl FnOnce([&mut [Complex<T>]; N]),
    ) {
        if !self.non_temporal_spectrum {
            return fill(to);
        }
        let mut lens = to.iter().map(|to| to.len());
        let mut values = self.values.iter_mut();
        let line = "there are two lines";
        let mut lines: [&mut [Complex<T>]; N] =
            std::array::from_fn(|_| &mut values.next().expect(line)[..lens.next().expect(line)]);
        fill(lines.each_mut().map(|l| &mut l[..]));
        for (to, line) in to.into_iter().zip(lines) {
            store_non_temporal::<T>(bytemuck::cast_slice_mut(to), bytemuck::cast_slice(line));
        }
    }
}
