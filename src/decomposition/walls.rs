//! Which convention a domain takes, by its walls.

use super::DecomposeError;
use crate::boundary::Boundary;
use crate::grid::{AXIS_NAMES, Axis, Domain, Grid};

/// Without walls every convention is the periodic one, which does not exist with walls.
pub(crate) fn settle_boundary<const D: usize>(
    domain: &Domain<D>,
    asked: Option<Boundary>,
) -> Result<Boundary, DecomposeError> {
    let walls = domain.has_walls();
    match (asked, walls) {
        (Some(Boundary::Periodic), true) if domain.metric().is_some() => {
            Err(DecomposeError::UnevenWalls)
        }
        (Some(Boundary::Periodic), true) => {
            Err(DecomposeError::Walls { axis: first_bounded(domain.grid()) })
        }
        (Some(boundary), true) => Ok(boundary),
        (None, true) => Ok(Boundary::NormalParallel),
        (_, false) => Ok(Boundary::Periodic),
    }
}

/// The first axis with walls.
pub(super) fn first_bounded<const D: usize>(grid: &Grid<D>) -> Option<&'static str> {
    grid.axes().iter().position(Axis::bounded).map(|k| AXIS_NAMES[k])
}
