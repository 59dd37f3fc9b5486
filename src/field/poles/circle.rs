//! The longitudes of a circle around a pole, with equal steps or not.

use crate::grid::Axis;
use std::f64::consts::{PI, TAU};

/// What is known of the longitudes of points and faces around a pole.
pub(super) struct Circle {
    /// Weights of values at the points, and at the faces of x, for C and S of the wave C cos λ + S sin λ.
    points: [Vec<f64>; 2],
    faces: [Vec<f64>; 2],
    /// cos λ and sin λ at the points.
    at: Vec<[f64; 2]>,
    /// The points on the two sides of the longitude opposite to each, and how far it is from the first to the second.
    opposite: Vec<([usize; 2], f64)>,
}

impl Circle {
    pub(super) fn of(x: &Axis) -> Circle {
        // Rounded coordinates go round once all the same.
        let turn = TAU / x.length();
        let angle = |coordinate: f64| (coordinate - x.point(0)) * turn;
        let cells = || 0..x.cells;
        let points: Vec<f64> = cells().map(|i| angle(x.point(i))).collect();
        let faces: Vec<f64> = cells().map(|i| angle(x.face(i))).collect();
        let widths: Vec<f64> = cells().map(|i| x.width(i) * turn).collect();
        let steps: Vec<f64> = cells().map(|i| x.step(i) * turn).collect();
        Circle {
            at: points.iter().map(|angle| [angle.cos(), angle.sin()]).collect(),
            opposite: cells().map(|i| opposite(&points, i)).collect(),
            points: weights(&points, &widths),
            faces: weights(&faces, &steps),
        }
    }

    /// At the points, the wave of number 1 in values at the points.
    pub(super) fn wave_of_points(&self, values: &[f64]) -> Vec<f64> {
        self.wave(&self.points, values)
    }

    /// The same of values at the faces of x.
    pub(super) fn wave_of_faces(&self, values: &[f64]) -> Vec<f64> {
        self.wave(&self.faces, values)
    }

    fn wave(&self, weights: &[Vec<f64>; 2], values: &[f64]) -> Vec<f64> {
        let sum = |weights: &[f64]| weights.iter().zip(values).map(|(w, v)| w * v).sum::<f64>();
        let [c, s] = [0, 1].map(|k| sum(&weights[k]));
        self.at.iter().map(|[cos, sin]| c * cos + s * sin).collect()
    }

    /// Values at the points as they are met on the other side of the pole.
    pub(super) fn across(&self, values: &[f64]) -> Vec<f64> {
        let between = |([a, b], t): &([usize; 2], f64)| values[*a] + t * (values[*b] - values[*a]);
        self.opposite.iter().map(between).collect()
    }
}

/// [`Circle::opposite`] of point i, for rising angles from 0 on.
fn opposite(points: &[f64], i: usize) -> ([usize; 2], f64) {
    const ROUNDING: f64 = 1e-12;
    let angle = (points[i] + PI) % TAU;
    let after = points.partition_point(|point| *point <= angle + ROUNDING);
    let (before, next) = (after - 1, after % points.len());
    let step = points[next] - points[before] + if next == 0 { TAU } else { 0.0 };
    ([before, next], ((angle - points[before]) / step).max(0.0))
}

/// Weights of values at angles for C and S. Waves of number 0 and 2, which are of the order of the circle's radius, are
/// fitted together with that of number 1 as far as the widest step resolves them: with unequal steps they would get into it.
fn weights(angles: &[f64], widths: &[f64]) -> [Vec<f64>; 2] {
    let widest = widths.iter().copied().fold(0.0, f64::max);
    let waves = (0.5 * PI / widest * (1.0 + 1e-12)).floor().clamp(0.0, 2.0) as usize;
    let terms = |angle: f64| -> Vec<f64> {
        let of = |n: usize| (n as f64 * angle).sin_cos();
        let first = [angle.cos(), angle.sin()];
        let others = (0..=waves).filter(|n| waves > 0 && *n != 1).flat_map(|n| match (n, of(n)) {
            (0, _) => vec![1.0],
            (_, (sin, cos)) => vec![cos, sin],
        });
        first.into_iter().chain(others).collect()
    };
    let all: Vec<Vec<f64>> = angles.iter().map(|angle| terms(*angle)).collect();
    let count = all[0].len();
    let product = |a: usize, b: usize| {
        let weighted = all.iter().zip(widths);
        weighted.map(|(terms, width)| width * terms[a] * terms[b]).sum::<f64>()
    };
    [0, 1].map(|k| {
        let coefficients = if waves == 0 {
            (0..2).map(|a| if a == k { 1.0 / PI } else { 0.0 }).collect()
        } else {
            let unit = |a: usize| if a == k { 1.0 } else { 0.0 };
            let row = |a| (0..count).map(|b| product(a, b)).chain([unit(a)]).collect();
            solved((0..count).map(row).collect())
        };
        let weight = |(terms, width): (&Vec<f64>, &f64)| {
            width * terms.iter().zip(&coefficients).map(|(t, c)| t * c).sum::<f64>()
        };
        all.iter().zip(widths).map(weight).collect()
    })
}

/// The solution of a positive definite system, whose rows end with the right side.
fn solved(mut rows: Vec<Vec<f64>>) -> Vec<f64> {
    let n = rows.len();
    for k in 0..n {
        let pivot = rows[k].clone();
        for (_, row) in rows.iter_mut().enumerate().filter(|(i, _)| *i != k) {
            let factor = row[k] / pivot[k];
            row.iter_mut().zip(&pivot).for_each(|(value, pivot)| *value -= factor * pivot);
        }
    }
    (0..n).map(|k| rows[k][n] / rows[k][k]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grid::Topology;

    /// Waves of number 0 to 2 beside that of number 1 leave it as it is, whatever the steps.
    #[test]
    fn the_wave_of_number_one_is_found_among_others() {
        let stretched = |i: i32| f64::from(i) * 20.0 + 9.0 * f64::from(i % 3);
        let uneven: Vec<f64> = (0..18).map(stretched).collect();
        let even = Axis::from_points(3.0, 360.0 / 17.0, 17, Topology::Periodic);
        for x in [even, Axis::around_points(&uneven, 360.0).unwrap()] {
            let circle = Circle::of(&x);
            let wave = |degrees: f64| (degrees - 50.0).to_radians().cos();
            let other = |degrees: f64| 3.0 - (2.0 * degrees).to_radians().sin();
            let both = |degrees| wave(degrees) + other(degrees);
            let points: Vec<f64> = (0..x.cells).map(|i| both(x.point(i))).collect();
            let faces: Vec<f64> = (0..x.cells).map(|i| both(x.face(i))).collect();
            let found = [circle.wave_of_points(&points), circle.wave_of_faces(&faces)];
            for (i, value) in found.iter().flat_map(|found| found.iter().enumerate()) {
                assert!((value - wave(x.point(i))).abs() < 1e-13, "{i}: {value}");
            }
            let waves: Vec<f64> = (0..x.cells).map(|i| wave(x.point(i))).collect();
            let across = circle.across(&waves);
            let off = |i: usize| (across[i] + waves[i]).abs();
            assert!((0..x.cells).all(|i| off(i) < 0.5 * 0.23 * 0.23), "{across:?}");
        }
    }

    #[test]
    fn what_lies_opposite_on_an_even_circle_is_a_point() {
        let x = Axis::from_points(0.1, 0.25, 1440, Topology::Periodic);
        let values: Vec<f64> = (0..1440).map(f64::from).collect();
        let across = Circle::of(&x).across(&values);
        let off = |i: usize| (across[i] - values[(i + 720) % 1440]).abs();
        assert!((0..1440).all(|i| off(i) < 1e-8));
    }
}
