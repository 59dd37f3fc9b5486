//! The plan of any method, those that fit networks included.

#[cfg(feature = "autoencoder")]
use crate::autoencoder::{Learning, plan_learned};
use crate::boundary::Boundary;
#[cfg(feature = "autoencoder")]
use crate::decomposition::boundary_of;
use crate::decomposition::{Decompose, DecomposeError, Method};
use crate::grid::Domain;
use crate::poisson::Backend;

/// By default settings; of networks seed 0 and the usual units.
pub(super) fn plan<const D: usize>(
    method: Method,
    domain: &Domain<D>,
    boundary: Option<Boundary>,
    backend: Option<Backend>,
) -> Result<Box<dyn Decompose<D>>, DecomposeError> {
    #[cfg(feature = "autoencoder")]
    if let Some(learning) = Learning::of(method, None, None) {
        boundary_of(method, domain, boundary, None)?;
        return plan_learned(domain, learning);
    }
    method.plan(domain, boundary, backend)
}
