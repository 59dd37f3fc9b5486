//! The one Laplacian: which faces a cell has, which cell is beside each, and how much the face conducts.

use crate::boundary::Condition;
use crate::grid::{Domain, Location, ravel, unravel};
use rayon::prelude::*;

/// −∇·∇ for a condition at the walls: Σ c (φ − φ′) over the faces of a cell, φ′ being the value of the cell beside.
///
/// A face conducts c = S/d; where all cells are alike both sides are over the volume of a cell, and c = 1/h². At a
/// wall φ′ is 0 and c is [`Condition::across_wall`] times as large. Rows of the matrix, residuals and the finest
/// level of multigrid are made from what is said here.
#[derive(Clone, Debug)]
pub struct Stencil<const D: usize> {
    domain: Domain<D>,
    condition: Condition,
    /// 1/h² along each axis.
    alike: [f64; D],
}

/// A face of a cell.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CellFace {
    /// The cell beyond it; `None` at walls.
    pub beside: Option<usize>,
    /// How much it conducts.
    pub conductance: f64,
}

impl<const D: usize> Stencil<D> {
    /// The Laplacian of a domain and a condition at its walls.
    pub fn new(domain: &Domain<D>, condition: Condition) -> Stencil<D> {
        let alike = domain.grid().axes().map(|axis| axis.spacing.powi(-2));
        Stencil { domain: domain.clone(), condition, alike }
    }

    /// The domain.
    pub fn domain(&self) -> &Domain<D> {
        &self.domain
    }

    /// How much the faces along each axis conduct where all cells are alike, 0 on a ring of one cell; `None` with a
    /// metric.
    pub fn couplings(&self) -> Option<[f64; D]> {
        let axes = self.domain.grid().axes();
        let along = |k: usize| if axes[k].alone() { 0.0 } else { self.alike[k] };
        self.domain.metric().is_none().then(|| std::array::from_fn(along))
    }

    /// How much more a face at a wall conducts than one between two cells.
    pub fn across_wall(&self) -> f64 {
        self.condition.across_wall()
    }

    /// The faces of an active cell.
    pub fn sides(&self, cell: usize) -> impl Iterator<Item = CellFace> {
        let index = unravel(self.domain.grid().shape(), cell);
        (0..2 * D).map(move |face| self.side(cell, index, face / 2, face % 2))
    }

    /// One face of an active cell.
    pub fn side(&self, cell: usize, index: [usize; D], k: usize, side: usize) -> CellFace {
        let (grid, axis) = (self.domain.grid(), self.domain.grid().axes()[k]);
        let at = |i: usize| std::array::from_fn(|j| if j == k { i } else { index[j] });
        let beside = axis.neighbours(index[k])[side].map(|i| ravel(grid.shape(), at(i)));
        let beside = beside.filter(|beside| self.domain.is_active(*beside));
        let face = || {
            let face = at(axis.faces_beside(index[k])[side]);
            ravel(grid.shape_at(Location::face(k)), face)
        };
        CellFace { beside, conductance: self.share([Some(cell), beside]) * self.inside(k, face) }
    }

    /// How much every face normal to axis k conducts, 0 outside the mask. O(n).
    pub fn conductances(&self, k: usize) -> Vec<f64> {
        let shape = self.domain.grid().shape_at(Location::face(k));
        let faces = (0..shape.iter().product()).into_par_iter();
        let share = |face| self.share(self.domain.neighbours(k, unravel(shape, face)));
        faces.map(|face| share(face) * self.inside(k, || face)).collect()
    }

    /// How much a face between two cells conducts.
    fn inside(&self, k: usize, face: impl FnOnce() -> usize) -> f64 {
        self.domain.metric().map_or(self.alike[k], |metric| {
            let face = face();
            metric.areas(k)[face] / metric.distances(k)[face]
        })
    }

    /// How much of that a face between these cells does; a cell that is beside itself gives nothing away.
    fn share(&self, cells: [Option<usize>; 2]) -> f64 {
        match cells {
            [None, None] => 0.0,
            [Some(lower), Some(upper)] if lower == upper => 0.0,
            [Some(_), Some(_)] => 1.0,
            _ => self.across_wall(),
        }
    }
}
