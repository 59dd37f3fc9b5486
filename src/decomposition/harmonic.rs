//! The harmonic fields a domain allows because of its shape.

use super::DecomposeError;
use crate::boundary::Condition;
use crate::field::{Layout, Parities, ScalarField, VectorField};
use crate::grid::{Domain, Grid, Location};
use crate::machine::ensure_memory;
use crate::operator::{Calculus, Cocycle, box_axes};

/// Removes the gradient part, or something else, from a field.
pub type WithoutGradient<'a, const D: usize> =
    dyn Fn(&VectorField<D>) -> Result<VectorField<D>, DecomposeError> + 'a;

/// An orthonormal basis of the fields without divergence and curl that the topology of the domain
/// allows, in the inner product of `calculus`: tangential to the walls for the cocycles of
/// [`Condition::Neumann`], as many as the fluid has independent loops; normal to them for those
/// of [`Condition::Dirichlet`], as many as b_{D−1} of the closed union of the cells.
///
/// Each of the cocycles, a [`cohomology`](crate::operator::cohomology) basis, is projected off the
/// gradients, and the results are orthonormalised. Costs two Poisson solves for each field, and
/// keeps them all: D values a cell each.
///
/// # Errors
/// If a solve fails, or the fields would not fit into the memory at hand; that is found before the
/// first solve.
pub fn harmonic_basis<const D: usize>(
    calculus: &dyn Calculus<D>,
    cocycles: &[Cocycle<D>],
    without_gradient: &WithoutGradient<D>,
) -> Result<Vec<VectorField<D>>, DecomposeError> {
    check_memory(calculus.domain().grid(), cocycles.len())?;
    let mut basis: Vec<VectorField<D>> = Vec::with_capacity(cocycles.len());
    for cocycle in cocycles {
        // The second pass removes what rounding left in the first.
        let mut field = without_gradient(&cocycle.field())?;
        remove(calculus, &basis, &mut field);
        field = without_gradient(&field)?;
        remove(calculus, &basis, &mut field);
        let norm = calculus.inner(&field, &field).sqrt();
        basis.push(scaled(&field, 1.0 / norm));
    }
    Ok(basis)
}

/// Refuses more harmonic fields than fit into the memory at hand.
fn check_memory<const D: usize>(grid: &Grid<D>, fields: usize) -> Result<(), DecomposeError> {
    ensure_memory(field_bytes(grid) * fields as f64)
        .map_err(|shortage| DecomposeError::HarmonicMemory { fields, shortage })
}

/// The same without solves where the domain has no mask and the inner product no weights: constants along
/// some axes.
pub(super) fn box_basis<const D: usize>(
    domain: &Domain<D>,
    condition: Condition,
) -> Vec<VectorField<D>> {
    let axes = box_axes(domain.grid(), condition).into_iter();
    axes.map(|k| constant_along(domain, k)).collect()
}

/// The projection of v on an orthonormal basis.
pub(super) fn project<const D: usize>(
    calculus: &dyn Calculus<D>,
    basis: &[VectorField<D>],
    v: &VectorField<D>,
) -> VectorField<D> {
    let mut part = VectorField::zeros(*v.grid(), v.layout());
    for unit in basis {
        part.add_scaled(calculus.inner(v, unit), unit);
    }
    part
}

/// Removes the projection on an orthonormal basis from v.
fn remove<const D: usize>(
    calculus: &dyn Calculus<D>,
    basis: &[VectorField<D>],
    v: &mut VectorField<D>,
) {
    for unit in basis {
        v.add_scaled(-calculus.inner(v, unit), unit);
    }
}

/// An orthonormal basis of what is left of fields of about norm 1 after `without` took something off each.
pub(super) fn orthonormal<const D: usize>(
    calculus: &dyn Calculus<D>,
    fields: &[VectorField<D>],
    without: &WithoutGradient<D>,
) -> Result<Vec<VectorField<D>>, DecomposeError> {
    let mut basis: Vec<VectorField<D>> = Vec::new();
    for field in fields {
        let mut field = field.clone();
        let mut norm = 1.0;
        // The second pass, of a field of norm 1, removes what rounding left in the first.
        for _ in 0..2 {
            field = without(&field)?;
            remove(calculus, &basis, &mut field);
            norm = calculus.inner(&field, &field).sqrt();
            // One that lies in the span of the others has only rounding left.
            if norm <= 1e-8 {
                break;
            }
            field = scaled(&field, 1.0 / norm);
        }
        if norm > 1e-8 {
            basis.push(field);
        }
    }
    Ok(basis)
}

/// v times a number.
pub(super) fn scaled<const D: usize>(v: &VectorField<D>, factor: f64) -> VectorField<D> {
    let mut result = VectorField::zeros(*v.grid(), v.layout());
    result.add_scaled(factor, v);
    result
}

/// The unit vector of axis k everywhere, with norm 1: the faces of a box weigh as much as its cells.
fn constant_along<const D: usize>(domain: &Domain<D>, k: usize) -> VectorField<D> {
    let grid = *domain.grid();
    let size = 1.0 / (grid.cells() as f64 * grid.cell_volume()).sqrt();
    let components = std::array::from_fn(|c| {
        let value = Parities::constant(if c == k { size } else { 0.0 });
        ScalarField::from_parities(grid, Location::face(c), value)
    });
    VectorField::from_components(Layout::Faces, components)
}

/// The bytes of one vector field on the faces of a grid, which is a little more than at its points.
pub(super) fn field_bytes<const D: usize>(grid: &Grid<D>) -> f64 {
    let count = |k| grid.shape_at(Location::face(k)).iter().map(|n| *n as f64).product::<f64>();
    8.0 * (0..D).map(count).sum::<f64>()
}
