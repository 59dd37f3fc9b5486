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

/// Points up to which a network is fitted unasked.
const FITTED: usize = 20_000;

/// Of candidates those that can be compared in seconds, and those that would take minutes or answer another question.
pub fn affordable<const D: usize>(
    candidates: Vec<Candidate>,
    domain: &Domain<D>,
) -> (Vec<Candidate>, Vec<LeftOut>) {
    let (mut kept, mut left_out) = (Vec::new(), Vec::new());
    for candidate in candidates {
        match costly(candidate.method, domain) {
            None => kept.push(candidate),
            Some(why) => {
                let reason = format!("{why}; it is computed if the method is asked for by name");
                left_out.push(LeftOut { candidate, reason });
            }
        }
    }
    (kept, left_out)
}

fn costly<const D: usize>(method: Method, domain: &Domain<D>) -> Option<String> {
    let (cells, points) = (domain.grid().cells(), domain.active_cells());
    match method {
        Method::Chorin | Method::ChorinWide if D == 3 && cells > FACTORED => {
            Some(format!("a sparse factor for {cells} cells takes minutes"))
        }
        Method::Learned if points > FITTED => {
            Some(format!("a network is fitted to {points} points in tens of seconds"))
        }
        Method::LearnedTied => {
            Some("its gradient part is the closest of few fields, not of all gradients".into())
        }
        _ => None,
    }
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
