//! `hodge compare`: several methods on one field.

mod chosen;
mod file;
mod json;
mod known;
mod page;
mod sizes;
mod table;
mod words;

use super::args::{Common, OutputFormat};
use super::args_compare::{CompareArguments, Noise};
use super::exit::Exit;
use super::outputs::Places;
use super::progress::Progress;
use super::{hints, input, interrupt, memory, terminal};
use crate::decomposition::DecomposeError;
use crate::field::{Layout, Way};
use crate::source::{AnySeries, Sample, Series};
use crate::validation::comparison::{
    Candidate, Comparison, Entry, Estimate, Given, NoEstimate, Spread, compare, component_rms,
    estimate, spread,
};
use anyhow::{Result, ensure};
use sizes::OnSize;

/// Everything that was found about a field.
struct Found<const D: usize> {
    sample: Sample<D>,
    comparison: Comparison<D>,
    /// One for each entry, of the first if the program was told to end: an estimate, or why there is none.
    estimates: Vec<Result<Estimate, NoEstimate>>,
    /// One for each entry, of the first likewise: a spread, or why fields with noise have none.
    spreads: Vec<Result<Spread, DecomposeError>>,
    /// Of every size, coarse to fine.
    sizes: Vec<OnSize>,
}

pub fn run(arguments: &CompareArguments, common: &Common) -> Result<Exit> {
    let places = Places::new(arguments.overwrite)
        .result("-o", arguments.output.as_deref())
        .page("--report", arguments.report.as_deref())
        .field(&arguments.field, &arguments.grid, &arguments.file);
    places.check()?;
    interrupt::watch();
    input::check_options(&arguments.field, &arguments.grid, &arguments.file)?;
    ensure!(
        arguments.sizes.is_empty() || known::is_evaluated(&arguments.field),
        "--sizes is for sources that can be evaluated anywhere; a file has the points it has (--estimate takes fewer of them)"
    );
    let mut grid = arguments.grid.clone();
    if let Some(finest) = arguments.sizes.iter().max() {
        grid.n = vec![*finest];
    }
    let series = input::open(&arguments.field, &grid, &arguments.file)?;
    ensure!(
        series.count() == 1,
        "compare takes one field, and {} has {} (--select picks one)",
        arguments.field,
        series.count()
    );
    if !common.quiet {
        series.notes().iter().for_each(|note| terminal::note(&hints::note(note)));
    }
    match series {
        AnySeries::Plane(series) => on(&*series, arguments, common),
        AnySeries::Space(series) => on(&*series, arguments, common),
    }
}

fn on<const D: usize>(
    series: &dyn Series<D>,
    arguments: &CompareArguments,
    common: &Common,
) -> Result<Exit>
where
    (): known::Cases<D>,
{
    let extent = series.extent()?;
    memory::check_fields(extent.grid.cells() * D, FIELDS)?;
    let sample = series.item(0, Some(Layout::Points), Way::default(), None)?;
    ensure!(
        sample.density.is_none(),
        "compare knows no density: leave --density out, or use hodge decompose"
    );
    let (candidates, costly) = chosen::candidates(&arguments.methods, &sample.domain)?;
    let repeats = usize::from(arguments.estimate) + usize::from(arguments.noise.is_some());
    let work = candidates.len() * (1 + repeats + arguments.sizes.len().saturating_sub(1));
    let progress = Progress::new(work, common.quiet);
    let mut found = find(sample, &candidates, arguments, &progress)?;
    found.comparison.left_out.extend(costly);
    drop(progress);
    if found.comparison.entries.is_empty() && interrupt::asked() {
        terminal::note("ended before the first method was done: there is nothing to compare");
        return Ok(Exit::Partly);
    }
    if found.comparison.entries.is_empty() {
        let reasons: Vec<String> = found.comparison.left_out.iter().map(words::left_out).collect();
        anyhow::bail!("no method fits this field: {}", reasons.join("; "));
    }
    match common.format {
        OutputFormat::Json => terminal::print_json(&json::record(&found, arguments)?),
        OutputFormat::Table | OutputFormat::Csv => terminal::print(&table::table(&found)),
    }
    if let Some(path) = &arguments.output {
        file::write(&found, path, arguments.overwrite, common)?;
    }
    if let Some(path) = &arguments.report {
        page::write(&found, path, arguments.overwrite)?;
        terminal::wrote(path, common.quiet);
    }
    let entries = &found.comparison.entries;
    let broken = entries.iter().any(|entry| !entry.report.claims_hold());
    Ok(if broken || interrupt::asked() { Exit::Partly } else { Exit::Done })
}

/// Fields of memory beside the work of one method: input, parts of every method, pictures.
const FIELDS: f64 = 60.0;

fn find<const D: usize>(
    sample: Sample<D>,
    candidates: &[Candidate],
    arguments: &CompareArguments,
    progress: &Progress,
) -> Result<Found<D>>
where
    (): known::Cases<D>,
{
    let exact = known::exact(&arguments.field, &sample);
    let given = Given {
        domain: &sample.domain,
        samples: &sample.points,
        exact: exact.as_ref().map(|exact| &**exact as _),
    };
    let mut begun = 0;
    let comparison = compare(&given, candidates, &mut |name| {
        progress.say(name);
        if begun > 0 {
            progress.step();
        }
        begun += 1;
        !interrupt::asked()
    });
    let entries = || comparison.entries.iter().take_while(|_| !interrupt::asked());
    let estimates = match arguments.estimate {
        true => entries().map(|one| told(progress, one, || estimate(&given, one))).collect(),
        false => Vec::new(),
    };
    let spreads = match arguments.noise {
        Some(noise) => {
            let sigma = match noise {
                Noise::Absolute(sigma) => sigma,
                Noise::Relative(share) => share * component_rms(&given),
            };
            let noise = (sigma, arguments.repeats, arguments.seed);
            let spread = |one| told(progress, one, || spread(&given, one, noise));
            entries().map(spread).collect()
        }
        None => Vec::new(),
    };
    let sizes = sizes::on_sizes(arguments, &comparison.entries, progress)?;
    drop(exact);
    Ok(Found { sample, comparison, estimates, spreads, sizes })
}

fn told<const D: usize, T>(progress: &Progress, entry: &Entry<D>, work: impl FnOnce() -> T) -> T {
    progress.say(entry.name());
    let found = work();
    progress.step();
    found
}
