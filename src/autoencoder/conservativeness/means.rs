//! Scores of many points together.

use super::symmetry::{Symmetry, field_baseline, random_share, rho, share};
use serde::Serialize;

/// Means over points, or under a weight of each.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Conservativeness {
    /// Number of points.
    pub points: usize,
    /// Points where the Jacobian of r is zero: they count as symmetric.
    pub zero_jacobians: usize,
    /// Points where that of the field is.
    pub zero_field_jacobians: usize,
    /// Mean of [`Symmetry::sym_map`].
    pub sym_map: f64,
    /// What it is for a random Jacobian in the mean, (D + 1)/(2D).
    pub map_baseline: f64,
    /// Mean of [`Symmetry::sym_field`].
    pub sym_field: f64,
    /// Mean of [`Symmetry::field_baseline`].
    pub field_baseline: f64,
    /// Mean of [`Symmetry::rho`].
    pub rho: f64,
    /// The same from sums over the points.
    pub pooled: Pooled,
    /// Mean of [`Symmetry::sym_sqrt`].
    pub sym_sqrt: f64,
    /// Mean of [`Symmetry::nasym`].
    pub nasym: f64,
    /// Mean of [`Symmetry::lambda`].
    pub lambda: f64,
    /// The largest λ.
    pub lambda_max: f64,
    /// Root of the mean ‖J‖².
    pub jacobian_rms: f64,
    /// Root of the mean ‖J′‖², that of the field.
    pub field_jacobian_rms: f64,
    /// Root of the mean squared curl.
    pub curl_rms: f64,
    /// The largest curl.
    pub curl_max: f64,
    /// `curl_rms` over `jacobian_rms`.
    pub curl_relative: f64,
    /// The smallest [`Symmetry::sym_map`].
    pub sym_map_least: f64,
    /// The smallest [`Symmetry::sym_field`].
    pub sym_field_least: f64,
    /// Share of the points where the divergence of the field is negative.
    pub contracting_fraction: f64,
    /// Share of the points where [`Symmetry::growth`] is: all nearby points approach. NaN where a growth is, as of scores without it.
    pub attracting_fraction: f64,
    /// The largest growth; NaN of none.
    pub growth_max: f64,
}

/// Ratios of sums over the points.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Pooled {
    /// 1 − Σ‖J_a‖²/Σ‖J‖².
    pub sym_map: f64,
    /// 1 − Σ‖J_a‖²/Σ‖J′‖².
    pub sym_field: f64,
    /// 1 − (D − 1)/(2D)·Σ‖J‖²/Σ(‖J‖² + D).
    pub field_baseline: f64,
    /// Σ‖J_a‖²/((D − 1)/(2D) Σ‖J‖²).
    pub rho: f64,
}

impl Conservativeness {
    /// Of scores of Jacobians in D dimensions, all alike or weighted.
    ///
    /// ```
    /// use hodge::autoencoder::conservativeness::{Conservativeness, Symmetry};
    /// let scores = [[2.0, 0.0, 0.0, 1.0], [0.0, -1.0, 1.0, 0.0]].map(|j| Symmetry::of_output(2, &j));
    /// let found = Conservativeness::of(2, &scores, None);
    /// assert_eq!((found.sym_map, found.rho), (0.5, 2.0));
    /// assert!((found.pooled.sym_map - 5.0 / 7.0).abs() < 1e-15);
    /// let weighted = Conservativeness::of(2, &scores, Some(&[3.0, 1.0]));
    /// assert_eq!(weighted.sym_map, 0.75);
    /// ```
    ///
    /// # Panics
    /// Without scores, and with another number of weights.
    pub fn of(dimension: usize, scores: &[Symmetry], weights: Option<&[f64]>) -> Conservativeness {
        assert!(!scores.is_empty(), "at least one point");
        assert!(weights.is_none_or(|w| w.len() == scores.len()), "a weight for each point");
        let weight = |i: usize| weights.map_or(1.0, |w| w[i]);
        let whole: f64 = (0..scores.len()).map(weight).sum();
        let mean = |f: &dyn Fn(&Symmetry) -> f64| {
            scores.iter().enumerate().map(|(i, s)| weight(i) * f(s)).sum::<f64>() / whole
        };
        let extreme = |f: fn(&Symmetry) -> f64, larger: fn(f64, f64) -> f64| {
            scores.iter().map(f).reduce(larger).expect("at least one point")
        };
        let count = |f: fn(&Symmetry) -> f64| scores.iter().filter(|s| f(s) == 0.0).count();
        let squared_curl = mean(&|s| s.curl_squared);
        let [map, field] = [mean(&|s| s.jacobian.powi(2)), mean(&|s| s.field_jacobian.powi(2))];
        let map_baseline = 1.0 - random_share(dimension);
        Conservativeness {
            points: scores.len(),
            zero_jacobians: count(|s| s.jacobian),
            zero_field_jacobians: count(|s| s.field_jacobian),
            sym_map: mean(&|s| s.sym_map),
            map_baseline,
            sym_field: mean(&|s| s.sym_field),
            field_baseline: mean(&|s| s.field_baseline),
            rho: mean(&|s| s.rho),
            pooled: Pooled {
                sym_map: 1.0 - share(0.5 * squared_curl, map),
                sym_field: 1.0 - share(0.5 * squared_curl, field),
                field_baseline: field_baseline(dimension, map, mean(&|s| s.random_field)),
                rho: rho(dimension, share(0.5 * squared_curl, map)),
            },
            sym_sqrt: mean(&|s| s.sym_sqrt),
            nasym: mean(&|s| s.nasym),
            lambda: mean(&|s| s.lambda),
            lambda_max: extreme(|s| s.lambda, f64::max),
            jacobian_rms: map.sqrt(),
            field_jacobian_rms: field.sqrt(),
            curl_rms: squared_curl.sqrt(),
            curl_max: extreme(|s| s.curl_squared, f64::max).sqrt(),
            curl_relative: share(squared_curl, map).sqrt(),
            sym_map_least: extreme(|s| s.sym_map, f64::min),
            sym_field_least: extreme(|s| s.sym_field, f64::min),
            contracting_fraction: mean(&|s| f64::from(u8::from(s.divergence < 0.0))),
            attracting_fraction: mean(&|s| match s.growth.is_nan() {
                true => f64::NAN,
                false => f64::from(u8::from(s.growth < 0.0)),
            }),
            growth_max: extreme(|s| s.growth, f64::max),
        }
    }
}
