//! Whether what is asked for can apply to the fields of a series, before one of them is read.

use super::{BatchError, BatchRequest};
use crate::boundary::Boundary;
use crate::decomposition::{DecomposeError, Method, settle_boundary};
use crate::grid::{AXIS_NAMES, Axis, Domain};
use crate::operator::ByPartsError;
use crate::source::Extent;

/// Refuses what is known not to apply from what the fields have in common: a method, a convention or a back end on a domain
/// without walls, with walls, of unlike cells, or with a density. What depends on a mask is known once the mask is read.
///
/// # Errors
/// Those that planning would give.
pub fn check_fits<const D: usize>(
    extent: &Extent<D>,
    request: &BatchRequest,
) -> Result<(), BatchError> {
    let choice = &request.choice;
    if extent.density {
        choice.check_density()?;
    }
    let spectral = choice.method == Some(Method::Spectral);
    if choice.method == Some(Method::Central) {
        return check_central(extent, request);
    }
    if extent.uneven {
        // Which of its ends are walls is known with its metric.
        return if spectral { Err(DecomposeError::Uneven.into()) } else { Ok(()) };
    }
    let domain = Domain::full(extent.grid);
    let left_out = extent.active_cells.is_some_and(|active| active < extent.grid.cells());
    let axis = extent.grid.axes().iter().position(Axis::bounded).map(|k| AXIS_NAMES[k]);
    if spectral && (left_out || axis.is_some()) {
        return Err(DecomposeError::Walls { axis }.into());
    }
    if extent.masked && axis.is_none() {
        return Ok(());
    }
    let method = choice.method_for(&domain, extent.on_faces);
    request.check(method, &domain)?;
    choice.check(method, &domain)?;
    let preferred = extent.boundary.filter(|boundary| *boundary != Boundary::Periodic);
    let boundary = settle_boundary(&domain, choice.boundary.or(preferred))?;
    if request.five_parts && boundary != Boundary::NormalParallel {
        return Err(DecomposeError::NotNormalParallel { method, boundary }.into());
    }
    Ok(())
}

/// Of what the method needs, that which is known before a field is read.
fn check_central<const D: usize>(
    extent: &Extent<D>,
    request: &BatchRequest,
) -> Result<(), BatchError> {
    let choice = &request.choice;
    if extent.active_cells.is_some_and(|active| active < extent.grid.cells()) {
        return Err(DecomposeError::from(ByPartsError::Masked).into());
    }
    if extent.on_faces {
        return Err(DecomposeError::Staggered { method: Method::Central }.into());
    }
    if request.five_parts {
        let (method, boundary) = (Method::Central, Boundary::NoFlux);
        return Err(DecomposeError::NotNormalParallel { method, boundary }.into());
    }
    if extent.uneven {
        return Ok(());
    }
    let domain = Domain::full(extent.grid);
    request.check(Method::Central, &domain)?;
    choice.check(Method::Central, &domain)?;
    match choice.boundary.filter(|boundary| *boundary != Boundary::NoFlux && domain.has_walls()) {
        Some(boundary) => Err(DecomposeError::OneConvention { boundary }.into()),
        None => Ok(()),
    }
}
