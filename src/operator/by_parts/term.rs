//! Sums of differences along axes, row by row.

use super::axis::AxisRule;
use crate::grid::unravel;
use rayon::prelude::*;

/// Values of a task.
const TASK: usize = 1 << 13;

/// What is taken along an axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Q = H D: (u₊ − u₋)/2.
    Difference,
    /// Qᵀ, which is −Q but at walls.
    Transposed,
    /// |u₊|/2 + |u₋|/2.
    Size,
}

/// sign · outside · Kind(inside · values).
pub(super) struct Term<'a, const D: usize> {
    pub sign: f64,
    pub kind: Kind,
    pub axis: &'a AxisRule,
    pub k: usize,
    pub values: &'a [f64],
    /// By the index along y.
    pub inside: Option<&'a [f64]>,
    /// By the index along each axis.
    pub outside: [Option<&'a [f64]>; D],
}

impl<const D: usize> Term<'_, D> {
    /// Adds a row along x.
    fn add(&self, shape: [usize; D], index: [usize; D], out: &mut [f64]) {
        let inside = |j: usize| self.inside.map_or(1.0, |inside| inside[j]);
        let across = (1..D).filter_map(|a| self.outside[a].map(|along| along[index[a]]));
        let scale = 0.5 * self.sign * across.product::<f64>();
        let along = |i: usize| self.outside[0].map_or(scale, |along| scale * along[i]);
        let row = |j: usize| {
            let mut at = index;
            at[self.k] = j;
            &self.values[crate::grid::ravel(shape, at)..][..shape[0]]
        };
        if self.k == 0 {
            let (own, c) = (row(0), inside(index[1]));
            let one = |i: usize, [below, above]: [usize; 2]| {
                let wall = self.wall(i, shape[0]);
                c * self.combine(own[below], own[above], wall, own[i])
            };
            let last = out.len() - 1;
            for i in [0, last].into_iter().take(out.len()) {
                out[i] += along(i) * one(i, self.axis.beside(i));
            }
            for i in 1..last.max(1) {
                out[i] += along(i) * one(i, [i - 1, i + 1]);
            }
            return;
        }
        let j = index[self.k];
        let [below, above] = self.axis.beside(j);
        let factor = |j: usize| if self.k == 1 { inside(j) } else { inside(index[1]) };
        let [a, b, c] = [below, above, j].map(factor);
        let (lower, upper, own) = (row(below), row(above), row(j));
        let wall = self.wall(j, shape[self.k]);
        let rows = lower.iter().zip(upper).zip(own);
        for (i, (out, ((lower, upper), own))) in out.iter_mut().zip(rows).enumerate() {
            *out += along(i) * self.combine(a * lower, b * upper, wall, c * own);
        }
    }

    /// −1 at the first point of an axis with walls, 1 at the last.
    fn wall(&self, i: usize, n: usize) -> f64 {
        match (self.axis.ring, i) {
            (true, _) => 0.0,
            (false, 0) => -1.0,
            (false, i) if i + 1 == n => 1.0,
            (false, _) => 0.0,
        }
    }

    #[inline]
    fn combine(&self, lower: f64, upper: f64, wall: f64, own: f64) -> f64 {
        match self.kind {
            Kind::Difference => upper - lower,
            Kind::Transposed => lower - upper + 2.0 * wall * own,
            Kind::Size => lower.abs() + upper.abs(),
        }
    }
}

/// out = the sum of terms.
pub(super) fn fill<const D: usize>(shape: [usize; D], terms: &[Term<'_, D>], out: &mut [f64]) {
    by_rows(shape, out, |index, out| {
        out.fill(0.0);
        terms.iter().for_each(|term| term.add(shape, index, out));
    });
}

/// Multiplies by a factor of each axis, and by one of y.
pub(super) fn scale<const D: usize>(
    shape: [usize; D],
    out: &mut [f64],
    along: [Option<&[f64]>; D],
    y: Option<&[f64]>,
) {
    by_rows(shape, out, |index, out| {
        let across = (1..D).filter_map(|a| along[a].map(|along| along[index[a]]));
        let factor = across.product::<f64>() * y.map_or(1.0, |y| y[index[1]]);
        out.iter_mut().for_each(|v| *v *= factor);
        if let Some(along) = along[0] {
            out.iter_mut().zip(along).for_each(|(v, a)| *v *= a);
        }
    });
}

/// Divides by a factor of y.
pub(super) fn divide<const D: usize>(shape: [usize; D], out: &mut [f64], y: Option<&[f64]>) {
    let Some(y) = y else { return };
    by_rows(shape, out, |index, out| out.iter_mut().for_each(|v| *v /= y[index[1]]));
}

/// Zero where the index along an axis is not inside.
pub(super) fn keep<const D: usize>(
    shape: [usize; D],
    out: &mut [f64],
    inside: impl Fn(usize, usize) -> bool + Sync,
) {
    by_rows(shape, out, |index, out| {
        if !(1..D).all(|k| inside(k, index[k])) {
            return out.fill(0.0);
        }
        // Only ends can be outside.
        let last = out.len() - 1;
        [0, last].into_iter().filter(|i| !inside(0, *i)).for_each(|i| out[i] = 0.0);
    });
}

/// Calls `of` with the index of every row along x, and the row.
fn by_rows<const D: usize>(
    shape: [usize; D],
    out: &mut [f64],
    of: impl Fn([usize; D], &mut [f64]) + Sync,
) {
    let nx = shape[0];
    let rows = (TASK / nx).max(1);
    out.par_chunks_mut(rows * nx).enumerate().for_each(|(task, out)| {
        for (row, out) in out.chunks_exact_mut(nx).enumerate() {
            of(unravel(shape, (task * rows + row) * nx), out);
        }
    });
}
