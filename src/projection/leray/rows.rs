//! The rows of a plane, transformed along x, into columns and back.

use super::lines::StoreLines;
use super::{LerayProjection, PlaneBuffers, pitch_of};
use crate::machine::prefetch;
use crate::machine::wide;
use crate::transform::Precision;
use num_complex::Complex;
use std::ops::Range;

/// Rows transposed together: as many values as make two cache lines of a column.
pub(super) const fn together<T>() -> usize {
    128 / size_of::<Complex<T>>()
}

/// Rows from the one being computed to the one being prefetched.
const AHEAD: usize = 2;

/// A plane column by column.
pub(super) struct SpectrumColumns<T> {
    values: Vec<Complex<T>>,
}

impl<T: Precision> SpectrumColumns<T> {
    /// For `count` columns of `len` values.
    pub(super) fn new(count: usize, len: usize) -> SpectrumColumns<T> {
        SpectrumColumns { values: vec![Complex::default(); count * pitch_of::<T>(len)] }
    }

    /// The columns kx and −kx of `nx` ones of n values.
    pub(super) fn pair(&self, nx: usize, n: usize, kx: usize) -> [&[Complex<T>]; 2] {
        [kx, (nx - kx) % nx].map(|kx| &self.values[kx * pitch_of::<T>(n)..][..n])
    }

    /// The same, to write; where −kx is kx there is one.
    pub(super) fn pair_mut(&mut self, nx: usize, n: usize, kx: usize) -> PairMut<'_, T> {
        let (pitch, mirror) = (pitch_of::<T>(n), (nx - kx) % nx);
        if kx == mirror {
            return (&mut self.values[kx * pitch..][..n], None);
        }
        let (low, high) = self.values.split_at_mut(mirror * pitch);
        (&mut low[kx * pitch..][..n], Some(&mut high[..n]))
    }
}

/// A column and, where it is another one, that of the opposite wavenumber.
type PairMut<'a, T> = (&'a mut [Complex<T>], Option<&'a mut [Complex<T>]>);

/// Rows of a + ib, of a plane of n, transformed along x and put into columns.
pub(super) fn forward<const D: usize, T: Precision>(
    leray: &LerayProjection<D, T>,
    n: usize,
    a: &[T],
    b: Option<&[T]>,
    buffers: &mut PlaneBuffers<T>,
) {
    let nx = leray.shape[0];
    let (row_pitch, pitch, share) = (pitch_of::<T>(nx), pitch_of::<T>(n), together::<T>());
    for y in (0..n).step_by(share) {
        let end = n.min(y + share);
        for (y, work) in (y..end).zip(buffers.rows.chunks_exact_mut(row_pitch)) {
            let work = &mut work[..nx];
            if y + AHEAD < n {
                let soon = (y + AHEAD) * nx..(y + AHEAD + 1) * nx;
                prefetch(&a[soon.clone()]);
                b.iter().for_each(|b| prefetch(&b[soon.clone()]));
            }
            let row = y * nx..(y + 1) * nx;
            interleave(&a[row.clone()], b.map(|b| &b[row]), &mut *work);
            leray.forward[0].process_with_scratch(work, &mut buffers.fft);
        }
        let columns = &mut buffers.columns.values[..nx * pitch];
        to_columns(&buffers.rows, row_pitch, columns, pitch, y..end);
    }
}

/// Columns of n values transformed along x, row by row, each given to `act` with its number; `soon`
/// is called with the numbers of rows that follow.
pub(super) fn inverse<const D: usize, T: Precision>(
    leray: &LerayProjection<D, T>,
    n: usize,
    buffers: &mut PlaneBuffers<T>,
    soon: impl Fn(usize),
    mut act: impl FnMut(usize, &[Complex<T>], &mut StoreLines<T>),
) {
    let nx = leray.shape[0];
    let (row_pitch, pitch, share) = (pitch_of::<T>(nx), pitch_of::<T>(n), together::<T>());
    for y in (0..n).step_by(share) {
        let end = n.min(y + share);
        let columns = &buffers.columns.values[..nx * pitch];
        to_rows(columns, pitch, &mut buffers.rows, row_pitch, y..end);
        for (y, work) in (y..end).zip(buffers.rows.chunks_exact_mut(row_pitch)) {
            if y + AHEAD < n {
                soon(y + AHEAD);
            }
            leray.inverse[0].process_with_scratch(&mut work[..nx], &mut buffers.fft);
            act(y, &work[..nx], &mut buffers.lines);
        }
    }
}

wide! {
    /// a + ib; without b its imaginary part is 0.
    fn interleave<'a, T: Precision>(a: &'a [T], b: Option<&'a [T]>, out: &'a mut [Complex<T>]) {
        match b {
            Some(b) => {
                let values = a.iter().zip(b);
                out.iter_mut().zip(values).for_each(|(w, (a, b))| *w = Complex::new(*a, *b));
            }
            None => out.iter_mut().zip(a).for_each(|(w, a)| *w = Complex::new(*a, T::zero())),
        }
    }
}

wide! {
    /// The first rows of a buffer become the values y of its columns.
    fn to_columns<'a, T: Precision>(
        rows: &'a [Complex<T>],
        row_pitch: usize,
        columns: &'a mut [Complex<T>],
        pitch: usize,
        y: Range<usize>,
    ) {
        for (kx, column) in columns.chunks_exact_mut(pitch).enumerate() {
            for (r, value) in column[y.clone()].iter_mut().enumerate() {
                *value = rows[r * row_pitch + kx];
            }
        }
    }
}

wide! {
    /// The opposite of [`to_columns`].
    fn to_rows<'a, T: Precision>(
        columns: &'a [Complex<T>],
        pitch: usize,
        rows: &'a mut [Complex<T>],
        row_pitch: usize,
        y: Range<usize>,
    ) {
        for (kx, column) in columns.chunks_exact(pitch).enumerate() {
            for (r, value) in column[y.clone()].iter().enumerate() {
                rows[r * row_pitch + kx] = *value;
            }
        }
    }
}
