//! Fields one after the other, whatever they come from.

use super::{Note, Sample, SampleAxis, SourceError};
use crate::boundary::Boundary;
use crate::field::{Layout, Way};
use crate::grid::{Domain, Grid};

/// What is known of every field of a series before one is read.
#[derive(Clone, Debug)]
pub struct Extent<const D: usize> {
    /// Their grid.
    pub grid: Grid<D>,
    /// Whether some cells may take no part.
    pub masked: bool,
    /// Whether other cells may take part in, or may be filled, in another field.
    pub mask_varies: bool,
    /// The number of cells that take part under a mask, where it is known.
    pub active_cells: Option<usize>,
    /// Whether the components sit on the faces and nowhere else.
    pub on_faces: bool,
    /// Whether each has a density.
    pub density: bool,
    /// Whether the domain has a metric, its cells not being alike.
    pub uneven: bool,
    /// The convention used if none is requested.
    pub boundary: Option<Boundary>,
    /// Bytes that bringing one field into memory takes at its peak.
    pub reading: f64,
    /// Whether they are evaluated on a grid that could as well be another.
    pub evaluated: bool,
    /// Units of the components, then of the coordinates along x, y[, z]; empty where not known.
    pub units: Vec<String>,
    /// The axes x, y[, z] as they are stored; empty for fields that are evaluated.
    pub stored: Vec<StoredAxis>,
}

/// How an axis of space is stored.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StoredAxis {
    /// What it is called, if it has a name.
    pub name: Option<String>,
    /// Its coordinates descend: fields are read the other way.
    pub turned: bool,
    /// Its last plane is left out, because it is the first again.
    pub without_last: bool,
}

impl<const D: usize> Extent<D> {
    /// Whether fields of both can stand in the same arrays.
    pub(super) fn is_like(&self, other: &Extent<D>) -> bool {
        self.grid == other.grid
            && self.masked == other.masked
            && (self.on_faces, self.density, self.uneven)
                == (other.on_faces, other.density, other.uneven)
            && self.boundary == other.boundary
            && self.units == other.units
    }
}

/// One or many fields of the same dimension, brought into memory one at a time.
///
/// ```
/// use hodge::field::{Layout, Way};
/// use hodge::source::{AnySeries, GridRequest};
/// let request = GridRequest { cells: vec![16], ..GridRequest::default() };
/// let AnySeries::Space(series) = AnySeries::of_case("B6", &request)? else { unreachable!() };
/// assert_eq!(series.extent()?.grid.shape(), [16, 16, 16]);
/// for index in 0..series.count() {
///     let sample = series.item(index, Some(Layout::Faces), Way::default(), None)?;
///     assert!(sample.faces.is_some());
/// }
/// # Ok::<(), hodge::source::SourceError>(())
/// ```
pub trait Series<const D: usize>: Send + Sync {
    /// How many there are.
    fn count(&self) -> usize;

    /// The axes along which they follow each other, slowest first; none for a single field.
    fn axes(&self) -> Vec<SampleAxis>;

    /// Axes of a single step with a coordinate, such as the time of a field or the depth of all.
    fn single_steps(&self) -> Vec<SampleAxis> {
        Vec::new()
    }

    /// Words on the data as a whole, such as `title` and `history`, by the names of their attributes in the file they come from.
    fn about(&self) -> Vec<(String, String)> {
        Vec::new()
    }

    /// Closes what is open until a field is needed, forgets what it is [about](Series::about), and says whether it holds little then.
    fn close(&self) -> bool {
        false
    }

    /// What a field is called; names of a series differ.
    fn name(&self, index: usize) -> String;

    /// What they have in common.
    ///
    /// # Errors
    /// Where what was requested makes no grid.
    fn extent(&self) -> Result<Extent<D>, SourceError>;

    /// The domain of all fields, where it does not depend on their values.
    ///
    /// # Errors
    /// Where what was requested makes none.
    fn fixed_domain(&self) -> Result<Option<Domain<D>>, SourceError> {
        Ok(None)
    }

    /// One field, evaluated where `layout` says if that is possible; a field that is known on faces
    /// only is interpolated to the points by `way`. It may reuse the arrays of `last`, a field that
    /// is no longer needed.
    ///
    /// # Errors
    /// Where a file cannot be read, or its numbers, mask or density are no field.
    fn item(
        &self,
        index: usize,
        layout: Option<Layout>,
        way: Way,
        last: Option<Sample<D>>,
    ) -> Result<Sample<D>, SourceError>;

    /// What was found or assumed for all of them.
    fn notes(&self) -> Vec<Note>;
}
