//! Which back end a domain calls for.

use crate::common::masks::grid;
use hodge::grid::{Domain, Grid};
use hodge::poisson::{Backend, backend_for};

/// The first `active` cells of a grid.
fn first<const D: usize>(grid: Grid<D>, active: usize) -> Domain<D> {
    Domain::masked(grid, (0..grid.cells()).map(|cell| cell < active).collect()).unwrap()
}

/// Masks are factored up to a limit, by the cells that take part and not by those of the grid.
fn limit<const D: usize>(grids: [Grid<D>; 2], limit: usize) {
    for grid in grids {
        assert!(grid.cells() > limit + 1);
        for (active, expected) in [
            (1, Backend::Cholesky),
            (limit - 1, Backend::Cholesky),
            (limit, Backend::Cholesky),
            (limit + 1, Backend::Multigrid),
            (grid.cells() - 1, Backend::Multigrid),
        ] {
            assert_eq!(backend_for(&first(grid, active)), expected, "{D}D, {active} cells");
        }
        // Nothing is masked: a box.
        assert_eq!(backend_for(&first(grid, grid.cells())), Backend::Transform);
    }
}

#[test]
fn masks_are_factored_up_to_a_limit() {
    limit([grid([601, 500], 0b11), grid([700, 900], 0b00)], 300_000);
    limit([grid([31, 32, 33], 0b111), grid([40, 50, 30], 0b010)], 30_000);
}

#[test]
fn boxes_are_transformed() {
    for walls in 0..4 {
        for cells in [[1, 1], [5, 7], [700, 500]] {
            assert_eq!(backend_for(&Domain::full(grid(cells, walls))), Backend::Transform);
        }
    }
    for walls in 0..8 {
        for cells in [[1, 1, 1], [3, 4, 5], [60, 50, 40]] {
            assert_eq!(backend_for(&Domain::full(grid(cells, walls))), Backend::Transform);
        }
    }
}
