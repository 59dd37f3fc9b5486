//! Forward and backward substitution for K right-hand sides at once.

use super::super::dissection::Part;
use super::kernel::{Columns, Row};
use super::supernodal::Layout;
use crate::transform::fetch;
use pulp::{Arch, Simd, WithSimd};
use rayon::prelude::*;
use std::ops::Range;

/// Blocks of at least this many values are shared between threads.
const LARGE: usize = 1 << 18;

/// Rows of a large block that one thread takes at a time.
const PORTION: usize = 1 << 10;

/// Values of the next block that are asked for ahead.
const FETCHED: usize = 1 << 10;

/// The values of L with their layout.
pub struct Factor<'a> {
    pub layout: &'a Layout,
    pub values: &'a [f64],
}

/// The unknowns after a part that its rows can reach: the separators of the parts it lies in.
struct Beyond<const K: usize> {
    /// Their places, rising, and where each range begins in `values`.
    spans: Vec<(Range<usize>, usize)>,
    values: Vec<Row<K>>,
}

impl<const K: usize> Beyond<K> {
    /// What a half of a part reaches, `own` being the separators of the part; nothing in it yet.
    fn reached_by_half(&self, own: Range<usize>) -> Beyond<K> {
        let shifted = self.spans.iter().map(|(span, at)| (span.clone(), at + own.len()));
        let values = vec![[0.0; K]; own.len() + self.values.len()];
        Beyond { spans: std::iter::once((own.clone(), 0)).chain(shifted).collect(), values }
    }

    /// Calls `f` with the value at each of some rising places and the item that belongs to it.
    #[inline(always)]
    fn visit<T>(
        &mut self,
        rows: &[u32],
        items: impl IntoIterator<Item = T>,
        mut f: impl FnMut(&mut Row<K>, T),
    ) {
        let mut items = items.into_iter();
        let mut rest = rows;
        for (span, at) in &self.spans {
            let count = rest.partition_point(|&row| (row as usize) < span.end);
            let (here, later) = rest.split_at(count);
            for (&row, item) in here.iter().zip(&mut items) {
                f(&mut self.values[at + row as usize - span.start], item);
            }
            rest = later;
        }
    }
}

impl Factor<'_> {
    /// x = (L Lᵀ)⁻¹ x in the order of elimination. Independent parts are substituted by different
    /// threads, which also share the large blocks; every value of L is read twice for all K
    /// right-hand sides.
    pub fn solve<const K: usize>(&self, whole: &Part, x: &mut [Row<K>]) {
        let depth = rayon::current_num_threads().next_power_of_two().ilog2();
        let mut none = Beyond { spans: Vec::new(), values: Vec::new() };
        self.forward(whole, depth, x, &mut none);
        self.backward(whole, depth, x, &mut none);
    }

    /// The halves of a part that are worth a thread each.
    fn split<'p>(&self, part: &'p Part, depth: u32) -> Option<&'p [Part; 2]> {
        part.halves.as_deref().filter(|_| depth > 0)
    }

    /// The supernodes of a part that are in neither of its halves, if it is split.
    fn own(&self, part: &Part, split: bool) -> Range<usize> {
        let inside = self.layout.inside(&part.range);
        if split { self.layout.separators(part, &inside) } else { inside }
    }

    /// L x = b inside a part; `x` are its unknowns, and those beyond lose what the part
    /// contributes to them.
    fn forward<const K: usize>(
        &self,
        part: &Part,
        depth: u32,
        x: &mut [Row<K>],
        beyond: &mut Beyond<K>,
    ) {
        let split = self.split(part, depth);
        if let Some([a, b]) = split {
            let (left, rest) = x.split_at_mut(a.range.len());
            let (right, own) = rest.split_at_mut(b.range.len());
            let mut from = [0; 2].map(|_| beyond.reached_by_half(b.range.end..part.range.end));
            let [from_a, from_b] = &mut from;
            rayon::join(
                || self.forward(a, depth - 1, left, from_a),
                || self.forward(b, depth - 1, right, from_b),
            );
            let targets = own.iter_mut().chain(&mut beyond.values);
            for ((target, a), b) in targets.zip(&from[0].values).zip(&from[1].values) {
                target.iter_mut().zip(a).zip(b).for_each(|((t, a), b)| *t += a + b);
            }
        }
        let supernodes = self.own(part, split.is_some());
        let sweep = Sweep { factor: self, supernodes, part: &part.range, x, beyond };
        Arch::new().dispatch(Forward(sweep));
    }

    /// Lᵀ x = b inside a part; the unknowns beyond are known.
    fn backward<const K: usize>(
        &self,
        part: &Part,
        depth: u32,
        x: &mut [Row<K>],
        beyond: &mut Beyond<K>,
    ) {
        let split = self.split(part, depth);
        let supernodes = self.own(part, split.is_some());
        let sweep = Sweep { factor: self, supernodes, part: &part.range, x, beyond };
        Arch::new().dispatch(Backward(sweep));
        let Some([a, b]) = split else { return };
        let (left, rest) = x.split_at_mut(a.range.len());
        let (right, own) = rest.split_at_mut(b.range.len());
        let known = || {
            let mut known = beyond.reached_by_half(b.range.end..part.range.end);
            let values = own.iter().chain(&beyond.values);
            known.values.iter_mut().zip(values).for_each(|(k, v)| *k = *v);
            known
        };
        let (mut to_a, mut to_b) = (known(), known());
        rayon::join(
            || self.backward(a, depth - 1, left, &mut to_a),
            || self.backward(b, depth - 1, right, &mut to_b),
        );
    }
}

/// Supernodes of a part, to be substituted one after the other.
struct Sweep<'a, const K: usize> {
    factor: &'a Factor<'a>,
    supernodes: Range<usize>,
    part: &'a Range<usize>,
    x: &'a mut [Row<K>],
    beyond: &'a mut Beyond<K>,
}

/// Asks for a block before it is needed. Columns of some tens of values are too short for the
/// processor to foresee the next: without this a square of 512² waits for memory half of its time.
#[inline(always)]
fn fetch_block(block: &[f64]) {
    fetch(&block[..block.len().min(FETCHED)]);
}

/// A forward sweep, to be compiled for the widest vectors of the processor.
struct Forward<'a, const K: usize>(Sweep<'a, K>);

impl<const K: usize> WithSimd for Forward<'_, K> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Sweep { factor, supernodes, part, x, beyond } = self.0;
        let mut line = Vec::new();
        for s in supernodes {
            let (columns, rows) = (factor.layout.columns(s), factor.layout.rows(s));
            let width = columns.len();
            let own = columns.start - part.start..columns.end - part.start;
            if s + 1 < factor.layout.supernodes() {
                fetch_block(&factor.values[factor.layout.place(s + 1)]);
            }
            line.clear();
            line.extend_from_slice(&x[own.clone()]);
            line.resize(width + rows.len(), [0.0; K]);
            eliminate_forward(simd, &factor.values[factor.layout.place(s)], width, &mut line);
            x[own].copy_from_slice(&line[..width]);
            let (near, far) = rows.split_at(rows.partition_point(|&r| (r as usize) < part.end));
            let add = |t: &mut Row<K>, v: &Row<K>| t.iter_mut().zip(v).for_each(|(t, v)| *t += v);
            for (&row, value) in near.iter().zip(&line[width..]) {
                add(&mut x[row as usize - part.start], value);
            }
            beyond.visit(far, &line[width + near.len()..], add);
        }
    }
}

/// A backward sweep, likewise.
struct Backward<'a, const K: usize>(Sweep<'a, K>);

impl<const K: usize> WithSimd for Backward<'_, K> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Sweep { factor, supernodes, part, x, beyond } = self.0;
        let mut line: Vec<Row<K>> = Vec::new();
        for s in supernodes.rev() {
            let (columns, rows) = (factor.layout.columns(s), factor.layout.rows(s));
            let width = columns.len();
            let own = columns.start - part.start..columns.end - part.start;
            if s > 0 {
                fetch_block(&factor.values[factor.layout.place(s - 1)]);
            }
            line.clear();
            line.extend_from_slice(&x[own.clone()]);
            let (near, far) = rows.split_at(rows.partition_point(|&r| (r as usize) < part.end));
            line.extend(near.iter().map(|&row| x[row as usize - part.start]));
            beyond.visit(far, 0..far.len(), |v, _| line.push(*v));
            eliminate_backward(simd, &factor.values[factor.layout.place(s)], width, &mut line);
            x[own].copy_from_slice(&line[..width]);
        }
    }
}

/// The columns of a block, `width` of them, subtracted from the line below each.
#[inline(always)]
fn eliminate_forward<S: Simd, const K: usize>(
    simd: S,
    block: &[f64],
    width: usize,
    line: &mut [Row<K>],
) {
    let columns = Columns { block, height: line.len(), range: 0..width };
    if block.len() < LARGE {
        return columns.forward(simd, line);
    }
    for panel in columns.panels() {
        let (above, below) = line.split_at_mut(panel.range.end);
        panel.forward(simd, above);
        let found = &above[panel.range.clone()];
        below.par_chunks_mut(PORTION).enumerate().for_each(|(i, x)| {
            let from = panel.range.end + i * PORTION;
            Arch::new().dispatch(Subtract { panel: &panel, from, found, x });
        });
    }
}

/// The same with the transpose: the line below a column is known.
#[inline(always)]
fn eliminate_backward<S: Simd, const K: usize>(
    simd: S,
    block: &[f64],
    width: usize,
    line: &mut [Row<K>],
) {
    let columns = Columns { block, height: line.len(), range: 0..width };
    if block.len() < LARGE {
        return columns.backward(simd, line);
    }
    for panel in columns.panels().rev() {
        let (above, below) = line.split_at_mut(panel.range.end);
        let portions = below.par_chunks(PORTION).enumerate();
        let sums: Vec<Vec<Row<K>>> = portions
            .map(|(i, x)| {
                let from = panel.range.end + i * PORTION;
                Arch::new().dispatch(Products { panel: &panel, from, x })
            })
            .collect();
        // In the order of the portions, whichever thread was first.
        for sums in &sums {
            for (x, sum) in above[panel.range.clone()].iter_mut().zip(sums) {
                x.iter_mut().zip(sum).for_each(|(x, sum)| *x -= sum);
            }
        }
        panel.backward(simd, above);
    }
}

/// [`Columns::subtract`] as a task.
struct Subtract<'a, const K: usize> {
    panel: &'a Columns<'a>,
    from: usize,
    found: &'a [Row<K>],
    x: &'a mut [Row<K>],
}

impl<const K: usize> WithSimd for Subtract<'_, K> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        self.panel.subtract(simd, self.from, self.found, self.x);
    }
}

/// [`Columns::products`] as a task.
struct Products<'a, const K: usize> {
    panel: &'a Columns<'a>,
    from: usize,
    x: &'a [Row<K>],
}

impl<const K: usize> WithSimd for Products<'_, K> {
    type Output = Vec<Row<K>>;

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> Vec<Row<K>> {
        self.panel.products(simd, self.from, self.x)
    }
}
