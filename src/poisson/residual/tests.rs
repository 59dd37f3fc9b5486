//! The residual in one pass against the divergence of a gradient on the faces.

use super::*;
use crate::boundary::{Boundary, Condition};
use crate::field::ScalarField;
use crate::grid::{Axis, Domain, Grid, Location, Metric, Topology};
use crate::operator::Staggered;
use crate::random::Random;

use Topology::{Bounded, Periodic};

/// The residual of random potentials and right-hand sides, which must agree to rounding.
fn check<const D: usize>(domain: &Domain<D>) {
    let mut random = Random::new(7);
    let cells = domain.grid().cells();
    for condition in [Condition::Neumann, Condition::Dirichlet] {
        let mut numbers = |cell: usize| if domain.is_active(cell) { random.next() } else { 0.0 };
        let [potential, rhs] = [(); 2].map(|()| (0..cells).map(&mut numbers).collect::<Vec<f64>>());
        let calculus = Staggered::new(domain.clone(), Boundary::NoFlux);
        let field = ScalarField::from_values(*domain.grid(), Location::CELL, potential).unwrap();
        let gradient = calculus.gradient_with(&field, condition);
        let expected = calculus.net_flux(&gradient, condition, 1.0);
        let residual = Residual::new(&Stencil::new(domain, condition));
        let right = Shifted { values: &rhs, shift: 0.25 };
        let found = residual.values(right, field.values());
        let size = expected.max_abs() + 1.0;
        let mut squares = 0.0;
        for (cell, (found, net)) in found.iter().zip(expected.values()).enumerate() {
            let shift = if domain.is_active(cell) { right.shift } else { 0.0 };
            let wanted = rhs[cell] - shift + net;
            assert!((found - wanted).abs() <= 1e-14 * size, "{condition:?} {cell}");
            squares += found * found;
        }
        let norm = residual.norm(right, field.values());
        assert!((norm - squares.sqrt()).abs() <= 1e-14 * norm);
    }
}

fn grid<const D: usize>(cells: [usize; D], topology: [Topology; D]) -> Grid<D> {
    let axis = |k: usize| Axis::over(0.0, 1.0 + k as f64, cells[k], topology[k]);
    Grid::new(std::array::from_fn(axis)).unwrap()
}

/// With and without a mask, with equal cells and with sizes of faces that are random.
fn check_all<const D: usize>(cells: [usize; D], topology: [Topology; D]) {
    let grid = grid(cells, topology);
    let mut random = Random::new(3);
    let mut sizes = || {
        std::array::from_fn(|k| {
            let faces = 0..grid.len_at(Location::face(k));
            faces.map(|_| 1.5 + random.next()).collect::<Vec<f64>>()
        })
    };
    let (areas, distances) = (sizes(), sizes());
    let metric = Metric::given(&grid, areas, distances, vec![1.0; grid.cells()]).unwrap();
    for masked in [false, true] {
        let active = (0..grid.cells()).map(|cell| !masked || cell * cell % 7 != 1).collect();
        let domain = Domain::masked(grid, active).unwrap();
        check(&domain);
        check(&domain.with_metric(metric.clone()).unwrap());
    }
}

#[test]
fn is_the_divergence_of_the_gradient() {
    check_all([7, 5], [Bounded, Bounded]);
    check_all([6, 5], [Periodic, Bounded]);
    check_all([1, 5], [Periodic, Periodic]);
    check_all([5, 1], [Bounded, Periodic]);
    check_all([2, 4, 3], [Periodic, Bounded, Periodic]);
    check_all([1, 3, 2], [Bounded, Periodic, Periodic]);
}

#[test]
fn takes_the_poles_of_a_sphere() {
    let x = Axis::over(0.0, 360.0, 12, Periodic);
    let y = Axis::over(-90.0, 90.0, 6, Bounded);
    let grid = Grid::new([x, y]).unwrap();
    let metric = Metric::sphere(&grid, 2.0).unwrap();
    check(&Domain::full(grid).with_metric(metric).unwrap());
}
