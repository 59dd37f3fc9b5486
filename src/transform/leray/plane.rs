//! First and third sweep in three dimensions: transforms of two real planes as one complex one.
//!
//! Of one plane u_x + i u_y travel together, of two neighbouring planes their u_z.

use super::slab::{Lines, Slab};
use super::{Buffers, Leray, NullModes};
use crate::transform::tile::pitch;
use num_complex::Complex64;

/// Rows transposed together: as many values as make one or two cache lines of a column.
pub(super) const ROWS: usize = 8;

/// Writes S = k_x û_x + k_y û_y and W = û_z.
pub(super) fn forward<const D: usize>(leray: &Leray<D>, slab: &mut Slab<D>, buffers: &mut Buffers) {
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
        lines.put([slab.column_mut(1, 0, kx)], |[out]| {
            pairwise(a, b, out, |z, mirror| 0.5 * (z + mirror));
        });
        if second {
            lines.put([slab.column_mut(1, 1, kx)], |[out]| {
                pairwise(a, b, out, |z, mirror| {
                    let d = 0.5 * (z - mirror);
                    Complex64::new(d.im, -d.re)
                });
            });
        }
    });
}

/// Takes P and Q, writes the parts and the potential.
pub(super) fn inverse<const D: usize>(
    leray: &Leray<D>,
    slab: &mut Slab<D>,
    buffers: &mut Buffers,
    null: &NullModes<D>,
) {
    let (nx, ny, planes) = (leray.shape[0], leray.shape[1], slab.planes());
    let last = planes - 1;
    potential(leray, slab, buffers);
    // Q first: its place is where the y component of the gradient goes
    columns_inverse(leray, buffers, |kx, a, b| {
        // without a second plane the imaginary part is a copy of the first one, and is not stored
        join(slab.column(1, 0, kx), slab.column(1, last, kx), a, b);
    });
    rows_inverse(leray, buffers, |y, row, lines| {
        let at = |p: usize| slab_row(slab.first + p, ny, y);
        let values = [null.row(2, at(0)), null.row(2, at(last))];
        slab.row(2, 0, y, nx).write(row, values[0], lines, false, |z| z.re);
        if planes == 2 {
            slab.row(2, 1, y, nx).write(row, values[1], lines, false, |z| z.im);
        }
    });
    for p in 0..planes {
        let [kx_of, ky_of] = [0, 1].map(|a| &leray.wavenumbers[a][..]);
        columns_inverse(leray, buffers, |kx, a, b| {
            spread(kx_of[kx], ky_of, slab.column(0, p, kx), a, b);
        });
        rows_inverse(leray, buffers, |y, row, lines| {
            let at = slab_row(slab.first + p, ny, y);
            slab.row(0, p, y, nx).write(row, null.row(0, at), lines, true, |z| z.re);
            slab.row(1, p, y, nx).write(row, null.row(1, at), lines, true, |z| z.im);
        });
    }
}

/// Number of a row among all rows of an array.
fn slab_row(plane: usize, ny: usize, y: usize) -> usize {
    plane * ny + y
}

/// φ̂ = −i P.
fn potential<const D: usize>(leray: &Leray<D>, slab: &mut Slab<D>, buffers: &mut Buffers) {
    let Some(potential) = slab.potential.take() else { return };
    let (nx, last) = (leray.shape[0], slab.planes() - 1);
    columns_inverse(leray, buffers, |kx, a, mut b| {
        join(slab.column(0, 0, kx), slab.column(0, last, kx), a, b.as_deref_mut());
        // −i (P₁ + i P₂) and, for the conjugate, i (P̄₁ + i P̄₂)
        a.iter_mut().for_each(|z| *z *= -Complex64::I);
        b.into_iter().flatten().for_each(|z| *z *= Complex64::I);
    });
    let (first, second) = potential.split_at_mut(slab.plane);
    rows_inverse(leray, buffers, |y, row, _| {
        first[y * nx..][..nx].iter_mut().zip(row).for_each(|(v, z)| *v = z.re);
        if !second.is_empty() {
            second[y * nx..][..nx].iter_mut().zip(row).for_each(|(v, z)| *v = z.im);
        }
    });
}

/// Rows of a + ib transformed along x and put into columns.
fn rows_forward<const D: usize>(
    leray: &Leray<D>,
    a: &[f64],
    b: Option<&[f64]>,
    buffers: &mut Buffers,
) {
    let (nx, ny) = (leray.shape[0], leray.shape[1]);
    let (row_pitch, column_pitch) = (pitch(nx), pitch(ny));
    for y in (0..ny).step_by(ROWS) {
        let rows = ROWS.min(ny - y);
        for (r, work) in buffers.rows.chunks_exact_mut(row_pitch).take(rows).enumerate() {
            let work = &mut work[..nx];
            let a = &a[(y + r) * nx..][..nx];
            match b {
                Some(b) => {
                    let values = a.iter().zip(&b[(y + r) * nx..][..nx]);
                    work.iter_mut().zip(values).for_each(|(w, (a, b))| *w = Complex64::new(*a, *b));
                }
                None => work.iter_mut().zip(a).for_each(|(w, a)| *w = Complex64::new(*a, 0.0)),
            }
            leray.forward[0].process_with_scratch(work, &mut buffers.fft);
        }
        for (kx, column) in buffers.columns.chunks_exact_mut(column_pitch).enumerate() {
            for (r, value) in column[y..y + rows].iter_mut().enumerate() {
                *value = buffers.rows[r * row_pitch + kx];
            }
        }
    }
}

/// Columns transformed along x, row by row, each given to `act` with its y.
fn rows_inverse<const D: usize>(
    leray: &Leray<D>,
    buffers: &mut Buffers,
    mut act: impl FnMut(usize, &[Complex64], &mut Lines),
) {
    let (nx, ny) = (leray.shape[0], leray.shape[1]);
    let (row_pitch, column_pitch) = (pitch(nx), pitch(ny));
    for y in (0..ny).step_by(ROWS) {
        let rows = ROWS.min(ny - y);
        for (kx, column) in buffers.columns.chunks_exact(column_pitch).enumerate() {
            for (r, value) in column[y..y + rows].iter().enumerate() {
                buffers.rows[r * row_pitch + kx] = *value;
            }
        }
        for (r, work) in buffers.rows.chunks_exact_mut(row_pitch).take(rows).enumerate() {
            leray.inverse[0].process_with_scratch(&mut work[..nx], &mut buffers.fft);
            act(y + r, &work[..nx], &mut buffers.lines);
        }
    }
}

/// Transforms along y, and gives `act` the columns of kx and of −kx, for kx = 0 … ⌊n_x/2⌋.
fn columns_forward<const D: usize>(
    leray: &Leray<D>,
    buffers: &mut Buffers,
    mut act: impl FnMut(usize, &[Complex64], &[Complex64], &mut Lines),
) {
    let (nx, ny) = (leray.shape[0], leray.shape[1]);
    let pitch = pitch(ny);
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
fn columns_inverse<const D: usize>(
    leray: &Leray<D>,
    buffers: &mut Buffers,
    mut act: impl FnMut(usize, &mut [Complex64], Option<&mut [Complex64]>),
) {
    let (nx, ny) = (leray.shape[0], leray.shape[1]);
    let pitch = pitch(ny);
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
fn note_sums<const D: usize>(
    leray: &Leray<D>,
    slab: &mut Slab<D>,
    [real, imaginary]: [(usize, usize); 2],
    kx: usize,
    column: &[Complex64],
) {
    let (nx, ny) = (leray.shape[0], leray.shape[1]);
    if (nx - kx) % nx != kx {
        return;
    }
    for bit in 0..2 {
        let value = column[bit * (ny / 2)];
        let mode = usize::from(kx > 0) | bit << 1;
        // a plane without a partner is noted last
        slab.sums[imaginary.1][imaginary.0][mode] = value.im;
        slab.sums[real.1][real.0][mode] = value.re;
    }
}

/// k_x â + k_y b̂ of two real planes from the columns of â + i b̂ at kx and −kx.
fn merge(kx: f64, ky: &[f64], a: &[Complex64], b: &[Complex64], out: &mut [Complex64]) {
    let combine = |ky: f64, z: Complex64, mirror: Complex64| {
        let (s, d) = (z + mirror.conj(), z - mirror.conj());
        Complex64::new(0.5 * (kx * s.re + ky * d.im), 0.5 * (kx * s.im - ky * d.re))
    };
    out[0] = combine(ky[0], a[0], b[0]);
    let mirrored = a[1..].iter().zip(b[1..].iter().rev());
    for ((out, ky), (a, b)) in out[1..].iter_mut().zip(&ky[1..]).zip(mirrored) {
        *out = combine(*ky, *a, *b);
    }
}

/// A function of the coefficients of a + ib at k and, conjugated, at −k.
fn pairwise(
    a: &[Complex64],
    b: &[Complex64],
    out: &mut [Complex64],
    f: impl Fn(Complex64, Complex64) -> Complex64,
) {
    out[0] = f(a[0], b[0].conj());
    let mirrored = a[1..].iter().zip(b[1..].iter().rev());
    for (out, (a, b)) in out[1..].iter_mut().zip(mirrored) {
        *out = f(*a, b.conj());
    }
}

/// (k_x + i k_y) P at kx, and at −kx, where P is minus its conjugate.
fn spread(kx: f64, ky: &[f64], p: &[Complex64], a: &mut [Complex64], b: Option<&mut [Complex64]>) {
    for ((a, ky), p) in a.iter_mut().zip(ky).zip(p) {
        *a = Complex64::new(kx * p.re - ky * p.im, kx * p.im + ky * p.re);
    }
    let Some(b) = b else { return };
    let value =
        |ky: f64, p: Complex64| Complex64::new(kx * p.re + ky * p.im, ky * p.re - kx * p.im);
    b[0] = value(ky[0], p[0]);
    for (b, (ky, p)) in b[1..].iter_mut().rev().zip(ky[1..].iter().zip(&p[1..])) {
        *b = value(*ky, *p);
    }
}

/// The columns of a + ib at kx and −kx from those of two real planes at kx.
fn join(p: &[Complex64], q: &[Complex64], a: &mut [Complex64], b: Option<&mut [Complex64]>) {
    for (a, (p, q)) in a.iter_mut().zip(p.iter().zip(q)) {
        *a = Complex64::new(p.re - q.im, p.im + q.re);
    }
    let Some(b) = b else { return };
    let value = |p: Complex64, q: Complex64| Complex64::new(p.re + q.im, q.re - p.im);
    b[0] = value(p[0], q[0]);
    for (b, (p, q)) in b[1..].iter_mut().rev().zip(p[1..].iter().zip(&q[1..])) {
        *b = value(*p, *q);
    }
}
