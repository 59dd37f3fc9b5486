//! First and third sweep in two dimensions, where a plane is a row: u_x + i u_y travels as one row.

use super::slab::{Part, Slab};
use super::{Buffers, Leray, NullModes};
use crate::transform::Precision;
use crate::transform::wide::wide;
use num_complex::Complex;

/// Writes S = k_x û_x and W = û_y.
pub(super) fn forward<const D: usize, T: Precision>(
    leray: &Leray<D, T>,
    slab: &mut Slab<D, T>,
    buffers: &mut Buffers<T>,
) {
    let (nx, fft) = (leray.shape[0], &leray.forward[0]);
    let half = nx / 2;
    let work = &mut buffers.rows[..nx];
    for p in 0..slab.planes() {
        let pairs = slab.input(0, p).iter().zip(slab.input(1, p));
        work.iter_mut().zip(pairs).for_each(|(w, (a, b))| *w = Complex::new(*a, *b));
        fft.process_with_scratch(work, &mut buffers.fft);
        slab.sums[p][0][..2].copy_from_slice(&[work[0].re, work[half].re].map(T::wide));
        slab.sums[p][1][..2].copy_from_slice(&[work[0].im, work[half].im].map(T::wide));
        let k = &leray.wavenumbers[0];
        let [s, w] = slab.fields_mut(p);
        let last = separate(k[half], work[half], work[(nx - half) % nx]);
        (s.1[0], w.1[0]) = last;
        if half > 0 {
            buffers.lines.put([s.0, w.0], |[s, w]| {
                (s[0], w[0]) = separate(k[0], work[0], work[0]);
                separate_all(&k[1..half], work, &mut s[1..], &mut w[1..]);
            });
        }
    }
}

wide! {
    /// k â and b̂ for k > 0 from the coefficients of a + ib.
    fn separate_all<'a, T>(
        k: &'a [T],
        work: &'a [Complex<T>],
        s: &'a mut [Complex<T>],
        w: &'a mut [Complex<T>],
    ) {
        let mirrored = work[1..=k.len()].iter().zip(work[work.len() - k.len()..].iter().rev());
        for ((s, w), (k, (z, m))) in s.iter_mut().zip(w).zip(k.iter().zip(mirrored)) {
            (*s, *w) = separate(*k, *z, *m);
        }
    }
}

/// k â and b̂ from the coefficients of a + ib at k and −k.
#[inline(always)]
fn separate<T: Precision>(k: T, z: Complex<T>, mirror: Complex<T>) -> (Complex<T>, Complex<T>) {
    let (s, d) = (z + mirror.conj(), z - mirror.conj());
    (s * (T::of(0.5) * k), Complex::new(T::of(0.5) * d.im, -T::of(0.5) * d.re))
}

/// Takes P and Q, writes the parts and the potential.
pub(super) fn inverse<const D: usize, T: Precision>(
    leray: &Leray<D, T>,
    slab: &mut Slab<D, T>,
    buffers: &mut Buffers<T>,
    null: &NullModes<D>,
) {
    potential(leray, slab, buffers);
    let (nx, fft) = (leray.shape[0], &leray.inverse[0]);
    let work = &mut buffers.rows[..nx];
    for p in 0..slab.planes() {
        let k = &leray.wavenumbers[0];
        let [a, b] = slab.fields(p);
        join(&mut *work, a, b, Some(k));
        fft.process_with_scratch(work, &mut buffers.fft);
        let (row, lines) = (slab.first + p, &mut buffers.lines);
        slab.row(0, p, 0, nx).write(work, null.row(0, row), lines, true, Part::Real);
        slab.row(1, p, 0, nx).write(work, null.row(1, row), lines, true, Part::Imaginary);
    }
}

/// φ̂ = −i P, two rows as one.
fn potential<const D: usize, T: Precision>(
    leray: &Leray<D, T>,
    slab: &mut Slab<D, T>,
    buffers: &mut Buffers<T>,
) {
    let Some(potential) = slab.potential.take() else { return };
    let (nx, fft) = (leray.shape[0], &leray.inverse[0]);
    let work = &mut buffers.rows[..nx];
    for (pair, rows) in potential.chunks_mut(2 * nx).enumerate() {
        // without a second row the imaginary part is a copy of the first, and is not stored
        let second = (2 * pair + 1).min(slab.planes() - 1);
        let [a, b] = [slab.fields(2 * pair)[0], slab.fields(second)[0]];
        join(&mut *work, a, b, None);
        fft.process_with_scratch(work, &mut buffers.fft);
        let (a, b) = rows.split_at_mut(nx);
        a.iter_mut().zip(&*work).for_each(|(v, z)| *v = z.re);
        b.iter_mut().zip(&*work).for_each(|(v, z)| *v = z.im);
    }
}

/// The coefficients of a real row: those of kx < ⌊n/2⌋, and the last.
type Half<'a, T> = (&'a [Complex<T>], &'a [Complex<T>]);

wide! {
    /// The row of k_x â + i b̂ from the half spectra of two real rows or, without k, of −i (â + i b̂).
    fn join<'a, T>(
        work: &'a mut [Complex<T>],
        a: Half<'a, T>,
        b: Half<'a, T>,
        k: Option<&'a [T]>,
    ) {
        let turn = |a: Complex<T>| Complex::new(a.im, -a.re);
        match k {
            Some(k) => join_changed(work, a, b, |a, kx| a * k[kx], |b| b),
            None => join_changed(work, a, b, |a, _| turn(a), turn),
        }
    }
}

/// The row of a + ib, each changed on the way.
#[inline(always)]
fn join_changed<T: Precision>(
    work: &mut [Complex<T>],
    a: Half<T>,
    b: Half<T>,
    change_a: impl Fn(Complex<T>, usize) -> Complex<T>,
    change_b: impl Fn(Complex<T>) -> Complex<T>,
) {
    let (n, half) = (work.len(), work.len() / 2);
    let pair = |a: Complex<T>, b: Complex<T>, kx: usize| {
        let (a, b) = (change_a(a, kx), change_b(b));
        (Complex::new(a.re - b.im, a.im + b.re), Complex::new(a.re + b.im, b.re - a.im))
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
