//! The factor against the equation, sizes against the literature, and refusals.

use super::*;
use crate::field::ScalarField;
use crate::grid::{Axis, Grid, Location, Topology};
use crate::poisson::Poisson;

fn box_of<const D: usize>(cells: [usize; D], topology: Topology) -> Domain<D> {
    Domain::full(Grid::new(cells.map(|n| Axis::over(0.0, 1.0, n, topology))).unwrap())
}

fn fields<const D: usize>(domain: &Domain<D>, count: usize) -> Vec<ScalarField<D>> {
    let wave = |k: usize, i: usize| ((i * (2 * k + 7) % 101) as f64 / 50.0 - 1.0) * (k + 1) as f64;
    let field = |k| {
        let values = (0..domain.grid().cells())
            .map(|i| if domain.is_active(i) { wave(k, i) } else { 0.0 })
            .collect();
        ScalarField::from_values(*domain.grid(), Location::CELL, values).unwrap()
    };
    (0..count).map(field).collect()
}

/// Every number of right-hand sides, on domains large enough for several threads.
#[test]
fn many_right_hand_sides_are_solved_as_one() {
    let grid = *box_of([160, 131], Topology::Bounded).grid();
    let masked = Domain::masked(grid, (0..grid.cells()).map(|c| c % 17 != 5).collect()).unwrap();
    for domain in [box_of([160, 131], Topology::Periodic), masked] {
        for condition in [Condition::Neumann, Condition::Dirichlet] {
            let solver = Cholesky::new(&domain, condition).unwrap();
            let rhs = fields(&domain, 11);
            let scales: Vec<f64> = rhs.iter().map(ScalarField::max_abs).collect();
            for count in [2, 5, 11] {
                let many = solver.solve_many(&rhs[..count], &scales[..count]);
                assert_eq!(many.len(), count);
                for ((rhs, &scale), solved) in rhs.iter().zip(&scales).zip(many) {
                    let (mut solution, report) = solved.unwrap();
                    assert!(report.residual < 1e-10, "{:.1e}", report.residual);
                    let (alone, _) = solver.solve(rhs, scale).unwrap();
                    solution.add_scaled(-1.0, &alone);
                    assert!(solution.max_abs() <= 1e-12 * alone.max_abs());
                }
            }
        }
    }
}

/// Nonzeros of METIS' order, measured with CHOLMOD: 0.352 million at 128², 31.8 million at 48³.
#[test]
fn the_factor_is_no_larger_than_with_a_general_ordering() {
    let square = Cholesky::new(&box_of([128; 2], Topology::Bounded), Condition::Neumann).unwrap();
    assert!(square.stored_values() < 520_000, "{}", square.stored_values());
    let cube = Cholesky::new(&box_of([24; 3], Topology::Bounded), Condition::Neumann).unwrap();
    let per_cell = cube.stored_values() as f64 / 24f64.powi(4);
    assert!(per_cell < 5.5, "{per_cell}");
}

#[test]
fn a_factor_beyond_the_memory_is_refused_before_it_is_made() {
    let domain = box_of([2000; 3], Topology::Bounded);
    let Err(error) = Cholesky::new(&domain, Condition::Neumann) else { panic!("not refused") };
    assert!(matches!(error, SolveError::Memory { .. }));
    let text = error.to_string();
    assert!(text.contains("GiB") && text.contains("multigrid"), "{text}");
}
