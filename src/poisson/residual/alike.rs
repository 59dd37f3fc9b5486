//! Rows where all cells are alike.

use super::Shifted;
use crate::operator::Stencil;
use crate::poisson::codes::{OUTSIDE, codes, diagonals};
use crate::poisson::shape::Shape;

/// The Laplacian of cells that are all alike.
pub struct Alike<const D: usize> {
    shape: Shape<D>,
    couplings: [f64; D],
    /// How much more a wall couples.
    across_wall: f64,
    /// With a mask, which entry of `diagonal` is that of a cell.
    codes: Option<Vec<u8>>,
    diagonal: [f64; 28],
}

impl<const D: usize> Alike<D> {
    pub fn new(stencil: &Stencil<D>, couplings: [f64; D], shape: Shape<D>) -> Alike<D> {
        let (domain, across_wall) = (stencil.domain(), stencil.across_wall());
        let codes = domain.mask().map(|_| codes(domain, &shape));
        let diagonal = diagonals(couplings, across_wall);
        Alike { shape, couplings, across_wall, codes, diagonal }
    }

    /// The lower and the upper neighbour of a row along axis k ≥ 1, where there are any.
    fn rows_beside(&self, row: usize, k: usize) -> impl Iterator<Item = usize> {
        let index = self.shape.index_of(row);
        (0..2).filter_map(move |side| self.shape.row_beside(index, k, side))
    }

    /// The residual of a row, whose right-hand side is given.
    #[inline(always)]
    pub fn row(&self, row: usize, rhs: Shifted, solution: &[f64], out: &mut [f64]) {
        let n = self.shape.cells[0];
        let here = &solution[row * n..][..n];
        let c = &self.couplings;
        let codes = self.codes.as_ref().map(|codes| &self.shape.row(codes, row)[1..=n]);
        if let Some(codes) = codes {
            for (((o, f), x), code) in out.iter_mut().zip(rhs.values).zip(here).zip(codes) {
                *o = f - rhs.shift - self.diagonal[usize::from(*code & 31).min(27)] * x;
            }
        } else {
            let diagonal = 2.0 * c[0] + self.diagonal_across(row);
            for ((o, f), x) in out.iter_mut().zip(rhs.values).zip(here) {
                *o = f - rhs.shift - diagonal * x;
            }
        }
        add(&mut out[1..], c[0], &here[..n - 1]);
        add(&mut out[..n - 1], c[0], &here[1..]);
        let walled = if codes.is_none() { (1.0 - self.across_wall) * c[0] } else { 0.0 };
        let (first, last) = (here[0], here[n - 1]);
        let ends = if self.shape.wraps[0] {
            (c[0] * last, c[0] * first)
        } else {
            (walled * first, walled * last)
        };
        out[0] += ends.0;
        out[n - 1] += ends.1;
        for k in 1..D {
            for beside in self.rows_beside(row, k) {
                add(out, c[k], &solution[beside * n..][..n]);
            }
        }
        for ((o, f), code) in out.iter_mut().zip(rhs.values).zip(codes.into_iter().flatten()) {
            *o = if *code == OUTSIDE { *f } else { *o };
        }
    }

    /// The part of a box's diagonal that the axes beyond the first make up.
    fn diagonal_across(&self, row: usize) -> f64 {
        let along = |k: usize| {
            let count = self.rows_beside(row, k).count() as f64;
            self.couplings[k] * (count + self.across_wall * (2.0 - count))
        };
        (1..D).map(along).sum()
    }
}

#[inline(always)]
fn add(out: &mut [f64], c: f64, x: &[f64]) {
    out.iter_mut().zip(x).for_each(|(o, x)| *o += c * x);
}
