//! `hodge decompose`: every field to its parts, one plan as long as the domain stays the same.

use super::args::{Common, DecomposeArguments, OutputFormat};
use super::exit::{self, Exit};
use super::job::Job;
use super::outputs::{Places, create};
use super::planned::Planned;
use super::progress::Progress;
use super::record::{Seconds, Timed, periodic_axes, timed};
use super::table_series::SeriesTable;
use super::written::write_while_measured;
use super::{hints, input, interrupt, memory, table, terminal};
use crate::decomposition::{ByConvention, Decompose, Decomposition, Friedrichs, Method};
use crate::diagnostic::{Report, circulations, measure_every};
use crate::field::ScalarField;
use crate::machine::peak_memory_bytes;
use crate::output::{FieldGroup, OutputError, Record, ResultFile};
use crate::source::{AnySeries, Sample, Series};
use anyhow::{Result, bail, ensure};
use std::collections::HashSet;
use std::path::Path;

/// What a run has done so far.
struct DecomposeRun<'a> {
    job: &'a Job,
    progress: Progress,
    /// The output and every input, which no picture may be.
    places: Places,
    sink: Option<ResultFile>,
    names: HashSet<String>,
    done: usize,
    /// Fields whose parts break a claim.
    broken: usize,
    /// Fields that had one line.
    lines: SeriesTable,
    failures: Vec<anyhow::Error>,
    /// The disk or a file failed: going on would be in vain.
    stopped: bool,
    /// Fields were left undone.
    left: bool,
    /// The output file has its name.
    written: bool,
}

pub fn run(arguments: &DecomposeArguments, common: &Common) -> Result<Exit> {
    let job = Job::new(arguments, common)?;
    ensure!(
        !arguments.overwrite || arguments.output.is_some() || arguments.picture.picture.is_some(),
        "--overwrite replaces files, and none is written: name one with -o or --picture"
    );
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
    let mut run = DecomposeRun {
        job: &job,
        progress: Progress::new(arguments.fields.len(), common.quiet),
        places,
        sink,
        names: HashSet::new(),
        done: 0,
        broken: 0,
        lines: SeriesTable::default(),
        failures: Vec::new(),
        stopped: false,
        left: false,
        written: false,
    };
    for field in &arguments.fields {
        run.input(field, arguments);
    }
    run.finish()
}

impl DecomposeRun<'_> {
    /// Opens one input and decomposes its fields.
    fn input(&mut self, field: &str, arguments: &DecomposeArguments) {
        if self.is_over() {
            self.left = true;
            return;
        }
        let opened = input::open(field, &arguments.grid, &arguments.file);
        match opened.map_err(|error| error.context(field.to_string())) {
            Err(error) => self.failures.push(error),
            Ok(input) => {
                if !self.job.quiet {
                    let notes = input.notes();
                    let note =
                        |note| self.progress.note(&format!("{field}: {}", hints::note(note)));
                    notes.iter().for_each(note);
                }
                self.progress.extend(input.count() - 1);
                match &input {
                    AnySeries::Plane(series) => self.series(field, &**series),
                    AnySeries::Space(series) => self.series(field, &**series),
                }
            }
        }
    }

    /// Whether nothing is left to be done: the user or a failure stopped the run, or nobody takes
    /// its results.
    fn is_over(&self) -> bool {
        let unread = terminal::ended() && self.sink.is_none() && self.job.picture.is_none();
        self.stopped || interrupt::asked() || unread
    }

    /// Every field of one input; a field that fails does not stop the others.
    fn series<const D: usize>(&mut self, field: &str, series: &dyn Series<D>) {
        let fits = memory::check_decompose(series, self.job);
        if let Err(error) = fits.and_then(|()| self.check_pictures::<D>(series.count())) {
            self.failures.push(error.context(field.to_string()));
            return;
        }
        let (mut plan, mut last) = (None, None);
        for index in 0..series.count() {
            if self.is_over() {
                self.left = true;
                return;
            }
            let name = if series.count() > 1 { format!("{field} [{index}]") } else { field.into() };
            self.progress.say(name.clone());
            if let Err(error) = self.one(series, index, (&mut plan, &mut last)) {
                let output = error.chain().find_map(|cause| cause.downcast_ref::<OutputError>());
                self.stopped |= output.is_some_and(OutputError::ends_writing);
                self.failures.push(error.context(name));
            }
            self.progress.step();
        }
    }

    /// The pictures of the next fields, before any of them is computed.
    fn check_pictures<const D: usize>(&self, count: usize) -> Result<()> {
        let Some(picture) = &self.job.picture else { return Ok(()) };
        let due = self.done..self.done + count;
        due.filter(|index| picture.is_due(*index)).try_for_each(|index| {
            picture.check_dimension(D)?;
            let path = picture.place(index);
            self.places.clone().picture("--picture", Some(&path)).check()
        })
    }

    fn one<const D: usize>(
        &mut self,
        series: &dyn Series<D>,
        index: usize,
        (slot, last): (&mut Option<Planned<D>>, &mut Option<Sample<D>>),
    ) -> Result<()> {
        let mut seconds = Seconds::default();
        let layout = self.job.choice.method.map(Method::layout);
        let mut item = timed(&mut seconds.read, || {
            series.item(index, layout, self.job.way.unwrap_or_default(), last.take())
        })?;
        item.name = self.unused(item.name);
        let picture = self.job.picture.as_ref().filter(|picture| picture.is_due(self.done));
        picture.map(|picture| picture.plane(item.domain.grid())).transpose()?;
        let planned = timed(&mut seconds.plan, || self.plan(&item, slot))?;
        let mut parts = planned.spare_parts();
        let planned = &*planned;
        let plan = planned.decompose();
        let field = item.field();
        timed(&mut seconds.decompose, || plan.decompose_into(field, &mut parts))?;
        parts.way = self.job.way.unwrap_or_default();
        let by = timed(&mut seconds.decompose, || planned.by_convention(field, &parts))?;
        let measure = || report(&item, planned, &parts, by.as_ref());
        let (vector_potential, friedrichs) =
            timed(&mut seconds.decompose, || self.extras(plan, &parts))?;
        let notes: Vec<String> = item.provenance.notes.iter().map(hints::note).collect();
        let written = by.as_ref().filter(|_| self.job.choice.all);
        let extras = Extras { vector_potential, friedrichs, by: written };
        let report = self.write(&item, &parts, (measure, &notes), &extras, &mut seconds)?;
        self.names.insert(item.name.clone());
        self.done += 1;
        self.broken += usize::from(!report.claims_hold());
        let drawn = self.draw(&item, &parts, &report, &mut seconds);
        drop(extras);
        drop(by);
        if let Some(planned) = slot {
            planned.give_back(parts);
        }
        let peak_memory_bytes = peak_memory_bytes();
        let periodic_axes = periodic_axes(&item.domain);
        let name = item.name.clone();
        let timed = Timed { name, notes, periodic_axes, report, seconds, peak_memory_bytes };
        self.print(timed, series.count() > 1)?;
        *last = Some(item);
        drawn
    }

    /// Measures, and writes where something is to be written.
    fn write<const D: usize>(
        &mut self,
        item: &Sample<D>,
        parts: &Decomposition<D>,
        (measure, notes): (impl FnOnce() -> Report + Send, &[String]),
        extras: &Extras<'_, D>,
        seconds: &mut Seconds,
    ) -> Result<Report> {
        let Some(sink) = &mut self.sink else {
            return Ok(timed(&mut seconds.measure, measure));
        };
        let axis_units = std::array::from_fn(|k| item.axis_units[k].as_str());
        let mut group = FieldGroup::on_grid(&item.name, item.domain.grid(), axis_units);
        group.attributes.insert("notes".into(), notes.into());
        let record = Record {
            domain: &item.domain,
            samples: &item.points,
            staggered: item.faces.as_ref(),
            parts,
            units: &item.units,
            vector_potential: extras.vector_potential.as_deref(),
            friedrichs: extras.friedrichs.as_ref(),
            by_convention: extras.by,
            content: self.job.content,
        };
        Ok(write_while_measured(sink, &record.fill(group), measure, seconds)?)
    }

    fn draw<const D: usize>(
        &self,
        item: &Sample<D>,
        parts: &Decomposition<D>,
        report: &Report,
        seconds: &mut Seconds,
    ) -> Result<()> {
        let Some(picture) = &self.job.picture else { return Ok(()) };
        if picture.is_due(self.done - 1) {
            let path = picture.place(self.done - 1);
            let draw = || picture.draw(&path, self.job.overwrite, item, parts, report);
            let path = timed(&mut seconds.write, draw)?;
            self.wrote(&path);
        } else if self.done == 2 && !self.job.quiet {
            self.progress
                .note("the picture shows the first field only; --picture-all draws them all");
        }
        Ok(())
    }

    /// The vector potential and the five-part split, where they were asked for.
    fn extras<const D: usize>(
        &self,
        plan: &dyn Decompose<D>,
        parts: &Decomposition<D>,
    ) -> Result<(Option<Vec<ScalarField<D>>>, Option<Friedrichs<D>>)> {
        let job = self.job;
        let potential = job.potentials.then(|| plan.vector_potential(parts)).transpose()?;
        let friedrichs = job.five_parts.then(|| plan.friedrichs(parts)).transpose()?;
        Ok((potential, friedrichs))
    }

    /// Prints about one field: a table, or a line if it is one of a series.
    fn print(&mut self, timed: Timed, of_series: bool) -> Result<()> {
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
                let space = if self.done > 1 { "\n" } else { "" };
                let table = table::render(&timed, self.job.verbose);
                terminal::print(&format!("{space}{table}"));
                self.lines.interrupted();
            }
        }
        Ok(())
    }

    /// The plan of the last field, if this one lives on the same domain, or a new one.
    fn plan<'a, const D: usize>(
        &self,
        item: &Sample<D>,
        planned: &'a mut Option<Planned<D>>,
    ) -> Result<&'a mut Planned<D>> {
        if !planned.as_ref().is_some_and(|planned| planned.serves(item)) {
            *planned = None;
            *planned = Some(Planned::new(self.job, item)?);
        }
        Ok(planned.as_mut().expect("planned above"))
    }

    /// The name, with a number behind it if an earlier field has it.
    fn unused(&self, name: String) -> String {
        let mut candidate = name.clone();
        let mut count = 1;
        while self.names.contains(&candidate) {
            count += 1;
            candidate = format!("{name} ({count})");
        }
        candidate
    }

    fn finish(mut self) -> Result<Exit> {
        let single = self.done + self.failures.len() == 1;
        if single && let Some(error) = self.failures.pop() {
            return Err(error);
        }
        for failure in exit::merged(&self.failures) {
            self.progress.note(&format!("error: {failure}"));
        }
        if self.done == 0 && !self.failures.is_empty() && !self.left {
            bail!(
                "none of {} fields could be decomposed; nothing was written",
                self.failures.len()
            );
        }
        let sink = self.sink.take().filter(|_| self.done > 0);
        if let Some(sink) = sink {
            let path = sink.finish()?;
            self.written = true;
            self.wrote(&path);
        }
        Ok(self.exit())
    }

    fn wrote(&self, path: &Path) {
        if !self.job.quiet {
            self.progress.note(&format!("wrote {}", path.display()));
        }
    }

    /// How the run ended, said where it is not as it should be.
    fn exit(&self) -> Exit {
        let done = self.done;
        let kept = if self.written { " and are kept" } else { "" };
        if self.left && (interrupt::asked() || self.stopped) {
            let how = if self.stopped { "stopped" } else { "interrupted" };
            self.progress.note(&format!("{how}: {done} fields were finished{kept}"));
        }
        self.lines.finish(done);
        if self.broken > 0 {
            let broken = self.broken;
            self.progress.note(&format!("error: {broken} of {done} fields break a claim"));
        }
        let cut = self.left && (interrupt::asked() || self.stopped);
        let whole = self.failures.is_empty() && !cut && self.broken == 0;
        if whole { Exit::Done } else { Exit::Partly }
    }
}

/// What is written besides the parts.
struct Extras<'a, const D: usize> {
    vector_potential: Option<Vec<ScalarField<D>>>,
    friedrichs: Option<Friedrichs<D>>,
    by: Option<&'a ByConvention<'a, D>>,
}

/// Everything that was measured about one field, and what has to be known of it.
fn report<const D: usize>(
    item: &Sample<D>,
    planned: &Planned<D>,
    parts: &Decomposition<D>,
    by: Option<&ByConvention<D>>,
) -> Report {
    let plan = planned.decompose();
    let field = item.field();
    let mut report = measure_every(plan, field, &item.points, parts, by);
    report.warnings.splice(0..0, item.provenance.warnings.iter().map(hints::note));
    if report.circulations.is_empty() && item.domain.mask().is_some() {
        // This convention keeps no loops, and they are those of the fluid all the same.
        let faces = plan.where_computed(field);
        report.circulations = circulations(planned.loops(), &faces, parts);
    }
    let around = report.circulations.iter_mut();
    around.for_each(|around| around.set_units(&item.units, &item.axis_units));
    report
}
