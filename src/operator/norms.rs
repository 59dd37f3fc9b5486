//! Norms of divergence and curl of staggered fields, row by row without keeping either.

use super::axis_pairs;
use super::row::{Difference, Differences};
use crate::field::{ScalarField, VectorField};
use crate::grid::{Domain, Grid, Location};
use crate::machine::wide;
use crate::transform::{dot, sum_of_squares};
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
    let (grid, nx) = (domain.grid(), domain.grid().shape()[0]);
    let faces = v.components().each_ref().map(|c| c.values());
    let row = |at: Row<D>, space: &mut Vec<f64>| {
        let row = at.divergence(grid, faces);
        match domain.mask() {
            None => row.squares(),
            Some(mask) => row.squares_where(|i| mask[at.row * nx + i], space),
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
    curl(grid, v, &[], |pair, first, row, space| match domain.mask() {
        None => row.squares(),
        Some(_) => row.squares_where(|i| inside(pair, first + i), space),
    })
}

/// ‖∇∧v‖ over all edges of a box, those on its walls included, where what is beyond counts as minus the value
/// inside: half the dual cell has half the difference to zero.
pub(super) fn free_curl<const D: usize>(grid: &Grid<D>, v: &VectorField<D>) -> f64 {
    curl(grid, v, &vec![0.0; grid.axes()[0].faces() + 1], |_, _, row, _| row.squares())
}

/// The norm of the curl, the square of a row being what `squares` makes of it. Edges on walls only count where
/// `beyond` has zeros for a row.
fn curl<const D: usize>(
    grid: &Grid<D>,
    v: &VectorField<D>,
    beyond: &[f64],
    squares: impl Fn(usize, usize, Differences<'_>, &mut Vec<f64>) -> f64 + Sync,
) -> f64 {
    let faces = v.components().each_ref().map(|c| c.values());
    let pairs = axis_pairs::<D>().into_iter().enumerate();
    let of_pair = |(pair, axes): (usize, (usize, usize))| {
        let edge = Location::edge(axes.0, axes.1);
        let n = grid.shape_at(edge)[0];
        let row = |at: Row<D>, space: &mut Vec<f64>| match at.curl(grid, faces, axes, beyond) {
            None => 0.0,
            Some(row) => squares(pair, at.row * n, row, space),
        };
        sum_over_rows(grid, edge, row)
    };
    pairs.map(of_pair).sum::<f64>().sqrt()
}

/// Whether a field is known to be zero.
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

    /// The divergence in a row of cells.
    fn divergence<'a>(&self, grid: &Grid<D>, faces: [&'a [f64]; D]) -> Differences<'a> {
        let (nx, x) = (grid.shape()[0], grid.axes()[0]);
        let scale = |k: usize| 1.0 / grid.axes()[k].spacing;
        let starts = |k: usize| match k {
            0 => [self.start(grid, 0, 0, 0); 2],
            _ => {
                let at = self.index[k];
                [at, (at + 1) % grid.axes()[k].faces()].map(|i| self.start(grid, k, k, i))
            }
        };
        let along_x = &faces[0][starts(0)[0]..][..x.faces()];
        let inside = x.faces() - 1;
        let difference = |k: usize, i: usize| -> f64 {
            let [lower, upper] = starts(k);
            scale(k) * (faces[k][upper + i] - faces[k][lower + i])
        };
        // On a ring the first face is also the last.
        let seam = (inside < nx).then(|| {
            let first = scale(0) * (along_x[0] - along_x[inside]);
            (inside, (1..D).fold(first, |sum, k| sum + difference(k, inside)))
        });
        let mut row = Differences::new(0);
        row.seam[0] = seam;
        row.add(Difference { scale: scale(0), lower: &along_x[..inside], upper: &along_x[1..] });
        for k in 1..D {
            let [lower, upper] = starts(k).map(|start| &faces[k][start..][..inside]);
            row.add(Difference { scale: scale(k), lower, upper });
        }
        row
    }

    /// A component of the curl in a row of edges. Those on walls have a value where `beyond` is a row of
    /// zeros: twice that of what is inside. If it is empty and all are on a wall there is no row.
    fn curl<'a>(
        &self,
        grid: &Grid<D>,
        faces: [&'a [f64]; D],
        (a, b): (usize, usize),
        beyond: &'a [f64],
    ) -> Option<Differences<'a>> {
        let on_wall = |k: usize| {
            let axis = grid.axes()[k];
            k > 0 && axis.bounded() && (self.index[k] == 0 || self.index[k] == axis.cells)
        };
        let free = !beyond.is_empty();
        if !free && (on_wall(a) || on_wall(b)) {
            return None;
        }
        let nx = grid.shape()[0];
        let terms = [(b, a, 1.0), (a, b, -1.0)].map(|(from, along, sign)| {
            let scale: f64 = sign / grid.axes()[along].spacing;
            let (n, at) = (grid.axes()[along].cells, self.index[along]);
            let row = |i: usize| &faces[from][self.start(grid, from, along, i)..];
            match along {
                0 => (scale, true, [row(0); 2]),
                _ if on_wall(along) && at == 0 => (2.0 * scale, false, [beyond, row(0)]),
                _ if on_wall(along) => (2.0 * scale, false, [row(n - 1), beyond]),
                _ => (scale, false, [row((at + n - 1) % n), row(at)]),
            }
        });
        // With x in the pair the first edge is a wall or the seam, and the last may be a wall.
        let first = usize::from(a == 0);
        let ring = !grid.axes()[0].bounded();
        let end = |i: usize| {
            let values = terms.map(|(scale, along_x, [lower, upper])| match (along_x, i) {
                (true, _) if ring => scale * (upper[0] - lower[nx - 1]),
                (true, 0) => 2.0 * scale * upper[0],
                (true, _) => -2.0 * scale * lower[nx - 1],
                (false, _) => scale * (upper[i] - lower[i]),
            });
            Some((i, values.iter().sum()))
        };
        let mut row = Differences::new(first);
        row.seam = match (a, ring) {
            (0, true) => [end(0), None],
            (0, false) if free => [end(0), end(nx)],
            _ => [None; 2],
        };
        for (scale, along_x, [lower, upper]) in terms {
            let lower = if along_x { &lower[..nx - 1] } else { &lower[first..nx] };
            row.add(Difference { scale, lower, upper: &upper[first..nx] });
        }
        Some(row)
    }
}

/// The sum of what `row` makes of each row of a location; it has a working space.
fn sum_over_rows<const D: usize>(
    grid: &Grid<D>,
    location: Location,
    row: impl Fn(Row<D>, &mut Vec<f64>) -> f64 + Sync,
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
                row(Row { row: at, index }, out)
            })
            .sum::<f64>()
        })
        .collect();
    sums.iter().sum()
}

wide! {
    fn dot_with<'a>(weights: &'a mut [f64], a: &'a [f64], b: &'a [f64]) -> f64 {
        weights.iter_mut().zip(a).for_each(|(w, a)| *w *= a);
        dot(weights, b)
    }
}
