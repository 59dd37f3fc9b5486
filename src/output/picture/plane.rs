//! A plane of a field in space.

use crate::grid::Grid;

/// A plane of a field in space: normal to an axis, through its sample points.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plane {
    axis: usize,
    index: usize,
}

impl Plane {
    /// The middle plane normal to z; `None` in 2D.
    pub fn middle<const D: usize>(grid: &Grid<D>) -> Option<Plane> {
        (D == 3).then(|| Plane { axis: 2, index: grid.shape()[2] / 2 })
    }

    /// The plane of points nearest to a coordinate on an axis (0, 1, 2 for x, y, z); `None` beyond
    /// half a spacing from the outermost points, and in 2D.
    pub fn nearest<const D: usize>(grid: &Grid<D>, axis: usize, coordinate: f64) -> Option<Plane> {
        let points = grid.axes()[axis];
        let cells = points.offset(coordinate);
        let last = (points.cells - 1) as f64;
        // A hair more than half, for coordinates that were rounded.
        let within = (-0.5 - 1e-9..=last + 0.5 + 1e-9).contains(&cells);
        (D == 3 && within).then(|| Plane { axis, index: cells.round().clamp(0.0, last) as usize })
    }

    /// The axis it is normal to.
    pub fn axis(&self) -> usize {
        self.axis
    }

    /// Where its points are on that axis.
    pub fn coordinate<const D: usize>(&self, grid: &Grid<D>) -> f64 {
        grid.axes()[self.axis].point(self.index)
    }

    /// Its first cell.
    pub(super) fn start<const D: usize>(&self, grid: &Grid<D>) -> usize {
        self.index * grid.shape()[..self.axis].iter().product::<usize>()
    }

    /// The two axes within it, ascending.
    pub fn axes(&self) -> [usize; 2] {
        [[1, 2], [0, 2], [0, 1]][self.axis]
    }
}
