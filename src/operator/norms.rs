//! Norms of divergence and curl of staggered fields, row by row without keeping either.

use super::axis_pairs;
use super::row::{Difference, Differences};
use crate::field::{ScalarField, VectorField};
use crate::grid::{Domain, Grid, Location};
use crate::machine::wide;
use crate::transform::{dot, sum_of_squares};
use rayon::prelude::*;
use std::ops::Range;

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

/// Sums of squares of divergence and curl of components on faces over any rows, as a
/// [`Calculus`](super::Calculus) takes them over all: a walk over several fields has its rows in a cache.
pub struct RowNorms<'a, const D: usize> {
    domain: &'a Domain<D>,
    /// With a mask the number of active cells around each edge, for every pair of axes: only edges between four
    /// count.
    edges: Vec<&'a [u8]>,
    /// Zeros for a row where the edges on the walls of a box count. What is beyond them counts as minus the
    /// value inside: half the dual cell has half the difference to zero.
    beyond: Vec<f64>,
}

impl<'a, const D: usize> RowNorms<'a, D> {
    /// `free`: with the edges on walls.
    pub(super) fn new(domain: &'a Domain<D>, edges: Vec<&'a [u8]>, free: bool) -> RowNorms<'a, D> {
        let beyond = vec![0.0; if free { domain.grid().axes()[0].faces() + 1 } else { 0 }];
        RowNorms { domain, edges, beyond }
    }

    /// Σ (∇·v)² over the active cells in some rows along x of the cells, numbered in storage order.
    pub fn divergence_squares(
        &self,
        v: &VectorField<D>,
        rows: Range<usize>,
        space: &mut RowSpace,
    ) -> f64 {
        let (grid, nx) = (self.domain.grid(), self.domain.grid().shape()[0]);
        let faces = v.components().each_ref().map(|c| c.values());
        let of_row = |row: usize| {
            let differences = Row::new(grid, Location::CELL, row).divergence(grid, faces);
            match self.domain.mask() {
                None => differences.squares(),
                Some(mask) => differences.squares_where(&mask[row * nx..][..nx], &mut space.values),
            }
        };
        rows.map(of_row).sum()
    }

    /// Σ (∇∧v)² of one pair of axes, by its place in [`axis_pairs`], over the edges that count in some rows
    /// along x of them, numbered in storage order.
    pub fn curl_squares(
        &self,
        v: &VectorField<D>,
        pair: usize,
        rows: Range<usize>,
        space: &mut RowSpace,
    ) -> f64 {
        let axes = axis_pairs::<D>()[pair];
        let (grid, edge) = (self.domain.grid(), Location::edge(axes.0, axes.1));
        let faces = v.components().each_ref().map(|c| c.values());
        let n = grid.shape_at(edge)[0];
        let of_row = |row: usize| {
            let differences = Row::new(grid, edge, row).curl(grid, faces, axes, &self.beyond);
            match (differences, self.domain.mask()) {
                (None, _) => 0.0,
                (Some(differences), None) => differences.squares(),
                (Some(differences), Some(_)) => {
                    let edges = &self.edges[pair][row * n..][..n];
                    space.inside.clear();
                    space.inside.extend(edges.iter().map(|cells| *cells == 4));
                    differences.squares_where(&space.inside, &mut space.values)
                }
            }
        };
        rows.map(of_row).sum()
    }

    /// ‖∇·v‖ over all cells.
    pub(super) fn divergence(&self, v: &VectorField<D>) -> f64 {
        if is_zero(v) {
            return 0.0;
        }
        let of_rows = |rows, space: &mut RowSpace| self.divergence_squares(v, rows, space);
        sum_over_rows(self.domain.grid(), Location::CELL, of_rows).sqrt()
    }

    /// ‖∇∧v‖ over all edges that count.
    pub(super) fn curl(&self, v: &VectorField<D>) -> f64 {
        if is_zero(v) {
            return 0.0;
        }
        let of_pair = |(pair, (a, b))| {
            let of_rows = |rows, space: &mut RowSpace| self.curl_squares(v, pair, rows, space);
            sum_over_rows(self.domain.grid(), Location::edge(a, b), of_rows)
        };
        axis_pairs::<D>().into_iter().enumerate().map(of_pair).sum::<f64>().sqrt()
    }
}

/// Working space of [`RowNorms`]: the values of a row, and which of them count.
#[derive(Default)]
pub struct RowSpace {
    values: Vec<f64>,
    inside: Vec<bool>,
}

/// Whether a field is known to be zero.
pub(crate) fn is_zero<const D: usize>(v: &VectorField<D>) -> bool {
    v.components().iter().all(|c| c.parities().is_some_and(|p| p.is_zero()))
}

/// A row along x of values at some location: its index along y and z.
#[derive(Clone, Copy)]
struct Row<const D: usize> {
    index: [usize; D],
}

impl<const D: usize> Row<D> {
    /// Row number `row` of a location.
    fn new(grid: &Grid<D>, location: Location, row: usize) -> Row<D> {
        let shape = grid.shape_at(location);
        Row { index: crate::grid::unravel(shape, row * shape[0]) }
    }

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
            _ => grid.axes()[k].faces_beside(self.index[k]).map(|i| self.start(grid, k, k, i)),
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
            let axis = grid.axes()[along];
            let scale: f64 = sign / axis.spacing;
            let row = |i: usize| &faces[from][self.start(grid, from, along, i)..];
            match (along, axis.cells_beside(self.index[along])) {
                (0, _) => (scale, true, [row(0); 2]),
                (_, [Some(lower), Some(upper)]) => (scale, false, [row(lower), row(upper)]),
                (_, sides) => (2.0 * scale, false, sides.map(|i| i.map_or(beyond, row))),
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

/// The sum of what `of_rows` makes of runs of rows of a location; it has a working space.
fn sum_over_rows<const D: usize>(
    grid: &Grid<D>,
    location: Location,
    of_rows: impl Fn(Range<usize>, &mut RowSpace) -> f64 + Sync,
) -> f64 {
    let shape = grid.shape_at(location);
    let rows: usize = shape[1..].iter().product();
    let share = (TASK / shape[0]).max(1);
    let tasks = (0..rows.div_ceil(share)).into_par_iter();
    let sums: Vec<f64> = tasks
        .map_init(RowSpace::default, |space, task| {
            of_rows(task * share..((task + 1) * share).min(rows), space)
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
