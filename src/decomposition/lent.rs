//! A field in the layout of a method, in arrays that a plan keeps.

use crate::field::{Layout, VectorField, fill_faces};
use crate::machine::{Borrowed, Pool};
use crate::operator::Calculus;
use std::borrow::Cow;
use std::ops::Deref;

/// A field of the caller, or one in arrays that return to the plan when it is dropped.
pub struct Lent<'a, const D: usize>(Origin<'a, D>);

enum Origin<'a, const D: usize> {
    Given(&'a VectorField<D>),
    Borrowed(Borrowed<'a, VectorField<D>>),
    Made(Box<VectorField<D>>),
}

impl<const D: usize> Deref for Lent<'_, D> {
    type Target = VectorField<D>;

    fn deref(&self) -> &VectorField<D> {
        match &self.0 {
            Origin::Given(field) => field,
            Origin::Borrowed(field) => field,
            Origin::Made(field) => field,
        }
    }
}

/// A field that is already where a method computes, on a domain without a mask.
#[cfg(feature = "sparse")]
pub(super) fn as_it_is<const D: usize>(field: &VectorField<D>) -> Lent<'_, D> {
    Lent(Origin::Given(field))
}

/// The field in the layout of a calculus, 0 outside the mask. Point samples are interpolated to the
/// faces, in arrays of the pool if there is one.
pub(super) fn where_computed<'a, const D: usize>(
    calculus: &dyn Calculus<D>,
    field: &'a VectorField<D>,
    pool: Option<&'a Pool<VectorField<D>>>,
) -> Lent<'a, D> {
    let domain = calculus.domain();
    if (calculus.layout(), field.layout()) == (Layout::Faces, Layout::Points) {
        let make = || VectorField::zeros(*domain.grid(), Layout::Faces);
        let Some(pool) = pool else {
            let mut faces = make();
            fill_faces(field, domain, &mut faces);
            return Lent(Origin::Made(Box::new(faces)));
        };
        let mut faces = pool.take(make);
        fill_faces(field, domain, &mut faces);
        return Lent(Origin::Borrowed(faces));
    }
    Lent(match field.inside(domain) {
        Cow::Borrowed(field) => Origin::Given(field),
        Cow::Owned(inside) => Origin::Made(Box::new(inside)),
    })
}
