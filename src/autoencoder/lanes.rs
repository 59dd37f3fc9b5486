//! Arithmetic on a few vectors of doubles at a time, of whatever length the processor supports;
//! `pulp` picks the instruction set when the program runs.

use pulp::Simd;
use std::array::from_fn;
use std::f64::consts::{LN_2, LOG2_E};

/// Independent vectors, so that the latency of one operation is hidden behind the others.
pub(super) type Lanes<S, const V: usize> = [<S as Simd>::f64s; V];

/// The same number everywhere.
#[inline(always)]
pub(super) fn splat<S: Simd, const V: usize>(simd: S, value: f64) -> Lanes<S, V> {
    [simd.splat_f64s(value); V]
}

/// Σ c_k x^k, c from the highest power down.
#[inline(always)]
fn polynomial<S: Simd, const V: usize>(simd: S, c: &[f64], x: Lanes<S, V>) -> Lanes<S, V> {
    let mut sum = splat(simd, c[0]);
    for c in &c[1..] {
        let c = simd.splat_f64s(*c);
        sum = from_fn(|i| simd.mul_add_e_f64s(sum[i], x[i], c));
    }
    sum
}

/// 2^f for |f| ≤ ½, highest power first: the polynomial of least relative error, 3e-17, with 2⁰ = 1.
const POWER: [f64; 12] = [
    4.434_789_446_720_804_5e-10,
    7.073_686_652_844_924e-9,
    1.017_819_851_814_929_5e-7,
    1.321_543_589_700_508_6e-6,
    1.525_273_349_891_675_7e-5,
    1.540_353_045_574_250_2e-4,
    1.333_355_814_676_330_5e-3,
    9.618_129_107_595_355e-3,
    5.550_410_866_482_017e-2,
    2.402_265_069_591_012_8e-1,
    LN_2,
    1.0,
];

/// artanh(s)/s for |s| ≤ ⅓ in powers of s², highest first; relative error 1.2e-18.
const ARTANH: [f64; 11] = [
    8.530_034_199_470_235e-2,
    4.157_840_568_020_956e-2,
    6.056_124_847_562_284e-2,
    6.650_051_210_916_378e-2,
    7.693_317_730_493_992e-2,
    9.090_869_893_706_295e-2,
    1.111_111_205_589_081_5e-1,
    1.428_571_427_246_250_7e-1,
    2.000_000_000_009_516_3e-1,
    3.333_333_333_333_306_7e-1,
    1.0,
];

/// 1.5·2⁵²: added to a small number it leaves the nearest integer in the low bits.
const ROUNDER: f64 = 6_755_399_441_055_744.0;

/// ln 2 in two pieces; the first has enough trailing zeros for an exact product with an exponent.
const LN_2_HIGH: f64 = 0.693_147_180_369_123_8;
const LN_2_LOW: f64 = 1.908_214_929_270_587_7e-10;

/// e^x for x ≤ 0, to one unit in the last place; x below −708 is taken as −708.
#[inline(always)]
pub(super) fn exp_negative<S: Simd, const V: usize>(simd: S, x: Lanes<S, V>) -> Lanes<S, V> {
    let [scale, rounder] = [LOG2_E, ROUNDER].map(|c| simd.splat_f64s(c));
    let [high, low] = [-LN_2_HIGH, -LN_2_LOW].map(|c| simd.splat_f64s(c));
    let x = bounded(simd, x, [-708.0, 0.0]);
    let shifted: Lanes<S, V> = from_fn(|i| simd.mul_add_e_f64s(x[i], scale, rounder));
    let rest = from_fn(|i| {
        let exponent = simd.sub_f64s(shifted[i], rounder);
        let rest = simd.mul_add_e_f64s(exponent, high, x[i]);
        simd.mul_f64s(simd.mul_add_e_f64s(exponent, low, rest), scale)
    });
    power(simd, shifted, rest)
}

/// 2^t, to one unit in the last place; beyond ±1020 t is taken as ±1020.
#[inline(always)]
pub(super) fn exp2<S: Simd, const V: usize>(simd: S, t: Lanes<S, V>) -> Lanes<S, V> {
    let rounder = simd.splat_f64s(ROUNDER);
    let t = bounded(simd, t, [-1020.0, 1020.0]);
    let shifted: Lanes<S, V> = from_fn(|i| simd.add_f64s(t[i], rounder));
    let rest = from_fn(|i| simd.sub_f64s(t[i], simd.sub_f64s(shifted[i], rounder)));
    power(simd, shifted, rest)
}

/// x clamped to the limits; NaN stays NaN.
#[inline(always)]
fn bounded<S: Simd, const V: usize>(simd: S, x: Lanes<S, V>, limits: [f64; 2]) -> Lanes<S, V> {
    let [least, most] = limits.map(|c| simd.splat_f64s(c));
    from_fn(|i| {
        // The vector instructions give the second number if one is NaN, `f64::max` the other one.
        if S::IS_SCALAR {
            let x = simd.select_f64s(simd.less_than_f64s(x[i], least), least, x[i]);
            return simd.select_f64s(simd.greater_than_f64s(x, most), most, x);
        }
        simd.min_f64s(most, simd.max_f64s(least, x[i]))
    })
}

/// 2^(k + rest), k in the low bits of `shifted`.
#[inline(always)]
fn power<S: Simd, const V: usize>(simd: S, shifted: Lanes<S, V>, rest: Lanes<S, V>) -> Lanes<S, V> {
    let value = polynomial(simd, &POWER, rest);
    from_fn(|i| {
        let mut exponent = shifted[i];
        for bits in bytemuck::cast_slice_mut::<_, u64>(std::slice::from_mut(&mut exponent)) {
            *bits <<= 52;
        }
        let exponent = simd.transmute_u64s_f64s(exponent);
        let bits = simd.add_u64s(simd.transmute_u64s_f64s(value[i]), exponent);
        simd.transmute_f64s_u64s(bits)
    })
}

/// ln(1 + t) and 1/(1 + t) for 0 ≤ t ≤ 1; the logarithm as 2 artanh(t/(2 + t)). Both quotients
/// come from one division.
#[inline(always)]
pub(super) fn ln_1p_unit<S: Simd, const V: usize>(
    simd: S,
    t: Lanes<S, V>,
) -> (Lanes<S, V>, Lanes<S, V>) {
    let [one, two] = [1.0, 2.0].map(|c| simd.splat_f64s(c));
    let (mut s, mut inverse) = (t, t);
    for i in 0..V {
        let [first, second] = [one, two].map(|c| simd.add_f64s(c, t[i]));
        let both = simd.div_f64s(one, simd.mul_f64s(first, second));
        inverse[i] = simd.mul_f64s(second, both);
        s[i] = simd.mul_f64s(t[i], simd.mul_f64s(first, both));
    }
    let series: Lanes<S, V> = polynomial(simd, &ARTANH, from_fn(|i| simd.mul_f64s(s[i], s[i])));
    (from_fn(|i| simd.mul_f64s(series[i], simd.add_f64s(s[i], s[i]))), inverse)
}

const _: () = assert!(LN_2_HIGH < LN_2);

#[cfg(test)]
mod tests {
    use super::*;
    use pulp::{Arch, Scalar, WithSimd};

    type Function = fn(f64) -> f64;

    /// Every function at `x`, with the instructions of `simd`: e^x, 2^x, ln(1 + x), 1/(1 + x).
    struct Every<'a>(f64, &'a mut [f64; 4]);

    impl WithSimd for Every<'_> {
        type Output = ();

        fn with_simd<S: Simd>(self, simd: S) {
            let x = splat::<S, 2>(simd, self.0);
            let (logarithm, inverse) = ln_1p_unit(simd, x);
            let all = [exp_negative(simd, x), exp2(simd, x), logarithm, inverse];
            *self.1 = all.map(|lanes| bytemuck::cast_slice::<_, f64>(&lanes)[0]);
        }
    }

    fn everywhere(x: f64) -> [[f64; 4]; 2] {
        let mut found = [[0.0; 4]; 2];
        Arch::new().dispatch(Every(x, &mut found[0]));
        Every(x, &mut found[1]).with_simd(Scalar);
        found
    }

    #[test]
    fn functions_agree_with_the_standard_library() {
        let [exp, exp2, logarithm, inverse]: [Function; 4] =
            [f64::exp, f64::exp2, f64::ln_1p, |t| 1.0 / (1.0 + t)];
        for step in 0..=40_000 {
            let share = f64::from(step) / 40_000.0;
            let cases = [
                (0, -708.0 * share.powi(3), exp, 5e-16),
                (1, -1020.0 * share.powi(3), exp2, 5e-16),
                (1, 1020.0 * share.powi(3), exp2, 5e-16),
                (2, share, logarithm, 8e-16),
                (3, share, inverse, 5e-16),
            ];
            for (which, x, exact, tolerance) in cases {
                for found in everywhere(x) {
                    let miss = (found[which] - exact(x)).abs();
                    assert!(miss <= tolerance * exact(x), "{which} at {x}: {}", found[which]);
                }
            }
        }
    }

    #[test]
    fn infinities_and_no_numbers() {
        for [e, two, ..] in everywhere(f64::NEG_INFINITY) {
            assert!((e / (-708f64).exp() - 1.0).abs() < 5e-16 && two == (-1020f64).exp2());
        }
        assert!(everywhere(f64::INFINITY).iter().all(|found| found[1] == 1020f64.exp2()));
        assert!(everywhere(f64::NAN).iter().all(|found| found[0].is_nan() && found[1].is_nan()));
    }
}
