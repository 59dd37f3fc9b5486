//! The staggered Laplacian as a sparse matrix over the active cells.

use super::incidence::number_cells;
use crate::boundary::Condition;
use crate::grid::{Domain, Location, ravel, unravel};
use rayon::prelude::*;
use sprs::CsMat;

/// −∇·∇ over the active cells, symmetric and positive semidefinite: Σ_k G_kᵀ G_k of
/// [`gradient_matrix`](super::gradient_matrix). The diagonal is stored also where it is zero. O(n).
pub fn laplacian_matrix<const D: usize>(domain: &Domain<D>, condition: Condition) -> CsMat<f64> {
    assemble(domain, condition, |_, _| 1.0)
}

/// −∇·p∇ over the active cells under [`Condition::Neumann`], for one positive weight p a face, in
/// storage order.
///
/// # Panics
/// If an axis has another number of weights than faces.
pub fn weighted_laplacian_matrix<const D: usize>(
    domain: &Domain<D>,
    weights: &[Vec<f64>; D],
) -> CsMat<f64> {
    for (k, weights) in weights.iter().enumerate() {
        let (faces, found) = (domain.grid().len_at(Location::face(k)), weights.len());
        assert_eq!(found, faces, "axis {k} has {faces} faces but {found} weights were given");
    }
    assemble(domain, Condition::Neumann, |k, face| weights[k][face])
}

/// Cells of which a thread makes the rows.
const PORTION: usize = 1 << 13;

/// Some rows of a matrix.
#[derive(Default)]
struct LaplacianRows {
    ends: Vec<usize>,
    columns: Vec<usize>,
    values: Vec<f64>,
}

/// The Laplacian row by row, `weight` telling that of a face of an axis.
fn assemble<const D: usize>(
    domain: &Domain<D>,
    condition: Condition,
    weight: impl Fn(usize, usize) -> f64 + Sync,
) -> CsMat<f64> {
    let (numbers, count) = number_cells(domain);
    let cells = domain.grid().cells();
    let portion = |first: usize| {
        let (mut rows, mut row) = (LaplacianRows::default(), Vec::new());
        for cell in (first..(first + PORTION).min(cells)).filter(|&cell| domain.is_active(cell)) {
            find_row(domain, condition, cell, &weight, &mut row);
            row.sort_unstable_by_key(|(beside, _)| *beside);
            rows.push(row.iter().map(|&(beside, value)| (numbers[beside], value)));
        }
        rows
    };
    let starts: Vec<usize> = (0..cells).step_by(PORTION).collect();
    let portions: Vec<LaplacianRows> = starts.into_par_iter().map(portion).collect();
    let all = LaplacianRows::joined(portions);
    let starts = std::iter::once(0).chain(all.ends).collect();
    CsMat::new((count, count), starts, all.columns, all.values)
}

/// The entries of a cell's row, in no order; those of one column are to be added.
fn find_row<const D: usize>(
    domain: &Domain<D>,
    condition: Condition,
    cell: usize,
    weight: impl Fn(usize, usize) -> f64,
    row: &mut Vec<(usize, f64)>,
) {
    row.clear();
    let index = unravel(domain.grid().shape(), cell);
    let mut diagonal = 0.0;
    for (k, axis) in domain.grid().axes().iter().enumerate() {
        let shape = domain.grid().shape_at(Location::face(k));
        let coupling = axis.spacing.powi(-2);
        for side in 0..2 {
            let mut face = index;
            face[k] = (index[k] + side) % shape[k];
            let beside = domain.neighbours(k, face)[side];
            let value = coupling * weight(k, ravel(shape, face));
            match (beside, condition) {
                (Some(beside), _) if beside == cell => {}
                (Some(beside), _) => {
                    row.push((beside, -value));
                    diagonal += value;
                }
                (None, Condition::Dirichlet) => diagonal += 2.0 * value,
                (None, Condition::Neumann) => {}
            }
        }
    }
    row.push((cell, diagonal));
}

impl LaplacianRows {
    /// One row more, of rising columns. Entries of one column are added.
    fn push(&mut self, row: impl Iterator<Item = (usize, f64)>) {
        let start = self.columns.len();
        for (column, value) in row {
            if self.columns[start..].last() == Some(&column) {
                *self.values.last_mut().expect("as many as columns") += value;
            } else {
                self.columns.push(column);
                self.values.push(value);
            }
        }
        self.ends.push(self.columns.len());
    }

    fn joined(portions: Vec<LaplacianRows>) -> LaplacianRows {
        let entries = portions.iter().map(|rows| rows.columns.len()).sum();
        let mut all = LaplacianRows {
            ends: Vec::with_capacity(portions.iter().map(|rows| rows.ends.len()).sum()),
            columns: Vec::with_capacity(entries),
            values: Vec::with_capacity(entries),
        };
        for rows in portions {
            let before = all.columns.len();
            all.ends.extend(rows.ends.into_iter().map(|end| before + end));
            all.columns.extend(rows.columns);
            all.values.extend(rows.values);
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use super::super::gradient_matrix;
    use super::*;
    use crate::grid::{Axis, Grid, Topology};

    /// Σ GᵀG, the rows of each G multiplied by the roots of the weights.
    fn sum_of_squares<const D: usize>(
        domain: &Domain<D>,
        condition: Condition,
        weights: Option<&[Vec<f64>; D]>,
    ) -> CsMat<f64> {
        let square = |k: usize| {
            let mut gradient = gradient_matrix(domain, k, condition);
            if let Some(weights) = weights {
                for (mut row, weight) in gradient.outer_iterator_mut().zip(&weights[k]) {
                    row.iter_mut().for_each(|(_, value)| *value *= weight.sqrt());
                }
            }
            &gradient.transpose_view().to_csr() * &gradient
        };
        (1..D).fold(square(0), |sum, k| &sum + &square(k))
    }

    fn check<const D: usize>(cells: [usize; D], topology: [Topology; D], masked: bool) {
        let axes = std::array::from_fn(|k| Axis::over(0.0, 1.0 + k as f64, cells[k], topology[k]));
        let grid = Grid::new(axes).unwrap();
        let active = (0..grid.cells()).map(|cell| !masked || cell * cell % 7 != 1).collect();
        let domain = Domain::masked(grid, active).unwrap();
        let weights: [Vec<f64>; D] = std::array::from_fn(|k| {
            let faces = domain.grid().len_at(Location::face(k));
            (0..faces).map(|face| 1.0 + (face * (k + 3) % 11) as f64).collect()
        });
        for condition in [Condition::Neumann, Condition::Dirichlet] {
            let found = laplacian_matrix(&domain, condition);
            same(&found, &sum_of_squares(&domain, condition, None));
        }
        let found = weighted_laplacian_matrix(&domain, &weights);
        same(&found, &sum_of_squares(&domain, Condition::Neumann, Some(&weights)));
    }

    fn same(found: &CsMat<f64>, expected: &CsMat<f64>) {
        let (found, expected) = (found.to_dense(), expected.to_dense());
        let scale = expected.iter().fold(0.0, |most: f64, value| most.max(value.abs()));
        let error = (&found - &expected).iter().fold(0.0, |most: f64, e| most.max(e.abs()));
        assert!(error <= 1e-14 * scale, "{error} of {scale}");
    }

    #[test]
    fn equals_the_square_of_the_gradient() {
        let (walls, wraps) = (Topology::Bounded, Topology::Periodic);
        for masked in [false, true] {
            check([7, 5], [walls, walls], masked);
            check([3, 8], [wraps, walls], masked);
            check([2, 1], [wraps, wraps], masked);
            check([4, 3, 5], [walls, walls, walls], masked);
            check([1, 2, 3], [wraps, wraps, wraps], masked);
        }
    }
}
