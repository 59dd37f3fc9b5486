//! Cholesky of the dense block of a supernode.

use faer::dyn_stack::{MemBuffer, MemStack};
use faer::linalg::cholesky::llt::factor::{LltError, cholesky_in_place, cholesky_in_place_scratch};
use faer::linalg::matmul::matmul;
use faer::linalg::matmul::triangular::{self, BlockStructure};
use faer::linalg::triangular_solve::solve_lower_triangular_in_place;
use faer::prelude::{Reborrow, ReborrowMut};
use faer::{Accum, MatMut, MatRef, Par};
use rayon::prelude::*;

/// Rows that one thread divides by a triangle at a time.
const ROWS: usize = 512;

/// Factors the square at the top of a block, `width` columns stored one after the other, and
/// divides the rest by it. Each panel of columns is finished before it is subtracted from the later
/// ones, by several threads where there is more than one panel. Returns the index of a pivot that
/// is not positive as an error.
pub fn eliminate(block: &mut [f64], width: usize, panel: usize) -> Result<(), usize> {
    let height = block.len() / width;
    for first in (0..width).step_by(panel) {
        let last = (first + panel).min(width);
        let (done, later) = block[first * height..].split_at_mut((last - first) * height);
        let columns = MatMut::from_column_major_slice_mut(done, height, last - first);
        let (mut top, bottom) = columns.split_at_row_mut(first).1.split_at_row_mut(last - first);
        factor(top.rb_mut()).map_err(|index| first + index)?;
        divide(top.rb(), bottom);
        let columns = MatRef::from_column_major_slice(done, height, last - first);
        let panels = later.par_chunks_mut(panel * height).enumerate().with_max_len(1);
        panels.for_each(|(i, out)| {
            let count = out.len() / height;
            let out = MatMut::from_column_major_slice_mut(out, height, count);
            subtract(columns.split_at_row(last + i * panel).1, out);
        });
    }
    Ok(())
}

fn factor(square: MatMut<f64>) -> Result<(), usize> {
    let scratch = cholesky_in_place_scratch::<f64>(square.nrows(), Par::Seq, Default::default());
    let mut space = MemBuffer::new(scratch);
    let stack = MemStack::new(&mut space);
    cholesky_in_place(square, Default::default(), Par::Seq, stack, Default::default())
        .map(|_| ())
        .map_err(|LltError::NonPositivePivot { index }| index)
}

/// Rows divided by a triangle.
fn divide(triangle: MatRef<f64>, rows: MatMut<f64>) {
    if rows.nrows() < 2 * ROWS {
        return solve_lower_triangular_in_place(triangle, rows.transpose_mut(), Par::Seq);
    }
    let middle = rows.nrows() / 2;
    let (upper, lower) = rows.split_at_row_mut(middle);
    rayon::join(|| divide(triangle, upper), || divide(triangle, lower));
}

/// Subtracts from columns the product of the rows from the first of them on.
fn subtract(rows: MatRef<f64>, out: MatMut<f64>) {
    let (count, from) = (out.ncols(), out.nrows() - rows.nrows());
    let (top, bottom) = rows.split_at_row(count);
    let (out_top, out_bottom) = out.split_at_row_mut(from).1.split_at_row_mut(count);
    triangular::matmul(
        out_top,
        BlockStructure::TriangularLower,
        Accum::Add,
        top,
        BlockStructure::Rectangular,
        top.transpose(),
        BlockStructure::Rectangular,
        -1.0,
        Par::Seq,
    );
    matmul(out_bottom, Accum::Add, bottom, top.transpose(), -1.0, Par::Seq);
}
