//! One hidden layer in D = 2 or 3: field and Jacobian in one pass over points and units.
//!
//! Every lane is a point; the inner loop runs over the units, whose weights are broadcast. A hidden
//! value is used as soon as it is computed, so that nothing of size points × units is stored.

use super::kernels::{Kernel, Ridge, run, scale};
use super::lanes::{Lanes, splat};
use super::{Activation, Network};
use pulp::{Arch, Simd, WithSimd};
use rayon::prelude::*;

/// Points a thread takes at a time.
const CHUNK: usize = 1024;

/// The weights of one unit, side by side; w and b are scaled for the activation.
#[derive(Clone, Copy)]
struct Unit<const D: usize> {
    w: [f64; D],
    b: f64,
    r: [f64; D],
    /// r wᵀ, of the weight itself.
    product: [[f64; D]; D],
}

fn units<const D: usize>(network: &Network) -> Vec<Unit<D>> {
    let [encoder, decoder] = network.layers() else { unreachable!("one hidden layer") };
    let factor = scale(network.activations()[0]);
    let count = encoder.outputs();
    (0..count)
        .map(|l| {
            let w: [f64; D] = std::array::from_fn(|i| encoder.weight[l * D + i]);
            let r: [f64; D] = std::array::from_fn(|i| decoder.weight[i * count + l]);
            Unit {
                w: w.map(|w| factor * w),
                b: factor * encoder.bias[l],
                r,
                product: r.map(|r| w.map(|w| r * w)),
            }
        })
        .collect()
}

/// r and, with `jacobian`, its Jacobian, as of [`Network::evaluate`].
pub(super) fn evaluate<const D: usize>(
    network: &Network,
    points: &[f64],
    jacobian: bool,
) -> [Vec<f64>; 2] {
    let units = units::<D>(network);
    let constant = std::array::from_fn(|i| network.layers()[1].bias[i]);
    let activation = network.activations()[0];
    let mut reconstruction = vec![0.0; points.len()];
    let mut all = vec![0.0; if jacobian { points.len() * D } else { 0 }];
    let chunks = points.par_chunks(CHUNK * D).zip(reconstruction.par_chunks_mut(CHUNK * D));
    let evaluate = |points: &[f64], values: &mut [f64], jacobian: &mut [f64]| {
        let job = RidgeKernel { units: &units, constant, activation, points, values, jacobian };
        Arch::new().dispatch(job);
    };
    if jacobian {
        chunks
            .zip(all.par_chunks_mut(CHUNK * D * D))
            .for_each(|((points, values), jacobian)| evaluate(points, values, jacobian));
    } else {
        chunks.for_each(|(points, values)| evaluate(points, values, &mut []));
    }
    [reconstruction, all]
}

struct RidgeKernel<'a, const D: usize> {
    units: &'a [Unit<D>],
    constant: [f64; D],
    activation: Activation,
    points: &'a [f64],
    values: &'a mut [f64],
    jacobian: &'a mut [f64],
}

impl<const D: usize> WithSimd for RidgeKernel<'_, D> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        run(simd, self.activation, self);
    }
}

impl<const D: usize> Kernel for RidgeKernel<'_, D> {
    #[inline(always)]
    fn run<S: Simd, R: Ridge, const V: usize>(self, simd: S, ridge: R) {
        let RidgeKernel { units, constant, points, values, jacobian, .. } = self;
        let together = V * S::F64_LANES;
        for (index, points) in points.chunks(together * D).enumerate() {
            let mut x = [splat::<S, V>(simd, 0.0); D];
            for (i, x) in x.iter_mut().enumerate() {
                let x: &mut [f64] = bytemuck::cast_slice_mut(x);
                x.iter_mut().zip(points.chunks_exact(D)).for_each(|(x, point)| *x = point[i]);
            }
            let start = index * together;
            let end = start + points.len() / D;
            let values = &mut values[start * D..end * D];
            if jacobian.is_empty() {
                let (r, _) = sum_units::<S, R, V, D, false>(simd, ridge, units, &x);
                scatter::<S, V, D>(&r, constant, values, 0, D);
            } else {
                let (r, j) = sum_units::<S, R, V, D, true>(simd, ridge, units, &x);
                scatter::<S, V, D>(&r, constant, values, 0, D);
                let jacobian = &mut jacobian[start * D * D..end * D * D];
                for (i, row) in j.iter().enumerate() {
                    scatter::<S, V, D>(row, [0.0; D], jacobian, i * D, D * D);
                }
            }
        }
    }
}

/// Writes D numbers of every point to `out`, those of a point from `first` on, points `stride`
/// apart, with `constant` added.
#[inline(always)]
fn scatter<S: Simd, const V: usize, const D: usize>(
    lanes: &[Lanes<S, V>; D],
    constant: [f64; D],
    out: &mut [f64],
    first: usize,
    stride: usize,
) {
    for (i, lanes) in lanes.iter().enumerate() {
        let lanes: &[f64] = bytemuck::cast_slice(lanes);
        for (point, value) in out.chunks_exact_mut(stride).zip(lanes) {
            point[first + i] = value + constant[i];
        }
    }
}

/// Σ_l r_l h(z_l) and, if asked for, Σ_l h′(z_l) r_l w_lᵀ.
#[inline(always)]
fn sum_units<S: Simd, R: Ridge, const V: usize, const D: usize, const JACOBIAN: bool>(
    simd: S,
    ridge: R,
    units: &[Unit<D>],
    x: &[Lanes<S, V>; D],
) -> ([Lanes<S, V>; D], [[Lanes<S, V>; D]; D]) {
    let mut value = [splat(simd, 0.0); D];
    let mut jacobian = [value; D];
    for unit in units {
        let mut z = splat::<S, V>(simd, unit.b);
        for (w, x) in unit.w.iter().zip(x) {
            add_scaled(simd, *w, x, &mut z);
        }
        let (h, slope) = ridge.scaled(simd, z);
        for i in 0..D {
            add_scaled(simd, unit.r[i], &h, &mut value[i]);
            if JACOBIAN {
                for (entry, product) in jacobian[i].iter_mut().zip(&unit.product[i]) {
                    add_scaled(simd, *product, &slope, entry);
                }
            }
        }
    }
    (value, jacobian)
}

/// sum += factor · x.
#[inline(always)]
fn add_scaled<S: Simd, const V: usize>(
    simd: S,
    factor: f64,
    x: &Lanes<S, V>,
    sum: &mut Lanes<S, V>,
) {
    let factor = simd.splat_f64s(factor);
    for (sum, x) in sum.iter_mut().zip(x) {
        *sum = simd.mul_add_e_f64s(factor, *x, *sum);
    }
}
