//! Storage by rows along x with a ghost value at each end, and which rows are neighbours.

use crate::grid::{Grid, neighbours};
use rayon::prelude::*;

/// Levels with fewer values than this are swept by one thread.
const PARALLEL: usize = 1 << 15;

/// Values a thread takes at a time.
const PORTION: usize = 1 << 13;

/// Cells along each axis and which axes wrap around. Value i of a row is stored at i + 1; the two
/// ghosts hold the other end of a periodic row and 0 at walls, so that no sweep knows about ends.
#[derive(Clone, Copy, Debug)]
pub struct Shape<const D: usize> {
    pub cells: [usize; D],
    pub wraps: [bool; D],
}

impl<const D: usize> Shape<D> {
    /// That of a grid, whose periodic axes of one cell have no neighbours.
    pub fn of(grid: &Grid<D>) -> Shape<D> {
        let wraps = grid.axes().map(|a| !a.bounded() && !a.alone());
        Shape { cells: grid.shape(), wraps }
    }

    /// Stored values of a row.
    pub fn stride(&self) -> usize {
        self.cells[0] + 2
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.cells[1..].iter().product()
    }

    /// Stored values.
    pub fn len(&self) -> usize {
        self.stride() * self.rows()
    }

    /// The index of a row along each axis, 0 along x.
    pub fn index_of(&self, mut row: usize) -> [usize; D] {
        let mut index = [0; D];
        for (index, n) in index.iter_mut().zip(self.cells).skip(1) {
            *index = row % n;
            row /= n;
        }
        index
    }

    /// The row with an index, the first entry of which is ignored.
    pub fn row_at(&self, index: [usize; D]) -> usize {
        (1..D).rev().fold(0, |row, k| row * self.cells[k] + index[k])
    }

    /// The neighbours of a position along axis k.
    pub fn neighbours(&self, k: usize, i: usize) -> [Option<usize>; 2] {
        neighbours(self.cells[k], self.wraps[k], i)
    }

    /// The lower (0) or upper (1) neighbour of a position along axis k.
    pub fn beside(&self, k: usize, i: usize, side: usize) -> Option<usize> {
        self.neighbours(k, i)[side]
    }

    /// The lower (0) or upper (1) neighbour of a row along axis k ≥ 1.
    pub fn row_beside(&self, index: [usize; D], k: usize, side: usize) -> Option<usize> {
        let mut at = index;
        at[k] = self.beside(k, index[k], side)?;
        Some(self.row_at(at))
    }

    /// The stored values of a row.
    pub fn row<'a, T>(&self, values: &'a [T], row: usize) -> &'a [T] {
        &values[row * self.stride()..][..self.stride()]
    }

    /// Sets the ghosts of a row.
    pub fn close<T: Copy + Default>(&self, row: &mut [T]) {
        let n = self.cells[0];
        let ends = if self.wraps[0] { (row[n], row[1]) } else { Default::default() };
        (row[0], row[n + 1]) = ends;
    }

    /// Calls `f` with every row of `out`, on several threads where it pays.
    pub fn for_rows<T: Send>(&self, out: &mut [T], f: impl Fn(usize, &mut [T]) + Sync) {
        let stride = self.stride();
        if out.len() < PARALLEL {
            return out.chunks_exact_mut(stride).enumerate().for_each(|(row, out)| f(row, out));
        }
        out.par_chunks_exact_mut(stride)
            .with_min_len(1 + PORTION / stride)
            .enumerate()
            .for_each(|(row, out)| f(row, out));
    }

    /// Calls `f` with the same block of rows of several arrays and adds up what it returns, block
    /// by block, so that the sum does not depend on the number of threads.
    pub fn sum_blocks<const N: usize>(
        &self,
        arrays: [&mut [f64]; N],
        f: impl Fn(usize, [&mut [f64]; N]) -> f64 + Sync,
    ) -> f64 {
        let rows = 1 + PORTION / self.stride();
        let block = rows * self.stride();
        let mut rest = arrays;
        let mut blocks = Vec::new();
        while !rest[0].is_empty() {
            let length = block.min(rest[0].len());
            let (mut heads, mut tails) = (Vec::with_capacity(N), Vec::with_capacity(N));
            for array in rest {
                let (head, tail) = array.split_at_mut(length);
                heads.push(head);
                tails.push(tail);
            }
            blocks.push(to_array::<_, N>(heads));
            rest = to_array(tails);
        }
        let sums: Vec<f64> =
            blocks.into_par_iter().enumerate().map(|(i, block)| f(i * rows, block)).collect();
        sums.into_iter().sum()
    }
}

fn to_array<T, const N: usize>(items: Vec<T>) -> [T; N] {
    items.try_into().ok().expect("one item per array")
}
