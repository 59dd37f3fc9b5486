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

    /// A component on the faces of y with values beyond the last faces that there are: at the pole itself, or, beside
    /// points there, half a spacing beyond it.
    pub(super) fn filled<'a, const D: usize>(
        &self,
        component: &'a ScalarField<D>,
    ) -> Cow<'a, [f64]> {
        if component.location() != Location::face(1) || component.parities().is_some() {
            return Cow::Borrowed(component.values());
        }
        let mut values = component.values().to_vec();
        for (i, &[_, end]) in self.ends.iter().enumerate() {
            let beyond = match (self.open[i], self.at_points) {
                (true, true) => self.across(&values, end),
                (true, false) => wave(self.faces(&values, end)[0], 0.0),
                (false, true) => self.extrapolated(&values, end, 1.0),
                (false, false) => self.extrapolated(&values, end, 0.5),
            };
            values[end * self.nx..][..self.nx].copy_from_slice(&beyond);
        }
        Cow::Owned(values)
    }

    /// The two rows of faces next to a pole.
    fn faces<'a>(&self, values: &'a [f64], end: usize) -> [&'a [f64]; 2] {
        let second = if self.ny > 2 { 2 } else { 1 };
        [1, second].map(|i| {
            let face = if end == 0 { i } else { end - i };
            &values[face * self.nx..][..self.nx]
        })
    }

    /// The first row of faces as it is met beyond the pole, where both directions are turned round.
    fn across(&self, values: &[f64], end: usize) -> Vec<f64> {
        let [first, _] = self.faces(values, end);
        let opposite = |i: usize, half: usize| first[(i + half) % self.nx];
        let at = |i| -0.5 * (opposite(i, self.nx / 2) + opposite(i, self.nx.div_ceil(2)));
        (0..self.nx).map(at).collect()
    }

    /// So many spacings beyond the first row of faces.
    fn extrapolated(&self, values: &[f64], end: usize, steps: f64) -> Vec<f64> {
        let [first, second] = self.faces(values, end);
        first.iter().zip(second).map(|(a, b)| a + steps * (a - b)).collect()
    }

    /// Changes row `row` of component k at the points, where that is at a pole, by its values on the faces,
    /// [`filled`](Poles::filled).
    pub(super) fn settle_point_row(&self, k: usize, row: usize, values: &[f64], out: &mut [f64]) {
        let end = self.ends.iter().position(|[at, _]| *at == row);
        let Some(i) = end.filter(|_| self.at_points) else { return };
        match (k, self.open[i]) {
            (1, true) => out.copy_from_slice(&wave(self.faces(values, self.ends[i][1])[0], 0.0)),
            (1, false) => out.copy_from_slice(&self.extrapolated(values, self.ends[i][1], 0.5)),
            (_, true) => out.copy_from_slice(&wave(&values[row * self.nx..][..self.nx], 0.5)),
            _ => {}
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
        let cells = |face| domain.grid().axes()[0].cells_beside(face).into_iter().flatten();
        for &[row, end] in &self.ends {
            if k == 1 {
                out[end * nx..][..nx].fill(0.0);
            } else if self.at_points {
                let step = |i: usize| if end == 0 { row + i } else { row - i };
                let last = 2.min(self.ny - 1);
                for i in 0..nx {
                    let inside = |j: usize| cells(i).all(|i| domain.is_active(step(j) * nx + i));
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
