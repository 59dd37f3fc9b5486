//! Last sweep: both parts from the potential, and what is left of the divergence.

use super::WalledProjection;
use super::faces::{AlongRow, Faces, add_difference, split_row, sum_of_squares};
use crate::transform::stream::{STREAMED_BYTES, fetch, finish, stream};

/// Cells of a task, at least: enough to be worth one.
const WORTH_A_TASK: usize = 1 << 15;

/// Cells of a band.
const RUN: usize = 2048;

/// The arrays to write.
pub(super) struct Tasks<'a, const D: usize> {
    planes: usize,
    plane: usize,
    /// Values of each component in a plane.
    in_plane: [usize; D],
    gradient: [&'a mut [f64]; D],
    solenoidal: [&'a mut [f64]; D],
}

/// Neighbouring planes of cells and the faces below them; the last task has the wall above too.
pub(super) struct Task<'a, const D: usize> {
    first: usize,
    planes: usize,
    gradient: [&'a mut [f64]; D],
    solenoidal: [&'a mut [f64]; D],
}

/// What one thread works in: values on their way to memory, and solenoidal faces whose divergence is
/// still to be taken.
pub(super) struct Lines {
    stream: bool,
    /// Rows of a band: enough for runs that the hardware prefetches, few enough for the first caches.
    rows: usize,
    gradient: Vec<f64>,
    along_rows: Vec<f64>,
    /// Faces across the rows: below the band, and above each of its rows.
    in_plane: Vec<f64>,
    /// Lower and upper faces of the plane along the last axis.
    last: [Vec<f64>; 2],
    divergence: Vec<f64>,
}

/// Rows of a plane of cells.
#[derive(Clone, Copy)]
struct Band {
    z: usize,
    first: usize,
    rows: usize,
}

impl<'a, const D: usize> Tasks<'a, D> {
    pub(super) fn new(
        projection: &WalledProjection<D>,
        gradient: [&'a mut [f64]; D],
        solenoidal: [&'a mut [f64]; D],
    ) -> Tasks<'a, D> {
        let in_plane =
            std::array::from_fn(|k| projection.faces(k)[..D - 1].iter().product::<usize>());
        let plane = projection.shape[..D - 1].iter().product();
        Tasks { planes: projection.shape[D - 1], plane, in_plane, gradient, solenoidal }
    }

    pub(super) fn cut(self) -> Vec<Task<'a, D>> {
        let share = WORTH_A_TASK.div_ceil(self.plane).min(self.planes);
        let mut tasks = Vec::new();
        let (mut gradient, mut solenoidal) = (self.gradient, self.solenoidal);
        for first in (0..self.planes).step_by(share) {
            let planes = share.min(self.planes - first);
            let last = first + planes == self.planes;
            let take = |arrays: &mut [&'a mut [f64]; D]| {
                let mut k = 0;
                arrays.each_mut().map(|array| {
                    let len = if last { array.len() } else { planes * self.in_plane[k] };
                    k += 1;
                    array.split_off_mut(..len).expect("every plane has its faces")
                })
            };
            let parts = (take(&mut gradient), take(&mut solenoidal));
            tasks.push(Task { first, planes, gradient: parts.0, solenoidal: parts.1 });
        }
        tasks
    }
}

impl<const D: usize> WalledProjection<D> {
    pub(super) fn lines(&self) -> Lines {
        let nx = self.shape[0];
        let plane: usize = self.shape[..D - 1].iter().product();
        let rows = (RUN / nx).clamp(1, self.rows());
        let bytes = plane * self.shape[D - 1] * size_of::<f64>();
        let zeros = |n: usize| vec![0.0; n];
        Lines {
            stream: bytes >= STREAMED_BYTES,
            rows,
            gradient: zeros((rows + 1) * (nx + 1)),
            along_rows: zeros(rows * (nx + 1)),
            in_plane: zeros((rows + 1) * nx),
            last: [zeros(plane), zeros(plane)],
            divergence: zeros(rows * nx),
        }
    }
}

impl<const D: usize> Task<'_, D> {
    /// Writes the parts and returns the sum of squares of the divergence of the solenoidal one.
    pub(super) fn run(
        mut self,
        projection: &WalledProjection<D>,
        input: [&[f64]; D],
        potential: &[f64],
        means: [f64; D],
        lines: &mut Lines,
    ) -> f64 {
        let work = Work { projection, input, potential, means };
        let (nx, rows) = (projection.shape[0], projection.rows());
        let bands = |z| {
            let step = (0..rows).step_by(lines.rows);
            let share = lines.rows;
            step.map(move |first| Band { z, first, rows: share.min(rows - first) })
        };
        let bands: Vec<Vec<Band>> =
            (self.first..=self.first + self.planes).map(|z| bands(z).collect()).collect();
        bands[0].iter().for_each(|band| self.last_axis(&work, *band, lines, 0));
        let mut squares = 0.0;
        for (here, above) in bands.iter().zip(&bands[1..]) {
            for (band, above) in here.iter().zip(above) {
                let n = band.rows * nx;
                self.along_rows(&work, *band, lines);
                self.last_axis(&work, *above, lines, 1);
                let divergence = &mut lines.divergence[..n];
                let [lower, upper] = lines.last.each_ref().map(|f| &f[band.first * nx..][..n]);
                add_difference(divergence, lower, upper, 1.0 / projection.spacing[D - 1]);
                if D == 3 {
                    self.in_plane(&work, *band, lines);
                    let faces = &mut lines.in_plane;
                    let divergence = &mut lines.divergence[..n];
                    add_difference(divergence, faces, &faces[nx..], 1.0 / projection.spacing[1]);
                    faces.copy_within(n..n + nx, 0);
                }
                squares += sum_of_squares(&lines.divergence[..n]);
            }
            lines.last.swap(0, 1);
        }
        finish();
        squares
    }

    /// The faces along rows, and their share of the divergence.
    fn along_rows(&mut self, work: &Work<D>, band: Band, lines: &mut Lines) {
        let p = work.projection;
        let (nx, len) = (p.shape[0], p.faces(0)[0]);
        let (scale, mean) = (1.0 / p.spacing[0], work.means[0]);
        let row = band.z * p.rows() + band.first;
        let v = work.input[0][row * len..].chunks_exact(len).take(band.rows);
        let phi = work.potential[row * nx..].chunks_exact(nx);
        let parts =
            lines.gradient.chunks_exact_mut(len).zip(lines.along_rows.chunks_exact_mut(len));
        let divergence = lines.divergence.chunks_exact_mut(nx);
        for (r, (((v, phi), (g, s)), d)) in v.zip(phi).zip(parts).zip(divergence).enumerate() {
            work.fetch_row(band.z, band.first + band.rows + r);
            let row = AlongRow { v, phi, scale, mean, bounded: p.bounded[0] };
            split_row(row, g, s, d);
        }
        let to =
            (row - self.first * p.rows()) * len..(row + band.rows - self.first * p.rows()) * len;
        put(lines.stream, &mut self.gradient[0][to.clone()], &lines.gradient);
        put(lines.stream, &mut self.solenoidal[0][to], &lines.along_rows);
    }

    /// The faces above the rows of a band, within their plane, and with the first band those below.
    fn in_plane(&mut self, work: &Work<D>, band: Band, lines: &mut Lines) {
        let p = work.projection;
        let (nx, ny, faces) = (p.shape[0], p.shape[1], p.faces(1)[1]);
        let low = if band.first == 0 { 0 } else { band.first + 1 };
        let high = band.first + band.rows;
        let mut split = |from: usize, to: usize, cells: Option<[usize; 2]>| {
            let (n, at) = ((to - from) * nx, (from - band.first) * nx);
            let row = band.z * faces + if from < faces { from } else { 0 };
            let run = work.faces(1, row * nx, cells.map(|c| c.map(|y| (band.z * ny + y) * nx)), n);
            run.split(&mut lines.gradient[at..][..n], &mut lines.in_plane[at..][..n]);
        };
        // the first and the last face are a wall, or the same one
        let ends = (!p.bounded[1]).then_some([ny - 1, 0]);
        if low == 0 {
            split(0, 1, ends);
        }
        let inside = low.max(1)..(high + 1).min(ny);
        if !inside.is_empty() {
            split(inside.start, inside.end, Some([inside.start - 1, inside.start]));
        }
        if high == ny {
            split(ny, ny + 1, ends);
        }
        let end = (high + 1).min(faces);
        let from = (low - band.first) * nx;
        let start = (band.z - self.first) * faces;
        let to = (start + low) * nx..(start + end) * nx;
        put(lines.stream, &mut self.gradient[1][to.clone()], &lines.gradient[from..]);
        put(lines.stream, &mut self.solenoidal[1][to], &lines.in_plane[from..]);
    }

    /// The faces below a band along the last axis; those of the next task are not written.
    fn last_axis(&mut self, work: &Work<D>, band: Band, lines: &mut Lines, slot: usize) {
        let p = work.projection;
        let (nx, nz, rows) = (p.shape[0], p.shape[D - 1], p.rows());
        let n = band.rows * nx;
        let value = |z: usize| (z * rows + band.first) * nx;
        let at = if band.z < p.faces(D - 1)[D - 1] { band.z } else { 0 };
        let wall = p.bounded[D - 1] && (at == 0 || at == nz);
        let cells = (!wall).then(|| [value((at + nz - 1) % nz), value(at)]);
        let s = &mut lines.last[slot][band.first * nx..][..n];
        work.faces(D - 1, value(at), cells, n).split(&mut lines.gradient[..n], s);
        let start = value(band.z - self.first);
        if let Some(to) = self.gradient[D - 1].get_mut(start..start + n) {
            put(lines.stream, to, &lines.gradient);
            put(lines.stream, &mut self.solenoidal[D - 1][start..start + n], s);
        }
    }
}

/// What the tasks read.
struct Work<'a, const D: usize> {
    projection: &'a WalledProjection<D>,
    input: [&'a [f64]; D],
    potential: &'a [f64],
    means: [f64; D],
}

impl<'a, const D: usize> Work<'a, D> {
    /// Asks for what a later row of a plane needs.
    fn fetch_row(&self, z: usize, row: usize) {
        let p = self.projection;
        let above = (z + 1) * p.rows() + row;
        for (values, row, len) in [
            (self.input[0], z * p.rows() + row, p.faces(0)[0]),
            (self.input[D - 1], above, p.shape[0]),
            (self.potential, above, p.shape[0]),
        ] {
            fetch(values.get(row * len..(row + 1) * len).unwrap_or_default());
        }
        if D == 3 {
            let (row, len) = (z * p.faces(1)[1] + row, p.shape[0]);
            fetch(self.input[1].get(row * len..(row + 1) * len).unwrap_or_default());
        }
    }

    /// `n` faces of component k from value `at` on; `cells` are the first cells below and above, `None`
    /// at a wall.
    fn faces(&self, k: usize, at: usize, cells: Option<[usize; 2]>, n: usize) -> Faces<'a> {
        Faces {
            v: &self.input[k][at..][..n],
            potential: cells.map(|c| c.map(|c| &self.potential[c..][..n])),
            scale: 1.0 / self.projection.spacing[k],
            mean: self.means[k],
        }
    }
}

/// Fills `to` with the first values of `from`.
fn put(past_the_caches: bool, to: &mut [f64], from: &[f64]) {
    let from = &from[..to.len()];
    if past_the_caches { stream(to, from) } else { to.copy_from_slice(from) }
}
