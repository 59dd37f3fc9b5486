//! A smooth field with its derivatives, periodic along every axis of [`masks::grid`](super::masks::grid).

use std::f64::consts::TAU;

const LENGTHS: [f64; 3] = [1.0, 0.7, 1.9];

/// θ_k of component c; the component is Π_k exp(½ sin θ_k).
fn angle(c: usize, k: usize, x: f64) -> f64 {
    TAU * (x + 0.3) / LENGTHS[k] + 0.7 * c as f64 + k as f64
}

/// The field.
pub fn value<const D: usize>(x: [f64; D]) -> [f64; D] {
    std::array::from_fn(|c| (0..D).map(|k| (0.5 * angle(c, k, x[k]).sin()).exp()).product())
}

/// The derivative of component c along axis k.
pub fn derivative<const D: usize>(c: usize, k: usize, x: [f64; D]) -> f64 {
    value(x)[c] * 0.5 * angle(c, k, x[k]).cos() * TAU / LENGTHS[k]
}
