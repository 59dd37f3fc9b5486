//! Contour lines of numbers on a lattice, by marching squares.

use super::plane::Plane;
use super::ticks::round_numbers;
use crate::field::ScalarField;
use crate::grid::Domain;
use std::collections::HashMap;

/// How many levels, about.
const LEVELS: usize = 12;

/// Numbers at the crossings of lines, between which contours are drawn.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Heights {
    /// What the numbers are, such as `potential`.
    pub name: String,
    /// Coordinates of the lines across x, ascending.
    pub x: Vec<f64>,
    /// Coordinates of the lines across y, ascending.
    pub y: Vec<f64>,
    /// A number for each crossing, x fastest; NaN where there is none.
    pub values: Vec<f64>,
}

impl Heights {
    /// A scalar field at the points of its grid, in 3D those of a plane.
    pub fn of_field<const D: usize>(
        name: &str,
        field: &ScalarField<D>,
        domain: &Domain<D>,
        plane: Option<Plane>,
    ) -> Heights {
        let grid = domain.grid();
        let ([a, b], start) = plane.map_or(([0, 1], 0), |plane| (plane.axes(), plane.start(grid)));
        let axes = grid.axes();
        let stride = |k: usize| grid.shape()[..k].iter().product::<usize>();
        let cell = |i: usize, j: usize| start + i * stride(a) + j * stride(b);
        let height = |at: usize| if domain.is_active(at) { field.values()[at] } else { f64::NAN };
        let points = |k: usize| (0..axes[k].cells).map(|i| axes[k].point(i)).collect();
        let row = |j: usize| (0..axes[a].cells).map(move |i| height(cell(i, j)));
        let values = (0..axes[b].cells).flat_map(row).collect();
        Heights { name: name.into(), x: points(a), y: points(b), values }
    }

    /// The levels that are drawn: about a dozen round numbers between the least and the largest.
    pub fn levels(&self) -> Vec<f64> {
        let finite = self.values.iter().copied().filter(|v| v.is_finite());
        let span = |[low, high]: [f64; 2], v: f64| [low.min(v), high.max(v)];
        let [low, high] = finite.fold([f64::INFINITY, f64::NEG_INFINITY], span);
        if low < high { round_numbers(low, high, LEVELS) } else { Vec::new() }
    }

    /// The lines on which the numbers, linear between neighbours, have a value: closed ones end where they begin.
    pub fn lines(&self, level: f64) -> Vec<Vec<[f64; 2]>> {
        let mut beside: HashMap<usize, Vec<usize>> = HashMap::new();
        for (a, b) in self.segments(level) {
            beside.entry(a).or_default().push(b);
            beside.entry(b).or_default().push(a);
        }
        // Open lines from their ends first, then the closed ones.
        let mut starts: Vec<usize> = beside.keys().copied().collect();
        starts.sort_unstable_by_key(|edge| (beside[edge].len(), *edge));
        let mut lines = Vec::new();
        for start in starts {
            let mut line = vec![start];
            while let Some(next) = beside.get_mut(&line[line.len() - 1]).and_then(Vec::pop) {
                let last = line[line.len() - 1];
                // It runs both ways.
                if let Some(back) = beside.get_mut(&next) {
                    back.retain(|edge| *edge != last);
                }
                line.push(next);
            }
            if line.len() > 1 {
                lines.push(line.into_iter().map(|edge| self.crossing(edge, level)).collect());
            }
        }
        lines
    }

    /// Pairs of edges that a line joins within a cell. Edge 2k leads from crossing k along x, 2k + 1 along y.
    fn segments(&self, level: f64) -> Vec<(usize, usize)> {
        let [nx, ny] = [self.x.len(), self.y.len()];
        let mut found = Vec::new();
        for k in (1..ny).flat_map(|j| (1..nx).map(move |i| (j - 1) * nx + i - 1)) {
            let corners = [k, k + 1, k + nx + 1, k + nx].map(|at| self.values[at]);
            if corners.iter().any(|v| !v.is_finite()) {
                continue;
            }
            let above = corners.map(|v| v >= level);
            let edges = [2 * k, 2 * (k + 1) + 1, 2 * (k + nx), 2 * k + 1];
            let crossed: Vec<usize> = (0..4).filter(|e| above[*e] != above[(e + 1) % 4]).collect();
            match crossed[..] {
                [a, b] => found.push((edges[a], edges[b])),
                [_, _, _, _] => {
                    // At a saddle the mean tells which corners belong together.
                    let joined = (0.25 * corners.iter().sum::<f64>() >= level) == above[0];
                    let (first, second) = if joined { ((0, 1), (2, 3)) } else { ((3, 0), (1, 2)) };
                    for (a, b) in [first, second] {
                        found.push((edges[a], edges[b]));
                    }
                }
                _ => {}
            }
        }
        found
    }

    /// Where a level crosses an edge.
    fn crossing(&self, edge: usize, level: f64) -> [f64; 2] {
        let (from, upward, nx) = (edge / 2, edge % 2 == 1, self.x.len());
        let to = from + if upward { nx } else { 1 };
        let (a, b) = (self.values[from], self.values[to]);
        let t = (level - a) / (b - a);
        let at = |k: usize| [self.x[k % nx], self.y[k / nx]];
        [0, 1].map(|k| at(from)[k] + t * (at(to)[k] - at(from)[k]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heights(n: usize, of: impl Fn(f64, f64) -> f64) -> Heights {
        let x: Vec<f64> = (0..n).map(|i| 2.0 * i as f64 / (n - 1) as f64 - 1.0).collect();
        let values = x.iter().flat_map(|y| x.iter().map(|x| of(*x, *y))).collect();
        Heights { name: String::new(), x: x.clone(), y: x.clone(), values }
    }

    #[test]
    fn contours_of_a_bowl_are_closed_circles() {
        let lines = heights(41, |x, y| x * x + y * y).lines(0.5);
        assert_eq!(lines.len(), 1);
        assert_eq!(lines[0].first(), lines[0].last());
        // The largest gap of a linear interpolation of x² is h²/4.
        let off = |p: &[f64; 2]| (p[0] * p[0] + p[1] * p[1] - 0.5).abs();
        assert!(lines[0].iter().all(|p| off(p) < 0.05f64.powi(2) / 3.9));
    }

    #[test]
    fn a_saddle_has_two_branches_and_a_hole_ends_lines() {
        let saddle = heights(20, |x, y| x * y);
        let lines = saddle.lines(0.1);
        assert_eq!(lines.len(), 2, "{lines:?}");
        assert!(lines.iter().all(|line| line.windows(2).all(|w| w[0][0] * w[1][0] > 0.0)));
        let cut = heights(20, |x, y| if x.abs() < 0.2 { f64::NAN } else { x * x + y * y });
        assert_eq!(cut.lines(0.5).len(), 2);
        assert!(heights(5, |_, _| 1.0).levels().is_empty());
    }

    #[test]
    fn a_checkerboard_is_joined_by_its_mean() {
        let board = |middle: f64| Heights {
            x: vec![0.0, 1.0],
            y: vec![0.0, 1.0],
            values: vec![1.0, -middle, 1.0 - 0.5 * middle, -1.0],
            ..Heights::default()
        };
        assert_eq!(board(0.5).lines(0.0).len(), 1);
        let crossed = Heights { values: vec![1.0, -0.5, -0.5, 1.0], ..board(0.5) };
        let lines = crossed.lines(0.0);
        assert_eq!(lines.len(), 2);
        // The mean is above, so the line cuts off the corners below.
        assert!(lines.iter().all(|l| (l[0][0] - l[0][1]) * (l[1][0] - l[1][1]) > 0.0), "{lines:?}");
    }
}
