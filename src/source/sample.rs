//! One field on its domain, with what is known of it.

use super::Note;
use crate::boundary::Boundary;
use crate::field::VectorField;
use crate::grid::Domain;

/// A field as a [`Series`](super::Series) gives it, ready to be decomposed.
///
/// ```
/// use hodge::{decomposition::Method, field::Way};
/// use hodge::source::{GridRequest, Series, SourceSeries, analytic::find_2d};
/// let request = GridRequest { cells: vec![24], ..GridRequest::default() };
/// let series = SourceSeries::of_case(find_2d("B4").unwrap(), &request)?;
/// let sample = series.item(0, None, Way::default(), None)?;
/// let plan = Method::for_domain(&sample.domain).plan(&sample.domain, sample.boundary, None)?;
/// let parts = plan.decompose(sample.field())?;
/// assert!(sample.field().minus(&parts.sum()).max_abs() < 1e-12);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Sample<const D: usize> {
    /// What it is called: that of its group in a file of results.
    pub name: String,
    /// The cells that take part.
    pub domain: Domain<D>,
    /// At the points, 0 outside the mask.
    pub points: VectorField<D>,
    /// On the faces, from sources that can be evaluated there and from staggered files.
    pub faces: Option<VectorField<D>>,
    /// On the faces, for the inner product of the parts.
    pub density: Option<VectorField<D>>,
    /// The convention used if none is requested.
    pub boundary: Option<Boundary>,
    /// Units of the components; empty where not known.
    pub units: String,
    /// Units of the coordinates along x, y[, z]; empty where not known.
    pub axis_units: Vec<String>,
    /// What the axes x, y[, z] are called where it comes from.
    pub axis_names: Vec<String>,
    /// Cells whose values were not measured but interpolated, ascending.
    pub filled: Vec<usize>,
    /// Where it comes from.
    pub provenance: Provenance,
}

/// Where a field comes from, and on what assumptions.
#[derive(Clone, Debug, PartialEq)]
pub struct Provenance {
    /// The file, the case or the map.
    pub origin: String,
    /// What was found or assumed.
    pub notes: Vec<Note>,
    /// What was found in its cells, which other fields of a series may have otherwise.
    pub cells: Vec<Note>,
    /// Warnings for the reader of a result.
    pub warnings: Vec<Note>,
    /// Where the grid lies, if it is a slice of a space of more dimensions.
    pub frame: Option<Frame>,
}

/// Where a grid lies in a space of more dimensions: at x = origin + Σ s_k direction_k for the coordinates s.
#[derive(Clone, Debug, PartialEq)]
pub struct Frame {
    /// Of as many numbers as the space has dimensions.
    pub origin: Vec<f64>,
    /// Orthonormal, one along each axis of the grid.
    pub directions: Vec<Vec<f64>>,
}

impl Provenance {
    /// All that was found, assumed or made.
    pub fn all_notes(&self) -> impl Iterator<Item = &Note> {
        self.notes.iter().chain(&self.cells)
    }
}

impl<const D: usize> Sample<D> {
    /// The field where it is known best: on the faces, else at the points.
    pub fn field(&self) -> &VectorField<D> {
        self.faces.as_ref().unwrap_or(&self.points)
    }

    /// Units of the lengths along the axes: those of the coordinates, on a sphere those of its radius, metres.
    pub fn length_units(&self) -> Vec<String> {
        match self.domain.geometry().radius() {
            Some(_) => vec!["m".into(); D],
            None => self.axis_units.clone(),
        }
    }
}
