//! The staggered Laplacian as a sparse matrix over the active cells.

use super::Stencil;
use crate::boundary::Condition;
use crate::grid::Domain;
use rayon::prelude::*;
use sprs::CsMat;

/// −∇·∇ over the active cells, symmetric and positive semidefinite; with a metric times the volumes of the cells, so
/// that it stays symmetric: Σ S/d (φ − φ′). It is D₀ᵀ ⋆₁ D₀ of [`Exterior`](super::Exterior), where all cells are
/// alike over their volume. The diagonal is stored also where it is zero. O(n).
pub fn laplacian_matrix<const D: usize>(domain: &Domain<D>, condition: Condition) -> CsMat<f64> {
    let stencil = Stencil::new(domain, condition);
    let (numbers, count) = number_cells(domain);
    let cells = domain.grid().cells();
    let portion = |first: usize| {
        let (mut rows, mut row) = (LaplacianRows::default(), Vec::new());
        for cell in (first..(first + PORTION).min(cells)).filter(|&cell| domain.is_active(cell)) {
            find_row(&stencil, cell, &mut row);
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

/// The numbers of the active cells in storage order, `usize::MAX` elsewhere, and how many.
pub fn number_cells<const D: usize>(domain: &Domain<D>) -> (Vec<usize>, usize) {
    let mut count = 0;
    let numbers = (0..domain.grid().cells())
        .map(|cell| {
            if !domain.is_active(cell) {
                return usize::MAX;
            }
            count += 1;
            count - 1
        })
        .collect();
    (numbers, count)
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

/// The entries of a cell's row, in no order; those of one column are to be added.
fn find_row<const D: usize>(stencil: &Stencil<D>, cell: usize, row: &mut Vec<(usize, f64)>) {
    row.clear();
    let mut diagonal = 0.0;
    for side in stencil.sides(cell) {
        diagonal += side.conductance;
        row.extend(side.beside.map(|beside| (beside, -side.conductance)));
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
    use super::super::{Exterior, Matrix};
    use super::*;
    use crate::boundary::Boundary;
    use crate::grid::{Axis, Grid, Location, Metric, Topology};

    /// D₀ᵀ ⋆₁ D₀ by products of sparse matrices, rows and columns of the active cells.
    fn by_products<const D: usize>(domain: &Domain<D>, condition: Condition) -> Matrix {
        let boundary = match condition {
            Condition::Neumann => Boundary::NoFlux,
            Condition::Dirichlet => Boundary::ZeroPotential,
        };
        let exterior = Exterior::new(domain, boundary);
        let difference = exterior.difference(0);
        &difference.transpose_view().to_csr() * &(&exterior.star(1) * &difference)
    }

    fn check<const D: usize>(cells: [usize; D], topology: [Topology; D], masked: bool) {
        let axes: [Axis; D] =
            std::array::from_fn(|k| Axis::over(0.0, 1.0 + k as f64, cells[k], topology[k]));
        let grid = Grid::new(axes).unwrap();
        let active = (0..grid.cells()).map(|cell| !masked || cell * cell % 7 != 1).collect();
        let domain = Domain::masked(grid, active).unwrap();
        let sizes = |seed: usize| {
            std::array::from_fn(|k| {
                let faces = 0..grid.len_at(Location::face(k));
                faces.map(|face| 1.0 + (face * (k + seed) % 11) as f64).collect()
            })
        };
        let metric = Metric::given(&grid, sizes(3), sizes(5), vec![1.0; grid.cells()]).unwrap();
        let uneven = domain.clone().with_metric(metric).unwrap();
        for condition in [Condition::Neumann, Condition::Dirichlet] {
            let volume = grid.cell_volume();
            same(
                &domain,
                laplacian_matrix(&domain, condition),
                by_products(&domain, condition),
                volume,
            );
            same(
                &domain,
                laplacian_matrix(&uneven, condition),
                by_products(&uneven, condition),
                1.0,
            );
        }
    }

    fn same<const D: usize>(domain: &Domain<D>, found: Matrix, expected: Matrix, volume: f64) {
        let (found, expected) = (found.to_dense(), expected.to_dense());
        let cells: Vec<usize> =
            (0..expected.nrows()).filter(|cell| domain.is_active(*cell)).collect();
        let scale = expected.iter().fold(0.0, |most: f64, value| most.max(value.abs()));
        for (i, row) in cells.iter().enumerate() {
            for (j, column) in cells.iter().enumerate() {
                let error = (volume * found[[i, j]] - expected[[*row, *column]]).abs();
                assert!(error <= 1e-14 * scale, "{error} of {scale}");
            }
        }
    }

    #[test]
    fn is_the_square_of_the_difference() {
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
