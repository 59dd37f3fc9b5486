//! Scalar and vector fields on a grid, at points or staggered on faces.

mod convert;
mod interpolation;
mod magnitude;
mod parities;
mod poles;
mod power;
mod scalar;
mod vector;
mod way;

pub(crate) use convert::fill_faces;
pub use convert::{component_to_faces, component_to_points, to_faces, to_points};
pub(crate) use interpolation::RowsToPoints;
#[cfg(feature = "python")]
pub(crate) use magnitude::largest_magnitude;
pub(crate) use magnitude::{largest_of, magnitude, max_or_nan, sum_of_squares};
pub use parities::Parities;
pub(crate) use power::{is_ordinary, times_power};
pub use scalar::ScalarField;
pub use vector::{Layout, VectorField};
pub use way::Way;

use crate::grid::AXIS_NAMES;
use thiserror::Error;

/// What can be wrong with the numbers of a field.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum FieldError {
    /// An array whose shape is not that of the grid.
    #[error("expected an array of shape {expected:?} {order}, found {found:?}")]
    Shape {
        /// Shape asked for.
        expected: Vec<usize>,
        /// Shape found.
        found: Vec<usize>,
        /// Meaning of the axes.
        order: &'static str,
    },
    /// A value that is not a finite number.
    #[error(
        "component {component} has {count} values that are NaN or infinite, the first at index {index:?} (z, y, x order, from 0)"
    )]
    NotFinite {
        /// Name of the component.
        component: &'static str,
        /// Number of such values.
        count: usize,
        /// Index of the first, slowest axis first.
        index: Vec<usize>,
    },
}

/// Refuses NaN and infinite values, naming the component and the first place.
pub(crate) fn check_finite(
    component: usize,
    shape: &[usize],
    values: &[f64],
) -> Result<(), FieldError> {
    if magnitude::largest_magnitude(values).is_finite() {
        return Ok(());
    }
    let mut rest = values.iter().take_while(|v| v.is_finite()).count();
    let mut index: Vec<usize> = shape
        .iter()
        .map(|n| {
            let i = rest % n;
            rest /= n;
            i
        })
        .collect();
    index.reverse();
    Err(FieldError::NotFinite {
        component: AXIS_NAMES[component],
        count: values.iter().filter(|v| !v.is_finite()).count(),
        index,
    })
}
