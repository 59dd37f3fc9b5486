//! Plans whose dimension is a value.

use super::Decompose;
use std::any::Any;

/// A plan for 2D or 3D: code behind it is compiled once and not again for every caller.
pub enum InDimension<'a> {
    /// In 2D.
    Two(&'a dyn Decompose<2>),
    /// In 3D.
    Three(&'a dyn Decompose<3>),
}

impl<'a> InDimension<'a> {
    /// That of a plan which is a `Two` or a `Three`.
    ///
    /// # Panics
    /// If it is neither.
    pub fn of<Two, Three>(plan: &'a dyn Any) -> InDimension<'a>
    where
        Two: Decompose<2> + 'static,
        Three: Decompose<3> + 'static,
    {
        match plan.downcast_ref::<Two>() {
            Some(plan) => InDimension::Two(plan),
            None => InDimension::Three(plan.downcast_ref::<Three>().expect("a plan for 2D or 3D")),
        }
    }
}
