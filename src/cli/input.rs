//! From FIELD arguments to fields on grids.

use super::args::{FileArguments, GridArguments};
use super::file_series::FileSeries;
use super::source_series::SourceSeries;
use crate::boundary::Boundary;
use crate::decomposition::Active;
use crate::field::{Layout, VectorField, Way};
use crate::grid::{AXIS_NAMES, Domain, Grid};
use crate::source::analytic::{self, CASES_2D, CASES_3D};
use crate::source::file::{self, FileField, FileRequest};
use anyhow::{Context, Result, bail, ensure};
use std::path::Path;

/// One field on its domain.
pub struct Item<const D: usize> {
    /// Name of its group.
    pub name: String,
    pub domain: Domain<D>,
    /// At the points, 0 outside the mask.
    pub samples: VectorField<D>,
    /// On the faces, from sources that can be evaluated there and from staggered files.
    pub staggered: Option<VectorField<D>>,
    /// On the faces, for the inner product of the parts.
    pub density: Option<VectorField<D>>,
    /// The convention used when none is asked for.
    pub boundary: Option<Boundary>,
    pub units: String,
    pub axis_units: Vec<String>,
    /// Warnings for the reader of the result, in words.
    pub warnings: Vec<String>,
}

/// What is known of every field of a series before one is read.
pub struct Extent<const D: usize> {
    pub grid: Grid<D>,
    /// The cells of the mask that take part.
    pub masked: Option<Active>,
    pub on_faces: bool,
    pub density: bool,
    /// The convention used when none is asked for.
    pub boundary: Option<Boundary>,
    /// Bytes that bringing one field into memory takes at its peak.
    pub reading: f64,
    /// How to get fewer cells, in words.
    pub fewer: &'static str,
}

/// One or many fields of the same dimension.
pub trait Series<const D: usize> {
    fn count(&self) -> usize;
    /// Fails where the grid is none.
    fn extent(&self) -> Result<Extent<D>>;
    /// One field, evaluated where `layout` says if that is possible; a field that is known on faces
    /// only is interpolated to the points by `way`. It may reuse the arrays of `last`, a field that
    /// is no longer needed.
    fn item(
        &self,
        index: usize,
        layout: Option<Layout>,
        way: Way,
        last: Option<Item<D>>,
    ) -> Result<Item<D>>;
    /// What was found or assumed, in words.
    fn notes(&self) -> Vec<String>;
}

/// What a FIELD argument refers to; here the dimension becomes a type.
pub enum Input {
    Plane(Box<dyn Series<2>>),
    Space(Box<dyn Series<3>>),
}

impl Input {
    /// Opens a file or finds a case.
    pub fn open(field: &str, grid: &GridArguments, file: &FileArguments) -> Result<Input> {
        if let Some(name) = field.strip_prefix("analytic:") {
            refuse_file_options(file)?;
            ensure!(
                grid.slice.is_none() && grid.principal.is_none(),
                "--slice and --principal are for networks; an analytic case has its own dimensions"
            );
            return analytic_input(name, grid);
        }
        if let Some(path) = field.strip_prefix("autoencoder:") {
            refuse_file_options(file)?;
            return super::autoencoder::input(Path::new(path), grid);
        }
        if let Some((path, reconstruction)) = super::onnx::named(field) {
            refuse_file_options(file)?;
            return super::onnx::input(path, reconstruction, grid);
        }
        Input::of_file(field, grid, file)
    }

    fn of_file(field: &str, grid: &GridArguments, file: &FileArguments) -> Result<Input> {
        refuse_source_options(grid)?;
        let periodic = periodic_axes(&grid.periodic)?;
        let request = FileRequest {
            periodic: periodic.clone().unwrap_or_default(),
            ..request(field, grid, file)
        };
        let opened = file::open(&request).map_err(anyhow::Error::from)?;
        check_periodic(&periodic, opened.dims())?;
        if let Some(mask) = opened.mask() {
            ensure!(
                mask.iter().any(|active| !active),
                "--mask {} masks nothing: it is not 0 in any of {} cells; leave it out, or name a mask \
                 that is 0 where there is no field",
                file.mask.as_deref().unwrap_or_default(),
                mask.len()
            );
        }
        let repeated = repeated_ends(&opened, file, periodic.as_deref().unwrap_or_default())?;
        let opened = match repeated[..] {
            [] => opened,
            _ => opened.without_last(&repeated).noting("--keep-ends keeps such planes"),
        };
        let density = match &file.density {
            None => None,
            Some(dataset) => {
                let datasets = vec![dataset.clone(); opened.dims()];
                let opened = file::open(&FileRequest { datasets, staggered: false, ..request })?;
                Some(opened.without_last(&repeated))
            }
        };
        let nan_mask = file.mask.as_deref() == Some("nan");
        Ok(match opened.dims() {
            2 => Input::Plane(Box::new(FileSeries { file: opened, density, periodic, nan_mask })),
            _ => Input::Space(Box::new(FileSeries { file: opened, density, periodic, nan_mask })),
        })
    }

    pub fn count(&self) -> usize {
        match self {
            Input::Plane(series) => series.count(),
            Input::Space(series) => series.count(),
        }
    }

    pub fn notes(&self) -> Vec<String> {
        match self {
            Input::Plane(series) => series.notes(),
            Input::Space(series) => series.notes(),
        }
    }
}

/// The axes whose last plane is to be left out.
fn repeated_ends(
    opened: &FileField,
    file: &FileArguments,
    periodic: &[usize],
) -> Result<Vec<usize>> {
    if !file.keep_ends {
        return Ok(opened.repeated_ends(periodic));
    }
    ensure!(
        !periodic.is_empty() && !opened.is_staggered(),
        "--keep-ends applies to points on periodic axes, and there are none; leave it out"
    );
    Ok(Vec::new())
}

/// Refuses options about files for other sources.
fn refuse_file_options(file: &FileArguments) -> Result<()> {
    let given = [
        (!file.datasets.is_empty(), "--datasets"),
        (file.axes.is_some(), "--axes"),
        (file.staggered, "--staggered"),
        (file.mask.is_some(), "--mask"),
        (file.density.is_some(), "--density"),
        (file.fill_value.is_some(), "--fill-value"),
        (file.keep_ends, "--keep-ends"),
    ];
    let idle = given.iter().find(|(given, _)| *given);
    idle.map_or(Ok(()), |(_, option)| {
        bail!("{option} applies to files; this source is evaluated, not read: leave it out")
    })
}

/// Refuses options about sources that can be evaluated anywhere for files.
fn refuse_source_options(grid: &GridArguments) -> Result<()> {
    let given = [
        (!grid.n.is_empty(), "--n"),
        (!grid.domain.is_empty(), "--domain"),
        (grid.slice.is_some(), "--slice"),
        (grid.principal.is_some(), "--principal"),
    ];
    let idle = given.iter().find(|(given, _)| *given);
    idle.map_or(Ok(()), |(_, option)| {
        bail!(
            "{option} is for sources that can be evaluated anywhere; a file has its own points: leave it \
             out, or give --spacing and --origin if the file has no coordinates"
        )
    })
}

/// Refuses periodic axes that a field does not have.
pub fn check_periodic(periodic: &Option<Vec<usize>>, dims: usize) -> Result<()> {
    let missing = periodic.iter().flatten().find(|k| **k >= dims);
    missing.map_or(Ok(()), |k| {
        let axis = AXIS_NAMES[*k];
        bail!("--periodic names axis {axis}, and this field has {dims} axes: {}", names_of(dims))
    })
}

fn names_of(dims: usize) -> String {
    AXIS_NAMES[..dims].join(", ")
}

fn analytic_input(name: &str, grid: &GridArguments) -> Result<Input> {
    let wanted = (grid.n.len().max(grid.domain.len() / 2), analytic::find_2d(name));
    match (wanted, analytic::find_3d(name)) {
        ((2 | 3, None), Some(case)) | ((3, Some(_)), Some(case)) | ((_, None), Some(case)) => {
            Ok(Input::Space(Box::new(SourceSeries::of_case(case, grid)?)))
        }
        ((_, Some(case)), _) => Ok(Input::Plane(Box::new(SourceSeries::of_case(case, grid)?))),
        ((_, None), None) => {
            let mut names = analytic::names(CASES_2D);
            names.extend(analytic::names(CASES_3D));
            names.dedup();
            bail!("there is no analytic case {name}; the cases are {}", names.join(", "))
        }
    }
}

fn request(field: &str, grid: &GridArguments, file: &FileArguments) -> FileRequest {
    let numbers = |list: &[f64]| (!list.is_empty()).then(|| list.to_vec());
    let mask = file.mask.clone().filter(|m| m != "nan");
    FileRequest {
        plane: grid.metric.as_deref() == Some("plane"),
        datasets: file.datasets.clone(),
        axes: file.axes.clone(),
        staggered: file.staggered,
        spacing: numbers(&grid.spacing),
        origin: numbers(&grid.origin),
        allow_missing: file.mask.is_some(),
        mask,
        fill_value: file.fill_value,
        ..FileRequest::new(field)
    }
}

/// The axes named by `--periodic`; `None` where the option was not given.
pub fn periodic_axes(names: &[String]) -> Result<Option<Vec<usize>>> {
    if names.is_empty() {
        return Ok(None);
    }
    if let [none] = names
        && none == "none"
    {
        return Ok(Some(Vec::new()));
    }
    let axis = |name: &String| {
        let found = AXIS_NAMES.iter().position(|axis| axis == name);
        found.with_context(|| format!("--periodic names axis {name}; expected x, y, z or none"))
    };
    names.iter().map(axis).collect::<Result<Vec<_>>>().map(Some)
}

/// One number for each axis from a list with one for each or one for all.
pub fn for_each_axis<const D: usize, T: Copy>(option: &str, list: &[T]) -> Result<Option<[T; D]>> {
    match list.len() {
        0 => Ok(None),
        1 => Ok(Some([list[0]; D])),
        n if n == D => Ok(Some(std::array::from_fn(|k| list[k]))),
        n => bail!("{option} has {n} numbers; this field has {D} axes: give 1 or {D}"),
    }
}
