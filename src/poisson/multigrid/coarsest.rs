//! The coarsest level, solved by its pseudo-inverse.

use super::level::Level;
use super::stencil::Real;
use faer::{Mat, Side};

/// Eigenvalues below this share of the largest belong to constants on components.
const NULL: f64 = 1e-13;

/// The pseudo-inverse as a dense matrix over all cells of the level.
pub struct Coarsest<T> {
    cells: usize,
    inverse: Vec<T>,
}

impl<T: Real> Coarsest<T> {
    /// Diagonalises the operator of a level of a few hundred cells. `None` if the eigenvalues do
    /// not converge, which numbers that are not finite would cause.
    pub fn new<const D: usize>(level: &Level<T, D>) -> Option<Coarsest<T>> {
        let matrix = dense(level);
        let cells = matrix.nrows();
        let eigen = matrix.self_adjoint_eigen(Side::Lower).ok()?;
        let (vectors, values) = (eigen.U(), eigen.S().column_vector());
        let largest = values.iter().fold(0.0f64, |m, v| m.max(v.abs()));
        let scaled = Mat::from_fn(cells, cells, |i, j| {
            let value = values[j];
            if value > NULL * largest { vectors[(i, j)] / value } else { 0.0 }
        });
        let inverse = &scaled * vectors.transpose();
        let entries = (0..cells).flat_map(|i| (0..cells).map(move |j| (i, j)));
        // The mean of both halves, so that rounding does not make it unsymmetric.
        let inverse =
            entries.map(|(i, j)| T::rounded(0.5 * (inverse[(i, j)] + inverse[(j, i)]))).collect();
        Some(Coarsest { cells, inverse })
    }

    /// x = A⁺ b, rows stored with ghosts.
    pub fn solve<const D: usize>(&self, level: &Level<T, D>, b: &[T], x: &mut [T]) {
        let (n, stride) = (level.shape.cells[0], level.shape.stride());
        let inner: Vec<T> = b.chunks_exact(stride).flat_map(|row| &row[1..=n]).copied().collect();
        let mut lines = self.inverse.chunks_exact(self.cells);
        for row in x.chunks_exact_mut(stride) {
            for (x, line) in row[1..=n].iter_mut().zip(&mut lines) {
                *x = line.iter().zip(&inner).map(|(a, b)| *a * *b).sum();
            }
            level.shape.close(row);
        }
    }
}

/// The operator as a dense matrix, its diagonal summed anew in f64 so that null vectors stay.
fn dense<T: Real, const D: usize>(level: &Level<T, D>) -> Mat<f64> {
    let shape = &level.shape;
    let n = shape.cells[0];
    let cells = n * shape.rows();
    let mut matrix = Mat::zeros(cells, cells);
    for row in 0..shape.rows() {
        let index = shape.index_of(row);
        for i in 0..n {
            let cell = row * n + i;
            for walls in level.walls.iter().flatten() {
                matrix[(cell, cell)] += shape.row(walls, row)[i + 1].into();
            }
            for k in 0..D {
                let beside = if k == 0 {
                    shape.beside(0, i, 0).map(|i| row * n + i)
                } else {
                    shape.row_beside(index, k, 0).map(|row| row * n + i)
                };
                let Some(beside) = beside else { continue };
                let coupling: f64 = level.lower(k, row).at(i).into();
                matrix[(cell, cell)] += coupling;
                matrix[(beside, beside)] += coupling;
                matrix[(cell, beside)] -= coupling;
                matrix[(beside, cell)] -= coupling;
            }
        }
    }
    matrix
}
