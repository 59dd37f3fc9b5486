//! Norms of the Jacobians of a network with one hidden layer, without a Jacobian.
//!
//! With the slopes s of the units, J = Σ_l s_l r_l w_lᵀ, so that ‖J‖² = Σ_lm s_l s_m (w_l·w_m)(r_l·r_m). The part of r_l
//! along w_l makes J symmetric; with q_l, what is left of it, ½‖J − Jᵀ‖² = Σ_lm s_l s_m ((w_l·w_m)(q_l·q_m) − (w_l·q_m)(q_l·w_m)),
//! which loses no digits where R = W E.

use super::Network;
use super::slopes::slopes;
use faer::linalg::matmul::matmul;
use faer::linalg::matmul::triangular::{self, BlockStructure};
use faer::{Accum, Mat, MatRef, Par};
use rayon::prelude::*;

/// Points of a task.
const BLOCK: usize = 128;

/// The quadratic forms of a network in its slopes, as triangles that give the same.
struct Forms {
    jacobian: Mat<f64>,
    curl: Mat<f64>,
    trace: Vec<f64>,
}

/// [‖J‖², ½‖J − Jᵀ‖², tr J] at points of shape (points, D), on all threads. `None` with more than one hidden layer, and where the
/// forms would take much more memory than a Jacobian.
///
/// Cost: with H units H² + D H multiplications a point, and 3 D H² before the first.
pub(super) fn squared_norms(network: &Network, points: &[f64]) -> Option<Vec<[f64; 3]>> {
    let d = network.dimension();
    let [encoder, _] = network.layers() else { return None };
    if encoder.outputs() > 4 * d {
        return None;
    }
    let forms = Forms::of(network)?;
    let blocks = points.par_chunks(BLOCK * d);
    Some(blocks.flat_map_iter(|points| forms.at(&slopes(network, points))).collect())
}

impl Forms {
    fn of(network: &Network) -> Option<Forms> {
        let [encoder, decoder] = network.layers() else { return None };
        let (units, d) = (encoder.outputs(), network.dimension());
        let w = MatRef::from_row_major_slice(&encoder.weight, units, d);
        let r = MatRef::from_row_major_slice(&decoder.weight, d, units);
        let along = network.diagonal()?;
        let q = Mat::from_fn(d, units, |i, l| r[(i, l)] - along[l] * w[(l, i)]);
        let pairs =
            [(w, w.transpose()), (r.transpose(), r), (q.transpose(), q.as_ref()), (w, q.as_ref())];
        let products: Vec<Mat<f64>> = pairs.into_par_iter().map(product).collect();
        let [ww, rr, qq, wq] = &products[..] else { unreachable!("one of each pair") };
        let trace = |l: usize| (0..d).map(|i| w[(l, i)] * r[(i, l)]).sum();
        Some(Forms {
            jacobian: triangle(units, |l, m| ww[(l, m)] * rr[(l, m)]),
            curl: triangle(units, |l, m| ww[(l, m)] * qq[(l, m)] - wq[(l, m)] * wq[(m, l)]),
            trace: (0..units).map(trace).collect(),
        })
    }

    /// Their values for the slopes of each point.
    fn at(&self, slopes: &Mat<f64>) -> Vec<[f64; 3]> {
        let mut half = Mat::zeros(slopes.nrows(), slopes.ncols());
        let [jacobian, curl] = [&self.jacobian, &self.curl].map(|form| {
            triangular::matmul(
                half.as_mut(),
                BlockStructure::Rectangular,
                Accum::Replace,
                form.as_ref(),
                BlockStructure::TriangularLower,
                slopes.as_ref(),
                BlockStructure::Rectangular,
                1.0,
                Par::Seq,
            );
            let dot = |i: usize| half.col(i).iter().zip(slopes.col(i).iter()).map(|(a, b)| a * b);
            // Rounding alone makes a sum of squares negative.
            (0..slopes.ncols()).map(|i| dot(i).sum::<f64>().max(0.0)).collect::<Vec<f64>>()
        });
        let trace = |i: usize| slopes.col(i).iter().zip(&self.trace).map(|(s, t)| s * t).sum();
        (0..slopes.ncols()).map(|i| [jacobian[i], curl[i], trace(i)]).collect()
    }
}

fn product((left, right): (MatRef<'_, f64>, MatRef<'_, f64>)) -> Mat<f64> {
    let mut out = Mat::zeros(left.nrows(), right.ncols());
    matmul(out.as_mut(), Accum::Replace, left, right, 1.0, Par::Seq);
    out
}

/// The lower triangle L with sᵀ L s = sᵀ K s for a symmetric K.
fn triangle(size: usize, entry: impl Fn(usize, usize) -> f64) -> Mat<f64> {
    Mat::from_fn(size, size, |l, m| match l.cmp(&m) {
        std::cmp::Ordering::Less => 0.0,
        std::cmp::Ordering::Equal => entry(l, l),
        std::cmp::Ordering::Greater => 2.0 * entry(l, m),
    })
}

#[cfg(test)]
mod tests {
    use super::squared_norms;
    use crate::autoencoder::{Activation, Layer, Network};

    /// By hand: where both units are on, J has the rows (1, 2, 0, 0), 0, (1, 4, 2, 0), (0, 1, 1, 0); where the second
    /// alone is, 0, 0, (0, 2, 2, 0), (0, 1, 1, 0).
    #[test]
    fn norms_known_by_hand() {
        let weight = vec![1.0, 2.0, 0.0, 0.0, 0.0, 1.0, 1.0, 0.0];
        let encoder = Layer { weight, bias: vec![0.0; 2], inputs: 4 };
        let weight = vec![1.0, 0.0, 0.0, 0.0, 1.0, 2.0, 0.0, 1.0];
        let decoder = Layer { weight, bias: vec![0.5; 4], inputs: 2 };
        let network = Network::new(vec![encoder, decoder], vec![Activation::Relu], false).unwrap();
        let points = [[1.0; 4], [-9.0, 1.0, 1.0, 1.0], [-1.0; 4]].concat();
        let found = squared_norms(&network, &points).unwrap();
        let expected = [[28.0, 23.0, 3.0], [10.0, 6.0, 2.0], [0.0; 3]];
        for (found, expected) in found.iter().flatten().zip(expected.iter().flatten()) {
            assert!((found - expected).abs() < 1e-13, "{found}, expected {expected}");
        }
    }

    /// R = W E: what is left is not the rounding of ‖J‖², which has a root of 1e-8.
    #[test]
    fn parallel_weights_are_symmetric_to_all_digits() {
        let weight: Vec<f64> = (0..60).map(|i| f64::from(i * i % 17) - 7.5).collect();
        let encoder = Layer { weight, bias: vec![0.1; 10], inputs: 6 };
        let scaled = |i: usize| 0.3 * (1 + i % 10) as f64 * encoder.weight[i % 10 * 6 + i / 10];
        let weight = (0..60).map(scaled).collect();
        let decoder = Layer { weight, bias: vec![0.0; 6], inputs: 10 };
        let network = Network::new(vec![encoder, decoder], vec![Activation::Tanh], false).unwrap();
        let found = squared_norms(&network, &[0.01, -0.02, 0.03, 0.0, 0.02, 0.01]).unwrap()[0];
        assert!(found[0] > 1.0 && (found[1] / found[0]).sqrt() < 1e-14, "{found:?}");
    }

    #[test]
    fn there_are_none_of_deep_and_of_very_wide_networks() {
        let network = |widths: &[usize]| {
            let activations = vec![Activation::Relu; widths.len()];
            let start = crate::autoencoder::train::Initial::Glorot { gain: 1.0 };
            Network::random(3, widths, &activations, false, start, 1).unwrap()
        };
        assert!(squared_norms(&network(&[12]), &[0.0; 3]).is_some());
        assert!(squared_norms(&network(&[13]), &[0.0; 3]).is_none());
        assert!(squared_norms(&network(&[3, 3]), &[0.0; 3]).is_none());
    }
}
