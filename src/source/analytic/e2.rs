//! E2, the optimal Gaussian denoiser of a cloud of points xᵢ in 2D and 3D, an auto-encoder that
//! needs no network (Alain & Bengio 2014): r(x) = Σ wᵢ xᵢ, w = softmax(−|x − xᵢ|² / 2σ²).
//!
//! Its field r(x) − x is the gradient of φ = σ² log Σ exp(−|x − xᵢ|² / 2σ²), σ² times the score of
//! the blurred cloud, and so entirely gradient under no-flux. σ = 0.15; the cloud is 12 points on
//! the circle of radius 0.4 in [−0.6, 0.6]², or 24 points on two turns of the helix of that radius
//! for −0.4 ≤ z ≤ 0.4 in [−0.6, 0.6]³.

use super::{Case, CaseWindow, ExactParts};
use crate::boundary::Boundary;
use crate::grid::Topology::Bounded;
use std::f64::consts::TAU;
use std::sync::LazyLock;

/// The case; see the module.
pub struct E2;

/// σ².
const VARIANCE: f64 = 0.0225;

const RADIUS: f64 = 0.4;

static CIRCLE: LazyLock<[[f64; 2]; 12]> = LazyLock::new(|| {
    std::array::from_fn(|i| {
        let (sin, cos) = (TAU * i as f64 / 12.0).sin_cos();
        [RADIUS * cos, RADIUS * sin]
    })
});

static HELIX: LazyLock<[[f64; 3]; 24]> = LazyLock::new(|| {
    std::array::from_fn(|i| {
        let t = i as f64 / 23.0;
        let (sin, cos) = (2.0 * TAU * t).sin_cos();
        [RADIUS * cos, RADIUS * sin, 0.8 * t - 0.4]
    })
});

/// φ and r(x) − x. The largest exponent is taken out of the sums, so that no x underflows.
fn denoise<const D: usize>(cloud: &[[f64; D]], position: [f64; D]) -> (f64, [f64; D]) {
    let exponent = |point: &[f64; D]| {
        let square: f64 = (0..D).map(|k| (position[k] - point[k]).powi(2)).sum();
        -square / (2.0 * VARIANCE)
    };
    let largest = cloud.iter().map(exponent).fold(f64::NEG_INFINITY, f64::max);
    let (mut total, mut shift) = (0.0, [0.0; D]);
    for point in cloud {
        let weight = (exponent(point) - largest).exp();
        total += weight;
        for k in 0..D {
            shift[k] += weight * (point[k] - position[k]);
        }
    }
    (VARIANCE * (largest + total.ln()), shift.map(|s| s / total))
}

/// The case in one dimension: its title and its cloud.
macro_rules! denoiser {
    ($dims:literal, $title:literal, $cloud:ident) => {
        impl Case<$dims> for E2 {
            fn name(&self) -> &'static str {
                "E2"
            }

            fn title(&self) -> &'static str {
                $title
            }

            fn window(&self) -> CaseWindow<$dims> {
                [(-0.6, 0.6, Bounded); $dims]
            }

            fn exact_under(&self) -> &'static [Boundary] {
                &[Boundary::NoFlux]
            }

            fn parts(&self, position: [f64; $dims]) -> ExactParts<$dims> {
                let gradient = denoise(&*$cloud, position).1;
                ExactParts { gradient, solenoidal: [0.0; $dims], harmonic: [0.0; $dims] }
            }

            fn potential(&self, position: [f64; $dims]) -> Option<f64> {
                Some(denoise(&*$cloud, position).0)
            }
        }
    };
}

denoiser!(2, "optimal denoiser of points on a circle", CIRCLE);
denoiser!(3, "optimal denoiser of points on a helix", HELIX);
