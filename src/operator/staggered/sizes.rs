//! How large net fluxes, circulations and what they are made of are.

use super::Staggered;
use super::rows::{Buffers, TASK};
use crate::boundary::Condition;
use crate::field::{ScalarField, VectorField};
use crate::grid::{FaceClass, Location};
use crate::machine::wide;
use crate::operator::difference::{add_difference, add_sizes};
use crate::operator::{Extent, axis_pairs};
use rayon::prelude::*;

impl<const D: usize> Staggered<D> {
    /// How large [`net_flux`](Staggered::net_flux) is in the active cells.
    pub(crate) fn net_flux_extent(&self, v: &VectorField<D>, condition: Condition) -> Extent {
        let of_row = |row: usize, buffers: &mut Buffers, out: &mut [f64]| {
            self.add_net_flux(v, condition, (1.0, row), buffers, out);
            let first = row * out.len();
            let active = |at: &usize| self.domain.is_active(first + at);
            Extent::of((0..out.len()).filter(active).map(|at| out[at]))
        };
        self.over_cells(of_row).into_iter().fold(Extent::default(), Extent::plus)
    }

    /// The largest Σ S|v| of an active cell, in the unit of [`net_flux`](Staggered::net_flux).
    pub(crate) fn largest_flux_by_rows(&self, v: &VectorField<D>) -> f64 {
        let of_row = |row: usize, buffers: &mut Buffers, out: &mut [f64]| {
            self.add_fluxes(v, row, buffers, out);
            out.iter().fold(0.0, |largest: f64, flux| largest.max(*flux))
        };
        self.over_cells(of_row).into_iter().fold(0.0, f64::max)
    }

    /// What `of` makes of the rows of cells, in their order; it has a row of zeros to write to.
    fn over_cells<T: Send>(
        &self,
        of: impl Fn(usize, &mut Buffers, &mut [f64]) -> T + Sync,
    ) -> Vec<T> {
        let n = self.domain.grid().shape()[0];
        let rows = (0..self.domain.grid().cells() / n).into_par_iter().with_min_len(1 + TASK / n);
        let of_row = |(out, buffers): &mut (Vec<f64>, Buffers), row: usize| {
            out.clear();
            out.resize(n, 0.0);
            of(row, buffers, out)
        };
        rows.map_init(Default::default, of_row).collect()
    }

    /// out += Σ S|v| of a row of cells.
    fn add_fluxes(&self, v: &VectorField<D>, row: usize, buffers: &mut Buffers, out: &mut [f64]) {
        let (n, index, all) = (out.len(), self.index_of_row(row), Condition::Dirichlet);
        let buffer = &mut buffers.lower;
        for k in 0..D {
            let scale = self.scale(k);
            let Some(faces) = self.rows_of_faces(k, index) else {
                let width = self.domain.grid().shape_at(Location::face(0))[0];
                self.load(v, (0, row * width), all, (row * width..(row + 1) * width, buffer));
                if width == n {
                    buffer.push(buffer[0]);
                }
                let pairs = out.iter_mut().zip(buffer.windows(2));
                pairs.for_each(|(out, pair)| *out += scale * (pair[0].abs() + pair[1].abs()));
                continue;
            };
            for face in faces {
                self.load(v, (k, face), all, (face..face + n, buffer));
                out.iter_mut().zip(&*buffer).for_each(|(out, flux)| *out += scale * flux.abs());
            }
        }
        if let Some(mask) = self.domain.mask() {
            let cells = out.iter_mut().zip(&mask[row * n..]);
            cells.for_each(|(value, active)| *value = if *active { *value } else { 0.0 });
        }
    }

    /// How large Σ ± d v is around the edges that take part.
    pub(super) fn circulation_extent(&self, v: &VectorField<D>) -> Extent {
        let of_pair = |pair: usize| self.over_edges(v, pair, false);
        (0..self.edges.len()).map(of_pair).fold(Extent::default(), Extent::plus)
    }

    /// The largest Σ d|v| around an edge that takes part.
    pub(super) fn largest_circulation_by_fields(&self, v: &VectorField<D>) -> f64 {
        let of_pair = |pair: usize| self.over_edges(v, pair, true).largest;
        (0..self.edges.len()).map(of_pair).fold(0.0, f64::max)
    }

    /// Σ ± d v, or Σ d|v|, around the edges of a pair of axes, those that are one at a pole being one.
    fn over_edges(&self, v: &VectorField<D>, pair: usize, sizes: bool) -> Extent {
        let (grid, (a, b)) = (self.domain.grid(), axis_pairs::<D>()[pair]);
        let mut around = ScalarField::zeros(*grid, Location::edge(a, b));
        let out = around.values_mut();
        for (from, along, sign) in [(b, a, 1.0), (a, b, -1.0)] {
            let mut weighted = self.times(v, from, |metric| metric.distances(from)).into_owned();
            let distance = self.metric().map_or(grid.axes()[from].spacing, |_| 1.0);
            for (v, class) in weighted.iter_mut().zip(self.face_classes(from)) {
                let weight = distance * class.weight();
                *v = if weight > 0.0 { weight * *v } else { 0.0 };
            }
            match sizes {
                false => {
                    add_difference(grid, Location::face(from), along, sign, &weighted, out);
                }
                true => add_sizes(grid, Location::face(from), along, &weighted, out),
            }
        }
        let edges = self.edges(pair);
        edges.join(out, |ring| ring.iter().sum());
        let counts = edges.each_once();
        let runs = out.par_chunks(TASK).zip(counts.par_chunks(TASK));
        let of_run = |(values, counts): (&[f64], &[bool])| {
            Extent::of(values.iter().zip(counts).filter(|(_, counts)| **counts).map(|(v, _)| *v))
        };
        let runs: Vec<Extent> = runs.map(of_run).collect();
        runs.into_iter().fold(Extent::default(), Extent::plus)
    }

    /// The size of [`net_flux`](Staggered::net_flux) that rounding of v leaves: ‖S v‖, or ‖v‖ over the least spacing.
    pub(crate) fn flux_size(&self, v: &VectorField<D>) -> f64 {
        let Some(metric) = self.metric() else { return v.norm() / v.grid().least_spacing() };
        self.norm_with(v, |k| metric.areas(k))
    }

    /// ‖d v‖, the size of circulations.
    pub(crate) fn circulation_size(&self, v: &VectorField<D>) -> f64 {
        let Some(metric) = self.metric() else { return v.norm() / v.grid().least_spacing() };
        self.norm_with(v, |k| metric.distances(k))
    }

    fn norm_with<'a>(&self, v: &VectorField<D>, sizes: impl Fn(usize) -> &'a [f64]) -> f64 {
        let squares = |k: usize| -> f64 {
            let sizes = sizes(k).par_chunks(TASK);
            let runs = v.component(k).values().par_chunks(TASK).zip(sizes).enumerate();
            let of_run = |(i, (values, sizes)): (usize, (&[f64], &[f64]))| {
                if self.domain.mask().is_none() && !self.has_poles(k) {
                    return sum_of_squares(values, sizes);
                }
                let classes = &self.face_classes(k)[i * TASK..];
                let inside = values.iter().zip(sizes).zip(classes);
                let inside = inside.filter(|(_, class)| **class != FaceClass::Outside);
                inside.map(|((v, size), _)| (v * size).powi(2)).sum::<f64>()
            };
            runs.map(of_run).collect::<Vec<f64>>().into_iter().sum()
        };
        (0..D).map(squares).sum::<f64>().sqrt()
    }

    /// Whether axis k ends at a pole, where values may be anything.
    fn has_poles(&self, k: usize) -> bool {
        k == 1 && self.metric().is_some_and(|metric| metric.poles() != [false; 2])
    }
}

wide! {
    fn sum_of_squares<'a>(values: &'a [f64], sizes: &'a [f64]) -> f64 {
        const LANES: usize = 8;
        let mut sums = [0.0; LANES];
        let ((values, rest), (sizes, others)) = (values.as_chunks::<LANES>(), sizes.as_chunks::<LANES>());
        for (values, sizes) in values.iter().zip(sizes) {
            for l in 0..LANES {
                sums[l] += (values[l] * sizes[l]) * (values[l] * sizes[l]);
            }
        }
        let rest = rest.iter().zip(others).map(|(v, s)| (v * s) * (v * s));
        sums.iter().sum::<f64>() + rest.sum::<f64>()
    }
}
