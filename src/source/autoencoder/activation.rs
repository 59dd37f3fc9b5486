//! Activations: value h(z), slope h′(z), second derivative and primitive H(z) with H′ = h.

use super::AutoencoderError;
use super::lanes::{LANES, Lanes, exp_negative, ln_1p_unit};
use pulp::{Arch, Simd, WithSimd};
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

    /// The activation with that name; letter case is ignored. Fails on any other name.
    pub fn from_name(name: &str) -> Result<Activation, AutoencoderError> {
        let wanted = name.trim().to_ascii_lowercase();
        Activation::ALL
            .into_iter()
            .find(|a| a.name() == wanted)
            .ok_or_else(|| AutoencoderError::UnknownActivation { name: name.trim().to_string() })
    }

    /// h(z) and h′(z) for every element of `z`, into `value` and `slope` (of the same length).
    /// Absolute error below 1e-15 for |z| of order one; cost about 2 ns an element on one core.
    pub fn apply(self, z: &[f64], value: &mut [f64], slope: &mut [f64]) {
        assert!(z.len() == value.len() && z.len() == slope.len(), "slices of one length");
        Arch::new().dispatch(Apply { activation: self, z, value, slope });
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

/// A function of z that works on whole lanes; one type per activation, so that the choice is made
/// outside the loops.
pub(super) trait Ridge: Copy + Send + Sync {
    /// (h(z), h′(z)).
    fn lanes<const FUSED: bool>(self, z: Lanes) -> (Lanes, Lanes);
}

/// See [`Activation::Sigmoid`].
#[derive(Clone, Copy)]
pub(super) struct Sigmoid;
/// See [`Activation::Tanh`].
#[derive(Clone, Copy)]
pub(super) struct Tanh;
/// See [`Activation::Relu`].
#[derive(Clone, Copy)]
pub(super) struct Relu;
/// See [`Activation::Softplus`].
#[derive(Clone, Copy)]
pub(super) struct Softplus;
/// See [`Activation::Linear`].
#[derive(Clone, Copy)]
pub(super) struct Linear;

/// e^{−|z|·scale}.
#[inline(always)]
fn decay<const FUSED: bool>(z: Lanes, scale: f64) -> Lanes {
    exp_negative::<FUSED>(z.map(|z| -scale * z.abs()))
}

impl Ridge for Sigmoid {
    #[inline(always)]
    fn lanes<const FUSED: bool>(self, z: Lanes) -> (Lanes, Lanes) {
        let e = decay::<FUSED>(z, 1.0);
        let (mut value, mut slope) = ([0.0; LANES], [0.0; LANES]);
        for i in 0..LANES {
            let q = 1.0 / (1.0 + e[i]);
            let small = e[i] * q;
            value[i] = if z[i] < 0.0 { small } else { q };
            slope[i] = small * q;
        }
        (value, slope)
    }
}

impl Ridge for Tanh {
    #[inline(always)]
    fn lanes<const FUSED: bool>(self, z: Lanes) -> (Lanes, Lanes) {
        let e = decay::<FUSED>(z, 2.0);
        let (mut value, mut slope) = ([0.0; LANES], [0.0; LANES]);
        for i in 0..LANES {
            let q = 1.0 / (1.0 + e[i]);
            let size = (1.0 - e[i]) * q;
            value[i] = if z[i] < 0.0 { -size } else { size };
            slope[i] = 4.0 * e[i] * q * q;
        }
        (value, slope)
    }
}

impl Ridge for Softplus {
    #[inline(always)]
    fn lanes<const FUSED: bool>(self, z: Lanes) -> (Lanes, Lanes) {
        let e = decay::<FUSED>(z, 1.0);
        let (mut value, mut slope) = (ln_1p_unit::<FUSED>(e), [0.0; LANES]);
        for i in 0..LANES {
            let q = 1.0 / (1.0 + e[i]);
            value[i] += if z[i] < 0.0 { 0.0 } else { z[i] };
            slope[i] = if z[i] < 0.0 { e[i] * q } else { q };
        }
        (value, slope)
    }
}

impl Ridge for Relu {
    #[inline(always)]
    fn lanes<const FUSED: bool>(self, z: Lanes) -> (Lanes, Lanes) {
        let (mut value, mut slope) = ([0.0; LANES], [0.0; LANES]);
        for i in 0..LANES {
            value[i] = if z[i] <= 0.0 { 0.0 } else { z[i] };
            slope[i] = if z[i] <= 0.0 { 0.0 } else { 1.0 };
        }
        (value, slope)
    }
}

impl Ridge for Linear {
    #[inline(always)]
    fn lanes<const FUSED: bool>(self, z: Lanes) -> (Lanes, Lanes) {
        (z, [1.0; LANES])
    }
}

struct Apply<'a> {
    activation: Activation,
    z: &'a [f64],
    value: &'a mut [f64],
    slope: &'a mut [f64],
}

impl WithSimd for Apply<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        match (self.activation, S::IS_SCALAR) {
            (Activation::Sigmoid, false) => self.run::<Sigmoid, true>(Sigmoid),
            (Activation::Sigmoid, true) => self.run::<Sigmoid, false>(Sigmoid),
            (Activation::Tanh, false) => self.run::<Tanh, true>(Tanh),
            (Activation::Tanh, true) => self.run::<Tanh, false>(Tanh),
            (Activation::Softplus, false) => self.run::<Softplus, true>(Softplus),
            (Activation::Softplus, true) => self.run::<Softplus, false>(Softplus),
            (Activation::Relu, _) => self.run::<Relu, false>(Relu),
            (Activation::Linear, _) => self.run::<Linear, false>(Linear),
        }
    }
}

impl Apply<'_> {
    #[inline(always)]
    fn run<R: Ridge, const FUSED: bool>(self, ridge: R) {
        let outputs = self.value.chunks_mut(LANES).zip(self.slope.chunks_mut(LANES));
        for (z, (value, slope)) in self.z.chunks(LANES).zip(outputs) {
            let mut lanes = [0.0; LANES];
            lanes[..z.len()].copy_from_slice(z);
            let (h, d) = ridge.lanes::<FUSED>(lanes);
            value.copy_from_slice(&h[..z.len()]);
            slope.copy_from_slice(&d[..z.len()]);
        }
    }
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
