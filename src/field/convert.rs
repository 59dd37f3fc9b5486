//! Between samples at points and components on faces.

use super::interpolation::InterpolationWeights;
use super::{Layout, Parities, ScalarField, VectorField, Way};
use crate::grid::{Axis, Domain, Location};

/// Interpolates a point field to the faces, each component along its axis; zero outside the mask.
///
/// Between the walls of the grid and of the mask lie runs of active cells. A face inside a run takes
/// the cubic through two points on either side, (−1, 9, 9, −1)/16, and where only one is left on a side
/// the quadratic through the three nearest, (3, 6, −1)/8. A face on a wall, half a spacing outside, takes
/// the quadratic as well: (15, −10, 3)/8. On runs of two cells both are linear, (1, 1)/2 and (3, −1)/2,
/// on runs of one the value itself. A periodic axis without a masked cell on the line is a ring: all
/// its faces take four points of the periodic continuation, on rings of three cells (9, 9, −2)/16,
/// of two the mean, of one the value.
///
/// Inside the error is of fourth order, on faces at walls of third. On uneven axes the polynomials through the same
/// values take the place of these weights. A staggered field is returned as it
/// is.
pub fn to_faces<const D: usize>(field: &VectorField<D>, domain: &Domain<D>) -> VectorField<D> {
    if field.layout() == Layout::Faces {
        return field.clone();
    }
    convert(field, domain, Layout::Faces, &InterpolationWeights::to_faces)
}

/// Interpolates a staggered field to the points, each component along its axis; zero outside the mask.
///
/// By [`Way::FourPoints`] a cell whose neighbours along the axis are both active takes the cubic through
/// four faces, (−1, 9, 9, −1)/16, one with one such neighbour the quadratic through three, (3, 6, −1)/8,
/// one with none the mean of its two faces. On a periodic axis the faces beyond the seam are those of
/// the periodic continuation. By [`Way::Mean`] every cell takes the mean: second order.
///
/// A point field is returned as it is.
pub fn to_points<const D: usize>(
    field: &VectorField<D>,
    domain: &Domain<D>,
    way: Way,
) -> VectorField<D> {
    if field.layout() == Layout::Points {
        return field.clone();
    }
    convert(field, domain, Layout::Points, &|axis| InterpolationWeights::to_points(axis, way))
}

/// One component as [`to_faces`] gives it: component k of a field at the points, or on the faces, from
/// where it is copied.
///
/// # Panics
/// If `out` does not have one place for each face.
pub fn component_to_faces<const D: usize>(
    component: &ScalarField<D>,
    k: usize,
    domain: &Domain<D>,
    out: &mut [f64],
) {
    one(component, (k, Location::face(k)), domain, &InterpolationWeights::to_faces, out);
}

/// One component as [`to_points`] gives it: component k of a field on the faces, or at the points, from
/// where it is copied.
///
/// # Panics
/// If `out` does not have one place for each cell.
pub fn component_to_points<const D: usize>(
    component: &ScalarField<D>,
    k: usize,
    domain: &Domain<D>,
    way: Way,
    out: &mut [f64],
) {
    let to_points = |axis: &Axis| InterpolationWeights::to_points(axis, way);
    one(component, (k, Location::CELL), domain, &to_points, out);
}

fn one<const D: usize>(
    component: &ScalarField<D>,
    (k, to): (usize, Location),
    domain: &Domain<D>,
    weights: &dyn Fn(&Axis) -> InterpolationWeights,
    out: &mut [f64],
) {
    match component.location() == to {
        true => out.copy_from_slice(component.values()),
        false => weights(&domain.grid().axes()[k]).sweep(domain, k, component, (to, out)),
    }
}

fn convert<const D: usize>(
    field: &VectorField<D>,
    domain: &Domain<D>,
    layout: Layout,
    weights: &dyn Fn(&Axis) -> InterpolationWeights,
) -> VectorField<D> {
    let components = std::array::from_fn(|k| {
        let (input, location) = (field.component(k), layout.location(k));
        if let Some(parities) = kept(input, domain) {
            return ScalarField::from_parities(*domain.grid(), location, parities);
        }
        let mut component = ScalarField::zeros(*domain.grid(), location);
        let weights = weights(&domain.grid().axes()[k]);
        weights.sweep(domain, k, input, (location, component.overwrite()));
        component
    });
    VectorField::from_components(layout, components)
}

/// Fields that interpolation does not change: constants without a mask, and zero.
fn kept<const D: usize>(field: &ScalarField<D>, domain: &Domain<D>) -> Option<Parities> {
    let parities = *field.parities()?;
    let constant = domain.mask().is_none() && parities.is_constant();
    (constant || parities.is_zero()).then_some(parities)
}

/// [`to_faces`] of point samples into existing arrays.
pub(crate) fn fill_faces<const D: usize>(
    samples: &VectorField<D>,
    domain: &Domain<D>,
    out: &mut VectorField<D>,
) {
    for (k, out) in out.components_mut().iter_mut().enumerate() {
        let weights = InterpolationWeights::to_faces(&domain.grid().axes()[k]);
        weights.sweep(domain, k, samples.component(k), (out.location(), out.overwrite()));
    }
}
