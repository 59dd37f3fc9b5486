//! The coarsest level, solved by its pseudo-inverse.

use super::couplings::Scalar;
use super::level::Level;
use faer::dyn_stack::{MemBuffer, MemStack};
use faer::linalg::cholesky::llt::factor::{cholesky_in_place, cholesky_in_place_scratch};
use faer::linalg::cholesky::llt::inverse::{inverse, inverse_scratch};
use faer::{Mat, Par};

/// The pseudo-inverse as a dense matrix over all cells of the level.
pub struct Coarsest<T> {
    cells: usize,
    inverse: Vec<T>,
}

impl<T: Scalar> Coarsest<T> {
    /// Inverts the operator of a level of a few hundred cells, given those beside a wall, by one thread, so that the numbers are the
    /// same for any number. `None` if it is not positive, which numbers that are not finite would cause.
    ///
    /// With c the constant of length 1 on each component that no wall holds, A + s Σ c cᵀ is regular, and its
    /// inverse is that of A elsewhere and 1/s on the constants.
    pub fn of(mut matrix: Mat<f64>, at_wall: &[bool]) -> Option<Coarsest<T>> {
        let (cells, floating) = (matrix.nrows(), floating(&matrix, at_wall));
        let diagonal = (0..cells).map(|i| matrix[(i, i)]).fold(0.0, f64::max);
        let size = if diagonal > 0.0 { diagonal } else { 1.0 };
        add_constants(&mut matrix, &floating, size);
        let mut regular = regular_inverse(matrix)?;
        add_constants(&mut regular, &floating, -1.0 / size);
        let entries = (0..cells).flat_map(|i| (0..cells).map(move |j| (i.max(j), i.min(j))));
        let inverse = entries.map(|at| T::rounded(regular[at])).collect();
        Some(Coarsest { cells, inverse })
    }

    /// x = A⁺ b.
    pub fn solve(&self, b: &[T], x: &mut [T]) {
        for (x, line) in x.iter_mut().zip(self.inverse.chunks_exact(self.cells)) {
            *x = line.iter().zip(b).map(|(a, b)| *a * *b).sum();
        }
    }
}

/// matrix += scale Σ c cᵀ.
fn add_constants(matrix: &mut Mat<f64>, components: &[Vec<usize>], scale: f64) {
    for component in components {
        let share = scale / component.len() as f64;
        let pairs = component.iter().flat_map(|i| component.iter().map(move |j| (*i, *j)));
        pairs.for_each(|at| matrix[at] += share);
    }
}

/// The lower triangle of the inverse of a symmetric positive matrix.
fn regular_inverse(mut matrix: Mat<f64>) -> Option<Mat<f64>> {
    let n = matrix.nrows();
    let need = cholesky_in_place_scratch::<f64>(n, Par::Seq, Default::default());
    let mut space = MemBuffer::new(need.or(inverse_scratch::<f64>(n, Par::Seq)));
    let stack = MemStack::new(&mut space);
    let square = matrix.as_mut();
    cholesky_in_place(square, Default::default(), Par::Seq, stack, Default::default()).ok()?;
    let mut inverted = Mat::zeros(n, n);
    inverse(inverted.as_mut(), matrix.as_ref(), Par::Seq, stack);
    Some(inverted)
}

/// The connected cells of each component without a Dirichlet wall.
fn floating(matrix: &Mat<f64>, at_wall: &[bool]) -> Vec<Vec<usize>> {
    let mut seen = vec![false; at_wall.len()];
    let mut found = Vec::new();
    for start in 0..at_wall.len() {
        if std::mem::replace(&mut seen[start], true) {
            continue;
        }
        let mut component = vec![start];
        let mut next = 0;
        while let Some(&cell) = component.get(next) {
            for other in (0..at_wall.len()).filter(|other| matrix[(cell, *other)] != 0.0) {
                if !std::mem::replace(&mut seen[other], true) {
                    component.push(other);
                }
            }
            next += 1;
        }
        if !component.iter().any(|cell| at_wall[*cell]) {
            found.push(component);
        }
    }
    found
}

/// The operator as a dense matrix, its diagonal summed anew in f64 so that null vectors stay, and the cells
/// beside a Dirichlet wall.
pub fn dense<T: Scalar, const D: usize>(level: &Level<T, D>) -> (Mat<f64>, Vec<bool>) {
    let shape = &level.shape;
    let n = shape.cells[0];
    let cells = n * shape.rows();
    let (mut matrix, mut at_wall) = (Mat::zeros(cells, cells), vec![false; cells]);
    for row in 0..shape.rows() {
        let index = shape.index_of(row);
        for i in 0..n {
            let cell = row * n + i;
            for walls in level.walls.iter().flatten() {
                let wall: f64 = shape.row(walls, row)[i + 1].into();
                matrix[(cell, cell)] += wall;
                at_wall[cell] |= wall > 0.0;
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
    (matrix, at_wall)
}
