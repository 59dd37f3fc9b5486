//! From a domain to the plan of a method.

use super::walls::boundary_of;
#[cfg(feature = "sparse")]
use super::{CentralMethod, ChorinMethod};
use super::{
    Continuation, Decompose, DecomposeError, FourierMethod, Method, NaturalMethod,
    NaturalSpectralMethod, Planning, SpectralMethod, StaggeredMethod,
};
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
        self.plan_with(domain, &Planning { boundary, backend, ..Planning::default() })
    }

    /// The same with everything that a plan can be made by.
    ///
    /// # Errors
    /// Those of [`plan`](Method::plan), and [`DecomposeError::Stopped`] if whoever watches ends it.
    pub fn plan_with<const D: usize>(
        self,
        domain: &Domain<D>,
        planning: &Planning,
    ) -> Result<Box<dyn Decompose<D>>, DecomposeError> {
        in_two_or_three(
            domain,
            |domain| plan_2d(self, domain, planning),
            |domain| plan_3d(self, domain, planning),
        )
    }
}

fn plan_2d(method: Method, domain: &Domain<2>, planning: &Planning) -> Planned<2> {
    plan(method, domain, planning)
}

fn plan_3d(method: Method, domain: &Domain<3>, planning: &Planning) -> Planned<3> {
    plan(method, domain, planning)
}

fn plan<const D: usize>(method: Method, domain: &Domain<D>, planning: &Planning) -> Planned<D> {
    let boundary = boundary_of(method, domain, planning.boundary, None)?;
    match method {
        Method::Spectral => Ok(Box::new(SpectralMethod::new(domain)?)),
        Method::Staggered => {
            let planning = Planning { boundary: Some(boundary), ..planning.clone() };
            Ok(Box::new(StaggeredMethod::with(domain, &planning)?))
        }
        Method::Natural => Ok(Box::new(NaturalMethod::new(domain)?)),
        Method::NaturalSpectral => Ok(Box::new(NaturalSpectralMethod::new(domain)?)),
        #[cfg(feature = "sparse")]
        Method::Central => Ok(Box::new(CentralMethod::new(domain)?)),
        #[cfg(feature = "sparse")]
        Method::Chorin => Ok(Box::new(ChorinMethod::new(domain, false)?)),
        #[cfg(feature = "sparse")]
        Method::ChorinWide => Ok(Box::new(ChorinMethod::new(domain, true)?)),
        #[cfg(not(feature = "sparse"))]
        Method::Central | Method::Chorin | Method::ChorinWide => {
            Err(DecomposeError::NotBuilt { method })
        }
        Method::FourierDetrended => {
            Ok(Box::new(FourierMethod::new(domain, Continuation::Detrended)?))
        }
        Method::FourierMirrored => {
            Ok(Box::new(FourierMethod::new(domain, Continuation::Mirrored)?))
        }
        Method::Learned | Method::LearnedTied => Err(DecomposeError::Network { method }),
    }
}
