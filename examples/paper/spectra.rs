//! How smooth filters are: the share of their energy at high frequencies.

use hodge::autoencoder::{Network, PointSet};
use rustfft::FftPlanner;
use rustfft::num_complex::Complex;
use serde_json::{Value, json};

/// Pixels along each side of a digit.
const SIDE: usize = 28;

/// Half of the Nyquist frequency, which is half a cycle a pixel.
const HALF_NYQUIST: f64 = 0.25;

/// The energy of a filter at high frequencies and in all: Σ |F(k)|² of its discrete Fourier transform over 28 × 28 pixels, over the
/// k whose frequency |k|/28, each component counted from −14 to 13, is above a quarter of a cycle a pixel.
fn energies(filter: &[f64]) -> [f64; 2] {
    let mut values: Vec<Complex<f64>> = filter.iter().map(|v| Complex::new(*v, 0.0)).collect();
    let transform = FftPlanner::new().plan_fft_forward(SIDE);
    for _ in 0..2 {
        transform.process(&mut values);
        values = (0..SIDE * SIDE).map(|i| values[i % SIDE * SIDE + i / SIDE]).collect();
    }
    let mut sums = [0.0; 2];
    for (k, value) in values.iter().enumerate() {
        sums[0] += if is_high(k) { value.norm_sqr() } else { 0.0 };
        sums[1] += value.norm_sqr();
    }
    sums
}

fn is_high(k: usize) -> bool {
    let frequency = |k: usize| k.min(SIDE - k) as f64 / SIDE as f64;
    frequency(k % SIDE).hypot(frequency(k / SIDE)) > HALF_NYQUIST
}

/// The share to expect of white noise: that of the frequencies.
pub fn white() -> f64 {
    (0..SIDE * SIDE).filter(|k| is_high(*k)).count() as f64 / (SIDE * SIDE) as f64
}

/// Shares of |w_l|² and |r_l|²: from sums over all units, from sums over those that are on at one of the digits or more, and the
/// median over these.
pub fn smoothness(net: &Network, digits: &PointSet, sides: &[Vec<Vec<f64>>; 2]) -> Value {
    let mut on = vec![false; sides[0].len()];
    for i in 0..digits.len() {
        let slopes = net.hidden(digits.point(i)).1;
        on.iter_mut().zip(slopes).for_each(|(on, slope)| *on |= slope != 0.0);
    }
    let of = |set: &[Vec<f64>]| {
        let all: Vec<[f64; 2]> = set.iter().map(|filter| energies(filter)).collect();
        let some: Vec<[f64; 2]> =
            all.iter().zip(&on).filter(|(_, on)| **on).map(|(e, _)| *e).collect();
        let pooled = |set: &[[f64; 2]]| {
            let sum = |k: usize| set.iter().map(|e| e[k]).sum::<f64>();
            sum(0) / sum(1)
        };
        let mut shares: Vec<f64> = some.iter().map(|e| e[0] / e[1]).collect();
        shares.sort_by(f64::total_cmp);
        json!({ "all": pooled(&all), "on": pooled(&some), "median_on": shares.get(shares.len() / 2) })
    };
    json!({
        "units_on": on.iter().filter(|on| **on).count(),
        "encoder": of(&sides[0]),
        "decoder": of(&sides[1]),
    })
}
