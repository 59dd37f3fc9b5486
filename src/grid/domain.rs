//! A grid with a mask: the cells that take part, and what that makes of each face.

use super::{Grid, GridError, Location, unravel};
use std::sync::Arc;

/// What a face separates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaceClass {
    /// No active cell on either side.
    Outside,
    /// One active cell: the face lies on a wall and owns half a dual cell.
    Wall,
    /// Two active cells.
    Interior,
}

impl FaceClass {
    /// The share of a full dual cell the face owns in the inner product: 0, ½ or 1.
    pub fn weight(self) -> f64 {
        match self {
            FaceClass::Outside => 0.0,
            FaceClass::Wall => 0.5,
            FaceClass::Interior => 1.0,
        }
    }
}

/// The active cells of a grid. Without a mask all are active.
#[derive(Clone, Debug)]
pub struct Domain<const D: usize> {
    grid: Grid<D>,
    active: Option<Arc<[bool]>>,
}

impl<const D: usize> Domain<D> {
    /// The whole grid.
    pub fn full(grid: Grid<D>) -> Domain<D> {
        Domain { grid, active: None }
    }

    /// The cells where `active` is true, in storage order (x fastest). A mask that is true
    /// everywhere is the same as none. Fails when the length is wrong or no cell is active.
    pub fn masked(grid: Grid<D>, active: Vec<bool>) -> Result<Domain<D>, GridError> {
        if active.len() != grid.cells() {
            return Err(GridError::MaskLength { expected: grid.cells(), found: active.len() });
        }
        match active.iter().filter(|&&a| a).count() {
            0 => Err(GridError::EmptyMask { cells: grid.cells() }),
            n if n == grid.cells() => Ok(Domain::full(grid)),
            _ => Ok(Domain { grid, active: Some(active.into()) }),
        }
    }

    /// The grid.
    pub fn grid(&self) -> &Grid<D> {
        &self.grid
    }

    /// The mask, if there is one.
    pub fn mask(&self) -> Option<&[bool]> {
        self.active.as_deref()
    }

    /// Whether the cell takes part.
    pub fn is_active(&self, cell: usize) -> bool {
        self.active.as_ref().is_none_or(|a| a[cell])
    }

    /// Number of active cells.
    pub fn active_cells(&self) -> usize {
        self.mask().map_or(self.grid.cells(), |a| a.iter().filter(|&&v| v).count())
    }

    /// The two cells beside face `index` of axis k (lower, upper); `None` beyond a wall of the
    /// grid and where the mask is off.
    pub fn neighbours(&self, k: usize, index: [usize; D]) -> [Option<usize>; 2] {
        let shape = self.grid.shape();
        let n = shape[k];
        let bounded = self.grid.axes()[k].bounded();
        let cell = |i: usize| {
            let mut at = index;
            at[k] = i;
            let flat = super::ravel(shape, at);
            self.is_active(flat).then_some(flat)
        };
        let i = index[k];
        let lower = match i {
            0 if bounded => None,
            0 => cell(n - 1),
            _ => cell(i - 1),
        };
        let upper = if i == n { None } else { cell(i) };
        [lower, upper]
    }

    /// The class of every face normal to axis k, in storage order.
    pub fn face_classes(&self, k: usize) -> Vec<FaceClass> {
        let shape = self.grid.shape_at(Location::face(k));
        let count = shape.iter().product();
        (0..count)
            .map(|flat| {
                let sides = self.neighbours(k, unravel(shape, flat));
                match sides.iter().flatten().count() {
                    0 => FaceClass::Outside,
                    1 => FaceClass::Wall,
                    _ => FaceClass::Interior,
                }
            })
            .collect()
    }
}
