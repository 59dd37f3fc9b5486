//! What the last sweep reads.

use super::MacProjection;
use super::faces::{Beside, FaceRun};
use crate::machine::prefetch;
use std::ops::Range;

/// The field and its potentials.
pub(super) struct LastSweep<'a, const D: usize> {
    pub(super) projection: &'a MacProjection<D>,
    pub(super) input: [&'a [f64]; D],
    /// The potential with Neumann walls.
    pub(super) neumann: &'a [f64],
    /// The one with Dirichlet walls, under normal-parallel.
    pub(super) dirichlet: Option<&'a [f64]>,
    pub(super) means: [f64; D],
}

/// The cells beside faces, by their index along the axis or by that of their first value.
#[derive(Clone, Copy)]
pub(super) enum Cells {
    Between([usize; 2]),
    /// Only below the wall or only above it.
    Wall {
        cell: usize,
        sign: f64,
    },
}

impl Cells {
    pub(super) fn map(self, place: impl Fn(usize) -> usize) -> Cells {
        match self {
            Cells::Between(cells) => Cells::Between(cells.map(place)),
            Cells::Wall { cell, sign } => Cells::Wall { cell: place(cell), sign },
        }
    }
}

impl<'a, const D: usize> LastSweep<'a, D> {
    /// The cells beside face i of axis k.
    pub(super) fn beside(&self, k: usize, i: usize) -> Cells {
        let n = self.projection.shape[k];
        match (self.projection.bounded[k], i) {
            (true, 0) => Cells::Wall { cell: 0, sign: 1.0 },
            (true, i) if i == n => Cells::Wall { cell: n - 1, sign: -1.0 },
            _ => Cells::Between([(i + n - 1) % n, i % n]),
        }
    }

    /// `n` faces of component k from value `at` on, beside cells by their first values.
    pub(super) fn faces(&self, k: usize, at: usize, cells: Cells, n: usize) -> FaceRun<'a> {
        let beside = match cells {
            Cells::Between(cells) => Beside::Between {
                neumann: cells.map(|c| &self.neumann[c..][..n]),
                dirichlet: self.dirichlet.map(|dirichlet| cells.map(|c| &dirichlet[c..][..n])),
            },
            Cells::Wall { cell, sign } => Beside::Wall {
                dirichlet: self.dirichlet.map(|dirichlet| &dirichlet[cell..][..n]),
                sign,
            },
        };
        let scale = 1.0 / self.projection.spacing[k];
        FaceRun { v: &self.input[k][at..][..n], beside, scale, mean: self.means[k] }
    }

    /// Prefetches what a later row of a plane needs.
    pub(super) fn prefetch_row(&self, z: usize, row: usize) {
        let p = self.projection;
        let above = (z + 1) * p.rows() + row;
        for (values, row, len) in [
            (self.input[0], z * p.rows() + row, p.faces(0)[0]),
            (self.input[D - 1], above, p.shape[0]),
            (self.neumann, above, p.shape[0]),
            (self.dirichlet.unwrap_or_default(), above, p.shape[0]),
        ] {
            prefetch(values.get(row * len..(row + 1) * len).unwrap_or_default());
        }
        if D == 3 {
            let (row, len) = (z * p.faces(1)[1] + row, p.shape[0]);
            prefetch(self.input[1].get(row * len..(row + 1) * len).unwrap_or_default());
        }
    }
}

/// Faces of an axis of n cells, cut where the first and the last one end: these are a wall or the same face.
pub(super) fn pieces(n: usize, faces: Range<usize>) -> impl Iterator<Item = Range<usize>> {
    let Range { start, end } = faces;
    let pieces = [start..end.min(1), start.max(1)..end.min(n), start.max(n)..end];
    pieces.into_iter().filter(|piece| !piece.is_empty())
}
