//! Method, boundary and back end as requested, and whether they can apply.

use super::{BatchError, Chosen, RequestError};
#[cfg(feature = "autoencoder")]
use crate::autoencoder::{Learning, plan_learned};
use crate::boundary::Boundary;
use crate::decomposition::{Decompose, Method, Planning, Watch, boundary_of};
use crate::grid::Domain;
use crate::poisson::Backend;
use std::sync::Arc;

/// Method, convention and back end; what is not given is chosen for the domain.
///
/// ```
/// use hodge::batch::{MethodChoice, RequestError};
/// use hodge::{boundary::Boundary, decomposition::Method};
/// use hodge::grid::{Axis, Domain, Grid, Topology};
/// let axis = Axis::over(0.0, 1.0, 8, Topology::Periodic);
/// let torus = Domain::full(Grid::new([axis, axis])?);
/// let boundary = Boundary::NoFlux;
/// let choice = MethodChoice { boundary: Some(boundary), ..MethodChoice::default() };
/// assert_eq!(choice.method_for(&torus, false), Method::Spectral);
/// assert_eq!(choice.check(Method::Spectral, &torus), Err(RequestError::NoWalls { boundary }));
/// # Ok::<(), hodge::grid::GridError>(())
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct MethodChoice {
    /// The method.
    pub method: Option<Method>,
    /// The convention.
    pub boundary: Option<Boundary>,
    /// The parts under all conventions are requested.
    pub all: bool,
    /// The back end.
    pub backend: Option<Backend>,
    /// Whether solenoidal and harmonic part stay one.
    pub undivided: bool,
    /// The units of a network that is fitted.
    pub units: Option<usize>,
    /// Of their random weights.
    pub seed: Option<u64>,
}

impl MethodChoice {
    /// The method for a domain, given whether the field sits on faces.
    pub fn method_for<const D: usize>(&self, domain: &Domain<D>, on_faces: bool) -> Method {
        self.method.unwrap_or(match on_faces {
            true => Method::Staggered,
            false => Method::for_domain(domain),
        })
    }

    /// Plans `method` on a domain, under `preferred` if no boundary was requested; who watches hears of harmonic
    /// fields that are computed one by one.
    ///
    /// # Errors
    /// Where the choice or the method does not fit the domain.
    pub fn plan<const D: usize>(
        &self,
        method: Method,
        domain: &Domain<D>,
        preferred: Option<Boundary>,
        watch: Option<Arc<dyn Watch>>,
    ) -> Result<Box<dyn Decompose<D>>, BatchError> {
        self.check(method, domain)?;
        let boundary = boundary_of(method, domain, self.boundary, preferred)?;
        #[cfg(feature = "autoencoder")]
        if let Some(learning) = Learning::of(method, self.units, self.seed) {
            return Ok(plan_learned(domain, learning)?);
        }
        Ok(method.plan_with(domain, &self.planning(Some(boundary), watch))?)
    }

    /// What a plan is made by, under `preferred` if no boundary was requested.
    pub(super) fn planning(
        &self,
        preferred: Option<Boundary>,
        watch: Option<Arc<dyn Watch>>,
    ) -> Planning {
        let (backend, undivided) = (self.backend, self.undivided);
        let boundary = self.boundary.or(preferred);
        Planning { boundary, backend, undivided, watch }
    }

    /// Refuses what cannot apply to a domain.
    ///
    /// # Errors
    /// Where the domain knows one convention, has no walls, or the method has no back ends to choose from.
    pub fn check<const D: usize>(
        &self,
        method: Method,
        domain: &Domain<D>,
    ) -> Result<(), RequestError> {
        if self.all && !(domain.has_walls() && method == Method::Staggered) {
            return Err(RequestError::OneConvention);
        }
        let about_walls = self.boundary.filter(|boundary| *boundary != Boundary::Periodic);
        let about_walls = about_walls.filter(|boundary| *boundary != Boundary::FreeSpace);
        if let Some(boundary) = about_walls.filter(|_| !domain.has_walls()) {
            return Err(RequestError::NoWalls { boundary });
        }
        match self.backend.filter(|_| !method.solves()) {
            Some(backend) => Err(RequestError::NoSolve { method, backend }),
            None => Ok(()),
        }
    }

    /// Refuses what a density does not go with.
    pub(super) fn check_density(&self) -> Result<(), RequestError> {
        let boundary = self.all.then_some("all");
        let method = self.method.filter(|m| *m != Method::Staggered).map(Method::name);
        let separate = [Backend::Transform, Backend::Separable];
        let backend = self.backend.filter(|b| separate.contains(b)).map(Backend::name);
        let given =
            [(Chosen::Method, method), (Chosen::Boundary, boundary), (Chosen::Backend, backend)];
        match given.into_iter().find_map(|(choice, value)| Some((choice, value?))) {
            Some((choice, value)) => Err(RequestError::Density { choice, value }),
            None => Ok(()),
        }
    }
}
