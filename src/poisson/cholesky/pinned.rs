//! Pinned cells: one in every component whose Laplacian has a null space.

use super::super::NullSpace;
use crate::grid::Domain;
use sprs::CsMat;

/// An addition to the diagonal at one cell of every floating component makes the matrix regular and,
/// for a compatible right-hand side, changes φ by a constant only.
///
/// In floating point the rounding errors of all cells, which on a regular grid have one sign, add
/// up at the pinned cell: the solution leaves there a residual of the addition times its value, and
/// refining it would read the whole factor twice more. Instead the potential that a unit of this
/// residual causes, which is the same for every solve, is computed once and subtracted.
pub struct Pinned {
    /// By component: the place of the pinned cell and the addition; empty without null space.
    cells: Vec<Option<(usize, f64)>>,
    /// By cell: the solution for a source of 1 at the pinned cell, spread evenly over the others.
    pub relief: Vec<f64>,
}

impl Pinned {
    /// Adds to the diagonal at the pinned cells, `numbers` being the rows of all cells. The places in
    /// the order of elimination and the relief are still to come.
    pub fn new<const D: usize>(
        domain: &Domain<D>,
        null_space: &NullSpace,
        pins: &[usize],
        numbers: &[usize],
        mut laplacian: CsMat<f64>,
    ) -> (Pinned, CsMat<f64>) {
        let scale: f64 = domain.grid().axes().iter().map(|a| 2.0 / a.spacing.powi(2)).sum();
        let mut cells =
            if pins.is_empty() { Vec::new() } else { vec![None; null_space.components()] };
        for &pin in pins {
            let row = numbers[pin];
            let entry = laplacian.get_mut(row, row).expect("a diagonal that is stored");
            // A cell without neighbours or walls has a zero diagonal, which cannot be doubled.
            let addition = if *entry > 0.0 { *entry } else { scale };
            *entry += addition;
            cells[null_space.component(pin)] = Some((pin, addition));
        }
        (Pinned { cells, relief: Vec::new() }, laplacian)
    }

    /// Tells the place of every cell.
    pub fn order(&mut self, places: &[u32]) {
        for (cell, _) in self.cells.iter_mut().flatten() {
            *cell = places[*cell] as usize;
        }
    }

    /// What the pinned cell of every component has taken from the solutions.
    pub fn taken<const K: usize>(&self, unknowns: &[[f64; K]]) -> Vec<[f64; K]> {
        let taken = |pinned: &Option<(usize, f64)>| {
            pinned.map_or([0.0; K], |(place, addition)| unknowns[place].map(|x| addition * x))
        };
        self.cells.iter().map(taken).collect()
    }
}
