//! Between the latitude of the points beside a pole and the middle of their cells.

use super::Direction;
use crate::grid::Domain;

/// How values at the faces of x or z beside a pole are brought from the latitude of the points to the middle of the
/// cells and back: by the polynomials through up to three rows.
pub(super) struct Shift {
    /// Up to three rows from the pole on.
    rows: [usize; 3],
    nx: usize,
    /// At the faces of x and of z of all layers, how many of them have active cells on the same sides as the first.
    around: Vec<u8>,
    upwards: Vec<u8>,
    /// Weights by that number.
    to: [[f64; 3]; 4],
    back: [[f64; 3]; 4],
}

/// The part of a spacing by which a point may miss the middle of its cell.
const MISSED: f64 = 0.03;

impl Shift {
    /// For the row of cells beside the pole at a face of y; `None` where their middle is at their points.
    pub(super) fn of<const D: usize>(
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
        let [around, upwards] = counts(domain, rows);
        let from_middle = [middle, points[1], points[2]];
        let weights = |nodes: [f64; 3], at| [0, 1, 2, 3].map(|count| lagrange(&nodes[..count], at));
        Some(Shift {
            rows,
            nx,
            around,
            upwards,
            to: weights(points, middle),
            back: weights(from_middle, points[0]),
        })
    }

    /// Changes layer number `at` of component k, not y.
    pub(super) fn apply(&self, k: usize, direction: Direction, at: usize, layer: &mut [f64]) {
        let counts = if k == 0 { &self.around } else { &self.upwards };
        let weights = if direction == Direction::ToMiddle { &self.to } else { &self.back };
        for (i, count) in counts[at * self.nx..][..self.nx].iter().enumerate() {
            let count = usize::from(*count);
            if count > 0 {
                let nodes = self.rows.iter().zip(weights[count]).take(count);
                let sum = nodes.map(|(row, weight)| weight * layer[row * self.nx + i]).sum();
                layer[self.rows[0] * self.nx + i] = sum;
            }
        }
    }
}

/// [`Shift::around`] and [`Shift::upwards`].
fn counts<const D: usize>(domain: &Domain<D>, rows: [usize; 3]) -> [Vec<u8>; 2] {
    let [nx, ny] = [0, 1].map(|k| domain.grid().shape()[k]);
    let count = |beside: [Option<usize>; 2]| {
        // Of the cells beside the face in a row.
        let inside = |row: usize| {
            beside.map(|cell| cell.is_some_and(|cell| domain.is_active(cell + row * nx)))
        };
        let alike = |row: &&usize| inside(**row) == inside(rows[0]);
        match inside(rows[0]) {
            [false, false] => 0,
            _ => rows.iter().take(ny).take_while(alike).count() as u8,
        }
    };
    let levels = domain.grid().cells() / (nx * ny);
    let around = (0..levels * nx).map(|at| {
        let (layer, i) = (at / nx * nx * ny, at % nx);
        count([(i + nx - 1) % nx, i].map(|i| Some(layer + i)))
    });
    let z = domain.grid().axes().get(2);
    let upwards = (0..z.map_or(0, |z| z.faces()) * nx).map(|at| {
        let beside = z.map_or([None; 2], |z| z.cells_beside(at / nx));
        count(beside.map(|level| Some(level? * nx * ny + at % nx)))
    });
    [around.collect(), upwards.collect()]
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
