//! A source that can be evaluated anywhere, as a series of one field.

use super::analytic::{Case, CaseSpace, CaseWindow};
use super::{Extent, Note, Provenance, Sample, SampleAxis, Series, Source, SourceError};
use crate::boundary::Boundary;
use crate::decomposition::Method;
use crate::field::{Layout, VectorField, Way};
use crate::grid::{AXIS_NAMES, Axis, Domain, Grid, Topology};

/// The grid on which a source that can be evaluated anywhere is wanted; what is left out is the source's own
/// or assumed, and noted.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct GridRequest {
    /// Cells along each axis, or one number for all; empty for 128 (2D) or 48 (3D).
    pub cells: Vec<usize>,
    /// Start and end along each axis, x first; empty for the window of the source.
    pub window: Vec<f64>,
    /// The periodic axes (0 for x); `None` for those of the source.
    pub periodic: Option<Vec<usize>>,
}

impl GridRequest {
    /// The number of axes that was requested, 1 or less if it was left open.
    pub(super) fn axes(&self) -> usize {
        self.cells.len().max(self.window.len() / 2)
    }

    /// The grid over the requested window, or that of the source, and what was assumed.
    ///
    /// # Errors
    /// Where the request has other than one number for each axis, and where its numbers make no grid.
    ///
    /// ```
    /// use hodge::{grid::Topology, source::GridRequest};
    /// let request = GridRequest { cells: vec![20, 30], ..GridRequest::default() };
    /// let (grid, notes) = request.grid([(-1.0, 1.0, Topology::Bounded); 2])?;
    /// assert_eq!((grid.shape(), notes.len()), ([20, 30], 0));
    /// # Ok::<(), hodge::source::SourceError>(())
    /// ```
    pub fn grid<const D: usize>(
        &self,
        window: CaseWindow<D>,
    ) -> Result<(Grid<D>, Vec<Note>), SourceError> {
        let mut notes = Vec::new();
        let cells = match self.cells[..] {
            [] => {
                let n = if D == 2 { 128 } else { 48 };
                notes.push(Note::Cells(n));
                [n; D]
            }
            _ => for_each_axis(&self.cells)
                .ok_or(SourceError::Cells { found: self.cells.len(), axes: D })?,
        };
        let given = &self.window;
        if !given.is_empty() && given.len() != 2 * D {
            return Err(SourceError::Window { found: given.len(), axes: D });
        }
        check_periodic(&self.periodic, D)?;
        let axes = std::array::from_fn(|k| {
            let (start, end) = match given.is_empty() {
                true => (window[k].0, window[k].1),
                false => (given[2 * k], given[2 * k + 1]),
            };
            let topology = match &self.periodic {
                None => window[k].2,
                Some(list) if list.contains(&k) => Topology::Periodic,
                Some(_) => Topology::Bounded,
            };
            Axis::over(start, end, cells[k], topology)
        });
        Ok((Grid::new(axes)?, notes))
    }
}

/// One number for each axis from a list with one for each or one for all.
fn for_each_axis<const D: usize, T: Copy>(list: &[T]) -> Option<[T; D]> {
    match list.len() {
        1 => Some([list[0]; D]),
        n if n == D => Some(std::array::from_fn(|k| list[k])),
        _ => None,
    }
}

/// Refuses periodic axes that a field does not have.
pub(super) fn check_periodic(
    periodic: &Option<Vec<usize>>,
    axes: usize,
) -> Result<(), SourceError> {
    let missing = periodic.iter().flatten().find(|k| **k >= axes);
    missing.map_or(Ok(()), |&axis| Err(SourceError::PeriodicAxis { axis, axes }))
}

/// A source that can be evaluated anywhere, on one grid.
///
/// ```
/// use hodge::{field::Way, grid::Topology};
/// use hodge::source::{GridRequest, Series, Source, SourceSeries};
/// struct Vortex;
/// impl Source<2> for Vortex {
///     fn value(&self, [x, y]: [f64; 2]) -> [f64; 2] {
///         [-y, x]
///     }
/// }
/// let window = [(-1.0, 1.0, Topology::Bounded); 2];
/// let series = SourceSeries::new("vortex", Vortex, window, &GridRequest::default())?;
/// let sample = series.item(0, None, Way::default(), None)?;
/// assert_eq!(sample.domain.grid().shape(), [128, 128]);
/// # Ok::<(), hodge::source::SourceError>(())
/// ```
pub struct SourceSeries<const D: usize> {
    name: String,
    source: Box<dyn Source<D>>,
    grid: Grid<D>,
    /// Which has a domain of its own.
    case: Option<&'static dyn Case<D>>,
    boundary: Option<Boundary>,
    /// Cells that take part and a density on the faces, instead of those of a case.
    within: Option<(Domain<D>, Option<VectorField<D>>)>,
    notes: Vec<Note>,
}

impl<const D: usize> SourceSeries<D> {
    /// A source that can be evaluated anywhere, over `window` unless the request has another.
    ///
    /// # Errors
    /// Where the request does not fit D axes or makes no grid.
    pub fn new(
        name: impl Into<String>,
        source: impl Source<D> + 'static,
        window: CaseWindow<D>,
        request: &GridRequest,
    ) -> Result<SourceSeries<D>, SourceError> {
        let (grid, mut notes) = request.grid(window)?;
        if request.window.is_empty() {
            notes.push(Note::Window(window.iter().map(|(start, end, _)| [*start, *end]).collect()));
        }
        let (name, source) = (name.into(), Box::new(source));
        Ok(SourceSeries { name, source, grid, case: None, boundary: None, within: None, notes })
    }

    /// An analytic case, over its own window unless the request has another.
    ///
    /// # Errors
    /// Where the request does not fit D axes or makes no grid.
    pub fn of_case(
        case: &'static dyn Case<D>,
        request: &GridRequest,
    ) -> Result<SourceSeries<D>, SourceError> {
        let (grid, notes) = request.grid(case.window())?;
        Ok(SourceSeries {
            name: case.name().into(),
            source: Box::new(case),
            grid: case.space().grid(grid)?,
            case: Some(case),
            boundary: Some(case.boundary()),
            within: None,
            notes,
        })
    }

    /// The same, decomposed under a convention if none is requested.
    pub fn under(self, boundary: Boundary) -> SourceSeries<D> {
        SourceSeries { boundary: Some(boundary), ..self }
    }

    /// The same where some cells take part, under a density on the faces.
    #[cfg(feature = "autoencoder")]
    pub(super) fn within(
        self,
        make: impl FnOnce(Grid<D>) -> Result<(Domain<D>, Option<VectorField<D>>), SourceError>,
    ) -> Result<SourceSeries<D>, SourceError> {
        Ok(SourceSeries { within: Some(make(self.grid)?), ..self })
    }

    fn domain(&self) -> Result<Domain<D>, SourceError> {
        if let Some((domain, _)) = &self.within {
            return Ok(domain.clone());
        }
        self.case.map_or(Ok(Domain::full(self.grid)), |case| case.domain_on(self.grid))
    }

    fn density(&self) -> Option<VectorField<D>> {
        match &self.within {
            Some((_, density)) => density.clone(),
            None => self.case.and_then(|case| case.density_on(self.grid)),
        }
    }

    fn space(&self) -> CaseSpace {
        self.case.map_or(CaseSpace::Flat, |case| case.space())
    }
}

impl<const D: usize> Series<D> for SourceSeries<D> {
    fn count(&self) -> usize {
        1
    }

    fn axes(&self) -> Vec<SampleAxis> {
        Vec::new()
    }

    fn name(&self, _index: usize) -> String {
        self.name.clone()
    }

    fn extent(&self) -> Result<Extent<D>, SourceError> {
        Ok(Extent {
            grid: self.grid,
            masked: match &self.within {
                Some((domain, _)) => domain.mask().is_some(),
                None => self.case.is_some_and(|case| case.masked()),
            },
            mask_varies: false,
            active_cells: None,
            on_faces: false,
            density: self.density().is_some(),
            uneven: self.space().has_metric(),
            boundary: self.boundary,
            reading: 0.0,
            evaluated: true,
            units: vec![String::new()],
            stored: Vec::new(),
        })
    }

    fn item(
        &self,
        _index: usize,
        layout: Option<Layout>,
        _way: Way,
        _last: Option<Sample<D>>,
    ) -> Result<Sample<D>, SourceError> {
        let (grid, domain) = (self.grid, self.domain()?);
        let sample = |layout| self.source.sample(grid, layout);
        let layout = layout.unwrap_or(Method::for_domain(&domain).layout());
        let mut points = sample(Layout::Points);
        points.clear_outside(&domain);
        Ok(Sample {
            name: self.name.clone(),
            domain,
            points,
            faces: (layout == Layout::Faces).then(|| sample(Layout::Faces)),
            density: self.density(),
            boundary: self.boundary,
            units: String::new(),
            axis_units: self.space().axis_units(D),
            axis_names: AXIS_NAMES[..D].iter().map(|axis| axis.to_string()).collect(),
            filled: Vec::new(),
            provenance: Provenance {
                origin: self.name.clone(),
                notes: self.notes.clone(),
                cells: Vec::new(),
                warnings: Vec::new(),
                frame: self.source.frame(),
            },
        })
    }

    fn notes(&self) -> Vec<Note> {
        self.notes.clone()
    }
}
