//! Everything a report needs of a field and its parts, in one walk over them.

use super::slab::{PartAtPoints, Slab};
use crate::field::{Layout, VectorField, Way};
use crate::grid::Domain;
use crate::operator::{Calculus, Central, Squares};
use crate::transform::{dot, sum, wide};
use rayon::prelude::*;
use std::ops::Range;

/// Most fields whose products are taken: the input, three parts, two of which the harmonic one is made, and
/// the remainder.
pub(super) const FIELDS: usize = 7;
/// The place of the input among the products, the field where the method computes or its samples.
pub(super) const INPUT: usize = 0;
/// The place of what is lost between points and faces, among the products at the points.
pub(super) const REMAINDER: usize = FIELDS - 1;
/// Values of a row looked at together, so that those of all fields stay in the first cache.
const BLOCK: usize = 512;
/// Cells of a task, about: fixed, so that sums do not depend on the number of threads.
const TASK: usize = 1 << 16;
/// Planes of a task at least: those beside it are interpolated for it alone.
const PLANES: usize = 8;

/// ⟨a, b⟩ of fields, a ≤ b.
pub(super) type Products = [[f64; FIELDS]; FIELDS];

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
    pub rulers: bool,
}

/// What was found.
#[derive(Clone, Copy)]
pub(super) struct Sums<const D: usize> {
    /// Where the method computes, in its inner product without the volume of a cell.
    pub own: Products,
    /// At the points, without the volume of a cell.
    pub points: Products,
    /// Of the field, without weights.
    pub squares: f64,
    /// Largest magnitudes of the field and of what its parts miss of it; NaN where one is.
    pub largest: f64,
    pub missed: f64,
    /// The sum of each component of the gradient part.
    pub gradient: [f64; D],
    pub divergence_of_solenoidal: Squares,
    pub curl_of_gradient: Squares,
    pub divergence_of_harmonic: Squares,
    pub curl_of_harmonic: Squares,
}

/// `product` of places in any order.
pub(super) fn product(products: &Products, a: usize, b: usize) -> f64 {
    products[a.min(b)][a.max(b)]
}

impl<const D: usize> Sweep<'_, D> {
    /// Walks over everything, in tasks that do not depend on the number of threads.
    pub(super) fn run(&self) -> Sums<D> {
        let shape = self.domain().grid().shape();
        let (plane, planes) = (shape[..D - 1].iter().product::<usize>(), shape[D - 1]);
        let share = (TASK / plane).clamp(PLANES, planes.max(PLANES));
        let tasks = (0..planes.div_ceil(share)).into_par_iter();
        let of_task = |space: &mut Space, task: usize| {
            self.slab(task * share..((task + 1) * share).min(planes), space)
        };
        let tasks: Vec<Sums<D>> = tasks.map_init(Space::default, of_task).collect();
        tasks.into_iter().fold(Sums::nothing(), Sums::plus)
    }

    /// The products at the points: where nothing is interpolated those where the method computes.
    pub(super) fn at_points(&self, sums: &Sums<D>) -> Products {
        if self.nothing_lost() { sums.own } else { sums.points }
    }

    /// Whether the samples are what was decomposed, so that there is nothing to look at.
    fn nothing_lost(&self) -> bool {
        self.field.layout() == Layout::Points && std::ptr::eq(self.field, self.samples)
    }

    fn domain(&self) -> &Domain<D> {
        self.calculus.domain()
    }

    fn slab(&self, planes: Range<usize>, space: &mut Space) -> Sums<D> {
        let mut sums = Sums::nothing();
        for k in 0..D {
            self.own_rows(k, planes.clone(), space, &mut sums);
        }
        let around =
            |part| PartAtPoints::new(part, (self.domain(), self.way), &planes, self.rulers);
        let parts: Vec<_> = self.parts.iter().map(|part| around(*part)).collect();
        self.point_rows(&planes, &parts, space, &mut sums);
        if self.rulers {
            self.rulers(planes, &parts, &mut sums);
        }
        sums
    }

    /// Products where the method computes, of one component in the planes of a slab.
    fn own_rows(&self, k: usize, planes: Range<usize>, space: &mut Space, sums: &mut Sums<D>) {
        let grid = self.domain().grid();
        let shape = grid.shape_at(self.field.layout().location(k));
        let rows: usize = shape[1..D - 1].iter().product();
        // The last slab has the wall above too.
        let end = if planes.end == grid.shape()[D - 1] { shape[D - 1] } else { planes.end };
        for row in planes.start * rows..end * rows {
            for from in (0..shape[0]).step_by(BLOCK) {
                let count = BLOCK.min(shape[0] - from);
                self.own_run(k, row * shape[0] + from, count, space, sums);
            }
        }
    }

    fn own_run(&self, k: usize, start: usize, count: usize, space: &mut Space, sums: &mut Sums<D>) {
        let Space { runs: [v, g, s, h, t, n], weights, weighted, inside, .. } = space;
        let weights = self.calculus.weights(k, start, sized(weights, count));
        let mut field = self.field.component(k).run(start, count, v);
        if let (Some(weights), Some(_)) = (weights, self.domain().mask()) {
            let inside = sized(inside, count);
            let values = inside.iter_mut().zip(field.iter().zip(weights));
            values.for_each(|(out, (v, w))| *out = if *w > 0.0 { *v } else { 0.0 });
            field = inside;
        }
        let mut runs: [&[f64]; FIELDS] = [&[]; FIELDS];
        runs[INPUT] = field;
        for (i, (part, space)) in self.parts.iter().zip([g, s, h, t, n]).enumerate() {
            runs[i + 1] = part.component(k).run(start, count, space);
        }
        let used = self.parts.len() + 1;
        products(&mut sums.own, &runs[..used], weights, sized(weighted, count));
        sums.squares += dot(field, field);
        sums.largest = max_or_nan(sums.largest, largest(field));
        sums.missed = max_or_nan(sums.missed, missed(field, runs[1], runs[2], runs[3]));
        sums.gradient[k] += sum(runs[1]);
    }

    /// Products at the points, and of what is lost there.
    fn point_rows(
        &self,
        planes: &Range<usize>,
        parts: &[PartAtPoints<D>],
        space: &mut Space,
        sums: &mut Sums<D>,
    ) {
        let shape = self.domain().grid().shape();
        let rows: usize = shape[1..D - 1].iter().product();
        if self.nothing_lost() {
            return;
        }
        for k in 0..D {
            let field = self.field.component(k);
            let field = Slab::new(field, k, (self.domain(), self.way), planes, false);
            for row in planes.start * rows..planes.end * rows {
                for from in (0..shape[0]).step_by(BLOCK) {
                    let run = from..shape[0].min(from + BLOCK);
                    let rows =
                        (field.row(row), parts.iter().map(|part| part.component(k).row(row)));
                    self.point_run((k, row), run, rows, space, sums);
                }
            }
        }
    }

    fn point_run<'b>(
        &self,
        (k, row): (usize, usize),
        run: Range<usize>,
        (field, parts): (&'b [f64], impl Iterator<Item = &'b [f64]>),
        space: &'b mut Space,
        sums: &mut Sums<D>,
    ) {
        let (start, count) = (row * self.domain().grid().shape()[0] + run.start, run.len());
        let Space { runs: [v, ..], weighted, inside, lost, .. } = space;
        let (inside, lost) = (sized(inside, count), sized(lost, count));
        let samples = self.samples.component(k).run(start, count, v);
        let values =
            inside.iter_mut().zip(lost.iter_mut()).zip(samples.iter().zip(&field[run.clone()]));
        values.for_each(|((inside, lost), (v, f))| (*inside, *lost) = (*v, v - f));
        if let Some(mask) = self.domain().mask() {
            let active = &mask[start..][..count];
            for ((inside, lost), _) in
                inside.iter_mut().zip(lost.iter_mut()).zip(active).filter(|(_, active)| !**active)
            {
                (*inside, *lost) = (0.0, 0.0);
            }
        }
        let mut runs: [&[f64]; FIELDS] = [&[]; FIELDS];
        (runs[INPUT], runs[REMAINDER]) = (inside, lost);
        parts.enumerate().for_each(|(i, part)| runs[i + 1] = &part[run.clone()]);
        products(&mut sums.points, &runs, None, sized(weighted, 0));
    }

    fn rulers(&self, planes: Range<usize>, parts: &[PartAtPoints<D>], sums: &mut Sums<D>) {
        let central = Central::new(self.domain().clone());
        let rows: usize = self.domain().grid().shape()[1..D - 1].iter().product();
        let rows = planes.start * rows..planes.end * rows;
        sums.curl_of_gradient = central.curl_squares(&parts[0], rows.clone());
        sums.divergence_of_solenoidal = central.divergence_squares(&parts[1], rows.clone());
        // Neighbours on either side of a point are alike.
        let alternates = self.parts[2].components().iter().all(|c| c.parities().is_some());
        (sums.divergence_of_harmonic, sums.curl_of_harmonic) = match alternates {
            true => (sums.divergence_of_solenoidal.nothing(), sums.curl_of_gradient.nothing()),
            false => (
                central.divergence_squares(&parts[2], rows.clone()),
                central.curl_squares(&parts[2], rows),
            ),
        };
    }
}

impl<const D: usize> Sums<D> {
    fn nothing() -> Sums<D> {
        let (products, none) = ([[0.0; FIELDS]; FIELDS], Squares::default());
        Sums {
            own: products,
            points: products,
            squares: 0.0,
            largest: 0.0,
            missed: 0.0,
            gradient: [0.0; D],
            divergence_of_solenoidal: none,
            curl_of_gradient: none,
            divergence_of_harmonic: none,
            curl_of_harmonic: none,
        }
    }

    fn plus(mut self, other: Sums<D>) -> Sums<D> {
        for (mine, theirs) in [(&mut self.own, &other.own), (&mut self.points, &other.points)] {
            let pairs = mine.iter_mut().flatten().zip(theirs.iter().flatten());
            pairs.for_each(|(a, b)| *a += b);
        }
        self.squares += other.squares;
        self.largest = max_or_nan(self.largest, other.largest);
        self.missed = max_or_nan(self.missed, other.missed);
        self.gradient.iter_mut().zip(other.gradient).for_each(|(a, b)| *a += b);
        let rulers = [
            (&mut self.divergence_of_solenoidal, other.divergence_of_solenoidal),
            (&mut self.curl_of_gradient, other.curl_of_gradient),
            (&mut self.divergence_of_harmonic, other.divergence_of_harmonic),
            (&mut self.curl_of_harmonic, other.curl_of_harmonic),
        ];
        rulers.into_iter().for_each(|(a, b)| *a = a.plus(b));
        self
    }
}

/// What one thread works in.
#[derive(Default)]
struct Space {
    runs: [Vec<f64>; 6],
    weights: Vec<f64>,
    weighted: Vec<f64>,
    inside: Vec<f64>,
    lost: Vec<f64>,
}

fn sized(space: &mut Vec<f64>, count: usize) -> &mut [f64] {
    space.resize(space.len().max(count), 0.0);
    &mut space[..count]
}

/// Adds the products of all pairs of runs but those of the input with others; empty runs are zero.
fn products(sums: &mut Products, runs: &[&[f64]], weights: Option<&[f64]>, weighted: &mut [f64]) {
    for (i, a) in runs.iter().enumerate().filter(|(_, a)| !a.is_empty()) {
        let a = match weights {
            None => a,
            Some(weights) => {
                let each = weighted.iter_mut().zip(a.iter().zip(weights));
                each.for_each(|(out, (a, w))| *out = a * w);
                &*weighted
            }
        };
        let last = if i == INPUT { 1 } else { runs.len() };
        for j in (i..last).filter(|j| !runs[*j].is_empty()) {
            sums[i][j] += dot(a, runs[j]);
        }
    }
}

/// The larger one, NaN if one of them is: a maximum that passes over NaN would hide it.
pub(super) fn max_or_nan(a: f64, b: f64) -> f64 {
    if a.is_nan() || b.is_nan() { f64::NAN } else { a.max(b) }
}

/// The magnitude as bits: in the order of the numbers, with NaN above all.
#[inline(always)]
fn magnitude(value: f64) -> i64 {
    value.abs().to_bits() as i64
}

wide! {
    /// The largest magnitude, NaN if there is one.
    fn largest<'a>(values: &'a [f64]) -> f64 {
        f64::from_bits(values.iter().fold(0, |m: i64, v| m.max(magnitude(*v))) as u64)
    }
}

wide! {
    /// The largest |v − (a + b + c)|, NaN if there is one.
    fn missed<'a>(v: &'a [f64], a: &'a [f64], b: &'a [f64], c: &'a [f64]) -> f64 {
        let parts = a.iter().zip(b.iter().zip(c));
        let each = v.iter().zip(parts).map(|(v, (a, (b, c)))| magnitude(v - (a + b + c)));
        f64::from_bits(each.fold(0, |m: i64, v| m.max(v)) as u64)
    }
}
