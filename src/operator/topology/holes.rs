//! Loops around single holes of the plane.

use super::Loop;
use crate::grid::{Domain, Grid, Location, unravel};
use std::collections::BTreeMap;

/// Rearranges the loops of a [`cohomology`](super::cohomology) basis under
/// [`Condition::Natural`](crate::boundary::Condition::Natural) in the plane so that each goes
/// around one hole of its component, counterclockwise. In space, and where an axis is periodic,
/// loops are returned as they are.
pub fn around_holes<const D: usize>(domain: &Domain<D>, loops: Vec<Loop>) -> Vec<Loop> {
    if D != 2 || domain.grid().axes().iter().any(|a| !a.bounded()) {
        return loops;
    }
    let holes = holes(domain);
    let (component, _) = domain.components();
    let mut seen: Vec<Enclosing> =
        loops.into_iter().map(|path| Enclosing::new(domain, path, &holes, &component)).collect();
    seen.sort_by_key(|e| e.holes.len());
    (0..seen.len()).map(|i| seen[i].without_inner(&seen[..i])).collect()
}

/// A loop, the holes it goes around and the component it lies in.
struct Enclosing {
    path: Loop,
    holes: Vec<usize>,
    component: u32,
}

impl Enclosing {
    fn new<const D: usize>(
        domain: &Domain<D>,
        mut path: Loop,
        holes: &[[usize; D]],
        component: &[u32],
    ) -> Enclosing {
        let grid = domain.grid();
        let winding = |hole: &[usize; D]| winding(grid, &path, *hole);
        let turns: Vec<f64> = holes.iter().map(winding).collect();
        if turns.iter().sum::<f64>() < 0.0 {
            path.faces.iter_mut().for_each(|face| face.2 = -face.2);
        }
        let (k, face, _) = path.faces[0];
        let index = unravel(grid.shape_at(Location::face(k)), face);
        let [cell, _] = domain.neighbours(k, index);
        let component = component[cell.expect("loops cross interior faces only")];
        let holes = (0..holes.len()).filter(|&hole| turns[hole] != 0.0).collect();
        Enclosing { path, holes, component }
    }

    /// The loop minus the largest loops of its component inside it.
    fn without_inner(&self, smaller: &[Enclosing]) -> Loop {
        let mut left = self.holes.clone();
        let mut sum: BTreeMap<(usize, usize), f64> = BTreeMap::new();
        let mut add = |path: &Loop, factor: f64| {
            for &(k, face, sign) in &path.faces {
                *sum.entry((k, face)).or_default() += factor * sign;
            }
        };
        add(&self.path, 1.0);
        for inner in smaller.iter().rev().filter(|inner| inner.component == self.component) {
            if inner.holes.iter().all(|hole| left.contains(hole)) {
                left.retain(|hole| !inner.holes.contains(hole));
                add(&inner.path, -1.0);
            }
        }
        let faces = sum.into_iter().filter(|(_, sign)| *sign != 0.0);
        Loop { faces: faces.map(|((k, face), sign)| (k, face, sign)).collect() }
    }
}

/// One cell of every hole: of each set of inactive cells that touch, corners included, and do not
/// reach the border of the grid.
fn holes<const D: usize>(domain: &Domain<D>) -> Vec<[usize; D]> {
    let grid = domain.grid();
    let shape = grid.shape();
    let mut seen: Vec<bool> = (0..grid.cells()).map(|cell| domain.is_active(cell)).collect();
    let mut found = Vec::new();
    for root in 0..grid.cells() {
        if seen[root] {
            continue;
        }
        let mut inside = true;
        let mut open = vec![root];
        seen[root] = true;
        while let Some(cell) = open.pop() {
            let index = unravel(shape, cell);
            inside &= (0..D).all(|k| index[k] > 0 && index[k] + 1 < shape[k]);
            for next in super::around(grid, cell) {
                if !std::mem::replace(&mut seen[next], true) {
                    open.push(next);
                }
            }
        }
        if inside {
            found.push(unravel(shape, root));
        }
    }
    found
}

/// How often a loop goes counterclockwise around a cell outside the fluid: the faces it crosses
/// upwards on the half line to the right of the cell, just above its centre.
fn winding<const D: usize>(grid: &Grid<D>, path: &Loop, cell: [usize; D]) -> f64 {
    let shape = grid.shape_at(Location::face(1));
    let crossed = path.faces.iter().filter(|&&(k, face, _)| {
        let index = unravel(shape, face);
        k == 1 && index[1] == cell[1] + 1 && index[0] > cell[0]
    });
    crossed.map(|face| face.2).sum()
}
