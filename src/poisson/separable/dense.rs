//! Eigenvectors as a matrix, for an axis of unlike cells.

use crate::machine::zeros;
use faer::linalg::matmul::matmul;
use faer::{Accum, Mat, MatMut, MatRef, Par, Side};
use rayon::prelude::*;

/// Values that a task takes at a time, in rows.
const TASK: usize = 1 << 15;

/// The matrix V of eigenvectors x of K x = λ m x, with Vᵀ m V = 1.
pub(crate) struct Eigenvectors {
    vectors: Mat<f64>,
}

impl Eigenvectors {
    /// Finds them and their eigenvalues for a symmetric K by row and column, in O(n³); `None` where that fails. K x = 0 for
    /// every x of `null`, which are orthogonal under m: they and the eigenvalue 0 are then those of the first.
    pub(crate) fn new(
        matrix: impl Fn(usize, usize) -> f64,
        mass: &[f64],
        null: &[Vec<f64>],
    ) -> Option<(Eigenvectors, Vec<f64>)> {
        let n = mass.len();
        let root: Vec<f64> = mass.iter().map(|m| m.sqrt()).collect();
        let scaled = Mat::from_fn(n, n, |i, j| matrix(i, j) / (root[i] * root[j]));
        // On one thread: the last digits would depend on how many there are.
        let alone = rayon::ThreadPoolBuilder::new().num_threads(1).build().ok()?;
        let found = alone.install(|| scaled.self_adjoint_eigen(Side::Lower)).ok()?;
        let mut eigenvalues: Vec<f64> = found.S().column_vector().iter().copied().collect();
        let (u, mut vectors) = (found.U(), Mat::zeros(n, n));
        for j in 0..n {
            (0..n).for_each(|i| vectors[(i, j)] = u[(i, j)] / root[i]);
        }
        for (j, null) in null.iter().enumerate() {
            eigenvalues[j] = 0.0;
            let squares = null.iter().zip(mass).map(|(x, m)| x * x * m);
            let norm = squares.sum::<f64>().sqrt();
            (0..n).for_each(|i| vectors[(i, j)] = null[i] / norm);
        }
        eigenvalues.iter_mut().for_each(|value| *value = value.max(0.0));
        Some((Eigenvectors { vectors }, eigenvalues))
    }

    /// V applied along an axis.
    pub(crate) fn apply(&self, values: &mut Vec<f64>, inner: usize) {
        product(self.vectors.as_ref(), values, inner);
    }

    /// Vᵀ applied along an axis.
    pub(crate) fn transposed(&self, values: &mut Vec<f64>, inner: usize) {
        product(self.vectors.transpose(), values, inner);
    }
}

/// A matrix applied to all lanes along an axis that are `inner` values wide. Tasks are cut by sizes alone, so that nothing
/// depends on the number of threads.
fn product(matrix: MatRef<f64>, values: &mut Vec<f64>, inner: usize) {
    let n = matrix.nrows();
    let mut out: Vec<f64> = zeros(values.len());
    if inner == 1 {
        let rows = (TASK / n).max(1) * n;
        let tasks = out.par_chunks_mut(rows).zip(values.par_chunks(rows));
        tasks.for_each(|(out, values)| {
            let count = out.len() / n;
            // Lanes are the columns of column-major matrices.
            let values = MatRef::from_column_major_slice(values, n, count);
            let out = MatMut::from_column_major_slice_mut(out, n, count);
            matmul(out, Accum::Replace, matrix, values, 1.0, Par::Seq);
        });
    } else {
        let block = (TASK / inner).clamp(1, n);
        let slabs = out.par_chunks_mut(n * inner).zip(values.par_chunks(n * inner));
        slabs.for_each(|(out, values)| {
            let values = MatRef::from_row_major_slice(values, n, inner);
            out.par_chunks_mut(block * inner).enumerate().for_each(|(i, out)| {
                let rows = out.len() / inner;
                let part = matrix.subrows(i * block, rows);
                let out = MatMut::from_row_major_slice_mut(out, rows, inner);
                matmul(out, Accum::Replace, part, values, 1.0, Par::Seq);
            });
        });
    }
    *values = out;
}
