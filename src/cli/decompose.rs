//! `hodge decompose`: every field to its parts.

use super::args::{Common, DecomposeArguments, OutputFormat};
use super::exit::{self, Exit};
use super::job::Job;
use super::outputs::{Places, create};
use super::progress::Progress;
use super::record::{Timed, periodic_axes};
use super::table_series::SeriesTable;
use super::{hints, input, interrupt, memory, table, terminal};
use crate::batch::{Batch, Failure, Finished, Observer, Tally};
use crate::decomposition::Watch;
use crate::grid::Grid;
use crate::machine::peak_memory_bytes;
use crate::output::OutputError;
use crate::source::{AnySeries, Sample};
use anyhow::{Result, bail, ensure};
use serde_json::{Map, Value};
use std::error::Error;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

/// Bytes of a pixel of a picture while it is drawn and packed.
const PIXEL: f64 = 12.0;

/// A run over the fields that were named.
struct DecomposeRun<'a> {
    job: &'a Job,
    batch: Batch<'a>,
    terminal: Terminal<'a>,
    /// The output and every input, which no picture may be.
    places: Places,
}

/// What a run says and draws while it goes on.
struct Terminal<'a> {
    job: &'a Job,
    progress: Progress,
    /// Results go to a file.
    written: bool,
    /// The field at hand.
    name: String,
    /// Fields that had one line.
    lines: SeriesTable,
    failures: Vec<anyhow::Error>,
    /// The disk of the pictures failed: continuing would be pointless.
    stopped: bool,
}

pub fn run(arguments: &DecomposeArguments, common: &Common) -> Result<Exit> {
    let job = Job::new(arguments, common)?;
    ensure!(
        !arguments.overwrite || arguments.output.is_some() || arguments.picture.picture.is_some(),
        "--overwrite applies to files, and none is written: add -o or --picture"
    );
    input::refuse_components(&arguments.fields, &arguments.file)?;
    let places = Places::new(arguments.overwrite).result("-o", arguments.output.as_deref());
    let read =
        |places: Places, field: &String| places.field(field, &arguments.grid, &arguments.file);
    let places = arguments.fields.iter().fold(places, read);
    places.clone().picture("--picture", arguments.picture.picture.as_deref()).check()?;
    interrupt::watch();
    let sink = match &arguments.output {
        Some(path) => Some(create(path, arguments.overwrite, &arguments.content, common)?),
        None => None,
    };
    let terminal = Terminal {
        job: &job,
        progress: Progress::new(arguments.fields.len(), common.quiet),
        written: sink.is_some(),
        name: String::new(),
        lines: SeriesTable::default(),
        failures: Vec::new(),
        stopped: false,
    };
    let batch = Batch::new(&job.request, sink);
    let mut run = DecomposeRun { job: &job, batch, terminal, places };
    for field in &arguments.fields {
        run.input(field, arguments);
    }
    run.finish()
}

impl DecomposeRun<'_> {
    /// Opens one input and decomposes its fields.
    fn input(&mut self, field: &str, arguments: &DecomposeArguments) {
        if !self.batch.goes_on(&self.terminal) {
            return;
        }
        let opened = input::open(field, &arguments.grid, &arguments.file);
        let opened = opened.and_then(|series| self.prepare(field, series));
        match opened {
            Err(error) => self.terminal.failures.push(error.context(field.to_string())),
            Ok(series) => self.batch.run(field, &series, &mut self.terminal),
        }
    }

    /// Says what was found, and refuses pictures that cannot be drawn.
    fn prepare(&self, field: &str, series: AnySeries) -> Result<AnySeries> {
        let progress = &self.terminal.progress;
        if !self.job.quiet {
            let note = |note| progress.note(&format!("{field}: {}", hints::note(note)));
            series.notes().iter().for_each(note);
        }
        progress.extend(series.count() - 1);
        match &series {
            AnySeries::Plane(_) => self.check_pictures(2, series.count())?,
            AnySeries::Space(_) => self.check_pictures(3, series.count())?,
        }
        Ok(series)
    }

    /// The pictures of the next fields, before any of them is computed.
    fn check_pictures(&self, dimensions: usize, count: usize) -> Result<()> {
        let Some(picture) = &self.job.picture else { return Ok(()) };
        let done = self.batch.tally().done;
        (done..done + count).filter(|index| picture.is_due(*index)).try_for_each(|index| {
            picture.check_dimension(dimensions)?;
            let path = picture.place(index);
            self.places.clone().picture("--picture", Some(&path)).check()
        })
    }

    fn finish(self) -> Result<Exit> {
        let DecomposeRun { batch, mut terminal, .. } = self;
        let tally = batch.tally();
        let single = tally.done + terminal.failures.len() == 1;
        if single && let Some(error) = terminal.failures.pop() {
            return Err(error);
        }
        for failure in exit::merged(&terminal.failures) {
            terminal.progress.note(&format!("error: {failure}"));
        }
        if tally.done == 0 && !terminal.failures.is_empty() && !tally.left {
            bail!(
                "none of {} fields could be decomposed; nothing was written",
                terminal.failures.len()
            );
        }
        let file = batch.into_file();
        let kept = if file.is_some() { " and are kept" } else { "" };
        if let Some(file) = file {
            terminal.wrote(&file.finish()?);
        }
        Ok(terminal.exit(tally, kept))
    }
}

impl Terminal<'_> {
    /// Draws a field if its turn is a picture's.
    fn draw<const D: usize>(&mut self, field: &mut Finished<'_, D>) {
        let Some(picture) = &self.job.picture else { return };
        if picture.is_due(field.number) {
            let start = Instant::now();
            let (path, overwrite) = (picture.place(field.number), self.job.overwrite);
            let drawn = picture.draw(&path, overwrite, field.sample, field.parts, &field.report);
            field.seconds.write += start.elapsed().as_secs_f64();
            match drawn {
                Ok(path) => self.wrote(&path),
                Err(error) => self.fail(error),
            }
        } else if field.number == 1 && !self.job.quiet {
            self.progress
                .note("the picture shows the first field only; --picture-all draws them all");
        }
    }

    /// The field at hand, finished otherwise, has no picture or no words.
    fn fail(&mut self, error: anyhow::Error) {
        let output = error.chain().find_map(|cause| cause.downcast_ref::<OutputError>());
        self.stopped |= output.is_some_and(OutputError::ends_writing);
        self.failures.push(error.context(self.name.clone()));
    }

    /// Prints about one field: a table, or a line if it is one of a series.
    fn print(&mut self, timed: Timed, number: usize, of_series: bool) -> Result<()> {
        match self.job.format {
            OutputFormat::Json => {
                terminal::print_json(&serde_json::to_string(&timed)?);
                if !self.job.quiet {
                    let name = &timed.name;
                    let warnings = timed.report.warnings.iter();
                    warnings.for_each(|w| self.progress.note(&format!("warning: {name}: {w}")));
                }
            }
            OutputFormat::Table if of_series && !self.job.verbose => {
                terminal::print(&self.lines.line(&timed));
            }
            OutputFormat::Table => {
                let space = if number > 0 { "\n" } else { "" };
                let table = table::render(&timed, self.job.verbose);
                terminal::print(&format!("{space}{table}"));
                self.lines.interrupted();
            }
        }
        Ok(())
    }

    fn wrote(&self, path: &Path) {
        if !self.job.quiet {
            self.progress.note(&format!("wrote {}", path.display()));
        }
    }

    /// How the run ended; prints a line unless all went well.
    fn exit(&self, tally: Tally, kept: &str) -> Exit {
        let Tally { done, broken, left, .. } = tally;
        let stopped = tally.stopped || self.stopped;
        let cut = left && (interrupt::asked() || stopped);
        if cut {
            let how = if stopped { "stopped" } else { "interrupted" };
            self.progress.note(&format!("{how}: {done} fields were finished{kept}"));
        }
        self.lines.finish(done);
        if broken > 0 {
            self.progress.note(&format!("error: {broken} of {done} fields break a claim"));
        }
        let whole = self.failures.is_empty() && !cut && broken == 0;
        if whole { Exit::Done } else { Exit::Partly }
    }
}

impl Observer for Terminal<'_> {
    /// The user or a failure stopped the run, or nobody reads its results.
    fn stops(&self) -> bool {
        let unread = terminal::ended() && !self.written && self.job.picture.is_none();
        self.stopped || interrupt::asked() || unread
    }

    fn bytes<const D: usize>(&self, _grid: &Grid<D>) -> f64 {
        self.job.picture.as_ref().map_or(0.0, |picture| PIXEL * picture.most_pixels())
    }

    fn begins(&mut self, name: &str) {
        self.progress.say(name);
        self.name = name.into();
    }

    fn watch(&self) -> Option<Arc<dyn Watch>> {
        Some(Arc::new(self.progress.watch(
            &self.name,
            self.job.request.harmonic_basis,
            self.job.quiet,
        )))
    }

    fn read<const D: usize>(
        &mut self,
        sample: &mut Sample<D>,
        number: usize,
    ) -> Result<(), Box<dyn Error + Send + Sync>> {
        let picture = self.job.picture.as_ref().filter(|picture| picture.is_due(number));
        picture.map(|picture| picture.plane(sample.domain.grid())).transpose()?;
        Ok(())
    }

    fn attributes<const D: usize>(&self, sample: &Sample<D>) -> Map<String, Value> {
        let notes: Vec<String> = sample.provenance.all_notes().map(hints::note).collect();
        Map::from_iter([("notes".to_string(), notes.into())])
    }

    fn finished<const D: usize>(&mut self, mut field: Finished<'_, D>) {
        self.draw(&mut field);
        let Finished { sample, mut report, seconds, number, of_series, .. } = field;
        let warnings = report.warnings.iter_mut().zip(&sample.provenance.warnings);
        warnings.for_each(|(words, note)| *words = hints::note(note));
        let timed = Timed {
            name: sample.name.clone(),
            notes: sample.provenance.all_notes().map(hints::note).collect(),
            cells: sample.provenance.cells.iter().map(hints::note).collect(),
            periodic_axes: periodic_axes(&sample.domain),
            report,
            seconds,
            peak_memory_bytes: peak_memory_bytes(),
        };
        if let Err(error) = self.print(timed, number, of_series) {
            self.fail(error);
        }
        self.progress.step();
    }

    fn failed(&mut self, Failure { name, error }: Failure) {
        self.failures.push(memory::with_options(error).context(name));
        self.progress.step();
    }
}
