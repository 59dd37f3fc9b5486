//! Loops around the holes of the plane.

use super::path::{Hole, Loop, merged, turns};
use super::shore::{Vertices, wrapped_cell};
use crate::grid::{Domain, Grid, Location, unravel};
use std::collections::BTreeSet;

/// Loops of a plane with a mask: one around every hole, then those that wind around periodic axes.
pub(super) fn in_plane<const D: usize>(domain: &Domain<D>, loops: Vec<Loop>) -> Vec<Loop> {
    let (component, _) = domain.components();
    let holes = holes(domain);
    let vertices = Vertices::new(domain, &component);
    let around = holes.iter().map(|hole| around(&vertices, hole));
    let mut found: Vec<Loop> = around.filter(|path| !path.faces.is_empty()).collect();
    found.extend(winding(domain, &component, loops));
    found
}

/// The loop around one hole, given its cells: the sum of those around the vertices that touch it.
fn around<const D: usize>(vertices: &Vertices<D>, hole: &[[i64; 2]]) -> Loop {
    let grid = vertices.domain.grid();
    // Left of the leftmost cell there is fluid, and it is outside; inside the hole there may be lakes.
    let [x, y] = *hole.iter().min().expect("a hole has cells");
    let outside = vertices.cell([x - 1, y]).expect("no hole reaches the border");
    let component = vertices.component[outside];
    let corners = [[0, 0], [1, 0], [0, 1], [1, 1]];
    let touching = hole.iter().flat_map(|[x, y]| corners.map(|[a, b]| [x + a, y + b]));
    let touching = touching.filter_map(|vertex| vertices.wrapped(vertex));
    let touching: BTreeSet<[i64; 2]> = touching.collect();
    let turns = touching.iter().flat_map(|vertex| vertices.turn(*vertex, 1.0));
    let faces = merged(turns.filter(|&(k, face, _)| vertices.is_inside(k, face, component)));
    let strip = touching.iter().flat_map(|vertex| vertices.strip(*vertex, component));
    let strip = merged(strip);
    Loop { faces, hole: Some(Hole { centre: centroid(grid, hole).to_vec(), strip }) }
}

/// The mean position of cells, on periodic axes brought back to the grid.
fn centroid<const D: usize>(grid: &Grid<D>, cells: &[[i64; 2]]) -> [f64; 2] {
    std::array::from_fn(|k| {
        let mean = cells.iter().map(|cell| cell[k] as f64).sum::<f64>() / cells.len() as f64;
        grid.axes()[k].place(mean)
    })
}

/// The cells of every hole. Across the seam of a periodic axis their indices go on.
fn holes<const D: usize>(domain: &Domain<D>) -> Vec<Vec<[i64; 2]>> {
    const UNSEEN: [i64; 2] = [i64::MIN; 2];
    let grid = domain.grid();
    let mut place = vec![UNSEEN; grid.cells()];
    let mut found = Vec::new();
    for root in (0..grid.cells()).filter(|&cell| !domain.is_active(cell)) {
        if place[root] != UNSEEN {
            continue;
        }
        let index = unravel(grid.shape(), root);
        place[root] = [index[0] as i64, index[1] as i64];
        let mut cells = vec![place[root]];
        let mut enclosed = true;
        let mut next = 0;
        while let Some(&[x, y]) = cells.get(next) {
            next += 1;
            for step in 0..9 {
                let near = [x + step % 3 - 1, y + step / 3 - 1];
                let Some(cell) = wrapped_cell(grid, near) else {
                    enclosed = false;
                    continue;
                };
                if domain.is_active(cell) {
                    continue;
                }
                if place[cell] == UNSEEN {
                    place[cell] = near;
                    cells.push(near);
                }
                // Met again from the other side of the ring.
                enclosed &= place[cell] == near;
            }
        }
        if enclosed {
            found.push(cells);
        }
    }
    found
}

/// The loops that wind around periodic axes, in each component only as many as are independent.
fn winding<const D: usize>(domain: &Domain<D>, component: &[u32], loops: Vec<Loop>) -> Vec<Loop> {
    let mut kept: Vec<(u32, [f64; D])> = Vec::new();
    let independent = |path: &Loop| {
        let (k, face, _) = path.faces[0];
        let index = unravel(domain.grid().shape_at(Location::face(k)), face);
        let [cell, _] = domain.neighbours(k, index);
        let own = component[cell.expect("loops cross interior faces only")];
        let turns = turns(domain.grid(), path);
        let mut others = kept.iter().filter(|(other, _)| *other == own);
        let new = match (others.next(), others.next()) {
            (None, _) => turns != [0.0; D],
            (Some((_, other)), None) => turns[0] * other[1] != turns[1] * other[0],
            _ => false,
        };
        kept.extend(new.then_some((own, turns)));
        new
    };
    loops.into_iter().filter(independent).collect()
}
