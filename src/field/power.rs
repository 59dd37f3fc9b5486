//! Powers of two that bring numbers away from the limits of double precision.

use super::magnitude::{largest_magnitude, max_or_nan, sum_of_squares};
use super::{FieldError, ScalarField, VectorField};
use crate::grid::Domain;
use rayon::prelude::*;
use std::borrow::Cow;

/// Exponents within which squares, sums and quotients of a field are far from both limits of double
/// precision: about 1e-60 to 1e60.
const ORDINARY: i32 = 200;

/// Values of a task.
const BLOCK: usize = 1 << 15;

/// The exponent e with 2^e ≤ x < 2^(e + 1) of a largest magnitude outside the ordinary range, else
/// 0, so that v·2^−e is of ordinary magnitude. Multiplication by a power of two is exact, so within
/// the ordinary range it would change nothing.
fn exponent_of(largest: f64) -> i32 {
    if largest == 0.0 || !largest.is_finite() {
        return 0;
    }
    let exponent = largest.log2().floor() as i32;
    if exponent.abs() <= ORDINARY { 0 } else { exponent }
}

/// Whether fields of such largest magnitude are measured as they are.
pub(crate) fn is_ordinary(largest: f64) -> bool {
    largest.is_finite() && exponent_of(largest) == 0
}

/// x·2^e, rounded once at most.
pub(crate) fn times_power(x: f64, exponent: i32) -> f64 {
    // In steps that are themselves powers of two; only the last can leave the range.
    let mut rest = exponent;
    let mut result = x;
    while rest != 0 {
        let step = rest.clamp(-900, 900);
        result *= 2.0_f64.powi(step);
        rest -= step;
    }
    result
}

impl<const D: usize> ScalarField<D> {
    /// Multiplies every value by 2^e.
    pub(crate) fn scale_by_power(&mut self, exponent: i32) {
        if let Some(parities) = self.parities() {
            let scaled = parities.times(|v| times_power(v, exponent));
            *self = ScalarField::from_parities(*self.grid(), self.location(), scaled);
            return;
        }
        self.values_mut().par_iter_mut().for_each(|v| *v = times_power(*v, exponent));
    }
}

impl<const D: usize> VectorField<D> {
    /// Multiplies every value by 2^e.
    pub(crate) fn scale_by_power(&mut self, exponent: i32) {
        self.components_mut().iter_mut().for_each(|c| c.scale_by_power(exponent));
    }

    /// The field scaled to ordinary magnitude in the domain, v·2^−e, and e. Outside the domain,
    /// where it may be anything, it is 0 unless nothing had to be scaled. One read.
    ///
    /// Fails on a number in the domain that is not finite, where there is no mask.
    pub(crate) fn ordinary(
        &self,
        domain: &Domain<D>,
    ) -> Result<(Cow<'_, VectorField<D>>, i32), FieldError> {
        let largest = self.largest();
        if !largest.is_finite() && domain.mask().is_none() {
            self.check_finite()?;
        }
        if largest.is_finite() && exponent_of(largest) == 0 {
            return Ok((Cow::Borrowed(self), 0));
        }
        let mut scaled = self.inside(domain).into_owned();
        let exponent = exponent_of(scaled.largest());
        scaled.scale_by_power(-exponent);
        Ok((Cow::Owned(scaled), exponent))
    }

    /// The exponent e with 2^e ≤ |v| < 2^(e + 1) for the largest |v| if that is outside the
    /// ordinary range, else 0.
    pub(crate) fn extraordinary_exponent(&self) -> i32 {
        exponent_of(self.largest())
    }

    /// The largest magnitude; NaN where one is.
    fn largest(&self) -> f64 {
        let of = |c: &ScalarField<D>| match c.parities() {
            Some(parities) => parities.largest(),
            None => largest_magnitude(c.values()),
        };
        self.components().iter().map(of).fold(0.0, max_or_nan)
    }

    /// The root of the sum of squares, in blocks that do not depend on the number of threads.
    pub(crate) fn norm(&self) -> f64 {
        let of = |c: &ScalarField<D>| -> f64 {
            if c.parities().is_some_and(|p| p.is_zero()) {
                return 0.0;
            }
            let blocks: Vec<f64> = c.values().par_chunks(BLOCK).map(sum_of_squares).collect();
            blocks.iter().sum()
        };
        self.components().iter().map(of).sum::<f64>().sqrt()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn powers_of_two_are_exact_over_the_whole_range() {
        for x in [1.3e-310, 1.7e-300, 1.0 / 3.0, 1.1e300] {
            let e = exponent_of(x);
            let there = times_power(x, -e);
            assert_eq!(times_power(there, e), x, "{x:e}");
            assert!(e == 0 || (1.0..2.0).contains(&there), "{x:e} becomes {there:e}");
        }
        assert_eq!(exponent_of(3e50), 0);
        assert_eq!(times_power(1.0, 2000), f64::INFINITY);
    }
}
