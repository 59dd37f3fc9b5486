//! Interpolation by half a cell along one axis, between the walls of the mask and the grid.

mod weights;

pub(super) use weights::InterpolationWeights;

use super::poles::Poles;
use super::{ScalarField, Way};
use crate::grid::{Domain, Location};
use crate::machine::wide;
use rayon::prelude::*;
use std::borrow::Cow;
use std::ops::Range;

/// Values from which a task of its own pays off.
const TASK: usize = 4096;
/// Values whose patterns of active cells are handled together.
const BLOCK: usize = 256;

impl InterpolationWeights {
    /// Interpolates `input` along axis k to the location of `output`.
    pub fn sweep<const D: usize>(
        &self,
        domain: &Domain<D>,
        k: usize,
        input: &ScalarField<D>,
        (location, output): (Location, &mut [f64]),
    ) {
        let pieces = Pieces::new(domain, k, input, location);
        let length = pieces.length();
        let out = output.par_chunks_mut(length);
        let out = out.with_min_len(1 + TASK / length).enumerate();
        out.for_each_init(Default::default, |padded, (piece, out)| {
            pieces.fill(self, piece, 0..length, padded, out);
        });
        let at_faces = location == Location::face(k);
        if let Some(poles) = at_faces.then(|| Poles::of(domain)).flatten() {
            poles.settle_faces(k, output);
        }
    }

    /// One line along x. `padded` is working space.
    fn lane(
        &self,
        line: &AxisLine,
        values: &[f64],
        cells: Option<&[bool]>,
        padded: &mut (Vec<f64>, Vec<bool>),
        out: &mut [f64],
    ) {
        match cells.filter(|cells| cells.contains(&false)) {
            None => self.whole_lane(line, values, out),
            Some(cells) => self.masked_lane(line, values, cells, padded, out),
        }
    }

    /// A line without walls but those at its ends.
    fn whole_lane(&self, line: &AxisLine, values: &[f64], out: &mut [f64]) {
        let n = out.len();
        // Those whose four neighbours are all there.
        let first = (self.below - 1).min(n);
        let end = (values.len() + self.below).saturating_sub(4).clamp(first, n);
        let end = if self.is_even() { end } else { first };
        if first < end {
            let run = |t: usize| &values[first + t - self.below..][..end - first];
            let none: &[f64] = &[];
            let around = [none, run(1), run(2), run(3), run(4), none];
            self.row(0, 0b111111, around, &mut out[first..end]);
        }
        for i in (0..first).chain(end..n) {
            let code = code(line.around(i, 3, line.cells).map(|cell| cell.is_some()));
            let around = line.around(i, self.below, values.len());
            out[i] = self.at(i, code, |t| values[around[t].unwrap_or(0)]);
        }
    }

    fn masked_lane(
        &self,
        line: &AxisLine,
        values: &[f64],
        cells: &[bool],
        padded: &mut (Vec<f64>, Vec<bool>),
        out: &mut [f64],
    ) {
        let (padded_values, active) = padded;
        pad(line, self.below, values.iter().copied(), 0.0, padded_values);
        pad(line, 3, cells.iter().copied(), false, active);
        if !self.is_even() {
            for (i, out) in out.iter_mut().enumerate() {
                let code = code(std::array::from_fn(|t| active[i + t]));
                *out = self.at(i, code, |t| padded_values[i + t]);
            }
            return;
        }
        let around = std::array::from_fn(|t| Some(&active[t..][..out.len()]));
        self.masked_row(0, around, std::array::from_fn(|t| &padded_values[t..][..out.len()]), out);
    }

    /// A row of values with the same pattern, at one place of the axis.
    fn row(&self, place: usize, code: u8, values: [&[f64]; 6], out: &mut [f64]) {
        if code & self.clear != self.clear {
            let each = out.iter_mut().enumerate();
            return each.for_each(|(i, out)| *out = self.at(place, code, |t| values[t][i]));
        }
        let [_, outer, inner, other, far, _] = self.of_place(place)[0b111111];
        let [_, a, b, c, d, _] = values;
        match self.is_even() {
            true => four([inner, outer], [b, c, a, d], out),
            false => four_apart([outer, inner, other, far], [a, b, c, d], out),
        }
    }

    /// A row of values whose patterns differ, at one place of the axis; a row of cells beyond a wall is `None`.
    fn masked_row(
        &self,
        place: usize,
        cells: [Option<&[bool]>; 6],
        values: [&[f64]; 6],
        out: &mut [f64],
    ) {
        for (block, out) in out.chunks_mut(BLOCK).enumerate() {
            let start = block * BLOCK;
            let values = values.map(|row| &row[start..][..out.len()]);
            let mut codes = [0; BLOCK];
            for (t, row) in cells.iter().enumerate() {
                let Some(row) = row else { continue };
                let marks = codes.iter_mut().zip(&row[start..][..out.len()]);
                marks.for_each(|(code, active)| *code |= u8::from(*active) << t);
            }
            self.row(place, 0b111111, values, out);
            let codes = &codes[..out.len()];
            if codes.iter().fold(self.clear, |all, code| all & code) == self.clear {
                continue;
            }
            for (i, code) in codes.iter().enumerate() {
                if code & self.clear != self.clear {
                    out[i] = self.at(place, *code, |t| values[t][i]);
                }
            }
        }
    }

    /// The value with such a pattern; numbers of weight 0 may be anything.
    fn at(&self, place: usize, code: u8, value: impl Fn(usize) -> f64) -> f64 {
        let weights = self.of_place(place)[usize::from(code)].iter().enumerate();
        weights.filter(|(_, w)| **w != 0.0).fold(0.0, |sum, (t, w)| sum + w * value(t))
    }
}

wide! {
    /// out = inside (b + c) + outside (a + d).
    fn four<'a>(weights: [f64; 2], values: [&'a [f64]; 4], out: &'a mut [f64]) -> () {
        let ([inside, outside], n) = (weights, out.len());
        let [b, c, a, d] = values.map(|row| &row[..n]);
        for i in 0..n {
            out[i] = inside * (b[i] + c[i]) + outside * (a[i] + d[i]);
        }
    }
}

wide! {
    /// out = Σ w v.
    fn four_apart<'a>(weights: [f64; 4], values: [&'a [f64]; 4], out: &'a mut [f64]) -> () {
        let n = out.len();
        let [a, b, c, d] = values.map(|row| &row[..n]);
        for i in 0..n {
            out[i] = weights[0] * a[i] + weights[1] * b[i] + (weights[2] * c[i] + weights[3] * d[i]);
        }
    }
}

/// Rows along x of a component on the faces, interpolated to the points.
pub(crate) struct RowsToPoints<'a> {
    stencil: InterpolationWeights,
    pieces: Pieces<'a>,
    nx: usize,
    padded: (Vec<f64>, Vec<bool>),
}

impl<'a> RowsToPoints<'a> {
    /// Of component k.
    pub(crate) fn new<const D: usize>(
        component: &'a ScalarField<D>,
        k: usize,
        (domain, way): (&'a Domain<D>, Way),
    ) -> RowsToPoints<'a> {
        RowsToPoints {
            stencil: InterpolationWeights::to_points(&domain.grid().axes()[k], way),
            pieces: Pieces::new(domain, k, component, Location::CELL),
            nx: domain.grid().shape()[0],
            padded: Default::default(),
        }
    }

    /// Rows that can be written at once, starting at a multiple of as many.
    pub(crate) fn at_once(&self) -> usize {
        self.pieces.length() / self.nx
    }

    /// Writes the rows from number `row` on, some that can be written at once.
    pub(crate) fn fill(&mut self, row: usize, out: &mut [f64]) {
        let start = row % self.at_once() * self.nx;
        let part = start..start + out.len();
        self.pieces.fill(&self.stencil, row / self.at_once(), part, &mut self.padded, out);
    }
}

/// What an interpolation along one axis writes at once: a line along x, or, along another axis, all values
/// before the next step of that axis.
struct Pieces<'a> {
    line: AxisLine,
    inner: usize,
    /// Along x.
    lines: bool,
    mask: Option<&'a [bool]>,
    input: Cow<'a, [f64]>,
    /// The poles, for rows at the points, and the component.
    poles: Option<(Poles, usize)>,
}

impl<'a> Pieces<'a> {
    fn new<const D: usize>(
        domain: &'a Domain<D>,
        k: usize,
        input: &'a ScalarField<D>,
        output: Location,
    ) -> Pieces<'a> {
        let grid = domain.grid();
        let line = AxisLine {
            inputs: grid.lanes(input.location(), k).1,
            outputs: grid.lanes(output, k).1,
            cells: grid.lanes(Location::CELL, k).1,
            ring: !grid.axes()[k].bounded(),
        };
        let inner = grid.lanes(Location::CELL, k).2;
        let at_points = output == Location::CELL;
        let poles = at_points.then(|| Poles::of(domain)).flatten();
        let input = match &poles {
            Some(poles) => poles.filled(input),
            None => Cow::Borrowed(input.values()),
        };
        let poles = poles.map(|poles| (poles, k));
        Pieces { line, inner, lines: k == 0, mask: domain.mask(), input, poles }
    }

    /// Values of a piece.
    fn length(&self) -> usize {
        if self.lines { self.line.outputs } else { self.inner }
    }

    /// `part` of piece number `piece` of the output; a line only as a whole.
    fn fill(
        &self,
        stencil: &InterpolationWeights,
        piece: usize,
        part: Range<usize>,
        padded: &mut (Vec<f64>, Vec<bool>),
        out: &mut [f64],
    ) {
        self.fill_from_neighbours(stencil, piece, part.clone(), padded, out);
        if let Some((poles, k)) = &self.poles {
            let [rows, first] = [self.length(), part.start].map(|values| values / poles.row());
            poles.settle_points(*k, piece * rows + first, &self.input, out);
        }
    }

    fn fill_from_neighbours(
        &self,
        stencil: &InterpolationWeights,
        piece: usize,
        part: Range<usize>,
        padded: &mut (Vec<f64>, Vec<bool>),
        out: &mut [f64],
    ) {
        let Pieces { line, .. } = self;
        if self.lines {
            let cells = self.mask.map(|mask| &mask[piece * line.cells..][..line.cells]);
            let values = &self.input[piece * line.inputs..][..line.inputs];
            return stencil.lane(line, values, cells, padded, out);
        }
        let (outer, i) = (piece / line.outputs, piece % line.outputs);
        let of = |n: usize, at: usize| {
            let start = (outer * n + at) * self.inner;
            start + part.start..start + part.end
        };
        // A missing row has weight 0: any other may take its place.
        let values = line.around(i, stencil.below, line.inputs);
        let values = values.map(|at| &self.input[of(line.inputs, at.unwrap_or(0))]);
        let cells = line.around(i, 3, line.cells);
        match self.mask {
            None => stencil.row(i, code(cells.map(|cell| cell.is_some())), values, out),
            Some(mask) => {
                let cells = cells.map(|at| Some(&mask[of(line.cells, at?)]));
                stencil.masked_row(i, cells, values, out);
            }
        }
    }
}

/// A line of values along an axis.
struct AxisLine {
    inputs: usize,
    outputs: usize,
    cells: usize,
    ring: bool,
}

impl AxisLine {
    /// The places of i − below … i − below + 5 in a line of n; `None` beyond its ends.
    fn around(&self, i: usize, below: usize, n: usize) -> [Option<usize>; 6] {
        std::array::from_fn(|t| match self.ring {
            true => Some((i + t + below * n - below) % n),
            false => (i + t).checked_sub(below).filter(|at| *at < n),
        })
    }
}

fn code(active: [bool; 6]) -> u8 {
    (0..6).fold(0, |code, t| code | u8::from(active[t]) << t)
}

/// A line with what lies `below` its first and above its last value, five more than it has outputs:
/// its other end on a ring, else `outside`.
fn pad<T: Copy>(
    line: &AxisLine,
    below: usize,
    values: impl ExactSizeIterator<Item = T>,
    outside: T,
    out: &mut Vec<T>,
) {
    let n = values.len();
    out.clear();
    out.resize(below, outside);
    out.extend(values);
    out.resize(line.outputs + 5, outside);
    if line.ring {
        (0..below).for_each(|i| out[i] = out[below + (i + below * n - below) % n]);
        (below + n..out.len()).for_each(|i| out[i] = out[below + (i - below) % n]);
    }
}
