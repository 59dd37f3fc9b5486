//! Method, boundary and back end as asked for, and whether they can apply.

use super::args::MethodArguments;
use crate::boundary::Boundary;
use crate::decomposition::{Decompose, Method};
use crate::grid::Domain;
use crate::poisson::Backend;
use anyhow::{Result, ensure};

/// What the method options mean; what was not asked for is chosen by the domain.
#[derive(Clone, Copy, Debug, Default)]
pub struct MethodChoice {
    pub method: Option<Method>,
    pub boundary: Option<Boundary>,
    /// The parts under all conventions are asked for.
    pub all: bool,
    pub backend: Option<Backend>,
}

impl MethodChoice {
    pub fn new(arguments: &MethodArguments) -> MethodChoice {
        MethodChoice {
            method: arguments.method.as_deref().and_then(Method::from_name),
            boundary: arguments.boundary.as_deref().and_then(Boundary::from_name),
            all: arguments.boundary.as_deref() == Some("all"),
            backend: arguments.backend.as_deref().and_then(Backend::from_name),
        }
    }

    /// The method for a domain, given whether the field sits on faces.
    pub fn method_for<const D: usize>(&self, domain: &Domain<D>, on_faces: bool) -> Method {
        self.method.unwrap_or(match on_faces {
            true => Method::Staggered,
            false => Method::for_domain(domain),
        })
    }

    /// Plans `method` on a domain, under `preferred` where no boundary was asked for.
    pub fn plan<const D: usize>(
        &self,
        method: Method,
        domain: &Domain<D>,
        preferred: Option<Boundary>,
    ) -> Result<Box<dyn Decompose<D>>> {
        self.check(method, domain)?;
        Ok(method.plan(domain, self.boundary.or(preferred), self.backend)?)
    }

    /// Refuses what cannot apply to a domain.
    pub fn check<const D: usize>(&self, method: Method, domain: &Domain<D>) -> Result<()> {
        ensure!(
            !self.all || (has_walls(domain) && method == Method::Staggered),
            "--boundary all cannot apply: the method and the domain know one convention; leave it out"
        );
        if let Some(boundary) = self.boundary {
            ensure!(
                boundary == Boundary::Periodic || has_walls(domain),
                "--boundary {boundary} cannot apply: every axis is periodic and nothing is masked, so \
                 there are no walls; leave it out, or name fewer axes with --periodic"
            );
        }
        if let Some(backend) = self.backend {
            ensure!(
                method != Method::Spectral,
                "--backend {backend} cannot apply: the spectral method solves no Poisson equation; \
                 leave it out, or ask for --method staggered"
            );
        }
        Ok(())
    }
}

/// Whether a domain has walls: a bounded axis, or a mask.
pub fn has_walls<const D: usize>(domain: &Domain<D>) -> bool {
    !domain.grid().fully_periodic() || domain.mask().is_some()
}
