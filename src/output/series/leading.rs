//! What counts the fields of a series.

use crate::output::group::DimensionScale;
use serde::{Deserialize, Serialize};

/// The axes before those of a field in the arrays of a series, and what its fields are called.
///
/// ```
/// use hodge::output::{DimensionScale, Leading};
/// let time = DimensionScale { name: "time".into(), values: vec![0.0, 6.0, 12.0], ..DimensionScale::default() };
/// let leading = Leading { axes: vec![time], names: ["a", "b", "c"].map(String::from).into() };
/// assert_eq!(leading.count(), 3);
/// assert_eq!(Leading::default().count(), 1);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Leading {
    /// Slowest first; none for a single field.
    pub axes: Vec<DimensionScale>,
    /// In storage order; empty where the axes say it all.
    pub names: Vec<String>,
}

impl Leading {
    /// An axis `field` that numbers fields with these names.
    pub fn numbered(names: Vec<String>) -> Leading {
        let values = (0..names.len()).map(|k| k as f64).collect();
        let long_name = "number of the field".into();
        let axis =
            DimensionScale { name: "field".into(), values, long_name, ..DimensionScale::default() };
        Leading { axes: vec![axis], names }
    }

    /// Lengths of the axes.
    pub(super) fn lengths(&self) -> Vec<usize> {
        self.axes.iter().map(|axis| axis.values.len()).collect()
    }

    /// Number of fields.
    pub fn count(&self) -> usize {
        self.lengths().iter().product()
    }
}
