//! The methods that are asked for.

use crate::boundary::Boundary;
use crate::cli::nearest::unknown;
use crate::decomposition::Method;
use crate::grid::Domain;
use crate::validation::comparison::{Candidate, LeftOut, affordable, candidates as all};
use anyhow::{Context, Result};

/// Those of the list; if it is empty all that may fit and take seconds, and the others.
pub fn candidates<const D: usize>(
    names: &[String],
    domain: &Domain<D>,
) -> Result<(Vec<Candidate>, Vec<LeftOut>)> {
    match names {
        [] => Ok(affordable(all(domain), domain)),
        names => {
            let named: Result<_> = names.iter().map(|name| candidate(name)).collect();
            Ok((named?, Vec::new()))
        }
    }
}

fn candidate(text: &str) -> Result<Candidate> {
    let (method, boundary) = match text.split_once(':') {
        Some((method, boundary)) => (method, Some(boundary)),
        None => (text, None),
    };
    let known = Method::ALL.map(Method::name);
    let method = Method::from_name(method).with_context(|| unknown("method", method, &known))?;
    let boundary = boundary.map(|name| {
        let known = Boundary::ALL.map(Boundary::name);
        Boundary::from_name(name).with_context(|| unknown("boundary", name, &known))
    });
    Ok(Candidate { method, boundary: boundary.transpose()? })
}
