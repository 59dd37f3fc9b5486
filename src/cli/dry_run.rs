//! What a run would do, said without doing it.

use super::args::{Common, OutputFormat};
use super::exit::{self, Exit};
use super::memory;
use super::table_words::line;
use super::terminal::{self, escape};
use super::told::Terminal;
use super::way::Pair;
use crate::batch::{BatchRequest, Expected, Shard, expected, expected_file_bytes};
use crate::machine::size_in_words;
use crate::output::{Results, Study};
use crate::source::{AnySeries, Extent, Series};
use anyhow::Result;
use serde::Serialize;
use std::path::PathBuf;

/// What is going to be done.
#[derive(Debug, Serialize)]
struct Plan {
    output: Option<PathBuf>,
    /// Of the output; at most, where it is to be compressed.
    file_bytes: Option<f64>,
    fields: usize,
    finished_before: usize,
    series: Vec<SeriesPlan>,
    failed_inputs: Vec<String>,
    skipped: Vec<String>,
}

/// The fields of one domain, in one way.
#[derive(Debug, Serialize)]
struct SeriesPlan {
    name: String,
    /// Along x, y[, z].
    cells: Vec<usize>,
    fields: usize,
    /// Of them, by a run that was killed or stopped.
    finished_before: usize,
    method: &'static str,
    /// None where it depends on a mask that is not read yet, or all are asked for.
    boundary: Option<&'static str>,
    all_boundaries: bool,
    backend: Option<&'static str>,
    memory_bytes: f64,
    file_bytes: f64,
}

/// Prints what would be done; nothing is written.
pub fn show(
    pairs: &[Pair<'_>],
    (study, terminal, skipped): (&Study, Terminal<'_>, Vec<String>),
    common: &Common,
) -> Result<Exit> {
    let Some(Pair { way, .. }) = pairs.first() else {
        let failed: Vec<String> = terminal.failures.iter().map(exit::chain).collect();
        anyhow::bail!("no field can be opened: {}", failed.join("; "));
    };
    let arguments = &way.arguments;
    let output = arguments.output.clone();
    let before = match &output {
        Some(path) => Results::finished_before(path, arguments.overwrite, (study, pairs.len()))?,
        None => vec![0; pairs.len()],
    };
    let all: usize = pairs.iter().map(|pair| pair.series.count()).sum();
    // One series is written in place, several are put together without what is zero.
    let zeros = (all > 1 || arguments.shard.is_some()) && pairs.len() == 1;
    let single = arguments.content.precision == "f32";
    let series =
        pairs.iter().zip(before).map(|(pair, before)| of_pair(pair, before, (zeros, single)));
    let series = series.collect::<Result<Vec<_>>>()?;
    let plan = Plan {
        file_bytes: output.is_some().then(|| series.iter().map(|series| series.file_bytes).sum()),
        output,
        fields: series.iter().map(|series| series.fields).sum(),
        finished_before: series.iter().map(|series| series.finished_before).sum(),
        series,
        failed_inputs: terminal.failures.iter().map(exit::chain).collect(),
        skipped,
    };
    match common.format {
        OutputFormat::Json => terminal::print_json(&serde_json::to_string(&plan)?),
        OutputFormat::Table => terminal::print(&table(&plan, arguments.content.deflate.is_some())),
        OutputFormat::Csv => anyhow::bail!(
            "--format csv is for the evidence of fields; --dry-run prints table or json"
        ),
    }
    Ok(Exit::Done)
}

fn of_pair(pair: &Pair<'_>, before: usize, how: (bool, bool)) -> Result<SeriesPlan> {
    let request = &pair.way.job.request;
    match pair.series {
        AnySeries::Plane(series) => of_series(pair.name, &**series, request, before, how),
        AnySeries::Space(series) => of_series(pair.name, &**series, request, before, how),
    }
}

fn of_series<const D: usize>(
    name: &str,
    series: &dyn Series<D>,
    request: &BatchRequest,
    finished_before: usize,
    (zeros, single): (bool, bool),
) -> Result<SeriesPlan> {
    let extent: Extent<D> = series.extent()?;
    let found: Expected = expected(&extent, request).map_err(memory::with_options)?;
    let count = series.count();
    let fields = request.shard.map_or(count, |shard: Shard| shard.rows(count).len());
    Ok(SeriesPlan {
        name: format!("{name}{}", request.label),
        cells: extent.grid.shape().to_vec(),
        fields,
        finished_before,
        method: found.method.name(),
        boundary: found.boundary.map(|boundary| boundary.name()),
        all_boundaries: request.choice.all,
        backend: found.backend.map(|backend| backend.name()),
        memory_bytes: found.bytes,
        // A part has room for all fields, so that parts can be put together.
        file_bytes: expected_file_bytes(&extent, request, &found, (count, zeros), single),
    })
}

fn table(plan: &Plan, compressed: bool) -> String {
    let mut out = String::new();
    for series in &plan.series {
        let cells: Vec<_> = series.cells.iter().map(usize::to_string).collect();
        let boundary = match (series.boundary, series.all_boundaries) {
            (_, true) => "every boundary",
            (Some(name), _) => name,
            (None, _) => "boundary as the mask has it",
        };
        let backend = series.backend.map_or(String::new(), |name| format!(", {name}"));
        line(&mut out, format_args!("{}", escape(&series.name)));
        let (fields, before) = (series.fields, series.finished_before);
        let done =
            if before > 0 { format!(", {before} of them finished before") } else { String::new() };
        let (fields, cells) = (counted(fields), cells.join(" x "));
        line(&mut out, format_args!("  {fields} of {cells} cells{done}"));
        line(&mut out, format_args!("  {}, {boundary}{backend}", series.method));
        let memory = size_in_words(series.memory_bytes);
        line(&mut out, format_args!("  about {memory} of memory at the peak"));
    }
    for (what, lines) in [("cannot be opened", &plan.failed_inputs), ("skipped", &plan.skipped)] {
        lines.iter().for_each(|text| line(&mut out, format_args!("{what}: {}", escape(text))));
    }
    let left = counted(plan.fields - plan.finished_before);
    match (&plan.output, plan.file_bytes) {
        (Some(path), Some(bytes)) => {
            let most = if compressed { "at most" } else { "about" };
            let (path, size) = (path.display().to_string(), size_in_words(bytes));
            line(&mut out, format_args!("{left} to do, {most} {size} in {}", escape(&path)));
        }
        _ => line(&mut out, format_args!("{left} to do, no file")),
    }
    out
}

fn counted(fields: usize) -> String {
    if fields == 1 { "1 field".into() } else { format!("{fields} fields") }
}
