//! First and third sweep in two dimensions, where a plane is a row: u_x + i u_y travels as one row.

use super::slab::Slab;
use super::{Buffers, Leray, NullModes};
use num_complex::Complex64;

/// Writes S = k_x û_x and W = û_y.
pub(super) fn forward<const D: usize>(leray: &Leray<D>, slab: &mut Slab<D>, buffers: &mut Buffers) {
    let (nx, fft) = (leray.shape[0], &leray.forward[0]);
    let work = &mut buffers.rows[..nx];
    for p in 0..slab.planes() {
        let pairs = slab.input(0, p).iter().zip(slab.input(1, p));
        work.iter_mut().zip(pairs).for_each(|(w, (a, b))| *w = Complex64::new(*a, *b));
        fft.process_with_scratch(work, &mut buffers.fft);
        slab.sums[p][0][..2].copy_from_slice(&[work[0].re, work[nx / 2].re]);
        slab.sums[p][1][..2].copy_from_slice(&[work[0].im, work[nx / 2].im]);
        for kx in 0..=nx / 2 {
            let (z, mirror) = (work[kx], work[(nx - kx) % nx].conj());
            let d = z - mirror;
            slab.column_mut(0, p, kx)[0] = (z + mirror) * (0.5 * leray.wavenumbers[0][kx]);
            slab.column_mut(1, p, kx)[0] = Complex64::new(0.5 * d.im, -0.5 * d.re);
        }
    }
}

/// Takes P and Q, writes the parts and the potential.
pub(super) fn inverse<const D: usize>(
    leray: &Leray<D>,
    slab: &mut Slab<D>,
    buffers: &mut Buffers,
    null: &NullModes<D>,
) {
    potential(leray, slab, buffers);
    let (nx, fft) = (leray.shape[0], &leray.inverse[0]);
    let work = &mut buffers.rows[..nx];
    for p in 0..slab.planes() {
        for kx in 0..=nx / 2 {
            let a = slab.column(0, p, kx)[0] * leray.wavenumbers[0][kx];
            let b = slab.column(1, p, kx)[0];
            join(work, kx, a, b);
        }
        fft.process_with_scratch(work, &mut buffers.fft);
        let row = slab.first + p;
        slab.row(0, p, 0, nx).write(work, null.row(0, row), |z| z.re);
        slab.row(1, p, 0, nx).write(work, null.row(1, row), |z| z.im);
    }
}

/// φ̂ = −i P, two rows as one.
fn potential<const D: usize>(leray: &Leray<D>, slab: &mut Slab<D>, buffers: &mut Buffers) {
    let Some(potential) = slab.potential.take() else { return };
    let (nx, fft) = (leray.shape[0], &leray.inverse[0]);
    let work = &mut buffers.rows[..nx];
    for (pair, rows) in potential.chunks_mut(2 * nx).enumerate() {
        let p = 2 * pair;
        for kx in 0..=nx / 2 {
            let value = |p: usize| slab.column(0, p, kx)[0] * -Complex64::I;
            let second = if p + 1 < slab.planes() { value(p + 1) } else { Complex64::ZERO };
            join(work, kx, value(p), second);
        }
        fft.process_with_scratch(work, &mut buffers.fft);
        let (a, b) = rows.split_at_mut(nx);
        a.iter_mut().zip(&*work).for_each(|(v, z)| *v = z.re);
        b.iter_mut().zip(&*work).for_each(|(v, z)| *v = z.im);
    }
}

/// Puts the coefficients a and b of two real rows into that of a + ib at kx and −kx.
fn join(work: &mut [Complex64], kx: usize, a: Complex64, b: Complex64) {
    let mirror = (work.len() - kx) % work.len();
    work[mirror] = Complex64::new(a.re + b.im, b.re - a.im);
    work[kx] = Complex64::new(a.re - b.im, a.im + b.re);
}
