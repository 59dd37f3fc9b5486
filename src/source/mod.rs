//! Where fields come from: analytic cases with exact parts, auto-encoders, ONNX models, files.

pub mod analytic;
#[cfg(feature = "files")]
pub mod file;
#[cfg(feature = "autoencoder")]
mod map;
#[cfg(feature = "onnx")]
pub mod onnx;

use crate::field::{Layout, VectorField};
use crate::grid::Grid;

#[cfg(feature = "autoencoder")]
pub use map::{AutoencoderField, MapOnGrid};

/// A field that can be evaluated anywhere.
pub trait Source<const D: usize>: Sync {
    /// The vector at a position.
    fn value(&self, position: [f64; D]) -> [f64; D];

    /// The field on a grid, at the points or with each component on its own faces.
    fn sample(&self, grid: Grid<D>, layout: Layout) -> VectorField<D> {
        VectorField::sample(grid, layout, |position| self.value(position))
    }
}

impl<const D: usize, S: Source<D> + ?Sized> Source<D> for &S {
    fn value(&self, position: [f64; D]) -> [f64; D] {
        (**self).value(position)
    }

    fn sample(&self, grid: Grid<D>, layout: Layout) -> VectorField<D> {
        (**self).sample(grid, layout)
    }
}
