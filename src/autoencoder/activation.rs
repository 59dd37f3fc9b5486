//! Activations: value h(z), slope h′(z), second derivative and primitive H(z) with H′ = h.

use super::AutoencoderError;
use serde::{Deserialize, Serialize};
use std::fmt;

/// The function of one hidden layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Activation {
    /// 1/(1 + e⁻ᶻ).
    Sigmoid,
    /// tanh z.
    Tanh,
    /// max(z, 0), with slope 0 at z = 0.
    Relu,
    /// ln(1 + eᶻ).
    Softplus,
    /// z.
    Linear,
}

impl Activation {
    /// Every activation.
    pub const ALL: [Activation; 5] = [
        Activation::Sigmoid,
        Activation::Tanh,
        Activation::Relu,
        Activation::Softplus,
        Activation::Linear,
    ];

    /// The name in weight files and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Activation::Sigmoid => "sigmoid",
            Activation::Tanh => "tanh",
            Activation::Relu => "relu",
            Activation::Softplus => "softplus",
            Activation::Linear => "linear",
        }
    }

    /// The activation with that name; letter case is ignored.
    ///
    /// # Errors
    /// On a name that is none of [`Activation::ALL`].
    pub fn from_name(name: &str) -> Result<Activation, AutoencoderError> {
        let wanted = name.trim().to_ascii_lowercase();
        Activation::ALL.into_iter().find(|a| a.name() == wanted).ok_or_else(|| {
            AutoencoderError::UnknownActivation {
                name: name.trim().to_string(),
                known: Activation::ALL.map(Activation::name),
            }
        })
    }

    /// h″(z), from h and h′ at the same z.
    pub fn second(self, value: f64, slope: f64) -> f64 {
        match self {
            Activation::Sigmoid => slope * (1.0 - 2.0 * value),
            Activation::Tanh => -2.0 * value * slope,
            Activation::Softplus => slope * (1.0 - slope),
            Activation::Relu | Activation::Linear => 0.0,
        }
    }

    /// H(z) with H′ = h, up to a constant: softplus for sigmoid, ln cosh for tanh, max(z, 0)²/2,
    /// z²/2, and −Li₂(−eᶻ) for softplus.
    pub fn primitive(self, z: f64) -> f64 {
        match self {
            Activation::Sigmoid => z.max(0.0) + (-z.abs()).exp().ln_1p(),
            Activation::Tanh => z.abs() + (-2.0 * z.abs()).exp().ln_1p() - std::f64::consts::LN_2,
            Activation::Relu => 0.5 * z.max(0.0).powi(2),
            Activation::Linear => 0.5 * z * z,
            Activation::Softplus => softplus_primitive(z),
        }
    }
}

impl fmt::Display for Activation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// −Li₂(−eᶻ), the integral of ln(1 + eᶻ) from −∞; for z > 0 by the inversion formula.
fn softplus_primitive(z: f64) -> f64 {
    if z > 0.0 {
        let pi = std::f64::consts::PI;
        return z * z / 2.0 + pi * pi / 6.0 - softplus_primitive(-z);
    }
    // Landen: −Li₂(−t) = Li₂(u) + ½ ln²(1 + t) with u = t/(1 + t) ≤ ½, where the series is quick.
    let t = z.exp();
    let u = t / (1.0 + t);
    let mut power = u;
    let mut sum = u;
    for k in 2..60 {
        power *= u;
        sum += power / (k * k) as f64;
    }
    sum + 0.5 * t.ln_1p().powi(2)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exact(activation: Activation, z: f64) -> f64 {
        match activation {
            Activation::Sigmoid => 1.0 / (1.0 + (-z).exp()),
            Activation::Tanh => z.tanh(),
            Activation::Relu => z.max(0.0),
            Activation::Softplus => z.max(0.0) + (-z.abs()).exp().ln_1p(),
            Activation::Linear => z,
        }
    }

    #[test]
    fn values_slopes_and_primitives_agree_with_differences() {
        let z: Vec<f64> = (0..403).map(|i| (i as f64 - 200.7) * 0.11).collect();
        let (mut value, mut slope) = (vec![0.0; z.len()], vec![0.0; z.len()]);
        let step = 1e-5;
        for activation in Activation::ALL {
            activation.apply(&z, &mut value, &mut slope);
            for i in 0..z.len() {
                let h = |z: f64| exact(activation, z);
                assert!((value[i] - h(z[i])).abs() < 1e-15 * (1.0 + z[i].abs()));
                let difference = (h(z[i] + step) - h(z[i] - step)) / (2.0 * step);
                assert!((slope[i] - difference).abs() < 1e-9, "{activation} at {}", z[i]);
                let upper = activation.primitive(z[i] + step);
                let integral = (upper - activation.primitive(z[i] - step)) / (2.0 * step);
                assert!((value[i] - integral).abs() < 3e-8, "{activation} at {}", z[i]);
                let around = [z[i] - step, z[i] + step];
                let (mut v2, mut s2) = ([0.0; 2], [0.0; 2]);
                activation.apply(&around, &mut v2, &mut s2);
                let second = (s2[1] - s2[0]) / (2.0 * step);
                assert!((activation.second(value[i], slope[i]) - second).abs() < 1e-8);
            }
        }
    }

    #[test]
    fn unknown_names_are_refused_with_the_known_ones() {
        assert_eq!(Activation::from_name(" ReLU ").unwrap(), Activation::Relu);
        let message = Activation::from_name("gelu").unwrap_err().to_string();
        assert!(message.contains("gelu") && message.contains("softplus"), "{message}");
    }
}
