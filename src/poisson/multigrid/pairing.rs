//! Pairs of cells along one axis, and what cells take from coarse ones by interpolation.

use super::couplings::Scalar;
use crate::grid::neighbours;
use crate::poisson::shape::Shape;

/// How one axis is coarsened.
pub struct Pairing {
    /// Whether pairs are formed at all.
    pub halved: bool,
    /// Number of coarse cells; the last holds one cell where the number of cells is odd.
    pub coarse: usize,
    /// Widths of the coarse cells.
    pub widths: Vec<f64>,
    /// What a cell takes from the coarse value on its lower and upper side: linear interpolation.
    pub take: [Vec<f64>; 2],
    /// The same where a zero-potential wall is on that side.
    pub take_wall: [Vec<f64>; 2],
}

impl Pairing {
    /// From the widths of the cells of an axis.
    pub fn new(widths: &[f64], halved: bool, wraps: bool) -> Pairing {
        let n = widths.len();
        let none = || [vec![0.0; n], vec![0.0; n]];
        if !halved {
            let (take, take_wall) = (none(), none());
            return Pairing { halved, coarse: n, widths: widths.to_vec(), take, take_wall };
        }
        let coarse: Vec<f64> = widths.chunks(2).map(|pair| pair.iter().sum()).collect();
        let (mut take, mut take_wall) = (none(), none());
        let m = coarse.len();
        for i in 0..n - n % 2 {
            let (own, side) = (i / 2, i % 2);
            // Half the other cell of the pair is how far this one lies from the pair's centre.
            let offset = 0.5 * widths[i ^ 1];
            take_wall[side][i] = offset / (0.5 * coarse[own]);
            if let Some(beside) = neighbours(m, wraps && m > 1, own)[side] {
                take[side][i] = offset / (0.5 * (coarse[own] + coarse[beside]));
            }
        }
        Pairing { halved, coarse: m, widths: coarse, take, take_wall }
    }

    /// The coarse cell a cell belongs to.
    pub fn parent(&self, i: usize) -> usize {
        if self.halved { i / 2 } else { i }
    }

    /// The cells of a coarse cell of an axis with n cells.
    pub fn children(&self, parent: usize, n: usize) -> std::ops::Range<usize> {
        if self.halved { 2 * parent..(2 * parent + 2).min(n) } else { parent..parent + 1 }
    }

    /// What every cell takes from its lower and upper side.
    pub fn takes<T: Scalar>(&self) -> [Vec<T>; 2] {
        self.take.clone().map(|t| t.into_iter().map(T::rounded).collect())
    }

    /// The distance of the centres of a cell and its lower neighbour.
    pub fn spacing(widths: &[f64], i: usize) -> f64 {
        0.5 * (widths[i] + widths[(i + widths.len() - 1) % widths.len()])
    }
}

/// The indices of the rows that make up a coarse row.
pub fn child_rows<const D: usize>(
    fine: &Shape<D>,
    pairings: &[Pairing; D],
    parent: [usize; D],
) -> Vec<[usize; D]> {
    let mut rows = vec![[0; D]];
    for k in 1..D {
        let children = pairings[k].children(parent[k], fine.cells[k]);
        rows = children
            .flat_map(|i| {
                rows.iter().map(move |row| {
                    let mut row = *row;
                    row[k] = i;
                    row
                })
            })
            .collect();
    }
    rows
}
