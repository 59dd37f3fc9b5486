//! Second sweep: the last axis, and the projection.

use super::Leray;
use super::pitch_of;
use super::slab::Arrays;
use crate::transform::Precision;
use crate::transform::stream::fetch;
use crate::transform::wide::wide;
use num_complex::Complex;
use rayon::prelude::*;

/// Bytes of the two tiles of a thread: half of a second-level cache.
const TILE_BYTES: usize = 1 << 19;

/// Least and greatest bytes of a run in a plane.
const RUN_BYTES: [usize; 2] = [128, 512];

/// The second sweep of a projection.
pub(super) struct Pencils<'a, const D: usize, T> {
    leray: &'a Leray<D, T>,
    /// Wavenumbers along the last axis, and their squares.
    last: &'a [T],
    squares: Vec<T>,
    /// Values in a column of a plane of the spectrum.
    column: usize,
    /// Pencils side by side.
    width: usize,
    /// 1/N
    scale: T,
}

/// Pieces of every plane of S and of W, and the place of the first value in its plane.
struct Task<'a, T> {
    first: usize,
    pieces: [Vec<&'a mut [Complex<T>]>; 2],
}

/// The lanes of the two tiles and the scratch of the transforms.
struct Tiles<T> {
    lanes: [Vec<Complex<T>>; 2],
    fft: Vec<Complex<T>>,
}

impl<'a, const D: usize, T: Precision> Pencils<'a, D, T> {
    pub(super) fn new(leray: &'a Leray<D, T>) -> Pencils<'a, D, T> {
        let last = &leray.wavenumbers[D - 1];
        let lane_bytes = 2 * pitch_of::<T>(last.len()) * size_of::<Complex<T>>();
        let [least, most] = RUN_BYTES.map(|bytes| bytes / size_of::<Complex<T>>());
        Pencils {
            leray,
            last,
            squares: last.iter().map(|k| *k * *k).collect(),
            column: leray.plane() / leray.shape[0],
            width: (TILE_BYTES / lane_bytes).clamp(least, most) / 4 * 4,
            scale: T::of(1.0 / leray.shape.iter().product::<usize>() as f64),
        }
    }

    /// Turns S and W into P and Q.
    pub(super) fn sweep(&self, arrays: &mut Arrays<D, T>) {
        let plane = self.leray.plane();
        let kept = self.column * (self.leray.shape[0] / 2);
        let [s, w, ..] = &mut arrays.gradient[..] else { return };
        let [s_last, w_last] = &mut arrays.last_column;
        let mut tasks = Vec::new();
        if kept > 0 {
            let planes = |array| {
                let planes = <[T]>::chunks_exact_mut(array, plane);
                planes.map(|p| bytemuck::cast_slice_mut(&mut p[..2 * kept]))
            };
            self.cut(0, planes(s), planes(w), &mut tasks);
        }
        let columns = [s_last, w_last].map(|array| array.chunks_exact_mut(self.column));
        let [s, w] = columns;
        self.cut(kept, s, w, &mut tasks);
        tasks.into_par_iter().for_each_init(|| self.tiles(), |tiles, task| self.run(task, tiles));
    }

    /// Cuts planes into tasks, several for each thread.
    fn cut<'b>(
        &self,
        first: usize,
        s: impl Iterator<Item = &'b mut [Complex<T>]>,
        w: impl Iterator<Item = &'b mut [Complex<T>]>,
        tasks: &mut Vec<Task<'b, T>>,
    ) {
        let start = tasks.len();
        for planes in s.zip(w) {
            let len = planes.0.len();
            let share = len.div_ceil(8 * rayon::current_num_threads());
            let share = share.next_multiple_of(self.width);
            if tasks.len() == start {
                let task = |t| Task { first: first + t * share, pieces: [Vec::new(), Vec::new()] };
                tasks.extend((0..len.div_ceil(share)).map(task));
            }
            let pieces = planes.0.chunks_mut(share).zip(planes.1.chunks_mut(share));
            for (task, (s, w)) in tasks[start..].iter_mut().zip(pieces) {
                task.pieces[0].push(s);
                task.pieces[1].push(w);
            }
        }
    }

    fn tiles(&self) -> Tiles<T> {
        let [forward, inverse] =
            [&self.leray.forward, &self.leray.inverse].map(|f| f[D - 1].get_inplace_scratch_len());
        let lanes = || vec![Complex::default(); self.width * pitch_of::<T>(self.last.len())];
        Tiles { lanes: [lanes(), lanes()], fft: vec![Complex::default(); forward.max(inverse)] }
    }

    fn run(&self, mut task: Task<T>, tiles: &mut Tiles<T>) {
        let len = task.pieces[0][0].len();
        let pitch = pitch_of::<T>(self.last.len());
        for offset in (0..len).step_by(self.width) {
            let width = self.width.min(len - offset);
            for (pieces, lanes) in task.pieces.iter().zip(&mut tiles.lanes) {
                load(pieces, offset, width, lanes, pitch);
            }
            for l in 0..width {
                // rows of a plane are so near to each other that the next tile would push out this one
                if D == 3 {
                    fetch_share(&task.pieces, offset + self.width, l, self.width);
                }
                self.pencil(task.first + offset + l, l * pitch, tiles);
            }
            for (pieces, lanes) in task.pieces.iter_mut().zip(&tiles.lanes) {
                store(pieces, offset, width, lanes, pitch);
            }
        }
    }

    /// One pencil: the lanes that start at `start` of the tiles, at `place` of every plane.
    fn pencil(&self, place: usize, start: usize, tiles: &mut Tiles<T>) {
        let n = self.last.len();
        let [s, w] = tiles.lanes.each_mut().map(|lanes| &mut lanes[start..start + n]);
        let (forward, inverse) = (&self.leray.forward[D - 1], &self.leray.inverse[D - 1]);
        forward.process_with_scratch(s, &mut tiles.fft);
        forward.process_with_scratch(w, &mut tiles.fft);
        project(
            self.scale,
            self.square_in_plane(place),
            self.last,
            &self.squares[..],
            &mut *s,
            &mut *w,
        );
        inverse.process_with_scratch(s, &mut tiles.fft);
        inverse.process_with_scratch(w, &mut tiles.fft);
    }

    /// |k|² but for the last axis.
    fn square_in_plane(&self, place: usize) -> T {
        let kx = self.leray.wavenumbers[0][place / self.column];
        let ky = if D == 2 { T::zero() } else { self.leray.wavenumbers[1][place % self.column] };
        kx * kx + ky * ky
    }
}

wide! {
    /// P = (S + k W)/(N |k|²) and Q = k P; 0 where |k|² is.
    fn project<'a, T>(scale: T, square: T, last: &'a [T], squares: &'a [T], s: &'a mut [Complex<T>], w: &'a mut [Complex<T>]) {
        for ((s, w), (k, last_square)) in s.iter_mut().zip(w).zip(last.iter().zip(squares)) {
            let total = square + *last_square;
            let factor = if total == T::zero() { T::zero() } else { scale / total };
            *s = (*s + *w * *k) * factor;
            *w = *s * *k;
        }
    }
}

/// Asks for one of `shares` of the tile that begins at `offset`.
fn fetch_share<T>(
    pieces: &[Vec<&mut [Complex<T>]>; 2],
    offset: usize,
    share: usize,
    shares: usize,
) {
    for pieces in pieces {
        let planes = pieces.len();
        for piece in &pieces[share * planes / shares..(share + 1) * planes / shares] {
            fetch(&piece[offset.min(piece.len())..(offset + shares).min(piece.len())]);
        }
    }
}

/// Brings `width` pencils from `offset` on into lanes.
fn load<T: Precision>(
    pieces: &[&mut [Complex<T>]],
    offset: usize,
    width: usize,
    lanes: &mut [Complex<T>],
    pitch: usize,
) {
    for (z, piece) in pieces.iter().enumerate() {
        let values = &piece[offset..offset + width];
        for (value, lane) in values.iter().zip(lanes.chunks_exact_mut(pitch)) {
            lane[z] = *value;
        }
    }
}

/// Puts lanes back, the opposite of [`load`].
fn store<T: Precision>(
    pieces: &mut [&mut [Complex<T>]],
    offset: usize,
    width: usize,
    lanes: &[Complex<T>],
    pitch: usize,
) {
    for (z, piece) in pieces.iter_mut().enumerate() {
        let values = &mut piece[offset..offset + width];
        for (value, lane) in values.iter_mut().zip(lanes.chunks_exact(pitch)) {
            *value = lane[z];
        }
    }
}
