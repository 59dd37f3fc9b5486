//! The harmonic fields a domain allows because of its shape.

use crate::boundary::Boundary;
use crate::field::ScalarField;
use crate::field::{Layout, VectorField};
use crate::grid::{Domain, Location};
use crate::operator::Calculus;

/// An orthonormal basis of the fields that are neither gradient nor solenoidal because of the
/// topology of the domain: tangential to the walls under `no-flux` and `normal-parallel` (as many
/// as there are independent loops), normal to them under `zero-potential`.
///
/// On a box these are constants along axes: along each periodic one for tangential
/// fields; for normal fields along every axis of a torus, or across the two walls of a slab
/// whose other axes are periodic.
pub fn harmonic_basis<const D: usize>(
    domain: &Domain<D>,
    boundary: Boundary,
    calculus: &dyn Calculus<D>,
) -> Vec<VectorField<D>> {
    let grid = *domain.grid();
    let bounded = |k: usize| grid.axes()[k].bounded();
    let walls = (0..D).filter(|&k| bounded(k)).count();
    let allowed = |k: usize| match (boundary, walls) {
        (Boundary::ZeroPotential, 0) => true,
        (Boundary::ZeroPotential, 1) => bounded(k),
        (Boundary::ZeroPotential, _) => false,
        _ => !bounded(k),
    };
    (0..D).filter(|&k| allowed(k)).map(|k| constant_along(&grid, k, calculus)).collect()
}

/// The unit vector of axis k everywhere, with norm 1.
fn constant_along<const D: usize>(
    grid: &crate::grid::Grid<D>,
    k: usize,
    calculus: &dyn Calculus<D>,
) -> VectorField<D> {
    let components = std::array::from_fn(|c| {
        let value = if c == k { 1.0 } else { 0.0 };
        ScalarField::sample(*grid, Location::face(c), |_| value)
    });
    let ones = VectorField::from_components(Layout::Faces, components);
    let norm = calculus.inner(&ones, &ones).sqrt();
    let mut unit = VectorField::zeros(*grid, Layout::Faces);
    unit.add_scaled(1.0 / norm, &ones);
    unit
}
