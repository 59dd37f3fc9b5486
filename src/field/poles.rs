//! Values at the poles of a metric, around which x runs and where components turn with it.
//!
//! On a small circle around a pole the components x and y of a smooth vector field are C cos λ + S sin λ, up to the
//! square of its radius: that wave of the values on the innermost circle gives those at the pole. Component z has one
//! value at a pole, the mean around it. All this holds in every layer of z.

mod circle;
mod shift;

use super::ScalarField;
use crate::grid::{Axis, Domain, Location};
use circle::Circle;
use shift::Shift;
use std::borrow::Cow;

/// What interpolation has to know about the poles of a domain.
pub(super) struct Poles {
    ends: Vec<End>,
    circle: Circle,
    /// Whether the cells beside a pole have their points at it.
    at_points: bool,
    nx: usize,
    ny: usize,
}

/// One end of y that is a pole.
struct End {
    /// Row of the cells beside it, and face of y at it.
    row: usize,
    face: usize,
    /// By layers, whether all cells around are active.
    open: Vec<bool>,
    /// By layers, where the cell next to the row is active; whatever if all of them are.
    beside: Vec<bool>,
    /// How far the pole and the face beyond the row lie from the first face, in steps from the second to the first.
    steps: [f64; 2],
    /// Where the middle of the cells is not at their points.
    shift: Option<Shift>,
}

/// Between which rows values are brought by a [`Shift`].
#[derive(Clone, Copy, PartialEq)]
enum Direction {
    ToMiddle,
    BackToPoints,
}

impl Poles {
    /// Those of a domain, if it has any.
    pub(super) fn of<const D: usize>(domain: &Domain<D>) -> Option<Poles> {
        let rings = domain.pole_rings();
        if rings.is_empty() {
            return None;
        }
        let [nx, ny] = [domain.grid().shape()[0], domain.grid().shape()[1]];
        let at_points = domain.metric().is_some_and(|metric| metric.has_points_at_poles());
        let mut ends: Vec<End> = Vec::new();
        for ring in rings {
            let open = ring.cells.clone().all(|cell| domain.is_active(cell));
            if let Some(end) = ends.iter_mut().find(|end| end.face == ring.end) {
                end.open.push(open);
                continue;
            }
            let (row, face) = (ring.cells.start / nx % ny, ring.end);
            let shift = Shift::of(domain, [row, face], at_points);
            let next = if face == 0 { 1.min(ny - 1) } else { row.saturating_sub(1) };
            let beside = |at: usize| domain.is_active((at / nx * ny + next) * nx + at % nx);
            let beside = (0..domain.grid().cells() / ny).map(beside).collect();
            let steps = steps(&domain.grid().axes()[1], face, at_points);
            ends.push(End { row, face, open: vec![open], beside, steps, shift });
        }
        let circle = Circle::of(&domain.grid().axes()[0]);
        Some(Poles { ends, circle, at_points, nx, ny })
    }

    /// Values in a row.
    pub(super) fn row(&self) -> usize {
        self.nx
    }

    /// A component on the faces, ready to be interpolated to the points: faces of y have values beyond the last that
    /// there are, at the pole itself, or, beside points there, half a spacing beyond it; those of x and z are back at
    /// the latitudes of the points.
    pub(super) fn filled<'a, const D: usize>(
        &self,
        component: &'a ScalarField<D>,
    ) -> Cow<'a, [f64]> {
        let at = |k: usize| component.location() == Location::face(k);
        let kept = component.parities().is_some();
        match (0..D).find(|k| at(*k)) {
            Some(1) if !kept => Cow::Owned(self.with_faces_beyond(component.values())),
            Some(k) if !kept && self.ends.iter().any(|end| end.shift.is_some()) => {
                let mut values = component.values().to_vec();
                self.shift(k, Direction::BackToPoints, &mut values);
                Cow::Owned(values)
            }
            _ => Cow::Borrowed(component.values()),
        }
    }

    fn with_faces_beyond(&self, values: &[f64]) -> Vec<f64> {
        let mut values = values.to_vec();
        for (level, layer) in values.chunks_exact_mut(self.nx * (self.ny + 1)).enumerate() {
            for end in &self.ends {
                let beyond = match (end.open[level], self.at_points) {
                    (true, true) => self.across(layer, end.face),
                    (true, false) => self.circle.wave_of_points(self.faces(layer, end.face)[0]),
                    (false, _) => self.extrapolated(layer, (end, level), end.steps[1]),
                };
                layer[end.face * self.nx..][..self.nx].copy_from_slice(&beyond);
            }
        }
        values
    }

    /// Brings the rows beside poles of values on the faces of x or z between the latitude of the points and the middle
    /// of the cells. The wave around a whole circle needs no faces of x at points.
    fn shift(&self, k: usize, direction: Direction, values: &mut [f64]) {
        for (at, layer) in values.chunks_exact_mut(self.nx * self.ny).enumerate() {
            for end in &self.ends {
                let Some(shift) = &end.shift else { continue };
                let waved = k == 0 && self.at_points && end.open[at];
                if !(waved && direction == Direction::BackToPoints) {
                    shift.apply(k, direction, at, layer);
                }
            }
        }
    }

    /// The two rows of faces next to a pole.
    fn faces<'a>(&self, layer: &'a [f64], end: usize) -> [&'a [f64]; 2] {
        let second = if self.ny > 2 { 2 } else { 1 };
        [1, second].map(|i| {
            let face = if end == 0 { i } else { end - i };
            &layer[face * self.nx..][..self.nx]
        })
    }

    /// The first row of faces as it is met beyond the pole, where both directions are turned round.
    fn across(&self, layer: &[f64], end: usize) -> Vec<f64> {
        let mut values = self.circle.across(self.faces(layer, end)[0]);
        values.iter_mut().for_each(|v| *v = -*v);
        values
    }

    /// So many steps beyond the first row of faces, where there is a second one.
    fn extrapolated(&self, layer: &[f64], (end, level): (&End, usize), steps: f64) -> Vec<f64> {
        let [first, second] = self.faces(layer, end.face);
        let beside = &end.beside[level * self.nx..][..self.nx];
        let pairs = first.iter().zip(second).zip(beside);
        pairs.map(|((a, b), beside)| if *beside { a + steps * (a - b) } else { *a }).collect()
    }

    /// Changes some rows of component k at the points, from number `first` of all layers on, where they are at a pole,
    /// by its values on the faces, [`filled`](Poles::filled).
    pub(super) fn settle_points(&self, k: usize, first: usize, values: &[f64], out: &mut [f64]) {
        for (row, out) in (first..).zip(out.chunks_exact_mut(self.nx)) {
            let (level, row) = (row / self.ny, row % self.ny);
            let end = self.ends.iter().find(|end| end.row == row);
            let Some(end) = end.filter(|_| self.at_points) else { continue };
            let layer = |rows: usize| &values[level * rows * self.nx..][..rows * self.nx];
            let layer_of_y = || layer(self.ny + 1);
            match (k, end.open[level]) {
                (0, true) => {
                    let around = &layer(self.ny)[row * self.nx..][..self.nx];
                    out.copy_from_slice(&self.circle.wave_of_faces(around));
                }
                (1, true) => {
                    let around = self.faces(layer_of_y(), end.face)[0];
                    out.copy_from_slice(&self.circle.wave_of_points(around));
                }
                (1, false) => {
                    out.copy_from_slice(&self.extrapolated(
                        layer_of_y(),
                        (end, level),
                        end.steps[0],
                    ));
                }
                (2, true) => out.fill(out.iter().sum::<f64>() / self.nx as f64),
                _ => {}
            }
        }
    }

    /// Changes component k on the faces, made of points, at the poles: there are no faces of y, and those of x and z
    /// may lie beside the latitude of the points.
    pub(super) fn settle_faces(&self, k: usize, out: &mut [f64]) {
        if k != 1 {
            return self.shift(k, Direction::ToMiddle, out);
        }
        for layer in out.chunks_exact_mut(self.nx * (self.ny + 1)) {
            self.ends.iter().for_each(|end| layer[end.face * self.nx..][..self.nx].fill(0.0));
        }
    }
}

/// [`End::steps`].
fn steps(y: &Axis, face: usize, at_points: bool) -> [f64; 2] {
    let inner = |i: usize| y.face(if face == 0 { i } else { face - i });
    let second = if y.cells > 2 { 2 } else { 1 };
    let (first, step) = (inner(1), inner(1) - inner(second));
    // Beside a point at the pole the last face of the axis lies beyond it.
    let pole =
        if at_points { y.point(if face == 0 { 0 } else { y.cells - 1 }) } else { y.face(face) };
    if step == 0.0 { [0.0; 2] } else { [pole, y.face(face)].map(|at| (at - first) / step) }
}
