//! Net fluxes and gradients row by row, without fields between.

use super::Staggered;
use crate::boundary::Condition;
use crate::field::{Layout, ScalarField, VectorField};
use crate::grid::{FaceClass, Location, ravel, unravel};
use crate::machine::wide;
use rayon::prelude::*;

/// Values that a task takes at least.
const TASK: usize = 1 << 13;

/// What is worked in: a row of faces below and above, or along x with one more than cells.
#[derive(Default)]
struct Buffers {
    lower: Vec<f64>,
    upper: Vec<f64>,
}

impl<const D: usize> Staggered<D> {
    /// What flows out of each cell, Σ ± S v, which the Poisson equation balances, times a number: over the volume of a
    /// cell where all are alike. With [`Condition::Neumann`] walls let nothing through.
    pub(crate) fn net_flux(
        &self,
        v: &VectorField<D>,
        condition: Condition,
        times: f64,
    ) -> ScalarField<D> {
        let mut net = ScalarField::zeros(*self.domain.grid(), Location::CELL);
        let n = self.domain.grid().shape()[0];
        let rows = net.values_mut().par_chunks_mut(n).with_min_len(1 + TASK / n).enumerate();
        rows.for_each_init(Buffers::default, |buffers, (row, out)| {
            self.add_net_flux(v, condition, (times, row), buffers, out);
        });
        net
    }

    /// The root of the sum of squares of [`net_flux`](Staggered::net_flux).
    pub(crate) fn net_flux_norm(&self, v: &VectorField<D>, condition: Condition) -> f64 {
        let n = self.domain.grid().shape()[0];
        let count = self.domain.grid().cells() / n;
        let square = |(out, buffers): &mut (Vec<f64>, Buffers), row: usize| {
            out.clear();
            out.resize(n, 0.0);
            self.add_net_flux(v, condition, (1.0, row), buffers, out);
            out.iter().map(|value| value * value).sum::<f64>()
        };
        let rows = (0..count).into_par_iter().with_min_len(1 + TASK / n);
        // Row by row, so that the sum does not depend on the number of threads.
        let squares: Vec<f64> = rows.map_init(Default::default, square).collect();
        squares.into_iter().sum::<f64>().sqrt()
    }

    fn add_net_flux(
        &self,
        v: &VectorField<D>,
        condition: Condition,
        (times, row): (f64, usize),
        buffers: &mut Buffers,
        out: &mut [f64],
    ) {
        let (n, index) = (out.len(), self.index_of_row(row));
        let Buffers { lower, upper } = buffers;
        for k in 0..D {
            let scale = times * self.scale(k);
            let Some(faces) = self.rows_of_faces(k, index) else {
                let width = self.domain.grid().shape_at(Location::face(0))[0];
                self.load(v, (0, row * width), condition, (row * width..(row + 1) * width, lower));
                if width == n {
                    lower.push(lower[0]);
                }
                add_difference(scale, &lower[..n], &lower[1..], out);
                continue;
            };
            for (face, buffer) in faces.into_iter().zip([&mut *lower, &mut *upper]) {
                self.load(v, (k, face), condition, (face..face + n, buffer));
            }
            add_difference(scale, lower, upper, out);
        }
        if let Some(mask) = self.domain.mask() {
            let cells = out.iter_mut().zip(&mask[row * n..]);
            cells.for_each(|(value, active)| *value = if *active { *value } else { 0.0 });
        }
    }

    /// The index of a row of cells.
    fn index_of_row(&self, row: usize) -> [usize; D] {
        let shape = self.domain.grid().shape();
        unravel(shape, row * shape[0])
    }

    /// The first faces of the rows below and above a row of cells along axis k; `None` for x.
    fn rows_of_faces(&self, k: usize, index: [usize; D]) -> Option<[usize; 2]> {
        let shape = self.domain.grid().shape_at(Location::face(k));
        let at = |side: usize| {
            let mut face = index;
            face[k] = (index[k] + side) % shape[k];
            ravel(shape, face)
        };
        (k > 0).then(|| [at(0), at(1)])
    }

    /// S v at a run of faces of axis k, 0 where nothing flows.
    fn load(
        &self,
        v: &VectorField<D>,
        (k, first): (usize, usize),
        condition: Condition,
        (run, out): (std::ops::Range<usize>, &mut Vec<f64>),
    ) {
        out.clear();
        out.extend_from_slice(&v.component(k).values()[run.clone()]);
        if let Some(metric) = self.metric() {
            multiply(&metric.areas(k)[run.clone()], out);
        }
        let share = |class| match (class, condition) {
            (FaceClass::Outside, _) | (FaceClass::Wall, Condition::Neumann) => 0.0,
            _ => 1.0,
        };
        self.weigh(k, first, run.len(), out, share);
    }

    /// Multiplies values at faces of axis k by what their class says.
    fn weigh(
        &self,
        k: usize,
        first: usize,
        count: usize,
        values: &mut [f64],
        share: impl Fn(FaceClass) -> f64,
    ) {
        let grid = self.domain.grid();
        if self.domain.mask().is_some() {
            let classes = &self.face_classes(k)[first..][..count];
            for (value, class) in values.iter_mut().zip(classes) {
                let share = share(*class);
                *value = if share == 0.0 { 0.0 } else { *value * share };
            }
        } else if grid.axes()[k].bounded() {
            let last = grid.axes()[k].cells;
            let poles = self.metric().filter(|_| k == 1).map_or([false; 2], |m| m.poles());
            for (end, pole) in [0, last].into_iter().zip(poles) {
                let share = share(if pole { FaceClass::Outside } else { FaceClass::Wall });
                if k == 0 {
                    values[end] = if share == 0.0 { 0.0 } else { values[end] * share };
                } else if unravel(grid.shape_at(Location::face(k)), first)[k] == end {
                    values
                        .iter_mut()
                        .for_each(|v| *v = if share == 0.0 { 0.0 } else { *v * share });
                }
            }
        }
    }

    /// ∇φ for either condition at the walls.
    pub fn gradient_with(
        &self,
        potential: &ScalarField<D>,
        condition: Condition,
    ) -> VectorField<D> {
        let grid = self.domain.grid();
        let components = std::array::from_fn(|k| {
            let place = Location::face(k);
            let mut g = ScalarField::zeros(*grid, place);
            let n = grid.shape_at(place)[0];
            let rows = g.values_mut().par_chunks_mut(n).with_min_len(1 + TASK / n).enumerate();
            rows.for_each(|(row, out)| self.gradient_row(potential, condition, (k, row), out));
            g
        });
        VectorField::from_components(Layout::Faces, components)
    }

    fn gradient_row(
        &self,
        potential: &ScalarField<D>,
        condition: Condition,
        (k, row): (usize, usize),
        out: &mut [f64],
    ) {
        let grid = self.domain.grid();
        let (shape, n) = (grid.shape_at(Location::face(k)), grid.shape()[0]);
        let face = unravel(shape, row * shape[0]);
        let values = |first: usize| &potential.values()[first..][..n];
        let scale = self.scale(k);
        if k == 0 {
            let here = values(row * n);
            let ends = if out.len() == n { [here[n - 1], here[0]] } else { [0.0; 2] };
            out[0] = scale * (here[0] - ends[0]);
            add_difference(scale, &here[..n - 1], &here[1..], &mut out[1..]);
            if out.len() > n {
                out[n] = scale * (ends[1] - here[n - 1]);
            }
        } else {
            let beside = grid.axes()[k].cells_beside(face[k]).map(|cell| {
                let mut at = face;
                at[k] = cell?;
                Some(values(ravel(grid.shape(), at)))
            });
            match beside {
                [Some(lower), Some(upper)] => add_difference(scale, lower, upper, out),
                [Some(lower), None] => out.iter_mut().zip(lower).for_each(|(o, v)| *o = -scale * v),
                [None, Some(upper)] => out.iter_mut().zip(upper).for_each(|(o, v)| *o = scale * v),
                [None, None] => {}
            }
        }
        let first = row * shape[0];
        let share = |class| match (class, condition) {
            (FaceClass::Interior, _) => 1.0,
            (FaceClass::Wall, Condition::Dirichlet) => 2.0,
            _ => 0.0,
        };
        self.weigh(k, first, shape[0], out, share);
        if let Some(metric) = self.metric() {
            divide(&metric.distances(k)[first..][..out.len()], out);
        }
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
    /// out += scale (upper − lower).
    fn add_difference<'a>(scale: f64, lower: &'a [f64], upper: &'a [f64], out: &'a mut [f64]) {
        let n = out.len().min(lower.len()).min(upper.len());
        let (lower, upper) = (&lower[..n], &upper[..n]);
        for ((out, lower), upper) in out[..n].iter_mut().zip(lower).zip(upper) {
            *out += scale * (upper - lower);
        }
    }
}

wide! {
    fn multiply<'a>(by: &'a [f64], values: &'a mut [f64]) {
        values.iter_mut().zip(by).for_each(|(value, by)| *value *= by);
    }
}

wide! {
    fn divide<'a>(by: &'a [f64], values: &'a mut [f64]) {
        values.iter_mut().zip(by).for_each(|(value, by)| *value /= by);
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
