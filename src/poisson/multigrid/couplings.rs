//! Sums over the neighbours of every cell of a row.

use crate::poisson::shape::Shape;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Div, Mul, Sub};

/// f64 in the iteration; f32, where that resolves the domain, in its preconditioner.
pub trait Scalar:
    Copy
    + Default
    + PartialOrd
    + Send
    + Sync
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + AddAssign
    + Sum
    + Into<f64>
{
    /// The nearest number of this type.
    fn rounded(value: f64) -> Self;
}

impl Scalar for f32 {
    #[inline(always)]
    fn rounded(value: f64) -> f32 {
        value as f32
    }
}

impl Scalar for f64 {
    #[inline(always)]
    fn rounded(value: f64) -> f64 {
        value
    }
}

/// How strongly a cell is coupled to its neighbours.
pub enum Couplings<T, const D: usize> {
    /// The same on the whole axis: the finest level. A cell outside the mask is no special case,
    /// since its value is 0.
    Constant([T; D]),
    /// At every cell the coupling to its lower neighbour, 0 where there is none. Rows along x have
    /// the upper coupling of the last cell at their end.
    Variable([Vec<T>; D]),
}

impl<T: Scalar, const D: usize> Couplings<T, D> {
    /// out_i = Σ_j a_ij x_j over the neighbours j of every cell of a row. The ghosts of `out` are
    /// left as they are.
    pub fn sum_row(&self, shape: &Shape<D>, row: usize, x: &[T], out: &mut [T]) {
        let n = shape.cells[0];
        let index = shape.index_of(row);
        let here = shape.row(x, row);
        let out = &mut out[1..=n];
        match self {
            Couplings::Constant(c) => {
                let (below, above) = (&here[..n], &here[2..n + 2]);
                for ((o, a), b) in out.iter_mut().zip(below).zip(above) {
                    *o = c[0] * (*a + *b);
                }
                for (k, &c) in c.iter().enumerate().skip(1) {
                    let side = |side| shape.row_beside(index, k, side);
                    let row = |row| &shape.row(x, row)[1..=n];
                    match (side(0), side(1)) {
                        (Some(a), Some(b)) => add_pair(out, c, row(a), row(b)),
                        (Some(a), None) | (None, Some(a)) => add(out, c, row(a)),
                        (None, None) => {}
                    }
                }
            }
            Couplings::Variable(c) => {
                let c0 = shape.row(&c[0], row);
                let (lower, upper) = (&c0[1..=n], &c0[2..n + 2]);
                let (below, above) = (&here[..n], &here[2..n + 2]);
                let sides = lower.iter().zip(below).zip(upper.iter().zip(above));
                for (o, ((cl, xl), (cu, xu))) in out.iter_mut().zip(sides) {
                    *o = *cl * *xl + *cu * *xu;
                }
                for (k, c) in c.iter().enumerate().skip(1) {
                    for side in 0..2 {
                        let Some(beside) = shape.row_beside(index, k, side) else { continue };
                        let c = &shape.row(c, if side == 0 { row } else { beside })[1..=n];
                        add_product(out, c, &shape.row(x, beside)[1..=n]);
                    }
                }
            }
        }
    }
}

/// out += c·(a + b).
fn add_pair<T: Scalar>(out: &mut [T], c: T, a: &[T], b: &[T]) {
    for ((o, a), b) in out.iter_mut().zip(a).zip(b) {
        *o += c * (*a + *b);
    }
}

/// out += c·a.
pub fn add<T: Scalar>(out: &mut [T], c: T, a: &[T]) {
    for (o, a) in out.iter_mut().zip(a) {
        *o += c * *a;
    }
}

/// out += c·a, value by value.
fn add_product<T: Scalar>(out: &mut [T], c: &[T], a: &[T]) {
    for ((o, c), a) in out.iter_mut().zip(c).zip(a) {
        *o += *c * *a;
    }
}
