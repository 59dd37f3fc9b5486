//! What a training run is told.

use crate::autoencoder::AutoencoderError;
use serde::{Deserialize, Serialize};

/// What is done to an input before the network sees it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum Corruption {
    /// Nothing.
    None,
    /// Adds independent normal noise of this standard deviation.
    Gaussian {
        /// σ.
        sigma: f64,
    },
    /// Sets each number to 0 with this probability.
    Mask {
        /// Probability.
        probability: f64,
    },
    /// Sets each number, with this probability, to `low` or `high`, either as likely.
    SaltAndPepper {
        /// Probability.
        probability: f64,
        /// Pepper.
        low: f64,
        /// Salt.
        high: f64,
    },
}

/// How a gradient becomes a step.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase", tag = "kind")]
pub enum Optimizer {
    /// v ← μv + g, w ← w − ηv.
    Sgd {
        /// μ.
        momentum: f64,
    },
    /// Adam with bias correction (Kingma & Ba).
    Adam {
        /// Decay of the mean gradient.
        beta1: f64,
        /// Decay of the mean square.
        beta2: f64,
        /// Added to the root of the mean square.
        epsilon: f64,
    },
}

/// A constraint on the length of the incoming weights w_l of every hidden unit and of the outgoing
/// weights r_l of the last hidden layer, applied after every step.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum WeightLength {
    /// No constraint.
    Free,
    /// |w|² = α, the supplement's form.
    Fixed {
        /// α.
        alpha: f64,
    },
    /// |w| ≤ limit, the form of the authors' code (there √10).
    AtMost {
        /// Largest length.
        limit: f64,
    },
}

/// Settings of a training run.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Settings {
    /// Corruption of the input.
    pub corruption: Corruption,
    /// λ of λ‖∂h/∂x‖²_F; 0 for none.
    pub contraction: f64,
    /// Samples per step.
    pub batch: usize,
    /// Learning rate η of the first epoch.
    pub rate: f64,
    /// Epochs after which the rate is halved: epoch e (from 0) has rate/(1 + e/decay).
    /// `f64::INFINITY` (or `null` in JSON) keeps it.
    #[serde(with = "endless")]
    pub decay: f64,
    /// How a gradient becomes a step.
    pub optimizer: Optimizer,
    /// The constraint on weight lengths.
    pub weight_length: WeightLength,
    /// Everything random follows from it.
    pub seed: u64,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            corruption: Corruption::None,
            contraction: 0.0,
            batch: 32,
            rate: 1e-3,
            decay: 500.0,
            optimizer: Optimizer::Sgd { momentum: 0.0 },
            weight_length: WeightLength::Free,
            seed: 1,
        }
    }
}

impl Settings {
    /// The learning rate of an epoch, counted from 0.
    pub fn rate_at(&self, epoch: usize) -> f64 {
        self.rate / (1.0 + epoch as f64 / self.decay)
    }

    /// Looks through the settings.
    ///
    /// # Errors
    /// If one cannot be used; the error names it.
    pub fn check(&self) -> Result<(), AutoencoderError> {
        let at_least = |name, value: f64, open: bool| {
            let usable = value.is_finite() && (value > 0.0 || (!open && value == 0.0));
            let expected = if open { "a positive number" } else { "0 or a positive number" };
            refuse_unless(usable, name, value.to_string(), expected)
        };
        let share = |name, value: f64| {
            refuse_unless((0.0..=1.0).contains(&value), name, value.to_string(), "between 0 and 1")
        };
        at_least("rate", self.rate, true)?;
        at_least("contraction", self.contraction, false)?;
        refuse_unless(self.decay > 0.0, "decay", self.decay.to_string(), "a positive number")?;
        refuse_unless(self.batch > 0, "batch", self.batch.to_string(), "at least 1")?;
        match self.corruption {
            Corruption::None => {}
            Corruption::Gaussian { sigma } => at_least("sigma", sigma, false)?,
            Corruption::Mask { probability } | Corruption::SaltAndPepper { probability, .. } => {
                share("probability", probability)?;
            }
        }
        match self.weight_length {
            WeightLength::Free => {}
            WeightLength::Fixed { alpha } => at_least("alpha", alpha, true)?,
            WeightLength::AtMost { limit } => at_least("limit", limit, true)?,
        }
        match self.optimizer {
            Optimizer::Sgd { momentum } => below_one("momentum", momentum),
            Optimizer::Adam { beta1, beta2, epsilon } => {
                below_one("beta1", beta1)?;
                below_one("beta2", beta2)?;
                at_least("epsilon", epsilon, true)
            }
        }
    }
}

fn below_one(name: &'static str, value: f64) -> Result<(), AutoencoderError> {
    refuse_unless((0.0..1.0).contains(&value), name, value.to_string(), "at least 0 and below 1")
}

fn refuse_unless(
    usable: bool,
    name: &'static str,
    found: String,
    expected: &'static str,
) -> Result<(), AutoencoderError> {
    if usable { Ok(()) } else { Err(AutoencoderError::Setting { name, found, expected }) }
}

/// Infinity as `null`, which JSON can hold.
mod endless {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub fn serialize<S: Serializer>(value: &f64, serializer: S) -> Result<S::Ok, S::Error> {
        value.is_finite().then_some(*value).serialize(serializer)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
        Ok(Option::<f64>::deserialize(deserializer)?.unwrap_or(f64::INFINITY))
    }
}
