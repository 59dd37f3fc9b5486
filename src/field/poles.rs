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
    /// Where the middle of the cells beside a pole is not at their points.
    shifts: Vec<Option<Shift>>,
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
        let ends: Vec<[usize; 2]> =
            rings.iter().map(|ring| [ring.cells.start / nx, ring.end]).collect();
        let shifts = ends.iter().map(|end| Shift::of(domain, *end, at_points)).collect();
        Some(Poles { ends, at_points, open, shifts, nx, ny })
    }

    /// A component on the faces of y with values beyond the last faces that there are: at the pole itself, or, beside
    /// points there, half a spacing beyond it.
    pub(super) fn filled<'a, const D: usize>(
        &self,
        component: &'a ScalarField<D>,
    ) -> Cow<'a, [f64]> {
        if component.location() == Location::face(0) && component.parities().is_none() {
            return self.back_at_points(component.values());
        }
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

    /// The faces of x with the rows beside the poles back at the latitudes of the points.
    fn back_at_points<'a>(&self, values: &'a [f64]) -> Cow<'a, [f64]> {
        if self.at_points || self.shifts.iter().all(Option::is_none) {
            return Cow::Borrowed(values);
        }
        let mut values = values.to_vec();
        for shift in self.shifts.iter().flatten() {
            shift.apply(&shift.back, self.nx, &mut values);
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
    /// may lie beside the latitude of the points.
    pub(super) fn settle_faces(&self, k: usize, out: &mut [f64]) {
        for (&[_, end], shift) in self.ends.iter().zip(&self.shifts) {
            match shift {
                _ if k == 1 => out[end * self.nx..][..self.nx].fill(0.0),
                Some(shift) if k == 0 => shift.apply(&shift.to, self.nx, out),
                _ => {}
            }
        }
    }
}

/// How values at the faces of x beside a pole are brought from the latitude of the points to the middle of the
/// cells and back: by the polynomials through up to three rows of active cells.
struct Shift {
    /// Up to three rows from the pole on.
    rows: [usize; 3],
    /// How many of them are inside, for each face.
    counts: Vec<usize>,
    /// Weights by that number.
    to: [[f64; 3]; 4],
    back: [[f64; 3]; 4],
}

/// The part of a spacing by which a point may miss the middle of its cell.
const MISSED: f64 = 0.03;

impl Shift {
    fn of<const D: usize>(
        domain: &Domain<D>,
        [row, end]: [usize; 2],
        at_points: bool,
    ) -> Option<Shift> {
        let (y, [nx, ny]) = (domain.grid().axes()[1], [0, 1].map(|k| domain.grid().shape()[k]));
        let row_at = |i: usize| if end == 0 { row + i } else { row - i };
        let rows = [0, 1, 2].map(|i: usize| row_at(i.min(ny - 1)));
        let points = rows.map(|row| y.point(row));
        let pole = if at_points { points[0] } else { y.face(end) };
        let middle = 0.5 * (pole + y.face(if end == 0 { 1 } else { end - 1 }));
        if (middle - points[0]).abs() < MISSED * y.spacing {
            return None;
        }
        let count = |i: usize| {
            let beside = [(i + nx - 1) % nx, i];
            let inside = |row: &&usize| beside.iter().all(|i| domain.is_active(*row * nx + i));
            rows.iter().take(ny).take_while(inside).count()
        };
        let from_middle = [middle, points[1], points[2]];
        let weights = |nodes: [f64; 3], at| [0, 1, 2, 3].map(|count| lagrange(&nodes[..count], at));
        Some(Shift {
            rows,
            counts: (0..nx).map(count).collect(),
            to: weights(points, middle),
            back: weights(from_middle, points[0]),
        })
    }

    fn apply(&self, weights: &[[f64; 3]; 4], nx: usize, values: &mut [f64]) {
        for (i, &count) in self.counts.iter().enumerate().filter(|(_, count)| **count > 0) {
            let nodes = self.rows.iter().zip(weights[count]).take(count);
            let sum = nodes.map(|(row, weight)| weight * values[row * nx + i]).sum();
            values[self.rows[0] * nx + i] = sum;
        }
    }
}

/// The weights of values at some places, for the polynomial through them at another.
fn lagrange(nodes: &[f64], at: f64) -> [f64; 3] {
    let mut weights = [0.0; 3];
    for (weight, own) in weights.iter_mut().zip(nodes) {
        let others = nodes.iter().filter(|other| *other != own);
        *weight = others.map(|other| (at - other) / (own - other)).product();
    }
    weights
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
