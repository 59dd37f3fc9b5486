//! Arithmetic on short arrays of doubles, written so that the compiler turns it into vector
//! instructions; `pulp` picks the instruction set when the program runs.

use std::f64::consts::{LN_2, LOG2_E};

/// Doubles worked on together.
pub(super) const LANES: usize = 8;

/// One value per lane.
pub(super) type Lanes = [f64; LANES];

/// a·b + c, fused where the instruction set has it. Without hardware support a fused
/// multiplication is a library call of tens of nanoseconds, hence the choice.
#[inline(always)]
pub(super) fn fma<const FUSED: bool>(a: f64, b: f64, c: f64) -> f64 {
    if FUSED { a.mul_add(b, c) } else { a * b + c }
}

/// 1/k! for k = 13 … 1.
const TAYLOR: [f64; 13] = [
    1.0 / 6_227_020_800.0,
    1.0 / 479_001_600.0,
    1.0 / 39_916_800.0,
    1.0 / 3_628_800.0,
    1.0 / 362_880.0,
    1.0 / 40_320.0,
    1.0 / 5_040.0,
    1.0 / 720.0,
    1.0 / 120.0,
    1.0 / 24.0,
    1.0 / 6.0,
    0.5,
    1.0,
];

/// 1.5·2⁵²: added to a small number it leaves the nearest integer in the low bits.
const ROUNDER: f64 = 6_755_399_441_055_744.0;

/// ln 2 in two pieces; the first has enough trailing zeros for an exact product with an exponent.
const LN_2_HIGH: f64 = 0.693_147_180_369_123_8;
const LN_2_LOW: f64 = 1.908_214_929_270_587_7e-10;

/// e^x for x ≤ 0, to one unit in the last place; x below −708 is taken as −708.
#[inline(always)]
pub(super) fn exp_negative<const FUSED: bool>(x: Lanes) -> Lanes {
    let mut shifted = [0.0; LANES];
    let mut rest = [0.0; LANES];
    for i in 0..LANES {
        let bounded = if x[i] < -708.0 { -708.0 } else { x[i] };
        shifted[i] = fma::<FUSED>(bounded, LOG2_E, ROUNDER);
        let exponent = shifted[i] - ROUNDER;
        rest[i] = fma::<FUSED>(exponent, -LN_2_HIGH, bounded);
        rest[i] = fma::<FUSED>(exponent, -LN_2_LOW, rest[i]);
    }
    let mut sum = [TAYLOR[0]; LANES];
    for c in &TAYLOR[1..] {
        for i in 0..LANES {
            sum[i] = fma::<FUSED>(sum[i], rest[i], *c);
        }
    }
    let mut result = [0.0; LANES];
    for i in 0..LANES {
        let value = fma::<FUSED>(sum[i], rest[i], 1.0);
        result[i] = f64::from_bits(value.to_bits().wrapping_add(shifted[i].to_bits() << 52));
    }
    result
}

/// ln(1 + t) for 0 ≤ t ≤ 1 as 2 artanh(t/(2 + t)), by its series.
#[inline(always)]
pub(super) fn ln_1p_unit<const FUSED: bool>(t: Lanes) -> Lanes {
    let mut result = [0.0; LANES];
    for i in 0..LANES {
        let s = t[i] / (2.0 + t[i]);
        let square = s * s;
        let mut sum = 1.0 / 35.0;
        for k in (0..17).rev() {
            sum = fma::<FUSED>(sum, square, 1.0 / (2 * k + 1) as f64);
        }
        result[i] = 2.0 * s * sum;
    }
    result
}

const _: () = assert!(LN_2_HIGH < LN_2);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exponential_and_logarithm_agree_with_the_standard_library() {
        for step in 0..=40_000 {
            let x = -708.0 * (step as f64 / 40_000.0).powi(3);
            for value in [exp_negative::<true>([x; LANES])[3], exp_negative::<false>([x; LANES])[3]]
            {
                assert!((value / x.exp() - 1.0).abs() < 5e-16, "exp({x}) = {value}");
            }
            let t = step as f64 / 40_000.0;
            let value = ln_1p_unit::<true>([t; LANES])[0];
            assert!((value - t.ln_1p()).abs() <= 8e-16 * t, "ln_1p({t}) = {value}");
        }
        assert!(exp_negative::<true>([f64::NAN; LANES])[0].is_nan());
    }
}
