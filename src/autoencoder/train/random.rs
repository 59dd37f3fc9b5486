//! Everything random in a run: initial weights, the order of the samples, corruption.
//!
//! Each epoch has its own ChaCha stream of the seed, so a run resumed after an epoch continues as
//! if it had not stopped, without storing the generator.

use super::Real;
use super::settings::Corruption;
use crate::autoencoder::{Activation, AutoencoderError, Layer, Network};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use std::f64::consts::TAU;

/// Initial weights; biases start at 0.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Initial {
    /// Uniform in ±limit.
    Uniform {
        /// The limit.
        limit: f64,
    },
    /// Uniform in ±gain·√(6/(inputs + outputs)) (Glorot); gain 4 is customary for sigmoid, 1
    /// otherwise.
    Glorot {
        /// The gain.
        gain: f64,
    },
}

/// Random numbers of one epoch.
pub struct Random(ChaCha8Rng);

impl Random {
    /// Stream 0 makes the weights, epoch e uses stream e + 1.
    pub fn new(seed: u64, stream: u64) -> Random {
        let mut generator = ChaCha8Rng::seed_from_u64(seed);
        generator.set_stream(stream);
        Random(generator)
    }

    /// Uniform in [0, 1).
    pub fn uniform(&mut self) -> f64 {
        (self.0.next_u64() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// Two independent standard normal numbers (Box–Muller).
    pub fn normal_pair(&mut self) -> [f64; 2] {
        let radius = (-2.0 * (1.0 - self.uniform()).ln()).sqrt();
        let angle = TAU * self.uniform();
        [radius * angle.cos(), radius * angle.sin()]
    }

    /// A permutation of 0 … n − 1 (Fisher–Yates).
    pub fn permutation(&mut self, n: usize) -> Vec<usize> {
        let mut order: Vec<usize> = (0..n).collect();
        for i in (1..n).rev() {
            let j = (self.uniform() * (i + 1) as f64) as usize;
            order.swap(i, j);
        }
        order
    }

    /// Corrupts in place.
    pub fn corrupt<T: Real>(&mut self, corruption: Corruption, values: &mut [T]) {
        match corruption {
            Corruption::None => {}
            Corruption::Gaussian { sigma } => {
                for pair in values.chunks_mut(2) {
                    let noise = self.normal_pair();
                    pair.iter_mut().zip(noise).for_each(|(v, n)| *v += T::of(sigma * n));
                }
            }
            Corruption::Mask { probability } => {
                for v in values {
                    if self.uniform() < probability {
                        *v = T::default();
                    }
                }
            }
            Corruption::SaltAndPepper { probability, low, high } => {
                for v in values {
                    let u = self.uniform();
                    if u < probability {
                        *v = T::of(if u < 0.5 * probability { low } else { high });
                    }
                }
            }
        }
    }
}

impl Network {
    /// A network of random weights and zero biases: `dimension` inputs and outputs, hidden layers
    /// of `widths` units.
    ///
    /// # Errors
    /// Those of [`Network::new`].
    pub fn random(
        dimension: usize,
        widths: &[usize],
        activations: &[Activation],
        tied: bool,
        initial: Initial,
        seed: u64,
    ) -> Result<Network, AutoencoderError> {
        let mut random = Random::new(seed, 0);
        let sizes: Vec<usize> =
            [dimension].iter().chain(widths).chain(&[dimension]).copied().collect();
        let mut layers: Vec<Layer> = sizes
            .windows(2)
            .map(|pair| {
                let limit = match initial {
                    Initial::Uniform { limit } => limit,
                    Initial::Glorot { gain } => gain * (6.0 / (pair[0] + pair[1]) as f64).sqrt(),
                };
                let mut draw = || limit * (2.0 * random.uniform() - 1.0);
                let weight = (0..pair[0] * pair[1]).map(|_| draw()).collect();
                Layer { weight, bias: vec![0.0; pair[1]], inputs: pair[0] }
            })
            .collect();
        if tied {
            layers.pop();
            return Network::tied(layers, vec![0.0; dimension], activations.to_vec());
        }
        Network::new(layers, activations.to_vec(), false)
    }
}
