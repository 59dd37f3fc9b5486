//! From the fields that were named to fields on grids.

use super::args::{FileArguments, GridArguments};
use crate::boundary::Boundary;
use crate::decomposition::Method;
use crate::field::{Layout, VectorField, to_faces, to_points};
use crate::grid::{AXIS_NAMES, Axis, Domain, FaceClass, Grid, Topology};
use crate::source::Source;
use crate::source::analytic::{self, CASES_2D, CASES_3D, Case, Window};
use crate::source::file::{self, FileField, FileRequest, cells_with_finite_faces, finite_cells};
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
}

/// One or many fields of the same dimension.
pub trait Series<const D: usize> {
    fn count(&self) -> usize;
    fn item(&self, index: usize, layout: Option<Layout>) -> Result<Item<D>>;
    /// What was found or assumed, in words.
    fn notes(&self) -> Vec<String>;
}

/// What a FIELD argument stands for; here the dimension becomes a type.
pub enum Input {
    Plane(Box<dyn Series<2>>),
    Space(Box<dyn Series<3>>),
}

impl Input {
    /// Opens a file or finds a case.
    pub fn open(field: &str, grid: &GridArguments, file: &FileArguments) -> Result<Input> {
        if let Some(name) = field.strip_prefix("analytic:") {
            return analytic_input(name, grid);
        }
        if let Some(path) = field.strip_prefix("autoencoder:") {
            return super::autoencoder::input(Path::new(path), grid);
        }
        if let Some((path, reconstruction)) = super::onnx::named(field) {
            return super::onnx::input(path, reconstruction, grid);
        }
        let periodic = periodic_axes(&grid.periodic)?;
        let request = FileRequest {
            periodic: periodic.clone().unwrap_or_default(),
            ..request(field, grid, file)
        };
        let opened = file::open(&request).map_err(anyhow::Error::from)?;
        let density = match &file.density {
            None => None,
            Some(dataset) => {
                let datasets = vec![dataset.clone(); opened.dims()];
                Some(file::open(&FileRequest { datasets, staggered: false, ..request })?)
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
            bail!("no analytic case is called {name}; there are {}", names.join(", "))
        }
    }
}

fn request(field: &str, grid: &GridArguments, file: &FileArguments) -> FileRequest {
    let numbers = |list: &[f64]| (!list.is_empty()).then(|| list.to_vec());
    let mask = file.mask.clone().filter(|m| m != "nan");
    FileRequest {
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
    match names {
        [] => Ok(None),
        [none] if none == "none" => Ok(Some(Vec::new())),
        names => names
            .iter()
            .map(|name| {
                AXIS_NAMES.iter().position(|axis| axis == name).with_context(|| {
                    format!("--periodic names axis {name}; expected x, y, z or none")
                })
            })
            .collect::<Result<Vec<_>>>()
            .map(Some),
    }
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

/// A source that can be evaluated anywhere, on one grid.
pub struct SourceSeries<const D: usize> {
    name: String,
    source: Box<dyn Source<D>>,
    domain: Domain<D>,
    boundary: Option<Boundary>,
    notes: Vec<String>,
}

impl<const D: usize> SourceSeries<D> {
    fn of_case(case: &'static dyn Case<D>, arguments: &GridArguments) -> Result<SourceSeries<D>> {
        let (grid, notes) = source_grid(arguments, case.window())?;
        let shape = grid.shape();
        let inside = |cell| {
            let index = crate::grid::unravel(shape, cell);
            case.inside(grid.position(crate::grid::Location::CELL, index))
        };
        let domain = match case.masked() {
            true => Domain::masked(grid, (0..grid.cells()).map(inside).collect())?,
            false => Domain::full(grid),
        };
        Ok(SourceSeries {
            name: case.name().into(),
            source: Box::new(case),
            domain,
            boundary: Some(case.boundary()),
            notes,
        })
    }
}

impl<const D: usize> SourceSeries<D> {
    /// A source that lives everywhere, over `window` if the user gives no other.
    pub fn anywhere(
        name: String,
        source: Box<dyn Source<D>>,
        window: Window<D>,
        arguments: &GridArguments,
    ) -> Result<SourceSeries<D>> {
        let (grid, mut notes) = source_grid(arguments, window)?;
        if arguments.domain.is_empty() {
            let (start, end, _) = window[0];
            notes.push(format!("window {start} to {end} along each axis (--domain)"));
        }
        Ok(SourceSeries { name, source, domain: Domain::full(grid), boundary: None, notes })
    }
}

/// The grid of such a source: the given window and number of cells, or its own.
pub fn source_grid<const D: usize>(
    arguments: &GridArguments,
    window: Window<D>,
) -> Result<(Grid<D>, Vec<String>)> {
    for (given, option) in [(&arguments.spacing, "--spacing"), (&arguments.origin, "--origin")] {
        ensure!(
            given.is_empty(),
            "{option} is for files; a source that can be evaluated anywhere takes --domain and --n"
        );
    }
    let mut notes = Vec::new();
    let cells = for_each_axis::<D, _>("--n", &arguments.n)?.unwrap_or_else(|| {
        let n = if D == 2 { 128 } else { 48 };
        notes.push(format!("{n} cells along each axis (--n)"));
        [n; D]
    });
    let given = &arguments.domain;
    ensure!(
        given.is_empty() || given.len() == 2 * D,
        "--domain has {} numbers; {} are needed: x0,x1,y0,y1{}",
        given.len(),
        2 * D,
        if D == 3 { ",z0,z1" } else { "" }
    );
    let periodic = periodic_axes(&arguments.periodic)?;
    let axes = std::array::from_fn(|k| {
        let (start, end) = match given.is_empty() {
            true => (window[k].0, window[k].1),
            false => (given[2 * k], given[2 * k + 1]),
        };
        let topology = match &periodic {
            None => window[k].2,
            Some(list) if list.contains(&k) => Topology::Periodic,
            Some(_) => Topology::Bounded,
        };
        Axis::over(start, end, cells[k], topology)
    });
    Ok((Grid::new(axes)?, notes))
}

impl<const D: usize> Series<D> for SourceSeries<D> {
    fn count(&self) -> usize {
        1
    }

    fn item(&self, _index: usize, layout: Option<Layout>) -> Result<Item<D>> {
        let grid = *self.domain.grid();
        let sample = |layout| self.source.sample(grid, layout);
        let layout = layout.unwrap_or(Method::for_domain(&self.domain).layout());
        let mut samples = sample(Layout::Points);
        samples.clear_outside(&self.domain);
        Ok(Item {
            name: self.name.clone(),
            domain: self.domain.clone(),
            samples,
            staggered: (layout == Layout::Faces).then(|| sample(Layout::Faces)),
            density: None,
            boundary: self.boundary,
            units: String::new(),
            axis_units: vec![String::new(); D],
        })
    }

    fn notes(&self) -> Vec<String> {
        self.notes.clone()
    }
}

/// The fields of a file.
struct FileSeries {
    file: FileField,
    density: Option<FileField>,
    periodic: Option<Vec<usize>>,
    nan_mask: bool,
}

impl FileSeries {
    /// The density of a sample on the faces; one for all samples if it has no sample axis.
    fn density<const D: usize>(
        &self,
        index: usize,
        domain: &Domain<D>,
    ) -> Result<Option<VectorField<D>>> {
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
        let logarithm = logarithm.context("the logarithm of --density, which must be positive")?;
        let mut density = to_faces(&logarithm, domain);
        for component in density.components_mut() {
            component.values_mut().iter_mut().for_each(|v| *v = v.exp());
        }
        Ok(Some(density))
    }

    /// A field at the points, 0 outside the mask.
    fn points<const D: usize>(
        &self,
        grid: Grid<D>,
        index: usize,
    ) -> Result<(Domain<D>, VectorField<D>)> {
        let mut values = self.file.read(index)?;
        let domain = self.domain(grid, || finite_cells(&values))?;
        if let Some(mask) = domain.mask() {
            for mut component in values.outer_iter_mut() {
                let outside = component.iter_mut().zip(mask).filter(|(_, on)| !**on);
                outside.for_each(|(v, _)| *v = 0.0);
            }
        }
        Ok((domain, VectorField::from_array(grid, values.view())?))
    }

    /// A field on the faces, 0 on those that no active cell has.
    fn faces<const D: usize>(
        &self,
        grid: Grid<D>,
        index: usize,
    ) -> Result<(Domain<D>, VectorField<D>)> {
        let mut faces = self.file.read_faces(index)?;
        let domain = self.domain(grid, || cells_with_finite_faces(&faces, self.file.shape()))?;
        if domain.mask().is_some() {
            for (k, component) in faces.iter_mut().enumerate() {
                let classes = domain.face_classes(k);
                let outside = component.iter_mut().zip(classes);
                let outside = outside.filter(|(_, class)| *class == FaceClass::Outside);
                outside.for_each(|(v, _)| *v = 0.0);
            }
        }
        let views = std::array::from_fn(|k| faces[k].view());
        Ok((domain, VectorField::from_faces(grid, views)?))
    }

    /// The cells that take part: by their numbers, by the mask of the file, or all.
    fn domain<const D: usize>(
        &self,
        grid: Grid<D>,
        finite: impl FnOnce() -> Vec<bool>,
    ) -> Result<Domain<D>> {
        Ok(match (self.nan_mask, self.file.mask()) {
            (true, _) => Domain::masked(grid, finite())?,
            (false, Some(mask)) => Domain::masked(grid, mask.to_vec())?,
            (false, None) => Domain::full(grid),
        })
    }
}

impl<const D: usize> Series<D> for FileSeries {
    fn count(&self) -> usize {
        self.file.samples()
    }

    fn item(&self, index: usize, _layout: Option<Layout>) -> Result<Item<D>> {
        let axes = std::array::from_fn(|k| {
            let periodic = self.periodic.as_ref().is_some_and(|list| list.contains(&k));
            let topology = if periodic { Topology::Periodic } else { Topology::Bounded };
            let file = &self.file;
            Axis::from_points(file.origin()[k], file.spacing()[k], file.shape()[k], topology)
        });
        let grid = Grid::new(axes)?;
        let (domain, samples, staggered) = match self.file.is_staggered() {
            false => self.points(grid, index).map(|(domain, samples)| (domain, samples, None))?,
            true => {
                let (domain, staggered) = self.faces(grid, index)?;
                let samples = to_points(&staggered, &domain);
                (domain, samples, Some(staggered))
            }
        };
        Ok(Item {
            name: group_name(self.file.path(), &self.file.label(index)),
            density: self.density(index, &domain)?,
            domain,
            samples,
            staggered,
            boundary: None,
            units: self.file.units().into(),
            axis_units: self.file.axis_units().to_vec(),
        })
    }

    fn notes(&self) -> Vec<String> {
        let mut notes = self.file.notes().to_vec();
        if self.periodic.is_none() {
            notes.push("every axis taken as bounded (--periodic)".into());
        }
        notes
    }
}

/// The stem of the file and the label of the sample, without characters that divide paths.
fn group_name(path: &Path, label: &str) -> String {
    let stem = path.file_stem().map_or("field".into(), |s| s.to_string_lossy());
    let name = if label.is_empty() { stem.into_owned() } else { format!("{stem} {label}") };
    name.replace('/', "_")
}
