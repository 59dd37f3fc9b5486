//! Loops of a grid in space with an axis of one cell: those of a plane.

use super::cohomology;
use super::holes::in_plane;
use super::path::{Hole, Loop};
use crate::boundary::Condition;
use crate::grid::{Domain, Grid, Location, ravel, unravel};

/// The loops around holes and along the periodic axes of the plane, then one along the axis of one cell in
/// every component, if it is periodic.
pub(super) fn in_slab<const D: usize>(domain: &Domain<D>, thin: usize) -> Vec<Loop> {
    let grid = domain.grid();
    let plane: [usize; 2] = [[1, 2], [0, 2], [0, 1]][thin];
    let mask = domain.mask().expect("a domain with holes").to_vec();
    let flat = Grid::new(plane.map(|k| grid.axes()[k]));
    let flat = flat.and_then(|flat| Domain::masked(flat, mask));
    let flat = flat.expect("the axes and the mask of a domain");
    let paths = cohomology(&flat, Condition::Neumann).into_iter().map(|cocycle| cocycle.path);
    let mut found: Vec<Loop> = in_plane(&flat, paths.collect())
        .into_iter()
        .map(|path| lifted(path, plane, grid.axes()[thin].point(0), thin))
        .collect();
    if !grid.axes()[thin].bounded() {
        found.extend(across(domain, thin));
    }
    found
}

/// A loop of the plane in space: what is stored is the same, in the same order.
fn lifted(path: Loop, plane: [usize; 2], height: f64, thin: usize) -> Loop {
    let lift = |(k, face, share): (usize, usize, f64)| (plane[k], face, share);
    let hole = path.hole.map(|Hole { mut centre, strip }| {
        centre.insert(thin, height);
        Hole { centre, strip: strip.into_iter().map(lift).collect() }
    });
    let lifted = Loop { faces: path.faces.into_iter().map(lift).collect(), hole };
    // From x to z is clockwise as seen from +y.
    if thin == 1 && lifted.hole.is_some() { lifted.reversed() } else { lifted }
}

/// One loop across the slab for every component.
fn across<const D: usize>(domain: &Domain<D>, thin: usize) -> Vec<Loop> {
    let (component, count) = domain.components();
    let shape = domain.grid().shape();
    let faces = domain.grid().shape_at(Location::face(thin));
    let first = |wanted| component.iter().position(|c| *c == wanted as u32);
    let face = |cell| ravel(faces, unravel(shape, cell));
    let found = (0..count).filter_map(first);
    found.map(|cell| Loop::new(vec![(thin, face(cell), 1.0)])).collect()
}
