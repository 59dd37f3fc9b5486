//! An inverse transform of coefficients that are computed on the fly.

use super::super::slots::Slots;
use super::{Direction, RealTransform};

impl<const D: usize> RealTransform<D> {
    /// As [`RealTransform::inverse`], for coefficients that `fill` writes lane by lane of the last axis, given the
    /// index along the others, just before they are transformed; what `values` holds does not matter. `see`
    /// gets the values in whole planes of all axes but the last, with the index of the first, while they are in cache.
    pub(crate) fn inverse_filled(
        &self,
        values: &mut [f64],
        fill: impl Fn([usize; D], &mut [f64]) + Sync,
        see: impl Fn(usize, &mut [f64]) + Sync,
    ) {
        let (last, n) = (&self.lanes[D - 1], self.shape[D - 1]);
        let row: usize = self.shape[..D - 1].iter().product();
        let nothing = Slots::rising(0);
        self.last_axis(values, &nothing, &last.value_slots, |inner, lane, buffers| {
            let pair = if inner + 1 < row { 2 * n } else { n };
            let coefficients = &mut buffers.weights[..pair];
            for (i, coefficients) in coefficients.chunks_exact_mut(n).enumerate() {
                fill(self.inner_index(inner + i), coefficients);
            }
            last.coefficient_slots.load_rows(coefficients, lane);
            last.inverse(lane, &mut buffers.fft);
        });
        self.inner_axes_seen(values, Direction::Inverse, see);
    }
}
