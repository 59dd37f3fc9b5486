//! One thread's part of the factorisation.

use super::dense::eliminate;
use super::supernodal::{Factorisation, NotPositive, Waiting};
use faer::linalg::matmul::matmul;
use faer::linalg::matmul::triangular::{self, BlockStructure};
use faer::prelude::ReborrowMut;
use faer::{Accum, MatMut, MatRef, Par};
use rayon::prelude::*;
use std::ops::Range;

/// Updates of fewer multiplications are done where they belong, without a dense product.
const SMALL: usize = 1 << 10;

/// Blocks of at least this many values are shared between threads, panel by panel.
const LARGE: usize = 1 << 19;

/// Columns of a panel.
const PANEL: usize = 256;

/// Working space for a range of supernodes.
pub struct Worker<'a> {
    job: &'a Factorisation<'a>,
    inside: Range<usize>,
    /// The row of the current block at which a row of L is stored.
    local: Vec<u32>,
    space: ProductBuffers,
}

/// What products are made in.
#[derive(Default)]
struct ProductBuffers {
    product: Vec<f64>,
    runs: Vec<RowRun>,
}

/// Rows of a finished block, from the first on, that lie one after the other in the current one.
struct RowRun {
    first: usize,
    place: usize,
    len: usize,
}

impl<'a> Worker<'a> {
    /// For the supernodes of a part.
    pub fn new(job: &'a Factorisation<'a>, inside: Range<usize>) -> Worker<'a> {
        Worker { job, inside, local: vec![0; job.layout.order()], space: ProductBuffers::default() }
    }

    /// Factors supernodes in turn: each is assembled, loses the products of earlier columns, and
    /// becomes triangular. The digits do not depend on the threads.
    pub fn run(
        mut self,
        supernodes: Range<usize>,
        before: Vec<Waiting>,
        values: &mut [f64],
    ) -> Result<Vec<Waiting>, NotPositive> {
        let layout = self.job.layout;
        let mut lists: Vec<Vec<Waiting>> = vec![Vec::new(); supernodes.len()];
        let mut after = Vec::new();
        let mut wait = |lists: &mut [Vec<Waiting>], (d, from): Waiting| {
            let Some(&row) = layout.rows(d as usize).get(from as usize) else { return };
            let s = layout.of_column[row as usize] as usize;
            if supernodes.contains(&s) {
                lists[s - supernodes.start].push((d, from));
            } else {
                after.push((d, from));
            }
        };
        before.into_iter().for_each(|waiting| wait(&mut lists, waiting));
        let base = self.job.offset(self.inside.start);
        for s in supernodes.clone() {
            let place = layout.place(s);
            let (earlier, block) = values.split_at_mut(place.start - base);
            let block = &mut block[..place.len()];
            self.assemble(s, block);
            let waiting = std::mem::take(&mut lists[s - supernodes.start]);
            self.subtract_all(s, block, &waiting, earlier);
            let columns = layout.columns(s);
            for (d, from) in waiting {
                let rows = &layout.rows(d as usize)[from as usize..];
                let inside = rows.partition_point(|&row| (row as usize) < columns.end);
                wait(&mut lists, (d, from + inside as u32));
            }
            let large = block.len() >= LARGE;
            eliminate(block, columns.len(), if large { PANEL } else { columns.len() })
                .map_err(|index| NotPositive(columns.start + index))?;
            wait(&mut lists, (s as u32, 0));
        }
        Ok(after)
    }

    /// Puts the entries of the matrix into the block of a supernode.
    fn assemble(&mut self, s: usize, block: &mut [f64]) {
        let (columns, rows) = (self.job.layout.columns(s), self.job.layout.rows(s));
        let height = columns.len() + rows.len();
        for (i, &row) in rows.iter().enumerate() {
            self.local[row as usize] = (columns.len() + i) as u32;
        }
        for (j, column) in columns.clone().enumerate() {
            self.local[column] = j as u32;
            let entries = self.job.matrix.outer_view(self.job.order[column]);
            for (other, value) in entries.expect("a row for every cell").iter() {
                let row = self.job.place[other];
                if row >= column {
                    let i = if row < columns.end {
                        row - columns.start
                    } else {
                        self.local[row] as usize
                    };
                    block[j * height + i] = *value;
                }
            }
        }
    }

    /// Subtracts from block s the products of the blocks that wait for it.
    fn subtract_all(&mut self, s: usize, block: &mut [f64], waiting: &[Waiting], earlier: &[f64]) {
        let layout = self.job.layout;
        let columns = layout.columns(s);
        let height = columns.len() + layout.rows(s).len();
        let base = self.job.offset(self.inside.start);
        let local = &self.local;
        let subtract = |columns: Range<usize>, out: &mut [f64], space: &mut ProductBuffers| {
            for &(d, from) in waiting {
                let place = layout.place(d as usize);
                let earlier = &earlier[place.start - base..][..place.len()];
                let block = FinishedBlock {
                    width: layout.columns(d as usize).len(),
                    rows: &layout.rows(d as usize)[from as usize..],
                    from: from as usize,
                    values: earlier,
                };
                block.subtract(columns.clone(), local, height, out, space);
            }
        };
        if block.len() < LARGE {
            return subtract(columns, block, &mut self.space);
        }
        // The first panels are the tallest: one at a time, so that threads end together.
        let panels = block.par_chunks_mut(PANEL * height).enumerate().with_max_len(1);
        panels.for_each_init(ProductBuffers::default, |space, (i, out)| {
            let first = columns.start + i * PANEL;
            subtract(first..(first + PANEL).min(columns.end), out, space);
        });
    }
}

/// The rows of a finished block from one on.
struct FinishedBlock<'a> {
    width: usize,
    rows: &'a [u32],
    from: usize,
    values: &'a [f64],
}

impl FinishedBlock<'_> {
    /// Subtracts from some columns, `height` values each, what the block contributes to them.
    fn subtract(
        &self,
        columns: Range<usize>,
        local: &[u32],
        height: usize,
        out: &mut [f64],
        space: &mut ProductBuffers,
    ) {
        let before = self.rows.partition_point(|&row| (row as usize) < columns.start);
        let rows = &self.rows[before..];
        let inside = rows.partition_point(|&row| (row as usize) < columns.end);
        if inside == 0 {
            return;
        }
        let stride = self.values.len() / self.width;
        let below = &self.values[stride - self.rows.len() + before..];
        debug_assert!(stride >= self.width + self.from);
        let column = |out: &mut [f64], row: u32| -> Range<usize> {
            let start = (row as usize - columns.start) * height;
            debug_assert!(start + height <= out.len());
            start..start + height
        };
        if rows.len() * inside * self.width <= SMALL {
            for (j, &row) in rows[..inside].iter().enumerate() {
                let place = column(out, row);
                let lines = below.chunks(stride).map(|line| &line[j..rows.len()]);
                subtract_lines(lines, &rows[j..], local, &mut out[place]);
            }
            return;
        }
        let lower =
            MatRef::from_column_major_slice_with_stride(below, rows.len(), self.width, stride);
        space.product.resize(rows.len() * inside, 0.0);
        multiply(lower, inside, &mut space.product);
        space.find_runs(rows, local);
        for (j, &row) in rows[..inside].iter().enumerate() {
            let place = column(out, row);
            space.subtract(j, rows.len(), &mut out[place]);
        }
    }
}

/// Subtracts from one column each line times its first value, rows being put where `local` tells.
fn subtract_lines<'a>(
    lines: impl Iterator<Item = &'a [f64]>,
    rows: &[u32],
    local: &[u32],
    out: &mut [f64],
) {
    for line in lines {
        let factor = line[0];
        for (value, row) in line.iter().zip(rows) {
            out[local[*row as usize] as usize] -= factor * value;
        }
    }
}

impl ProductBuffers {
    fn find_runs(&mut self, rows: &[u32], local: &[u32]) {
        self.runs.clear();
        for (first, &row) in rows.iter().enumerate() {
            let place = local[row as usize] as usize;
            match self.runs.last_mut() {
                Some(run) if run.place + run.len == place => run.len += 1,
                _ => self.runs.push(RowRun { first, place, len: 1 }),
            }
        }
    }

    /// Subtracts a column of the product, of as many `rows`, from its diagonal on.
    fn subtract(&self, column: usize, rows: usize, out: &mut [f64]) {
        let product = &self.product[column * rows..][..rows];
        for run in self.runs.iter().filter(|run| run.first + run.len > column) {
            let skipped = column.saturating_sub(run.first);
            let product = &product[run.first + skipped..run.first + run.len];
            let out = &mut out[run.place + skipped..][..product.len()];
            out.iter_mut().zip(product).for_each(|(out, value)| *out -= value);
        }
    }
}

/// The product of some rows with the first `inside` of them, its lower triangle.
fn multiply(lower: MatRef<f64>, inside: usize, product: &mut [f64]) {
    let mut product = MatMut::from_column_major_slice_mut(product, lower.nrows(), inside);
    let (top, bottom) = lower.split_at_row(inside);
    let (product_top, product_bottom) = product.rb_mut().split_at_row_mut(inside);
    triangular::matmul(
        product_top,
        BlockStructure::TriangularLower,
        Accum::Replace,
        top,
        BlockStructure::Rectangular,
        top.transpose(),
        BlockStructure::Rectangular,
        1.0,
        Par::Seq,
    );
    matmul(product_bottom, Accum::Replace, bottom, top.transpose(), 1.0, Par::Seq);
}
