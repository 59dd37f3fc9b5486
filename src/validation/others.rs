//! Studies of the methods for free space and of the baselines.

use super::{Claim, Study};
use crate::boundary::Boundary;
use crate::decomposition::Method;
#[cfg(feature = "sparse")]
use crate::poisson::Backend;
use crate::source::analytic::Case;

/// Sources that do not vanish at the edge of the window: the parts of second order, but at the walls.
const JUMP: [&str; 4] = ["F4", "F5", "U2", "U3"];

/// What a cell of a coarse grid may have of the largest value at the edge, for a field that vanishes there.
const EDGE: f64 = 1e-10;

/// Those of a case in free space.
pub(super) fn free_space<const D: usize>(case: &'static dyn Case<D>) -> Vec<Study<D>> {
    let (plane, space) = (&[32, 64, 128, 256][..], &[16, 32, 64][..]);
    let all = if D == 2 { plane } else { space };
    let claim = match case.name() {
        "S1" => Claim::EnergyOrder(1.95),
        name if JUMP.contains(&name) => Claim::Order(1.45),
        _ => Claim::Order(1.85),
    };
    // The window leaves out what an error of 1e-3 shows.
    let count = if case.name() == "F2" { 3 } else { all.len() };
    let (boundary, backend) = (Boundary::FreeSpace, None);
    let sizes = all[..count].to_vec();
    let mut studies =
        vec![Study { case, method: Method::Natural, boundary, backend, sizes, claim }];
    if vanishes(case) {
        let (method, sizes) = (Method::NaturalSpectral, all[..3].to_vec());
        let claim = Claim::Below { n: sizes[2], error: 1e-9 };
        studies.push(Study { case, method, boundary, backend, sizes, claim });
    }
    studies
}

/// Whether a field is rounding at the edge of its window.
fn vanishes<const D: usize>(case: &dyn Case<D>) -> bool {
    use crate::field::Layout;
    use crate::grid::unravel;
    use crate::source::Source;
    let grid = case.grid_under([16; D], Boundary::FreeSpace).expect("cases have sound windows");
    let field = case.sample(grid, Layout::Points);
    let at_edge = |flat: usize| unravel([16; D], flat).iter().any(|i| [0, 15].contains(i));
    let values = field.components().iter().flat_map(|c| c.values().iter().enumerate());
    let edge =
        values.filter(|(flat, _)| at_edge(*flat)).fold(0.0, |most: f64, (_, v)| most.max(v.abs()));
    edge <= EDGE * field.max_abs()
}

/// Those that show the defects of the baselines.
#[cfg(feature = "sparse")]
pub(super) fn baselines<const D: usize>(case: &'static dyn Case<D>) -> Vec<Study<D>> {
    let sizes = if D == 2 { vec![32, 64, 128] } else { vec![8, 16, 32] };
    let study = |(method, claim): (Method, Claim)| {
        let solved = matches!(method, Method::Chorin | Method::ChorinWide);
        let boundary = if solved { Boundary::Periodic } else { Boundary::NoFlux };
        let backend = solved.then_some(Backend::Cholesky);
        Study { case, method, boundary, backend, sizes: sizes.clone(), claim }
    };
    let which = match case.name() {
        "P1" | "P2" | "P3" | "P5" => [
            (Method::Chorin, Claim::DivergenceOrder(2.0)),
            (Method::ChorinWide, Claim::Order(1.95)),
        ],
        "B2" | "B3" => [Method::FourierDetrended, Method::FourierMirrored]
            .map(|method| (method, Claim::Stays(0.1))),
        _ => return Vec::new(),
    };
    which.map(study).into()
}
