//! Which back end a domain calls for, and the factor of one against that of another library.

use crate::common::Random;
use crate::common::llt::Reference;
use crate::common::masks::{grid, random_mask, shapes_2d, shapes_3d};
use hodge::boundary::Condition;
use hodge::field::ScalarField;
use hodge::grid::{Domain, Grid, Location};
use hodge::operator::laplacian_matrix;
use hodge::poisson::{Backend, Cholesky, Poisson, backend_for};

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

/// The solution of our Cholesky and that of faer's, relative to the largest value. Where a constant is free in
/// every component, faer's is pinned at 0 in one cell of each and loses its mean afterwards.
fn compare_with_faer<const D: usize>(domain: &Domain<D>, condition: Condition, seed: u64) {
    let (label, count) = domain.components();
    let active: Vec<usize> = (0..label.len()).filter(|&cell| domain.is_active(cell)).collect();
    let component: Vec<usize> = active.iter().map(|&cell| label[cell] as usize).collect();
    let first = |wanted| component.iter().position(|c| *c == wanted).unwrap();
    let pinned: Vec<usize> = match condition {
        Condition::Neumann => (0..count).map(first).collect(),
        Condition::Dirichlet => Vec::new(),
    };
    let without_means = |values: &mut [f64]| {
        for wanted in 0..if pinned.is_empty() { 0 } else { count } {
            let inside = || component.iter().enumerate().filter(|(_, c)| **c == wanted);
            let mean = inside().map(|(i, _)| values[i]).sum::<f64>() / inside().count() as f64;
            inside().for_each(|(i, _)| values[i] -= mean);
        }
    };
    let mut random = Random::new(seed);
    let mut rhs: Vec<f64> = active.iter().map(|_| random.next()).collect();
    without_means(&mut rhs);
    let mut field = ScalarField::zeros(*domain.grid(), Location::CELL);
    active.iter().zip(&rhs).for_each(|(&cell, v)| field.values_mut()[cell] = *v);
    let ours = Cholesky::new(domain, condition).unwrap();
    let (ours, _) = ours.solve(&field, 1.0).unwrap();
    let reference = Reference::new(&laplacian_matrix(domain, condition), &pinned);
    let mut expected = reference.solve(&[rhs]).remove(0);
    without_means(&mut expected);
    let largest = expected.iter().fold(0.0, |largest: f64, v| largest.max(v.abs()));
    for (&cell, expected) in active.iter().zip(&expected) {
        let difference = (ours.values()[cell] - expected).abs();
        assert!(difference <= 1e-12 * largest, "{D}D, {condition:?}: {difference:e}, {largest:e}");
    }
}

#[test]
fn cholesky_solves_what_the_factor_of_faer_solves() {
    for condition in [Condition::Neumann, Condition::Dirichlet] {
        for seed in 0..3 {
            let plane = random_mask(grid([61, 47], 0b01), 0.7, seed);
            compare_with_faer(&plane, condition, seed);
            let space = random_mask(grid([17, 13, 11], 0b101), 0.6, seed);
            compare_with_faer(&space, condition, seed);
        }
        for shape in shapes_2d() {
            compare_with_faer(&shape.domain, condition, 7);
        }
        for shape in shapes_3d() {
            compare_with_faer(&shape.domain, condition, 7);
        }
    }
}
