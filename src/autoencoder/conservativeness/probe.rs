//! Estimates from random probes, without a Jacobian.

use super::identity;
use super::symmetry::{random_share, share};
use crate::autoencoder::{Differentiable, MapField};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use rayon::prelude::*;
use serde::Serialize;

/// A mean, or a ratio of means, and its standard error.
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

    /// start + factor · (mean of the parts)/(mean of the wholes), with the error of the ratio to first order.
    fn ratio(parts: &[f64], wholes: &[f64], [start, factor]: [f64; 2]) -> Estimate {
        let (part, whole) = (Estimate::of(parts).mean, Estimate::of(wholes).mean);
        let ratio = share(part, whole);
        let rests: Vec<f64> = parts.iter().zip(wholes).map(|(p, w)| p - ratio * w).collect();
        let error = share(Estimate::of(&rests).standard_error, whole);
        Estimate { mean: start + factor * ratio, standard_error: factor.abs() * error }
    }
}

/// Estimates from random probes: the ratios are the pooled ones.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Hutchinson {
    /// Probes per point.
    pub probes: usize,
    /// Evaluations of the map a probe takes where it is only evaluated.
    pub evaluations: Option<usize>,
    /// Mean squared curl, ½‖J − Jᵀ‖².
    pub curl_squared: Estimate,
    /// Mean of ‖J‖².
    pub jacobian_squared: Estimate,
    /// Mean of ‖J′‖², of the field.
    pub field_jacobian_squared: Estimate,
    /// 1 − ½ curl²/‖J‖².
    pub sym_map: Estimate,
    /// 1 − ½ curl²/‖J′‖².
    pub sym_field: Estimate,
    /// ½ curl²/((D − 1)/(2D) ‖J‖²).
    pub rho: Estimate,
}

/// Estimates by E ½|Jv − Jᵀv|² over random signs v (Hutchinson), without forming J. The standard error is that
/// over the points, each with `probes` probes. With a single point it is the standard error over the probes.
///
/// # Panics
/// Without points or without probes.
pub fn hutchinson(
    map: &dyn Differentiable,
    points: &[f64],
    probes: usize,
    seed: u64,
) -> Hutchinson {
    let shift = identity(map);
    let found = samples((map.dimension(), probes, seed), points, |point, v| {
        let (right, left) = map.jacobian_products(point, v);
        let pairs = || right.iter().zip(&left);
        let asym = pairs().map(|(a, b)| 0.5 * (a - b).powi(2)).sum();
        let squares = |shift: f64| {
            let shifted = |(a, v): (&f64, &f64)| (a - shift * v).powi(2);
            0.5 * right.iter().zip(v).chain(left.iter().zip(v)).map(shifted).sum::<f64>()
        };
        [asym, squares(0.0), squares(shift)]
    });
    Hutchinson::of(map.dimension(), probes, None, &found)
}

/// The same from evaluations of the field alone, by ½‖J − Jᵀ‖² = E|Jv|² − E vᵀJ(Jv): two differences along v and Jv,
/// 4 evaluations a probe instead of the 2 D of a Jacobian. A sample may be negative, and varies
/// more than [`hutchinson`]'s. The differences are central, with the step ∛ε max(1, |x|∞) along the largest
/// entry, ε the precision of the map's numbers.
///
/// # Panics
/// Without points or without probes.
pub fn hutchinson_forward(
    map: &dyn MapField,
    points: &[f64],
    probes: usize,
    seed: u64,
) -> Hutchinson {
    let shift = identity(map);
    let found = samples((map.dimension(), probes, seed), points, |point, v| {
        let along = slope(map, point, v);
        let twice = slope(map, point, &along);
        let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
        let field = dot(&along, &along);
        // J = J′ + s I.
        let whole = field + 2.0 * shift * dot(&along, v) + shift * shift * v.len() as f64;
        [field - dot(v, &twice), whole, field]
    });
    Hutchinson::of(map.dimension(), probes, Some(4), &found)
}

/// J′ w by a central difference.
fn slope(map: &dyn MapField, point: &[f64], w: &[f64]) -> Vec<f64> {
    let largest = |v: &[f64]| v.iter().fold(0.0, |m: f64, x| m.max(x.abs()));
    let length = largest(w);
    if length == 0.0 {
        return w.to_vec();
    }
    let step = map.precision().cbrt() * largest(point).max(1.0) / length;
    let moved = |sign: f64| point.iter().zip(w).map(move |(x, w)| x + sign * step * w);
    let values = map.field(&moved(1.0).chain(moved(-1.0)).collect::<Vec<f64>>());
    let (up, down) = values.split_at(point.len());
    up.iter().zip(down).map(|(a, b)| (a - b) / (2.0 * step)).collect()
}

/// [curl², ‖J‖², ‖J′‖²] of every probe at every point.
type Samples = Vec<Vec<[f64; 3]>>;

/// What `probe` finds at each point with each of its vectors of random signs.
fn samples(
    (dimension, probes, seed): (usize, usize, u64),
    points: &[f64],
    probe: impl Fn(&[f64], &[f64]) -> [f64; 3] + Sync,
) -> Samples {
    assert!(probes > 0 && !points.is_empty(), "at least one point and one probe");
    let of_point = |(i, point): (usize, &[f64])| {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        random.set_stream(i as u64);
        let mut sign = |_: &f64| if random.next_u32() & 1 == 0 { 1.0 } else { -1.0 };
        let mut signs = || point.iter().map(&mut sign).collect::<Vec<f64>>();
        (0..probes).map(|_| probe(point, &signs())).collect()
    };
    points.par_chunks(dimension).enumerate().map(of_point).collect()
}

impl Hutchinson {
    fn of(
        dimension: usize,
        probes: usize,
        evaluations: Option<usize>,
        samples: &Samples,
    ) -> Hutchinson {
        let column = |k: usize| -> Vec<f64> {
            let mean = |s: &Vec<[f64; 3]>| s.iter().map(|p| p[k]).sum::<f64>() / probes as f64;
            match &samples[..] {
                [only] => only.iter().map(|p| p[k]).collect(),
                many => many.iter().map(mean).collect(),
            }
        };
        let [curl, map, field] = [0, 1, 2].map(column);
        let random = random_share(dimension);
        let of_random = if random > 0.0 { 0.5 / random } else { 0.0 };
        Hutchinson {
            probes,
            evaluations,
            curl_squared: Estimate::of(&curl),
            jacobian_squared: Estimate::of(&map),
            field_jacobian_squared: Estimate::of(&field),
            sym_map: Estimate::ratio(&curl, &map, [1.0, -0.5]),
            sym_field: Estimate::ratio(&curl, &field, [1.0, -0.5]),
            rho: Estimate::ratio(&curl, &map, [0.0, of_random]),
        }
    }
}
