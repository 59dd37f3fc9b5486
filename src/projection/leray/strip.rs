//! First and third sweep in two dimensions: a strip of rows, of which u_x + i u_y travels as one.

use super::slab::{ComplexPart, Slab};
use super::{LerayProjection, NullModes, PlaneBuffers, rows};
use crate::machine::prefetch;
use crate::machine::wide;
use crate::transform::Precision;
use num_complex::Complex;

/// Writes S = k_x û_x and W = û_y.
pub(super) fn forward<const D: usize, T: Precision>(
    leray: &LerayProjection<D, T>,
    slab: &mut Slab<D, T>,
    buffers: &mut PlaneBuffers<T>,
) {
    let (nx, n) = (leray.shape[0], slab.column);
    rows::forward(leray, n, slab.input(0, 0), Some(slab.input(1, 0)), buffers);
    for kx in 0..=nx / 2 {
        let [a, b] = buffers.columns.pair(nx, n, kx);
        if (nx - kx) % nx == kx {
            for (sums, value) in slab.sums.iter_mut().zip(a) {
                let mode = usize::from(kx > 0);
                (sums[0][mode], sums[1][mode]) = (value.re.wide(), value.im.wide());
            }
        }
        let to = slab.columns_mut(0, kx);
        buffers.lines.put(to, |[s, w]| separate(leray.wavenumbers[0][kx], a, b, s, w));
    }
}

/// Takes P and Q, writes the parts and the potential.
pub(super) fn inverse<const D: usize, T: Precision>(
    leray: &LerayProjection<D, T>,
    slab: &mut Slab<D, T>,
    buffers: &mut PlaneBuffers<T>,
    null: &NullModes<D>,
) {
    potential(leray, slab, buffers);
    let (nx, n, input) = (leray.shape[0], slab.column, slab.input);
    for kx in 0..=nx / 2 {
        let [p, q] = [0, 1].map(|field| slab.column(field, 0, kx));
        let (a, b) = buffers.columns.pair_mut(nx, n, kx);
        join(leray.wavenumbers[0][kx], p, q, a, b);
    }
    let soon = |y: usize| input.iter().for_each(|values| prefetch(&values[y * nx..(y + 1) * nx]));
    rows::inverse(leray, n, buffers, soon, |y, row, lines| {
        let at = slab.first + y;
        slab.row(0, 0, y, nx).write(row, null.row(0, at), lines, true, ComplexPart::Real);
        slab.row(1, 0, y, nx).write(row, null.row(1, at), lines, true, ComplexPart::Imaginary);
    });
}

/// φ̂ = −i P, two rows as one.
fn potential<const D: usize, T: Precision>(
    leray: &LerayProjection<D, T>,
    slab: &mut Slab<D, T>,
    buffers: &mut PlaneBuffers<T>,
) {
    let Some(potential) = slab.potential.take() else { return };
    let nx = leray.shape[0];
    let pairs = slab.column.div_ceil(2);
    for kx in 0..=nx / 2 {
        let (a, b) = buffers.columns.pair_mut(nx, pairs, kx);
        join_pairs(slab.column(0, 0, kx), a, b);
    }
    rows::inverse(
        leray,
        pairs,
        buffers,
        |_| {},
        |pair, row, _| {
            ComplexPart::write_both(row, potential[2 * pair * nx..].chunks_exact_mut(nx));
        },
    );
}

wide! {
    /// k â and b̂ from the columns of a + ib at kx and −kx.
    fn separate<'a, T: Precision>(
        k: T,
        a: &'a [Complex<T>],
        b: &'a [Complex<T>],
        s: &'a mut [Complex<T>],
        w: &'a mut [Complex<T>],
    ) {
        let half = T::of(0.5);
        for ((s, w), (z, mirror)) in s.iter_mut().zip(w).zip(a.iter().zip(b)) {
            let (sum, difference) = (*z + mirror.conj(), *z - mirror.conj());
            *s = sum * (half * k);
            *w = Complex::new(half * difference.im, -half * difference.re);
        }
    }
}

wide! {
    /// The columns at kx and −kx of real a + ib, for â = k P and b̂ = Q at kx.
    fn join<'a, T: Precision>(
        k: T,
        p: &'a [Complex<T>],
        q: &'a [Complex<T>],
        a: &'a mut [Complex<T>],
        b: Option<&'a mut [Complex<T>]>,
    ) {
        for (out, (p, q)) in a.iter_mut().zip(p.iter().zip(q)) {
            *out = Complex::new(k * p.re - q.im, k * p.im + q.re);
        }
        for (out, (p, q)) in b.into_iter().flatten().zip(p.iter().zip(q)) {
            *out = Complex::new(k * p.re + q.im, q.re - k * p.im);
        }
    }
}

/// The columns at kx and −kx of two rows as one, for −i P of both at kx.
fn join_pairs<T: Precision>(
    p: &[Complex<T>],
    a: &mut [Complex<T>],
    mut b: Option<&mut [Complex<T>]>,
) {
    for (m, out) in a.iter_mut().enumerate() {
        // without a second row the imaginary part is a copy of the first, and is not stored
        let (first, second) = (p[2 * m], p[(2 * m + 1).min(p.len() - 1)]);
        *out = Complex::new(first.im + second.re, second.im - first.re);
        if let Some(b) = &mut b {
            b[m] = Complex::new(first.im - second.re, second.im + first.re);
        }
    }
}
