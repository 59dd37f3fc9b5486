//! One level of the preconditioner and its smoother.

use super::couplings::{Couplings, Scalar};
use crate::poisson::shape::Shape;

/// A symmetric operator Σ_j a_ij (x_i − x_j) + w_i x_i on a level.
pub struct Level<T, const D: usize> {
    pub shape: Shape<D>,
    pub couplings: Couplings<T, D>,
    /// 0 outside the mask and where a cell has neither neighbours nor walls.
    pub inverse_diagonal: Vec<T>,
    /// The shares of zero-potential walls in the diagonal, by axis; only needed to coarsen.
    pub walls: Option<[Vec<T>; D]>,
    /// The width of every cell along each axis, in finest cells.
    pub widths: [Vec<f64>; D],
    /// The coupling along each axis away from masks and ends.
    pub strength: [f64; D],
}

/// The couplings of the cells of a row to their lower neighbours along an axis.
pub enum Lower<'a, T> {
    /// As they are stored.
    Stored(&'a [T]),
    /// One for all, between active cells; `beside` holds at i + `shift` what tells whether the neighbour of
    /// cell i is active, but for the first cell along x.
    Same { coupling: T, here: &'a [T], beside: &'a [T], shift: usize, first: T },
    /// No cell has a lower neighbour.
    Absent,
}

impl<T: Scalar> Lower<'_, T> {
    /// The coupling of cell i.
    #[inline(always)]
    pub fn at(&self, i: usize) -> T {
        let zero = T::default();
        match *self {
            Lower::Stored(couplings) => couplings[i + 1],
            Lower::Same { coupling, here, beside, shift, first } => {
                let neighbour = if i + shift == 0 { first } else { beside[i + shift] };
                if here[i + 1] > zero && neighbour > zero { coupling } else { zero }
            }
            Lower::Absent => zero,
        }
    }
}

impl<T: Scalar, const D: usize> Level<T, D> {
    /// The couplings of the cells of a row to their lower neighbours along axis k.
    pub fn lower(&self, k: usize, row: usize) -> Lower<'_, T> {
        let c = match &self.couplings {
            Couplings::Variable(c) => return Lower::Stored(self.shape.row(&c[k], row)),
            Couplings::Constant(c) => c[k],
        };
        let here = self.shape.row(&self.inverse_diagonal, row);
        if k == 0 {
            let first = self.shape.beside(0, 0, 0).map_or(T::default(), |i| here[i + 1]);
            return Lower::Same { coupling: c, here, beside: here, shift: 0, first };
        }
        let below = self.shape.row_beside(self.shape.index_of(row), k, 0);
        below.map_or(Lower::Absent, |row| {
            let beside = self.shape.row(&self.inverse_diagonal, row);
            Lower::Same { coupling: c, here, beside, shift: 1, first: T::default() }
        })
    }

    /// x = ω D⁻¹ b: the first step from zero.
    pub fn relax_from_zero(&self, weight: T, b: &[T], x: &mut [T]) {
        self.shape.for_rows(x, |row, x| {
            let (b, d) = (self.shape.row(b, row), self.shape.row(&self.inverse_diagonal, row));
            x.iter_mut().zip(b).zip(d).for_each(|((x, b), d)| *x = weight * *d * *b);
            self.shape.close(x);
        });
    }

    /// out = x + ω D⁻¹ (b − A x).
    pub fn relax(&self, weight: T, b: &[T], x: &[T], out: &mut [T]) {
        let keep = T::rounded(1.0) - weight;
        self.sweep(b, x, out, |sum, x, b, d| keep * x + weight * d * (b + sum));
    }

    /// out = b − A x.
    pub fn residual(&self, b: &[T], x: &[T], out: &mut [T]) {
        let zero = T::default();
        self.sweep(b, x, out, |sum, x, b, d| if d > zero { b + sum - x / d } else { zero });
    }

    fn sweep(&self, b: &[T], x: &[T], out: &mut [T], f: impl Fn(T, T, T, T) -> T + Sync) {
        let shape = &self.shape;
        let n = shape.cells[0];
        shape.for_rows(out, |row, out| {
            self.couplings.sum_row(shape, row, x, out);
            let inner = |values| &shape.row(values, row)[1..=n];
            let rows = inner(x).iter().zip(inner(b)).zip(inner(&self.inverse_diagonal));
            for (o, ((x, b), d)) in out[1..=n].iter_mut().zip(rows) {
                *o = f(*o, *x, *b, *d);
            }
            shape.close(out);
        });
    }
}
