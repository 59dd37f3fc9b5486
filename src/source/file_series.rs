//! The fields of a file as a series, under their mask.

use super::evaluated::check_periodic;
use super::file::{
    self, FileError, FileField, FileMetric, FileRequest, StatedSphere, cells_with_finite_faces,
    finite_cells,
};
use super::file_metric::GivenSizes;
use super::masked::{arrays, clear, nothing_missing, refuse_nothing_left};
use super::{AnySeries, Extent, Note, Provenance, Sample, Series, SourceError};
use crate::field::{Layout, VectorField, Way, component_to_points, to_faces};
use crate::grid::{AXIS_NAMES, Axis, Domain, FaceClass, Grid, Metric, Thickness, Topology};
use std::any::Any;
use std::path::Path;
use std::sync::{Arc, OnceLock};

/// Mean radius of the earth in metres, as spherical-harmonic codes of meteorology take it.
const EARTH: f64 = 6_371_200.0;

/// What is asked of a file whose fields are to be decomposed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FileSeriesRequest {
    /// The fields. Where missing values are allowed and no mask is named, the cells with a missing value take no part.
    pub fields: FileRequest,
    /// Dataset with a density p > 0 at the points, for the inner product of the parts.
    pub density: Option<String>,
    /// Datasets with the sizes of the faces: areas (in 2D lengths) of those normal to x, y[, z], then the distances
    /// across them, at walls twice that to the face, then perhaps the volumes of the cells. None: sizes follow from the
    /// coordinates.
    pub metric: Vec<String>,
    /// Radius of the sphere of fields on longitudes and latitudes, in the unit of lengths.
    pub radius: Option<f64>,
    /// Whether lengths in a shell grow with the height; [`Thickness::Thick`] by default.
    pub thickness: Option<Thickness>,
    /// Keep a last plane that equals the first on periodic axes; otherwise it is left out.
    pub keep_ends: bool,
}

/// The fields of a file.
struct FileSeries {
    file: FileField,
    density: Option<FileField>,
    periodic: Option<Vec<usize>>,
    /// The sphere that the points lie on, if they do, and in 3D its thickness.
    sphere: Option<StatedSphere>,
    /// Sizes of faces, if they were given.
    sizes: Option<GivenSizes>,
    /// Its metric, from one field to the next.
    metric: OnceLock<Box<dyn Any + Send + Sync>>,
    /// Cells without a number take no part.
    leave_missing: bool,
    /// Axes whose last plane is left out.
    repeated: Vec<usize>,
}

impl AnySeries {
    /// The fields of a file.
    ///
    /// # Errors
    /// Where the file cannot be read as a field, and where the request does not fit it.
    ///
    /// ```
    /// use hodge::field::Way;
    /// use hodge::source::{AnySeries, FileSeriesRequest, file::FileRequest};
    /// let folder = tempfile::tempdir()?;
    /// let path = folder.path().join("flow.npy");
    /// ndarray_npy::write_npy(&path, &ndarray::Array3::<f64>::ones((2, 9, 12)))?;
    /// let fields = FileRequest { spacing: Some(vec![0.1]), ..FileRequest::new(path) };
    /// let request = FileSeriesRequest { fields, ..FileSeriesRequest::default() };
    /// let AnySeries::Plane(series) = AnySeries::of_file(&request)? else { unreachable!() };
    /// let sample = series.item(0, None, Way::default(), None)?;
    /// assert_eq!(sample.domain.grid().shape(), [12, 9]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn of_file(request: &FileSeriesRequest) -> Result<AnySeries, SourceError> {
        let series = FileSeries::open(request)?;
        Ok(match series.file.dims() {
            2 => AnySeries::Plane(Box::new(series)),
            _ => AnySeries::Space(Box::new(series)),
        })
    }
}

impl FileSeries {
    fn open(request: &FileSeriesRequest) -> Result<FileSeries, SourceError> {
        let given = (!request.metric.is_empty()).then_some(FileMetric::Given);
        let fields =
            &FileRequest { metric: given.or(request.fields.metric), ..request.fields.clone() };
        let file = file::open(fields)?;
        check_periodic(&fields.periodic, file.dims())?;
        if let (Some(name), Some(mask)) = (&fields.mask, file.mask())
            && mask.iter().all(|active| *active)
        {
            return Err(SourceError::IdleMask { name: name.clone(), cells: mask.len() });
        }
        let round = || file.goes_round().then(|| vec![0]);
        let periodic = fields.periodic.clone().or_else(round);
        let repeated = repeated_ends(&file, request, periodic.as_deref().unwrap_or_default())?;
        let sphere = sphere(request, &file)?;
        if sphere.is_some_and(|sphere| sphere.thickness.is_some())
            && periodic.iter().flatten().any(|k| *k == 2)
        {
            return Err(SourceError::PeriodicHeight);
        }
        let file = file.without_last(&repeated);
        let sizes = match given {
            Some(_) => Some(GivenSizes::open(fields, &request.metric, &file, &repeated)?),
            None => None,
        };
        let density = match &request.density {
            None => None,
            Some(dataset) => {
                let datasets = vec![dataset.clone(); file.dims()];
                let request = FileRequest { datasets, staggered: false, ..fields.clone() };
                Some(file::open(&request)?.without_last(&repeated))
            }
        };
        let leave_missing = fields.allow_missing && fields.mask.is_none();
        let metric = OnceLock::new();
        Ok(FileSeries { file, density, periodic, sphere, sizes, metric, leave_missing, repeated })
    }

    fn is_periodic(&self, k: usize) -> bool {
        self.is_thin(k) || self.periodic.as_ref().is_some_and(|list| list.contains(&k))
    }

    /// Whether an axis has one cell and no walls were requested: between such walls its whole
    /// component would be the gradient of a linear potential.
    fn is_thin(&self, k: usize) -> bool {
        let walls = self.periodic.as_ref().is_some_and(|list| list.is_empty());
        self.file.shape()[k] == 1 && !walls && !self.file.is_staggered()
    }

    /// Whether the first and the last latitudes reach the poles, up to a cell.
    fn poles(&self) -> Result<[bool; 2], SourceError> {
        let y = self.axis(1)?;
        Ok([y.face(0), y.face(y.cells)].map(|edge| 90.0 - edge.abs() < 0.05 * y.spacing))
    }

    fn axis(&self, k: usize) -> Result<Axis, SourceError> {
        let (file, periodic) = (&self.file, self.is_periodic(k));
        let topology = if periodic { Topology::Periodic } else { Topology::Bounded };
        let Some(points) = file.uneven(k) else {
            let (first, spacing) = (file.origin()[k], file.spacing()[k]);
            return Ok(Axis::from_points(first, spacing, file.shape()[k], topology));
        };
        Ok(match (self.sphere.is_some(), k, periodic) {
            (true, 0, true) if closes(points) => Axis::around_points(points, 360.0)?,
            (_, _, true) => return Err(SourceError::UnevenPeriod { axis: AXIS_NAMES[k] }),
            (true, 1, false) => Axis::latitudes(points)?,
            _ => Axis::through_points(points)?,
        })
    }

    fn grid<const D: usize>(&self) -> Result<Grid<D>, SourceError> {
        let mut axes = Vec::with_capacity(D);
        for k in 0..D {
            axes.push(self.axis(k)?);
        }
        Ok(Grid::new(axes.try_into().expect("an axis for each dimension"))?)
    }

    /// The density of a sample on the faces; one for all samples if it has no sample axis.
    fn density<const D: usize>(
        &self,
        index: usize,
        domain: &Domain<D>,
    ) -> Result<Option<VectorField<D>>, SourceError> {
        let Some(file) = &self.density else { return Ok(None) };
        let mut values = file.read(index.min(file.samples() - 1))?;
        if let Some(mask) = domain.mask() {
            for mut component in values.outer_iter_mut() {
                let outside = component.iter_mut().zip(mask).filter(|(_, on)| !**on);
                outside.for_each(|(v, _)| *v = 1.0);
            }
        }
        // Interpolated as a logarithm, a density stays positive when it falls off towards a wall.
        values.mapv_inplace(f64::ln);
        let logarithm = VectorField::from_array(*domain.grid(), values.view());
        let logarithm = logarithm.map_err(SourceError::Density)?;
        let mut density = to_faces(&logarithm, domain);
        for component in density.components_mut() {
            component.values_mut().iter_mut().for_each(|v| *v = v.exp());
        }
        Ok(Some(density))
    }

    /// A field at the points, 0 outside the mask, in the arrays of `last` if they fit.
    fn points<const D: usize>(
        &self,
        grid: Grid<D>,
        index: usize,
        last: Option<VectorField<D>>,
    ) -> Result<(Domain<D>, VectorField<D>), SourceError> {
        let mut field = arrays(grid, Layout::Points, last);
        let finite = self.read(index, &mut field)?;
        let domain = self.domain(grid, || match finite {
            true => vec![true; grid.cells()],
            false => finite_cells(field.components().iter().map(|c| c.values())),
        })?;
        if let Some(mask) = domain.mask() {
            let outside = mask.iter().map(|active| !active);
            let components = field.components_mut().iter_mut();
            let lost =
                components.map(|c| clear(c.values_mut().iter_mut().zip(outside.clone()))).sum();
            refuse_nothing_left(lost, &field, &domain)?;
        }
        if !finite {
            field.check_finite()?;
        }
        Ok((domain, field))
    }

    /// A field on the faces, 0 on those that no active cell has, in the arrays of `last` if they fit.
    fn faces<const D: usize>(
        &self,
        grid: Grid<D>,
        index: usize,
        last: Option<VectorField<D>>,
    ) -> Result<(Domain<D>, VectorField<D>), SourceError> {
        let mut field = arrays(grid, Layout::Faces, last);
        let finite = self.read(index, &mut field)?;
        let domain = self.domain(grid, || match finite {
            true => vec![true; grid.cells()],
            false => {
                let faces: Vec<_> = field.components().iter().map(|c| c.array()).collect();
                cells_with_finite_faces(&faces, self.file.shape())
            }
        })?;
        if domain.mask().is_some() {
            let mut lost = 0;
            for (k, component) in field.components_mut().iter_mut().enumerate() {
                let classes = domain.face_classes(k).into_iter();
                let outside = classes.map(|class| class == FaceClass::Outside);
                lost += clear(component.values_mut().iter_mut().zip(outside));
            }
            refuse_nothing_left(lost, &field, &domain)?;
        }
        if !finite {
            field.check_finite()?;
        }
        Ok((domain, field))
    }

    fn read<const D: usize>(
        &self,
        index: usize,
        field: &mut VectorField<D>,
    ) -> Result<bool, SourceError> {
        let components = field.components_mut().iter_mut();
        let mut components: Vec<&mut [f64]> = components.map(|c| c.values_mut()).collect();
        Ok(self.file.read_into(index, &mut components)?)
    }

    /// The cells that take part: by their numbers, by the mask of the file, or all.
    fn domain<const D: usize>(
        &self,
        grid: Grid<D>,
        finite: impl FnOnce() -> Vec<bool>,
    ) -> Result<Domain<D>, SourceError> {
        let domain = match (self.leave_missing, self.file.mask()) {
            (true, _) => Domain::masked(grid, finite())?,
            (false, Some(mask)) => Domain::masked(grid, mask.to_vec())?,
            (false, None) => Domain::full(grid),
        };
        if let Some(sizes) = &self.sizes {
            let metric = match self.known_metric() {
                Some(known) => known,
                None => self.keep(sizes.metric(&domain)?, sizes.is_whole()),
            };
            return Ok(domain.with_metric(metric)?);
        }
        let Some(StatedSphere { radius, thickness }) = self.sphere else { return Ok(domain) };
        let metric = match (self.known_metric(), thickness) {
            (Some(known), _) => known,
            (None, None) => self.keep(Metric::sphere(&grid, radius)?, true),
            (None, Some(thickness)) => self.keep(Metric::shell(&grid, radius, thickness)?, true),
        };
        Ok(domain.with_metric(metric)?)
    }

    fn known_metric<const D: usize>(&self) -> Option<Arc<Metric<D>>> {
        self.metric.get()?.downcast_ref().cloned()
    }

    /// A metric in an `Arc`, kept for the next field if it is one for all.
    fn keep<const D: usize>(&self, metric: Metric<D>, for_all: bool) -> Arc<Metric<D>> {
        let made = Arc::new(metric);
        if for_all {
            self.metric.get_or_init(|| Box::new(Arc::clone(&made)));
        }
        made
    }

    fn warnings<const D: usize>(
        &self,
        domain: &Domain<D>,
        points: &VectorField<D>,
    ) -> Result<Vec<Note>, SourceError> {
        let whole_circle = self.file.whole_circle();
        let angles = self.file.warning();
        let angles = angles.map(|words| Note::Angles { words: words.into(), whole_circle });
        let mut warnings = Vec::from_iter(angles);
        if self.leave_missing && domain.mask().is_none() {
            warnings.push(nothing_missing(points, self.file.samples() > 1)?);
        }
        Ok(warnings)
    }
}

impl<const D: usize> Series<D> for FileSeries {
    fn count(&self) -> usize {
        self.file.samples()
    }

    fn extent(&self) -> Result<Extent<D>, SourceError> {
        let mask = self.file.mask();
        Ok(Extent {
            grid: self.grid::<D>()?,
            masked: mask.is_some() || self.leave_missing,
            active_cells: mask.map(|mask| mask.iter().filter(|active| **active).count()),
            on_faces: self.file.is_staggered(),
            density: self.density.is_some(),
            uneven: self.sphere.is_some()
                || self.sizes.is_some()
                || (0..D).any(|k| self.file.uneven(k).is_some()),
            boundary: None,
            reading: self.file.read_bytes(),
            evaluated: false,
        })
    }

    fn item(
        &self,
        index: usize,
        _layout: Option<Layout>,
        way: Way,
        last: Option<Sample<D>>,
    ) -> Result<Sample<D>, SourceError> {
        let grid = self.grid()?;
        let (domain, points, faces) = match self.file.is_staggered() {
            false => {
                let (domain, points) = self.points(grid, index, last.map(|last| last.points))?;
                (domain, points, None)
            }
            true => {
                let (points, faces) = last.map(|last| (last.points, last.faces)).unzip();
                let (domain, faces) = self.faces(grid, index, faces.flatten())?;
                let mut points = arrays(grid, Layout::Points, points);
                for (k, component) in points.components_mut().iter_mut().enumerate() {
                    let values = component.values_mut();
                    component_to_points(faces.component(k), k, &domain, way, values);
                }
                (domain, points, Some(faces))
            }
        };
        Ok(Sample {
            name: group_name(self.file.path(), &self.file.label(index)),
            density: self.density(index, &domain)?,
            provenance: Provenance {
                origin: self.file.path().display().to_string(),
                notes: Series::<D>::notes(self),
                warnings: self.warnings(&domain, &points)?,
            },
            domain,
            points,
            faces,
            boundary: None,
            units: self.file.units().into(),
            axis_units: self.file.axis_units().to_vec(),
        })
    }

    fn notes(&self) -> Vec<Note> {
        let mut notes: Vec<Note> = self.file.notes().iter().cloned().map(Note::File).collect();
        notes.extend(self.repeated.iter().copied().map(Note::RepeatedEnd));
        if let Some(StatedSphere { radius, thickness }) = self.sphere {
            let (round, poles) = (self.is_periodic(0), self.poles().unwrap_or_default());
            notes.push(Note::Sphere { radius, thickness, round, poles });
        } else if let Some(sizes) = &self.sizes {
            notes.push(Note::Metric { datasets: sizes.names().to_vec() });
        }
        if self.sphere.is_none() && self.periodic.is_none() {
            notes.push(Note::Bounded);
        }
        notes.extend((0..self.file.dims()).filter(|&k| self.is_thin(k)).map(Note::OneCell));
        notes
    }
}

/// The sphere of a field on longitudes and latitudes: as requested, as a file of results states it, or the earth.
fn sphere(
    request: &FileSeriesRequest,
    file: &FileField,
) -> Result<Option<StatedSphere>, SourceError> {
    let is_shell = file.is_on_sphere() && file.dims() == 3;
    if request.radius.is_some() && !file.is_on_sphere() {
        return Err(SourceError::NoSphere);
    }
    if request.thickness.is_some() && !is_shell {
        return Err(SourceError::NoShell);
    }
    if !file.is_on_sphere() {
        return Ok(None);
    }
    let stated = file.stated_sphere();
    let radius = request.radius.or(stated.map(|stated| stated.radius)).unwrap_or(EARTH);
    let thickness = request.thickness.or(stated.and_then(|stated| stated.thickness));
    let thickness = is_shell.then(|| thickness.unwrap_or_default());
    Ok(Some(StatedSphere { radius, thickness }))
}

/// Whether uneven longitudes go round without a gap: the last step is not much wider than the others.
fn closes(points: &[f64]) -> bool {
    let widest = points.windows(2).map(|pair| pair[1] - pair[0]).fold(0.0, f64::max);
    points[0] + 360.0 - points[points.len() - 1] <= 2.0 * widest
}

/// The axes whose last plane is to be left out.
fn repeated_ends(
    file: &FileField,
    request: &FileSeriesRequest,
    periodic: &[usize],
) -> Result<Vec<usize>, SourceError> {
    let ends = file.repeated_ends(periodic);
    if let Some((first, last)) = file.repeated_meridian() {
        if ends.contains(&0) && !request.keep_ends {
            return Ok(ends);
        }
        let path = file.path().into();
        return Err(FileError::RepeatedMeridian { path, axis: AXIS_NAMES[0], first, last }.into());
    }
    match request.keep_ends {
        false => Ok(ends),
        true if periodic.is_empty() || file.is_staggered() => Err(SourceError::NoEnds),
        true => Ok(Vec::new()),
    }
}

/// The stem of the file and the label of the sample, without characters that divide paths.
fn group_name(path: &Path, label: &str) -> String {
    let stem = path.file_stem().map_or("field".into(), |s| s.to_string_lossy());
    let name = if label.is_empty() { stem.into_owned() } else { format!("{stem} {label}") };
    name.replace('/', "_")
}
