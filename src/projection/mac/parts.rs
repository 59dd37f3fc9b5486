//! Last sweep: the parts from the potentials, and their residual divergence.

use super::MacProjection;
use super::lines::BandBuffers;
use super::work::{LastSweep, pieces};
use crate::machine::{fence, store_non_temporal};
use std::ops::Range;

/// The least number of cells of a task.
const WORTH_A_TASK: usize = 1 << 15;

/// The components of each part to write: gradient, solenoidal and, if there is one, harmonic.
pub(super) type OutputParts<'a, const D: usize> = Vec<[&'a mut [f64]; D]>;

/// Neighbouring planes of cells and the faces below them; the last task has the wall above too.
pub(super) struct PlaneTask<'a, const D: usize> {
    first: usize,
    planes: usize,
    parts: OutputParts<'a, D>,
}

/// Rows of a plane of cells.
#[derive(Clone, Copy)]
struct RowBand {
    z: usize,
    first: usize,
    rows: usize,
}

impl<const D: usize> MacProjection<D> {
    /// Cuts the arrays into tasks.
    pub(super) fn tasks<'a>(&self, mut parts: OutputParts<'a, D>) -> Vec<PlaneTask<'a, D>> {
        let in_plane: [usize; D] = std::array::from_fn(|k| self.faces(k)[..D - 1].iter().product());
        let (planes, plane) = (self.shape[D - 1], self.shape[..D - 1].iter().product());
        let share = WORTH_A_TASK.div_ceil(plane).min(planes);
        let mut tasks = Vec::new();
        for first in (0..planes).step_by(share) {
            let count = share.min(planes - first);
            let last = first + count == planes;
            let take = |arrays: &mut [&'a mut [f64]; D]| {
                let mut k = 0;
                arrays.each_mut().map(|array| {
                    let len = if last { array.len() } else { count * in_plane[k] };
                    k += 1;
                    array.split_off_mut(..len).expect("every plane has its faces")
                })
            };
            tasks.push(PlaneTask {
                first,
                planes: count,
                parts: parts.iter_mut().map(take).collect(),
            });
        }
        tasks
    }
}

impl<const D: usize> PlaneTask<'_, D> {
    /// Writes the parts and returns the sums of squares of the residuals of the two equations; the
    /// second is 0 if there is only one.
    pub(super) fn run(mut self, work: &LastSweep<D>, lines: &mut BandBuffers) -> [f64; 2] {
        let p = work.projection;
        let (nx, rows) = (p.shape[0], p.rows());
        let share = lines.rows;
        let bands = |z| {
            let step = (0..rows).step_by(share);
            step.map(move |first| RowBand { z, first, rows: share.min(rows - first) })
        };
        for band in bands(self.first) {
            self.last_axis(work, band, lines);
            lines.lay(band.first * nx, band.rows * nx);
        }
        let mut squares = [0.0; 2];
        for z in self.first..self.first + self.planes {
            for band in bands(z) {
                let cells = band.rows * nx;
                self.along_rows(work, band, lines);
                lines.along_rows(band.rows, p.faces(0)[0], nx, 1.0 / p.spacing[0]);
                self.last_axis(work, RowBand { z: z + 1, ..band }, lines);
                lines.climb(band.first * nx, cells, 1.0 / p.spacing[D - 1]);
                if D == 3 {
                    self.across_rows(work, band, lines);
                    lines.across_rows(cells, 1.0 / p.spacing[1]);
                }
                lines.sum_squares(cells, &mut squares);
            }
        }
        fence();
        squares
    }

    /// The faces along rows.
    fn along_rows(&mut self, work: &LastSweep<D>, band: RowBand, lines: &mut BandBuffers) {
        let p = work.projection;
        let (nx, len) = (p.shape[0], p.faces(0)[0]);
        let row = band.z * p.rows() + band.first;
        for r in 0..band.rows {
            work.prefetch_row(band.z, band.first + band.rows + r);
            for piece in pieces(nx, 0..len) {
                let cells = work.beside(0, piece.start).map(|x| (row + r) * nx + x);
                let at = (row + r) * len + piece.start;
                let faces = work.faces(0, at, cells, piece.len());
                faces.split(&mut lines.runs, r * len + piece.start);
            }
        }
        let start = (row - self.first * p.rows()) * len;
        self.put(0, start..start + band.rows * len, lines, 0);
    }

    /// The faces above the rows of a band, within their plane, and with the first band those below.
    fn across_rows(&mut self, work: &LastSweep<D>, band: RowBand, lines: &mut BandBuffers) {
        let p = work.projection;
        let (nx, ny, faces) = (p.shape[0], p.shape[1], p.faces(1)[1]);
        let low = if band.first == 0 { 0 } else { band.first + 1 };
        let high = band.first + band.rows;
        if low > 0 {
            lines.recall_row();
        }
        for piece in pieces(ny, low..high + 1) {
            let cells = work.beside(1, piece.start).map(|y| (band.z * ny + y) * nx);
            // on a periodic axis the last face is the first
            let at = (band.z * faces + piece.start % faces) * nx;
            let run = work.faces(1, at, cells, piece.len() * nx);
            run.split(&mut lines.runs, (piece.start - band.first) * nx);
        }
        let start = (band.z - self.first) * faces;
        let to = (start + low) * nx..(start + (high + 1).min(faces)) * nx;
        self.put(1, to, lines, (low - band.first) * nx);
    }

    /// The faces below a band along the last axis; those of the next task are not written.
    fn last_axis(&mut self, work: &LastSweep<D>, band: RowBand, lines: &mut BandBuffers) {
        let p = work.projection;
        let (nx, n) = (p.shape[0], band.rows * p.shape[0]);
        let value = |z: usize| (z * p.rows() + band.first) * nx;
        let at = value(band.z % p.faces(D - 1)[D - 1]);
        let cells = work.beside(D - 1, band.z).map(value);
        work.faces(D - 1, at, cells, n).split(&mut lines.runs, 0);
        let start = value(band.z - self.first);
        if start + n <= self.parts[0][D - 1].len() {
            self.put(D - 1, start..start + n, lines, 0);
        }
    }

    /// Writes values of component k of each part, found from `from` on in its run.
    fn put(&mut self, k: usize, to: Range<usize>, lines: &BandBuffers, from: usize) {
        for (part, run) in self.parts.iter_mut().zip(&lines.runs) {
            let (to, from) = (&mut part[k][to.clone()], &run[from..][..to.len()]);
            if lines.non_temporal { store_non_temporal(to, from) } else { to.copy_from_slice(from) }
        }
    }
}
