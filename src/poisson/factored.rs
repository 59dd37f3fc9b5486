//! A symmetric matrix with constants in its null space, factored by faer's own sparse LLᵀ.

use super::{Backend, SolveError, SolveReport};
use crate::boundary::Condition;
use crate::operator::Matrix;
use faer::Side;
use faer::linalg::solvers::Solve;
use faer::sparse::linalg::solvers::{Llt, SymbolicLlt};
use faer::sparse::{SparseColMat, SymbolicSparseColMat};

/// L φ = f for a positive semidefinite L whose null space are the constants on each of its components: points that
/// its entries connect. One point of each is pinned.
///
/// For matrices that are no staggered Laplacian; [`Cholesky`](super::Cholesky) is faster for those that are. The order is
/// faer's (approximate minimum degree), and so is the numeric factorisation.
pub struct Factored {
    matrix: Matrix,
    factor: Llt<usize, f64>,
    /// The component of each point, and how many points each has.
    component: Vec<usize>,
    sizes: Vec<usize>,
    pins: Vec<usize>,
}

impl Factored {
    /// Factors a matrix by rows.
    ///
    /// # Errors
    /// If the factorisation fails, for lack of memory or because the matrix is not as it should be.
    pub fn new(matrix: Matrix) -> Result<Factored, SolveError> {
        let (component, pins) = components(&matrix);
        let mut sizes = vec![0; pins.len()];
        component.iter().for_each(|c| sizes[*c] += 1);
        let unknowns = matrix.rows();
        let failed = |reason: String| SolveError::Factorisation { unknowns, reason };
        let pinned = pinned(&matrix, &component, &pins);
        let symbolic = SymbolicLlt::try_new(pinned.symbolic(), Side::Lower)
            .map_err(|error| failed(format!("{error:?}")))?;
        let factor = Llt::try_new_with_symbolic(symbolic, pinned.as_ref(), Side::Lower)
            .map_err(|error| failed(format!("{error:?}")))?;
        Ok(Factored { matrix, factor, component, sizes, pins })
    }

    /// How many components there are: the dimension of the null space.
    pub fn components(&self) -> usize {
        self.pins.len()
    }

    /// φ of mean 0 on each component, and what the solve did; `scale` is the size against which the residual is judged.
    ///
    /// # Errors
    /// If the residual is too large.
    pub fn solve(&self, right: &[f64], scale: f64) -> Result<(Vec<f64>, SolveReport), SolveError> {
        let mut right = right.to_vec();
        self.remove_means(&mut right);
        let mut pinned = right.clone();
        self.pins.iter().for_each(|pin| pinned[*pin] = 0.0);
        let mut column = faer::Mat::from_fn(pinned.len(), 1, |i, _| pinned[i]);
        self.factor.solve_in_place(&mut column);
        let mut solution: Vec<f64> = (0..pinned.len()).map(|i| column[(i, 0)]).collect();
        self.remove_means(&mut solution);
        let gap = |(row, right): (sprs::CsVecView<f64>, &f64)| {
            right - row.iter().map(|(j, entry)| entry * solution[j]).sum::<f64>()
        };
        let rows = self.matrix.outer_iterator().zip(&right);
        let norm = rows.map(gap).map(|gap| gap * gap).sum::<f64>().sqrt();
        let (backend, condition) = (Backend::Cholesky, Condition::Neumann);
        let unknowns = right.len();
        let report = SolveReport { backend, condition, unknowns, iterations: 0, residual: 0.0 };
        Ok((solution, super::accept(report, norm, scale)?))
    }

    fn remove_means(&self, values: &mut [f64]) {
        let mut sums = vec![0.0; self.sizes.len()];
        values.iter().zip(&self.component).for_each(|(value, c)| sums[*c] += value);
        let means: Vec<f64> = sums.iter().zip(&self.sizes).map(|(s, n)| s / *n as f64).collect();
        values.iter_mut().zip(&self.component).for_each(|(value, c)| *value -= means[*c]);
    }
}

/// The component of each row, and the first row of each component.
fn components(matrix: &Matrix) -> (Vec<usize>, Vec<usize>) {
    let mut component = vec![usize::MAX; matrix.rows()];
    let (mut pins, mut stack) = (Vec::new(), Vec::new());
    for first in 0..matrix.rows() {
        if component[first] != usize::MAX {
            continue;
        }
        component[first] = pins.len();
        stack.push(first);
        while let Some(row) = stack.pop() {
            let entries = matrix.outer_view(row).expect("a row of the matrix");
            for (column, _) in entries.iter().filter(|(_, entry)| **entry != 0.0) {
                if component[column] == usize::MAX {
                    component[column] = pins.len();
                    stack.push(column);
                }
            }
        }
        pins.push(first);
    }
    (component, pins)
}

/// The matrix without the rows and columns of the pins, whose diagonal stays.
fn pinned(matrix: &Matrix, component: &[usize], pins: &[usize]) -> SparseColMat<usize, f64> {
    let is_pin = |i: usize| pins[component[i]] == i;
    let (mut starts, mut rows, mut values) = (vec![0], Vec::new(), Vec::new());
    // Symmetric, so that rows are columns.
    for (column, entries) in matrix.outer_iterator().enumerate() {
        let diagonal_alone = is_pin(column);
        for (row, value) in entries.iter() {
            let diagonal = row == column;
            if diagonal || !(diagonal_alone || is_pin(row)) {
                let alone = diagonal && diagonal_alone && *value == 0.0;
                rows.push(row);
                values.push(if alone { 1.0 } else { *value });
            }
        }
        starts.push(rows.len());
    }
    let size = component.len();
    let symbolic = SymbolicSparseColMat::new_checked(size, size, starts, None, rows);
    SparseColMat::new(symbolic, values)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grid::{Axis, Domain, Grid, Topology};
    use crate::operator::laplacian_matrix;

    #[test]
    fn solves_where_constants_are_free_on_two_pieces() {
        let axis = |cells| Axis::over(0.0, 1.0, cells, Topology::Bounded);
        let grid = Grid::new([axis(7), axis(5)]).unwrap();
        let mask = (0..35).map(|cell| cell % 7 != 3).collect();
        let domain = Domain::masked(grid, mask).unwrap();
        let matrix = laplacian_matrix(&domain, Condition::Neumann);
        let factored = Factored::new(matrix.clone()).unwrap();
        assert_eq!(factored.components(), 2);
        let mut right: Vec<f64> = (0..30).map(|i| (i as f64 * 0.7).sin()).collect();
        factored.remove_means(&mut right);
        let (solution, report) = factored.solve(&right, 1.0).unwrap();
        assert!(report.residual < 1e-12, "{}", report.residual);
        for (row, right) in matrix.outer_iterator().zip(&right) {
            let found: f64 = row.iter().map(|(j, a)| a * solution[j]).sum();
            assert!((found - right).abs() < 1e-12);
        }
        let whole: f64 = solution.iter().sum();
        assert!(whole.abs() < 1e-12);
    }
}
