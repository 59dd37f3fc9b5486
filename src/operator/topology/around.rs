//! Loops that a reader of circulations expects: around holes, counterclockwise.

use super::holes::in_plane;
use super::orient::oriented;
use super::path::Loop;
use super::slab::in_slab;
use crate::grid::Domain;

/// The loops whose circulations are reported, from those of a [`cohomology`](super::cohomology)
/// basis under [`Condition::Neumann`](crate::boundary::Condition::Neumann).
///
/// In the plane one around every hole, counterclockwise: around each set of cells outside the fluid
/// that touch, corners included, and reach neither the border nor around a periodic axis. Behind
/// them, as they are, those that wind around periodic axes, as many as are independent in each
/// component of the fluid. A grid in space with an axis of one cell is such a plane, seen from the
/// upper end of that axis; if it is periodic, each component has one loop more along it. Together
/// they carry the same information as the basis.
///
/// In space the loops are those of the basis: counterclockwise as seen from +z, from +y where they enclose
/// nothing seen from there, else from +x; upwards along the first periodic axis that they wind around.
/// Without a mask loops are returned as they are.
pub fn around_holes<const D: usize>(domain: &Domain<D>, loops: Vec<Loop>) -> Vec<Loop> {
    if domain.mask().is_none() {
        return loops;
    }
    if D == 3 {
        return match (0..D).rev().find(|&k| domain.grid().shape()[k] == 1) {
            Some(thin) => in_slab(domain, thin),
            None => loops.into_iter().map(|path| oriented(domain.grid(), path)).collect(),
        };
    }
    in_plane(domain, loops)
}
