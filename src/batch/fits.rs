//! Whether what is asked for can apply to the fields of a series, before one of them is read.

use super::{BatchError, BatchRequest};
use crate::boundary::Boundary;
use crate::decomposition::{DecomposeError, Method, boundary_of, check_domain};
use crate::field::Layout;
use crate::grid::Domain;
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
    let asked = choice.method.filter(|method| *method != Method::Staggered);
    if extent.uneven {
        // Which of its ends are walls is known with its metric.
        let refused = asked.filter(|method| *method != Method::Central);
        return refused.map_or(Ok(()), |method| Err(DecomposeError::Uneven { method }.into()));
    }
    let domain = Domain::full(extent.grid);
    let left_out = extent.active_cells.is_some_and(|active| active < extent.grid.cells());
    if let Some(method) = asked {
        check_domain(method, &domain)?;
        match method {
            Method::Spectral if left_out => return Err(DecomposeError::Walls { axis: None }.into()),
            _ if left_out && !method.is_learned() => {
                return Err(DecomposeError::Masked { method }.into());
            }
            _ if request.potentials && (method.is_baseline() || method.is_learned()) => {
                return Err(DecomposeError::NoPotential { method }.into());
            }
            _ if extent.on_faces && method.layout() == Layout::Points => {
                return Err(DecomposeError::Staggered { method }.into());
            }
            _ => {}
        }
    }
    if extent.masked && extent.grid.fully_periodic() {
        return Ok(());
    }
    let method = choice.method_for(&domain, extent.on_faces);
    request.check(method, &domain)?;
    choice.check(method, &domain)?;
    let preferred = extent.boundary.filter(|boundary| *boundary != Boundary::Periodic);
    let boundary = boundary_of(method, &domain, choice.boundary, preferred)?;
    if request.five_parts && boundary != Boundary::NormalParallel {
        return Err(DecomposeError::NotNormalParallel { method, boundary }.into());
    }
    Ok(())
}
