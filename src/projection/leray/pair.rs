//! Columns of two real planes that travel as the real and the imaginary part of one.

use crate::machine::wide;
use crate::transform::Precision;
use num_complex::Complex;

wide! {
    /// k_x â + k_y b̂ of two real planes from the columns of â + i b̂ at kx and −kx.
    pub(super) fn merge<'a, T: Precision>(kx: T, ky: &'a [T], a: &'a [Complex<T>], b: &'a [Complex<T>], out: &'a mut [Complex<T>]) {
        let half = T::of(0.5);
        let combine = |ky: T, z: Complex<T>, mirror: Complex<T>| {
            let (s, d) = (z + mirror.conj(), z - mirror.conj());
            Complex::new(half * (kx * s.re + ky * d.im), half * (kx * s.im - ky * d.re))
        };
        out[0] = combine(ky[0], a[0], b[0]);
        let mirrored = a[1..].iter().zip(b[1..].iter().rev());
        for ((out, ky), (a, b)) in out[1..].iter_mut().zip(&ky[1..]).zip(mirrored) {
            *out = combine(*ky, *a, *b);
        }
    }
}

wide! {
    /// â from the columns of â + i b̂ at kx and −kx.
    pub(super) fn first_of_pair<'a, T: Precision>(a: &'a [Complex<T>], b: &'a [Complex<T>], out: &'a mut [Complex<T>]) {
        pairwise(a, b, out, |z, mirror| (z + mirror) * T::of(0.5));
    }
}

wide! {
    /// b̂, likewise.
    pub(super) fn second_of_pair<'a, T: Precision>(a: &'a [Complex<T>], b: &'a [Complex<T>], out: &'a mut [Complex<T>]) {
        pairwise(a, b, out, |z, mirror| {
            let d = (z - mirror) * T::of(0.5);
            Complex::new(d.im, -d.re)
        });
    }
}

/// A function of the coefficients of a + ib at k and, conjugated, at −k.
#[inline(always)]
fn pairwise<T: Precision>(
    a: &[Complex<T>],
    b: &[Complex<T>],
    out: &mut [Complex<T>],
    f: impl Fn(Complex<T>, Complex<T>) -> Complex<T>,
) {
    out[0] = f(a[0], b[0].conj());
    let mirrored = a[1..].iter().zip(b[1..].iter().rev());
    for (out, (a, b)) in out[1..].iter_mut().zip(mirrored) {
        *out = f(*a, b.conj());
    }
}

wide! {
    /// (k_x + i k_y) P at kx, and at −kx, where P is minus its conjugate.
    pub(super) fn spread<'a, T: Precision>(kx: T, ky: &'a [T], p: &'a [Complex<T>], a: &'a mut [Complex<T>], b: Option<&'a mut [Complex<T>]>) {
        for ((a, &ky), p) in a.iter_mut().zip(ky).zip(p) {
            *a = Complex::new(kx * p.re - ky * p.im, kx * p.im + ky * p.re);
        }
        let Some(b) = b else { return };
        let value = |ky: T, p: Complex<T>| Complex::new(kx * p.re + ky * p.im, ky * p.re - kx * p.im);
        b[0] = value(ky[0], p[0]);
        for (b, (ky, p)) in b[1..].iter_mut().rev().zip(ky[1..].iter().zip(&p[1..])) {
            *b = value(*ky, *p);
        }
    }
}

wide! {
    /// The columns of a + ib at kx and −kx from those of two real planes at kx.
    pub(super) fn join<'a, T: Precision>(p: &'a [Complex<T>], q: &'a [Complex<T>], a: &'a mut [Complex<T>], b: Option<&'a mut [Complex<T>]>) {
        for (a, (p, q)) in a.iter_mut().zip(p.iter().zip(q)) {
            *a = Complex::new(p.re - q.im, p.im + q.re);
        }
        let Some(b) = b else { return };
        let value = |p: Complex<T>, q: Complex<T>| Complex::new(p.re + q.im, q.re - p.im);
        b[0] = value(p[0], q[0]);
        for (b, (p, q)) in b[1..].iter_mut().rev().zip(p[1..].iter().zip(&q[1..])) {
            *b = value(*p, *q);
        }
    }
}
