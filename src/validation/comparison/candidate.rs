//! What is compared.

use crate::boundary::Boundary;
use crate::decomposition::Method;
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
}

/// A candidate that was not applied.
#[derive(Clone, Debug)]
pub struct LeftOut {
    /// Which.
    pub candidate: Candidate,
    /// Why, in words.
    pub reason: String,
}

/// Cells in 3D up to which a sparse factor of a baseline's matrix, whose cost grows with their square, takes seconds.
const FACTORED: usize = 40_000;

/// Of candidates those that can be compared in seconds, and those that would take minutes.
pub fn affordable<const D: usize>(
    candidates: Vec<Candidate>,
    domain: &Domain<D>,
) -> (Vec<Candidate>, Vec<LeftOut>) {
    let cells = domain.grid().cells();
    let costly = |one: &Candidate| {
        D == 3 && cells > FACTORED && matches!(one.method, Method::Chorin | Method::ChorinWide)
    };
    let (costly, kept): (Vec<_>, Vec<_>) = candidates.into_iter().partition(costly);
    let reason = || {
        format!(
            "a sparse factor for {cells} cells takes minutes; it is computed if the method is asked for by name"
        )
    };
    (kept, costly.into_iter().map(|candidate| LeftOut { candidate, reason: reason() }).collect())
}

/// Every method that may fit a domain, `staggered` under each convention where there are walls. The one that the domain
/// [calls for](Method::for_domain) comes first.
pub fn candidates<const D: usize>(domain: &Domain<D>) -> Vec<Candidate> {
    let first = Method::for_domain(domain);
    let others = Method::ALL.into_iter().filter(|method| *method != first);
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
