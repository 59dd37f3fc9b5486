//! The fields of a file as a series, under their mask.

use super::evaluated::check_periodic;
use super::file::{
    self, CoordinateError, FileError, FileField, FileMetric, FileRequest, StatedSphere,
};
use super::file_metric::GivenSizes;
use super::{AnySeries, SourceError};
use crate::grid::{AXIS_NAMES, Thickness};
use std::any::Any;
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
    /// Dataset with a density ρ ≥ 0 at the points: the field is √ρ·v, whose energy is twice the kinetic energy of a
    /// compressible flow v (Kida & Orszag 1990).
    pub root_density: Option<String>,
    /// Datasets with the sizes of the faces: areas (in 2D lengths) of those normal to x, y[, z], then the distances
    /// across them, at walls twice that to the face, then perhaps the volumes of the cells. None: sizes follow from the
    /// coordinates.
    pub metric: Vec<String>,
    /// Radius of the sphere of fields on longitudes and latitudes, in the unit of lengths.
    pub radius: Option<f64>,
    /// Whether lengths in a shell grow with the height; [`Thickness::Thick`] by default.
    pub thickness: Option<Thickness>,
    /// A number that stands for land: cells in which every component is it are walls.
    pub land: Option<f64>,
    /// Fill holes of missing values of at most so many cells, up to 1000, by interpolation. By default none, in files that
    /// mark samples which were not measured apart from walls those of at most 2.
    pub fill_gaps: Option<usize>,
    /// Keep a last plane that equals the first on periodic axes; otherwise it is left out.
    pub keep_ends: bool,
}

/// The fields of a file.
pub(super) struct FileSeries {
    pub(super) file: FileField,
    pub(super) density: Option<FileField>,
    /// With its name.
    pub(super) root_density: Option<(String, FileField)>,
    pub(super) periodic: Option<Vec<usize>>,
    /// The sphere that the points lie on, if they do, and in 3D its thickness.
    pub(super) sphere: Option<StatedSphere>,
    /// Sizes of faces, if they were given.
    pub(super) sizes: Option<GivenSizes>,
    /// Its metric, from one field to the next.
    pub(super) metric: OnceLock<Box<dyn Any + Send + Sync>>,
    /// Cells without a number take no part.
    pub(super) leave_missing: bool,
    pub(super) land: Option<f64>,
    pub(super) fill_gaps: Option<usize>,
    /// Axes whose last plane is left out.
    pub(super) repeated: Vec<usize>,
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
        if let (Some(name), Some(mask)) = (&fields.mask, file.fixed_mask())
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
        let beside = |dataset: &String| open_density(dataset, fields, &file, &repeated);
        let density = request.density.as_ref().map(beside).transpose()?;
        if request.root_density.is_some() && file.is_staggered() {
            return Err(SourceError::FacesRoot);
        }
        let with_name = |name: &String| Ok::<_, SourceError>((name.clone(), beside(name)?));
        let root_density = request.root_density.as_ref().map(with_name).transpose()?;
        let allowed = fields.allow_missing || file.is_result();
        let leave_missing = file.marks_invalid() || (allowed && fields.mask.is_none());
        let series = FileSeries {
            file,
            density,
            root_density,
            periodic,
            sphere,
            sizes,
            metric: OnceLock::new(),
            leave_missing,
            land: request.land,
            fill_gaps: request.fill_gaps,
            repeated,
        };
        series.check_fill()?;
        series.check_round()?;
        Ok(series)
    }
}

/// A density as a field whose components are all it, one for all fields of the file or one for each.
fn open_density(
    dataset: &str,
    fields: &FileRequest,
    file: &FileField,
    repeated: &[usize],
) -> Result<FileField, SourceError> {
    let request = FileRequest {
        datasets: vec![dataset.into(); file.dims()],
        staggered: false,
        angle: None,
        mask: None,
        allow_missing: true,
        ..fields.clone()
    };
    let density = file::open(&request)?.without_last(repeated);
    let (found, expected) = (density.samples(), file.samples());
    if found != 1 && found != expected {
        return Err(SourceError::DensitySamples { name: dataset.into(), found, expected });
    }
    Ok(density)
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
