//! Differences along a row of values: their squares, the largest of them and of what they are made of.

use super::extent::Extent;
use crate::field::sum_of_squares;
use crate::machine::wide;
use crate::transform::add_difference;
use std::ops::Range;

/// scale (upper − lower) of two runs of values.
#[derive(Clone, Copy)]
pub(super) struct Difference<'a> {
    pub scale: f64,
    pub lower: &'a [f64],
    pub upper: &'a [f64],
}

/// The sum of two or three differences, along a row.
pub(super) struct Differences<'a> {
    terms: [Difference<'a>; 3],
    used: usize,
    /// The place in the row of the first of their values.
    first: usize,
    /// Values at the seam of a ring, with their places.
    pub(super) seam: [Option<(usize, f64)>; 2],
    /// What these are made of: Σ |scale| (|lower| + |upper|).
    pub(super) seam_sizes: [f64; 2],
}

impl<'a> Differences<'a> {
    /// Of runs of the same length, the first value being the one at `first` in the row.
    pub(super) fn new(first: usize) -> Differences<'a> {
        let none = Difference { scale: 0.0, lower: &[], upper: &[] };
        Differences { terms: [none; 3], used: 0, first, seam: [None; 2], seam_sizes: [0.0; 2] }
    }

    pub(super) fn add(&mut self, term: Difference<'a>) {
        self.terms[self.used] = term;
        self.used += 1;
    }

    /// The places in the row that have a value.
    pub(super) fn places(&self) -> Range<usize> {
        let run = self.first..self.first + self.terms[0].lower.len();
        let seam = self.seam.iter().flatten();
        seam.fold(run, |run, (place, _)| run.start.min(*place)..run.end.max(place + 1))
    }

    /// The sum of the squares of all values.
    pub(super) fn squares(&self) -> f64 {
        let seam: f64 = self.seam.iter().flatten().map(|(_, value)| value * value).sum();
        let [a, b, c] = self.terms;
        seam + match self.used {
            2 => squares_of_two([a, b]),
            _ => squares_of_three([a, b, c]),
        }
    }

    /// The sum of the squares of the values at the places of the row that are `inside`. `out` is working space.
    pub(super) fn squares_where(&self, inside: &[bool], out: &mut Vec<f64>) -> f64 {
        let seam = self.seam.iter().flatten().filter(|(place, _)| inside[*place]);
        let seam: f64 = seam.map(|(_, value)| value * value).sum();
        self.fill(inside, out);
        seam + sum_of_squares(out)
    }

    /// How large the values are.
    pub(super) fn extent(&self) -> Extent {
        let [a, b, c] = self.terms;
        let run = match self.used {
            2 => extent_of_two([a, b]),
            _ => extent_of_three([a, b, c]),
        };
        let seam = self.seam.iter().flatten().map(|(_, value)| *value);
        Extent::new(run, a.lower.len()).plus(Extent::of(seam))
    }

    /// How large the values at the places that are `inside` are. `out` is working space.
    pub(super) fn extent_where(&self, inside: &[bool], out: &mut Vec<f64>) -> Extent {
        let seam = self.seam.iter().flatten().filter(|(place, _)| inside[*place]);
        let seam = Extent::of(seam.map(|(_, value)| *value));
        self.fill(inside, out);
        let count = inside[self.first..][..out.len()].iter().filter(|inside| **inside).count();
        Extent::new(largest_and_squares(out), count).plus(seam)
    }

    /// The largest Σ |scale| (|lower| + |upper|) over the terms; NaN is passed over.
    pub(super) fn largest_size(&self) -> f64 {
        let [a, b, c] = self.terms;
        let run = match self.used {
            2 => size_of_two([a, b]),
            _ => size_of_three([a, b, c]),
        };
        let seam = self.seam.iter().zip(self.seam_sizes).filter(|(seam, _)| seam.is_some());
        seam.fold(run, |largest, (_, size)| largest.max(size))
    }

    /// The same over the places that are `inside`. `out` is working space.
    pub(super) fn largest_size_where(&self, inside: &[bool], out: &mut Vec<f64>) -> f64 {
        out.clear();
        out.resize(self.terms[0].lower.len(), 0.0);
        for term in &self.terms[..self.used] {
            add_sizes(term.lower, term.upper, term.scale.abs(), out);
        }
        let sizes = out.iter_mut().zip(&inside[self.first..]);
        sizes.for_each(|(size, inside)| *size = if *inside { *size } else { 0.0 });
        let seam = self.seam.iter().zip(self.seam_sizes);
        let seam = seam.filter(|(seam, _)| seam.is_some_and(|(place, _)| inside[place]));
        seam.fold(largest_and_squares(out)[0], |largest, (_, size)| largest.max(size))
    }

    /// Writes the values of the run, 0 where a place is not `inside`.
    fn fill(&self, inside: &[bool], out: &mut Vec<f64>) {
        out.clear();
        out.resize(self.terms[0].lower.len(), 0.0);
        for term in &self.terms[..self.used] {
            add_difference(term.lower, term.upper, term.scale, out);
        }
        let values = out.iter_mut().zip(&inside[self.first..]);
        values.for_each(|(v, inside)| *v = if *inside { *v } else { 0.0 });
    }
}

/// Values whose squares are added up apart from each other.
const LANES: usize = 8;

#[inline(always)]
fn squares_of<const N: usize>(terms: [Difference; N]) -> f64 {
    let count = terms[0].lower.len();
    let scales = terms.map(|t| t.scale);
    let runs = terms.map(|t| (&t.lower[..count], &t.upper[..count]));
    let whole = count / LANES * LANES;
    let mut sums = [0.0; LANES];
    for at in (0..whole).step_by(LANES) {
        let mut values = [0.0; LANES];
        for (scale, (lower, upper)) in scales.iter().zip(runs) {
            let pairs = lower[at..at + LANES].iter().zip(&upper[at..at + LANES]);
            values.iter_mut().zip(pairs).for_each(|(v, (l, u))| *v += scale * (u - l));
        }
        sums.iter_mut().zip(values).for_each(|(sum, v)| *sum += v * v);
    }
    let last = (whole..count).map(|i| {
        let value: f64 = scales.iter().zip(runs).map(|(s, (l, u))| s * (u[i] - l[i])).sum();
        value * value
    });
    sums.iter().sum::<f64>() + last.sum::<f64>()
}

/// The larger number; a maximum that processors have.
#[inline(always)]
fn larger(a: f64, b: f64) -> f64 {
    if a > b { a } else { b }
}

/// The largest magnitude, NaN passed over, and the sum of squares.
#[inline(always)]
fn extent_of<const N: usize>(terms: [Difference; N]) -> [f64; 2] {
    let count = terms[0].lower.len();
    let scales = terms.map(|t| t.scale);
    let runs = terms.map(|t| (&t.lower[..count], &t.upper[..count]));
    let whole = count / LANES * LANES;
    let (mut largest, mut squares) = ([0.0; LANES], [0.0; LANES]);
    for at in (0..whole).step_by(LANES) {
        let mut values = [0.0; LANES];
        for (scale, (lower, upper)) in scales.iter().zip(runs) {
            let pairs = lower[at..at + LANES].iter().zip(&upper[at..at + LANES]);
            values.iter_mut().zip(pairs).for_each(|(v, (l, u))| *v += scale * (u - l));
        }
        for lane in 0..LANES {
            let value: f64 = values[lane];
            largest[lane] = larger(value.abs(), largest[lane]);
            squares[lane] += value * value;
        }
    }
    for i in whole..count {
        let value: f64 = scales.iter().zip(runs).map(|(s, (l, u))| s * (u[i] - l[i])).sum();
        (largest[0], squares[0]) = (larger(value.abs(), largest[0]), squares[0] + value * value);
    }
    [largest.into_iter().fold(0.0, larger), squares.iter().sum()]
}

/// The largest Σ |scale| (|lower| + |upper|), NaN passed over.
#[inline(always)]
fn size_of<const N: usize>(terms: [Difference; N]) -> f64 {
    let count = terms[0].lower.len();
    let scales = terms.map(|t| t.scale.abs());
    let runs = terms.map(|t| (&t.lower[..count], &t.upper[..count]));
    let whole = count / LANES * LANES;
    let mut largest = [0.0; LANES];
    for at in (0..whole).step_by(LANES) {
        let mut sizes = [0.0; LANES];
        for (scale, (lower, upper)) in scales.iter().zip(runs) {
            let pairs = lower[at..at + LANES].iter().zip(&upper[at..at + LANES]);
            sizes.iter_mut().zip(pairs).for_each(|(v, (l, u))| *v += scale * (l.abs() + u.abs()));
        }
        largest.iter_mut().zip(sizes).for_each(|(largest, size)| *largest = larger(size, *largest));
    }
    for i in whole..count {
        let terms = scales.iter().zip(runs);
        let size = terms.map(|(s, (l, u))| s * (l[i].abs() + u[i].abs())).sum();
        largest[0] = larger(size, largest[0]);
    }
    largest.into_iter().fold(0.0, larger)
}

wide! {
    fn extent_of_two<'a>(terms: [Difference<'a>; 2]) -> [f64; 2] {
        extent_of(terms)
    }
}

wide! {
    fn extent_of_three<'a>(terms: [Difference<'a>; 3]) -> [f64; 2] {
        extent_of(terms)
    }
}

wide! {
    fn size_of_two<'a>(terms: [Difference<'a>; 2]) -> f64 {
        size_of(terms)
    }
}

wide! {
    fn size_of_three<'a>(terms: [Difference<'a>; 3]) -> f64 {
        size_of(terms)
    }
}

wide! {
    /// out += scale (|lower| + |upper|).
    fn add_sizes<'a>(lower: &'a [f64], upper: &'a [f64], scale: f64, out: &'a mut [f64]) {
        let pairs = lower.iter().zip(upper);
        out.iter_mut().zip(pairs).for_each(|(o, (l, u))| *o += scale * (l.abs() + u.abs()));
    }
}

wide! {
    /// The largest magnitude of a run, NaN passed over, and the sum of squares.
    fn largest_and_squares<'a>(values: &'a [f64]) -> [f64; 2] {
        let (mut largest, mut squares) = ([0.0; LANES], [0.0; LANES]);
        let (whole, rest) = values.as_chunks::<LANES>();
        for values in whole {
            for lane in 0..LANES {
                let value = values[lane];
                largest[lane] = larger(value.abs(), largest[lane]);
                squares[lane] += value * value;
            }
        }
        for value in rest {
            (largest[0], squares[0]) = (larger(value.abs(), largest[0]), squares[0] + value * value);
        }
        [largest.into_iter().fold(0.0, larger), squares.iter().sum()]
    }
}

wide! {
    fn squares_of_two<'a>(terms: [Difference<'a>; 2]) -> f64 {
        squares_of(terms)
    }
}

wide! {
    fn squares_of_three<'a>(terms: [Difference<'a>; 3]) -> f64 {
        squares_of(terms)
    }
}
