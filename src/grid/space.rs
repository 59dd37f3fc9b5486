//! From code for any number of dimensions to bodies that are compiled once, here, for 2 and for 3.
//!
//! A generic function is compiled in the crate that calls it. Large ones are therefore thin outside: they find
//! out which dimension they were called for and hand over to a body that is not generic.

use std::any::Any;

/// The value as one of another type, if that is what it is.
fn seen_as<A: 'static, B: 'static>(value: &A) -> Option<&B> {
    (value as &dyn Any).downcast_ref()
}

/// The same with its owner.
fn turned_into<A: 'static, B: 'static>(value: A) -> Option<B> {
    let mut place = Some(value);
    (&mut place as &mut dyn Any).downcast_mut::<Option<B>>().and_then(Option::take)
}

/// What `two` or `three` makes of a value that is generic in the dimension, whichever takes it.
///
/// # Panics
/// If neither does, or their result is of another type: a mistake of the caller.
pub(crate) fn in_two_or_three<V, R, V2, R2, V3, R3>(
    value: &V,
    two: impl FnOnce(&V2) -> R2,
    three: impl FnOnce(&V3) -> R3,
) -> R
where
    V: 'static,
    R: 'static,
    V2: 'static,
    R2: 'static,
    V3: 'static,
    R3: 'static,
{
    let result = match (seen_as(value), seen_as(value)) {
        (Some(value), _) => turned_into(two(value)),
        (_, Some(value)) => turned_into(three(value)),
        _ => None,
    };
    result.expect("one of the two dimensions")
}

/// A value for D dimensions as one for another number, which must be the same.
///
/// # Panics
/// If it is not.
pub(crate) fn same<A: 'static, B: 'static>(value: &A) -> &B {
    seen_as(value).expect("values of one dimension")
}
