//! What a solution leaves of its right-hand side, in one pass over both.

use super::codes::{OUTSIDE, codes, diagonals, wall_weight};
use super::shape::Shape;
use crate::boundary::Condition;
use crate::grid::Domain;
use pulp::{Arch, NullaryFnOnce};
use rayon::prelude::*;

/// Cells a thread takes at a time.
const PORTION: usize = 1 << 13;

/// f + ∇·∇φ row by row, without fields on faces between.
pub struct Stencil<const D: usize> {
    shape: Shape<D>,
    /// 1/h² along each axis, 0 where a periodic axis has one cell.
    couplings: [f64; D],
    /// The share of a wall in the diagonal, in couplings: the distance to it is h/2.
    wall: f64,
    /// With a mask, which entry of `diagonal` is that of a cell.
    codes: Option<Vec<u8>>,
    diagonal: [f64; 28],
}

/// f − shift.
#[derive(Clone, Copy)]
pub struct Shifted<'a> {
    pub values: &'a [f64],
    pub shift: f64,
}

impl<const D: usize> Stencil<D> {
    /// The Laplacian of a domain and a wall condition. O(n) with a mask, else O(1).
    pub fn new(domain: &Domain<D>, condition: Condition) -> Stencil<D> {
        let axes = domain.grid().axes();
        let alone = |k: usize| !axes[k].bounded() && axes[k].cells == 1;
        let couplings =
            std::array::from_fn(|k| if alone(k) { 0.0 } else { axes[k].spacing.powi(-2) });
        let wall = wall_weight(condition);
        let diagonal = diagonals(couplings, [wall; D]);
        let shape = Shape::of(domain.grid());
        let codes = domain.mask().map(|_| codes(domain, &shape));
        Stencil { shape, couplings, wall, codes, diagonal }
    }

    /// The lower and the upper neighbour of a row along axis k ≥ 1, where there are any.
    fn rows_beside(&self, row: usize, k: usize) -> impl Iterator<Item = usize> {
        let index = self.shape.index_of(row);
        (0..2).filter_map(move |side| self.shape.row_beside(index, k, side))
    }

    /// ‖f + ∇·∇φ‖.
    pub fn norm(&self, rhs: Shifted, solution: &[f64]) -> f64 {
        let n = self.shape.cells[0];
        let rows = 1 + PORTION / n;
        let blocks = (solution.len() / n).div_ceil(rows);
        let square = |block: usize| {
            let first = block * rows;
            let mut out = vec![0.0; n * rows.min(solution.len() / n - first)];
            self.rows(first, rhs, solution, &mut out);
            out.iter().map(|r| r * r).sum::<f64>()
        };
        // Added up block by block, so that the sum does not depend on the number of threads.
        let squares: Vec<f64> = (0..blocks).into_par_iter().map(square).collect();
        squares.into_iter().sum::<f64>().sqrt()
    }

    /// f + ∇·∇φ.
    pub fn residual(&self, rhs: Shifted, solution: &[f64]) -> Vec<f64> {
        let n = self.shape.cells[0];
        let rows = 1 + PORTION / n;
        let mut out = vec![0.0; solution.len()];
        let blocks = out.par_chunks_mut(rows * n).enumerate();
        blocks.for_each(|(block, out)| self.rows(block * rows, rhs, solution, out));
        out
    }

    fn rows(&self, first: usize, rhs: Shifted, solution: &[f64], out: &mut [f64]) {
        Arch::new().dispatch(ResidualRows { stencil: self, first, rhs, solution, out });
    }

    #[inline(always)]
    fn row(&self, row: usize, rhs: Shifted, solution: &[f64], out: &mut [f64]) {
        let n = self.shape.cells[0];
        let here = &solution[row * n..][..n];
        let f = &rhs.values[row * n..][..n];
        let c = &self.couplings;
        let codes = self.codes.as_ref().map(|codes| &self.shape.row(codes, row)[1..=n]);
        if let Some(codes) = codes {
            for (((o, f), x), code) in out.iter_mut().zip(f).zip(here).zip(codes) {
                *o = f - rhs.shift - self.diagonal[usize::from(*code & 31).min(27)] * x;
            }
        } else {
            let diagonal = 2.0 * c[0] + self.diagonal_across(row);
            for ((o, f), x) in out.iter_mut().zip(f).zip(here) {
                *o = f - rhs.shift - diagonal * x;
            }
        }
        add(&mut out[1..], c[0], &here[..n - 1]);
        add(&mut out[..n - 1], c[0], &here[1..]);
        let walled = if codes.is_none() { (1.0 - self.wall) * c[0] } else { 0.0 };
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
        for ((o, f), code) in out.iter_mut().zip(f).zip(codes.into_iter().flatten()) {
            *o = if *code == OUTSIDE { *f } else { *o };
        }
    }

    /// The part of a box's diagonal that the axes beyond the first make up.
    fn diagonal_across(&self, row: usize) -> f64 {
        let along = |k: usize| {
            let count = self.rows_beside(row, k).count() as f64;
            self.couplings[k] * (count + self.wall * (2.0 - count))
        };
        (1..D).map(along).sum()
    }
}

#[inline(always)]
fn add(out: &mut [f64], c: f64, x: &[f64]) {
    out.iter_mut().zip(x).for_each(|(o, x)| *o += c * x);
}

/// Some rows, to be compiled for the widest vectors of the processor.
struct ResidualRows<'a, const D: usize> {
    stencil: &'a Stencil<D>,
    first: usize,
    rhs: Shifted<'a>,
    solution: &'a [f64],
    out: &'a mut [f64],
}

impl<const D: usize> NullaryFnOnce for ResidualRows<'_, D> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        for (i, out) in self.out.chunks_exact_mut(self.stencil.shape.cells[0]).enumerate() {
            self.stencil.row(self.first + i, self.rhs, self.solution, out);
        }
    }
}
