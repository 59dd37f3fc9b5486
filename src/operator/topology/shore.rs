//! The strip between a shore and the loop through the first cells of the fluid.

use super::cohomology::Coefficient;
use crate::grid::{Domain, Grid, Location, ravel, unravel};
use std::cell::OnceCell;
use std::collections::VecDeque;

/// The vertices of a domain in the plane, by index along x and y: vertex i lies between cells i − 1 and
/// i. Indices may lie beyond the seam of a periodic axis.
pub(super) struct Vertices<'a, const D: usize> {
    pub domain: &'a Domain<D>,
    /// The component of every cell.
    pub component: &'a [u32],
    /// The number of active cells around each vertex.
    around: Vec<u8>,
    /// For every cell the nearest that has a vertex inside the fluid, by the way through the fluid.
    nearest: OnceCell<Vec<Option<u32>>>,
}

impl<'a, const D: usize> Vertices<'a, D> {
    pub fn new(domain: &'a Domain<D>, component: &'a [u32]) -> Vertices<'a, D> {
        let around = domain.touching(Location::edge(0, 1));
        Vertices { domain, component, around, nearest: OnceCell::new() }
    }

    /// The cell at an index; `None` beyond a wall.
    pub fn cell(&self, index: [i64; 2]) -> Option<usize> {
        wrapped_cell(self.domain.grid(), index)
    }

    /// The same vertex by an index within the grid; `None` beyond a wall.
    pub fn wrapped(&self, vertex: [i64; 2]) -> Option<[i64; 2]> {
        let mut wrapped = vertex;
        for (k, i) in wrapped.iter_mut().enumerate() {
            let axis = self.domain.grid().axes()[k];
            match axis.bounded() {
                true if !(0..axis.faces() as i64).contains(i) => return None,
                true => {}
                false => *i = i.rem_euclid(axis.cells as i64),
            }
        }
        Some(wrapped)
    }

    fn place(&self, location: Location, index: [i64; 2]) -> usize {
        let mut at = [0; D];
        (at[0], at[1]) = (index[0] as usize, index[1] as usize);
        ravel(self.domain.grid().shape_at(location), at)
    }

    /// Whether all four cells around a vertex take part.
    fn is_interior(&self, vertex: [i64; 2]) -> bool {
        let place = self.wrapped(vertex).map(|v| self.place(Location::edge(0, 1), v));
        place.is_some_and(|place| self.around[place] == 4)
    }

    /// The faces crossed counterclockwise around a vertex, times a factor.
    pub fn turn(&self, vertex: [i64; 2], factor: f64) -> [Coefficient; 4] {
        let [x, y] = vertex;
        [(0, [x, y - 1], 1.0), (1, [x, y], 1.0), (0, [x, y], -1.0), (1, [x - 1, y], -1.0)].map(
            |(k, face, sign)| {
                let face = self.wrapped(face).expect("the vertex lies inside the grid");
                (k, self.place(Location::face(k), face), sign * factor)
            },
        )
    }

    /// Whether a face lies between two cells of a component.
    pub fn is_inside(&self, k: usize, face: usize, component: u32) -> bool {
        let index = unravel(self.domain.grid().shape_at(Location::face(k)), face);
        let cells = self.domain.neighbours(k, index);
        cells.iter().all(|cell| cell.is_some_and(|cell| self.component[cell] == component))
    }

    /// What the cells of a component around a vertex on the shore have of the strip: the curl, as
    /// extrapolated to the quarter of each that lies at the vertex.
    pub fn strip(&self, vertex: [i64; 2], component: u32) -> Vec<Coefficient> {
        let [x, y] = vertex;
        let mut terms = Vec::new();
        for [a, b] in [[1, 1], [-1, 1], [1, -1], [-1, -1]] {
            let index = [x + (a - 1) / 2, y + (b - 1) / 2];
            let cell = self.cell(index).filter(|&cell| self.component[cell] == component);
            let Some(cell) = cell else { continue };
            for (vertex, share) in self.curl(cell, index, vertex, [a, b]) {
                terms.extend(self.turn(vertex, 0.25 * share));
            }
        }
        terms
    }

    /// The curl in the quarter of a cell next to a vertex, as a sum over vertices inside the fluid.
    fn curl(
        &self,
        cell: usize,
        index: [i64; 2],
        [x, y]: [i64; 2],
        [a, b]: [i64; 2],
    ) -> Vec<([i64; 2], f64)> {
        let [near, far] = [[x + a, y + b], [x + 2 * a, y + 2 * b]];
        if self.is_interior(near) && self.is_interior(far) {
            // The middle of the quarter lies a quarter of the diagonal from the shore.
            return vec![(near, 1.75), (far, -0.75)];
        }
        let mut found = self.interior_vertices(index);
        if found.is_empty() {
            let nearest = self.nearest.get_or_init(|| self.nearest_cells())[cell];
            let Some(nearest) = nearest else { return Vec::new() };
            found = self.interior_vertices(self.index(nearest as usize));
        }
        let share = 1.0 / found.len() as f64;
        found.into_iter().map(|vertex| (vertex, share)).collect()
    }

    fn index(&self, cell: usize) -> [i64; 2] {
        let index = unravel(self.domain.grid().shape(), cell);
        [index[0] as i64, index[1] as i64]
    }

    fn interior_vertices(&self, [x, y]: [i64; 2]) -> Vec<[i64; 2]> {
        let corners = [[x, y], [x + 1, y], [x, y + 1], [x + 1, y + 1]];
        corners.into_iter().filter(|vertex| self.is_interior(*vertex)).collect()
    }

    fn nearest_cells(&self) -> Vec<Option<u32>> {
        let cells = self.domain.grid().cells();
        let mut nearest = vec![None; cells];
        let mut open = VecDeque::new();
        for cell in 0..cells {
            if !self.interior_vertices(self.index(cell)).is_empty() {
                nearest[cell] = Some(cell as u32);
                open.push_back(cell);
            }
        }
        while let Some(cell) = open.pop_front() {
            let [x, y] = self.index(cell);
            for near in [[x - 1, y], [x + 1, y], [x, y - 1], [x, y + 1]] {
                let Some(near) = self.cell(near) else { continue };
                if self.domain.is_active(near) && nearest[near].is_none() {
                    nearest[near] = nearest[cell];
                    open.push_back(near);
                }
            }
        }
        nearest
    }
}

/// The cell at an index that may lie beyond the seam of a periodic axis; `None` beyond a wall.
pub(super) fn wrapped_cell<const D: usize>(grid: &Grid<D>, index: [i64; 2]) -> Option<usize> {
    let shape = grid.shape();
    let mut flat = 0;
    for k in (0..2).rev() {
        let n = shape[k] as i64;
        let inside = (0..n).contains(&index[k]);
        if grid.axes()[k].bounded() && !inside {
            return None;
        }
        flat = flat * shape[k] + index[k].rem_euclid(n) as usize;
    }
    Some(flat)
}
