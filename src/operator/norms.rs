//! Norms of divergence and curl of staggered fields, row by row without keeping either.

use super::axis_pairs;
use crate::field::{ScalarField, VectorField};
use crate::grid::{Domain, Grid, Location};
use crate::transform::{add_difference, dot, sum_of_squares, wide};
use rayon::prelude::*;

/// Cells of a task: fixed, so that sums do not depend on the number of threads.
const TASK: usize = 1 << 15;

/// The root of the sum of squares of several fields.
pub(super) fn root_of_squares<const D: usize>(fields: &[ScalarField<D>]) -> f64 {
    let of = |field: &ScalarField<D>| -> f64 {
        if field.parities().is_some_and(|p| p.is_zero()) {
            return 0.0;
        }
        let blocks: Vec<f64> = field.values().par_chunks(TASK).map(sum_of_squares).collect();
        blocks.iter().sum()
    };
    fields.iter().map(of).sum::<f64>().sqrt()
}

/// Σ v·w times the weights of a run of values of component k from some value on, which `weights` writes; it
/// says whether they are not all 1.
pub(super) fn inner<const D: usize>(
    v: &VectorField<D>,
    w: &VectorField<D>,
    weights: impl Fn(usize, usize, &mut [f64]) -> bool + Sync,
) -> f64 {
    let of_component = |k: usize| -> f64 {
        let pair = [v.component(k), w.component(k)];
        if pair.iter().any(|c| c.parities().is_some_and(|p| p.is_zero())) {
            return 0.0;
        }
        let shape = v.grid().shape_at(pair[0].location());
        let (rows, share) = (shape[1..].iter().product::<usize>(), (TASK / shape[0]).max(1));
        let task = |[a, b, weight]: &mut [Vec<f64>; 3], task: usize| -> f64 {
            weight.resize(shape[0], 0.0);
            let of_row = |row: usize| {
                let start = row * shape[0];
                let [a, b] = [pair[0].run(start, shape[0], a), pair[1].run(start, shape[0], b)];
                match weights(k, start, weight) {
                    true => dot_with(weight, a, b),
                    false => dot(a, b),
                }
            };
            (task * share..((task + 1) * share).min(rows)).map(of_row).sum()
        };
        let tasks = (0..rows.div_ceil(share)).into_par_iter();
        tasks.map_init(Default::default, task).collect::<Vec<f64>>().iter().sum()
    };
    (0..D).map(of_component).sum()
}

/// ‖∇·v‖ over the active cells for components on faces.
pub(super) fn divergence<const D: usize>(domain: &Domain<D>, v: &VectorField<D>) -> f64 {
    if is_zero(v) {
        return 0.0;
    }
    let grid = domain.grid();
    let row = |at: Row<D>, out: &mut Vec<f64>| {
        let nx = grid.shape()[0];
        out.clear();
        out.resize(nx, 0.0);
        for k in 0..D {
            let [lower, upper] = at.rows_beside(grid, k);
            let faces = v.component(k).values();
            let scale = 1.0 / grid.axes()[k].spacing;
            match k {
                0 => along_row(&faces[lower..][..grid.axes()[0].faces()], scale, out),
                _ => add_difference(&faces[lower..][..nx], &faces[upper..][..nx], scale, out),
            }
        }
        if let Some(mask) = domain.mask() {
            let cells = out.iter_mut().zip(&mask[at.row * nx..][..nx]);
            cells.for_each(|(d, active)| *d = if *active { *d } else { 0.0 });
        }
    };
    sum_over_rows(grid, Location::CELL, row).sqrt()
}

/// ‖∇∧v‖ over the edges between four active cells, for components on faces.
pub(super) fn tangential_curl<const D: usize>(
    domain: &Domain<D>,
    v: &VectorField<D>,
    inside: impl Fn(usize, usize) -> bool + Sync,
) -> f64 {
    let grid = domain.grid();
    curl(grid, v, 0.0, |pair, edge, at, out| {
        if domain.mask().is_some() {
            let first = at.row * out.len();
            let edges = out.iter_mut().enumerate();
            edges.for_each(|(i, c)| *c = if inside(pair, first + i) { *c } else { 0.0 });
        } else if !at.clear_walls(grid, edge, out) {
            out.clear();
        }
    })
}

/// ‖∇∧v‖ over all edges of a box, those on its walls included, where what is beyond counts as minus the value
/// inside: half the dual cell has half the difference to zero.
pub(super) fn free_curl<const D: usize>(grid: &Grid<D>, v: &VectorField<D>) -> f64 {
    curl(grid, v, 2.0, |_, _, _, _| {})
}

/// The norm of what `settle` leaves of the curl in each row of edges of a pair of axes; differences across a
/// wall are `at_walls` times the value inside.
fn curl<const D: usize>(
    grid: &Grid<D>,
    v: &VectorField<D>,
    at_walls: f64,
    settle: impl Fn(usize, Location, Row<D>, &mut Vec<f64>) + Sync,
) -> f64 {
    let pairs = axis_pairs::<D>().into_iter().enumerate();
    let of_pair = |(pair, (a, b)): (usize, (usize, usize))| {
        let edge = Location::edge(a, b);
        let n = grid.shape_at(edge)[0];
        let row = |at: Row<D>, out: &mut Vec<f64>| {
            out.clear();
            out.resize(n, 0.0);
            for (from, along, sign) in [(b, a, 1.0), (a, b, -1.0)] {
                let values = v.component(from).values();
                let scale = sign / grid.axes()[along].spacing;
                at.add_to_edges(grid, (from, along), [scale, at_walls * scale], values, out);
            }
            settle(pair, edge, at, out);
        };
        sum_over_rows(grid, edge, row)
    };
    pairs.map(of_pair).sum::<f64>().sqrt()
}

pub(super) fn is_zero<const D: usize>(v: &VectorField<D>) -> bool {
    v.components().iter().all(|c| c.parities().is_some_and(|p| p.is_zero()))
}

/// A row along x of values at some location: its number, and its index along y and z.
#[derive(Clone, Copy)]
struct Row<const D: usize> {
    row: usize,
    index: [usize; D],
}

impl<const D: usize> Row<D> {
    /// Where row `i` along axis k starts in the component on the faces normal to `normal`, the other
    /// indices being those of this row.
    fn start(&self, grid: &Grid<D>, normal: usize, k: usize, i: usize) -> usize {
        let shape = grid.shape_at(Location::face(normal));
        let mut index = self.index;
        index[k] = i;
        (1..D).rev().fold(0, |row, axis| row * shape[axis] + index[axis]) * shape[0]
    }

    /// Starts of the rows of component k below and above this row of cells; twice its own for x.
    fn rows_beside(&self, grid: &Grid<D>, k: usize) -> [usize; 2] {
        let at = self.index[k];
        match k {
            0 => [self.start(grid, 0, 0, 0); 2],
            _ => [at, (at + 1) % grid.axes()[k].faces()].map(|i| self.start(grid, k, k, i)),
        }
    }

    /// Adds the differences along `along` of the component normal to `from` to a row of edges, times the second
    /// scale those between a wall and the value inside.
    fn add_to_edges(
        &self,
        grid: &Grid<D>,
        (from, along): (usize, usize),
        [scale, at_walls]: [f64; 2],
        values: &[f64],
        out: &mut [f64],
    ) {
        let axis = grid.axes()[along];
        let n = axis.cells;
        if along == 0 {
            let row = &values[self.start(grid, from, 0, 0)..][..n];
            add_difference(&row[..n - 1], &row[1..], scale, &mut out[1..n]);
            if axis.bounded() {
                out[0] += at_walls * row[0];
                out[n] -= at_walls * row[n - 1];
            } else {
                out[0] += scale * (row[0] - row[n - 1]);
            }
            return;
        }
        let at = self.index[along];
        let row = |i: usize| &values[self.start(grid, from, along, i)..][..out.len()];
        let [lower, upper] = [(at + n - 1) % n, at % n].map(row);
        match at {
            0 if axis.bounded() => add_scaled(at_walls, upper, out),
            _ if at == n => add_scaled(-at_walls, lower, out),
            _ => add_difference(lower, upper, scale, out),
        }
    }

    /// Sets edges on walls of the grid to zero; false where the whole row is on one.
    fn clear_walls(&self, grid: &Grid<D>, edge: Location, out: &mut [f64]) -> bool {
        for k in (0..D).filter(|&k| edge.on_face(k) && grid.axes()[k].bounded()) {
            match k {
                0 => (out[0], out[grid.axes()[0].cells]) = (0.0, 0.0),
                _ if self.index[k] == 0 || self.index[k] == grid.axes()[k].cells => return false,
                _ => {}
            }
        }
        true
    }
}

/// The sum of the squares of what `row` makes of each row of a location.
fn sum_over_rows<const D: usize>(
    grid: &Grid<D>,
    location: Location,
    row: impl Fn(Row<D>, &mut Vec<f64>) + Sync,
) -> f64 {
    let shape = grid.shape_at(location);
    let rows: usize = shape[1..].iter().product();
    let share = (TASK / shape[0]).max(1);
    let tasks = (0..rows.div_ceil(share)).into_par_iter();
    let sums: Vec<f64> = tasks
        .map_init(Vec::new, |out, task| {
            let rows = task * share..((task + 1) * share).min(rows);
            rows.map(|at| {
                let index = crate::grid::unravel(shape, at * shape[0]);
                row(Row { row: at, index }, out);
                sum_of_squares(out)
            })
            .sum::<f64>()
        })
        .collect();
    sums.iter().sum()
}

fn add_scaled(a: f64, values: &[f64], out: &mut [f64]) {
    out.iter_mut().zip(values).for_each(|(o, v)| *o += a * v);
}

wide! {
    fn dot_with<'a>(weights: &'a mut [f64], a: &'a [f64], b: &'a [f64]) -> f64 {
        weights.iter_mut().zip(a).for_each(|(w, a)| *w *= a);
        dot(weights, b)
    }
}

/// The differences of the faces of a row; one face fewer on a ring, whose first is also its last.
fn along_row(faces: &[f64], scale: f64, out: &mut [f64]) {
    let inside = faces.len() - 1;
    add_difference(&faces[..inside], &faces[1..], scale, &mut out[..inside]);
    if inside < out.len() {
        out[inside] += scale * (faces[0] - faces[inside]);
    }
}
