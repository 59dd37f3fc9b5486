//! Where numbers sit: axes, topology, grids, locations and masked domains.
//!
//! A [`Grid`] is D axes, each [`Topology::Periodic`] or [`Topology::Bounded`], with uniform spacing or with
//! coordinates of their own ([`Axis::uneven`]), which give a domain the metric of [`Metric::rectilinear`].
//! With uniform spacing sample points are cell centres. On a bounded axis over `[a, b]` with n cells, `h = (b − a)/n`,
//! point i is at `a + (i + ½)h` and the n + 1 faces are at `a + i·h`: the walls lie half a spacing
//! outside the outermost points. On a periodic axis point i is at `a + i·h` and face i half a
//! spacing before it. In both cases face i lies between cell i − 1 and cell i.
//!
//! Axes are listed in the order x, y, z. Values are stored with x running fastest, so that an
//! array of shape (z, y, x) in C order is the storage as it is.

mod axis;
mod coordinates;
mod digits;
mod domain;
mod location;
mod metric;
mod space;

pub use axis::Axis;
pub(crate) use digits::short;
pub use domain::{Domain, FaceClass};
pub use location::Location;
#[cfg(feature = "files")]
pub(crate) use metric::face_latitude;
pub use metric::{Geometry, Metric, MetricError, Thickness};
pub(crate) use space::{in_two_or_three, same};

use serde::Serialize;
use thiserror::Error;

/// The names of the axes, in storage order from the fastest.
pub const AXIS_NAMES: [&str; 3] = ["x", "y", "z"];

/// How an axis ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Topology {
    /// The last cell is the neighbour of the first.
    Periodic,
    /// Two walls.
    Bounded,
}

/// What can be wrong with a grid or a mask.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum GridError {
    /// An axis without cells.
    #[error("axis {axis} has {cells} cells; at least {least} are needed")]
    TooFewCells {
        /// Name of the axis.
        axis: &'static str,
        /// Number found.
        cells: usize,
        /// Least number accepted.
        least: usize,
    },
    /// A spacing that is zero, negative or not finite.
    #[error(
        "axis {axis} has spacing {} from start {}; the spacing must be positive and both finite",
        short(*.spacing), short(*.start)
    )]
    BadSpacing {
        /// Name of the axis.
        axis: &'static str,
        /// Spacing found.
        spacing: f64,
        /// Start of the axis.
        start: f64,
    },
    /// Coordinates that are not rising, finite numbers.
    #[error("{what} of an axis rise and are finite: number {index} is {}, after {}",
        short(*.found), short(*.before))]
    Coordinates {
        /// Which of them.
        what: &'static str,
        /// The first wrong one.
        index: usize,
        /// What it is.
        found: f64,
        /// The one before.
        before: f64,
    },
    /// Spacings whose product double precision does not have.
    #[error(
        "a cell has the volume {volume:e}, which is no number of double precision; give the spacings in other units"
    )]
    BadVolume {
        /// Product of the spacings.
        volume: f64,
    },
    /// More cells than arrays can have.
    #[error("{shape:?} cells along the axes are more than any computer can hold; take fewer")]
    TooManyCells {
        /// Cells along each axis.
        shape: Vec<usize>,
    },
    /// A mask of another size than the grid.
    #[error("the mask has {found} values, the grid {expected} cells")]
    MaskLength {
        /// Number of cells.
        expected: usize,
        /// Number of mask values.
        found: usize,
    },
    /// A mask without an active cell.
    #[error("the mask leaves no active cell of {cells}: nothing to decompose")]
    EmptyMask {
        /// Number of cells.
        cells: usize,
    },
}

/// The most values of one array: so many vectors of `f64` can still be counted in bytes.
const MOST: usize = isize::MAX as usize / 32;

/// A uniform D-dimensional grid; see the [module](self) for where its points are.
///
/// ```
/// use hodge::grid::{Axis, Grid, Topology};
/// let x = Axis::over(0.0, 1.0, 10, Topology::Bounded);
/// let y = Axis::over(0.0, 2.0, 16, Topology::Periodic);
/// let grid = Grid::new([x, y])?;
/// assert_eq!(grid.cells(), 160);
/// assert_eq!(grid.axes()[0].point(0), 0.05);
/// # Ok::<(), hodge::grid::GridError>(())
/// ```
///
/// Other numbers of axes do not compile:
///
/// ```compile_fail
/// use hodge::grid::{Axis, Grid, Topology};
/// let grid = Grid::<4>::new([Axis::over(0.0, 1.0, 10, Topology::Bounded); 4]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Grid<const D: usize> {
    axes: [Axis; D],
}

impl<const D: usize> Grid<D> {
    /// Checks the axes (at least one cell, positive finite spacing, no more cells in all than can be
    /// counted in bytes) and makes the grid.
    ///
    /// # Errors
    /// If an axis has no cells or a spacing that is not positive and finite, or the cells are too
    /// many to be counted in bytes.
    ///
    /// # Panics
    /// If D is not 2 or 3.
    pub fn new(axes: [Axis; D]) -> Result<Grid<D>, GridError> {
        const { assert!(D == 2 || D == 3, "a grid has 2 or 3 dimensions") };
        for (axis, name) in axes.iter().zip(AXIS_NAMES) {
            if axis.cells == 0 {
                return Err(GridError::TooFewCells { axis: name, cells: 0, least: 1 });
            }
            let usable = axis.spacing > 0.0 && axis.spacing.is_finite() && axis.start.is_finite();
            if !usable {
                return Err(GridError::BadSpacing {
                    axis: name,
                    spacing: axis.spacing,
                    start: axis.start,
                });
            }
        }
        let grid = Grid { axes };
        let faces = axes.iter().try_fold(1usize, |n, a| n.checked_mul(a.cells.checked_add(1)?));
        if faces.is_none_or(|n| n > MOST) {
            return Err(GridError::TooManyCells { shape: grid.shape().to_vec() });
        }
        let volume = grid.cell_volume();
        if !volume.is_normal() {
            return Err(GridError::BadVolume { volume });
        }
        Ok(grid)
    }

    /// The axes in the order x, y, z.
    pub fn axes(&self) -> &[Axis; D] {
        &self.axes
    }

    /// Cells along each axis, in the order x, y, z.
    pub fn shape(&self) -> [usize; D] {
        self.axes.map(|a| a.cells)
    }

    /// Number of cells.
    pub fn cells(&self) -> usize {
        self.shape().iter().product()
    }

    /// Volume (area in 2D) of one cell, of unlike cells the mean.
    pub fn cell_volume(&self) -> f64 {
        self.axes.iter().map(|a| a.spacing).product()
    }

    /// The smallest spacing of all axes.
    pub fn least_spacing(&self) -> f64 {
        self.axes.iter().map(Axis::least_width).fold(f64::INFINITY, f64::min)
    }

    /// Whether an axis has coordinates of its own.
    pub fn is_uneven(&self) -> bool {
        self.axes.iter().any(Axis::is_uneven)
    }

    /// Whether every axis is periodic.
    pub fn fully_periodic(&self) -> bool {
        self.axes.iter().all(|a| !a.bounded())
    }

    /// Number of values along each axis for values at `location`, in the order x, y, z.
    pub fn shape_at(&self, location: Location) -> [usize; D] {
        std::array::from_fn(|k| {
            if location.on_face(k) { self.axes[k].faces() } else { self.axes[k].cells }
        })
    }

    /// Number of values at `location`.
    pub fn len_at(&self, location: Location) -> usize {
        self.shape_at(location).iter().product()
    }

    /// Position of the value with the given index at `location`.
    pub fn position(&self, location: Location, index: [usize; D]) -> [f64; D] {
        std::array::from_fn(|k| {
            let axis = &self.axes[k];
            if location.on_face(k) { axis.face(index[k]) } else { axis.point(index[k]) }
        })
    }

    /// Shape of a stored array at `location` seen from axis k: (slower axes, axis k, faster axes).
    pub fn lanes(&self, location: Location, k: usize) -> (usize, usize, usize) {
        let shape = self.shape_at(location);
        let inner = shape[..k].iter().product();
        let outer = shape[k + 1..].iter().product();
        (outer, shape[k], inner)
    }
}

/// The index along each axis of the value stored at `flat` in an array of `shape` (x first).
pub fn unravel<const D: usize>(shape: [usize; D], mut flat: usize) -> [usize; D] {
    std::array::from_fn(|k| {
        let i = flat % shape[k];
        flat /= shape[k];
        i
    })
}

/// The places below and above place i of n, which may be closed to a ring; `None` beyond the ends.
#[inline]
pub(crate) fn neighbours(n: usize, ring: bool, i: usize) -> [Option<usize>; 2] {
    let around = |end: usize| ring.then_some(end);
    let above = if i + 1 < n { Some(i + 1) } else { around(0) };
    [i.checked_sub(1).or(around(n - 1)), above]
}

/// The inverse of [`unravel`].
pub fn ravel<const D: usize>(shape: [usize; D], index: [usize; D]) -> usize {
    (0..D).rev().fold(0, |flat, k| flat * shape[k] + index[k])
}
