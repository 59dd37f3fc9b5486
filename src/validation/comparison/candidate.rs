//! What is compared.

use super::super::plan::plan;
use crate::boundary::Boundary;
use crate::decomposition::{Decompose, DecomposeError, Method};
use crate::grid::Domain;

/// A method and a convention; the method's own where none is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// The method.
    pub method: Method,
    /// The convention.
    pub boundary: Option<Boundary>,
}

impl Candidate {
    /// Method and convention, such as `staggered no-flux`.
    pub fn name(&self) -> String {
        match self.boundary {
            Some(boundary) => format!("{} {boundary}", self.method),
            None => self.method.to_string(),
        }
    }

    /// Its plan for a domain.
    pub(super) fn plan<const D: usize>(
        &self,
        domain: &Domain<D>,
    ) -> Result<Box<dyn Decompose<D>>, DecomposeError> {
        plan(self.method, domain, self.boundary, None)
    }
}

/// A candidate that could not be applied.
#[derive(Debug)]
pub struct LeftOut {
    /// Which.
    pub candidate: Candidate,
    /// Why.
    pub error: DecomposeError,
}

/// Points up to which a network is fitted unasked: some ten seconds.
const FITTED: usize = 20_000;

/// Every method that may fit a domain, `staggered` under each convention where there are walls. The one that the domain
/// [calls for](Method::for_domain) comes first. Networks are fitted to up to 20,000 points, those of tied weights where they
/// are asked for.
pub fn candidates<const D: usize>(domain: &Domain<D>) -> Vec<Candidate> {
    let first = Method::for_domain(domain);
    let quick = domain.active_cells() <= FITTED && cfg!(feature = "autoencoder");
    let meant = |method: &Method| !method.is_learned() || quick && *method == Method::Learned;
    let others = Method::ALL.into_iter().filter(|method| *method != first && meant(method));
    let conventions = |method: Method| match method {
        Method::Staggered if domain.has_walls() => {
            [Boundary::NormalParallel, Boundary::NoFlux, Boundary::ZeroPotential].map(Some).to_vec()
        }
        _ => vec![None],
    };
    let of = |method: Method| {
        let all = conventions(method).into_iter();
        all.map(move |boundary| Candidate { method, boundary })
    };
    [first].into_iter().chain(others).flat_map(of).collect()
}
