//! F5, (x, y, z) on [−1, 1]³ as a part of free space: φ = −∫ 3/4π|x − x′| over the cube in closed form, r = 0, h =
//! (x, y, z) − ∇φ.

use super::{Case, CaseWindow, ExactParts};
use crate::boundary::Boundary;
use crate::grid::Topology::Bounded;
use std::f64::consts::PI;

/// The case; see the module.
pub struct F5;

/// ∇·(x, y, z).
const DIVERGENCE: f64 = 3.0;

/// The corners seen from a position, with the sign of their products.
fn corners(position: [f64; 3]) -> impl Iterator<Item = (f64, [f64; 3])> {
    (0..8).map(move |corner: usize| {
        let side: [f64; 3] = std::array::from_fn(|k| if corner >> k & 1 == 1 { 1.0 } else { -1.0 });
        (side.iter().product(), std::array::from_fn(|k| side[k] - position[k]))
    })
}

/// ∫∫ 1/r dv dw at the distance u, up to what corner sums take off.
fn over_face([u, v, w]: [f64; 3]) -> f64 {
    let r = (u * u + v * v + w * w).sqrt();
    let logarithm = |a: f64, b: f64| if a == 0.0 { 0.0 } else { a * (b + r).ln() };
    let angle = if u == 0.0 { 0.0 } else { u * (v * w / (u * r)).atan() };
    logarithm(v, w) + logarithm(w, v) - angle
}

impl Case<3> for F5 {
    fn name(&self) -> &'static str {
        "F5"
    }

    fn title(&self) -> &'static str {
        "cube in free space, (x, y, z)"
    }

    fn window(&self) -> CaseWindow<3> {
        [(-1.0, 1.0, Bounded); 3]
    }

    fn exact_under(&self) -> &'static [Boundary] {
        &[]
    }

    fn parts(&self, position: [f64; 3]) -> ExactParts<3> {
        let mut gradient = [0.0; 3];
        for (sign, at) in corners(position) {
            for (k, slope) in gradient.iter_mut().enumerate() {
                let turned = [at[k], at[(k + 1) % 3], at[(k + 2) % 3]];
                *slope += sign * DIVERGENCE / (4.0 * PI) * over_face(turned);
            }
        }
        let harmonic = std::array::from_fn(|k| position[k] - gradient[k]);
        ExactParts { gradient, solenoidal: [0.0; 3], harmonic }
    }

    fn potential(&self, position: [f64; 3]) -> Option<f64> {
        // 1/r is homogeneous, so that its integral is half of Σ u ∂/∂u of it.
        let of_corner = |(sign, at): (f64, [f64; 3])| {
            let of_axis = |k: usize| at[k] * over_face([at[k], at[(k + 1) % 3], at[(k + 2) % 3]]);
            sign * 0.5 * (0..3).map(of_axis).sum::<f64>()
        };
        Some(-DIVERGENCE / (4.0 * PI) * corners(position).map(of_corner).sum::<f64>())
    }

    fn free_space(&self) -> bool {
        true
    }
}
