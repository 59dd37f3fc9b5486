//! The periodic Leray projection in three sweeps over memory.

mod lines;
mod null;
mod pair;
mod pencil;
mod plane;
mod rows;
mod slab;
mod strip;
#[cfg(test)]
mod tests;

pub use null::NullModes;

use crate::machine::{Pool, fence};
use crate::transform::tile::pitch;
use crate::transform::{Precision, wavenumbers};
use lines::StoreLines;
use num_complex::Complex;
use pencil::{Pencils, Tiles};
use rayon::prelude::*;
use rows::SpectrumColumns;
use rustfft::{Fft, FftPlanner};
use slab::Arrays;
use std::sync::Arc;

/// Points that make a task.
const WORTH_A_TASK: usize = 1 << 13;

/// The projection of a periodic vector field onto gradients, planned once.
///
/// With the wavenumbers k of [`crate::transform::wavenumbers`] the gradient part has the
/// coefficients k (k·v̂)/|k|², the potential φ has −i (k·v̂)/|k|², and the solenoidal part is the
/// rest except for the null modes: those with k = 0, that is the mean and, on axes of even length,
/// every mode that is constant or alternating along each axis. They belong to neither part and are
/// returned as [`NullModes`].
///
/// # How
///
/// Only the scalar k·v̂ is needed, so it is summed as the axes are transformed. With z the last axis:
///
/// 1. per plane (x, y), in cache: transforms along x and y, stored as S = k_x û_x + k_y û_y and W = û_z;
/// 2. per pencil along z, in cache: transforms of S and W, P = (S + k_z W)/|k|² and Q = k_z P, inverse transforms;
/// 3. per plane: the inverse transforms of k_x P, k_y P and Q, with the solenoidal part written beside the gradient.
///
/// In two dimensions a strip of rows takes the place of the plane, S = k_x û_x and W = û_y. Two real arrays always travel as one complex one.
/// S and W live in the output arrays: beside them only one column of the spectrum and
/// the buffers of the threads are allocated. For n³ points the cost is that of 16 complex transforms of n²·n/2 points, and
/// some 20 passes over one real array.
///
/// `LerayProjection<D, f32>` does the same in single precision, in less time; results then hold to
/// 1e-6 of the values instead of 1e-15.
///
/// ```
/// use hodge::projection::LerayProjection;
///
/// // v = ∇ sin x + (0, 1 + sin x) on [0, 2π)², 8 × 5 points
/// let (h, n) = (std::f64::consts::TAU / 8.0, 40);
/// let x = |i: usize| (i % 8) as f64 * h;
/// let u: Vec<f64> = (0..n).map(|i| x(i).cos()).collect();
/// let v: Vec<f64> = (0..n).map(|i| 1.0 + x(i).sin()).collect();
/// let mut parts = vec![vec![0.0; n]; 4];
/// let [gx, gy, sx, sy] = parts.as_mut_slice() else { unreachable!() };
/// let leray = LerayProjection::new([8, 5], [h, 1.0]);
/// let null = leray.project([&u, &v], [gx, gy], [sx, sy]);
/// assert!((0..n).all(|i| (gx[i] - u[i]).abs() < 1e-15));
/// assert!((0..n).all(|i| (sy[i] - x(i).sin()).abs() < 1e-15));
/// assert!((null.value(1, [3, 2]) - 1.0).abs() < 1e-15);
/// ```
pub struct LerayProjection<const D: usize, T = f64> {
    shape: [usize; D],
    wavenumbers: [Vec<T>; D],
    forward: [Arc<dyn Fft<T>>; D],
    inverse: [Arc<dyn Fft<T>>; D],
    buffers: Pool<PlaneBuffers<T>>,
    tiles: Pool<Tiles<T>>,
}

impl<const D: usize, T: Precision> LerayProjection<D, T> {
    /// Plans the projection for arrays of `shape` with the given spacings, both x first.
    ///
    /// # Panics
    /// If D is not 2 or 3 or an axis has no points.
    pub fn new(shape: [usize; D], spacing: [f64; D]) -> LerayProjection<D, T> {
        assert!(D == 2 || D == 3, "the projection is for 2 or 3 dimensions, not {D}");
        assert!(shape.iter().all(|&n| n > 0), "every axis needs points; the shape is {shape:?}");
        let mut planner = FftPlanner::new();
        LerayProjection {
            shape,
            wavenumbers: std::array::from_fn(|a| {
                wavenumbers(shape[a], spacing[a]).into_iter().map(T::of).collect()
            }),
            forward: shape.map(|n| planner.plan_fft_forward(n)),
            inverse: shape.map(|n| planner.plan_fft_inverse(n)),
            buffers: Pool::new(),
            tiles: Pool::new(),
        }
    }

    /// Writes the gradient and the solenoidal part of `input` and returns the null modes.
    ///
    /// # Panics
    /// If an array has another number of values than the product of the shape.
    pub fn project(
        &self,
        input: [&[T]; D],
        gradient: [&mut [T]; D],
        solenoidal: [&mut [T]; D],
    ) -> NullModes<D> {
        self.run(input, gradient, solenoidal, None)
    }

    /// As [`LerayProjection::project`], and writes the potential with mean 0 too, at one more inverse
    /// transform of each plane.
    ///
    /// # Panics
    /// If an array has another number of values than the product of the shape.
    pub fn project_with_potential(
        &self,
        input: [&[T]; D],
        gradient: [&mut [T]; D],
        solenoidal: [&mut [T]; D],
        potential: &mut [T],
    ) -> NullModes<D> {
        self.run(input, gradient, solenoidal, Some(potential))
    }

    fn run(
        &self,
        input: [&[T]; D],
        gradient: [&mut [T]; D],
        solenoidal: [&mut [T]; D],
        potential: Option<&mut [T]>,
    ) -> NullModes<D> {
        input.iter().for_each(|a| self.check_len(a));
        gradient.iter().chain(&solenoidal).for_each(|a| self.check_len(a));
        potential.iter().for_each(|a| self.check_len(a));
        let mut arrays = Arrays::new(self.shape, input, gradient, solenoidal, potential);
        self.each_slab(&mut arrays, None);
        Pencils::new(self).sweep(&mut arrays);
        let null = NullModes::new(self.shape, &arrays.sums);
        self.each_slab(&mut arrays, Some(&null));
        null
    }

    /// The first sweep, or, once the null modes are known, the third.
    fn each_slab(&self, arrays: &mut Arrays<D, T>, null: Option<&NullModes<D>>) {
        // strips of short rows do not get a task of their own
        let least = if D == 2 { 1 + WORTH_A_TASK / arrays.strip_points() } else { 1 };
        arrays.slabs().into_par_iter().with_min_len(least).for_each_init(
            || self.buffers.take(|| PlaneBuffers::new(self)),
            |buffers, mut slab| {
                match (D, null) {
                    (2, None) => strip::forward(self, &mut slab, buffers),
                    (2, Some(null)) => strip::inverse(self, &mut slab, buffers, null),
                    (_, None) => plane::forward(self, &mut slab, buffers),
                    (_, Some(null)) => plane::inverse(self, &mut slab, buffers, null),
                }
                fence();
            },
        );
    }

    /// Number of points of a plane: all axes but the last.
    fn plane(&self) -> usize {
        self.shape[..D - 1].iter().product()
    }

    fn check_len(&self, values: &[T]) {
        let expected: usize = self.shape.iter().product();
        let (found, shape) = (values.len(), self.shape);
        assert_eq!(found, expected, "{found} values were given for the shape {shape:?}");
    }
}

/// Distance between lanes of coefficients in a buffer.
fn pitch_of<T>(len: usize) -> usize {
    pitch::<Complex<T>>(len)
}

/// What one thread works in.
struct PlaneBuffers<T> {
    /// A plane, column by column.
    columns: SpectrumColumns<T>,
    /// Some of its rows.
    rows: Vec<Complex<T>>,
    /// Two lines on their way to memory: by non-temporal stores, if the arrays are larger than the caches.
    lines: StoreLines<T>,
    fft: Vec<Complex<T>>,
}

impl<T: Precision> PlaneBuffers<T> {
    fn new<const D: usize>(leray: &LerayProjection<D, T>) -> PlaneBuffers<T> {
        let need = |fft: &Arc<dyn Fft<T>>| fft.get_inplace_scratch_len();
        let fft = leray.forward.iter().chain(&leray.inverse).map(need).max().unwrap_or(0);
        let nx = leray.shape[0];
        let column = if D == 2 { slab::strip_rows::<T>(nx) } else { leray.shape[1] };
        let zeros = |len| vec![Complex::default(); len];
        let lines = StoreLines::new(nx.max(column), leray.shape.iter().product());
        PlaneBuffers {
            columns: SpectrumColumns::new(nx, column),
            rows: zeros(rows::together::<T>().min(column) * pitch_of::<T>(nx)),
            lines,
            fft: zeros(fft),
        }
    }
}
