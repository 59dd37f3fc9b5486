//! From FIELD arguments to series of fields.

use super::args_field::{FileArguments, GridArguments};
use crate::grid::{AXIS_NAMES, Thickness};
use crate::source::file::{FileMetric, FileRequest, Selection, components_in_files, other_file};
use crate::source::{AnySeries, FileSeriesRequest, GridRequest};
use anyhow::{Context, Result, bail, ensure};
use std::path::{Path, PathBuf};

/// Refuses options that say nothing about a field of this kind.
pub fn check_options(field: &str, grid: &GridArguments, file: &FileArguments) -> Result<()> {
    let refused = match (field.starts_with("analytic:"), is_map(field)) {
        (true, _) => refuse_file_options(file).and_then(|()| refuse_map_options(grid)),
        (_, true) => refuse_file_options(&of_map(file)),
        _ => refuse_source_options(grid),
    };
    refused.with_context(|| field.to_string())
}

/// Opens what a FIELD argument refers to: a file, a case or a map.
pub fn open(field: &str, grid: &GridArguments, file: &FileArguments) -> Result<AnySeries> {
    if let Some(name) = field.strip_prefix("analytic:") {
        refuse_file_options(file)?;
        refuse_map_options(grid)?;
        return of_case(name, grid);
    }
    if is_map(field) {
        refuse_file_options(&of_map(file))?;
    }
    if let Some(path) = field.strip_prefix("autoencoder:") {
        refuse_point_shape(grid, "weights have their own dimensions")?;
        return super::autoencoder::open(Path::new(path), grid, file);
    }
    if let Some((path, reconstruction)) = super::onnx::named(field) {
        refuse_activation(grid)?;
        return super::onnx::open(path, reconstruction, grid, file);
    }
    refuse_source_options(grid)?;
    let path = Path::new(field);
    super::probe::ensure_readable(path)?;
    let named = file
        .datasets
        .iter()
        .chain(&file.mask)
        .chain(&file.density)
        .chain(&file.times_root)
        .chain(&file.angle)
        .chain(&grid.metric_datasets);
    for other in named.filter_map(|name| other_file(path, name)) {
        super::probe::ensure_readable(&other)?;
    }
    Ok(AnySeries::of_file(&file_request(field, grid, file)?)?)
}

/// Whether a field is that of a network.
pub fn is_map(field: &str) -> bool {
    ["autoencoder:", "onnx:", "onnx-autoencoder:"].iter().any(|prefix| field.starts_with(prefix))
}

/// The options about files but those that networks have as well.
fn of_map(file: &FileArguments) -> FileArguments {
    FileArguments { mask: None, density: None, ..file.clone() }
}

/// Refuses options about networks for an analytic case.
fn refuse_map_options(grid: &GridArguments) -> Result<()> {
    ensure!(
        grid.slice.is_none() && grid.principal.is_none(),
        "--slice and --principal are for networks; an analytic case has its own dimensions"
    );
    ensure!(
        grid.density_points.is_none(),
        "--density-points is for networks; an analytic case has its own density: leave it out"
    );
    ensure!(
        grid.activation.is_none(),
        "--activation is for weights of auto-encoders; an analytic case has none: leave it out"
    );
    refuse_point_shape(grid, "an analytic case has its own dimensions")
}

/// Refuses the shape of a point of an ONNX model where there is none.
pub fn refuse_point_shape(grid: &GridArguments, what: &str) -> Result<()> {
    ensure!(grid.point_shape.is_empty(), "--point-shape is for ONNX models; {what}: leave it out");
    Ok(())
}

/// Refuses the activation of a network that states its own.
pub fn refuse_activation(grid: &GridArguments) -> Result<()> {
    ensure!(
        grid.activation.is_none(),
        "--activation is for weights; an ONNX model has its own: leave it out"
    );
    Ok(())
}

fn of_case(name: &str, grid: &GridArguments) -> Result<AnySeries> {
    let series = AnySeries::of_case(name, &grid_request(grid)?)?;
    let own_metric = match &series {
        AnySeries::Plane(series) => series.extent()?.uneven,
        AnySeries::Space(series) => series.extent()?.uneven,
    };
    ensure!(
        grid.metric.is_none() || !own_metric,
        "--metric plane cannot apply to {name}, whose parts are known for a metric of its own: leave it out"
    );
    Ok(series)
}

/// Refuses files that are components of one field: each by itself would be another.
pub fn refuse_components(fields: &[String], file: &FileArguments) -> Result<()> {
    let files: Vec<PathBuf> =
        fields.iter().map(PathBuf::from).filter(|path| path.is_file()).collect();
    if !file.datasets.is_empty() || files.len() < 2 {
        return Ok(());
    }
    let sound = |path: &Path| super::probe::ensure_readable(path).is_ok();
    let Some(pair) = components_in_files(&files, sound) else { return Ok(()) };
    let of = |name: &str| name.split(':').next().unwrap_or_default().to_string();
    let [first, other] = pair.each_ref().map(|name| of(name));
    let typed = fields
        .iter()
        .find(|field| Path::new(field).file_name().is_some_and(|name| *name == *first));
    bail!(
        "{first} and {other} hold a component each of one field, and would be taken as two fields \
         (hodge decompose {} --datasets {})",
        typed.unwrap_or(&first),
        pair.join(",")
    )
}

/// Refuses options about files for other sources.
fn refuse_file_options(file: &FileArguments) -> Result<()> {
    let given = [
        (!file.datasets.is_empty(), "--datasets"),
        (file.axes.is_some(), "--axes"),
        (!file.select.is_empty(), "--select"),
        (file.y.is_some(), "--y"),
        (file.angle.is_some(), "--angle"),
        (file.staggered, "--staggered"),
        (file.mask.is_some(), "--mask"),
        (file.density.is_some(), "--density"),
        (file.times_root.is_some(), "--times-root"),
        (file.land.is_some(), "--land"),
        (file.fill_value.is_some(), "--fill-value"),
        (file.fill_gaps.is_some(), "--fill-gaps"),
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
        (grid.density_points.is_some(), "--density-points"),
        (grid.activation.is_some(), "--activation"),
        (!grid.point_shape.is_empty(), "--point-shape"),
    ];
    let idle = given.iter().find(|(given, _)| *given);
    idle.map_or(Ok(()), |(_, option)| {
        bail!(
            "{option} is for sources that can be evaluated anywhere; a file has its own points: leave it \
             out, or give --spacing and --origin if the file has no coordinates"
        )
    })
}

/// The grid of a source that can be evaluated anywhere, as requested.
pub fn grid_request(grid: &GridArguments) -> Result<GridRequest> {
    let other_metric = grid.metric.as_deref().is_some_and(|metric| metric != "plane");
    let idle = [
        (other_metric, "--metric"),
        (!grid.metric_datasets.is_empty(), "--metric-datasets"),
        (grid.radius.is_some(), "--radius"),
        (grid.thickness.is_some(), "--thickness"),
    ];
    let idle = idle.iter().find(|(given, _)| *given);
    if let Some((_, option)) = idle {
        bail!(
            "{option} is for files; a source that can be evaluated anywhere has a metric of its own, a sphere of radius 1 \
             or another, or a plane: leave it out"
        );
    }
    for (given, option) in [(&grid.spacing, "--spacing"), (&grid.origin, "--origin")] {
        ensure!(
            given.is_empty(),
            "{option} is for files; a source that can be evaluated anywhere takes --domain and --n"
        );
    }
    Ok(GridRequest {
        cells: grid.n.clone(),
        window: grid.domain.clone(),
        periodic: periodic_axes(&grid.periodic)?,
    })
}

/// What the options about a file mean.
pub fn file_request(
    field: &str,
    grid: &GridArguments,
    file: &FileArguments,
) -> Result<FileSeriesRequest> {
    let numbers = |list: &[f64]| (!list.is_empty()).then(|| list.to_vec());
    let fields = FileRequest {
        metric: grid.metric.as_deref().map(|name| match name {
            "sphere" => FileMetric::Sphere,
            "datasets" => FileMetric::Given,
            _ => FileMetric::Plane,
        }),
        datasets: file.datasets.clone(),
        axes: file.axes.clone(),
        select: file.select.iter().map(|text| selection(text)).collect::<Result<_>>()?,
        y_down: file.y.as_deref() == Some("down"),
        staggered: file.staggered,
        angle: file.angle.clone(),
        periodic: periodic_axes(&grid.periodic)?,
        spacing: numbers(&grid.spacing),
        origin: numbers(&grid.origin),
        allow_missing: file.mask.as_deref() == Some("nan"),
        mask: file.mask.clone().filter(|mask| mask != "nan"),
        fill_value: file.fill_value,
        ..FileRequest::new(field)
    };
    let metric = grid.metric_datasets.clone();
    let by_datasets = grid.metric.as_deref().map(|name| name == "datasets");
    ensure!(
        by_datasets.is_none_or(|by_datasets| by_datasets != metric.is_empty()),
        "--metric datasets and --metric-datasets SX,SY[,SZ],DX,DY[,DZ][,V] go together"
    );
    Ok(FileSeriesRequest {
        fields,
        density: file.density.clone(),
        root_density: file.times_root.clone(),
        metric,
        radius: grid.radius,
        thickness: grid.thickness.as_deref().and_then(Thickness::from_name),
        land: file.land,
        fill_gaps: file.fill_gaps,
        keep_ends: file.keep_ends,
    })
}

fn selection(text: &str) -> Result<Selection> {
    Selection::parse(text).with_context(|| {
        format!(
            "--select {text}: expected AXIS=VALUE, AXIS=FROM:TO or AXIS=[FROM:TO] with numbers or dates, such as level=500, lon=-60:0 or time=2001-01-03:2001-02-01"
        )
    })
}

/// The axes named by `--periodic`; `None` where the option was not given.
fn periodic_axes(names: &[String]) -> Result<Option<Vec<usize>>> {
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
