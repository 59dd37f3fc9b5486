//! Between the latitude of the points beside a pole and the middle of their cells.

use super::Direction;
use crate::grid::Domain;

/// How values at the faces of x or z beside a pole are brought from the latitude of the points to the middle of the
/// cells and back: by the polynomials through up to three rows of active cells.
pub(super) struct Shift {
    /// Up to three rows from the pole on.
    rows: [usize; 3],
    nx: usize,
    /// How many of them are inside, at the faces of x and in the cells of all layers.
    at_faces: Vec<u8>,
    in_cells: Vec<u8>,
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
        let count = |flat: usize, from: usize| {
            let (layer, i) = (flat / nx * nx * ny, flat % nx);
            let beside = [(i + nx - from) % nx, i];
            let inside =
                |row: &&usize| beside.iter().all(|i| domain.is_active(layer + *row * nx + i));
            rows.iter().take(ny).take_while(inside).count() as u8
        };
        let layers = domain.grid().cells() / ny;
        let counts = |from: usize| (0..layers).map(|flat| count(flat, from)).collect();
        let from_middle = [middle, points[1], points[2]];
        let weights = |nodes: [f64; 3], at| [0, 1, 2, 3].map(|count| lagrange(&nodes[..count], at));
        Some(Shift {
            rows,
            nx,
            at_faces: counts(1),
            in_cells: counts(0),
            to: weights(points, middle),
            back: weights(from_middle, points[0]),
        })
    }

    /// Changes a layer of component k, which belongs to the cells of these levels.
    pub(super) fn apply(
        &self,
        k: usize,
        direction: Direction,
        levels: [Option<usize>; 2],
        layer: &mut [f64],
    ) {
        let counts = if k == 0 { &self.at_faces } else { &self.in_cells };
        let weights = if direction == Direction::ToMiddle { &self.to } else { &self.back };
        for i in 0..self.nx {
            let inside = levels.iter().flatten().map(|level| counts[level * self.nx + i]).max();
            let count = usize::from(inside.unwrap_or(0));
            if count == 0 {
                continue;
            }
            let nodes = self.rows.iter().zip(weights[count]).take(count);
            let sum = nodes.map(|(row, weight)| weight * layer[row * self.nx + i]).sum();
            layer[self.rows[0] * self.nx + i] = sum;
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
