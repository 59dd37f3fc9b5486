//! First and third sweep in two dimensions, where a plane is a row: u_x + i u_y travels as one row.

use super::slab::Slab;
use super::{Buffers, Leray, NullModes};
use num_complex::Complex64;

/// Writes S = k_x û_x and W = û_y.
pub(super) fn forward<const D: usize>(leray: &Leray<D>, slab: &mut Slab<D>, buffers: &mut Buffers) {
    let (nx, fft) = (leray.shape[0], &leray.forward[0]);
    let half = nx / 2;
    let work = &mut buffers.rows[..nx];
    for p in 0..slab.planes() {
        let pairs = slab.input(0, p).iter().zip(slab.input(1, p));
        work.iter_mut().zip(pairs).for_each(|(w, (a, b))| *w = Complex64::new(*a, *b));
        fft.process_with_scratch(work, &mut buffers.fft);
        slab.sums[p][0][..2].copy_from_slice(&[work[0].re, work[half].re]);
        slab.sums[p][1][..2].copy_from_slice(&[work[0].im, work[half].im]);
        let k = &leray.wavenumbers[0];
        let [s, w] = slab.fields_mut(p);
        let last = separate(k[half], work[half], work[(nx - half) % nx]);
        (s.1[0], w.1[0]) = last;
        if half > 0 {
            buffers.lines.put([s.0, w.0], |[s, w]| {
                (s[0], w[0]) = separate(k[0], work[0], work[0]);
                let mirrored = work[1..half].iter().zip(work[nx - half + 1..].iter().rev());
                let out = s[1..].iter_mut().zip(&mut w[1..]);
                for ((s, w), (k, (z, m))) in out.zip(k[1..half].iter().zip(mirrored)) {
                    (*s, *w) = separate(*k, *z, *m);
                }
            });
        }
    }
}

/// k â and b̂ from the coefficients of a + ib at k and −k.
fn separate(k: f64, z: Complex64, mirror: Complex64) -> (Complex64, Complex64) {
    let (s, d) = (z + mirror.conj(), z - mirror.conj());
    (s * (0.5 * k), Complex64::new(0.5 * d.im, -0.5 * d.re))
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
        let k = &leray.wavenumbers[0];
        let [a, b] = slab.fields(p);
        join(work, a, b, |a, kx| a * k[kx], |b| b);
        fft.process_with_scratch(work, &mut buffers.fft);
        let (row, lines) = (slab.first + p, &mut buffers.lines);
        slab.row(0, p, 0, nx).write(work, null.row(0, row), lines, true, |z| z.re);
        slab.row(1, p, 0, nx).write(work, null.row(1, row), lines, true, |z| z.im);
    }
}

/// φ̂ = −i P, two rows as one.
fn potential<const D: usize>(leray: &Leray<D>, slab: &mut Slab<D>, buffers: &mut Buffers) {
    let Some(potential) = slab.potential.take() else { return };
    let (nx, fft) = (leray.shape[0], &leray.inverse[0]);
    let work = &mut buffers.rows[..nx];
    for (pair, rows) in potential.chunks_mut(2 * nx).enumerate() {
        // without a second row the imaginary part is a copy of the first, and is not stored
        let second = (2 * pair + 1).min(slab.planes() - 1);
        let turn = |a: Complex64| Complex64::new(a.im, -a.re);
        let [a, b] = [slab.fields(2 * pair)[0], slab.fields(second)[0]];
        join(work, a, b, |a, _| turn(a), turn);
        fft.process_with_scratch(work, &mut buffers.fft);
        let (a, b) = rows.split_at_mut(nx);
        a.iter_mut().zip(&*work).for_each(|(v, z)| *v = z.re);
        b.iter_mut().zip(&*work).for_each(|(v, z)| *v = z.im);
    }
}

/// The row of a + ib from the half spectra of two real rows, each changed on the way.
fn join(
    work: &mut [Complex64],
    a: (&[Complex64], &[Complex64]),
    b: (&[Complex64], &[Complex64]),
    change_a: impl Fn(Complex64, usize) -> Complex64,
    change_b: impl Fn(Complex64) -> Complex64,
) {
    let (n, half) = (work.len(), work.len() / 2);
    let pair = |a: Complex64, b: Complex64, kx: usize| {
        let (a, b) = (change_a(a, kx), change_b(b));
        (Complex64::new(a.re - b.im, a.im + b.re), Complex64::new(a.re + b.im, b.re - a.im))
    };
    let (last, mirror) = pair(a.1[0], b.1[0], half);
    work[(n - half) % n] = mirror;
    work[half] = last;
    if half > 0 {
        work[0] = pair(a.0[0], b.0[0], 0).0;
        let (low, high) = work.split_at_mut(n - half + 1);
        let out = low[1..half].iter_mut().zip(high.iter_mut().rev());
        for ((kx, (low, high)), (a, b)) in (1..).zip(out).zip(a.0[1..].iter().zip(&b.0[1..])) {
            (*low, *high) = pair(*a, *b, kx);
        }
    }
}
