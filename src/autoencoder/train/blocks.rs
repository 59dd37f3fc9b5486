//! Work divided among the threads in blocks that depend on the sizes alone, so that results are
//! bitwise the same for any number of threads.

use super::Real;
use faer::linalg::matmul::matmul;
use faer::{Accum, MatMut, MatRef, Par};
use rayon::prelude::*;

/// Rows of a product that are one task.
const ROWS: usize = 64;

/// Products of fewer multiplications are one task: dividing them would cost more than it gains.
const SMALL: usize = 1 << 18;

/// Numbers of a pass over a vector that are one task.
pub(super) const BLOCK: usize = 1 << 14;

/// out = or += left · right.
pub(super) fn multiply<T: Real>(
    out: MatMut<'_, T>,
    accumulate: Accum,
    left: MatRef<'_, T>,
    right: MatRef<'_, T>,
) {
    if out.nrows() < 2 * ROWS && out.nrows() < out.ncols() {
        return rows(out.transpose_mut(), accumulate, right.transpose(), left.transpose());
    }
    rows(out, accumulate, left, right);
}

fn rows<T: Real>(out: MatMut<'_, T>, accumulate: Accum, left: MatRef<'_, T>, right: MatRef<'_, T>) {
    let one = T::of(1.0);
    if out.nrows() * out.ncols() * left.ncols() < SMALL {
        return matmul(out, accumulate, left, right, one, Par::Seq);
    }
    out.par_row_chunks_mut(ROWS)
        .zip(left.par_row_chunks(ROWS))
        .for_each(|(out, left)| matmul(out, accumulate, left, right, one, Par::Seq));
}

/// The numbers in as many whole columns of `rows` as make a task.
pub(super) fn whole_columns(rows: usize) -> usize {
    (BLOCK / rows).max(1) * rows
}

/// `sums` = Σ over the columns of `values`.
pub(super) fn sum_columns<T: Real>(values: &[T], sums: &mut [T]) {
    let rows = sums.len();
    let task = (BLOCK * rows / values.len().max(1)).max(ROWS);
    sums.par_chunks_mut(task).enumerate().for_each(|(index, sums)| {
        sums.fill(T::default());
        let range = index * task..index * task + sums.len();
        for column in values.chunks(rows) {
            sums.iter_mut().zip(&column[range.clone()]).for_each(|(s, v)| *s += *v);
        }
    });
}

/// Σ v² over the columns of `values`, one sum for each of the rows.
pub(super) fn sums_of_squares<T: Real>(values: &[T], rows: usize) -> Vec<T> {
    let parts: Vec<Vec<T>> = values
        .par_chunks(whole_columns(rows))
        .map(|columns| {
            let mut sums = vec![T::default(); rows];
            for column in columns.chunks(rows) {
                sums.iter_mut().zip(column).for_each(|(s, v)| *s += *v * *v);
            }
            sums
        })
        .collect();
    let mut sums = vec![T::default(); rows];
    for part in parts {
        sums.iter_mut().zip(part).for_each(|(s, v)| *s += v);
    }
    sums
}
