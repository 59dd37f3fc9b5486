//! The activations on whole vectors of numbers, h(z) and h′(z) together, and work that uses them.

use super::Activation;
use super::activation::{LEAK, normal};
use super::lanes::{Lanes, exp_negative, exp2, ln_1p_unit, splat};
use pulp::{Arch, Simd, WithSimd};
use std::array::from_fn;
use std::f64::consts::LOG2_E;

/// A function of z that works on whole vectors; one type per activation, so that the choice is made
/// outside the loops.
pub(super) trait Ridge: Copy + Send + Sync {
    /// A factor that weights and biases may be multiplied by once, so that the exponential need not
    /// scale every value.
    const SCALE: f64 = 1.0;

    /// (h(z), h′(z)).
    fn lanes<S: Simd, const V: usize>(self, simd: S, z: Lanes<S, V>) -> (Lanes<S, V>, Lanes<S, V>);

    /// (h(z), h′(z)) for t = `SCALE`·z.
    #[inline(always)]
    fn scaled<S: Simd, const V: usize>(
        self,
        simd: S,
        t: Lanes<S, V>,
    ) -> (Lanes<S, V>, Lanes<S, V>) {
        self.lanes(simd, t)
    }
}

/// See [`Activation::Sigmoid`].
#[derive(Clone, Copy)]
struct Sigmoid;
/// See [`Activation::Tanh`].
#[derive(Clone, Copy)]
struct Tanh;
/// See [`Activation::Relu`].
#[derive(Clone, Copy)]
struct Relu;
/// See [`Activation::Softplus`].
#[derive(Clone, Copy)]
struct Softplus;
/// See [`Activation::Linear`].
#[derive(Clone, Copy)]
struct Linear;

/// See [`Activation::Silu`].
#[derive(Clone, Copy)]
struct Silu;
/// See [`Activation::Gelu`].
#[derive(Clone, Copy)]
struct Gelu;
/// See [`Activation::Elu`].
#[derive(Clone, Copy)]
struct Elu;
/// See [`Activation::LeakyRelu`].
#[derive(Clone, Copy)]
struct LeakyRelu;

/// e^{−|z|·scale}.
#[inline(always)]
fn decay<S: Simd, const V: usize>(simd: S, z: Lanes<S, V>, scale: f64) -> Lanes<S, V> {
    let scale = simd.splat_f64s(-scale);
    exp_negative(simd, from_fn(|i| simd.mul_f64s(scale, simd.abs_f64s(z[i]))))
}

/// 1/(1 + e).
#[inline(always)]
fn inverse<S: Simd, const V: usize>(simd: S, e: Lanes<S, V>) -> Lanes<S, V> {
    let one = simd.splat_f64s(1.0);
    e.map(|e| simd.div_f64s(one, simd.add_f64s(one, e)))
}

/// `below` where z < 0, else `above`.
#[inline(always)]
fn by_sign<S: Simd, const V: usize>(
    simd: S,
    z: Lanes<S, V>,
    below: Lanes<S, V>,
    above: Lanes<S, V>,
) -> Lanes<S, V> {
    let zero = simd.splat_f64s(0.0);
    from_fn(|i| simd.select_f64s(simd.less_than_f64s(z[i], zero), below[i], above[i]))
}

/// a·b, element by element.
#[inline(always)]
fn times<S: Simd, const V: usize>(simd: S, a: Lanes<S, V>, b: Lanes<S, V>) -> Lanes<S, V> {
    from_fn(|i| simd.mul_f64s(a[i], b[i]))
}

impl Ridge for Sigmoid {
    const SCALE: f64 = -LOG2_E;

    #[inline(always)]
    fn lanes<S: Simd, const V: usize>(self, simd: S, z: Lanes<S, V>) -> (Lanes<S, V>, Lanes<S, V>) {
        let e = decay(simd, z, 1.0);
        let q = inverse(simd, e);
        let small = times(simd, e, q);
        (by_sign(simd, z, small, q), times(simd, small, q))
    }

    #[inline(always)]
    fn scaled<S: Simd, const V: usize>(
        self,
        simd: S,
        t: Lanes<S, V>,
    ) -> (Lanes<S, V>, Lanes<S, V>) {
        let e = exp2(simd, t);
        let q = inverse(simd, e);
        (q, times(simd, times(simd, e, q), q))
    }
}

/// tanh and its slope from e^{−2z}.
#[inline(always)]
fn tanh<S: Simd, const V: usize>(simd: S, e: Lanes<S, V>) -> (Lanes<S, V>, Lanes<S, V>) {
    let q = inverse(simd, e);
    let rest = e.map(|e| simd.sub_f64s(simd.splat_f64s(1.0), e));
    let slope = times(simd, times(simd, e, q), q);
    (times(simd, rest, q), times(simd, slope, splat(simd, 4.0)))
}

impl Ridge for Tanh {
    const SCALE: f64 = -2.0 * LOG2_E;

    #[inline(always)]
    fn lanes<S: Simd, const V: usize>(self, simd: S, z: Lanes<S, V>) -> (Lanes<S, V>, Lanes<S, V>) {
        let (size, slope) = tanh(simd, decay(simd, z, 2.0));
        (by_sign(simd, z, size.map(|v| simd.neg_f64s(v)), size), slope)
    }

    #[inline(always)]
    fn scaled<S: Simd, const V: usize>(
        self,
        simd: S,
        t: Lanes<S, V>,
    ) -> (Lanes<S, V>, Lanes<S, V>) {
        tanh(simd, exp2(simd, t))
    }
}

impl Ridge for Softplus {
    #[inline(always)]
    fn lanes<S: Simd, const V: usize>(self, simd: S, z: Lanes<S, V>) -> (Lanes<S, V>, Lanes<S, V>) {
        let e = decay(simd, z, 1.0);
        let (logarithm, q) = ln_1p_unit(simd, e);
        let positive = by_sign(simd, z, splat(simd, 0.0), z);
        let value = from_fn(|i| simd.add_f64s(logarithm[i], positive[i]));
        (value, by_sign(simd, z, times(simd, e, q), q))
    }
}

impl Ridge for Relu {
    #[inline(always)]
    fn lanes<S: Simd, const V: usize>(self, simd: S, z: Lanes<S, V>) -> (Lanes<S, V>, Lanes<S, V>) {
        let [zero, one] = [0.0, 1.0].map(|c| simd.splat_f64s(c));
        let positive = z.map(|z| simd.less_than_or_equal_f64s(z, zero));
        let value = from_fn(|i| simd.select_f64s(positive[i], zero, z[i]));
        (value, positive.map(|positive| simd.select_f64s(positive, zero, one)))
    }
}

impl Ridge for Linear {
    #[inline(always)]
    fn lanes<S: Simd, const V: usize>(self, simd: S, z: Lanes<S, V>) -> (Lanes<S, V>, Lanes<S, V>) {
        (z, splat(simd, 1.0))
    }
}

impl Ridge for Silu {
    #[inline(always)]
    fn lanes<S: Simd, const V: usize>(self, simd: S, z: Lanes<S, V>) -> (Lanes<S, V>, Lanes<S, V>) {
        let (sigmoid, slope) = Sigmoid.lanes(simd, z);
        let slope = from_fn(|i| simd.mul_add_e_f64s(z[i], slope[i], sigmoid[i]));
        (times(simd, z, sigmoid), slope)
    }
}

/// One number after the other: the error function has no vectors.
impl Ridge for Gelu {
    #[inline(always)]
    fn lanes<S: Simd, const V: usize>(self, _: S, z: Lanes<S, V>) -> (Lanes<S, V>, Lanes<S, V>) {
        let (mut value, mut slope) = (z, z);
        let values: &mut [f64] = bytemuck::cast_slice_mut(&mut value);
        let slopes: &mut [f64] = bytemuck::cast_slice_mut(&mut slope);
        for (value, slope) in values.iter_mut().zip(slopes) {
            let z = *value;
            let (distribution, density) = normal(z);
            *value = z * distribution;
            *slope = distribution + z * density;
        }
        (value, slope)
    }
}

impl Ridge for Elu {
    #[inline(always)]
    fn lanes<S: Simd, const V: usize>(self, simd: S, z: Lanes<S, V>) -> (Lanes<S, V>, Lanes<S, V>) {
        let e = decay(simd, z, 1.0);
        let one = simd.splat_f64s(1.0);
        let below = e.map(|e| simd.sub_f64s(e, one));
        (by_sign(simd, z, below, z), by_sign(simd, z, e, splat(simd, 1.0)))
    }
}

impl Ridge for LeakyRelu {
    #[inline(always)]
    fn lanes<S: Simd, const V: usize>(self, simd: S, z: Lanes<S, V>) -> (Lanes<S, V>, Lanes<S, V>) {
        let [zero, one, leak] = [0.0, 1.0, LEAK].map(|c| simd.splat_f64s(c));
        let slope = z.map(|z| simd.select_f64s(simd.less_than_or_equal_f64s(z, zero), leak, one));
        (times(simd, z, slope), slope)
    }
}

impl Activation {
    /// h(z) and h′(z) for every element of `z`, into `value` and `slope` (of the same length). The
    /// absolute error is below 1e-15 for |z| of order one.
    ///
    /// # Panics
    /// If the slices differ in length.
    pub fn apply(self, z: &[f64], value: &mut [f64], slope: &mut [f64]) {
        assert!(z.len() == value.len() && z.len() == slope.len(), "slices of one length");
        Arch::new().dispatch(Apply { activation: self, z, value, slope });
    }
}

/// See [`Activation::apply`].
pub(super) struct Apply<'a> {
    pub activation: Activation,
    pub z: &'a [f64],
    pub value: &'a mut [f64],
    pub slope: &'a mut [f64],
}

impl WithSimd for Apply<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        run(simd, self.activation, self);
    }
}

/// Work on points or numbers in vectors, written once for every activation and instruction set.
pub(super) trait Kernel {
    /// Runs it, `V` vectors at a time.
    fn run<S: Simd, R: Ridge, const V: usize>(self, simd: S, ridge: R);
}

/// Runs `work` with an activation.
#[inline(always)]
pub(super) fn run<S: Simd>(simd: S, activation: Activation, work: impl Kernel) {
    match activation {
        Activation::Sigmoid => side_by_side(simd, Sigmoid, work),
        Activation::Tanh => side_by_side(simd, Tanh, work),
        Activation::Softplus => side_by_side(simd, Softplus, work),
        Activation::Relu => side_by_side(simd, Relu, work),
        Activation::Linear => side_by_side(simd, Linear, work),
        Activation::Silu => side_by_side(simd, Silu, work),
        Activation::Gelu => side_by_side(simd, Gelu, work),
        Activation::Elu => side_by_side(simd, Elu, work),
        Activation::LeakyRelu => side_by_side(simd, LeakyRelu, work),
    }
}

/// The factor by which the argument of an activation is multiplied beforehand.
pub(super) fn scale(activation: Activation) -> f64 {
    match activation {
        Activation::Sigmoid => Sigmoid::SCALE,
        Activation::Tanh => Tanh::SCALE,
        Activation::Softplus => Softplus::SCALE,
        Activation::Relu => Relu::SCALE,
        Activation::Linear => Linear::SCALE,
        Activation::Silu => Silu::SCALE,
        Activation::Gelu => Gelu::SCALE,
        Activation::Elu => Elu::SCALE,
        Activation::LeakyRelu => LeakyRelu::SCALE,
    }
}

/// Chooses the number of vectors for the instruction set; without vector instructions the compiler
/// pairs up eight numbers itself.
#[inline(always)]
fn side_by_side<S: Simd, R: Ridge>(simd: S, ridge: R, work: impl Kernel) {
    if S::IS_SCALAR { work.run::<S, R, 8>(simd, ridge) } else { work.run::<S, R, 2>(simd, ridge) }
}

impl Kernel for Apply<'_> {
    #[inline(always)]
    fn run<S: Simd, R: Ridge, const V: usize>(self, simd: S, ridge: R) {
        let Apply { z, value, slope, .. } = self;
        let together = V * S::F64_LANES;
        let outputs = value.chunks_mut(together).zip(slope.chunks_mut(together));
        for (z, (value, slope)) in z.chunks(together).zip(outputs) {
            let mut lanes = splat::<S, V>(simd, 0.0);
            bytemuck::cast_slice_mut(&mut lanes)[..z.len()].copy_from_slice(z);
            let (h, d) = ridge.lanes(simd, lanes);
            value.copy_from_slice(&bytemuck::cast_slice(&h)[..z.len()]);
            slope.copy_from_slice(&bytemuck::cast_slice(&d)[..z.len()]);
        }
    }
}
