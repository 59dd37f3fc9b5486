//! Forward and backward substitution for K right-hand sides at once.

use super::super::dissection::Subdomain;
use super::beyond::{Beyond, add, split_at};
use super::kernel::{Panel, Unknown};
use super::supernodal::FactorLayout;
use crate::machine::prefetch;
use pulp::{Arch, Simd, WithSimd};
use rayon::prelude::*;
use std::ops::Range;

/// Parts of at least this many unknowns are substituted as two halves. What the halves contribute
/// to a later unknown is added up one by one, so that the digits depend on the division: it must
/// not depend on the number of threads.
const DIVIDED: usize = 1 << 15;

/// Blocks of at least this many values are shared between threads.
const LARGE: usize = 1 << 18;

/// Rows of a large block that one thread takes at a time.
const PORTION: usize = 1 << 10;

/// Values of the next block that are prefetched.
const PREFETCHED: usize = 1 << 10;

/// The values of L with their layout.
pub struct Factor<'a> {
    pub layout: &'a FactorLayout,
    pub values: &'a [f64],
}

impl Factor<'_> {
    /// x = (L Lᵀ)⁻¹ x in the order of elimination. Independent parts are substituted by different
    /// threads, which also share the large blocks; every value of L is read twice for all K
    /// right-hand sides.
    pub fn solve<const K: usize>(&self, whole: &Subdomain, x: &mut [Unknown<K>]) {
        let mut none = Beyond::none();
        self.forward(whole, x, &mut none);
        self.backward(whole, x, &none);
    }

    /// The halves of a part that are worth a thread each.
    fn split<'p>(&self, part: &'p Subdomain) -> Option<&'p [Subdomain; 2]> {
        part.halves.as_deref().filter(|_| part.range.len() >= DIVIDED)
    }

    /// The supernodes of a part that are in neither of its halves, if it is split.
    fn own(&self, part: &Subdomain, split: bool) -> Range<usize> {
        let inside = self.layout.inside(&part.range);
        if split { self.layout.separators(part, &inside) } else { inside }
    }

    /// L x = b inside a part; `x` are its unknowns, and those beyond lose what the part
    /// contributes to them.
    fn forward<const K: usize>(
        &self,
        part: &Subdomain,
        x: &mut [Unknown<K>],
        beyond: &mut Beyond<K>,
    ) {
        let split = self.split(part);
        if let Some([a, b]) = split {
            let (left, rest) = x.split_at_mut(a.range.len());
            let (right, own) = rest.split_at_mut(b.range.len());
            let mut from = [0; 2].map(|_| beyond.reached_by_half(b.range.end..part.range.end));
            let [from_a, from_b] = &mut from;
            rayon::join(|| self.forward(a, left, from_a), || self.forward(b, right, from_b));
            let targets = own.iter_mut().chain(&mut beyond.values);
            for ((target, a), b) in targets.zip(&from[0].values).zip(&from[1].values) {
                target.iter_mut().zip(a).zip(b).for_each(|((t, a), b)| *t += a + b);
            }
        }
        let supernodes = self.own(part, split.is_some());
        let sweep = Substitution { factor: self, supernodes, part: &part.range, x, beyond };
        Arch::new().dispatch(Forward(sweep));
    }

    /// Lᵀ x = b inside a part; the unknowns beyond are known.
    fn backward<const K: usize>(&self, part: &Subdomain, x: &mut [Unknown<K>], beyond: &Beyond<K>) {
        let split = self.split(part);
        let supernodes = self.own(part, split.is_some());
        let sweep = Substitution { factor: self, supernodes, part: &part.range, x, beyond };
        Arch::new().dispatch(Backward(sweep));
        let Some([a, b]) = split else { return };
        let (left, rest) = x.split_at_mut(a.range.len());
        let (right, own) = rest.split_at_mut(b.range.len());
        let mut known = beyond.reached_by_half(b.range.end..part.range.end);
        let (near, far) = known.values.split_at_mut(own.len());
        near.copy_from_slice(own);
        far.copy_from_slice(&beyond.values);
        rayon::join(|| self.backward(a, left, &known), || self.backward(b, right, &known));
    }
}

/// Supernodes of a part, to be substituted one after the other.
struct Substitution<'a, B, const K: usize> {
    factor: &'a Factor<'a>,
    supernodes: Range<usize>,
    part: &'a Range<usize>,
    x: &'a mut [Unknown<K>],
    beyond: B,
}

/// Prefetches a block. Columns of some tens of values are too short for the hardware prefetcher to
/// recognise the next.
#[inline(always)]
fn prefetch_block(block: &[f64]) {
    prefetch(&block[..block.len().min(PREFETCHED)]);
}

/// A forward sweep, to be compiled for the widest vectors of the processor.
struct Forward<'a, const K: usize>(Substitution<'a, &'a mut Beyond<K>, K>);

impl<const K: usize> WithSimd for Forward<'_, K> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Substitution { factor, supernodes, part, x, beyond } = self.0;
        let mut line = Vec::new();
        for s in supernodes {
            let (columns, rows) = (factor.layout.columns(s), factor.layout.rows(s));
            let width = columns.len();
            let own = columns.start - part.start..columns.end - part.start;
            if s + 1 < factor.layout.supernodes() {
                prefetch_block(&factor.values[factor.layout.place(s + 1)]);
            }
            line.clear();
            line.extend_from_slice(&x[own.clone()]);
            line.resize(width + rows.len(), [0.0; K]);
            eliminate_forward(simd, &factor.values[factor.layout.place(s)], width, &mut line);
            x[own].copy_from_slice(&line[..width]);
            let (near, far) = split_at(rows, part.end);
            for (&row, value) in near.iter().zip(&line[width..]) {
                add(&mut x[row as usize - part.start], value);
            }
            beyond.add(far, &line[width + near.len()..]);
        }
    }
}

/// A backward sweep, likewise.
struct Backward<'a, const K: usize>(Substitution<'a, &'a Beyond<K>, K>);

impl<const K: usize> WithSimd for Backward<'_, K> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Substitution { factor, supernodes, part, x, beyond } = self.0;
        let mut line: Vec<Unknown<K>> = Vec::new();
        for s in supernodes.rev() {
            let (columns, rows) = (factor.layout.columns(s), factor.layout.rows(s));
            let width = columns.len();
            let own = columns.start - part.start..columns.end - part.start;
            if s > 0 {
                prefetch_block(&factor.values[factor.layout.place(s - 1)]);
            }
            line.clear();
            line.extend_from_slice(&x[own.clone()]);
            let (near, far) = split_at(rows, part.end);
            line.extend(near.iter().map(|&row| x[row as usize - part.start]));
            beyond.gather(far, &mut line);
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
    line: &mut [Unknown<K>],
) {
    let columns = Panel { block, height: line.len(), range: 0..width };
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
    line: &mut [Unknown<K>],
) {
    let columns = Panel { block, height: line.len(), range: 0..width };
    if block.len() < LARGE {
        return columns.backward(simd, line);
    }
    for panel in columns.panels().rev() {
        let (above, below) = line.split_at_mut(panel.range.end);
        let portions = below.par_chunks(PORTION).enumerate();
        let sums: Vec<Vec<Unknown<K>>> = portions
            .map(|(i, x)| {
                let from = panel.range.end + i * PORTION;
                Arch::new().dispatch(PanelProducts { panel: &panel, from, x })
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

/// [`Panel::subtract`] as a task.
struct Subtract<'a, const K: usize> {
    panel: &'a Panel<'a>,
    from: usize,
    found: &'a [Unknown<K>],
    x: &'a mut [Unknown<K>],
}

impl<const K: usize> WithSimd for Subtract<'_, K> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        self.panel.subtract(simd, self.from, self.found, self.x);
    }
}

/// [`Panel::products`] as a task.
struct PanelProducts<'a, const K: usize> {
    panel: &'a Panel<'a>,
    from: usize,
    x: &'a [Unknown<K>],
}

impl<const K: usize> WithSimd for PanelProducts<'_, K> {
    type Output = Vec<Unknown<K>>;

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> Vec<Unknown<K>> {
        self.panel.products(simd, self.from, self.x)
    }
}
