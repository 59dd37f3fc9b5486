//! The transform of one axis of an array.

use super::lane::Lane;
use super::slots::Slots;
use super::tile::{LaneBuffers, Scratch, band_width, bands, each_pair};
use crate::boundary::Basis;
use crate::machine::{Borrowed, Pool};
use num_complex::Complex64;
use rayon::prelude::*;
use rustfft::FftPlanner;

/// Values of rows along x that a task takes at least.
const TASK: usize = 1 << 13;

/// One of the transforms of [`RealTransform`](super::RealTransform) along one axis of arrays with x fastest: one pass
/// over memory in each direction.
pub(crate) struct AxisTransform {
    lane: Lane,
    spare: Pool<Scratch>,
}

impl AxisTransform {
    /// Plans the transform of lanes of n values.
    pub(crate) fn new(basis: Basis, n: usize) -> AxisTransform {
        AxisTransform { lane: Lane::new(basis, n, &mut FftPlanner::new()), spare: Pool::new() }
    }

    /// Values to coefficients, in place; before an axis of n values there are `inner` faster ones.
    pub(crate) fn forward(&self, values: &mut [f64], n: usize, inner: usize) {
        let slots = [&self.lane.value_slots, &self.lane.coefficient_slots];
        self.each(values, n, inner, slots, |lane, buffers| {
            self.lane.forward(lane, &mut buffers.fft);
        });
    }

    /// Coefficients to values, in place.
    pub(crate) fn inverse(&self, values: &mut [f64], n: usize, inner: usize) {
        let slots = [&self.lane.coefficient_slots, &self.lane.value_slots];
        self.each(values, n, inner, slots, |lane, buffers| {
            self.lane.inverse(lane, &mut buffers.fft);
        });
    }

    fn scratch(&self) -> Borrowed<'_, Scratch> {
        let len = self.lane.work_len.max(self.lane.value_slots.places().len());
        self.spare.take(|| Scratch::new(len, self.lane.scratch_len))
    }

    fn each(
        &self,
        values: &mut [f64],
        n: usize,
        inner: usize,
        slots: [&Slots; 2],
        act: impl Fn(&mut [Complex64], &mut LaneBuffers) + Sync,
    ) {
        if inner == 1 {
            let rows = values.par_chunks_mut(2 * n * (TASK / (2 * n)).max(1));
            return rows.for_each_init(
                || self.scratch(),
                |scratch, rows| {
                    let Scratch { tile, buffers } = &mut **scratch;
                    for pair in rows.chunks_mut(2 * n) {
                        let work = &mut tile[..self.lane.work_len];
                        slots[0].load_rows(pair, work);
                        act(work, buffers);
                        slots[1].store_rows(pair, work);
                    }
                },
            );
        }
        let width = band_width(inner);
        let slabs = values.par_chunks_mut(n * inner);
        let all = slabs.flat_map(|slab| bands(slab, inner, width).into_par_iter());
        all.for_each_init(
            || self.scratch(),
            |scratch, mut band| {
                let columns = band[0].len();
                each_pair(&mut band, columns, slots, self.lane.work_len, scratch, |_, lane, b| {
                    act(lane, b);
                });
            },
        );
    }
}
