//! How far a map r: R^D → R^D is from conservative, from its Jacobian J = ∂r/∂x.
//!
//! r(x) − x is a gradient on a simply connected set exactly when J is symmetric at every point of
//! it. At one point, with A = J:
//!
//! | name | formula | of a symmetric J | of an antisymmetric J |
//! |---|---|---|---|
//! | `sym` | ‖(A + Aᵀ)/2‖² / ‖A‖² | 1 | 0 |
//! | `sym_sqrt` | its root, the form of the authors' code | 1 | 0 |
//! | `nasym` | ‖A − Aᵀ‖² / (4‖A‖²) = 1 − sym | 0 | 1 |
//! | `curl²` | ½‖A − Aᵀ‖² = Σ_{i<j} (∂r_j/∂x_i − ∂r_i/∂x_j)² | 0 | 2‖A‖² |
//!
//! Norms are Frobenius norms. The scores are those of r, not of r − x: the identity changes the
//! symmetric part. The curl is the same for both. Independent random weights score
//! sym = 1 − (D − 1)/(2D) on average: ¾ in two dimensions, ½ in many.

use crate::autoencoder::Differentiable;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use rayon::prelude::*;
use serde::Serialize;

/// The scores of one Jacobian. A zero Jacobian counts as symmetric.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Symmetry {
    /// ‖(A + Aᵀ)/2‖² / ‖A‖².
    pub sym: f64,
    /// √sym.
    pub sym_sqrt: f64,
    /// 1 − sym.
    pub nasym: f64,
    /// The squared length of the curl 2-form, ½‖A − Aᵀ‖².
    pub curl_squared: f64,
    /// Trace of A; the divergence of r(x) − x is this less D.
    pub trace: f64,
}

impl Symmetry {
    /// The scores of a matrix of shape (D, D).
    ///
    /// ```
    /// use hodge::autoencoder::conservativeness::Symmetry;
    /// let turn = Symmetry::of(2, &[1.0, -1.0, 1.0, 1.0]);
    /// assert_eq!((turn.sym, turn.nasym, turn.curl_squared), (0.5, 0.5, 4.0));
    /// ```
    ///
    /// # Panics
    /// If the length of `jacobian` is not D².
    pub fn of(dimension: usize, jacobian: &[f64]) -> Symmetry {
        assert_eq!(jacobian.len(), dimension * dimension, "a square matrix");
        let (mut total, mut asym) = (0.0, 0.0);
        for i in 0..dimension {
            total += jacobian[i * dimension + i].powi(2);
            for j in 0..i {
                let (a, b) = (jacobian[i * dimension + j], jacobian[j * dimension + i]);
                total += a * a + b * b;
                asym += (a - b).powi(2);
            }
        }
        // A Jacobian with NaN scores NaN.
        let nasym = if total == 0.0 { 0.0 } else { 0.5 * asym / total };
        let sym = 1.0 - nasym;
        let trace = (0..dimension).map(|i| jacobian[i * dimension + i]).sum();
        Symmetry { sym, sym_sqrt: sym.sqrt(), nasym, curl_squared: asym, trace }
    }
}

/// Means over points.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Conservativeness {
    /// Number of points.
    pub points: usize,
    /// Mean of [`Symmetry::sym`].
    pub sym: f64,
    /// Mean of [`Symmetry::sym_sqrt`].
    pub sym_sqrt: f64,
    /// Mean of [`Symmetry::nasym`].
    pub nasym: f64,
    /// Root of the mean squared curl.
    pub curl_rms: f64,
    /// The largest curl.
    pub curl_max: f64,
    /// The smallest [`Symmetry::sym`].
    pub sym_least: f64,
    /// Share of the points where the divergence of the field, r(x) − x or r(x), is negative.
    pub contracting_fraction: f64,
}

/// The scores at every one of the points (shape (points, D)), on all threads. Cost: one Jacobian
/// each; memory for a few at a time.
pub fn scores(map: &dyn Differentiable, points: &[f64]) -> Vec<Symmetry> {
    let d = map.dimension();
    let block = (1 << 16) / (d * d) + 1;
    points
        .par_chunks(block * d)
        .flat_map_iter(|points| {
            let jacobians = map.jacobians(points);
            jacobians.chunks(d * d).map(|j| Symmetry::of(d, j)).collect::<Vec<_>>()
        })
        .collect()
}

/// Means of [`scores`].
///
/// # Panics
/// Without points.
pub fn measure(map: &dyn Differentiable, points: &[f64]) -> Conservativeness {
    let scores = scores(map, points);
    assert!(!scores.is_empty(), "at least one point");
    let count = scores.len() as f64;
    let mean = |f: &dyn Fn(&Symmetry) -> f64| scores.iter().map(f).sum::<f64>() / count;
    // The trace of the identity, where the field is r(x) − x.
    let identity = if map.is_reconstruction() { map.dimension() as f64 } else { 0.0 };
    Conservativeness {
        points: scores.len(),
        sym: mean(&|s| s.sym),
        sym_sqrt: mean(&|s| s.sym_sqrt),
        nasym: mean(&|s| s.nasym),
        curl_rms: mean(&|s| s.curl_squared).sqrt(),
        curl_max: scores.iter().map(|s| s.curl_squared).fold(0.0, f64::max).sqrt(),
        sym_least: scores.iter().map(|s| s.sym).fold(1.0, f64::min),
        contracting_fraction: mean(&|s| f64::from(u8::from(s.trace < identity))),
    }
}

/// A mean and the standard error of it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Estimate {
    /// The mean.
    pub mean: f64,
    /// Its standard error; 0 for a single sample.
    pub standard_error: f64,
}

impl Estimate {
    fn of(samples: &[f64]) -> Estimate {
        let n = samples.len() as f64;
        let mean = samples.iter().sum::<f64>() / n;
        let spread: f64 = samples.iter().map(|s| (s - mean).powi(2)).sum();
        let standard_error = if n > 1.0 { (spread / (n * (n - 1.0))).sqrt() } else { 0.0 };
        Estimate { mean, standard_error }
    }
}

/// Estimates from random probes.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Hutchinson {
    /// Probes per point.
    pub probes: usize,
    /// Mean squared curl, ½‖J − Jᵀ‖².
    pub curl_squared: Estimate,
    /// Mean of ‖J‖².
    pub jacobian_squared: Estimate,
    /// Mean squared curl / (2 · mean ‖J‖²): `nasym` weighted with ‖J‖².
    pub nasym_pooled: f64,
}

/// Estimates the mean squared curl by E ½|Jv − Jᵀv|² over random signs v (Hutchinson), without
/// forming J. The standard error is that over the points, each with `probes` probes. With a single
/// point it is the standard error over the probes.
///
/// # Panics
/// Without points or without probes.
pub fn hutchinson(
    map: &dyn Differentiable,
    points: &[f64],
    probes: usize,
    seed: u64,
) -> Hutchinson {
    let d = map.dimension();
    assert!(probes > 0 && !points.is_empty(), "at least one point and one probe");
    let samples: Vec<Vec<[f64; 2]>> = points
        .par_chunks(d)
        .enumerate()
        .map(|(i, point)| {
            let mut random = ChaCha8Rng::seed_from_u64(seed);
            random.set_stream(i as u64);
            (0..probes).map(|_| probe(map, point, &mut random)).collect()
        })
        .collect();
    let column = |k: usize| -> Estimate {
        let values: Vec<f64> = match &samples[..] {
            [only] => only.iter().map(|p| p[k]).collect(),
            many => {
                many.iter().map(|s| s.iter().map(|p| p[k]).sum::<f64>() / probes as f64).collect()
            }
        };
        Estimate::of(&values)
    };
    let (curl_squared, jacobian_squared) = (column(0), column(1));
    let total = 2.0 * jacobian_squared.mean;
    let nasym_pooled = if total == 0.0 { 0.0 } else { curl_squared.mean / total };
    Hutchinson { probes, curl_squared, jacobian_squared, nasym_pooled }
}

/// [½|Jv − Jᵀv|², ½(|Jv|² + |Jᵀv|²)] for one vector of random signs.
fn probe(map: &dyn Differentiable, point: &[f64], random: &mut ChaCha8Rng) -> [f64; 2] {
    let signs: Vec<f64> =
        point.iter().map(|_| if random.next_u32() & 1 == 0 { 1.0 } else { -1.0 }).collect();
    let (right, left) = map.jacobian_products(point, &signs);
    let (mut asym, mut total) = (0.0, 0.0);
    for (a, b) in right.iter().zip(&left) {
        asym += 0.5 * (a - b).powi(2);
        total += 0.5 * (a * a + b * b);
    }
    [asym, total]
}
