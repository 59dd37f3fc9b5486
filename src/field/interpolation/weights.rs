//! The weights of neighbouring values, by the places there are between walls.

use crate::field::Way;
use crate::grid::Axis;

/// Weights of six values in a row, for each pattern of active cells among the six cells i − 3 … i +
/// 2 around the interpolated value i: bit t is cell i − 3 + t.
type Weights = [[f64; 6]; 64];

/// The weights of an axis.
pub(in crate::field) struct InterpolationWeights {
    /// One for all places, or on uneven axes one for each.
    pub(super) weights: Vec<Weights>,
    /// The cells that, if all are active, make the rest of the pattern irrelevant.
    pub(super) clear: u8,
    /// The first of the six values is i − `below`.
    pub(super) below: usize,
}

impl InterpolationWeights {
    /// From the cells to the faces: face i lies between cells i − 1 and i.
    pub fn to_faces(axis: &Axis) -> InterpolationWeights {
        let counts = |code: usize| {
            let active = |t: &usize| code >> t & 1 == 1;
            let lower = (0..3).rev().take_while(active).count();
            Some((lower, (3..6).take_while(active).count()))
        };
        let line = Places { axis, from_faces: false };
        InterpolationWeights { weights: line.weights(counts), clear: 0b011110, below: 3 }
    }

    /// From the faces to the cells: cell i lies between faces i and i + 1, and has those beyond them
    /// where its neighbours are active.
    pub fn to_points(axis: &Axis, way: Way) -> InterpolationWeights {
        let counts = |code: usize| match (code >> 3 & 1, way) {
            (0, _) => None,
            (_, Way::Mean) => Some((1, 1)),
            (_, Way::FourPoints) => Some((1 + (code >> 2 & 1), 1 + (code >> 4 & 1))),
        };
        let line = Places { axis, from_faces: true };
        InterpolationWeights { weights: line.weights(counts), clear: 0b011100, below: 2 }
    }

    pub(super) fn of_place(&self, i: usize) -> &Weights {
        &self.weights[i.min(self.weights.len() - 1)]
    }

    pub(super) fn is_even(&self) -> bool {
        self.weights.len() == 1
    }
}

/// How much larger weights on uneven axes may be in sum, without signs, than on even ones, before fewer values are used:
/// beside a step much wider than the next the polynomial through more would magnify what varies from point to point.
const MOST: f64 = 2.0;

/// The places of an axis: from its faces to its points, or from points to faces.
struct Places<'a> {
    axis: &'a Axis,
    from_faces: bool,
}

impl Places<'_> {
    /// The weights for patterns, given how many values there are below and above a place.
    fn weights(&self, counts: impl Fn(usize) -> Option<(usize, usize)>) -> Vec<Weights> {
        let of = |weights: &dyn Fn(usize, usize) -> [f64; 6]| -> Weights {
            std::array::from_fn(|code| counts(code).map_or([0.0; 6], |(l, u)| weights(l, u)))
        };
        if !self.axis.is_uneven() {
            return vec![of(&between)];
        }
        let outputs = if self.from_faces { self.axis.cells } else { self.axis.faces() };
        let at_place = |i: usize| of(&|lower, upper| self.between(i, lower, upper));
        (0..outputs).map(at_place).collect()
    }

    /// [`between`] for unequal distances: the polynomial through the same values.
    fn between(&self, i: usize, lower: usize, upper: usize) -> [f64; 6] {
        // The value below a face is that of the cell before it.
        let first = i as isize - if self.from_faces { 2 } else { 3 };
        let place = |t: usize| self.coordinate(first + t as isize, self.from_faces);
        let to = self.coordinate(i as isize, !self.from_faces);
        let (mut lower, mut upper) = (lower, upper);
        loop {
            let used = between(lower, upper).map(|weight| weight != 0.0);
            let used: Vec<usize> = (0..6).filter(|t| used[*t]).collect();
            let mut weights = [0.0; 6];
            for &t in &used {
                let others = used.iter().filter(|other| **other != t);
                let factor = |&other: &usize| (to - place(other)) / (place(t) - place(other));
                weights[t] = others.map(factor).product();
            }
            let sum = |weights: [f64; 6]| weights.iter().map(|w| w.abs()).sum::<f64>();
            let tame = sum(weights) <= MOST * sum(between(lower, upper));
            if tame || used.len() == 1 || (lower, upper) == (1, 1) {
                return weights;
            }
            // From one value less, the farther side first.
            match (lower.min(3), upper.min(3)) {
                (0, n) => upper = n - 1,
                (n, 0) => lower = n - 1,
                (l, u) if l >= u => (lower, upper) = (l - 1, u),
                (l, u) => (lower, upper) = (l, u - 1),
            }
        }
    }

    /// The coordinate of a face or a point, on a ring of any number.
    fn coordinate(&self, i: isize, face: bool) -> f64 {
        let (axis, n) = (self.axis, self.axis.cells as isize);
        let (turns, at) = match axis.bounded() {
            true => (0, i.clamp(0, n - isize::from(!face))),
            false => (i.div_euclid(n), i.rem_euclid(n)),
        };
        let at = at as usize;
        (if face { axis.face(at) } else { axis.point(at) }) + turns as f64 * axis.length()
    }
}

/// The weights of three values below and three above a place half way, given how many of them there
/// are next to it: the cubic through two and two, the quadratic through the three nearest, and what is
/// left of it on shorter runs.
fn between(lower: usize, upper: usize) -> [f64; 6] {
    const WALL: [[f64; 3]; 4] =
        [[0.0; 3], [1.0, 0.0, 0.0], [1.5, -0.5, 0.0], [1.875, -1.25, 0.375]];
    match (lower, upper) {
        (0, n) => std::array::from_fn(|t| if t < 3 { 0.0 } else { WALL[n][t - 3] }),
        (1, 1) => [0.0, 0.0, 0.5, 0.5, 0.0, 0.0],
        (1, n) if n > 1 => [0.0, 0.0, 0.375, 0.75, -0.125, 0.0],
        (2.., 2..) => [0.0, -0.0625, 0.5625, 0.5625, -0.0625, 0.0],
        _ => {
            let mut mirrored = between(upper, lower);
            mirrored.reverse();
            mirrored
        }
    }
}
