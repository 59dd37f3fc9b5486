//! F4, (x, y) on [−1, 1]² as a part of free space: φ = ∫ 2 ln|x − x′|/2π over the square in closed form, r = 0, h =
//! (x, y) − ∇φ. A pure gradient that free space does not take as a whole: the parts are not orthogonal.

use super::{Case, CaseWindow, ExactParts};
use crate::boundary::Boundary;
use crate::grid::Topology::Bounded;
use std::f64::consts::TAU;

/// The case; see the module.
pub struct F4;

/// ∇·(x, y).
const DIVERGENCE: f64 = 2.0;

/// The corners seen from a position, with the sign of their products.
fn corners([x, y]: [f64; 2]) -> impl Iterator<Item = (f64, [f64; 2])> {
    [(-1.0, -1.0), (1.0, -1.0), (-1.0, 1.0), (1.0, 1.0)]
        .into_iter()
        .map(move |(a, b)| (a * b, [a - x, b - y]))
}

/// u times the angle whose tangent is v/u.
fn turned(u: f64, v: f64) -> f64 {
    if u == 0.0 { 0.0 } else { u * (v / u).atan() }
}

fn scaled_logarithm(v: f64, square: f64) -> f64 {
    if v == 0.0 { 0.0 } else { v * square.ln() }
}

impl Case<2> for F4 {
    fn name(&self) -> &'static str {
        "F4"
    }

    fn title(&self) -> &'static str {
        "square in free space, (x, y)"
    }

    fn window(&self) -> CaseWindow<2> {
        [(-1.0, 1.0, Bounded); 2]
    }

    fn exact_under(&self) -> &'static [Boundary] {
        &[]
    }

    fn parts(&self, position: [f64; 2]) -> ExactParts<2> {
        let mut gradient = [0.0; 2];
        for (sign, [u, v]) in corners(position) {
            let square = u * u + v * v;
            let scale = -sign * DIVERGENCE / TAU;
            gradient[0] += scale * (0.5 * scaled_logarithm(v, square) + turned(u, v));
            gradient[1] += scale * (0.5 * scaled_logarithm(u, square) + turned(v, u));
        }
        let harmonic = std::array::from_fn(|k| position[k] - gradient[k]);
        ExactParts { gradient, solenoidal: [0.0; 2], harmonic }
    }

    fn potential(&self, position: [f64; 2]) -> Option<f64> {
        let of_corner = |(sign, [u, v]): (f64, [f64; 2])| {
            let square = u * u + v * v;
            let cross = u * scaled_logarithm(v, square) - 3.0 * u * v;
            sign * 0.5 * (cross + u * turned(u, v) + v * turned(v, u))
        };
        Some(DIVERGENCE / TAU * corners(position).map(of_corner).sum::<f64>())
    }

    fn free_space(&self) -> bool {
        true
    }
}
