//! First and third sweep in three dimensions: transforms of two real planes as one complex one.
//!
//! Of one plane u_x + i u_y travel together, of two neighbouring planes their u_z.

use super::pair::{first_of_pair, join, merge, second_of_pair, spread};
use super::slab::{Lines, Part, Slab};
use super::{Buffers, Leray, NullModes, pitch_of};
use crate::transform::Precision;
use crate::transform::stream::fetch;
use crate::transform::wide::wide;
use num_complex::Complex;
use std::ops::Range;

/// Rows transposed together: as many values as make two cache lines of a column.
pub(super) const fn rows_together<T>() -> usize {
    128 / size_of::<Complex<T>>()
}

/// Rows from the one at work to the one that is asked for.
const AHEAD: usize = 2;

/// Writes S = k_x û_x + k_y û_y and W = û_z.
pub(super) fn forward<const D: usize, T: Precision>(
    leray: &Leray<D, T>,
    slab: &mut Slab<D, T>,
    buffers: &mut Buffers<T>,
) {
    let [kx_of, ky_of] = [0, 1].map(|a| &leray.wavenumbers[a][..]);
    for p in 0..slab.planes() {
        rows_forward(leray, slab.input(0, p), Some(slab.input(1, p)), buffers);
        columns_forward(leray, buffers, |kx, a, b, lines| {
            note_sums(leray, slab, [(0, p), (1, p)], kx, a);
            let to = slab.column_mut(0, p, kx);
            lines.put([to], |[out]| merge(kx_of[kx], ky_of, a, b, out));
        });
    }
    let second = slab.planes() == 2;
    rows_forward(leray, slab.input(2, 0), second.then(|| slab.input(2, 1)), buffers);
    columns_forward(leray, buffers, |kx, a, b, lines| {
        note_sums(leray, slab, [(2, 0), (2, slab.planes() - 1)], kx, a);
        lines.put([slab.column_mut(1, 0, kx)], |[out]| first_of_pair(a, b, out));
        if second {
            lines.put([slab.column_mut(1, 1, kx)], |[out]| second_of_pair(a, b, out));
        }
    });
}

/// Takes P and Q, writes the parts and the potential.
pub(super) fn inverse<const D: usize, T: Precision>(
    leray: &Leray<D, T>,
    slab: &mut Slab<D, T>,
    buffers: &mut Buffers<T>,
    null: &NullModes<D>,
) {
    let (nx, ny, planes) = (leray.shape[0], leray.shape[1], slab.planes());
    let last = planes - 1;
    potential(leray, slab, buffers);
    let (plane, input) = (slab.plane, slab.input);
    let soon = |c: usize, p: usize, rows: Range<usize>| {
        fetch(&input[c][p * plane + rows.start * nx..p * plane + rows.end * nx]);
    };
    // Q first: its place is where the y component of the gradient goes
    columns_inverse(leray, buffers, |kx, a, b| {
        fetch(slab.column(1, 0, kx + 1));
        fetch(slab.column(1, last, kx + 1));
        // without a second plane the imaginary part is a copy of the first one, and is not stored
        join(slab.column(1, 0, kx), slab.column(1, last, kx), a, b);
    });
    let soon_both = |rows: Range<usize>| (0..planes).for_each(|p| soon(2, p, rows.clone()));
    rows_inverse(leray, buffers, soon_both, |y, row, lines| {
        let at = |p: usize| slab_row(slab.first + p, ny, y);
        let values = [null.row(2, at(0)), null.row(2, at(last))];
        slab.row(2, 0, y, nx).write(row, values[0], lines, false, Part::Real);
        if planes == 2 {
            slab.row(2, 1, y, nx).write(row, values[1], lines, false, Part::Imaginary);
        }
    });
    for p in 0..planes {
        let [kx_of, ky_of] = [0, 1].map(|a| &leray.wavenumbers[a][..]);
        columns_inverse(leray, buffers, |kx, a, b| {
            fetch(slab.column(0, p, kx + 1));
            spread(kx_of[kx], ky_of, slab.column(0, p, kx), a, b);
        });
        let soon_both = |rows: Range<usize>| (0..2).for_each(|c| soon(c, p, rows.clone()));
        rows_inverse(leray, buffers, soon_both, |y, row, lines| {
            let at = slab_row(slab.first + p, ny, y);
            slab.row(0, p, y, nx).write(row, null.row(0, at), lines, true, Part::Real);
            slab.row(1, p, y, nx).write(row, null.row(1, at), lines, true, Part::Imaginary);
        });
    }
}

/// Number of a row among all rows of an array.
fn slab_row(plane: usize, ny: usize, y: usize) -> usize {
    plane * ny + y
}

/// φ̂ = −i P.
fn potential<const D: usize, T: Precision>(
    leray: &Leray<D, T>,
    slab: &mut Slab<D, T>,
    buffers: &mut Buffers<T>,
) {
    let Some(potential) = slab.potential.take() else { return };
    let (nx, last) = (leray.shape[0], slab.planes() - 1);
    columns_inverse(leray, buffers, |kx, a, mut b| {
        let planes = [0, last].map(|p| slab.column(0, p, kx));
        join(planes[0], planes[1], &mut *a, b.as_deref_mut());
        // −i (P₁ + i P₂) and, for the conjugate, i (P̄₁ + i P̄₂)
        a.iter_mut().for_each(|z| *z = Complex::new(z.im, -z.re));
        b.into_iter().flatten().for_each(|z| *z = Complex::new(-z.im, z.re));
    });
    let (first, second) = potential.split_at_mut(slab.plane);
    rows_inverse(
        leray,
        buffers,
        |_| {},
        |y, row, _| {
            first[y * nx..][..nx].iter_mut().zip(row).for_each(|(v, z)| *v = z.re);
            if !second.is_empty() {
                second[y * nx..][..nx].iter_mut().zip(row).for_each(|(v, z)| *v = z.im);
            }
        },
    );
}

/// Rows of a + ib transformed along x and put into columns.
fn rows_forward<const D: usize, T: Precision>(
    leray: &Leray<D, T>,
    a: &[T],
    b: Option<&[T]>,
    buffers: &mut Buffers<T>,
) {
    let (nx, ny) = (leray.shape[0], leray.shape[1]);
    let (row_pitch, share) = (pitch_of::<T>(nx), rows_together::<T>());
    for y in (0..ny).step_by(share) {
        let end = ny.min(y + share);
        for (y, work) in (y..end).zip(buffers.rows.chunks_exact_mut(row_pitch)) {
            let (row, work) = (y * nx..(y + 1) * nx, &mut work[..nx]);
            let soon = ny.min(y + AHEAD) * nx..ny.min(y + AHEAD + 1) * nx;
            fetch(&a[soon.clone()]);
            b.iter().for_each(|b| fetch(&b[soon.clone()]));
            interleave(&a[row.clone()], b.map(|b| &b[row]), &mut *work);
            leray.forward[0].process_with_scratch(work, &mut buffers.fft);
        }
        to_columns(&buffers.rows, row_pitch, &mut buffers.columns, pitch_of::<T>(ny), y..end);
    }
}

/// Columns transformed along x, row by row, each given to `act` with its y; `soon` is told which rows follow.
fn rows_inverse<const D: usize, T: Precision>(
    leray: &Leray<D, T>,
    buffers: &mut Buffers<T>,
    soon: impl Fn(Range<usize>),
    mut act: impl FnMut(usize, &[Complex<T>], &mut Lines<T>),
) {
    let (nx, ny) = (leray.shape[0], leray.shape[1]);
    let (row_pitch, share) = (pitch_of::<T>(nx), rows_together::<T>());
    for y in (0..ny).step_by(share) {
        let end = ny.min(y + share);
        to_rows(&buffers.columns, pitch_of::<T>(ny), &mut buffers.rows, row_pitch, y..end);
        for (y, work) in (y..end).zip(buffers.rows.chunks_exact_mut(row_pitch)) {
            soon(ny.min(y + AHEAD)..ny.min(y + AHEAD + 1));
            leray.inverse[0].process_with_scratch(&mut work[..nx], &mut buffers.fft);
            act(y, &work[..nx], &mut buffers.lines);
        }
    }
}

wide! {
    /// a + ib; without b its imaginary part is 0.
    fn interleave<'a, T>(a: &'a [T], b: Option<&'a [T]>, out: &'a mut [Complex<T>]) {
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
    fn to_columns<'a, T>(rows: &'a [Complex<T>], row_pitch: usize, columns: &'a mut [Complex<T>], pitch: usize, y: Range<usize>) {
        for (kx, column) in columns.chunks_exact_mut(pitch).enumerate() {
            for (r, value) in column[y.clone()].iter_mut().enumerate() {
                *value = rows[r * row_pitch + kx];
            }
        }
    }
}

wide! {
    /// The opposite of [`to_columns`].
    fn to_rows<'a, T>(columns: &'a [Complex<T>], pitch: usize, rows: &'a mut [Complex<T>], row_pitch: usize, y: Range<usize>) {
        for (kx, column) in columns.chunks_exact(pitch).enumerate() {
            for (r, value) in column[y.clone()].iter().enumerate() {
                rows[r * row_pitch + kx] = *value;
            }
        }
    }
}

/// Transforms along y, and gives `act` the columns of kx and of −kx, for kx = 0 … ⌊n_x/2⌋.
fn columns_forward<const D: usize, T: Precision>(
    leray: &Leray<D, T>,
    buffers: &mut Buffers<T>,
    mut act: impl FnMut(usize, &[Complex<T>], &[Complex<T>], &mut Lines<T>),
) {
    let (nx, ny) = (leray.shape[0], leray.shape[1]);
    let pitch = pitch_of::<T>(ny);
    for kx in 0..=nx / 2 {
        let mirror = (nx - kx) % nx;
        let at = [kx, mirror].map(|k| k * pitch..k * pitch + ny);
        for column in at.iter().take(if kx == mirror { 1 } else { 2 }) {
            let column = &mut buffers.columns[column.clone()];
            leray.forward[1].process_with_scratch(column, &mut buffers.fft);
        }
        let [a, b] = at.map(|column| &buffers.columns[column]);
        act(kx, a, b, &mut buffers.lines);
    }
}

/// Lets `act` fill the columns of kx and, where it is another, of −kx, and transforms them along y.
fn columns_inverse<const D: usize, T: Precision>(
    leray: &Leray<D, T>,
    buffers: &mut Buffers<T>,
    mut act: impl FnMut(usize, &mut [Complex<T>], Option<&mut [Complex<T>]>),
) {
    let (nx, ny) = (leray.shape[0], leray.shape[1]);
    let pitch = pitch_of::<T>(ny);
    for kx in 0..=nx / 2 {
        let mirror = (nx - kx) % nx;
        if kx == mirror {
            let a = &mut buffers.columns[kx * pitch..][..ny];
            act(kx, a, None);
            leray.inverse[1].process_with_scratch(a, &mut buffers.fft);
        } else {
            let (low, high) = buffers.columns.split_at_mut(mirror * pitch);
            let (a, b) = (&mut low[kx * pitch..][..ny], &mut high[..ny]);
            act(kx, a, Some(b));
            leray.inverse[1].process_with_scratch(a, &mut buffers.fft);
            leray.inverse[1].process_with_scratch(b, &mut buffers.fft);
        }
    }
}

/// Notes the sums of two real planes, which are the coefficients of their null modes.
fn note_sums<const D: usize, T: Precision>(
    leray: &Leray<D, T>,
    slab: &mut Slab<D, T>,
    [real, imaginary]: [(usize, usize); 2],
    kx: usize,
    column: &[Complex<T>],
) {
    let (nx, ny) = (leray.shape[0], leray.shape[1]);
    if (nx - kx) % nx != kx {
        return;
    }
    for bit in 0..2 {
        let value = column[bit * (ny / 2)];
        let mode = usize::from(kx > 0) | bit << 1;
        // a plane without a partner is noted last
        slab.sums[imaginary.1][imaginary.0][mode] = value.im.wide();
        slab.sums[real.1][real.0][mode] = value.re.wide();
    }
}
