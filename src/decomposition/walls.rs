//! Which convention a domain takes, by its walls, and which domains a method.

use super::{DecomposeError, Method};
use crate::boundary::Boundary;
use crate::grid::{AXIS_NAMES, Axis, Domain, Grid};
use crate::operator::ByParts;

/// The convention of a method on a domain: the one asked for, which must be its own where it has one, or the one preferred.
pub(crate) fn boundary_of<const D: usize>(
    method: Method,
    domain: &Domain<D>,
    asked: Option<Boundary>,
    preferred: Option<Boundary>,
) -> Result<Boundary, DecomposeError> {
    match (method.convention(domain.has_walls()), asked) {
        (Some(own), Some(asked)) if own != asked => {
            Err(DecomposeError::OtherConvention { method, own, asked })
        }
        (Some(own), _) => Ok(own),
        (None, _) => settle_boundary(domain, asked.or(preferred)),
    }
}

/// Refuses a domain that a method does not take.
pub(crate) fn check_domain<const D: usize>(
    method: Method,
    domain: &Domain<D>,
) -> Result<(), DecomposeError> {
    match method {
        Method::Staggered => return Ok(()),
        Method::Central => return Ok(ByParts::check(domain)?),
        _ => {}
    }
    if domain.metric().is_some() || domain.grid().is_uneven() {
        return Err(DecomposeError::Uneven { method });
    }
    let axis = first_bounded(domain.grid());
    if method == Method::Spectral && (axis.is_some() || domain.mask().is_some()) {
        return Err(DecomposeError::Walls { axis });
    }
    if domain.mask().is_some() && !method.is_learned() {
        return Err(DecomposeError::Masked { method });
    }
    let periodic = domain.grid().axes().iter().position(|axis| !axis.bounded());
    match method {
        Method::Natural | Method::NaturalSpectral => match periodic {
            Some(k) => Err(DecomposeError::NotFree { method, axis: AXIS_NAMES[k] }),
            None => Ok(()),
        },
        _ if method.is_learned() => match periodic {
            Some(k) => Err(DecomposeError::NoPeriod { method, axis: AXIS_NAMES[k] }),
            None => Ok(()),
        },
        Method::FourierDetrended | Method::FourierMirrored if axis.is_none() => {
            Err(DecomposeError::NoSeam { method })
        }
        _ => Ok(()),
    }
}

/// Without walls every convention is the periodic one, which does not exist with walls. Free space has methods of its own.
pub(crate) fn settle_boundary<const D: usize>(
    domain: &Domain<D>,
    asked: Option<Boundary>,
) -> Result<Boundary, DecomposeError> {
    let walls = domain.has_walls();
    match (asked, walls) {
        (Some(Boundary::FreeSpace), _) => Err(DecomposeError::FreeSpace),
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
