//! Second sweep: the last axis, and the projection.

use super::LerayProjection;
use super::pitch_of;
use super::slab::{Arrays, strip_rows};
use crate::machine::wide;
use crate::machine::{Borrowed, prefetch};
use crate::transform::Precision;
use num_complex::Complex;
use rayon::prelude::*;
use std::ops::Range;

/// Bytes of the two tiles of a thread: a quarter of a second-level cache.
const TILE_BYTES: usize = 1 << 18;

/// Least and greatest bytes of a run in a plane.
const RUN_BYTES: [usize; 2] = [128, 512];

/// The second sweep of a projection.
pub(super) struct Pencils<'a, const D: usize, T> {
    leray: &'a LerayProjection<D, T>,
    /// Wavenumbers along the last axis, and their squares.
    last: &'a [T],
    squares: Vec<T>,
    /// Pencils of one kx.
    column: usize,
    /// Pencils side by side.
    width: usize,
    /// 1/N
    scale: T,
}

/// Some neighbouring pencils, and their pieces in every plane, or strip, of S and of W: in a plane each pencil has
/// one value, in a strip as many one after the other as there are rows.
struct PencilTask<'a, T> {
    first: usize,
    pencils: usize,
    pieces: [Vec<&'a mut [Complex<T>]>; 2],
}

/// The lanes of the two tiles and the scratch of the transforms.
pub(super) struct Tiles<T> {
    lanes: [Vec<Complex<T>>; 2],
    fft: Vec<Complex<T>>,
}

impl<'a, const D: usize, T: Precision> Pencils<'a, D, T> {
    pub(super) fn new(leray: &'a LerayProjection<D, T>) -> Pencils<'a, D, T> {
        let last = &leray.wavenumbers[D - 1];
        let lane_bytes = 2 * pitch_of::<T>(last.len()) * size_of::<Complex<T>>();
        let [least, most] = RUN_BYTES.map(|bytes| bytes / size_of::<Complex<T>>());
        let column = leray.plane() / leray.shape[0];
        // small fields have few pencils for the threads to share, and flat ones have few in any
        // case
        let pencils = leray.shape[0] / 2 * column;
        let share = pencils.div_ceil(4 * rayon::current_num_threads());
        let most = most.min(share).max(least);
        let width = (TILE_BYTES / lane_bytes).clamp(least, most) / 4 * 4;
        Pencils {
            leray,
            last,
            squares: last.iter().map(|k| *k * *k).collect(),
            column,
            width: width.min(pencils.max(column)),
            scale: T::of(1.0 / leray.shape.iter().product::<usize>() as f64),
        }
    }

    /// Turns S and W into P and Q.
    pub(super) fn sweep(&self, arrays: &mut Arrays<D, T>) {
        let kept = self.column * (self.leray.shape[0] / 2);
        let rows = if D == 2 { strip_rows::<T>(self.leray.shape[0]) } else { 1 };
        let plane = rows * self.leray.plane();
        let [s, w, ..] = &mut arrays.gradient[..] else { return };
        let [s_last, w_last] = &mut arrays.last_column;
        let mut tasks = Vec::new();
        if kept > 0 {
            let planes = |array| {
                let planes = <[T]>::chunks_mut(array, plane);
                planes.map(|p| {
                    let depth = p.len() / self.leray.plane();
                    bytemuck::cast_slice_mut(&mut p[..2 * kept * depth])
                })
            };
            self.cut([0, kept], planes(s), planes(w), &mut tasks);
        }
        let [s, w] = [s_last, w_last].map(|array| array.chunks_mut(rows * self.column));
        self.cut([kept, self.column], s, w, &mut tasks);
        tasks.into_par_iter().for_each_init(|| self.tiles(), |tiles, task| self.run(task, tiles));
    }

    /// Cuts planes of so many pencils, from the first on, into tasks, several for each thread.
    fn cut<'b>(
        &self,
        [first, pencils]: [usize; 2],
        s: impl Iterator<Item = &'b mut [Complex<T>]>,
        w: impl Iterator<Item = &'b mut [Complex<T>]>,
        tasks: &mut Vec<PencilTask<'b, T>>,
    ) {
        let start = tasks.len();
        let share = pencils.div_ceil(8 * rayon::current_num_threads());
        let share = share.next_multiple_of(self.width);
        tasks.extend((0..pencils).step_by(share).map(|at| PencilTask {
            first: first + at,
            pencils: share.min(pencils - at),
            pieces: [Vec::new(), Vec::new()],
        }));
        for (s, w) in s.zip(w) {
            let depth = s.len() / pencils;
            let pieces = s.chunks_mut(share * depth).zip(w.chunks_mut(share * depth));
            for (task, (s, w)) in tasks[start..].iter_mut().zip(pieces) {
                task.pieces[0].push(s);
                task.pieces[1].push(w);
            }
        }
    }

    fn tiles(&self) -> Borrowed<'_, Tiles<T>> {
        let plans = [&self.leray.forward[D - 1], &self.leray.inverse[D - 1]];
        let fft = plans.map(|fft| fft.get_inplace_scratch_len());
        let make = || Tiles {
            lanes: [Vec::new(), Vec::new()],
            fft: vec![Complex::default(); fft[0].max(fft[1])],
        };
        let mut tiles = self.leray.tiles.take(make);
        // an earlier call may have had other threads, and so another width
        let len = self.width * pitch_of::<T>(self.last.len());
        tiles.lanes.iter_mut().for_each(|lanes| lanes.resize(len, Complex::default()));
        tiles
    }

    fn run(&self, mut task: PencilTask<T>, tiles: &mut Tiles<T>) {
        let pitch = pitch_of::<T>(self.last.len());
        for offset in (0..task.pencils).step_by(self.width) {
            let pencils = offset..task.pencils.min(offset + self.width);
            for (pieces, lanes) in task.pieces.iter().zip(&mut tiles.lanes) {
                load(pieces, task.pencils, pencils.clone(), lanes, pitch);
            }
            for l in 0..pencils.len() {
                prefetch_share(&task, offset + self.width, l, self.width);
                self.pencil(task.first + offset + l, l * pitch, tiles);
            }
            for (pieces, lanes) in task.pieces.iter_mut().zip(&tiles.lanes) {
                store(pieces, task.pencils, pencils.clone(), lanes, pitch);
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
    fn project<'a, T: Precision>(scale: T, square: T, last: &'a [T], squares: &'a [T], s: &'a mut [Complex<T>], w: &'a mut [Complex<T>]) {
        for ((s, w), (k, last_square)) in s.iter_mut().zip(w).zip(last.iter().zip(squares)) {
            let total = square + *last_square;
            let factor = if total == T::zero() { T::zero() } else { scale / total };
            *s = (*s + *w * *k) * factor;
            *w = *s * *k;
        }
    }
}

/// Prefetches one of `shares` of the tile that begins at `offset`.
fn prefetch_share<T>(task: &PencilTask<T>, offset: usize, share: usize, shares: usize) {
    let pencils = offset.min(task.pencils)..(offset + shares).min(task.pencils);
    for pieces in &task.pieces {
        let planes = pieces.len();
        for piece in &pieces[share * planes / shares..(share + 1) * planes / shares] {
            let depth = piece.len() / task.pencils;
            prefetch(&piece[pencils.start * depth..pencils.end * depth]);
        }
    }
}

/// Brings some of all pencils into lanes.
fn load<T: Precision>(
    pieces: &[&mut [Complex<T>]],
    all: usize,
    pencils: Range<usize>,
    lanes: &mut [Complex<T>],
    pitch: usize,
) {
    let mut z = 0;
    for piece in pieces {
        let depth = piece.len() / all;
        let values = &piece[pencils.start * depth..pencils.end * depth];
        let lanes = lanes.chunks_exact_mut(pitch);
        if depth == 1 {
            values.iter().zip(lanes).for_each(|(value, lane)| lane[z] = *value);
        } else {
            let values = values.chunks_exact(depth);
            values.zip(lanes).for_each(|(values, lane)| copy(values, &mut lane[z..z + depth]));
        }
        z += depth;
    }
}

/// Puts lanes back, the opposite of [`load`].
fn store<T: Precision>(
    pieces: &mut [&mut [Complex<T>]],
    all: usize,
    pencils: Range<usize>,
    lanes: &[Complex<T>],
    pitch: usize,
) {
    let mut z = 0;
    for piece in pieces {
        let depth = piece.len() / all;
        let values = &mut piece[pencils.start * depth..pencils.end * depth];
        let lanes = lanes.chunks_exact(pitch);
        if depth == 1 {
            values.iter_mut().zip(lanes).for_each(|(value, lane)| *value = lane[z]);
        } else {
            let values = values.chunks_exact_mut(depth);
            values.zip(lanes).for_each(|(values, lane)| copy(&lane[z..z + depth], values));
        }
        z += depth;
    }
}

/// A copy of so few values that a call would be longer.
#[inline(always)]
fn copy<T: Copy>(from: &[T], to: &mut [T]) {
    let (from, from_rest) = from.as_chunks::<4>();
    let (to, to_rest) = to.as_chunks_mut::<4>();
    to.iter_mut().zip(from).for_each(|(to, from)| *to = *from);
    to_rest.iter_mut().zip(from_rest).for_each(|(to, from)| *to = *from);
}
