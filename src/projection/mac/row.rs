//! Rows of the right-hand side: minus the divergence of what does not cross the walls.

use super::MacProjection;
use crate::machine::prefetch;
use crate::machine::wide;

/// Rows from the one being computed to the one being prefetched.
const AHEAD: usize = 4;

/// Sums of the components along x, y, z, and of all squares.
pub(super) type ComponentSums = [f64; 4];

impl<const D: usize> MacProjection<D> {
    /// Fills whole planes of cells from `first` on with −∇·v°, and sums the faces they own: those
    /// below each cell, and the upper wall above the last.
    pub(super) fn right_hand_side(
        &self,
        input: [&[f64]; D],
        first: usize,
        values: &mut [f64],
    ) -> ComponentSums {
        let (nx, rows) = (self.shape[0], self.rows());
        let mut sums = [0.0; 4];
        for (r, out) in values.chunks_exact_mut(nx).enumerate() {
            let row = first / nx + r;
            let along_x = self.row_of(0, input[0], row);
            prefetch(self.row_ahead(0, input[0], row));
            divergence_along_row(along_x, self.bounded[0], 1.0 / self.spacing[0], out);
            note(&mut sums, 0, along_x);
            for k in 1..D {
                let [lower, upper] = self.around(k, row);
                let n = if k + 1 == D { self.shape[k] } else { rows };
                let at = if k + 1 == D { row / rows } else { row % rows };
                let face = |r: usize| &input[k][r * nx..][..nx];
                let walls = [self.bounded[k] && at == 0, self.bounded[k] && at + 1 == n];
                let scale = 1.0 / self.spacing[k];
                prefetch(self.row_ahead(k, input[k], upper));
                if !walls[0] {
                    add_scaled(out, scale, face(lower));
                }
                if !walls[1] {
                    add_scaled(out, -scale, face(upper));
                } else {
                    note(&mut sums, k, face(upper));
                }
                note(&mut sums, k, face(lower));
            }
        }
        sums
    }

    /// Row `row` of component 0 of an array.
    pub(super) fn row_of<'a>(&self, k: usize, values: &'a [f64], row: usize) -> &'a [f64] {
        let len = self.faces(k)[0];
        &values[row * len..][..len]
    }

    /// The row of component k that will be needed a few rows after `row`; empty at the end.
    fn row_ahead<'a>(&self, k: usize, values: &'a [f64], row: usize) -> &'a [f64] {
        let len = if k == 0 { self.faces(0)[0] } else { self.shape[0] };
        values.get((row + AHEAD) * len..(row + AHEAD + 1) * len).unwrap_or_default()
    }

    /// For k > 0, the rows of component k below and above a row of cells.
    pub(super) fn around(&self, k: usize, row: usize) -> [usize; 2] {
        let rows = self.rows();
        let (at, n) = if k + 1 == D { (row / rows, self.shape[k]) } else { (row % rows, rows) };
        // the upper face of the last cell of a periodic axis is the lower one of the first
        let next = if self.bounded[k] { at + 1 } else { (at + 1) % n };
        let faces = n + usize::from(self.bounded[k]);
        if k + 1 == D {
            [row, next * rows + row % rows]
        } else {
            [at, next].map(|y| row / rows * faces + y)
        }
    }
}

wide! {
    /// out = −∂v/∂x with zero at the walls.
    fn divergence_along_row<'a>(v: &'a [f64], bounded: bool, scale: f64, out: &'a mut [f64]) {
        let n = out.len();
        let pairs = v.iter().zip(&v[1..]);
        out.iter_mut().zip(pairs).for_each(|(o, (a, b))| *o = scale * (a - b));
        if bounded {
            out[0] -= scale * v[0];
            out[n - 1] += scale * v[n];
        } else {
            out[n - 1] = scale * (v[n - 1] - v[0]);
        }
    }
}

wide! {
    pub(super) fn add_scaled<'a>(out: &'a mut [f64], scale: f64, v: &'a [f64]) {
        out.iter_mut().zip(v).for_each(|(o, v)| *o += scale * v);
    }
}

wide! {
    /// Adds the values of a row of component k and their squares, in independent sums.
    fn note<'a>(sums: &'a mut ComponentSums, k: usize, row: &'a [f64]) {
        const SUMS: usize = 16;
        let (mut plain, mut squares) = ([0.0; SUMS], [0.0; SUMS]);
        let (blocks, rest) = row.as_chunks::<SUMS>();
        for values in blocks {
            for i in 0..SUMS {
                plain[i] += values[i];
                squares[i] += values[i] * values[i];
            }
        }
        for (i, v) in rest.iter().enumerate() {
            plain[i] += v;
            squares[i] += v * v;
        }
        sums[k] += plain.iter().sum::<f64>();
        sums[3] += squares.iter().sum::<f64>();
    }
}
