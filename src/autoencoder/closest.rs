//! The conservative network closest to one with one hidden layer, on the same units.
//!
//! A network on the units of r is conservative where its decoder is W diag(e) (see
//! [`Conditions`](super::Conditions)), and then r_c(x) − x is the gradient of
//! Σ e_l H(w_l·x + b_l) + c·x − |x|²/2. That is linear in e and c, so the closest one at points x_i
//! with weights p_i is a linear least-squares problem: min Σ_i p_i |r(x_i) − Σ_l e_l w_l h(z_il) − c|².
//!
//! c is eliminated by taking the mean of each h_l off. Row (i, k) of the matrix that is left is
//! h̃_il w_kl, a product of one matrix with a row for each point and one with a row for each
//! dimension. Orthogonal factors of the two bring it to min(points, H) · min(D, H) rows, without
//! squaring its condition as normal equations would.

use super::least_squares::System;
use super::triangle::{self, tall, upper};
use super::{AutoencoderError, Layer, Network};
use crate::machine::ensure_memory;
use faer::Mat;

/// What singular values are cut at. Smaller ones change the field by less than 10⁻³ of its energy on the networks of the paper, and
/// raise |e| to 10⁹.
const RANK_CUT: f64 = 1e-10;

/// Points at which fields are compared together.
const BLOCK: usize = 4096;

/// A conservative network and how far it is from the one it stands for.
#[derive(Clone, Debug)]
pub struct Closest {
    /// r_c, with the decoder W diag(e) and the bias c; its [`Network::energy`] exists.
    pub network: Network,
    /// e_l, in the order of the units.
    pub factors: Vec<f64>,
    /// Combinations of units that count: singular values of at most [`Closest::RANK_CUT`] times the
    /// largest are left out, the columns of the units having length 1.
    pub rank: usize,
    /// How far it is at the points it was fitted at.
    pub miss: Miss,
}

/// What of a field another does not have, as means over weighted points.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Miss {
    /// Root mean square of the field r(x) − x.
    pub field: f64,
    /// Root mean square of the difference.
    pub residual: f64,
}

impl Miss {
    /// The share of the energy that is left: (residual/field)², 0 of no field.
    pub fn share_left(&self) -> f64 {
        if self.field > 0.0 { (self.residual / self.field).powi(2) } else { 0.0 }
    }
}

impl Closest {
    /// What singular values are cut at, relative to the largest. Units that vary by less than this
    /// share of their length over the points count as constant.
    pub const RANK_CUT: f64 = RANK_CUT;

    /// max |e_l|. Factors of 10⁶ are usual: units cancel, and nothing is lost but as many digits.
    pub fn largest_factor(&self) -> f64 {
        self.factors.iter().fold(0.0, |most, e| e.abs().max(most))
    }
}

impl Network {
    /// The closest network with the same units and a decoder W diag(e), at points of shape
    /// (points, D), weighted by a density if one is given.
    ///
    /// The share it leaves is at least that of the solenoidal part under no-flux, which is that of the closest
    /// conservative field of any kind, and more where the units do not suffice: with relu, b = 10, W = 1 and R = [[0, 1], [1, 0]]
    /// r is conservative around the origin, and no e gives R.
    ///
    /// Cost: 2 N H² for N points, then 2 min(N, H) min(D, H) H² and 20 H³ for the singular values.
    ///
    /// ```
    /// use hodge::autoencoder::{Activation, Layer, Network};
    /// let encoder = Layer { weight: vec![1.0, 0.0, 0.0, 1.0], bias: vec![0.0; 2], inputs: 2 };
    /// let decoder = Layer { weight: vec![2.0, 0.3, -0.3, -1.0], bias: vec![0.5, 0.0], inputs: 2 };
    /// let network = Network::new(vec![encoder, decoder], vec![Activation::Tanh], false)?;
    /// let points: Vec<f64> = (0..40).flat_map(|i| [f64::from(i % 8), f64::from(i / 8)]).collect();
    /// let closest = network.closest_conservative(&points, None)?;
    /// assert!((closest.factors[0] - 2.0).abs() < 0.1 && (closest.factors[1] + 1.0).abs() < 0.1);
    /// assert!(closest.network.energy(1e-9).is_some());
    /// # Ok::<(), hodge::autoencoder::AutoencoderError>(())
    /// ```
    ///
    /// # Errors
    /// With more than one hidden layer, with other numbers than make points, with a density that is negative, not finite, zero
    /// everywhere or not one number a point, and if it does not fit into memory or the singular values are not found.
    pub fn closest_conservative(
        &self,
        points: &[f64],
        density: Option<&[f64]>,
    ) -> Result<Closest, AutoencoderError> {
        let [encoder, decoder] = self.layers() else {
            return Err(AutoencoderError::HiddenLayers { found: self.layers().len() - 1 });
        };
        let (d, units) = (self.dimension(), encoder.outputs());
        let roots = roots(points, d, density)?;
        check_memory(roots.len(), d, units)?;
        let hidden = self.hidden_triangle(points, &roots);
        let varying = varying(&hidden, encoder);
        let mut factors = vec![0.0; units];
        let mut rank = 0;
        if !varying.is_empty() {
            let triangle =
                product(&hidden, &decoder_by_encoder([encoder, decoder], &varying), &varying);
            let answer = System::new(triangle, 0).least_squares(varying.len(), RANK_CUT);
            let answer = answer.ok_or(AutoencoderError::Unfitted { units })?;
            varying.iter().zip(&answer.unknowns).for_each(|(l, e)| factors[*l] = *e);
            rank = answer.used;
        }
        let (mut weight, mut bias) = (vec![0.0; d * units], decoder.bias.clone());
        for l in 0..units {
            for k in 0..d {
                let at = k * units + l;
                weight[at] = factors[l] * encoder.row(l)[k];
                bias[k] += (decoder.weight[at] - weight[at]) * hidden[(0, 1 + l)] / hidden[(0, 0)];
            }
        }
        let layers = vec![encoder.clone(), Layer { weight, bias, inputs: units }];
        let network = Network::new(layers, self.activations().to_vec(), false)?;
        let miss = self.miss(&network, points, density)?;
        Ok(Closest { network, factors, rank, miss })
    }

    /// How far the field of another network is from that of this one at points of shape
    /// (points, D), weighted by a density if one is given.
    ///
    /// # Errors
    /// Those of [`Network::closest_conservative`] about points and density.
    pub fn miss(
        &self,
        other: &Network,
        points: &[f64],
        density: Option<&[f64]>,
    ) -> Result<Miss, AutoencoderError> {
        let d = self.dimension();
        let roots = roots(points, d, density)?;
        let (mut total, mut field, mut left) = (0.0, 0.0, 0.0);
        for (x, roots) in points.chunks(BLOCK * d).zip(roots.chunks(BLOCK)) {
            let (ours, theirs) = (self.reconstruct(x), other.reconstruct(x));
            for (i, root) in roots.iter().enumerate() {
                let (p, at) = (root * root, i * d..(i + 1) * d);
                total += p;
                field += p * at.clone().map(|k| (ours[k] - x[k]).powi(2)).sum::<f64>();
                left += p * at.map(|k| (ours[k] - theirs[k]).powi(2)).sum::<f64>();
            }
        }
        Ok(Miss { field: (field / total).sqrt(), residual: (left / total).sqrt() })
    }

    /// The triangle of the matrix with a row for each point: its root of a weight, and that times h of each unit.
    fn hidden_triangle(&self, points: &[f64], roots: &[f64]) -> Mat<f64> {
        let (encoder, activation, d) = (&self.layers()[0], self.activations()[0], self.dimension());
        tall((roots.len(), 1, 1 + encoder.outputs()), |range, mut rows| {
            let (points, roots) = (&points[range.start * d..range.end * d], &roots[range]);
            let mut z = vec![0.0; roots.len()];
            let (mut h, mut slope) = (z.clone(), z.clone());
            (0..roots.len()).for_each(|i| rows[(i, 0)] = roots[i]);
            for l in 0..encoder.outputs() {
                let w = encoder.row(l);
                for (z, x) in z.iter_mut().zip(points.chunks_exact(d)) {
                    *z = encoder.bias[l] + w.iter().zip(x).map(|(w, x)| w * x).sum::<f64>();
                }
                activation.apply(&z, &mut h, &mut slope);
                (0..h.len()).for_each(|i| rows[(i, 1 + l)] = roots[i] * h[i]);
            }
        })
    }
}

/// Square roots of the weights of points.
fn roots(
    points: &[f64],
    dimension: usize,
    density: Option<&[f64]>,
) -> Result<Vec<f64>, AutoencoderError> {
    if points.is_empty() || !points.len().is_multiple_of(dimension) {
        return Err(AutoencoderError::PointCount { dimension, found: points.len() });
    }
    let count = points.len() / dimension;
    let Some(density) = density else { return Ok(vec![1.0; count]) };
    let bad = |what: String| Err(AutoencoderError::Density { what });
    if density.len() != count {
        return bad(format!("{count} points need as many numbers, found {}", density.len()));
    }
    if let Some(at) = density.iter().position(|p| !(*p >= 0.0 && p.is_finite())) {
        return bad(format!("number {at} (from 0) is {}; expected 0 or more", density[at]));
    }
    if density.iter().all(|p| *p == 0.0) {
        return bad("it is 0 at every point".into());
    }
    Ok(density.iter().map(|p| p.sqrt()).collect())
}

/// Refuses a fit that would not fit into memory.
fn check_memory(points: usize, dimension: usize, units: usize) -> Result<(), AutoencoderError> {
    let (columns, threads) = (units + 1, rayon::current_num_threads());
    let rows = (points.min(units) * dimension.min(units)).max(points);
    // The singular vectors, measured for `learned`.
    let singular = 28.0 * 8.0 * (units as f64).powi(2);
    let bytes = triangle::bytes(rows as f64, columns, threads) + singular;
    ensure_memory(bytes).map_err(|shortage| AutoencoderError::Memory {
        what: format!("a fit of {units} units to {points} points"),
        shortage,
    })
}

/// Units whose values are not the same at all points; what is left of others without their mean is rounding.
fn varying(hidden: &Mat<f64>, encoder: &Layer) -> Vec<usize> {
    let varies = |l: &usize| {
        let column = hidden.col(1 + l);
        let spread = column.subrows(1, hidden.nrows() - 1).norm_l2();
        encoder.row(*l).iter().any(|w| *w != 0.0) && spread > RANK_CUT * column.norm_l2()
    };
    (0..encoder.outputs()).filter(varies).collect()
}

/// [W | R] of some units, turned so that only as many rows matter as there are units.
fn decoder_by_encoder([encoder, decoder]: [&Layer; 2], of: &[usize]) -> Mat<f64> {
    let both =
        upper(Mat::from_fn(encoder.inputs, 2 * of.len(), |k, m| match m.checked_sub(of.len()) {
            None => encoder.row(of[m])[k],
            Some(m) => decoder.weight[k * encoder.outputs() + of[m]],
        }));
    both.submatrix(0, 0, both.nrows().min(of.len()), 2 * of.len()).to_owned()
}

/// The triangle of [h̃_il w_kl | Σ_l h̃_il r_kl] over rows (i, k), for some units l.
fn product(hidden: &Mat<f64>, both: &Mat<f64>, of: &[usize]) -> Mat<f64> {
    let (units, d) = (of.len(), both.nrows());
    let height = hidden.nrows() - 1;
    // Rows of zeros make as many as there are columns.
    let items = height.max((units + 1).div_ceil(d));
    tall((items, d, units + 1), |range, mut rows| {
        let count = range.len();
        for i in range.clone().filter(|i| *i < height) {
            for k in 0..d {
                let row = k * count + i - range.start;
                let mut right = 0.0;
                // The triangle is 0 below its diagonal.
                for (m, l) in of.iter().enumerate().filter(|(_, l)| **l >= i) {
                    let spread = hidden[(1 + i, 1 + l)];
                    rows[(row, m)] = spread * both[(k, m)];
                    right += spread * both[(k, units + m)];
                }
                rows[(row, units)] = right;
            }
        }
    })
}
