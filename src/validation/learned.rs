//! Studies of the closest conservative networks.

use super::{Claim, Study};
use crate::boundary::Boundary;
use crate::decomposition::Method;
use crate::source::analytic::Case;

/// Those of a case, whose limit is the gradient part of no-flux; cones have no exact parts.
pub(super) fn learned<const D: usize>(case: &'static dyn Case<D>) -> Option<Study<D>> {
    let (sizes, error) = match case.name() {
        "S1" => (vec![32, 64, 96], 1e-3),
        "B3" => (vec![32, 64], 2e-2),
        "B7" => (vec![12, 20], 3e-2),
        _ => return None,
    };
    let claim = Claim::Below { n: sizes[sizes.len() - 1], error };
    let (method, boundary, backend) = (Method::Learned, Boundary::NoFlux, None);
    Some(Study { case, method, boundary, backend, sizes, claim })
}
