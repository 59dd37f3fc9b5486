//! First and third sweep in three dimensions: transforms of two real planes as one complex one.
//!
//! Of one plane u_x + i u_y travel together, of two neighbouring planes their u_z.

use super::lines::StoreLines;
use super::pair::{first_of_pair, join, merge, second_of_pair, spread};
use super::slab::{ComplexPart, Slab};
use super::{LerayProjection, NullModes, PlaneBuffers, rows};
use crate::machine::prefetch;
use crate::transform::Precision;
use num_complex::Complex;

/// Writes S = k_x û_x + k_y û_y and W = û_z.
pub(super) fn forward<const D: usize, T: Precision>(
    leray: &LerayProjection<D, T>,
    slab: &mut Slab<D, T>,
    buffers: &mut PlaneBuffers<T>,
) {
    let ny = leray.shape[1];
    let [kx_of, ky_of] = [0, 1].map(|a| &leray.wavenumbers[a][..]);
    for p in 0..slab.planes {
        rows::forward(leray, ny, slab.input(0, p), Some(slab.input(1, p)), buffers);
        columns_forward(leray, buffers, |kx, a, b, lines| {
            note_sums(leray, slab, [(0, p), (1, p)], kx, a);
            let [to, _] = slab.columns_mut(p, kx);
            lines.put([to], |[out]| merge(kx_of[kx], ky_of, a, b, out));
        });
    }
    let second = slab.planes == 2;
    rows::forward(leray, ny, slab.input(2, 0), second.then(|| slab.input(2, 1)), buffers);
    columns_forward(leray, buffers, |kx, a, b, lines| {
        note_sums(leray, slab, [(2, 0), (2, slab.planes - 1)], kx, a);
        let [_, to] = slab.columns_mut(0, kx);
        lines.put([to], |[out]| first_of_pair(a, b, out));
        if second {
            let [_, to] = slab.columns_mut(1, kx);
            lines.put([to], |[out]| second_of_pair(a, b, out));
        }
    });
}

/// Takes P and Q, writes the parts and the potential.
pub(super) fn inverse<const D: usize, T: Precision>(
    leray: &LerayProjection<D, T>,
    slab: &mut Slab<D, T>,
    buffers: &mut PlaneBuffers<T>,
    null: &NullModes<D>,
) {
    let (nx, ny, planes) = (leray.shape[0], leray.shape[1], slab.planes);
    let last = planes - 1;
    potential(leray, slab, buffers);
    let (plane, input) = (slab.plane, slab.input);
    let soon = |c: usize, p: usize, y: usize| prefetch(&input[c][p * plane + y * nx..][..nx]);
    // Q first: the y component of the gradient overwrites it
    columns_inverse(leray, buffers, |kx, a, b| {
        prefetch(slab.column(1, 0, kx + 1));
        prefetch(slab.column(1, last, kx + 1));
        // without a second plane the imaginary part is a copy of the first one, and is not stored
        join(slab.column(1, 0, kx), slab.column(1, last, kx), a, b);
    });
    let soon_both = |y: usize| (0..planes).for_each(|p| soon(2, p, y));
    rows::inverse(leray, ny, buffers, soon_both, |y, row, lines| {
        let at = |p: usize| slab_row(slab.first + p, ny, y);
        let values = [null.row(2, at(0)), null.row(2, at(last))];
        slab.row(2, 0, y, nx).write(row, values[0], lines, false, ComplexPart::Real);
        if planes == 2 {
            slab.row(2, 1, y, nx).write(row, values[1], lines, false, ComplexPart::Imaginary);
        }
    });
    for p in 0..planes {
        let [kx_of, ky_of] = [0, 1].map(|a| &leray.wavenumbers[a][..]);
        columns_inverse(leray, buffers, |kx, a, b| {
            prefetch(slab.column(0, p, kx + 1));
            spread(kx_of[kx], ky_of, slab.column(0, p, kx), a, b);
        });
        let soon_both = |y: usize| (0..2).for_each(|c| soon(c, p, y));
        rows::inverse(leray, ny, buffers, soon_both, |y, row, lines| {
            let at = slab_row(slab.first + p, ny, y);
            slab.row(0, p, y, nx).write(row, null.row(0, at), lines, true, ComplexPart::Real);
            slab.row(1, p, y, nx).write(row, null.row(1, at), lines, true, ComplexPart::Imaginary);
        });
    }
}

/// Number of a row among all rows of an array.
fn slab_row(plane: usize, ny: usize, y: usize) -> usize {
    plane * ny + y
}

/// φ̂ = −i P.
fn potential<const D: usize, T: Precision>(
    leray: &LerayProjection<D, T>,
    slab: &mut Slab<D, T>,
    buffers: &mut PlaneBuffers<T>,
) {
    let Some(potential) = slab.potential.take() else { return };
    let (nx, last) = (leray.shape[0], slab.planes - 1);
    columns_inverse(leray, buffers, |kx, a, mut b| {
        let planes = [0, last].map(|p| slab.column(0, p, kx));
        join(planes[0], planes[1], &mut *a, b.as_deref_mut());
        // −i (P₁ + i P₂) and, for the conjugate, i (P̄₁ + i P̄₂)
        a.iter_mut().for_each(|z| *z = Complex::new(z.im, -z.re));
        b.into_iter().flatten().for_each(|z| *z = Complex::new(-z.im, z.re));
    });
    let plane = slab.plane;
    rows::inverse(
        leray,
        leray.shape[1],
        buffers,
        |_| {},
        |y, row, _| {
            let planes = potential.chunks_exact_mut(plane);
            ComplexPart::write_both(row, planes.map(|values| &mut values[y * nx..][..nx]));
        },
    );
}

/// Transforms along y, and gives `act` the columns of kx and of −kx, for kx = 0 … ⌊n_x/2⌋.
fn columns_forward<const D: usize, T: Precision>(
    leray: &LerayProjection<D, T>,
    buffers: &mut PlaneBuffers<T>,
    mut act: impl FnMut(usize, &[Complex<T>], &[Complex<T>], &mut StoreLines<T>),
) {
    let (nx, ny) = (leray.shape[0], leray.shape[1]);
    for kx in 0..=nx / 2 {
        let (a, b) = buffers.columns.pair_mut(nx, ny, kx);
        for column in std::iter::once(a).chain(b) {
            leray.forward[1].process_with_scratch(column, &mut buffers.fft);
        }
        let [a, b] = buffers.columns.pair(nx, ny, kx);
        act(kx, a, b, &mut buffers.lines);
    }
}

/// Lets `act` fill the columns of kx and, where it is another, of −kx, and transforms them along y.
fn columns_inverse<const D: usize, T: Precision>(
    leray: &LerayProjection<D, T>,
    buffers: &mut PlaneBuffers<T>,
    mut act: impl FnMut(usize, &mut [Complex<T>], Option<&mut [Complex<T>]>),
) {
    let (nx, ny) = (leray.shape[0], leray.shape[1]);
    for kx in 0..=nx / 2 {
        let (a, mut b) = buffers.columns.pair_mut(nx, ny, kx);
        act(kx, &mut *a, b.as_deref_mut());
        for column in std::iter::once(a).chain(b) {
            leray.inverse[1].process_with_scratch(column, &mut buffers.fft);
        }
    }
}

/// Notes the sums of two real planes, which are the coefficients of their null modes.
fn note_sums<const D: usize, T: Precision>(
    leray: &LerayProjection<D, T>,
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
