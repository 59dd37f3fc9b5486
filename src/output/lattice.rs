//! Points at equal distances, as an image has them.

use crate::grid::{Axis, Grid};
use serde::{Deserialize, Serialize};

/// Points at equal distances along every axis, x first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Lattice {
    pub cells: Vec<usize>,
    pub origin: Vec<f64>,
    pub spacing: Vec<f64>,
}

impl Lattice {
    /// `None` where distances differ, or there is a single point.
    pub fn of<const D: usize>(grid: &Grid<D>) -> Option<Lattice> {
        let axes = grid.axes();
        (axes.iter().all(|axis| !axis.is_uneven()) && axes.iter().any(|axis| axis.cells > 1)).then(
            || Lattice {
                cells: axes.iter().map(|axis| axis.cells).collect(),
                origin: axes.iter().map(|axis: &Axis| axis.point(0)).collect(),
                spacing: axes.iter().map(|axis| axis.spacing).collect(),
            },
        )
    }

    /// Lengths of the axes, slowest first, of which VTK wants only those with more than one point.
    pub fn shape(&self) -> Vec<usize> {
        self.cells.iter().rev().copied().filter(|cells| *cells > 1).collect()
    }
}
