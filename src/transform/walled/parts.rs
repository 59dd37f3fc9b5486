//! Last sweep: both parts from the potential, and what is left of the divergence.

use super::WalledProjection;
use crate::transform::stream::{STREAMED_BYTES, finish, stream};

/// Cells of a task, at least: enough to be worth one.
const WORTH_A_TASK: usize = 1 << 15;

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

/// What one thread works in: rows on their way to memory, and solenoidal faces whose divergence is
/// still to be taken.
pub(super) struct Lines {
    stream: bool,
    gradient: Vec<f64>,
    along_row: Vec<f64>,
    /// Lower and upper faces of the row in the plane.
    in_plane: [Vec<f64>; 2],
    /// Lower and upper faces of the plane along the last axis.
    last: [Vec<f64>; 2],
    divergence: Vec<f64>,
}

/// Where on an axis a face is, and with what its part is made.
struct Face<'a> {
    v: &'a [f64],
    /// The potential below and above; `None` at a wall.
    potential: Option<[&'a [f64]; 2]>,
    scale: f64,
    mean: f64,
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
        let bytes = plane * self.shape[D - 1] * size_of::<f64>();
        let zeros = |n: usize| vec![0.0; n];
        Lines {
            stream: bytes >= STREAMED_BYTES,
            gradient: zeros(nx + 1),
            along_row: zeros(nx + 1),
            in_plane: [zeros(nx), zeros(nx)],
            last: [zeros(plane), zeros(plane)],
            divergence: zeros(nx),
        }
    }

    /// Row r of the faces of component k > 0 with index `at` along axis k; `below` and `above` are rows of cells.
    fn face<'a>(
        &self,
        k: usize,
        at: usize,
        rows: (usize, [usize; 2]),
        input: [&'a [f64]; D],
        potential: &'a [f64],
        mean: f64,
    ) -> Face<'a> {
        let nx = self.shape[0];
        let (row, cells) = rows;
        let wall = self.bounded[k] && (at == 0 || at == self.shape[k]);
        Face {
            v: &input[k][row * nx..][..nx],
            potential: (!wall).then(|| cells.map(|r| &potential[r * nx..][..nx])),
            scale: 1.0 / self.spacing[k],
            mean,
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
        let (nx, rows) = (projection.shape[0], projection.rows());
        let work = Work { projection, input, potential, means };
        for y in 0..rows {
            self.last_axis(&work, self.first, y, lines, 0);
        }
        let mut squares = 0.0;
        for z in self.first..self.first + self.planes {
            if D == 3 {
                self.in_plane(&work, z, 0, lines, 0);
            }
            for y in 0..rows {
                self.along_row(&work, z * rows + y, lines);
                self.last_axis(&work, z + 1, y, lines, 1);
                let [lower, upper] = lines.last.each_ref().map(|plane| &plane[y * nx..][..nx]);
                add_difference(
                    &mut lines.divergence,
                    lower,
                    upper,
                    1.0 / projection.spacing[D - 1],
                );
                if D == 3 {
                    self.in_plane(&work, z, y + 1, lines, 1);
                    let [lower, upper] = &lines.in_plane;
                    add_difference(
                        &mut lines.divergence,
                        lower,
                        upper,
                        1.0 / projection.spacing[1],
                    );
                    lines.in_plane.swap(0, 1);
                }
                squares += sum_of_squares(&lines.divergence);
            }
            lines.last.swap(0, 1);
        }
        finish();
        squares
    }

    /// The faces along a row, and their share of its divergence.
    fn along_row(&mut self, work: &Work<D>, row: usize, lines: &mut Lines) {
        let p = work.projection;
        let nx = p.shape[0];
        let v = p.row_of(0, work.input[0], row);
        let phi = &work.potential[row * nx..][..nx];
        let (scale, len) = (1.0 / p.spacing[0], v.len());
        let (g, s) = (&mut lines.gradient[..len], &mut lines.along_row[..len]);
        let neighbours = phi.iter().zip(&phi[1..]);
        g[1..].iter_mut().zip(neighbours).for_each(|(g, (a, b))| *g = scale * (b - a));
        if p.bounded[0] {
            (g[0], g[nx]) = (v[0], v[nx]);
        } else {
            g[0] = scale * (phi[0] - phi[nx - 1]);
        }
        let mean = work.means[0];
        s.iter_mut().zip(v.iter().zip(&*g)).for_each(|(s, (v, g))| *s = v - g - mean);
        let divergence = &mut lines.divergence;
        divergence
            .iter_mut()
            .zip(s.iter().zip(&s[1..]))
            .for_each(|(d, (a, b))| *d = scale * (b - a));
        if !p.bounded[0] {
            divergence[nx - 1] = scale * (s[0] - s[nx - 1]);
        }
        let start = (row - self.first * p.rows()) * len;
        put(lines.stream, &mut self.gradient[0][start..][..len], g);
        put(lines.stream, &mut self.solenoidal[0][start..][..len], s);
    }

    /// Row y of the faces across the rows of plane z.
    fn in_plane(&mut self, work: &Work<D>, z: usize, at: usize, lines: &mut Lines, slot: usize) {
        let p = work.projection;
        let (nx, ny, faces) = (p.shape[0], p.shape[1], p.faces(1)[1]);
        // what lies above the last row of a periodic axis is written as the first one
        let write = at < faces;
        let at = if write { at } else { 0 };
        let cells = [(at + ny - 1) % ny, at % ny].map(|y| z * ny + y);
        let rows = (z * faces + at, cells);
        let face = p.face(1, at, rows, work.input, work.potential, work.means[1]);
        let (g, s) = (&mut lines.gradient[..nx], &mut lines.in_plane[slot][..]);
        face.split(g, s);
        if write {
            let start = ((z - self.first) * faces + at) * nx;
            put(lines.stream, &mut self.gradient[1][start..][..nx], g);
            put(lines.stream, &mut self.solenoidal[1][start..][..nx], s);
        }
    }

    /// Row y of the faces below plane z; those of the next task are not written.
    fn last_axis(&mut self, work: &Work<D>, z: usize, y: usize, lines: &mut Lines, slot: usize) {
        let p = work.projection;
        let (nx, nz, rows) = (p.shape[0], p.shape[D - 1], p.rows());
        let start = ((z - self.first) * rows + y) * nx;
        let at = if z < p.faces(D - 1)[D - 1] { z } else { 0 };
        let cells = [(at + nz - 1) % nz, at % nz].map(|z| z * rows + y);
        let rows = (at * rows + y, cells);
        let face = p.face(D - 1, at, rows, work.input, work.potential, work.means[D - 1]);
        let (g, s) = (&mut lines.gradient[..nx], &mut lines.last[slot][y * nx..][..nx]);
        face.split(g, s);
        if let Some(to) = self.gradient[D - 1].get_mut(start..start + nx) {
            put(lines.stream, to, g);
            put(lines.stream, &mut self.solenoidal[D - 1][start..start + nx], s);
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

impl Face<'_> {
    fn split(&self, gradient: &mut [f64], solenoidal: &mut [f64]) {
        let Some([below, above]) = self.potential else {
            gradient.copy_from_slice(self.v);
            return solenoidal.fill(0.0);
        };
        let parts = gradient.iter_mut().zip(solenoidal);
        for (((g, s), v), (a, b)) in parts.zip(self.v).zip(below.iter().zip(above)) {
            *g = self.scale * (b - a);
            *s = v - *g - self.mean;
        }
    }
}

fn put(past_the_caches: bool, to: &mut [f64], from: &[f64]) {
    if past_the_caches { stream(to, from) } else { to.copy_from_slice(from) }
}

fn add_difference(out: &mut [f64], lower: &[f64], upper: &[f64], scale: f64) {
    let pairs = lower.iter().zip(upper);
    out.iter_mut().zip(pairs).for_each(|(o, (a, b))| *o += scale * (b - a));
}

fn sum_of_squares(row: &[f64]) -> f64 {
    let mut sums = [0.0; 8];
    for values in row.chunks(8) {
        sums.iter_mut().zip(values).for_each(|(s, v)| *s += v * v);
    }
    sums.iter().sum()
}
