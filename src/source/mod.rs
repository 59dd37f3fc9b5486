//! Where fields come from: analytic cases with exact parts, auto-encoders, files.

pub mod analytic;
pub mod file;

use crate::field::{Layout, VectorField};
use crate::grid::Grid;

/// A field that can be evaluated anywhere.
pub trait Source<const D: usize>: Sync {
    /// The vector at a position.
    fn velocity(&self, position: [f64; D]) -> [f64; D];

    /// The field on a grid, at the points or with each component on its own faces.
    fn sample(&self, grid: Grid<D>, layout: Layout) -> VectorField<D> {
        VectorField::sample(grid, layout, |position| self.velocity(position))
    }
}
