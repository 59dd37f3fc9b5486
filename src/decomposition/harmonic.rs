//! The harmonic fields a domain allows because of its shape.

use super::DecomposeError;
use crate::boundary::Condition;
use crate::field::{Layout, ScalarField, VectorField};
use crate::grid::{Domain, Location};
use crate::operator::{Calculus, Cocycle, box_axes};

/// Takes a field's gradient part out of it.
pub type WithoutGradient<'a, const D: usize> =
    dyn Fn(&VectorField<D>) -> Result<VectorField<D>, DecomposeError> + 'a;

/// An orthonormal basis of the fields without divergence and curl that the topology of the domain
/// allows: tangential to the walls for [`Condition::Natural`], as many as the fluid has
/// independent loops; normal to them for [`Condition::Zero`], as many as b_{D−1} of the closed union of the cells.
///
/// `cocycles` is the [`cohomology`](crate::operator::cohomology) basis for the condition; each
/// loses its gradient part, and the rest is made orthonormal in the inner product of `calculus`.
/// Costs two Poisson solves for each field, and keeps them all: D values a cell each. Without
/// a mask the fields are constants along axes and cost nothing.
///
/// Fails where a solve fails.
pub fn harmonic_basis<const D: usize>(
    calculus: &dyn Calculus<D>,
    condition: Condition,
    cocycles: &[Cocycle<D>],
    without_gradient: &WithoutGradient<D>,
) -> Result<Vec<VectorField<D>>, DecomposeError> {
    let domain = calculus.domain();
    if domain.mask().is_none() {
        let axes = box_axes(domain.grid(), condition).into_iter();
        return Ok(axes.map(|k| constant_along(domain, k, calculus)).collect());
    }
    general_basis(calculus, cocycles, without_gradient)
}

fn general_basis<const D: usize>(
    calculus: &dyn Calculus<D>,
    cocycles: &[Cocycle<D>],
    without_gradient: &WithoutGradient<D>,
) -> Result<Vec<VectorField<D>>, DecomposeError> {
    let mut basis: Vec<VectorField<D>> = Vec::with_capacity(cocycles.len());
    for cocycle in cocycles {
        // The second pass takes out what rounding left in the first.
        let mut field = without_gradient(&cocycle.field())?;
        remove(calculus, &basis, &mut field);
        field = without_gradient(&field)?;
        remove(calculus, &basis, &mut field);
        let norm = calculus.inner(&field, &field).sqrt();
        basis.push(scaled(&field, 1.0 / norm));
    }
    Ok(basis)
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

/// Takes the projection on an orthonormal basis out of v.
pub(super) fn remove<const D: usize>(
    calculus: &dyn Calculus<D>,
    basis: &[VectorField<D>],
    v: &mut VectorField<D>,
) {
    for unit in basis {
        v.add_scaled(-calculus.inner(v, unit), unit);
    }
}

/// v times a number.
pub(super) fn scaled<const D: usize>(v: &VectorField<D>, factor: f64) -> VectorField<D> {
    let mut result = VectorField::zeros(*v.grid(), v.layout());
    result.add_scaled(factor, v);
    result
}

/// The unit vector of axis k everywhere, with norm 1.
fn constant_along<const D: usize>(
    domain: &Domain<D>,
    k: usize,
    calculus: &dyn Calculus<D>,
) -> VectorField<D> {
    let components = std::array::from_fn(|c| {
        let value = if c == k { 1.0 } else { 0.0 };
        ScalarField::sample(*domain.grid(), Location::face(c), |_| value)
    });
    let ones = VectorField::from_components(Layout::Faces, components);
    scaled(&ones, 1.0 / calculus.inner(&ones, &ones).sqrt())
}
