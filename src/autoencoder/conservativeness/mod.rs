//! How far a map r: R^D → R^D, and the field r(x) − x, are from conservative, from the Jacobian J = ∂r/∂x.
//!
//! r(x) − x is a gradient on a simply connected set exactly when J is symmetric at every point of
//! it. How far it is from that no one number says. With J_a = (J − Jᵀ)/2 and Frobenius norms:
//!
//! | name | formula | of what | of a random J, in the mean |
//! |---|---|---|---|
//! | `sym_map` | 1 − ‖J_a‖²/‖J‖² = ‖(J + Jᵀ)/2‖²/‖J‖² | r, as in the paper | (D + 1)/(2D): ¾ in the plane, ½ in many dimensions |
//! | `sym_field` | 1 − ‖J_a‖²/‖J − I‖² | r(x) − x | 1 − (D − 1)/(2D)·‖J‖²/(‖J‖² + D) |
//! | `rho` | ‖J_a‖²/((D − 1)/(2D) ‖J‖²) = (1 − sym_map)·2D/(D − 1) | r | 1; of a conservative one 0 |
//! | `sym_sqrt` | √sym_map, the form of the authors' code | r | |
//! | `nasym` | 1 − sym_map | r | (D − 1)/(2D) |
//! | `lambda` | ‖J_a‖/‖J‖ | r | |
//! | `curl²` | ½‖J − Jᵀ‖² = Σ_{i<j} (∂r_j/∂x_i − ∂r_i/∂x_j)² | both | |
//!
//! Where the dynamics dx/dt = r(x) − x draws points together, three conditions say, each stronger than the one before for tied weights:
//!
//! | name of the share of points | condition | meaning |
//! |---|---|---|
//! | `sink_fraction` | Σ_l h′(z_l)\|w_l\|² < D, eq. 10 of the supplement ([`Network::is_sink`](crate::autoencoder::Network::is_sink)) | with tied weights the sum is tr J, without them it says nothing about the field |
//! | `contracting_fraction` | tr J < D, the divergence of the field negative | volumes shrink |
//! | `attracting_fraction` | λ_max((J + Jᵀ)/2) < 1 | all distances to nearby points shrink |
//!
//! λ_max < 1 makes every eigenvalue of the symmetric part less than 1 and so their sum tr J less than D; not the other way round. So
//! eq. 10 is necessary, not sufficient, and for tied weights.
//!
//! Each score misleads alone. r = x + 0.1 (−y, x) has `sym_map` 0.990 and a field that only turns, `sym_field` 0. In
//! many dimensions with fewer hidden units the identity fills J − I: an untrained network 784–500–784 has
//! `sym_field` 0.97 and `rho` 1. A curl means something beside ‖J‖. Means over points weigh them alike;
//! pooled ratios, of sums over the points, weigh them by ‖J‖². A Jacobian of zeros counts as symmetric, and is counted.
//!
//! Symmetry at every point is enough where there are no holes: around one a field without curl may circulate.

mod growth;
mod means;
mod probe;
mod symmetry;

pub use means::{Conservativeness, Pooled};
pub use probe::{Estimate, Hutchinson, hutchinson, hutchinson_forward};
pub use symmetry::Symmetry;

use crate::autoencoder::Differentiable;
use rayon::prelude::*;

/// The scores at every one of the points (shape (points, D)), on all threads. Cost: one Jacobian
/// each; memory for a few at a time.
pub fn scores(map: &dyn Differentiable, points: &[f64]) -> Vec<Symmetry> {
    of_jacobians(map, points, Symmetry::shifted)
}

/// The same but for [`Symmetry::growth`], which is NaN: without eigenvalues, and for networks with one hidden layer without
/// Jacobians, by [`Differentiable::squared_norms`].
///
/// ```
/// use hodge::autoencoder::conservativeness::{scores, scores_without_growth};
/// use hodge::autoencoder::train::Initial;
/// use hodge::autoencoder::{Activation, Network};
/// let start = Initial::Glorot { gain: 1.0 };
/// let network = Network::random(20, &[30], &[Activation::Tanh], false, start, 1)?;
/// let point: Vec<f64> = (0..20).map(|i| 0.1 * i as f64).collect();
/// let [fast, slow] = [scores_without_growth, scores].map(|of| of(&network, &point)[0]);
/// assert!((fast.sym_map - slow.sym_map).abs() < 1e-13);
/// assert!(fast.growth.is_nan());
/// # Ok::<(), hodge::autoencoder::AutoencoderError>(())
/// ```
pub fn scores_without_growth(map: &dyn Differentiable, points: &[f64]) -> Vec<Symmetry> {
    let (d, shift) = (map.dimension(), identity(map));
    match map.squared_norms(points) {
        Some(all) => all.into_iter().map(|one| Symmetry::of_squares(d, one, shift)).collect(),
        None => of_jacobians(map, points, Symmetry::without_growth),
    }
}

fn of_jacobians(
    map: &dyn Differentiable,
    points: &[f64],
    score: fn(usize, &[f64], f64) -> Symmetry,
) -> Vec<Symmetry> {
    let (d, shift) = (map.dimension(), identity(map));
    let block = (1 << 16) / (d * d) + 1;
    points
        .par_chunks(block * d)
        .flat_map_iter(|points| {
            let jacobians = map.jacobians(points);
            jacobians.chunks(d * d).map(|j| score(d, j, shift)).collect::<Vec<_>>()
        })
        .collect()
}

/// Means of [`scores`].
///
/// # Panics
/// Without points.
pub fn measure(map: &dyn Differentiable, points: &[f64]) -> Conservativeness {
    Conservativeness::of(map.dimension(), &scores(map, points), None)
}

/// How many times the identity the field takes from J.
fn identity(map: &dyn Differentiable) -> f64 {
    if map.is_reconstruction() { 1.0 } else { 0.0 }
}
