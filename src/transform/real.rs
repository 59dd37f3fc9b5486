//! Real transforms along all axes of an array.

mod filled;

use super::lane::Lane;
use super::slots::Slots;
use super::tile::{LaneBuffers, Scratch, StridedRows, band_width, bands, each_pair};
use crate::boundary::Basis;
use crate::machine::{Borrowed, Pool, wide};
use num_complex::Complex64;
use rayon::prelude::*;
use rustfft::FftPlanner;

#[derive(Clone, Copy, PartialEq)]
enum Direction {
    Forward,
    Inverse,
}

/// A tensor product of Fourier, cosine and sine transforms, in place on an array of reals with x fastest.
///
/// The forward transform takes along each axis the sums
///
/// | basis | coefficient k, 0 ≤ k < n |
/// |---|---|
/// | `Fourier` | Σ v_j cos(2πjk/n) for 2k ≤ n, Σ v_j sin(2πj(n − k)/n) for 2k > n |
/// | `CosineCells` | Σ v_j cos(πk(j + ½)/n) (DCT-II) |
/// | `SineCells` | Σ v_j sin(π(k + 1)(j + ½)/n) (DST-II) |
/// | `SineFaces` | Σ v_j sin(π(k + 1)(j + 1)/(n + 1)) (DST-I) |
/// | `CosineFaces` | Σ' v_j cos(πkj/(n − 1)) (DCT-I), first and last term halved |
///
/// without further factors, and [`RealTransform::inverse`] undoes it, so it carries all normalisation. Each
/// basis function is an eigenvector of the second difference of its axis, with
/// [`super::eigenvalues`] as eigenvalues: a Poisson equation is one call of [`RealTransform::solve`].
///
/// Cost: O(N log N) for every size; in each direction two passes over memory.
///
/// ```
/// use hodge::boundary::Basis;
/// use hodge::transform::{RealTransform, eigenvalues};
///
/// // −∇²φ = f with Neumann ends on 5 × 4 cells of size 0.2 × 0.25
/// let bases = [Basis::CosineCells; 2];
/// let poisson = RealTransform::new([5, 4], bases);
/// let eigenvalues = [eigenvalues(bases[0], 5, 0.2), eigenvalues(bases[1], 4, 0.25)];
/// let mut values = vec![0.0; 20];
/// (values[7], values[8]) = (1.0, -1.0);
/// poisson.solve(&mut values, [&eigenvalues[0], &eigenvalues[1]]);
/// // the equation of cell 7, that is x cell 2 and y cell 1
/// let second = |a: usize, b: usize, h: f64| (2.0 * values[7] - values[a] - values[b]) / (h * h);
/// assert!((second(6, 8, 0.2) + second(2, 12, 0.25) - 1.0).abs() < 1e-13);
/// ```
pub struct RealTransform<const D: usize> {
    shape: [usize; D],
    lanes: [Lane; D],
    spare: Pool<Scratch>,
}

impl<const D: usize> RealTransform<D> {
    /// Plans the transform of arrays of `shape` (x first), axis by axis in the given basis.
    ///
    /// # Panics
    /// If an axis has no values.
    pub fn new(shape: [usize; D], bases: [Basis; D]) -> RealTransform<D> {
        let mut planner = FftPlanner::new();
        let lanes = std::array::from_fn(|k| Lane::new(bases[k], shape[k], &mut planner));
        RealTransform { shape, lanes, spare: Pool::new() }
    }

    /// The shape of the arrays, x first.
    pub fn shape(&self) -> [usize; D] {
        self.shape
    }

    /// Values to coefficients, in place.
    ///
    /// # Panics
    /// If the number of values is not the product of the shape; so do the other transforms.
    pub fn forward(&self, values: &mut [f64]) {
        self.inner_axes(values, Direction::Forward);
        let last = &self.lanes[D - 1];
        self.last_axis(values, &last.value_slots, &last.coefficient_slots, |_, lane, buffers| {
            last.forward(lane, &mut buffers.fft);
        });
    }

    /// Coefficients to values, in place: the inverse of [`RealTransform::forward`].
    pub fn inverse(&self, values: &mut [f64]) {
        let last = &self.lanes[D - 1];
        self.last_axis(values, &last.coefficient_slots, &last.value_slots, |_, lane, buffers| {
            last.inverse(lane, &mut buffers.fft);
        });
        self.inner_axes(values, Direction::Inverse);
    }

    /// Forward transform, multiplication of each coefficient by `multiplier` of its index (x first), inverse
    /// transform: three passes over memory.
    pub fn apply(&self, values: &mut [f64], multiplier: impl Fn([usize; D]) -> f64 + Sync) {
        self.inner_axes(values, Direction::Forward);
        self.multiply_last(values, |inner, weights| {
            let mut index = self.inner_index(inner);
            for (k, weight) in weights.iter_mut().enumerate() {
                index[D - 1] = k;
                *weight = multiplier(index);
            }
        });
        self.inner_axes(values, Direction::Inverse);
    }

    /// Forward transform, division of each coefficient by the sum of its axes' eigenvalues, inverse
    /// transform: the solution of a Poisson equation −∇²φ = values.
    ///
    /// A coefficient whose sum is 0 becomes 0: where the constant is in the null space, the mean of the
    /// right-hand side is dropped and the solution has mean 0.
    ///
    /// # Panics
    /// If the number of eigenvalues of an axis is not its number of values.
    pub fn solve(&self, values: &mut [f64], eigenvalues: [&[f64]; D]) {
        self.solve_filled(values, eigenvalues, |_, _| ());
    }

    /// As [`RealTransform::solve`], for a right-hand side that `fill` writes into whole planes of all
    /// axes but the last, given the index of their first value, just before they are transformed.
    /// Returns what `fill` does, in the order of the planes.
    pub(crate) fn solve_filled<T: Send>(
        &self,
        values: &mut [f64],
        eigenvalues: [&[f64]; D],
        fill: impl Fn(usize, &mut [f64]) -> T + Sync,
    ) -> Vec<T> {
        for (axis, (eigenvalues, n)) in eigenvalues.iter().zip(self.shape).enumerate() {
            let found = eigenvalues.len();
            assert_eq!(found, n, "axis {axis} has {n} values but {found} eigenvalues were given");
        }
        let filled = self.inner_axes_seen(values, Direction::Forward, fill);
        self.multiply_last(values, |inner, weights| {
            let index = self.inner_index(inner);
            let others: f64 = (0..D - 1).map(|axis| eigenvalues[axis][index[axis]]).sum();
            inverse_sums(others, eigenvalues[D - 1], weights);
        });
        self.inner_axes(values, Direction::Inverse);
        filled
    }

    /// Transform, multiplication and inverse transform along the last axis; `fill` writes the
    /// multipliers for one position in the others.
    fn multiply_last(&self, values: &mut [f64], fill: impl Fn(usize, &mut [f64]) + Sync) {
        let last = &self.lanes[D - 1];
        let n = self.shape[D - 1];
        let slots = &last.value_slots;
        let row: usize = self.shape[..D - 1].iter().product();
        self.last_axis(values, slots, slots, |inner, lane, buffers| {
            last.forward(lane, &mut buffers.fft);
            let (even, odd) = buffers.weights.split_at_mut(n);
            fill(inner, even);
            if inner + 1 < row {
                fill(inner + 1, &mut odd[..n]);
            } else {
                // weights of an earlier call could be infinite
                odd[..n].fill(0.0);
            }
            last.coefficient_slots.multiply(lane, even, odd);
            last.inverse(lane, &mut buffers.fft);
        });
    }

    /// Index along all axes but the last; 0 along the last.
    fn inner_index(&self, mut inner: usize) -> [usize; D] {
        let mut index = [0; D];
        for (position, n) in index.iter_mut().zip(self.shape).take(D - 1) {
            *position = inner % n;
            inner /= n;
        }
        index
    }

    fn scratch(&self) -> Borrowed<'_, Scratch> {
        self.spare.take(|| {
            let len = self.lanes.iter().map(|l| l.work_len.max(l.value_slots.places().len())).max();
            let fft = self.lanes.iter().map(|l| l.scratch_len).max();
            Scratch::new(len.unwrap_or(0), fft.unwrap_or(0))
        })
    }

    /// All axes but the last, slab by slab.
    fn inner_axes(&self, values: &mut [f64], direction: Direction) {
        self.inner_axes_seen(values, direction, |_, _| ());
    }

    /// The same; `see` gets each slab while it holds values, not coefficients, with the index of its
    /// first: before a forward transform and after an inverse one.
    fn inner_axes_seen<T: Send>(
        &self,
        values: &mut [f64],
        direction: Direction,
        see: impl Fn(usize, &mut [f64]) -> T + Sync,
    ) -> Vec<T> {
        self.check_len(values);
        if D == 1 {
            return vec![see(0, values)];
        }
        let slab: usize = self.shape[..D - 1].iter().product();
        // in two dimensions a slab is one row, and rows go in pairs
        let group = if D == 2 { 8 } else { 1 };
        let slabs = values.par_chunks_mut(group * slab).enumerate();
        let one = |scratch: &mut Borrowed<Scratch>, (i, chunk): (usize, &mut [f64])| {
            let first = i * group * slab;
            if direction == Direction::Forward {
                let seen = see(first, chunk);
                (0..D - 1).for_each(|axis| self.axis_of_slab(axis, chunk, direction, scratch));
                return seen;
            }
            (0..D - 1).rev().for_each(|axis| self.axis_of_slab(axis, chunk, direction, scratch));
            see(first, chunk)
        };
        slabs.map_init(|| self.scratch(), one).collect()
    }

    fn axis_of_slab(&self, axis: usize, slab: &mut [f64], way: Direction, scratch: &mut Scratch) {
        let (lane, n) = (&self.lanes[axis], self.shape[axis]);
        let slots = match way {
            Direction::Forward => [&lane.value_slots, &lane.coefficient_slots],
            Direction::Inverse => [&lane.coefficient_slots, &lane.value_slots],
        };
        let run = |work: &mut [Complex64], buffers: &mut LaneBuffers| match way {
            Direction::Forward => lane.forward(work, &mut buffers.fft),
            Direction::Inverse => lane.inverse(work, &mut buffers.fft),
        };
        if axis == 0 {
            for pair in slab.chunks_mut(2 * n) {
                let work = &mut scratch.tile[..lane.work_len];
                slots[0].load_rows(pair, work);
                run(work, &mut scratch.buffers);
                slots[1].store_rows(pair, work);
            }
            return;
        }
        let stride: usize = self.shape[..axis].iter().product();
        for values in slab.chunks_exact_mut(stride * n) {
            let mut block = StridedRows { values, stride };
            each_pair(&mut block, stride, slots, lane.work_len, scratch, |_, lane, buffers| {
                run(lane, buffers);
            });
        }
    }

    /// Tiles along the last axis: `act` gets the position of the first real lane of a pair in the other axes,
    /// the pair and the buffers.
    fn last_axis(
        &self,
        values: &mut [f64],
        from: &Slots,
        to: &Slots,
        act: impl Fn(usize, &mut [Complex64], &mut LaneBuffers) + Sync,
    ) {
        self.check_len(values);
        let len = self.lanes[D - 1].work_len;
        let row: usize = self.shape[..D - 1].iter().product();
        let width = band_width(row);
        bands(values, row, width).into_par_iter().enumerate().for_each_init(
            || self.scratch(),
            |scratch, (b, mut band)| {
                let first = b * width;
                let columns = width.min(row - first);
                each_pair(&mut band, columns, [from, to], len, scratch, |i, lane, buffers| {
                    act(first + i, lane, buffers);
                });
            },
        );
    }

    fn check_len(&self, values: &[f64]) {
        let expected: usize = self.shape.iter().product();
        let (found, shape) = (values.len(), self.shape);
        assert_eq!(found, expected, "{found} values were given for the shape {shape:?}");
    }
}

wide! {
    /// 1/(a + b) for every b, 0 where the sum is.
    fn inverse_sums<'a>(a: f64, b: &'a [f64], out: &'a mut [f64]) {
        for (out, b) in out.iter_mut().zip(b) {
            let sum = a + b;
            *out = if sum == 0.0 { 0.0 } else { 1.0 / sum };
        }
    }
}

#[cfg(test)]
mod tests;
