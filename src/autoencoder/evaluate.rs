//! r(x) and its exact Jacobian for many points at once, for any number of layers.

use super::network::Network;
use super::{gram, ridge};
use crate::autoencoder::{Differentiable, MapField};
use faer::linalg::matmul::matmul;
use faer::{Accum, MatMut, MatRef, Par};
use rayon::prelude::*;

/// Points evaluated together: the hidden values of a block stay in cache.
const BLOCK: usize = 64;

/// r and, if asked for, its Jacobian at a set of points.
#[derive(Clone, Debug, PartialEq)]
pub struct Evaluation {
    /// r(x), point by point: shape (points, D).
    pub reconstruction: Vec<f64>,
    /// ∂r_i/∂x_j, point by point: shape (points, D, D), row i, column j. Empty if not asked for.
    pub jacobian: Vec<f64>,
}

impl Network {
    /// r(x) for points of shape (points, D).
    ///
    /// # Panics
    /// If the number of values is not a multiple of D.
    pub fn reconstruct(&self, points: &[f64]) -> Vec<f64> {
        self.evaluate(points, false).reconstruction
    }

    /// r(x) − x for points of shape (points, D).
    ///
    /// # Panics
    /// If the number of values is not a multiple of D.
    pub fn field(&self, points: &[f64]) -> Vec<f64> {
        let mut field = self.reconstruct(points);
        for (r, x) in field.iter_mut().zip(points) {
            *r -= x;
        }
        field
    }

    /// The Jacobian of r at one point, row i, column j: ∂r_i/∂x_j, of length D². Subtract the
    /// identity for that of the field r(x) − x. Cost: one matrix product of (D, H) by (H, D) per
    /// layer.
    ///
    /// # Panics
    /// If `point` does not have D numbers.
    pub fn jacobian(&self, point: &[f64]) -> Vec<f64> {
        assert_eq!(point.len(), self.dimension(), "one point");
        self.evaluate(point, true).jacobian
    }

    /// r and, with `jacobian`, its exact Jacobian at points of shape (points, D), on all threads.
    ///
    /// Networks with one hidden layer in two or three dimensions are evaluated by a fused loop over
    /// points and units, all others by matrix products over blocks of points.
    ///
    /// # Panics
    /// If the number of values is not a multiple of D.
    pub fn evaluate(&self, points: &[f64], jacobian: bool) -> Evaluation {
        let d = self.dimension();
        assert_eq!(points.len() % d, 0, "points of {d} numbers each");
        let fused = match (d, self.layers().len()) {
            (2, 2) => Some(ridge::evaluate::<2>(self, points, jacobian)),
            (3, 2) => Some(ridge::evaluate::<3>(self, points, jacobian)),
            _ => None,
        };
        if let Some([reconstruction, jacobian]) = fused {
            return Evaluation { reconstruction, jacobian };
        }
        let count = points.len() / d;
        let block = if jacobian { (BLOCK / d).max(1) } else { BLOCK };
        let mut reconstruction = vec![0.0; count * d];
        let mut all = vec![0.0; if jacobian { count * d * d } else { 0 }];
        let blocks = points.par_chunks(block * d).zip(reconstruction.par_chunks_mut(block * d));
        if jacobian {
            blocks
                .zip(all.par_chunks_mut(block * d * d))
                .for_each(|((x, r), j)| evaluate_block(self, x, r, Some(j)));
        } else {
            blocks.for_each(|(x, r)| evaluate_block(self, x, r, None));
        }
        Evaluation { reconstruction, jacobian: all }
    }
}

impl Differentiable for Network {
    fn dimension(&self) -> usize {
        Network::dimension(self)
    }

    fn jacobians(&self, points: &[f64]) -> Vec<f64> {
        self.evaluate(points, true).jacobian
    }

    /// With one hidden layer of H units, H² + D H multiplications a point.
    fn squared_norms(&self, points: &[f64]) -> Option<Vec<[f64; 3]>> {
        gram::squared_norms(self, points)
    }

    /// Forward and backward through the layers: the cost of a few evaluations of r.
    fn jacobian_products(&self, point: &[f64], v: &[f64]) -> (Vec<f64>, Vec<f64>) {
        let (mut value, mut right, mut slopes) = (point.to_vec(), v.to_vec(), Vec::new());
        for (k, layer) in self.layers().iter().enumerate() {
            let mut z = layer.times(&value);
            right = layer.times(&right);
            let Some(activation) = self.activations().get(k) else { break };
            z.iter_mut().zip(&layer.bias).for_each(|(z, b)| *z += b);
            let (mut h, mut slope) = (vec![0.0; z.len()], vec![0.0; z.len()]);
            activation.apply(&z, &mut h, &mut slope);
            right.iter_mut().zip(&slope).for_each(|(t, s)| *t *= s);
            value = h;
            slopes.push(slope);
        }
        let mut left = v.to_vec();
        for (k, layer) in self.layers().iter().enumerate().rev() {
            if let Some(slope) = slopes.get(k) {
                left.iter_mut().zip(slope).for_each(|(t, s)| *t *= s);
            }
            left = layer.transposed_times(&left);
        }
        (right, left)
    }
}

impl MapField for Network {
    fn field(&self, points: &[f64]) -> Vec<f64> {
        Network::field(self, points)
    }
}

/// Matrices here have a column per point; the tangents of a layer a column per point and input
/// direction.
fn evaluate_block(network: &Network, x: &[f64], out: &mut [f64], jacobian: Option<&mut [f64]>) {
    let d = network.dimension();
    let count = x.len() / d;
    let mut value = x.to_vec();
    let mut tangent = Vec::new();
    let wants_jacobian = jacobian.is_some();
    for (k, layer) in network.layers().iter().enumerate() {
        let (rows, columns) = (layer.outputs(), layer.inputs);
        let weight = MatRef::from_row_major_slice(&layer.weight, rows, columns);
        let mut z: Vec<f64> = layer.bias.iter().copied().cycle().take(rows * count).collect();
        multiply(&mut z, Accum::Add, weight, &value, count);
        if wants_jacobian {
            tangent = match k {
                0 => layer.transposed_weight().repeat(count),
                _ => {
                    let mut next = vec![0.0; rows * count * d];
                    multiply(&mut next, Accum::Replace, weight, &tangent, count * d);
                    next
                }
            };
        }
        value = match network.activations().get(k) {
            None => z,
            Some(activation) => {
                let (mut h, mut slope) = (vec![0.0; z.len()], vec![0.0; z.len()]);
                activation.apply(&z, &mut h, &mut slope);
                for (point, slope) in tangent.chunks_mut(rows * d).zip(slope.chunks(rows)) {
                    for direction in point.chunks_mut(rows) {
                        direction.iter_mut().zip(slope).for_each(|(t, s)| *t *= s);
                    }
                }
                h
            }
        };
    }
    out.copy_from_slice(&value);
    if let Some(jacobian) = jacobian {
        for (j, t) in jacobian.chunks_mut(d * d).zip(tangent.chunks(d * d)) {
            for (i, entry) in j.iter_mut().enumerate() {
                *entry = t[i % d * d + i / d];
            }
        }
    }
}

/// out (rows × columns, column by column) = or += weight · right.
fn multiply(
    out: &mut [f64],
    accumulate: Accum,
    weight: MatRef<'_, f64>,
    right: &[f64],
    columns: usize,
) {
    let out = MatMut::from_column_major_slice_mut(out, weight.nrows(), columns);
    let right = MatRef::from_column_major_slice(right, weight.ncols(), columns);
    matmul(out, accumulate, weight, right, 1.0, Par::Seq);
}
