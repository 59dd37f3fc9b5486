//! Maps R^D → R^D as fields on grids: in their own 2 or 3 dimensions, or on an affine slice of many.

use super::map_domain::MapDomain;
use super::{AnySeries, Frame, GridRequest, Source, SourceError, SourceSeries};
use crate::autoencoder::{AutoencoderError, Differentiable, MapField, Network, PointSet, Slice};
use crate::boundary::Boundary;
use crate::field::{Layout, ScalarField, VectorField};
use crate::grid::{Grid, Location, Topology, unravel};

/// Positions evaluated at a time: bounds the memory, not the threads.
const BATCH: usize = 1 << 14;

/// The field of a map, as a [`Source`] on a D-dimensional grid: the map itself if it has D dimensions, else its
/// projection on an affine slice. Cost: one evaluation of the map at every position; on faces one for every face.
#[derive(Clone, Debug)]
pub struct MapOnGrid<const D: usize, M> {
    map: M,
    slice: Option<Slice<D>>,
}

impl<const D: usize, M: MapField> MapOnGrid<D, M> {
    /// A map of D dimensions.
    ///
    /// # Errors
    /// If the map has another dimension.
    pub fn new(map: M) -> Result<MapOnGrid<D, M>, AutoencoderError> {
        check_dimension(&map, D, "grid")?;
        Ok(MapOnGrid { map, slice: None })
    }

    /// A map of any dimension on a slice; the field is projected on the slice's directions.
    ///
    /// # Errors
    /// If the slice lies in a space of another dimension.
    pub fn on_slice(map: M, slice: Slice<D>) -> Result<MapOnGrid<D, M>, AutoencoderError> {
        check_dimension(&map, slice.dimension(), "slice")?;
        Ok(MapOnGrid { map, slice: Some(slice) })
    }

    /// The map.
    pub fn map(&self) -> &M {
        &self.map
    }

    /// The field at positions of shape (positions, D), in the coordinates of the grid.
    pub fn at(&self, positions: &[f64]) -> Vec<f64> {
        let Some(slice) = &self.slice else { return self.map.field(positions) };
        let points: Vec<f64> = positions.chunks(D).flat_map(|s| slice.point(s)).collect();
        let field = self.map.field(&points);
        field.chunks(slice.dimension()).flat_map(|v| slice.project(v)).collect()
    }

    /// One component of the field at its positions of a grid.
    fn component(&self, grid: Grid<D>, layout: Layout, k: usize) -> ScalarField<D> {
        let location = layout.location(k);
        let mut field = ScalarField::zeros(grid, location);
        for (batch, values) in field.values_mut().chunks_mut(BATCH).enumerate() {
            let range = batch * BATCH..batch * BATCH + values.len();
            let vectors = self.at(&positions(&grid, location, range));
            values.iter_mut().zip(vectors.chunks(D)).for_each(|(value, v)| *value = v[k]);
        }
        field
    }
}

/// The field r(x) − x of a network on grids.
///
/// ```
/// use hodge::field::Layout;
/// use hodge::grid::{Axis, Grid, Topology};
/// use hodge::autoencoder::{Activation, Network, train::Initial};
/// use hodge::source::{AutoencoderField, Source};
/// let glorot = Initial::Glorot { gain: 1.0 };
/// let network = Network::random(2, &[30], &[Activation::Sigmoid], false, glorot, 1)?;
/// let source = AutoencoderField::<2>::new(network)?;
/// let axis = Axis::over(-0.6, 0.6, 16, Topology::Bounded);
/// let field = source.sample(Grid::new([axis, axis])?, Layout::Faces);
/// assert_eq!(field.component(0).values().len(), 17 * 16);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub type AutoencoderField<const D: usize> = MapOnGrid<D, Network>;

/// How a slice of two or three dimensions lies in the space of a map of more.
#[derive(Clone, Copy, Debug)]
pub enum MapSlice<'a> {
    /// Through the first three (2D) or four (3D) of these points.
    Through(&'a PointSet),
    /// Through the mean of these points along their principal directions.
    Principal(&'a PointSet),
}

impl MapSlice<'_> {
    fn slice<const D: usize>(self) -> Result<Slice<D>, AutoencoderError> {
        match self {
            MapSlice::Through(points) => Slice::through(points),
            MapSlice::Principal(points) => Slice::principal(points),
        }
    }

    /// The window around the points that it was laid through.
    fn window<const D: usize>(self, slice: &Slice<D>) -> [(f64, f64); D] {
        let (points, count) = match self {
            MapSlice::Through(points) => (points, D + 1),
            MapSlice::Principal(points) => (points, points.len()),
        };
        window_around((0..count).map(|i| slice.coordinates(points.point(i))))
    }
}

impl AnySeries {
    /// The field of a map on a grid, in its own two or three dimensions or on a slice. Where the request has no window, it is
    /// that [around the points](window_around) of the slice, and [−1, 1] along each axis without one. Under [`Boundary::NoFlux`], since for a network the question is
    /// how conservative it is.
    ///
    /// # Errors
    /// Where a map of more dimensions has no slice, the slice does not fit it, or the request does not
    /// fit the axes.
    ///
    /// ```
    /// use hodge::autoencoder::{Activation, Network, train::Initial};
    /// use hodge::source::{AnySeries, GridRequest};
    /// let glorot = Initial::Glorot { gain: 1.0 };
    /// let network = Network::random(2, &[30], &[Activation::Sigmoid], false, glorot, 1)?;
    /// let series = AnySeries::of_map("network", network, None, &GridRequest::default())?;
    /// assert!(matches!(series, AnySeries::Plane(_)));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn of_map(
        name: impl Into<String>,
        map: impl MapField + Send + 'static,
        slice: Option<MapSlice<'_>>,
        request: &GridRequest,
    ) -> Result<AnySeries, SourceError> {
        AnySeries::of_map_within(name, map, slice, request, &MapDomain::default())
    }

    /// The same on some cells of the grid, or under a density: parts that are orthogonal under it, of which the gradient
    /// part is what fitting a gradient at points drawn from it converges to.
    ///
    /// # Errors
    /// Those of [`of_map`](AnySeries::of_map), and where mask or density do not fit the grid.
    pub fn of_map_within(
        name: impl Into<String>,
        map: impl MapField + Send + 'static,
        slice: Option<MapSlice<'_>>,
        request: &GridRequest,
        domain: &MapDomain<'_>,
    ) -> Result<AnySeries, SourceError> {
        let axes = if request.axes() == 3 { 3 } else { 2 };
        match slice.map_or(map.dimension(), |_| axes) {
            2 => Ok(map_series::<2>(name, map, slice, request, domain)?.into()),
            3 => Ok(map_series::<3>(name, map, slice, request, domain)?.into()),
            dimensions => Err(SourceError::NeedsSlice { dimensions }),
        }
    }
}

/// A window around points: their range along each axis, and a quarter of the longest on every side of it.
/// Around a single point it has sides of 2.
///
/// ```
/// use hodge::source::window_around;
/// assert_eq!(window_around([[0.0, 0.0], [4.0, 1.0]]), [(-1.0, 5.0), (-1.0, 2.0)]);
/// ```
pub fn window_around<const D: usize>(
    points: impl IntoIterator<Item = [f64; D]>,
) -> [(f64, f64); D] {
    let mut ends = [(f64::INFINITY, f64::NEG_INFINITY); D];
    for x in points {
        for (end, x) in ends.iter_mut().zip(x) {
            *end = (end.0.min(x), end.1.max(x));
        }
    }
    let longest = ends.iter().map(|(start, end)| end - start).fold(0.0, f64::max);
    let more = if longest > 0.0 { 0.25 * longest } else { 1.0 };
    ends.map(|(start, end)| (start - more, end + more))
}

fn map_series<const D: usize>(
    name: impl Into<String>,
    map: impl MapField + Send + 'static,
    slice: Option<MapSlice<'_>>,
    request: &GridRequest,
    domain: &MapDomain<'_>,
) -> Result<SourceSeries<D>, SourceError> {
    let (field, slice, window) = match slice {
        None => (MapOnGrid::new(map)?, None, [(-1.0, 1.0); D]),
        Some(laid) => {
            let slice = laid.slice::<D>()?;
            let window = laid.window(&slice);
            (MapOnGrid::on_slice(map, slice.clone())?, Some(slice), window)
        }
    };
    let window = window.map(|(start, end)| (start, end, Topology::Bounded));
    let series = SourceSeries::new(name, field, window, request)?.under(Boundary::NoFlux);
    series.within(|grid| {
        let cells = domain.domain(grid)?;
        let density = domain.density(&cells, slice.as_ref())?;
        Ok((cells, density))
    })
}

fn check_dimension(
    map: &impl Differentiable,
    found: usize,
    what: &'static str,
) -> Result<(), AutoencoderError> {
    let expected = map.dimension();
    if found == expected {
        return Ok(());
    }
    Err(AutoencoderError::Dimension { expected, found, what })
}

/// Positions of consecutive values of a location, shape (values, D).
fn positions<const D: usize>(
    grid: &Grid<D>,
    location: Location,
    range: std::ops::Range<usize>,
) -> Vec<f64> {
    let shape = grid.shape_at(location);
    range.flat_map(|flat| grid.position(location, unravel(shape, flat))).collect()
}

impl<const D: usize, M: MapField + Send> Source<D> for MapOnGrid<D, M> {
    fn value(&self, position: [f64; D]) -> [f64; D] {
        self.at(&position).try_into().expect("D components")
    }

    fn frame(&self) -> Option<Frame> {
        let slice = self.slice.as_ref()?;
        Some(Frame { origin: slice.origin().into(), directions: slice.directions().to_vec() })
    }

    fn sample(&self, grid: Grid<D>, layout: Layout) -> VectorField<D> {
        if layout == Layout::Faces {
            let components = std::array::from_fn(|k| self.component(grid, layout, k));
            return VectorField::from_components(layout, components);
        }
        let mut field = VectorField::zeros(grid, layout);
        for start in (0..grid.cells()).step_by(BATCH) {
            let range = start..grid.cells().min(start + BATCH);
            let vectors = self.at(&positions(&grid, Location::CELL, range.clone()));
            for k in 0..D {
                let values = &mut field.component_mut(k).values_mut()[range.clone()];
                values.iter_mut().zip(vectors.chunks(D)).for_each(|(value, v)| *value = v[k]);
            }
        }
        field
    }
}
