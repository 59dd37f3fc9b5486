//! Where fields come from: analytic cases with exact parts, auto-encoders, ONNX models, files.
//!
//! What can be evaluated anywhere is a [`Source`]. Sources on a grid and files are both opened as a [`Series`],
//! which gives a [`Sample`] after the other: a field on its domain with units and provenance.
//! [`AnySeries`] opens one whose dimension is not known before.

pub mod analytic;
mod any;
#[cfg(feature = "files")]
mod density;
mod error;
mod evaluated;
#[cfg(feature = "files")]
pub mod file;
#[cfg(feature = "files")]
mod file_cells;
#[cfg(feature = "files")]
mod file_density;
#[cfg(feature = "files")]
mod file_domain;
#[cfg(feature = "files")]
mod file_metric;
#[cfg(feature = "files")]
mod file_samples;
#[cfg(feature = "files")]
mod file_series;
#[cfg(feature = "files")]
mod gaps;
mod joined;
#[cfg(feature = "autoencoder")]
mod map;
#[cfg(feature = "autoencoder")]
mod map_domain;
#[cfg(feature = "files")]
mod masked;
mod natural;
mod note;
#[cfg(feature = "onnx")]
pub mod onnx;
mod sample;
mod sample_axis;
mod series;

use crate::field::{Layout, VectorField};
use crate::grid::Grid;

pub use any::AnySeries;
pub use error::SourceError;
pub use evaluated::{GridRequest, SourceSeries};
#[cfg(feature = "files")]
pub use file_series::FileSeriesRequest;
pub use joined::{Joining, Reopen};
#[cfg(feature = "autoencoder")]
pub use map::{AutoencoderField, MapOnGrid, MapSlice, window_around};
#[cfg(feature = "autoencoder")]
pub use map_domain::{MapDensity, MapDomain, Region};
pub use natural::natural_order;
pub use note::Note;
pub use sample::{Frame, Provenance, Sample};
pub use sample_axis::SampleAxis;
pub use series::{Extent, Series, StoredAxis};

/// A field that can be evaluated anywhere.
pub trait Source<const D: usize>: Send + Sync {
    /// The vector at a position.
    fn value(&self, position: [f64; D]) -> [f64; D];

    /// The field on a grid, at the points or with each component on its own faces.
    fn sample(&self, grid: Grid<D>, layout: Layout) -> VectorField<D> {
        VectorField::sample(grid, layout, |position| self.value(position))
    }

    /// Where its grids lie, if it is a slice of a space of more dimensions.
    fn frame(&self) -> Option<Frame> {
        None
    }
}

impl<const D: usize, S: Source<D> + ?Sized> Source<D> for &S {
    fn value(&self, position: [f64; D]) -> [f64; D] {
        (**self).value(position)
    }

    fn sample(&self, grid: Grid<D>, layout: Layout) -> VectorField<D> {
        (**self).sample(grid, layout)
    }

    fn frame(&self) -> Option<Frame> {
        (**self).frame()
    }
}
