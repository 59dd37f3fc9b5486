//! E1, the field r(x) − x of an auto-encoder with one hidden layer, in 2D and 3D, split unit by
//! unit: r(x) = Σ r_l h(w_l·x + b_l) + c with sigmoid (2D) or tanh (3D) units on [−1, 1]^D.
//!
//! With α_l = r_l·w_l / |w_l|² and q_l = r_l − α_l w_l, the gradient part is
//! Σ α_l w_l h(z_l) + c − x and the solenoidal part Σ q_l h(z_l); see
//! [`RidgeSplit`](crate::autoencoder::RidgeSplit). Both are exact, but keep no condition
//! at the walls and are not orthogonal, so no convention gives them. Under no-flux energies are known by Galerkin's method
//! (`validation/reference/staggered.py`).

use super::{Case, CaseWindow, ExactParts};
use crate::autoencoder::{Activation, Layer, Network, RidgeSplit};
use crate::boundary::Boundary;
use crate::grid::Topology::Bounded;
use std::sync::LazyLock;

/// The case; see the module.
pub struct E1;

/// Three sigmoid units; the last layer holds r₁₁ r₂₁ r₃₁ above r₁₂ r₂₂ r₃₂.
static PLANE: LazyLock<RidgeSplit> = LazyLock::new(|| {
    split(
        Layer {
            weight: vec![2.0, -1.0, 0.5, 1.5, -1.0, 2.5],
            bias: vec![0.25, -0.5, 0.75],
            inputs: 2,
        },
        Layer { weight: vec![1.5, -0.5, -1.0, 0.75, 2.0, 0.5], bias: vec![-0.25, -1.0], inputs: 3 },
        Activation::Sigmoid,
    )
});

/// Three tanh units.
static SPACE: LazyLock<RidgeSplit> = LazyLock::new(|| {
    split(
        Layer {
            weight: vec![1.0, -0.5, 0.25, 0.5, 1.0, -1.0, -0.75, 0.5, 1.25],
            bias: vec![0.25, -0.5, 0.1],
            inputs: 3,
        },
        Layer {
            weight: vec![0.75, -0.5, 0.25, 1.0, 0.5, -0.25, -0.5, 0.25, 1.5],
            bias: vec![0.1, -0.2, 0.3],
            inputs: 3,
        },
        Activation::Tanh,
    )
});

fn split(encoder: Layer, decoder: Layer, activation: Activation) -> RidgeSplit {
    let network = Network::new(vec![encoder, decoder], vec![activation], false);
    RidgeSplit::new(&network.expect("layers that fit")).expect("one hidden layer")
}

/// The case in one dimension: its title and its split.
macro_rules! ridges {
    ($dims:literal, $title:literal, $split:ident, $energies:expr) => {
        impl Case<$dims> for E1 {
            fn name(&self) -> &'static str {
                "E1"
            }

            fn title(&self) -> &'static str {
                $title
            }

            fn window(&self) -> CaseWindow<$dims> {
                [(-1.0, 1.0, Bounded); $dims]
            }

            fn exact_under(&self) -> &'static [Boundary] {
                &[]
            }

            fn parts(&self, position: [f64; $dims]) -> ExactParts<$dims> {
                let array = |v: Vec<f64>| v.try_into().expect("one point");
                ExactParts {
                    gradient: array($split.gradient(&position)),
                    solenoidal: array($split.solenoidal(&position)),
                    harmonic: [0.0; $dims],
                }
            }

            fn potential(&self, position: [f64; $dims]) -> Option<f64> {
                Some($split.potential(&position))
            }

            fn known_energies(&self, boundary: Boundary) -> Option<[f64; 3]> {
                (boundary == Boundary::NoFlux).then_some($energies)
            }
        }
    };
}

ridges!(
    2,
    "sigmoid auto-encoder, split unit by unit",
    PLANE,
    [1.822_012_812_613, 1.002_743_994_876, 0.0]
);
ridges!(3, "tanh auto-encoder, split unit by unit", SPACE, [8.549_024_666_4, 8.208_508_382_5, 0.0]);
