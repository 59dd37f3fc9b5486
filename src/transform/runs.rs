//! Sums, products and differences of runs of values, with independent accumulators.

use crate::machine::wide;

/// Sums of a run that are added up apart from each other.
const SUMS: usize = 16;

wide! {
    /// Σ a·b.
    pub(crate) fn dot<'a>(a: &'a [f64], b: &'a [f64]) -> f64 {
        let mut sums = [0.0; SUMS];
        let ((blocks, rest), (others, last)) = (a.as_chunks::<SUMS>(), b.as_chunks::<SUMS>());
        for (a, b) in blocks.iter().zip(others) {
            sums.iter_mut().zip(a.iter().zip(b)).for_each(|(s, (a, b))| *s += a * b);
        }
        sums.iter().sum::<f64>() + rest.iter().zip(last).map(|(a, b)| a * b).sum::<f64>()
    }
}

wide! {
    /// out += scale (upper − lower).
    pub(crate) fn add_difference<'a>(lower: &'a [f64], upper: &'a [f64], scale: f64, out: &'a mut [f64]) {
        let pairs = lower.iter().zip(upper);
        out.iter_mut().zip(pairs).for_each(|(o, (a, b))| *o += scale * (b - a));
    }
}
