//! Differences along a row of values, and their squares.

use crate::machine::wide;
use crate::transform::{add_difference, sum_of_squares};
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
}

impl<'a> Differences<'a> {
    /// Of runs of the same length, the first value being the one at `first` in the row.
    pub(super) fn new(first: usize) -> Differences<'a> {
        let none = Difference { scale: 0.0, lower: &[], upper: &[] };
        Differences { terms: [none; 3], used: 0, first, seam: [None; 2] }
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
        out.clear();
        out.resize(self.terms[0].lower.len(), 0.0);
        for term in &self.terms[..self.used] {
            add_difference(term.lower, term.upper, term.scale, out);
        }
        let values = out.iter_mut().zip(&inside[self.first..]);
        values.for_each(|(v, inside)| *v = if *inside { *v } else { 0.0 });
        seam + sum_of_squares(out)
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
