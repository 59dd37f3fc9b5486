//! `hodge decompose`: every field to its parts, one plan as long as the domain stays the same.

use super::args::{Common, DecomposeArguments, Format};
use super::exit::{self, Exit};
use super::input::{Input, Item, Series};
use super::job::Job;
use super::outputs::{Places, create};
use super::progress::Progress;
use super::record::{Seconds, Timed, timed};
use super::{interrupt, picture, table, terminal};
use crate::boundary::Boundary;
use crate::decomposition::{Decompose, Decomposition, Friedrichs, Method, WeightedMethod};
use crate::diagnostic::{Report, measure, peak_memory_bytes};
use crate::field::{ScalarField, VectorField};
use crate::grid::Domain;
use crate::output::{FieldGroup, OutputError, Record, ResultFile};
use crate::poisson::Backend;
use anyhow::{Result, bail, ensure};
use std::collections::HashSet;

/// What a run has done so far.
struct Run<'a> {
    job: &'a Job,
    progress: Progress,
    sink: Option<ResultFile>,
    names: HashSet<String>,
    done: usize,
    /// Fields whose parts break a claim.
    broken: usize,
    failures: Vec<anyhow::Error>,
    /// The disk or a file failed: going on would be in vain.
    stopped: bool,
}

pub fn run(arguments: &DecomposeArguments, common: &Common) -> Result<Exit> {
    let job = Job::new(arguments, common)?;
    let places = Places::new(arguments.overwrite)
        .result("-o", arguments.output.as_deref())
        .picture("--picture", arguments.picture.as_deref());
    let read =
        |places: Places, field: &String| places.field(field, &arguments.grid, &arguments.file);
    arguments.fields.iter().fold(places, read).check()?;
    let sink = match &arguments.output {
        Some(path) => Some(create(path, arguments.overwrite, &arguments.content)?),
        None => None,
    };
    interrupt::watch();
    let mut run = Run {
        job: &job,
        progress: Progress::new(arguments.fields.len(), common.quiet),
        sink,
        names: HashSet::new(),
        done: 0,
        broken: 0,
        failures: Vec::new(),
        stopped: false,
    };
    for field in &arguments.fields {
        run.input(field, arguments);
    }
    run.finish()
}

impl Run<'_> {
    /// Opens one input and decomposes its fields.
    fn input(&mut self, field: &str, arguments: &DecomposeArguments) {
        if self.is_over() {
            return;
        }
        let opened = Input::open(field, &arguments.grid, &arguments.file);
        match opened.map_err(|error| error.context(field.to_string())) {
            Err(error) => self.failures.push(error),
            Ok(input) => {
                if !self.job.quiet {
                    let notes = input.notes();
                    notes.iter().for_each(|n| self.progress.note(&format!("{field}: {n}")));
                }
                self.progress.extend(input.count() - 1);
                match &input {
                    Input::Plane(series) => self.series(field, &**series),
                    Input::Space(series) => self.series(field, &**series),
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
        if let Err(error) = self.check_pictures(series.count()) {
            self.failures.push(error.context(field.to_string()));
            return;
        }
        let mut plan = None;
        for index in 0..series.count() {
            if self.is_over() {
                return;
            }
            let name = if series.count() > 1 { format!("{field} [{index}]") } else { field.into() };
            self.progress.say(name.clone());
            if let Err(error) = self.one(series, index, &mut plan) {
                let output = error.chain().find_map(|cause| cause.downcast_ref::<OutputError>());
                self.stopped |= output.is_some_and(OutputError::ends_writing);
                self.failures.push(error.context(name));
            }
            self.progress.step();
        }
    }

    /// The pictures of the next fields, before any of them is computed.
    fn check_pictures(&self, count: usize) -> Result<()> {
        let Some(path) = &self.job.picture else { return Ok(()) };
        (self.done..self.done + count).try_for_each(|index| {
            let path = picture::numbered(path, index);
            Places::new(self.job.overwrite).picture("--picture", Some(&path)).check()
        })
    }

    fn one<const D: usize>(
        &mut self,
        series: &dyn Series<D>,
        index: usize,
        planned: &mut Option<Planned<D>>,
    ) -> Result<()> {
        let mut seconds = Seconds::default();
        let layout = self.job.choice.method.map(Method::layout);
        let mut item = timed(&mut seconds.read, || series.item(index, layout))?;
        item.name = self.unused(item.name);
        let plan = timed(&mut seconds.plan, || self.plan(&item, planned))?;
        let field = item.staggered.as_ref().unwrap_or(&item.samples);
        let parts = timed(&mut seconds.decompose, || plan.decompose(field))?;
        let parts = match item.staggered {
            Some(_) => parts.with_samples(&item.samples, &item.domain),
            None => parts,
        };
        let mut report =
            timed(&mut seconds.measure, || measure(plan, field, &item.samples, &parts));
        report.warnings.splice(0..0, item.warnings.iter().cloned());
        let extras = timed(&mut seconds.decompose, || self.extras(plan, &parts))?;
        self.write(&item, &parts, &report, extras, &mut seconds)?;
        self.names.insert(item.name.clone());
        self.done += 1;
        self.broken += usize::from(!report.claims_hold());
        let drawn = self.draw(&item, &parts, &report, &mut seconds);
        let peak_memory_bytes = peak_memory_bytes();
        self.print(&Timed { name: item.name, report, seconds, peak_memory_bytes })?;
        drawn
    }

    fn write<const D: usize>(
        &mut self,
        item: &Item<D>,
        parts: &Decomposition<D>,
        report: &Report,
        (rotation_potential, friedrichs): Extras<D>,
        seconds: &mut Seconds,
    ) -> Result<()> {
        let Some(sink) = &mut self.sink else { return Ok(()) };
        let axis_units = std::array::from_fn(|k| item.axis_units[k].as_str());
        let group = FieldGroup::on_grid(&item.name, item.domain.grid(), axis_units);
        let record = Record {
            domain: &item.domain,
            samples: &item.samples,
            staggered: item.staggered.as_ref(),
            parts,
            report,
            units: &item.units,
            rotation_potential: rotation_potential.as_deref(),
            friedrichs: friedrichs.as_ref(),
            content: self.job.content,
        };
        Ok(timed(&mut seconds.write, || sink.write_group(&record.fill(group)))?)
    }

    fn draw<const D: usize>(
        &self,
        item: &Item<D>,
        parts: &Decomposition<D>,
        report: &Report,
        seconds: &mut Seconds,
    ) -> Result<()> {
        let Some(path) = &self.job.picture else { return Ok(()) };
        let path = picture::numbered(path, self.done - 1);
        let draw = || picture::draw(&path, self.job.overwrite, item, parts, report);
        timed(&mut seconds.write, draw)?;
        Ok(())
    }

    /// The rotation potential and the five-part split, where they were asked for.
    fn extras<const D: usize>(
        &self,
        plan: &dyn Decompose<D>,
        parts: &Decomposition<D>,
    ) -> Result<Extras<D>> {
        let job = self.job;
        let potential = job.potentials.then(|| plan.rotation_potential(parts)).transpose()?;
        let friedrichs = job.five_parts.then(|| plan.friedrichs(parts)).transpose()?;
        Ok((potential, friedrichs))
    }

    fn print(&self, timed: &Timed) -> Result<()> {
        match self.job.format {
            Format::Json => {
                terminal::print_json(&serde_json::to_string(timed)?);
                if !self.job.quiet {
                    let name = &timed.name;
                    let warnings = timed.report.warnings.iter();
                    warnings.for_each(|w| self.progress.note(&format!("warning: {name}: {w}")));
                }
            }
            Format::Table => {
                let space = if self.done > 1 { "\n" } else { "" };
                terminal::print(&format!("{space}{}", table::render(timed)));
            }
        }
        Ok(())
    }

    /// The plan of the last field, if this one lives on the same domain, or a new one.
    fn plan<'a, const D: usize>(
        &self,
        item: &Item<D>,
        planned: &'a mut Option<Planned<D>>,
    ) -> Result<&'a dyn Decompose<D>> {
        let fits = planned
            .as_ref()
            .is_some_and(|p| p.domain.same_as(&item.domain) && p.density == item.density);
        if !fits {
            *planned = None;
            let decompose = self.new_plan(item)?;
            let (domain, density) = (item.domain.clone(), item.density.clone());
            *planned = Some(Planned { domain, density, decompose });
        }
        Ok(&*planned.as_ref().expect("planned above").decompose)
    }

    fn new_plan<const D: usize>(&self, item: &Item<D>) -> Result<Box<dyn Decompose<D>>> {
        let choice = &self.job.choice;
        let method = choice.method_for(&item.domain, item.staggered.is_some());
        let Some(density) = &item.density else {
            self.job.check_content(method, &item.domain)?;
            let preferred = item.boundary.filter(|b| *b != Boundary::Periodic);
            return choice.plan(method, &item.domain, preferred);
        };
        let fits = choice.method != Some(Method::Spectral)
            && choice.boundary.is_none_or(|b| b == Boundary::NoFlux)
            && choice.backend.is_none_or(|b| b == Backend::Cholesky);
        ensure!(fits, "--density needs the staggered method, no-flux and the cholesky back end");
        self.job.check_content(Method::Staggered, &item.domain)?;
        Ok(Box::new(WeightedMethod::new(&item.domain, density)?))
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
        for error in &self.failures {
            self.progress.note(&format!("error: {}", exit::chain(error)));
        }
        if self.done == 0 && !self.failures.is_empty() {
            bail!(
                "none of {} fields could be decomposed; nothing was written",
                self.failures.len()
            );
        }
        let sink = self.sink.take().filter(|_| self.done > 0);
        if let Some(sink) = sink {
            let path = sink.finish()?;
            if !self.job.quiet {
                self.progress.note(&format!("wrote {}", path.display()));
            }
        }
        Ok(self.exit())
    }

    /// How the run ended, said where it is not as it should be.
    fn exit(&self) -> Exit {
        let done = self.done;
        if interrupt::asked() {
            self.progress.note(&format!("interrupted: {done} fields were finished"));
        } else if self.stopped {
            self.progress.note(&format!("stopped: {done} fields were finished and are kept"));
        }
        if self.broken > 0 {
            let broken = self.broken;
            self.progress.note(&format!("error: {broken} of {done} fields break a claim"));
        }
        let whole = self.failures.is_empty() && !interrupt::asked() && self.broken == 0;
        if whole { Exit::Done } else { Exit::Partly }
    }
}

type Extras<const D: usize> = (Option<Vec<ScalarField<D>>>, Option<Friedrichs<D>>);

struct Planned<const D: usize> {
    domain: Domain<D>,
    density: Option<VectorField<D>>,
    decompose: Box<dyn Decompose<D>>,
}
