//! Gaussian latitudes.

use std::f64::consts::PI;

/// The n latitudes in degrees whose sines are the zeros of the Legendre polynomial of that degree, from the south.
pub fn latitudes(n: usize) -> Vec<f64> {
    (0..n).rev().map(|i| zero(n, i).asin().to_degrees()).collect()
}

/// Zero number i, from 1 downwards, by Newton's method.
fn zero(n: usize, i: usize) -> f64 {
    let mut x = (PI * (i as f64 + 0.75) / (n as f64 + 0.5)).cos();
    for _ in 0..10 {
        let (mut before, mut here) = (1.0, x);
        for k in 2..=n {
            let k = k as f64;
            (before, here) = (here, ((2.0 * k - 1.0) * x * here - (k - 1.0) * before) / k);
        }
        x -= here * (x * x - 1.0) / (n as f64 * (x * here - before));
    }
    x
}
