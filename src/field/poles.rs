//! Values at the poles of a metric, around which x runs and where components turn with it.
//!
//! On a small circle around a pole the components of a smooth vector field are C cos λ + S sin λ, up to the square
//! of its radius: that wave of the values on the innermost circle gives those at the pole.

use super::ScalarField;
use crate::grid::{Domain, Location};
use std::borrow::Cow;
use std::f64::consts::TAU;

/// What interpolation has to know about the poles of a domain.
pub(super) struct Poles {
    /// Row of the cells beside a pole, and face of y at it.
    ends: Vec<[usize; 2]>,
    /// Whether those cells have their points at the pole.
    at_points: bool,
    /// Where all cells around are active.
    open: Vec<bool>,
    nx: usize,
    ny: usize,
}

impl Poles {
    /// Those of a domain, if it has any.
    pub(super) fn of<const D: usize>(domain: &Domain<D>) -> Option<Poles> {
        let rings = domain.pole_rings();
        let [nx, ny] = [domain.grid().shape()[0], domain.grid().shape()[1]];
        if rings.is_empty() || D != 2 {
            return None;
        }
        let at_points = domain.metric().is_some_and(|metric| metric.has_points_at_poles());
        let open = rings.iter().map(|ring| ring.cells.clone().all(|cell| domain.is_active(cell)));
        let open = open.collect();
        let ends = rings.iter().map(|ring| [ring.cells.start / nx, ring.end]).collect();
        Some(Poles { ends, at_points, open, nx, ny })
    }

    /// A component on the faces of y with the values at the poles, where there is no face to have them.
    pub(super) fn filled<'a, const D: usize>(
        &self,
        component: &'a ScalarField<D>,
    ) -> Cow<'a, [f64]> {
        if component.location() != Location::face(1) || component.parities().is_some() {
            return Cow::Borrowed(component.values());
        }
        let mut values = component.values().to_vec();
        for (i, &[_, end]) in self.ends.iter().enumerate() {
            let row = |face: usize| face * self.nx..(face + 1) * self.nx;
            let [first, second] = if end == 0 { [1, 2] } else { [end - 1, end.saturating_sub(2)] };
            let at_pole: Vec<f64> = match self.open[i] || second > self.ny {
                true => wave(&values[row(first)], 0.0),
                false => {
                    let pairs = values[row(first)].iter().zip(&values[row(second)]);
                    pairs.map(|(a, b)| 1.5 * a - 0.5 * b).collect()
                }
            };
            values[row(end)].copy_from_slice(&at_pole);
        }
        Cow::Owned(values)
    }

    /// Changes row `row` of component k at the points, where that is at a pole, by its values on the faces,
    /// [`filled`](Poles::filled).
    pub(super) fn settle_point_row(&self, k: usize, row: usize, values: &[f64], out: &mut [f64]) {
        let end = self.ends.iter().position(|[at, _]| *at == row);
        let Some(end) = end.filter(|_| self.at_points) else { return };
        if k == 1 {
            out.copy_from_slice(&values[self.ends[end][1] * self.nx..][..self.nx]);
        } else if self.open[end] {
            out.copy_from_slice(&wave(&values[row * self.nx..][..self.nx], 0.5));
        }
    }

    /// Changes component k on the faces, made of points, at the poles: there are no faces of y, and those of x
    /// beside points at a pole lie a quarter of a spacing off.
    pub(super) fn settle_faces<const D: usize>(
        &self,
        k: usize,
        domain: &Domain<D>,
        out: &mut [f64],
    ) {
        let nx = self.nx;
        for &[row, end] in &self.ends {
            if k == 1 {
                out[end * nx..][..nx].fill(0.0);
            } else if self.at_points {
                let step = |i: usize| if end == 0 { row + i } else { row - i };
                let last = 2.min(self.ny - 1);
                for i in 0..nx {
                    let inside = |j: usize| {
                        [(i + nx - 1) % nx, i].iter().all(|i| domain.is_active(step(j) * nx + i))
                    };
                    let count = (0..=last).take_while(|j| inside(*j)).count();
                    let value = |j: usize| out[step(j) * nx + i];
                    out[row * nx + i] = match count {
                        0 | 1 => value(0),
                        2 => 0.75 * value(0) + 0.25 * value(1),
                        _ => 0.65625 * value(0) + 0.4375 * value(1) - 0.09375 * value(2),
                    };
                }
            }
        }
    }
}

/// The wave of number 1 in values around a circle, which start `before` of a step before the places where it is
/// wanted.
fn wave(values: &[f64], before: f64) -> Vec<f64> {
    let n = values.len() as f64;
    let angle = |i: usize, shift: f64| TAU * (i as f64 - shift) / n;
    let (mut c, mut s) = (0.0, 0.0);
    for (i, v) in values.iter().enumerate() {
        let (sin, cos) = angle(i, before).sin_cos();
        (c, s) = (c + v * cos, s + v * sin);
    }
    let at = |i: usize| {
        let (sin, cos) = angle(i, 0.0).sin_cos();
        2.0 / n * (c * cos + s * sin)
    };
    (0..values.len()).map(at).collect()
}
