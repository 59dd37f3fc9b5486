//! One hidden layer in D = 2 or 3: field and Jacobian in one pass over points and units.
//!
//! Every lane is a point; the units run in the inner loop, their weights broadcast. A hidden value
//! is used where it is made, nothing of size points × units is stored.

use super::activation::{Linear, Relu, Ridge, Sigmoid, Softplus, Tanh};
use super::lanes::{LANES, Lanes, fma};
use super::{Activation, Evaluation, Network};
use pulp::{Arch, Simd, WithSimd};
use rayon::prelude::*;

/// Points a thread takes at a time.
const CHUNK: usize = 1024;

/// The weights of one unit, side by side.
#[derive(Clone, Copy)]
struct Unit<const D: usize> {
    w: [f64; D],
    b: f64,
    r: [f64; D],
}

fn units<const D: usize>(network: &Network) -> Vec<Unit<D>> {
    let [encoder, decoder] = network.layers() else { unreachable!("one hidden layer") };
    let count = encoder.outputs();
    (0..count)
        .map(|l| Unit {
            w: std::array::from_fn(|i| encoder.weight[l * D + i]),
            b: encoder.bias[l],
            r: std::array::from_fn(|i| decoder.weight[i * count + l]),
        })
        .collect()
}

/// See [`Network::evaluate`].
pub(super) fn evaluate<const D: usize>(
    network: &Network,
    points: &[f64],
    jacobian: bool,
) -> Evaluation {
    let units = units::<D>(network);
    let constant = std::array::from_fn(|i| network.layers()[1].bias[i]);
    let activation = network.activations()[0];
    let mut reconstruction = vec![0.0; points.len()];
    let mut all = vec![0.0; if jacobian { points.len() * D } else { 0 }];
    let chunks = points.par_chunks(CHUNK * D).zip(reconstruction.par_chunks_mut(CHUNK * D));
    let run = |points: &[f64], values: &mut [f64], jacobian: &mut [f64]| {
        let job = Job { units: &units, constant, activation, points, values, jacobian };
        Arch::new().dispatch(job);
    };
    if jacobian {
        chunks
            .zip(all.par_chunks_mut(CHUNK * D * D))
            .for_each(|((points, values), jacobian)| run(points, values, jacobian));
    } else {
        chunks.for_each(|(points, values)| run(points, values, &mut []));
    }
    Evaluation { reconstruction, jacobian: all }
}

struct Job<'a, const D: usize> {
    units: &'a [Unit<D>],
    constant: [f64; D],
    activation: Activation,
    points: &'a [f64],
    values: &'a mut [f64],
    jacobian: &'a mut [f64],
}

impl<const D: usize> WithSimd for Job<'_, D> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        match (self.activation, S::IS_SCALAR) {
            (Activation::Sigmoid, false) => self.run::<Sigmoid, true>(Sigmoid),
            (Activation::Sigmoid, true) => self.run::<Sigmoid, false>(Sigmoid),
            (Activation::Tanh, false) => self.run::<Tanh, true>(Tanh),
            (Activation::Tanh, true) => self.run::<Tanh, false>(Tanh),
            (Activation::Softplus, false) => self.run::<Softplus, true>(Softplus),
            (Activation::Softplus, true) => self.run::<Softplus, false>(Softplus),
            (Activation::Relu, false) => self.run::<Relu, true>(Relu),
            (Activation::Relu, true) => self.run::<Relu, false>(Relu),
            (Activation::Linear, false) => self.run::<Linear, true>(Linear),
            (Activation::Linear, true) => self.run::<Linear, false>(Linear),
        }
    }
}

impl<const D: usize> Job<'_, D> {
    #[inline(always)]
    fn run<R: Ridge, const FUSED: bool>(self, ridge: R) {
        let wants_jacobian = !self.jacobian.is_empty();
        for (index, points) in self.points.chunks(LANES * D).enumerate() {
            let count = points.len() / D;
            let mut x = [[0.0; LANES]; D];
            for (p, point) in points.chunks_exact(D).enumerate() {
                for i in 0..D {
                    x[i][p] = point[i];
                }
            }
            let start = index * LANES;
            let (r, j) = if wants_jacobian {
                sum_units::<R, D, FUSED, true>(ridge, self.units, &x)
            } else {
                sum_units::<R, D, FUSED, false>(ridge, self.units, &x)
            };
            for p in 0..count {
                let point = &mut self.values[(start + p) * D..][..D];
                for ((value, r), c) in point.iter_mut().zip(&r).zip(&self.constant) {
                    *value = r[p] + c;
                }
                for i in 0..if wants_jacobian { D * D } else { 0 } {
                    self.jacobian[(start + p) * D * D + i] = j[i / D][i % D][p];
                }
            }
        }
    }
}

/// Σ_l r_l h(z_l) and, if asked for, Σ_l h′(z_l) r_l w_lᵀ.
#[inline(always)]
fn sum_units<R: Ridge, const D: usize, const FUSED: bool, const JACOBIAN: bool>(
    ridge: R,
    units: &[Unit<D>],
    x: &[Lanes; D],
) -> ([Lanes; D], [[Lanes; D]; D]) {
    let mut value = [[0.0; LANES]; D];
    let mut jacobian = [[[0.0; LANES]; D]; D];
    for unit in units {
        let mut z = [unit.b; LANES];
        for (w, x) in unit.w.iter().zip(x) {
            for p in 0..LANES {
                z[p] = fma::<FUSED>(*w, x[p], z[p]);
            }
        }
        let (h, slope) = ridge.lanes::<FUSED>(z);
        for i in 0..D {
            for p in 0..LANES {
                value[i][p] = fma::<FUSED>(unit.r[i], h[p], value[i][p]);
            }
            if JACOBIAN {
                for (entry, w) in jacobian[i].iter_mut().zip(&unit.w) {
                    let product = unit.r[i] * w;
                    for p in 0..LANES {
                        entry[p] = fma::<FUSED>(product, slope[p], entry[p]);
                    }
                }
            }
        }
    }
    (value, jacobian)
}
