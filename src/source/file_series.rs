//! The fields of a file as a series, under their mask.

use super::evaluated::check_periodic;
use super::file::{
    self, CoordinateError, FileError, FileField, FileMetric, FileRequest, cells_with_finite_faces,
    finite_cells,
};
use super::file_metric::GivenSizes;
use super::masked::{arrays, clear, nothing_missing, refuse_nothing_left};
use super::{AnySeries, Extent, Note, Provenance, Sample, Series, SourceError};
use crate::field::{Layout, VectorField, Way, component_to_points};
use crate::grid::{AXIS_NAMES, Domain, FaceClass, Grid, short};
use std::any::Any;
use std::path::Path;
use std::sync::OnceLock;

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
    /// Keep a last plane that equals the first on periodic axes; otherwise it is left out.
    pub keep_ends: bool,
}

/// The fields of a file.
pub(super) struct FileSeries {
    pub(super) file: FileField,
    pub(super) density: Option<FileField>,
    pub(super) periodic: Option<Vec<usize>>,
    /// Radius of the sphere that the points lie on, if they do.
    pub(super) radius: Option<f64>,
    /// One was requested.
    radius_given: bool,
    /// Sizes of faces, if they were given.
    pub(super) sizes: Option<GivenSizes>,
    /// Its metric, from one field to the next.
    pub(super) metric: OnceLock<Box<dyn Any + Send + Sync>>,
    /// Cells without a number take no part.
    pub(super) leave_missing: bool,
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
        let periodic = file.periodic().map(<[usize]>::to_vec);
        let fields = &FileRequest { periodic, ..fields.clone() };
        check_periodic(&fields.periodic, file.dims())?;
        if let (Some(name), Some(mask)) = (&fields.mask, file.mask())
            && mask.iter().all(|active| *active)
        {
            return Err(SourceError::IdleMask { name: name.clone(), cells: mask.len() });
        }
        let round = || file.goes_round().then(|| vec![0]);
        let periodic = fields.periodic.clone().or_else(round);
        let repeated = repeated_ends(&file, request, periodic.as_deref().unwrap_or_default())?;
        if request.radius.is_some() && !file.is_on_sphere() {
            return Err(SourceError::NoSphere);
        }
        let radius = file.is_on_sphere().then(|| request.radius.or(file.radius()).unwrap_or(EARTH));
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
        let radius_given = request.radius.is_some();
        let series = FileSeries {
            file,
            density,
            periodic,
            radius,
            radius_given,
            sizes,
            metric,
            leave_missing,
            repeated,
        };
        series.check_round()?;
        Ok(series)
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

    /// Where the radius comes from, for a file that states one.
    fn radius_note(&self, radius: f64, written: f64) -> Note {
        Note::File(match self.radius_given {
            false => format!("radius {} (read from the result file)", short(radius)),
            true => format!("radius {} (given; {} in the file)", short(radius), short(written)),
        })
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
            uneven: self.radius.is_some()
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
        if let Some(radius) = self.radius {
            let (round, poles) = (self.is_periodic(0), self.poles().unwrap_or_default());
            notes.push(Note::Sphere { radius, round, poles });
            let written = self.file.radius();
            notes.extend(written.map(|written| self.radius_note(radius, written)));
        } else if let Some(sizes) = &self.sizes {
            notes.push(Note::Metric { datasets: sizes.names().to_vec() });
        }
        if self.radius.is_none() && self.periodic.is_none() {
            notes.push(Note::Bounded);
        }
        notes.extend((0..self.file.dims()).filter(|&k| self.is_thin(k)).map(Note::OneCell));
        notes
    }
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
        let repeated = CoordinateError::RepeatedMeridian { path, axis: AXIS_NAMES[0], first, last };
        return Err(FileError::from(repeated).into());
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
