//! The numeric factorisation, supernode by supernode, halves of the dissection in parallel.

use super::super::dissection::Part;
use faer::dyn_stack::{MemBuffer, MemStack};
use faer::linalg::cholesky::llt::factor::{cholesky_in_place, cholesky_in_place_scratch};
use faer::linalg::matmul::matmul;
use faer::linalg::matmul::triangular::{self, BlockStructure};
use faer::linalg::triangular_solve::solve_lower_triangular_in_place;
use faer::prelude::{Reborrow, ReborrowMut};
use faer::sparse::linalg::cholesky::supernodal::SymbolicSupernodalCholesky;
use faer::{Accum, MatMut, MatRef, Par};
use sprs::CsMat;
use std::ops::Range;

/// Updates of fewer multiplications are done where they belong, without a dense product.
const SMALL: usize = 1 << 10;

/// Dense operations of at least this many multiplications use every thread.
const LARGE: usize = 1 << 24;

/// Where the columns of L are stored: each supernode is a dense block of its columns, the rows of
/// which are the columns themselves and then `rows(s)`.
pub struct Layout {
    /// The first column of every supernode, and the end.
    starts: Vec<usize>,
    /// The place of the values of every supernode, and the end.
    places: Vec<usize>,
    /// The place of the row numbers of every supernode, and the end.
    row_places: Vec<usize>,
    rows: Vec<u32>,
    /// The supernode of every column.
    of_column: Vec<u32>,
}

impl Layout {
    /// The layout an analysis leads to.
    pub fn new(symbolic: &SymbolicSupernodalCholesky<usize>) -> Layout {
        let count = symbolic.n_supernodes();
        let mut starts = symbolic.supernode_begin()[..count].to_vec();
        starts.push(symbolic.nrows());
        let mut of_column = vec![0; symbolic.nrows()];
        let (mut rows, mut row_places) = (Vec::new(), vec![0]);
        for s in 0..count {
            of_column[starts[s]..starts[s + 1]].fill(s as u32);
            let from = symbolic.col_ptr_for_row_idx()[s];
            let found = &symbolic.row_idx()[from..][..symbolic.nnz_per_super()[s]];
            rows.extend(found.iter().map(|&row| row as u32));
            row_places.push(rows.len());
        }
        let places = symbolic.col_ptr_for_val()[..count + 1].to_vec();
        Layout { starts, places, row_places, rows, of_column }
    }

    /// Number of rows and columns of L.
    pub fn order(&self) -> usize {
        self.of_column.len()
    }

    /// Number of supernodes.
    pub fn supernodes(&self) -> usize {
        self.starts.len() - 1
    }

    /// Stored values, the zeros inside blocks included.
    pub fn values(&self) -> usize {
        self.places[self.places.len() - 1]
    }

    /// The columns of a supernode.
    pub fn columns(&self, s: usize) -> Range<usize> {
        self.starts[s]..self.starts[s + 1]
    }

    /// The rows below the columns of a supernode, rising.
    pub fn rows(&self, s: usize) -> &[u32] {
        &self.rows[self.row_places[s]..self.row_places[s + 1]]
    }

    /// Where the block of a supernode is stored.
    pub fn place(&self, s: usize) -> Range<usize> {
        self.places[s]..self.places[s + 1]
    }

    /// The supernodes that lie in a range of columns as a whole.
    pub fn inside(&self, columns: &Range<usize>) -> Range<usize> {
        let first = self.starts.partition_point(|&start| start < columns.start);
        let end = self.starts.partition_point(|&end| end <= columns.end) - 1;
        first..end.max(first)
    }

    /// The supernodes of a part that lie in neither of its halves.
    pub fn separators(&self, part: &Part, inside: &Range<usize>) -> Range<usize> {
        let halves = part.halves.as_ref().map(|halves| self.inside(&halves[1].range).end);
        halves.unwrap_or(inside.start)..inside.end
    }
}

/// A column block that still has to be subtracted from later ones: the supernode, and the first
/// of its rows that is not dealt with.
type Waiting = (u32, u32);

/// A pivot that is not positive, at this place of the order.
pub struct NotPositive(pub usize);

/// Factors a symmetric positive definite matrix, `order` telling which of its rows is eliminated
/// at each place.
pub struct Factorisation<'a> {
    pub layout: &'a Layout,
    pub matrix: &'a CsMat<f64>,
    pub order: &'a [usize],
    pub place: &'a [usize],
}

impl Factorisation<'_> {
    /// Computes all values of L. Independent parts are factored by different threads.
    pub fn run(&self, whole: &Part, values: &mut [f64]) -> Result<(), NotPositive> {
        self.part(whole, true, values).map(|_| ())
    }

    /// Factors the supernodes inside a part, whose values are given; returns what waits for
    /// columns after it. `alone` tells that no other part is being factored.
    fn part(
        &self,
        part: &Part,
        alone: bool,
        values: &mut [f64],
    ) -> Result<Vec<Waiting>, NotPositive> {
        let layout = self.layout;
        let inside = layout.inside(&part.range);
        let Some(halves) = &part.halves else {
            return Worker::new(self, inside.clone(), false).run(inside, Vec::new(), values);
        };
        let [a, b] = &**halves;
        let (in_a, in_b) = (layout.inside(&a.range), layout.inside(&b.range));
        let base = self.offset(inside.start);
        let split = self.offset(in_b.start) - base;
        let used = self.offset(in_b.end) - base;
        let (values_a, rest) = values.split_at_mut(split);
        let values_b = &mut rest[..used - split];
        assert_eq!(in_a.end, in_b.start, "a supernode across independent halves");
        let (from_a, from_b) =
            rayon::join(|| self.part(a, false, values_a), || self.part(b, false, values_b));
        let mut waiting = from_a?;
        waiting.append(&mut from_b?);
        let separators = layout.separators(part, &inside);
        Worker::new(self, inside, alone).run(separators, waiting, values)
    }

    fn offset(&self, s: usize) -> usize {
        self.layout.places[s]
    }
}

/// One thread's working space.
struct Worker<'a> {
    job: &'a Factorisation<'a>,
    /// The supernodes whose values are at hand.
    inside: Range<usize>,
    parallel: bool,
    /// The row of the current block at which a row of L is stored.
    local: Vec<u32>,
    product: Vec<f64>,
    scratch: MemBuffer,
}

impl<'a> Worker<'a> {
    fn new(job: &'a Factorisation<'a>, inside: Range<usize>, parallel: bool) -> Worker<'a> {
        let widest = inside.clone().map(|s| job.layout.columns(s).len()).max().unwrap_or(0);
        let scratch =
            MemBuffer::new(cholesky_in_place_scratch::<f64>(widest, Par::Seq, Default::default()));
        let local = vec![0; job.layout.order()];
        Worker { job, inside, parallel, local, product: Vec::new(), scratch }
    }

    fn threads(&self, multiplications: usize) -> Par {
        if self.parallel && multiplications >= LARGE { Par::rayon(0) } else { Par::Seq }
    }

    /// Factors supernodes in turn: each is assembled, loses the products of earlier columns, and
    /// becomes triangular.
    fn run(
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
            for (d, from) in std::mem::take(&mut lists[s - supernodes.start]) {
                let place = layout.place(d as usize);
                let until = self.subtract(
                    s,
                    block,
                    d as usize,
                    from as usize,
                    &earlier[place.start - base..][..place.len()],
                );
                wait(&mut lists, (d, until as u32));
            }
            self.eliminate(s, block)?;
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

    /// Subtracts from block s the product of the rows of block d from row `from` on; returns the
    /// first row of d beyond the columns of s.
    fn subtract(
        &mut self,
        s: usize,
        block: &mut [f64],
        d: usize,
        from: usize,
        earlier: &[f64],
    ) -> usize {
        let layout = self.job.layout;
        let columns = layout.columns(s);
        let height = columns.len() + layout.rows(s).len();
        let width = layout.columns(d).len();
        let all = layout.rows(d);
        let rows = &all[from..];
        let inside = rows.partition_point(|&row| (row as usize) < columns.end);
        let stride = width + all.len();
        let below = &earlier[width + from..];
        if rows.len() * inside * width <= SMALL {
            for (j, &column) in rows[..inside].iter().enumerate() {
                let out = &mut block[(column as usize - columns.start) * height..][..height];
                for k in 0..width {
                    let line = &below[k * stride..][..rows.len()];
                    let factor = line[j];
                    for (value, row) in line[j..].iter().zip(&rows[j..]) {
                        out[self.local[*row as usize] as usize] -= factor * value;
                    }
                }
            }
            return from + inside;
        }
        let lower = MatRef::from_column_major_slice_with_stride(below, rows.len(), width, stride);
        self.product.resize(rows.len() * inside, 0.0);
        let par = self.threads(rows.len() * inside * width);
        let mut product =
            MatMut::from_column_major_slice_mut(&mut self.product, rows.len(), inside);
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
            par,
        );
        matmul(product_bottom, Accum::Replace, bottom, top.transpose(), 1.0, par);
        for (j, &column) in rows[..inside].iter().enumerate() {
            let out = &mut block[(column as usize - columns.start) * height..][..height];
            let product = &self.product[j * rows.len()..][..rows.len()];
            for (value, row) in product[j..].iter().zip(&rows[j..]) {
                out[self.local[*row as usize] as usize] -= value;
            }
        }
        from + inside
    }

    /// Factors the square at the top of a block and divides the rest by it.
    fn eliminate(&mut self, s: usize, block: &mut [f64]) -> Result<(), NotPositive> {
        let (columns, rows) = (self.job.layout.columns(s), self.job.layout.rows(s));
        let (width, height) = (columns.len(), columns.len() + rows.len());
        let par = self.threads(width * width * height);
        let block = MatMut::from_column_major_slice_mut(block, height, width);
        let (mut top, bottom) = block.split_at_row_mut(width);
        let stack = MemStack::new(&mut self.scratch);
        cholesky_in_place(top.rb_mut(), Default::default(), par, stack, Default::default())
            .map_err(
                |faer::linalg::cholesky::llt::factor::LltError::NonPositivePivot { index }| {
                    NotPositive(columns.start + index)
                },
            )?;
        solve_lower_triangular_in_place(top.rb(), bottom.transpose_mut(), par);
        Ok(())
    }
}
