//! `hodge decompose`: every field to its parts, one plan as long as the domain stays the same.

use super::args::{Common, ContentArguments, DecomposeArguments, Format};
use super::exit::{self, Exit};
use super::input::{Input, Item, Series};
use super::progress::Progress;
use super::record::{Seconds, Timed, timed};
use super::{interrupt, picture, table};
use crate::boundary::Boundary;
use crate::decomposition::{Decompose, Decomposition, Friedrichs, Method, WeightedMethod};
use crate::diagnostic::{measure, peak_memory_bytes};
use crate::field::{ScalarField, VectorField};
use crate::grid::Domain;
use crate::output::{Content, FieldGroup, Options, Record, ResultFile};
use crate::poisson::Backend;
use anyhow::{Context, Result, bail, ensure};
use std::collections::HashSet;
use std::path::PathBuf;

/// What the arguments mean.
struct Job {
    method: Option<Method>,
    boundary: Option<Boundary>,
    backend: Option<Backend>,
    content: Content,
    potentials: bool,
    five_parts: bool,
    format: Format,
    quiet: bool,
    picture: Option<PathBuf>,
    overwrite: bool,
}

impl Job {
    fn new(arguments: &DecomposeArguments, common: &Common) -> Result<Job> {
        let method = &arguments.method;
        let backend = match &method.backend {
            None => None,
            Some(name) => Some(Backend::from_name(name).with_context(|| {
                let known = Backend::ALL.map(|b| b.name()).join(", ");
                format!("no back end is called {name}; there are {known}")
            })?),
        };
        Ok(Job {
            method: method.method.as_deref().and_then(Method::from_name),
            boundary: method.boundary.as_deref().and_then(Boundary::from_name),
            backend,
            content: Content {
                input: !arguments.content.no_input,
                faces: arguments.content.faces,
                spectra: arguments.content.spectra,
            },
            potentials: arguments.content.potentials,
            five_parts: arguments.content.five_parts,
            format: common.format,
            quiet: common.quiet,
            picture: arguments.picture.clone(),
            overwrite: arguments.overwrite,
        })
    }
}

/// What a run has done so far.
struct Run<'a> {
    job: &'a Job,
    progress: Progress,
    sink: Option<ResultFile>,
    names: HashSet<String>,
    done: usize,
    failures: Vec<anyhow::Error>,
}

pub fn run(arguments: &DecomposeArguments, common: &Common) -> Result<Exit> {
    let job = Job::new(arguments, common)?;
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
        failures: Vec::new(),
    };
    for field in &arguments.fields {
        let opened = Input::open(field, &arguments.grid, &arguments.file);
        match opened.with_context(|| field.clone()) {
            Err(error) => run.failures.push(error),
            Ok(input) => {
                if !common.quiet {
                    input.notes().iter().for_each(|n| run.progress.note(&format!("{field}: {n}")));
                }
                run.progress.extend(input.count() - 1);
                match &input {
                    Input::Plane(series) => run.series(field, &**series),
                    Input::Space(series) => run.series(field, &**series),
                }
            }
        }
    }
    run.finish()
}

/// The output file with what is known before any field.
pub fn create(
    path: &std::path::Path,
    overwrite: bool,
    content: &ContentArguments,
) -> Result<ResultFile> {
    let options =
        Options { deflate: content.deflate, single_precision: content.precision == "f32" };
    let file = ResultFile::create(path, overwrite, options)?;
    let command: Vec<String> = std::env::args().collect();
    file.set_attributes(&[
        ("hodge_version".into(), env!("CARGO_PKG_VERSION").into()),
        ("git_commit".into(), env!("HODGE_COMMIT").into()),
        ("command".into(), command.join(" ").into()),
        ("created".into(), super::clock::utc_now().into()),
    ])?;
    Ok(file)
}

impl Run<'_> {
    /// Every field of one input; a field that fails does not stop the others.
    fn series<const D: usize>(&mut self, field: &str, series: &dyn Series<D>) {
        let mut plan = None;
        for index in 0..series.count() {
            if interrupt::asked() {
                return;
            }
            let name = if series.count() > 1 { format!("{field} [{index}]") } else { field.into() };
            self.progress.say(name.clone());
            match self.one(series, index, &mut plan) {
                Ok(()) => self.done += 1,
                Err(error) => self.failures.push(error.context(name)),
            }
            self.progress.step();
        }
    }

    fn one<const D: usize>(
        &mut self,
        series: &dyn Series<D>,
        index: usize,
        planned: &mut Option<Planned<D>>,
    ) -> Result<()> {
        let mut seconds = Seconds::default();
        let layout = self.job.method.map(Method::layout);
        let mut item = timed(&mut seconds.read, || series.item(index, layout))?;
        item.name = self.unused(item.name);
        let plan = timed(&mut seconds.plan, || self.plan(&item, planned))?;
        let field = item.staggered.as_ref().unwrap_or(&item.samples);
        let parts = timed(&mut seconds.decompose, || plan.decompose(field))?;
        let parts = match item.staggered {
            Some(_) => parts.with_samples(&item.samples, &item.domain),
            None => parts,
        };
        let report = timed(&mut seconds.measure, || measure(plan, field, &item.samples, &parts));
        let (rotation_potential, friedrichs) =
            timed(&mut seconds.decompose, || self.extras(plan, &parts))?;
        if let Some(sink) = &mut self.sink {
            let axis_units = std::array::from_fn(|k| item.axis_units[k].as_str());
            let group = FieldGroup::on_grid(&item.name, item.domain.grid(), axis_units);
            let record = Record {
                domain: &item.domain,
                samples: &item.samples,
                staggered: item.staggered.as_ref(),
                parts: &parts,
                report: &report,
                units: &item.units,
                rotation_potential: rotation_potential.as_deref(),
                friedrichs: friedrichs.as_ref(),
                content: self.job.content,
            };
            timed(&mut seconds.write, || sink.write_group(&record.fill(group)))?;
        }
        if let Some(path) = &self.job.picture {
            let path = picture::numbered(path, self.done);
            let draw = || picture::draw(&path, self.job.overwrite, &item, &parts, &report);
            timed(&mut seconds.write, draw)?;
        }
        let timed =
            Timed { name: item.name, report, seconds, peak_memory_bytes: peak_memory_bytes() };
        self.names.insert(timed.name.clone());
        self.print(&timed)
    }

    /// The rotation potential and the five-part split, where they were asked for.
    fn extras<const D: usize>(
        &self,
        plan: &dyn Decompose<D>,
        parts: &Decomposition<D>,
    ) -> Result<(Option<Vec<ScalarField<D>>>, Option<Friedrichs<D>>)> {
        let job = self.job;
        let potential = job.potentials.then(|| plan.rotation_potential(parts)).transpose()?;
        let friedrichs = job.five_parts.then(|| plan.friedrichs(parts)).transpose()?;
        Ok((potential, friedrichs))
    }

    fn print(&self, timed: &Timed) -> Result<()> {
        use std::io::Write;
        let mut out = std::io::stdout().lock();
        match self.job.format {
            Format::Json => writeln!(out, "{}", serde_json::to_string(timed)?)?,
            Format::Table => {
                if self.done > 0 {
                    writeln!(out)?;
                }
                write!(out, "{}", table::render(timed))?;
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
        let preferred = item.boundary.filter(|b| *b != Boundary::Periodic);
        let boundary = self.job.boundary.or(preferred);
        let fits = planned
            .as_ref()
            .is_some_and(|p| p.domain.same_as(&item.domain) && p.density == item.density);
        if !fits {
            *planned = None;
            let decompose = self.new_plan(item, boundary)?;
            let (domain, density) = (item.domain.clone(), item.density.clone());
            *planned = Some(Planned { domain, density, decompose });
        }
        Ok(&*planned.as_ref().expect("planned above").decompose)
    }

    fn new_plan<const D: usize>(
        &self,
        item: &Item<D>,
        boundary: Option<Boundary>,
    ) -> Result<Box<dyn Decompose<D>>> {
        let job = self.job;
        let Some(density) = &item.density else {
            let method = job.method.unwrap_or(match item.staggered {
                Some(_) => Method::Staggered,
                None => Method::for_domain(&item.domain),
            });
            return Ok(method.plan(&item.domain, boundary, job.backend)?);
        };
        let fits = job.method != Some(Method::Spectral)
            && boundary.is_none_or(|b| b == Boundary::NoFlux)
            && job.backend.is_none_or(|b| b == Backend::Cholesky);
        ensure!(fits, "--density needs the staggered method, no-flux and the cholesky back end");
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
        let several = self.done + self.failures.len() > 1;
        if !several && let Some(error) = self.failures.pop() {
            return Err(error);
        }
        for error in &self.failures {
            self.progress.note(&format!("error: {}", exit::chain(error)));
        }
        if self.done == 0 {
            bail!(
                "none of {} fields could be decomposed; nothing was written",
                self.failures.len()
            );
        }
        if let Some(sink) = self.sink.take() {
            let path = sink.finish()?;
            if !self.job.quiet {
                self.progress.note(&format!("wrote {}", path.display()));
            }
        }
        if interrupt::asked() {
            self.progress.note(&format!("interrupted: {} fields were finished", self.done));
            return Ok(Exit::Partly);
        }
        Ok(if self.failures.is_empty() { Exit::Done } else { Exit::Partly })
    }
}

struct Planned<const D: usize> {
    domain: Domain<D>,
    density: Option<VectorField<D>>,
    decompose: Box<dyn Decompose<D>>,
}
