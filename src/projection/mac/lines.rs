//! Buffers of one thread in the last sweep.

use super::MacProjection;
use super::faces::{add, add_difference, climb, difference_along};
use crate::field::sum_of_squares;
use crate::machine::NON_TEMPORAL_BYTES;

/// Cells of a band.
const RUN: usize = 2048;

/// Values on their way to memory, and faces whose divergence is still to be taken.
pub(super) struct BandBuffers {
    pub(super) non_temporal: bool,
    /// Rows of a band: enough for runs that the hardware prefetches, few enough for the first caches.
    pub(super) rows: usize,
    /// A run of faces of each part: gradient, solenoidal and, if there is one, harmonic.
    pub(super) runs: Vec<Vec<f64>>,
    /// For each part but the gradient.
    kept: Vec<Kept>,
}

/// The divergence of a band, and faces that it shares with the next ones.
struct Kept {
    divergence: Vec<f64>,
    /// The row of faces between two bands of a plane.
    row: Vec<f64>,
    /// The faces between two planes.
    plane: Vec<f64>,
}

impl BandBuffers {
    pub(super) fn new<const D: usize>(projection: &MacProjection<D>, parts: usize) -> BandBuffers {
        let nx = projection.shape[0];
        let plane: usize = projection.shape[..D - 1].iter().product();
        let rows = (RUN / nx).clamp(1, projection.rows());
        let bytes = plane * projection.shape[D - 1] * size_of::<f64>();
        let zeros = |n: usize| vec![0.0; n];
        let kept = || Kept { divergence: zeros(rows * nx), row: zeros(nx), plane: zeros(plane) };
        BandBuffers {
            non_temporal: bytes >= NON_TEMPORAL_BYTES,
            rows,
            runs: (0..parts).map(|_| zeros((rows + 1) * (nx + 1))).collect(),
            kept: (1..parts).map(|_| kept()).collect(),
        }
    }

    fn each(&mut self) -> impl Iterator<Item = (&mut Vec<f64>, &mut Kept)> {
        self.runs[1..].iter_mut().zip(&mut self.kept)
    }

    /// Begins the divergence of a band with the run of `len` faces along each row of `nx` cells.
    pub(super) fn along_rows(&mut self, rows: usize, len: usize, nx: usize, scale: f64) {
        for (run, kept) in self.each() {
            let rows_of_faces = run.chunks_exact(len).take(rows);
            for (faces, out) in rows_of_faces.zip(kept.divergence.chunks_exact_mut(nx)) {
                difference_along(faces, scale, out);
            }
        }
    }

    /// Puts the row of faces between the last band and this one before those of the run.
    pub(super) fn recall_row(&mut self) {
        self.each().for_each(|(run, kept)| run[..kept.row.len()].copy_from_slice(&kept.row));
    }

    /// Adds the run of faces across `cells` cells, those below the first row included.
    pub(super) fn across_rows(&mut self, cells: usize, scale: f64) {
        for (run, kept) in self.each() {
            let nx = kept.row.len();
            add_difference(&run[..cells + nx], scale, &mut kept.divergence[..cells]);
            kept.row.copy_from_slice(&run[cells..cells + nx]);
        }
    }

    /// Keeps the run as the `cells` faces below cells from `first` of the plane on.
    pub(super) fn lay(&mut self, first: usize, cells: usize) {
        self.each().for_each(|(run, kept)| {
            kept.plane[first..first + cells].copy_from_slice(&run[..cells]);
        });
    }

    /// Adds the run as the faces above these cells, and keeps it as those below the next.
    pub(super) fn climb(&mut self, first: usize, cells: usize, scale: f64) {
        self.each().for_each(|(run, kept)| {
            let below = &mut kept.plane[first..first + cells];
            climb(below, &run[..cells], scale, &mut kept.divergence[..cells]);
        });
    }

    /// Adds to `squares` those of the divergence of the solenoidal part, and of its sum with the harmonic one.
    pub(super) fn sum_squares(&mut self, cells: usize, squares: &mut [f64; 2]) {
        squares[0] += sum_of_squares(&self.kept[0].divergence[..cells]);
        if let [solenoidal, harmonic] = &mut self.kept[..] {
            add(&mut harmonic.divergence[..cells], &solenoidal.divergence[..cells]);
            squares[1] += sum_of_squares(&harmonic.divergence[..cells]);
        }
    }
}
