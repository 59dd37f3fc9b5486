//! Activations: value h(z), slope h′(z), second derivative and primitive H(z) with H′ = h.

use super::AutoencoderError;
use serde::{Deserialize, Serialize};
use std::fmt;

/// The function of one hidden layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
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
    /// z/(1 + e⁻ᶻ), also called swish.
    Silu,
    /// z Φ(z) with the normal distribution Φ, as torch's `nn.GELU()`.
    Gelu,
    /// z, and eᶻ − 1 below 0.
    Elu,
    /// z, and z/100 up to 0.
    LeakyRelu,
}

impl Activation {
    /// Every activation.
    pub const ALL: [Activation; 9] = [
        Activation::Sigmoid,
        Activation::Tanh,
        Activation::Relu,
        Activation::Softplus,
        Activation::Linear,
        Activation::Silu,
        Activation::Gelu,
        Activation::Elu,
        Activation::LeakyRelu,
    ];

    /// The name in weight files and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Activation::Sigmoid => "sigmoid",
            Activation::Tanh => "tanh",
            Activation::Relu => "relu",
            Activation::Softplus => "softplus",
            Activation::Linear => "linear",
            Activation::Silu => "silu",
            Activation::Gelu => "gelu",
            Activation::Elu => "elu",
            Activation::LeakyRelu => "leaky-relu",
        }
    }

    /// The activation with that name; letter case, `-` and `_` are ignored, and `swish` is silu, `identity` linear.
    ///
    /// # Errors
    /// On a name that is none of [`Activation::ALL`].
    pub fn from_name(name: &str) -> Result<Activation, AutoencoderError> {
        let bare = |name: &str| name.trim().to_ascii_lowercase().replace(['-', '_'], "");
        let wanted = match &bare(name)[..] {
            "swish" => "silu".to_string(),
            "identity" => "linear".to_string(),
            other => other.to_string(),
        };
        Activation::ALL.into_iter().find(|a| bare(a.name()) == wanted).ok_or_else(|| {
            AutoencoderError::UnknownActivation {
                name: name.trim().to_string(),
                known: Activation::ALL.map(Activation::name).to_vec(),
            }
        })
    }

    /// Whether h″ follows from h and h′, which [`Activation::second`] asks for: not of silu and gelu, which fall and rise.
    pub fn has_second(self) -> bool {
        !matches!(self, Activation::Silu | Activation::Gelu)
    }

    /// h″(z), from h and h′ at the same z.
    ///
    /// # Panics
    /// Without [`Activation::has_second`].
    pub fn second(self, value: f64, slope: f64) -> f64 {
        match self {
            Activation::Sigmoid => slope * (1.0 - 2.0 * value),
            Activation::Tanh => -2.0 * value * slope,
            Activation::Softplus => slope * (1.0 - slope),
            Activation::Relu | Activation::Linear | Activation::LeakyRelu => 0.0,
            Activation::Elu if value < 0.0 => slope,
            Activation::Elu => 0.0,
            Activation::Silu | Activation::Gelu => panic!("h and h′ of {self} do not say h″"),
        }
    }

    /// H(z) with H′ = h, up to a constant: softplus for sigmoid, ln cosh for tanh, max(z, 0)²/2,
    /// z²/2, −Li₂(−eᶻ) for softplus, z ln(1 + eᶻ) + Li₂(−eᶻ) for silu, ((z² − 1)Φ + zφ)/2 for gelu.
    pub fn primitive(self, z: f64) -> f64 {
        match self {
            Activation::Sigmoid => softplus(z),
            Activation::Tanh => z.abs() + (-2.0 * z.abs()).exp().ln_1p() - std::f64::consts::LN_2,
            Activation::Relu => 0.5 * z.max(0.0).powi(2),
            Activation::Linear => 0.5 * z * z,
            Activation::Softplus => softplus_primitive(z),
            Activation::Silu => z * softplus(z) - softplus_primitive(z),
            Activation::Gelu => {
                let (distribution, density) = normal(z);
                0.5 * ((z * z - 1.0) * distribution + z * density)
            }
            Activation::Elu if z < 0.0 => z.exp_m1() - z,
            Activation::Elu => 0.5 * z * z,
            Activation::LeakyRelu if z > 0.0 => 0.5 * z * z,
            Activation::LeakyRelu => 0.5 * LEAK * z * z,
        }
    }
}

/// The slope of [`Activation::LeakyRelu`] up to 0.
pub(super) const LEAK: f64 = 0.01;

/// Distribution and density of the normal distribution.
pub(super) fn normal(z: f64) -> (f64, f64) {
    use std::f64::consts::{FRAC_1_SQRT_2, PI};
    let density = (-0.5 * z * z).exp() / (2.0 * PI).sqrt();
    (0.5 * libm::erfc(-FRAC_1_SQRT_2 * z), density)
}

/// ln(1 + eᶻ).
fn softplus(z: f64) -> f64 {
    z.max(0.0) + (-z.abs()).exp().ln_1p()
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
            Activation::Silu => z / (1.0 + (-z).exp()),
            Activation::Gelu => 0.5 * z * (1.0 + libm::erf(z / 2f64.sqrt())),
            Activation::Elu => {
                if z > 0.0 {
                    z
                } else {
                    z.exp() - 1.0
                }
            }
            Activation::LeakyRelu => {
                if z > 0.0 {
                    z
                } else {
                    0.01 * z
                }
            }
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
                if !activation.has_second() {
                    continue;
                }
                assert!((activation.second(value[i], slope[i]) - second).abs() < 1e-8);
            }
        }
    }

    #[test]
    fn unknown_names_are_refused_with_the_known_ones() {
        assert_eq!(Activation::from_name(" ReLU ").unwrap(), Activation::Relu);
        assert_eq!(Activation::from_name("LeakyReLU").unwrap(), Activation::LeakyRelu);
        assert_eq!(Activation::from_name("Swish").unwrap(), Activation::Silu);
        let message = Activation::from_name("mish").unwrap_err().to_string();
        assert!(message.contains("mish") && message.contains("softplus"), "{message}");
    }
}
