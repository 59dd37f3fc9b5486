//! From a domain to the plan of a method.

use super::walls::settle_boundary;
use super::{Decompose, DecomposeError, Method, SpectralMethod, StaggeredMethod};
use crate::boundary::Boundary;
use crate::grid::{Domain, in_two_or_three};
use crate::poisson::Backend;

/// A plan, or why there is none.
type Planned<const D: usize> = Result<Box<dyn Decompose<D>>, DecomposeError>;

impl Method {
    /// Plans the method for a domain: what can be computed before a field is known. `boundary` and
    /// `backend` are chosen where they are `None`: on domains with walls
    /// [`Boundary::NormalParallel`], which assigns what is both a gradient and a curl to neither
    /// part.
    ///
    /// # Errors
    /// If the method or the convention does not fit the domain (the error names the axis), or the
    /// back end cannot be set up for it.
    pub fn plan<const D: usize>(
        self,
        domain: &Domain<D>,
        boundary: Option<Boundary>,
        backend: Option<Backend>,
    ) -> Result<Box<dyn Decompose<D>>, DecomposeError> {
        in_two_or_three(
            domain,
            |domain| plan_2d(self, domain, boundary, backend),
            |domain| plan_3d(self, domain, boundary, backend),
        )
    }
}

fn plan_2d(
    method: Method,
    domain: &Domain<2>,
    boundary: Option<Boundary>,
    backend: Option<Backend>,
) -> Planned<2> {
    plan(method, domain, boundary, backend)
}

fn plan_3d(
    method: Method,
    domain: &Domain<3>,
    boundary: Option<Boundary>,
    backend: Option<Backend>,
) -> Planned<3> {
    plan(method, domain, boundary, backend)
}

fn plan<const D: usize>(
    method: Method,
    domain: &Domain<D>,
    boundary: Option<Boundary>,
    backend: Option<Backend>,
) -> Planned<D> {
    let boundary = settle_boundary(domain, boundary)?;
    match method {
        Method::Spectral => Ok(Box::new(SpectralMethod::new(domain)?)),
        Method::Staggered => Ok(Box::new(StaggeredMethod::new(domain, boundary, backend)?)),
    }
}
