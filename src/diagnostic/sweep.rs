//! Everything a report needs of a field and its parts, in one walk over them.

use super::checks::{checks, difference};
use super::products::{FIELDS, INPUT, Lanes, Products, REMAINDER};
use super::sums::Sums;
use super::tile::Tile;
use super::window::{AtPoints, Beside};
use crate::field::{Layout, ScalarField, VectorField, Way, max_or_nan};
use crate::grid::Domain;
use crate::machine::Pool;
use crate::operator::{Calculus, Central, GapSpace, PointRows, RowNorms, RowSpace, is_zero};
use rayon::prelude::*;
use std::ops::Range;

/// Values of a row looked at together, so that those of all fields stay in the first cache.
const BLOCK: usize = 512;

/// What is walked over.
pub(super) struct Sweep<'a, const D: usize> {
    pub calculus: &'a dyn Calculus<D>,
    /// Where the method computes.
    pub field: &'a VectorField<D>,
    /// At the points.
    pub samples: &'a VectorField<D>,
    /// Gradient, solenoidal and harmonic part, and up to two parts of the last.
    pub parts: &'a [&'a VectorField<D>],
    pub way: Way,
    /// Whether central differences are taken.
    pub residuals: bool,
    /// Whether the mean of the field is taken.
    pub means: bool,
    /// What the gradient part is compared with the gradient of.
    pub potential: Option<&'a ScalarField<D>>,
}

impl<const D: usize> Sweep<'_, D> {
    /// Walks over everything, in tasks that do not depend on the number of threads.
    pub(super) fn run(&self) -> Sums<D> {
        let (tiles, walks) = (Tile::all(self.domain().grid()), Pool::new());
        let walk = || walks.take(|| Walk::new(self));
        let sums = tiles.par_iter().map_init(walk, |walk, tile| walk.over(tile));
        sums.collect::<Vec<_>>().into_iter().fold(Sums::nothing(), Sums::plus)
    }

    /// The products at the points: where nothing is interpolated those where the method computes.
    pub(super) fn at_points(&self, sums: &Sums<D>) -> Products {
        if self.nothing_lost() { sums.own } else { sums.points }
    }

    /// Whether the samples are what was decomposed, so that there is nothing to look at.
    fn nothing_lost(&self) -> bool {
        self.field.layout() == Layout::Points && std::ptr::eq(self.field, self.samples)
    }

    /// Empties the runs of parts that are zero.
    fn leave_out_zeros(&self, k: usize, runs: &mut [&[f64]; FIELDS]) {
        for (run, part) in runs[1..].iter_mut().zip(self.parts) {
            if part.component(k).parities().is_some_and(|p| p.is_zero()) {
                *run = &[];
            }
        }
    }

    pub(super) fn domain(&self) -> &Domain<D> {
        self.calculus.domain()
    }
}

/// What one thread works with.
struct Walk<'a, const D: usize> {
    sweep: &'a Sweep<'a, D>,
    central: Central<D>,
    /// Where the laws of the parts are taken, and can be so on the way.
    norms: Option<RowNorms<'a, D>>,
    field: AtPoints<'a, D>,
    parts: Vec<AtPoints<'a, D>>,
    /// Products of the tile that is walked over.
    own: Lanes,
    points: Lanes,
    space: SweepBuffers,
}

impl<'a, const D: usize> Walk<'a, D> {
    fn new(sweep: &'a Sweep<'a, D>) -> Walk<'a, D> {
        let at_points = |field, beside| AtPoints::new(field, (sweep.domain(), sweep.way), beside);
        let parts = sweep.parts.iter().enumerate();
        let beside = |i: usize| match sweep.residuals {
            true => std::array::from_fn(|k| beside::<D>(i, k)),
            false => [Beside::default(); D],
        };
        Walk {
            sweep,
            central: Central::new(sweep.domain().clone()),
            norms: sweep.calculus.row_norms().filter(|_| sweep.residuals),
            field: at_points(sweep.field, [Beside::default(); D]),
            parts: parts.map(|(i, part)| at_points(*part, beside(i))).collect(),
            own: Lanes::new(),
            points: Lanes::new(),
            space: SweepBuffers::default(),
        }
    }

    fn over(&mut self, tile: &Tile) -> Sums<D> {
        let mut sums = Sums::nothing();
        (self.own, self.points) = (Lanes::new(), Lanes::new());
        self.field.start(tile);
        self.parts.iter_mut().for_each(|part| part.start(tile));
        for plane in tile.planes.clone() {
            for k in 0..D {
                self.own_rows(k, tile, plane, &mut sums);
                self.gap_rows(k, tile, plane, &mut sums);
            }
            if let Some(norms) = &self.norms {
                self.sweep.add_law_rows(norms, (tile, plane), &mut self.space.norms, &mut sums);
            }
            let rows = tile.point_rows(plane);
            self.point_sizes(rows.clone(), &mut sums);
            if !self.sweep.nothing_lost() {
                self.field.advance(plane);
                self.parts.iter_mut().for_each(|part| part.advance(plane));
                rows.clone().for_each(|row| self.point_row(row, &mut sums));
            }
            if self.sweep.residuals {
                self.residuals(rows, &mut sums);
            }
        }
        (sums.own, sums.points) = (self.own.sums(), self.points.sums());
        sums
    }

    /// Products where the method computes, of the rows of one component in a plane.
    fn own_rows(&mut self, k: usize, tile: &Tile, plane: usize, sums: &mut Sums<D>) {
        let grid = self.sweep.domain().grid();
        let shape = grid.shape_at(self.sweep.field.layout().location(k));
        for row in tile.rows_at(shape, plane).flatten() {
            for from in (0..shape[0]).step_by(BLOCK) {
                let count = BLOCK.min(shape[0] - from);
                self.own_run(k, row * shape[0] + from, count, sums);
            }
        }
    }

    /// What residuals are measured against where the method computes at points.
    fn point_sizes(&mut self, rows: Range<usize>, sums: &mut Sums<D>) {
        let Sweep { calculus, field, residuals, .. } = self.sweep;
        if !residuals || field.layout() != Layout::Points {
            return;
        }
        let nx = self.sweep.domain().grid().shape()[0];
        let mut spaces = self.space.runs.iter_mut();
        let runs = field.components().each_ref().map(|component| {
            let space = spaces.next().expect("one for each component");
            component.run(rows.start * nx, rows.len() * nx, space)
        });
        let Some(found) = calculus.sizes_at_points(runs) else { return };
        sums.sizes.iter_mut().zip(found).for_each(|(a, b)| *a = a.max(b));
    }

    /// What the gradient part has beyond the gradient of its potential, in the rows of one component in a plane.
    fn gap_rows(&mut self, k: usize, tile: &Tile, plane: usize, sums: &mut Sums<D>) {
        let Sweep { calculus, field, parts, potential, .. } = self.sweep;
        let Some(potential) = potential else { return };
        let shape = self.sweep.domain().grid().shape_at(field.layout().location(k));
        for rows in tile.rows_at(shape, plane) {
            let of = (parts[0], *potential);
            let gap = calculus.gradient_gap(k, rows, of, &mut self.space.gap);
            sums.gap = gap.map(|gap| gap + sums.gap.unwrap_or(0.0));
        }
    }

    fn own_run(&mut self, k: usize, start: usize, count: usize, sums: &mut Sums<D>) {
        let SweepBuffers { runs: [v, g, s, h, t, n], weights, inside, .. } = &mut self.space;
        let Sweep { calculus, field, parts, means, .. } = self.sweep;
        let weights = calculus.weights(k, start, sized(weights, count));
        let mut field = field.component(k).run(start, count, v);
        if let (Some(weights), Some(_)) = (weights, calculus.domain().mask()) {
            let inside = sized(inside, count);
            let values = inside.iter_mut().zip(field.iter().zip(weights));
            values.for_each(|(out, (v, w))| *out = if *w > 0.0 { *v } else { 0.0 });
            field = inside;
        }
        let mut runs: [&[f64]; FIELDS] = [&[]; FIELDS];
        runs[INPUT] = field;
        for (i, (part, space)) in parts.iter().zip([g, s, h, t, n]).enumerate() {
            // The three that add up are wanted as numbers even where they are zero.
            if i < 3 || !is_zero(part) {
                runs[i + 1] = part.component(k).run(start, count, space);
            }
        }
        let [largest, missed, squares, gradient] = checks(field, [runs[1], runs[2], runs[3]]);
        sums.squares += squares;
        sums.largest = max_or_nan(sums.largest, largest);
        sums.missed = max_or_nan(sums.missed, missed);
        sums.gradient[k] += gradient;
        if *means {
            let moments = moments(field, weights);
            sums.moments[k].iter_mut().zip(moments).for_each(|(a, b)| *a += b);
        }
        self.sweep.leave_out_zeros(k, &mut runs);
        self.own.add(&runs, weights);
    }

    /// Products at the points, and of what is lost there.
    fn point_row(&mut self, row: usize, sums: &mut Sums<D>) {
        let SweepBuffers { runs: [v, ..], inside, lost, .. } = &mut self.space;
        let (domain, nx) = (self.sweep.domain(), self.sweep.domain().grid().shape()[0]);
        for (k, from) in (0..D).flat_map(|k| (0..nx).step_by(BLOCK).map(move |from| (k, from))) {
            let (start, run) = (row * nx + from, from..nx.min(from + BLOCK));
            let (samples, lost) =
                (self.sweep.samples.component(k).run(start, run.len(), v), sized(lost, run.len()));
            let largest = difference(samples, &self.field.row(k, row)[run.clone()], lost);
            sums.largest_sample = max_or_nan(sums.largest_sample, largest);
            let mut samples = samples;
            if let Some(mask) = domain.mask() {
                let inside = sized(inside, run.len());
                inside.copy_from_slice(samples);
                let both = inside.iter_mut().zip(lost.iter_mut()).zip(&mask[start..]);
                both.filter(|(_, active)| !**active).for_each(|((i, l), _)| (*i, *l) = (0.0, 0.0));
                samples = inside;
            }
            let mut runs: [&[f64]; FIELDS] = [&[]; FIELDS];
            (runs[INPUT], runs[REMAINDER]) = (samples, lost);
            let parts = runs[1..].iter_mut().zip(&self.parts);
            parts.for_each(|(run_of, part)| *run_of = &part.row(k, row)[run.clone()]);
            self.sweep.leave_out_zeros(k, &mut runs);
            let volumes = self.sweep.calculus.point_weights();
            self.points.add(&runs, volumes.map(|volumes| &volumes[start..][..run.len()]));
        }
    }

    fn residuals(&self, rows: Range<usize>, sums: &mut Sums<D>) {
        let [gradient, solenoidal, harmonic] = [0, 1, 2].map(|i| &self.parts[i]);
        let curl = self.central.curl_squares(gradient, rows.clone());
        let divergence = self.central.divergence_squares(solenoidal, rows.clone());
        // Neighbours on either side of a point are alike.
        let components = self.sweep.parts[2].components();
        let (harmonic_divergence, harmonic_curl) =
            match components.iter().all(|c| c.parities().is_some()) {
                true => (divergence.nothing(), curl.nothing()),
                false => (
                    self.central.divergence_squares(harmonic, rows.clone()),
                    self.central.curl_squares(harmonic, rows),
                ),
            };
        for (sum, found) in [
            (&mut sums.curl_of_gradient, curl),
            (&mut sums.divergence_of_solenoidal, divergence),
            (&mut sums.divergence_of_harmonic, harmonic_divergence),
            (&mut sums.curl_of_harmonic, harmonic_curl),
        ] {
            *sum = sum.plus(found);
        }
    }
}

/// What central differences want of component k of the part at place i: the curl of the gradient part those
/// across it, the divergence of the solenoidal part those along it, of the harmonic part both are taken. The
/// two that it is made of are not differentiated.
fn beside<const D: usize>(i: usize, k: usize) -> Beside {
    let wanted = |axis: &usize| match i {
        0 => *axis != k,
        1 => *axis == k,
        _ => i == 2,
    };
    (0..D).filter(wanted).fold(Beside::default(), |beside, axis| beside.along::<D>(axis))
}

/// Σ w v and Σ w of a run of values.
fn moments(values: &[f64], weights: Option<&[f64]>) -> [f64; 2] {
    match weights {
        None => [values.iter().sum(), values.len() as f64],
        Some(weights) => {
            [values.iter().zip(weights).map(|(v, w)| v * w).sum(), weights.iter().sum()]
        }
    }
}

/// Runs of values, and what is made of them.
#[derive(Default)]
struct SweepBuffers {
    runs: [Vec<f64>; 6],
    weights: Vec<f64>,
    inside: Vec<f64>,
    lost: Vec<f64>,
    norms: RowSpace,
    gap: GapSpace,
}

fn sized(space: &mut Vec<f64>, count: usize) -> &mut [f64] {
    space.resize(space.len().max(count), 0.0);
    &mut space[..count]
}
