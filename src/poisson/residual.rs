//! What a solution leaves of its right-hand side, in one pass over both.

mod alike;
mod uneven;

#[cfg(test)]
mod tests;

use super::shape::Shape;
use crate::operator::Stencil;
use alike::Alike;
use pulp::{Arch, NullaryFnOnce};
use rayon::prelude::*;
use uneven::Uneven;

/// Cells a thread takes at a time.
const PORTION: usize = 1 << 13;

/// f + ∇·∇φ row by row, without fields on faces between; with a metric times the volumes of the cells, f too. φ is 0
/// outside the mask.
pub struct Residual<const D: usize> {
    shape: Shape<D>,
    laplacian: Laplacian<D>,
}

enum Laplacian<const D: usize> {
    Alike(Box<Alike<D>>),
    Uneven(Uneven<D>),
}

/// f − shift.
#[derive(Clone, Copy)]
pub struct Shifted<'a> {
    pub values: &'a [f64],
    pub shift: f64,
}

impl<const D: usize> Residual<D> {
    /// That of a Laplacian. O(n) with a mask or a metric, else O(1).
    pub fn new(stencil: &Stencil<D>) -> Residual<D> {
        let shape = Shape::of(stencil.domain().grid());
        let laplacian = match stencil.couplings() {
            Some(couplings) => Laplacian::Alike(Box::new(Alike::new(stencil, couplings, shape))),
            None => Laplacian::Uneven(Uneven::new(stencil, shape)),
        };
        Residual { shape, laplacian }
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
    pub fn values(&self, rhs: Shifted, solution: &[f64]) -> Vec<f64> {
        let n = self.shape.cells[0];
        let rows = 1 + PORTION / n;
        let mut out = vec![0.0; solution.len()];
        let blocks = out.par_chunks_mut(rows * n).enumerate();
        blocks.for_each(|(block, out)| self.rows(block * rows, rhs, solution, out));
        out
    }

    fn rows(&self, first: usize, rhs: Shifted, solution: &[f64], out: &mut [f64]) {
        Arch::new().dispatch(ResidualRows { residual: self, first, rhs, solution, out });
    }
}

/// Some rows, to be compiled for the widest vectors of the processor.
struct ResidualRows<'a, const D: usize> {
    residual: &'a Residual<D>,
    first: usize,
    rhs: Shifted<'a>,
    solution: &'a [f64],
    out: &'a mut [f64],
}

impl<const D: usize> NullaryFnOnce for ResidualRows<'_, D> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let n = self.residual.shape.cells[0];
        for (i, out) in self.out.chunks_exact_mut(n).enumerate() {
            let row = self.first + i;
            let f = &self.rhs.values[row * n..][..n];
            let right = Shifted { values: f, shift: self.rhs.shift };
            match &self.residual.laplacian {
                Laplacian::Alike(alike) => alike.row(row, right, self.solution, out),
                Laplacian::Uneven(uneven) => uneven.row(row, right, self.solution, out),
            }
        }
    }
}
