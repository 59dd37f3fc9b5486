//! What a part of the dissection reaches outside itself during substitution.

use super::kernel::Unknown;
use std::ops::Range;

/// The unknowns after a part that its rows can reach: the separators of the parts it lies in.
pub struct Beyond<const K: usize> {
    /// Their places, rising, and where each range begins in `values`.
    spans: Vec<(Range<usize>, usize)>,
    pub values: Vec<Unknown<K>>,
}

impl<const K: usize> Beyond<K> {
    /// Nothing comes after the whole.
    pub fn none() -> Beyond<K> {
        Beyond { spans: Vec::new(), values: Vec::new() }
    }

    /// What a half of a part reaches, `own` being the separators of the part; nothing in it yet.
    pub fn reached_by_half(&self, own: Range<usize>) -> Beyond<K> {
        let shifted = self.spans.iter().map(|(span, at)| (span.clone(), at + own.len()));
        let values = vec![[0.0; K]; own.len() + self.values.len()];
        Beyond { spans: std::iter::once((own.clone(), 0)).chain(shifted).collect(), values }
    }

    /// Adds to the values at some rising places.
    #[inline(always)]
    pub fn add(&mut self, rows: &[u32], added: &[Unknown<K>]) {
        let mut added = added.iter();
        let mut rest = rows;
        for (span, at) in &self.spans {
            // Most blocks are far from the separators.
            if rest.is_empty() {
                return;
            }
            let (here, later) = split_at(rest, span.end);
            for (&row, added) in here.iter().zip(&mut added) {
                add(&mut self.values[at + row as usize - span.start], added);
            }
            rest = later;
        }
    }

    /// Appends the values at some rising places to a line.
    #[inline(always)]
    pub fn gather(&self, rows: &[u32], line: &mut Vec<Unknown<K>>) {
        let mut rest = rows;
        for (span, at) in &self.spans {
            if rest.is_empty() {
                return;
            }
            let (here, later) = split_at(rest, span.end);
            line.extend(here.iter().map(|&row| self.values[at + row as usize - span.start]));
            rest = later;
        }
    }
}

/// Some rising places before another and the rest.
#[inline(always)]
pub fn split_at(rows: &[u32], end: usize) -> (&[u32], &[u32]) {
    rows.split_at(rows.partition_point(|&row| (row as usize) < end))
}

#[inline(always)]
pub fn add<const K: usize>(target: &mut Unknown<K>, added: &Unknown<K>) {
    target.iter_mut().zip(added).for_each(|(target, added)| *target += added);
}
