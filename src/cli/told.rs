//! What `hodge decompose` says and draws while it goes on.

use super::args::OutputFormat;
use super::exit::{self, Exit};
use super::job::Job;
use super::outputs::Places;
use super::progress::Progress;
use super::record::{Timed, periodic_axes};
use super::table_series::SeriesTable;
use super::{hints, interrupt, memory, table, terminal};
use crate::batch::{Batch, Closed, Failure, Finished, Observer, Tally};
use crate::decomposition::Watch;
use crate::grid::Grid;
use crate::machine::peak_memory_bytes;
use crate::output::OutputError;
use crate::source::{AnySeries, Sample};
use anyhow::{Result, bail};
use serde_json::{Map, Value};
use std::error::Error;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

/// Bytes of a pixel of a picture while it is drawn and packed.
const PIXEL: f64 = 12.0;

/// What a run says and draws while it goes on.
pub struct Terminal<'a> {
    pub job: &'a Job,
    pub progress: Progress,
    /// Results go to a file.
    written: bool,
    /// The field at hand.
    name: String,
    /// Fields that had one line.
    lines: SeriesTable,
    pub failures: Vec<anyhow::Error>,
    /// The disk of the pictures failed: continuing would be pointless.
    stopped: bool,
}

impl Terminal<'_> {
    /// Nothing said yet; `written` says whether results go to a file.
    pub fn new(job: &Job, quiet: bool, written: bool) -> Terminal<'_> {
        Terminal {
            job,
            progress: Progress::new(0, quiet),
            written,
            name: String::new(),
            lines: SeriesTable::default(),
            failures: Vec::new(),
            stopped: false,
        }
    }

    /// Refuses pictures that cannot be drawn, before any field is computed.
    pub fn check_pictures(&self, series: &[(String, AnySeries)], places: &Places) -> Result<()> {
        let Some(picture) = &self.job.picture else { return Ok(()) };
        let mut first = 0;
        for (_, series) in series {
            let dimensions = if matches!(series, AnySeries::Plane(_)) { 2 } else { 3 };
            let numbers = first..first + series.count();
            first = numbers.end;
            for index in numbers.filter(|index| picture.is_due(*index)) {
                picture.check_dimension(dimensions)?;
                let path = picture.place(index);
                places.clone().picture("--picture", Some(&path)).check()?;
            }
        }
        Ok(())
    }

    pub fn finish(mut self, batch: Batch<'_>) -> Result<Exit> {
        let tally = batch.tally();
        let single = tally.done + self.failures.len() == 1;
        if single && let Some(error) = self.failures.pop() {
            batch.close()?;
            return Err(error);
        }
        for failure in exit::merged(&self.failures) {
            self.progress.note(&format!("error: {failure}"));
        }
        let closed = batch.close()?;
        if tally.done + tally.before == 0 && !self.failures.is_empty() && !tally.left {
            bail!(
                "none of {} fields could be decomposed; nothing was written",
                self.failures.len()
            );
        }
        if tally.done + tally.before + tally.failed == 0 && self.job.request.shard.is_some() {
            self.progress.note("this part of the study has no fields; nothing was written");
        }
        let kept = match closed {
            Closed::Nothing => String::new(),
            Closed::File(path) => {
                self.wrote(&path);
                " and are kept".into()
            }
            Closed::Unfinished(folder) => {
                format!(
                    " and are kept in {}; the same command goes on from there",
                    folder.display()
                )
            }
        };
        Ok(self.exit(tally, &kept))
    }

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
            self.progress
                .note(&format!("{how}: {} fields were finished{kept}", done + tally.before));
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

    /// The first is drawn.
    fn any_order(&self) -> bool {
        self.job.picture.is_none()
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
