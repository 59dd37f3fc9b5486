//! The exact split of any network with one hidden layer into a gradient and a divergence-free part
//! (theory: every unit is a ridge function).
//!
//! With α_l = (r_l·w_l)/|w_l|² and q_l = r_l − α_l w_l, which is orthogonal to w_l,
//! d(x) = Σ α_l w_l h(z_l) + c − x = ∇Φ with Φ = Σ α_l H(z_l) + c·x − |x|²/2, and
//! s(x) = Σ q_l h(z_l) has divergence Σ h′ q_l·w_l = 0. Units with w_l = 0 are constant and go to d.
//!
//! d and s are exact, but they are not orthogonal on a window and may cancel. They serve as a field
//! with known parts, divergence, curl and potentials, not as "the" decomposition of the field: that of the closest
//! conservative network is [`Network::closest_conservative`].

use super::{Activation, Layer, Network};

/// The exact split of a network with one hidden layer into a curl-free and a divergence-free field.
#[derive(Clone, Debug)]
pub struct RidgeSplit {
    gradient: Network,
    solenoidal: Network,
    alpha: Vec<f64>,
}

impl RidgeSplit {
    /// Splits a network with one hidden layer; `None` with more.
    #[expect(clippy::missing_panics_doc, reason = "the weights of a network are finite")]
    pub fn new(network: &Network) -> Option<RidgeSplit> {
        let [encoder, decoder] = network.layers() else { return None };
        let (units, d) = (encoder.outputs(), network.dimension());
        let mut along = decoder.clone();
        let mut across = Layer { bias: vec![0.0; d], ..decoder.clone() };
        let alpha = network.diagonal()?;
        for (l, alpha) in alpha.iter().enumerate() {
            let w = encoder.row(l);
            // Constant units go to d as they are.
            if w.iter().any(|w| *w != 0.0) {
                for (i, w) in w.iter().enumerate() {
                    along.weight[i * units + l] = alpha * w;
                }
            }
        }
        for (across, along) in across.weight.iter_mut().zip(&along.weight) {
            *across -= along;
        }
        let part = |decoder| {
            let layers = vec![encoder.clone(), decoder];
            Network::new(layers, network.activations().to_vec(), false).expect("finite weights")
        };
        Some(RidgeSplit { gradient: part(along), solenoidal: part(across), alpha })
    }

    /// d(x) at points of shape (points, D).
    pub fn gradient(&self, points: &[f64]) -> Vec<f64> {
        self.gradient.field(points)
    }

    /// s(x) at points of shape (points, D).
    pub fn solenoidal(&self, points: &[f64]) -> Vec<f64> {
        self.solenoidal.reconstruct(points)
    }

    /// The auto-encoder whose field r(x) − x is d.
    pub fn gradient_network(&self) -> &Network {
        &self.gradient
    }

    /// The network whose output is s.
    pub fn solenoidal_network(&self) -> &Network {
        &self.solenoidal
    }

    /// Φ(x) with ∇Φ = d.
    #[expect(
        clippy::missing_panics_doc,
        reason = "the gradient part is conservative by construction"
    )]
    pub fn potential(&self, x: &[f64]) -> f64 {
        self.gradient.energy(1e-9).expect("conservative by construction").at(x)
    }

    /// ψ(x) with (∂ψ/∂y, −∂ψ/∂x) = s: −Σ β_l H(z_l), β_l = (r_l·w_l^⊥)/|w_l|², w^⊥ = (−w₂, w₁).
    /// `None` unless D = 2.
    pub fn stream_function(&self, x: &[f64]) -> Option<f64> {
        if self.gradient.dimension() != 2 {
            return None;
        }
        let [encoder, decoder] = self.solenoidal.layers() else { return None };
        let units = encoder.outputs();
        let activation: Activation = self.solenoidal.activations()[0];
        let mut sum = 0.0;
        for l in 0..units {
            let [u, v] = [encoder.weight[2 * l], encoder.weight[2 * l + 1]];
            let length = u * u + v * v;
            if length > 0.0 {
                let beta = (decoder.weight[units + l] * u - decoder.weight[l] * v) / length;
                sum -= beta * activation.primitive(u * x[0] + v * x[1] + encoder.bias[l]);
            }
        }
        Some(sum)
    }

    /// The factors α_l.
    pub fn alpha(&self) -> &[f64] {
        &self.alpha
    }
}
