//! Field and Jacobian of 2→1000→2 auto-encoders on a 1024² grid; the same with
//! numpy is `benches/autoencoder_numpy.py`. Prints the best of five.

use hodge::source::autoencoder::train::Initial;
use hodge::source::autoencoder::{Activation, Network};
use std::time::Instant;

fn main() {
    let n = 1024;
    let at = |i: usize| -0.6 + 1.2 * (i as f64 + 0.5) / n as f64;
    let points: Vec<f64> = (0..n * n).flat_map(|c| [at(c % n), at(c / n)]).collect();
    for activation in [Activation::Sigmoid, Activation::Relu] {
        let initial = Initial::Uniform { limit: 1.0 };
        let net = Network::random(2, &[1000], &[activation], false, initial, 1).expect("sound");
        let mut best = f64::INFINITY;
        for _ in 0..5 {
            let clock = Instant::now();
            let result = net.evaluate(&points, true);
            best = best.min(clock.elapsed().as_secs_f64());
            assert!(result.jacobian.iter().all(|v| v.is_finite()));
        }
        println!("{activation} field and Jacobian on {n}²: {best:.3} s");
    }
}
