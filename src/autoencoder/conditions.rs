//! The two sufficient conditions for a conservative auto-encoder with one hidden layer, tested on
//! its weights, and the sink condition.
//!
//! With Ŵ = W diag(h′(z(x))), the supplement calls R = C Ŵ (C symmetric, commuting with ŴŴᵀ) and
//! R = Ŵ E (E diagonal) sufficient. Ŵ depends on x, so the first proves symmetry of the Jacobian at
//! that x only. R = W E with one constant diagonal E makes it symmetric everywhere and is, for
//! slopes that take enough values, also necessary. W Rᵀ = R Wᵀ alone proves nothing.

use super::Network;
use super::slopes::slopes;
use faer::{Mat, MatRef};
use rayon::prelude::*;
use serde::Serialize;

/// Singular values below this share of the largest count as zero.
const RANK_TOLERANCE: f64 = 1e-10;

/// Points whose sink conditions are one task.
const SINKS: usize = 128;

/// The conditions at one x.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Conditions {
    /// ‖R − C Ŵ‖/‖R‖ for C recovered from the weights.
    pub c_residual: f64,
    /// ‖C − Cᵀ‖/(2‖C‖).
    pub c_asymmetry: f64,
    /// ‖C A − A C‖/(2‖C‖‖A‖) with A = ŴŴᵀ: 0 when the two share their eigenspaces.
    pub c_commutator: f64,
    /// ‖R − W diag(e)‖/‖R‖ for the best diagonal: the global condition.
    pub e_residual: f64,
    /// Share of ‖QᵀCQ‖² off the diagonal, for the eigenvectors Q of A: what eq. 8 of the supplement
    /// leaves out. 0 when the two commute; where eigenvalues of A coincide, Q is one of many.
    pub lambda_off_diagonal: f64,
    /// ‖R − Ŵ E‖/‖R‖ for the supplement's E; `None` where that is not defined, Ŵ having fewer than H dimensions.
    pub e_full_residual: Option<f64>,
    /// Share of ‖E‖² off the diagonal of the supplement's E.
    pub e_off_diagonal: Option<f64>,
    /// Rank of Ŵ.
    pub rank: usize,
}

impl Conditions {
    /// Means over points, those about the supplement's E over the points where it is defined, and the least rank. `None`
    /// without points.
    pub fn means(all: &[Conditions]) -> Option<Conditions> {
        let mean = |values: &mut dyn Iterator<Item = f64>| {
            let (sum, count) = values.fold((0.0, 0.0), |(sum, n), value| (sum + value, n + 1.0));
            (count > 0.0).then(|| sum / count)
        };
        let of = |f: fn(&Conditions) -> f64| mean(&mut all.iter().map(f));
        let of_some = |f: fn(&Conditions) -> Option<f64>| mean(&mut all.iter().filter_map(f));
        Some(Conditions {
            c_residual: of(|c| c.c_residual)?,
            c_asymmetry: of(|c| c.c_asymmetry)?,
            c_commutator: of(|c| c.c_commutator)?,
            lambda_off_diagonal: of(|c| c.lambda_off_diagonal)?,
            e_residual: of(|c| c.e_residual)?,
            e_full_residual: of_some(|c| c.e_full_residual),
            e_off_diagonal: of_some(|c| c.e_off_diagonal),
            rank: all.iter().map(|c| c.rank).min()?,
        })
    }
}

/// What the conditions are tested by, at one x.
pub(super) struct Matrices {
    /// Ŵ, (D, H).
    pub hat: Mat<f64>,
    /// C = Ŵ Rᵀ (ŴŴᵀ)⁻¹, with the pseudo-inverse where the rank is below D.
    pub c: Mat<f64>,
    /// Eigenvectors of ŴŴᵀ whose eigenvalues are not 0, largest first, (D, rank).
    pub basis: Mat<f64>,
    /// The supplement's E = Rᵀ Ŵ (ŴᵀŴ)⁻¹, transposed so that it stands on the right, (H, H), where Ŵ has rank H.
    pub e: Option<Mat<f64>>,
    /// Rank of Ŵ.
    pub rank: usize,
}

/// What follows from the weights.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// R = W E: conservative everywhere.
    Conservative,
    /// The first condition holds at every x that was tried, the second does not: the Jacobian is
    /// symmetric at these points, and nothing follows for others.
    SymmetricAtThePoints,
    /// Neither condition holds. They are sufficient, not necessary: look at the scores.
    NotShown,
}

impl Verdict {
    /// In words.
    pub fn in_words(self) -> &'static str {
        match self {
            Verdict::Conservative => {
                "conservative everywhere: every decoder weight is parallel to its encoder weight (R = W E)"
            }
            Verdict::SymmetricAtThePoints => {
                "symmetric Jacobian at the points tried (R = C Ŵ there); no statement about other points"
            }
            Verdict::NotShown => {
                "not shown by either sufficient condition; the symmetry scores decide"
            }
        }
    }
}

impl Network {
    /// The two conditions at a point. `None` with more than one hidden layer.
    ///
    /// Cost: a singular value decomposition of a (D, H) matrix and products of that size with
    /// min(D, H)² columns.
    pub fn conditions(&self, point: &[f64]) -> Option<Conditions> {
        let [encoder, decoder] = self.layers() else { return None };
        let (units, d) = (encoder.outputs(), self.dimension());
        let w = Mat::from_fn(d, units, |i, l| encoder.weight[l * d + i]);
        let r = MatRef::from_row_major_slice(&decoder.weight, d, units);
        let Matrices { hat, c, basis, e, rank } = self.matrices(point)?;
        let a = &hat * hat.transpose();
        let commutator = &c * &a - &a * &c;
        let size = r.norm_l2();
        let share = |part: f64, whole: f64| if whole > 0.0 { part / whole } else { 0.0 };
        let e = e.as_ref();
        Some(Conditions {
            c_residual: share((r - &c * &hat).norm_l2(), size),
            c_asymmetry: share((&c - c.transpose()).norm_l2(), 2.0 * c.norm_l2()),
            c_commutator: share(commutator.norm_l2(), 2.0 * c.norm_l2() * a.norm_l2()),
            lambda_off_diagonal: off_diagonal(&(basis.transpose() * &c * &basis)),
            e_residual: share(diagonal_miss(&w, r), size),
            e_full_residual: e.map(|e| share((r - &hat * e).norm_l2(), size)),
            e_off_diagonal: e.map(off_diagonal),
            rank,
        })
    }

    /// The matrices of the conditions at a point. `None` with more than one hidden layer.
    pub(super) fn matrices(&self, point: &[f64]) -> Option<Matrices> {
        let [encoder, decoder] = self.layers() else { return None };
        let (units, d) = (encoder.outputs(), self.dimension());
        let slope = self.slopes(point);
        let hat = Mat::from_fn(d, units, |i, l| encoder.weight[l * d + i] * slope[l]);
        let r = MatRef::from_row_major_slice(&decoder.weight, d, units);
        let (pseudo, basis) = pseudo_inverse(&hat);
        let rank = basis.ncols();
        // C = Ŵ Rᵀ (ŴŴᵀ)⁻¹ with the pseudo-inverse, (ŴŴᵀ)⁺ = (Ŵ⁺)ᵀ Ŵ⁺.
        let c = (&hat * r.transpose()) * (pseudo.transpose() * &pseudo);
        let e = (rank == units).then(|| &pseudo * r);
        Some(Matrices { hat, c, basis, e, rank })
    }

    /// The conditions at each of the points (shape (points, D)), and what follows from them;
    /// quantities below `tolerance` count as zero. `None` with more than one hidden layer.
    pub fn verdict(&self, points: &[f64], tolerance: f64) -> Option<(Vec<Conditions>, Verdict)> {
        let all: Vec<Conditions> =
            points.chunks(self.dimension()).map(|x| self.conditions(x)).collect::<Option<_>>()?;
        let first =
            |c: &Conditions| c.c_residual.max(c.c_asymmetry).max(c.c_commutator) <= tolerance;
        let verdict = if self.energy(tolerance).is_some() {
            Verdict::Conservative
        } else if !all.is_empty() && all.iter().all(first) {
            Verdict::SymmetricAtThePoints
        } else {
            Verdict::NotShown
        };
        Some((all, verdict))
    }

    /// The sink condition (supplement, eq. 10): Σ_l h′(z_l)|w_l|² < D. With tied weights the sum is the trace of J, and the
    /// condition says that r(x) − x converges at x: necessary for x to attract all that is near, which takes
    /// λ_max((J + Jᵀ)/2) < 1, and not sufficient. Of untied weights it says nothing.
    /// `None` with more than one hidden layer.
    pub fn is_sink(&self, point: &[f64]) -> Option<bool> {
        Some(self.sinks(point)?[0])
    }

    /// [`Network::is_sink`] at each of the points. `None` with more than one hidden layer.
    fn sinks(&self, points: &[f64]) -> Option<Vec<bool>> {
        let [encoder, _] = self.layers() else { return None };
        let (units, d) = (encoder.outputs(), self.dimension());
        let squares = (0..units).map(|l| encoder.row(l).iter().map(|w| w * w).sum());
        let squares: Vec<f64> = squares.collect();
        let blocks = points.par_chunks(SINKS * d).flat_map_iter(|points| {
            let slopes = slopes(self, points);
            let sum =
                |i: usize| slopes.col(i).iter().zip(&squares).map(|(s, w)| s * w).sum::<f64>();
            (0..slopes.ncols()).map(|i| sum(i) < d as f64).collect::<Vec<bool>>()
        });
        Some(blocks.collect())
    }

    /// The share of the points (shape (points, D)) at which [`Network::is_sink`] holds; with `weights`, one a point, that
    /// of their sum. `None` with more than one hidden layer.
    ///
    /// # Panics
    /// With another number of weights than of points.
    pub fn sink_share(&self, points: &[f64], weights: Option<&[f64]>) -> Option<f64> {
        let sinks = self.sinks(points)?;
        assert!(weights.is_none_or(|w| w.len() == sinks.len()), "a weight for each point");
        let weight = |i: usize| weights.map_or(1.0, |w| w[i]);
        let whole: f64 = (0..sinks.len()).map(weight).sum();
        let part = |i: usize| weight(i) * f64::from(u8::from(sinks[i]));
        Some((0..sinks.len()).map(part).sum::<f64>() / whole)
    }

    /// h(z) and h′(z) of the first hidden layer at a point.
    pub fn hidden(&self, point: &[f64]) -> (Vec<f64>, Vec<f64>) {
        let encoder = &self.layers()[0];
        let mut z = encoder.times(point);
        z.iter_mut().zip(&encoder.bias).for_each(|(z, b)| *z += b);
        let (mut value, mut slope) = (vec![0.0; z.len()], vec![0.0; z.len()]);
        self.activations()[0].apply(&z, &mut value, &mut slope);
        (value, slope)
    }

    fn slopes(&self, point: &[f64]) -> Vec<f64> {
        self.hidden(point).1
    }
}

/// ‖R − W diag(e)‖ for the best e.
fn diagonal_miss(w: &Mat<f64>, r: MatRef<'_, f64>) -> f64 {
    let mut miss = 0.0;
    for l in 0..w.ncols() {
        let length = w.col(l).squared_norm_l2();
        let product: f64 = (0..w.nrows()).map(|i| w[(i, l)] * r[(i, l)]).sum();
        let e = if length > 0.0 { product / length } else { 0.0 };
        miss += (0..w.nrows()).map(|i| (r[(i, l)] - e * w[(i, l)]).powi(2)).sum::<f64>();
    }
    miss.sqrt()
}

/// Share of the squares of a matrix that is off its diagonal.
pub(super) fn off_diagonal(matrix: &Mat<f64>) -> f64 {
    let whole = matrix.squared_norm_l2();
    let mut off = 0.0;
    for j in 0..matrix.ncols() {
        off += (0..matrix.nrows()).filter(|i| *i != j).map(|i| matrix[(i, j)].powi(2)).sum::<f64>();
    }
    if whole > 0.0 { off / whole } else { 0.0 }
}

/// The Moore–Penrose inverse, and an orthonormal basis of the image, as many columns as the rank, the largest
/// singular value first.
fn pseudo_inverse(matrix: &Mat<f64>) -> (Mat<f64>, Mat<f64>) {
    let svd = matrix.thin_svd().expect("finite weights have singular values");
    let values = svd.S().column_vector();
    let cut = RANK_TOLERANCE * values.iter().fold(0.0f64, |m, v| m.max(*v));
    let rank = values.iter().filter(|v| **v > cut && **v > 0.0).count();
    let v = svd.V();
    let scaled = Mat::from_fn(v.nrows(), rank, |i, k| v[(i, k)] / values[k]);
    let basis = svd.U().subcols(0, rank);
    (scaled * basis.transpose(), basis.to_owned())
}
