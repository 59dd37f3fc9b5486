//! The transform of one lane: two real lanes as one complex one, in place.

use super::slots::Slots;
use crate::boundary::Basis;
use crate::machine::wide;
use num_complex::Complex64;
use rustfft::{Fft, FftPlanner};
use std::f64::consts::PI;
use std::sync::Arc;

/// A planned transform along one axis of `n` unknowns, on a work buffer of `work_len` values.
///
/// Value j is put in at place j of `value_slots` and coefficient k is found at place k of
/// `coefficient_slots`; the other way for the inverse. The slots take the reordering that turns a
/// cosine transform into a Fourier one, so that it costs nothing besides the copy into the buffer.
pub(crate) struct Lane {
    pub(crate) value_slots: Slots,
    pub(crate) coefficient_slots: Slots,
    pub(crate) work_len: usize,
    pub(crate) scratch_len: usize,
    basis: Basis,
    forward: Arc<dyn Fft<f64>>,
    inverse: Arc<dyn Fft<f64>>,
    /// exp(−iπk/2n)/2 for the cell bases, ½ for Fourier; k = 0 … n/2.
    twiddles: Vec<Complex64>,
}

impl Lane {
    pub(crate) fn new(basis: Basis, n: usize, planner: &mut FftPlanner<f64>) -> Lane {
        assert!(n > 0, "an axis of a transform has no values; at least 1 is needed");
        let work_len = match basis {
            Basis::Fourier | Basis::CosineCells | Basis::SineCells => n,
            Basis::SineFaces => 2 * (n + 1),
            Basis::CosineFaces => (2 * (n - 1)).max(1),
        };
        let forward = planner.plan_fft_forward(work_len);
        let inverse = planner.plan_fft_inverse(work_len);
        let scratch_len = forward.get_inplace_scratch_len().max(inverse.get_inplace_scratch_len());
        Lane {
            value_slots: value_slots(basis, n),
            coefficient_slots: coefficient_slots(basis, n),
            work_len,
            scratch_len,
            basis,
            forward,
            inverse,
            twiddles: twiddles(basis, n),
        }
    }

    /// Values to coefficients.
    pub(crate) fn forward(&self, work: &mut [Complex64], scratch: &mut [Complex64]) {
        match self.basis {
            Basis::Fourier | Basis::CosineCells | Basis::SineCells => {
                self.alternate(work);
                self.forward.process_with_scratch(work, scratch);
                self.combine(work);
            }
            Basis::SineFaces | Basis::CosineFaces => self.faces(work, scratch, 1.0),
        }
    }

    /// Coefficients to values, the inverse of [`Lane::forward`].
    pub(crate) fn inverse(&self, work: &mut [Complex64], scratch: &mut [Complex64]) {
        match self.basis {
            Basis::Fourier | Basis::CosineCells | Basis::SineCells => {
                self.separate(work);
                self.inverse.process_with_scratch(work, scratch);
                self.alternate(work);
            }
            Basis::SineFaces | Basis::CosineFaces => {
                self.faces(work, scratch, 4.0 / work.len() as f64)
            }
        }
    }

    /// (−1)^j for the sine: in slot order the odd values are the second half.
    fn alternate(&self, work: &mut [Complex64]) {
        if self.basis == Basis::SineCells {
            let half = work.len().div_ceil(2);
            work[half..].iter_mut().for_each(|v| *v = -*v);
        }
    }

    /// From the Fourier coefficients Z to the real basis: with P = w Z_k and Q = w̄ Z_{n−k},
    /// C_k = (P + Q)/2 and C_{n−k} = i(P − Q)/2.
    fn combine(&self, work: &mut [Complex64]) {
        combine(&self.twiddles, work);
    }

    /// The inverse of [`Lane::combine`], with the 1/n of the inverse Fourier transform.
    fn separate(&self, work: &mut [Complex64]) {
        separate(&self.twiddles, work);
    }

    /// The face bases, by extension to twice the length; each is its own inverse up to a factor.
    fn faces(&self, work: &mut [Complex64], scratch: &mut [Complex64], scale: f64) {
        let half = work.len() / 2;
        let odd = self.basis == Basis::SineFaces;
        if half == 0 {
            return;
        }
        let (low, high) = work.split_at_mut(half + 1);
        if odd {
            low[0] = Complex64::ZERO;
            low[half] = Complex64::ZERO;
        }
        let sign = if odd { -1.0 } else { 1.0 };
        high.iter_mut().zip(low[1..half].iter().rev()).for_each(|(h, l)| *h = l * sign);
        self.forward.process_with_scratch(work, scratch);
        let factor =
            if odd { Complex64::new(0.0, 0.5 * scale) } else { Complex64::new(0.5 * scale, 0.0) };
        work[..=half].iter_mut().for_each(|v| *v *= factor);
    }
}

wide! {
    /// See [`Lane::combine`].
    fn combine<'a>(twiddles: &'a [Complex64], work: &'a mut [Complex64]) {
        let n = work.len();
        let (low, high) = work[1..].split_at_mut((n - 1) / 2);
        let pairs = low.iter_mut().zip(high.iter_mut().rev());
        for ((a, b), w) in pairs.zip(&twiddles[1..]) {
            let (p, q) = (w * *a, w.conj() * *b);
            let d = p - q;
            *a = p + q;
            *b = Complex64::new(-d.im, d.re);
        }
        if n.is_multiple_of(2) {
            work[n / 2] *= 2.0 * twiddles[n / 2].re;
        }
    }
}

wide! {
    /// See [`Lane::separate`].
    fn separate<'a>(twiddles: &'a [Complex64], work: &'a mut [Complex64]) {
        let n = work.len();
        let scale = 1.0 / n as f64;
        work[0] *= scale;
        let (low, high) = work[1..].split_at_mut((n - 1) / 2);
        let pairs = low.iter_mut().zip(high.iter_mut().rev());
        for ((a, b), w) in pairs.zip(&twiddles[1..]) {
            let w = w * (2.0 * scale);
            let turned = Complex64::new(-b.im, b.re);
            let (p, q) = (*a - turned, *a + turned);
            *a = w.conj() * p;
            *b = w * q;
        }
        if n.is_multiple_of(2) {
            work[n / 2] *= scale / (2.0 * twiddles[n / 2].re);
        }
    }
}

/// The order that turns a cosine transform of cells into a Fourier transform.
fn value_slots(basis: Basis, n: usize) -> Slots {
    match basis {
        Basis::Fourier | Basis::CosineFaces => Slots::rising(n),
        Basis::SineFaces => Slots::of((1..=n).collect()),
        Basis::CosineCells | Basis::SineCells => Slots::alternating(n),
    }
}

/// The sine of cells is the cosine of the alternating values, read backwards.
fn coefficient_slots(basis: Basis, n: usize) -> Slots {
    match basis {
        Basis::Fourier | Basis::CosineCells | Basis::CosineFaces => Slots::rising(n),
        Basis::SineCells => Slots::falling(n),
        Basis::SineFaces => Slots::of((1..=n).collect()),
    }
}

fn twiddles(basis: Basis, n: usize) -> Vec<Complex64> {
    let angle = |k: usize| match basis {
        Basis::CosineCells | Basis::SineCells => -PI * k as f64 / (2 * n) as f64,
        Basis::Fourier | Basis::SineFaces | Basis::CosineFaces => 0.0,
    };
    (0..=n / 2).map(|k| Complex64::from_polar(0.5, angle(k))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transform::eigenvalues;

    const BASES: [Basis; 5] = [
        Basis::Fourier,
        Basis::CosineCells,
        Basis::SineCells,
        Basis::SineFaces,
        Basis::CosineFaces,
    ];
    const SIZES: [usize; 13] = [1, 2, 3, 4, 5, 7, 8, 12, 13, 16, 17, 30, 31];

    /// Basis function k at value j, by its definition.
    fn function(basis: Basis, n: usize, k: usize, j: usize) -> f64 {
        let (kf, jf, nf) = (k as f64, j as f64, n as f64);
        match basis {
            Basis::Fourier if 2 * k <= n => (2.0 * PI * kf * jf / nf).cos(),
            Basis::Fourier => (2.0 * PI * (nf - kf) * jf / nf).sin(),
            Basis::CosineCells => (PI * kf * (jf + 0.5) / nf).cos(),
            Basis::SineCells => (PI * (kf + 1.0) * (jf + 0.5) / nf).sin(),
            Basis::SineFaces => (PI * (kf + 1.0) * (jf + 1.0) / (nf + 1.0)).sin(),
            Basis::CosineFaces if n == 1 => 1.0,
            Basis::CosineFaces => (PI * kf * jf / (nf - 1.0)).cos(),
        }
    }

    fn weight(basis: Basis, n: usize, j: usize) -> f64 {
        let wall = basis == Basis::CosineFaces && n > 1 && (j == 0 || j == n - 1);
        if wall { 0.5 } else { 1.0 }
    }

    fn transform(lane: &Lane, values: &[Complex64], inverse: bool) -> Vec<Complex64> {
        let mut work = vec![Complex64::ZERO; lane.work_len];
        let mut scratch = vec![Complex64::ZERO; lane.scratch_len];
        let (mut from, mut to) = (lane.value_slots.places(), lane.coefficient_slots.places());
        if inverse {
            std::mem::swap(&mut from, &mut to);
        }
        from.iter().zip(values).for_each(|(&slot, &v)| work[slot] = v);
        if inverse {
            lane.inverse(&mut work, &mut scratch);
        } else {
            lane.forward(&mut work, &mut scratch);
        }
        to.iter().map(|&slot| work[slot]).collect()
    }

    fn sample(n: usize) -> Vec<Complex64> {
        (0..n).map(|j| Complex64::new((3.7 * j as f64 + 1.0).sin(), (j * j % 7) as f64)).collect()
    }

    fn worst(a: &[Complex64], b: &[Complex64]) -> f64 {
        a.iter().zip(b).map(|(a, b)| (a - b).norm()).fold(0.0, f64::max)
    }

    #[test]
    fn coefficients_follow_the_definitions_and_the_inverse_brings_the_values_back() {
        for basis in BASES {
            for n in SIZES {
                let lane = Lane::new(basis, n, &mut FftPlanner::new());
                let values = sample(n);
                let got = transform(&lane, &values, false);
                let sum = |k| {
                    let term = |(j, v): (usize, &Complex64)| {
                        v * (weight(basis, n, j) * function(basis, n, k, j))
                    };
                    values.iter().enumerate().map(term).sum::<Complex64>()
                };
                let expected: Vec<_> = (0..n).map(sum).collect();
                let size = values.iter().map(|v| v.norm()).sum::<f64>();
                assert!(worst(&got, &expected) <= 1e-13 * size, "{basis:?} {n}");
                let back = transform(&lane, &got, true);
                assert!(worst(&back, &values) <= 1e-13 * size, "{basis:?} {n} back");
            }
        }
    }

    /// Minus the second difference with the ends of the basis.
    fn second_difference(basis: Basis, x: &[f64]) -> Vec<f64> {
        let n = x.len();
        let (first, last) = (x[0], x[n - 1]);
        let (before, after) = match basis {
            Basis::Fourier => (last, first),
            Basis::CosineCells => (first, last),
            Basis::SineCells => (-first, -last),
            Basis::SineFaces => (0.0, 0.0),
            Basis::CosineFaces if n == 1 => (first, last),
            Basis::CosineFaces => (x[1], x[n - 2]),
        };
        let at = |j: usize| match j {
            0 => before,
            j if j == n + 1 => after,
            j => x[j - 1],
        };
        (1..=n).map(|j| 2.0 * at(j) - at(j - 1) - at(j + 1)).collect()
    }

    #[test]
    fn each_unit_coefficient_is_an_eigenvector_of_the_second_difference() {
        for basis in BASES {
            for n in SIZES {
                let lane = Lane::new(basis, n, &mut FftPlanner::new());
                let spacing = 0.3;
                for (k, eigenvalue) in eigenvalues(basis, n, spacing).into_iter().enumerate() {
                    let mut unit = vec![Complex64::ZERO; n];
                    unit[k].re = 1.0;
                    let mode: Vec<f64> =
                        transform(&lane, &unit, true).iter().map(|v| v.re).collect();
                    let scale = mode.iter().fold(0.0, |m: f64, v| m.max(v.abs()));
                    for (d, x) in second_difference(basis, &mode).iter().zip(&mode) {
                        let error = (d - eigenvalue * spacing * spacing * x).abs();
                        assert!(error <= 1e-13 * scale, "{basis:?} {n} {k}: {error}");
                    }
                }
            }
        }
    }
}
