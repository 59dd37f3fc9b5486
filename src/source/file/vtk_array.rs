//! An array of a VTK file, at the points or in the cells of its grid.

use super::array::NumberType;

/// An array of a grid, the components fastest, then x.
pub(super) struct VtkArray {
    pub name: String,
    pub components: usize,
    /// In the cells rather than at the points.
    pub in_cells: bool,
    pub values: Vec<f64>,
    pub number: NumberType,
}

/// The cells between points; an axis of one point has one.
pub(super) fn cells(dims: [usize; 3]) -> [usize; 3] {
    dims.map(|n| (n - 1).max(1))
}
