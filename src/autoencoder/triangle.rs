//! Least squares with more rows than fit into memory, by orthogonal triangles.

use faer::dyn_stack::{MemBuffer, MemStack};
use faer::linalg::qr::no_pivoting::factor::{
    qr_in_place, qr_in_place_scratch, recommended_block_size,
};
use faer::{Mat, MatMut, Par};
use rayon::prelude::*;
use std::ops::Range;

/// Rows of a block over its columns, and blocks whose triangles are held together. Both are fixed, so that results do not
/// depend on the number of threads.
const TALL: usize = 8;
const TOGETHER: usize = 8;

/// The triangle R of an orthogonal factorisation A = QR, of as many rows as A has, at most its columns.
pub fn upper(mut a: Mat<f64>) -> Mat<f64> {
    let (rows, columns) = (a.nrows(), a.ncols());
    let size = rows.min(columns);
    let width = recommended_block_size::<f64>(rows, columns);
    let mut factors = Mat::<f64>::zeros(width, size);
    let scratch = qr_in_place_scratch::<f64>(rows, columns, width, Par::Seq, Default::default());
    let mut space = MemBuffer::new(scratch);
    let stack = MemStack::new(&mut space);
    qr_in_place(a.as_mut(), factors.as_mut(), Par::Seq, stack, Default::default());
    Mat::from_fn(size, columns, |i, j| if i <= j { a[(i, j)] } else { 0.0 })
}

/// R of a tall matrix with `of_item` rows for each of so many items, made block by block: `fill` writes the rows of some
/// items. Needs [`bytes`], however many items there are.
pub fn tall(
    (items, of_item, columns): (usize, usize, usize),
    fill: impl Fn(Range<usize>, MatMut<f64>) + Sync,
) -> Mat<f64> {
    let block = (TALL * columns).div_ceil(of_item);
    let starts: Vec<usize> = (0..items).step_by(block).collect();
    let mut whole: Option<Mat<f64>> = None;
    for group in starts.chunks(TOGETHER) {
        let of_block = |start: &usize| {
            let range = *start..items.min(start + block);
            let mut a = Mat::zeros(of_item * range.len(), columns);
            fill(range, a.as_mut());
            upper(a)
        };
        let triangles: Vec<Mat<f64>> = group.par_iter().with_max_len(1).map(of_block).collect();
        whole = Some(stacked(whole.into_iter().chain(triangles).collect()));
    }
    whole.unwrap_or_else(|| Mat::zeros(0, columns))
}

fn stacked(mut triangles: Vec<Mat<f64>>) -> Mat<f64> {
    if triangles.len() == 1 {
        return triangles.remove(0);
    }
    let columns = triangles[0].ncols();
    let mut all = Mat::zeros(triangles.iter().map(Mat::nrows).sum(), columns);
    let mut first = 0;
    for triangle in &triangles {
        all.submatrix_mut(first, 0, triangle.nrows(), columns).copy_from(triangle);
        first += triangle.nrows();
    }
    upper(all)
}

/// What [`tall`] takes at most.
pub fn bytes(rows: f64, columns: usize, threads: usize) -> f64 {
    let square = 8.0 * (columns as f64).powi(2);
    let block = square * TALL as f64;
    let in_flight = threads.min(TOGETHER) as f64;
    block.min(8.0 * rows * columns as f64) * in_flight + (2 * TOGETHER + 4) as f64 * square
}
