//! The slopes of the units of the first hidden layer at many points.

use super::Network;
use faer::linalg::matmul::matmul;
use faer::{Accum, Mat, MatMut, MatRef, Par};

/// h′ of every unit of the first hidden layer at a few points of shape (points, D), (H, points).
pub(super) fn slopes(network: &Network, points: &[f64]) -> Mat<f64> {
    let (encoder, d) = (&network.layers()[0], network.dimension());
    let (units, count) = (encoder.outputs(), points.len() / d);
    let mut z: Vec<f64> = encoder.bias.repeat(count);
    let weight = MatRef::from_row_major_slice(&encoder.weight, units, d);
    let points = MatRef::from_column_major_slice(points, d, count);
    let sum = MatMut::from_column_major_slice_mut(&mut z, units, count);
    matmul(sum, Accum::Add, weight, points, 1.0, Par::Seq);
    let (mut value, mut slope) = (vec![0.0; z.len()], vec![0.0; z.len()]);
    network.activations()[0].apply(&z, &mut value, &mut slope);
    Mat::from_fn(units, count, |l, i| slope[i * units + l])
}
