//! `hodge info`: what a file holds, what of it could be a field, and the command that decomposes it.

use super::args::{Common, InfoArguments, OutputFormat};
use super::exit::{self, Exit};
use super::info_commands::{self, Search, Way};
use super::info_record::{
    ArrayEntry, AxisInfo, CandidateEntry, FieldInfo, FileInfo, MaskEntry, OtherCommand,
};
use super::{hints, info_table, memory, terminal};
use crate::batch::{BatchRequest, expected};
use crate::grid::{AXIS_NAMES, Axis, Grid};
use crate::source::file::{ArraySummary, Candidate, FileField, inspect};
use crate::source::{AnySeries, FileSeriesRequest, Note, Series};
use anyhow::{Result, ensure};

pub fn run(arguments: &InfoArguments, common: &Common) -> Result<Exit> {
    let mut errors = Vec::new();
    for file in &arguments.files {
        match look_into(file) {
            Ok(info) => print(&info, common)?,
            Err(error) => errors.push(error),
        }
    }
    if errors.len() == 1 && arguments.files.len() == 1 {
        return Err(errors.remove(0));
    }
    errors.iter().for_each(|error| terminal::note(&format!("error: {}", exit::chain(error))));
    Ok(match errors.len() {
        0 => Exit::Done,
        n if n < arguments.files.len() => Exit::Partly,
        _ => Exit::Failed,
    })
}

fn print(info: &FileInfo, common: &Common) -> Result<()> {
    match common.format {
        OutputFormat::Json => terminal::print_json(&serde_json::to_string(info)?),
        OutputFormat::Table | OutputFormat::Csv => {
            terminal::print(&info_table::render(info, common.verbose))
        }
    }
    Ok(())
}

fn look_into(file: &str) -> Result<FileInfo> {
    let source = file.split_once(':').map(|(scheme, _)| scheme);
    let evaluated = ["analytic", "autoencoder", "onnx", "onnx-autoencoder"];
    ensure!(
        !source.is_some_and(|scheme| evaluated.contains(&scheme)),
        "{file} is no file: hodge info looks into files with fields (hodge list has the analytic cases)"
    );
    super::probe::ensure_readable(std::path::Path::new(file))?;
    let plain = info_commands::request(file, &Way::new())?;
    let found = inspect(&plain.fields)?;
    let Search { refusal, opened } = info_commands::search(file, &found, field);
    let mut opened = opened.into_iter();
    let (first, field) = opened.next().unzip();
    let masked = match (&first, &field) {
        (Some(way), Some(field)) => with_masks(file, way, field),
        _ => Vec::new(),
    };
    let others = masked.into_iter().chain(opened.map(|(way, _)| (way, String::new())));
    let other = |(way, difference)| OtherCommand {
        command: info_commands::command(file, &way),
        difference,
    };
    Ok(FileInfo {
        file: file.into(),
        arrays: found.arrays.iter().map(array_entry).collect(),
        candidates: found.candidates.iter().map(candidate_entry).collect(),
        field,
        refusal: refusal.map(|error| exit::chain(&error)),
        command: first.map(|way| info_commands::command(file, &way)),
        other_commands: others.map(other).collect(),
    })
}

/// The options with each of the masks that could be meant, if the field opens under it, and what it does.
fn with_masks(file: &str, way: &Way, found: &FieldInfo) -> Vec<(Way, String)> {
    let mut masked = Vec::new();
    for MaskEntry { name, nonzero_cells, .. } in &found.masks {
        let with = info_commands::with_mask(way, name);
        let request = info_commands::request(file, &with);
        if request.is_ok_and(|request| field(&request).is_ok()) {
            let cells = found.cells;
            let words = format!("only where {name} is not 0: {nonzero_cells} of {cells} cells");
            masked.push((with, words));
        }
    }
    masked
}

fn array_entry(array: &ArraySummary) -> ArrayEntry {
    ArrayEntry {
        name: array.name.clone(),
        shape: array.shape.clone(),
        dimensions: array.dimensions.clone(),
        holds: array.holds.clone(),
        units: array.units.clone(),
        standard_name: array.standard_name.clone(),
        long_name: array.long_name.clone(),
    }
}

fn candidate_entry(candidate: &Candidate) -> CandidateEntry {
    CandidateEntry { datasets: candidate.datasets.clone(), on_faces: candidate.on_faces }
}

/// The first field of a request as `hodge decompose` would take it.
fn field(request: &FileSeriesRequest) -> Result<FieldInfo> {
    match AnySeries::of_file(request)? {
        AnySeries::Plane(series) => of_series(&*series, request),
        AnySeries::Space(series) => of_series(&*series, request),
    }
}

fn of_series<const D: usize>(
    series: &dyn Series<D>,
    request: &FileSeriesRequest,
) -> Result<FieldInfo> {
    let extent = series.extent()?;
    let decompose = BatchRequest { every_convention: true, ..BatchRequest::default() };
    let bytes = expected(&extent, &decompose).map_err(memory::with_options)?.bytes;
    let sample = series.item(0, None, Default::default(), None)?;
    let found = inspect(&request.fields)?;
    let file = found.field?;
    let cells = sample.domain.grid().cells();
    let geometry = sample.domain.geometry();
    let left_out = request.fields.allow_missing && request.fields.mask.is_none();
    let missing_cells = if left_out { cells - sample.domain.active_cells() } else { 0 };
    let notes = sample.provenance.notes.iter().chain(&sample.provenance.warnings);
    let masks = found.masks.iter().map(|mask| MaskEntry {
        name: mask.name.clone(),
        nonzero_cells: mask.nonzero,
        only_0_and_1: mask.binary,
    });
    Ok(FieldInfo {
        datasets: file.datasets().to_vec(),
        on_faces: file.is_staggered(),
        axes: file.axes(),
        dimensions: D,
        units: sample.units.clone(),
        holds: file.number_type().name(),
        fields: file.samples(),
        first_label: file.label(0),
        last_label: file.label(file.samples() - 1),
        coordinates: axes(sample.domain.grid(), &file, request, &sample.provenance.notes),
        metric: geometry.name(),
        radius: geometry.radius(),
        cells,
        missing_cells,
        masks: masks.collect(),
        expected_memory_bytes: bytes,
        notes: notes.map(hints::note).collect(),
    })
}

fn axes<const D: usize>(
    grid: &Grid<D>,
    file: &FileField,
    request: &FileSeriesRequest,
    notes: &[Note],
) -> Vec<AxisInfo> {
    let info = |k: usize| {
        let axis = &grid.axes()[k];
        let n = axis.cells();
        let steps = (1..n).map(|i| axis.point(i) - axis.point(i - 1));
        let width = [axis.width(0)];
        let steps: Vec<f64> = if n > 1 { steps.collect() } else { width.to_vec() };
        AxisInfo {
            axis: AXIS_NAMES[k],
            points: n,
            first: axis.point(0),
            last: axis.point(n - 1),
            least_spacing: if axis.is_uneven() { least(&steps) } else { axis.spacing },
            greatest_spacing: if axis.is_uneven() { greatest(&steps) } else { axis.spacing },
            units: file.axis_units()[k].clone(),
            periodic: !axis.bounded(),
            ends: ends(k, axis, request, notes),
        }
    };
    (0..D).map(info).collect()
}

fn least(steps: &[f64]) -> f64 {
    steps.iter().copied().fold(f64::INFINITY, f64::min)
}

fn greatest(steps: &[f64]) -> f64 {
    steps.iter().copied().fold(0.0, f64::max)
}

/// Whether an axis is periodic, and by what.
fn ends(k: usize, axis: &Axis, request: &FileSeriesRequest, notes: &[Note]) -> String {
    let sphere = notes.iter().find_map(|note| match note {
        Note::Sphere { poles, .. } => Some(*poles),
        _ => None,
    });
    let asked = request.fields.periodic.is_some();
    let words = match (axis.bounded(), sphere) {
        (false, _) if notes.contains(&Note::OneCell(k)) => "periodic: one cell",
        (false, _) if asked => "periodic: by the option",
        (false, Some(_)) if k == 0 => "periodic: once round the globe",
        (false, _) => "periodic: as the file of results says",
        (true, Some([true, true])) if k == 1 => "from pole to pole",
        (true, Some([true, false])) if k == 1 => "from the south pole to a wall",
        (true, Some([false, true])) if k == 1 => "from a wall to the north pole",
        (true, _) if asked => "walls: by the option",
        (true, _) => "walls",
    };
    words.into()
}
