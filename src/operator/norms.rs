//! Net fluxes and circulations of staggered fields, row by row without keeping either.

use super::axis_pairs;
use super::extent::Extent;
use super::line::Row;
use super::row::Differences;
use crate::field::VectorField;
use crate::grid::{Domain, Grid, Location};
use crate::machine::wide;
use crate::transform::dot;
use rayon::prelude::*;
use std::ops::Range;

/// Cells of a task: fixed, so that sums do not depend on the number of threads.
const TASK: usize = 1 << 15;

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

/// Net fluxes of cells and circulations around edges of components on faces over any rows, as a
/// [`Calculus`](super::Calculus) takes them over all: a walk over several fields has its rows in a cache. On the
/// plane the areas of faces and the distances across are in units of the largest.
pub struct RowNorms<'a, const D: usize> {
    domain: &'a Domain<D>,
    /// With a mask the number of active cells around each edge, for every pair of axes: only edges between four
    /// count.
    edges: Vec<&'a [u8]>,
    /// Zeros for a row where the edges on the walls of a box count.
    beyond: Vec<f64>,
}

impl<'a, const D: usize> RowNorms<'a, D> {
    /// `free`: with the edges on walls.
    pub(super) fn new(domain: &'a Domain<D>, edges: Vec<&'a [u8]>, free: bool) -> RowNorms<'a, D> {
        let beyond = vec![0.0; if free { domain.grid().axes()[0].faces() + 1 } else { 0 }];
        RowNorms { domain, edges, beyond }
    }

    /// Σ ± S v of the active cells in some rows along x of the cells, numbered in storage order.
    pub fn net_fluxes(
        &self,
        v: &VectorField<D>,
        rows: Range<usize>,
        space: &mut RowSpace,
    ) -> Extent {
        let of_row = |(row, differences): (usize, Differences)| match self.mask_of(row) {
            None => differences.extent(),
            Some(inside) => differences.extent_where(inside, &mut space.values),
        };
        self.cells(v, rows).map(of_row).fold(Extent::default(), Extent::plus)
    }

    /// The largest Σ S|v| of the active cells in some rows; NaN is passed over.
    pub fn largest_flux(
        &self,
        v: &VectorField<D>,
        rows: Range<usize>,
        space: &mut RowSpace,
    ) -> f64 {
        let of_row = |(row, differences): (usize, Differences)| match self.mask_of(row) {
            None => differences.largest_size(),
            Some(inside) => differences.largest_size_where(inside, &mut space.values),
        };
        self.cells(v, rows).map(of_row).fold(0.0, f64::max)
    }

    /// Σ ± d v around the edges that count of one pair of axes, by its place in [`axis_pairs`], in some rows
    /// along x of them, numbered in storage order.
    pub fn circulations(
        &self,
        v: &VectorField<D>,
        pair: usize,
        rows: Range<usize>,
        space: &mut RowSpace,
    ) -> Extent {
        let of_row = |(row, differences): (usize, Differences)| match self.are_inside(
            pair,
            row,
            &mut space.inside,
        ) {
            false => differences.extent(),
            true => differences.extent_where(&space.inside, &mut space.values),
        };
        self.around(v, pair, rows).map(of_row).fold(Extent::default(), Extent::plus)
    }

    /// The largest Σ d|v| around the edges that count in some rows; NaN is passed over.
    pub fn largest_circulation(
        &self,
        v: &VectorField<D>,
        pair: usize,
        rows: Range<usize>,
        space: &mut RowSpace,
    ) -> f64 {
        let of_row = |(row, differences): (usize, Differences)| match self.are_inside(
            pair,
            row,
            &mut space.inside,
        ) {
            false => differences.largest_size(),
            true => differences.largest_size_where(&space.inside, &mut space.values),
        };
        self.around(v, pair, rows).map(of_row).fold(0.0, f64::max)
    }

    fn mask_of(&self, row: usize) -> Option<&[bool]> {
        let nx = self.domain.grid().shape()[0];
        self.domain.mask().map(|mask| &mask[row * nx..][..nx])
    }

    /// Whether only some edges of a row count, and which.
    fn are_inside(&self, pair: usize, row: usize, inside: &mut Vec<bool>) -> bool {
        let Some(edges) = self.edges.get(pair) else { return false };
        let (a, b) = axis_pairs::<D>()[pair];
        let n = self.domain.grid().shape_at(Location::edge(a, b))[0];
        inside.clear();
        inside.extend(edges[row * n..][..n].iter().map(|cells| *cells == 4));
        true
    }

    /// The rows of cells with their numbers.
    fn cells<'b>(
        &'b self,
        v: &'b VectorField<D>,
        rows: Range<usize>,
    ) -> impl Iterator<Item = (usize, Differences<'b>)> {
        let (grid, faces) = (self.domain.grid(), v.components().each_ref().map(|c| c.values()));
        rows.map(move |row| (row, Row::new(grid, Location::CELL, row).net_fluxes(grid, faces)))
    }

    /// The rows of edges that have some that count, with their numbers.
    fn around<'b>(
        &'b self,
        v: &'b VectorField<D>,
        pair: usize,
        rows: Range<usize>,
    ) -> impl Iterator<Item = (usize, Differences<'b>)> {
        let (grid, axes) = (self.domain.grid(), axis_pairs::<D>()[pair]);
        let (edge, faces) =
            (Location::edge(axes.0, axes.1), v.components().each_ref().map(|c| c.values()));
        rows.filter_map(move |row| {
            let row_of = Row::new(grid, edge, row);
            Some((row, row_of.circulations(grid, faces, axes, &self.beyond)?))
        })
    }

    /// Σ ± S v of all cells.
    pub(super) fn all_net_fluxes(&self, v: &VectorField<D>) -> Extent {
        if is_zero(v) {
            return Extent::default();
        }
        let of_rows = |rows, space: &mut RowSpace| self.net_fluxes(v, rows, space);
        let tasks = over_rows(self.domain.grid(), Location::CELL, of_rows);
        tasks.into_iter().fold(Extent::default(), Extent::plus)
    }

    /// Σ ± d v around all edges that count.
    pub(super) fn all_circulations(&self, v: &VectorField<D>) -> Extent {
        if is_zero(v) {
            return Extent::default();
        }
        let of_pair = |(pair, (a, b))| {
            let of_rows = |rows, space: &mut RowSpace| self.circulations(v, pair, rows, space);
            over_rows(self.domain.grid(), Location::edge(a, b), of_rows)
        };
        let pairs = axis_pairs::<D>().into_iter().enumerate();
        pairs.flat_map(of_pair).fold(Extent::default(), Extent::plus)
    }

    /// The largest Σ S|v| of all cells.
    pub(super) fn largest_flux_of_all(&self, v: &VectorField<D>) -> f64 {
        let of_rows = |rows, space: &mut RowSpace| self.largest_flux(v, rows, space);
        over_rows(self.domain.grid(), Location::CELL, of_rows).into_iter().fold(0.0, f64::max)
    }

    /// The largest Σ d|v| around all edges that count.
    pub(super) fn largest_circulation_of_all(&self, v: &VectorField<D>) -> f64 {
        let of_pair = |(pair, (a, b))| {
            let of_rows =
                |rows, space: &mut RowSpace| self.largest_circulation(v, pair, rows, space);
            over_rows(self.domain.grid(), Location::edge(a, b), of_rows)
        };
        axis_pairs::<D>().into_iter().enumerate().flat_map(of_pair).fold(0.0, f64::max)
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

/// What `of_rows` makes of runs of rows of a location; it has a working space.
fn over_rows<const D: usize, T: Send>(
    grid: &Grid<D>,
    location: Location,
    of_rows: impl Fn(Range<usize>, &mut RowSpace) -> T + Sync,
) -> Vec<T> {
    let shape = grid.shape_at(location);
    let rows: usize = shape[1..].iter().product();
    let share = (TASK / shape[0]).max(1);
    let tasks = (0..rows.div_ceil(share)).into_par_iter();
    tasks
        .map_init(RowSpace::default, |space, task| {
            of_rows(task * share..((task + 1) * share).min(rows), space)
        })
        .collect()
}

wide! {
    fn dot_with<'a>(weights: &'a mut [f64], a: &'a [f64], b: &'a [f64]) -> f64 {
        weights.iter_mut().zip(a).for_each(|(w, a)| *w *= a);
        dot(weights, b)
    }
}
