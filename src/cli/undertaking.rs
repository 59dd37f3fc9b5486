//! The fields of a run, decomposed in one way or several, into one file.

use super::args::{Common, DecomposeArguments};
use super::exit::{self, Exit};
use super::outputs::{Places, about, attributes, create, options};
use super::told::Terminal;
use super::way::{Pair, Way};
use super::{dry_run, input, inputs, interrupt, terminal};
use crate::batch::{Batch, Shard, Sink};
use crate::output::{InputFile, Results, Study};
use crate::source::AnySeries;
use anyhow::{Result, bail, ensure};
use serde_json::{Map, Value};
use std::path::PathBuf;

/// What is to be done. The ways differ in method, boundary and back end only.
pub struct Undertaking {
    pub ways: Vec<Way>,
    /// A way that cannot apply to some fields is left out for these.
    pub skips: bool,
    /// The file of the study, if it is one.
    pub file: Option<PathBuf>,
}

impl Undertaking {
    pub fn run(&self, common: &Common) -> Result<Exit> {
        let arguments = &self.ways[0].arguments;
        ensure!(
            !arguments.overwrite
                || arguments.output.is_some()
                || arguments.picture.picture.is_some(),
            "--overwrite applies to files, and none is written: add -o or --picture"
        );
        input::refuse_components(&arguments.fields, &arguments.file)?;
        if self.file.is_some() {
            let check =
                |field: &String| input::check_options(field, &arguments.grid, &arguments.file);
            arguments.fields.iter().try_for_each(check)?;
        }
        let places = self.places();
        let begun = arguments.output.as_ref().is_some_and(|path| Results::is_begun(path));
        let study = self.study(&places);
        let study = if begun { study.with_checksums() } else { study };
        if let Some(path) = &arguments.output
            && !arguments.dry_run
            && Results::was_whole(path, &study)
        {
            terminal::note(&format!("{} is whole: there is nothing left to do", path.display()));
            return Ok(Exit::Done);
        }
        let picture = arguments.picture.picture.as_deref();
        places.clone().inputs(&self.file).picture("--picture", picture).check()?;
        interrupt::watch();
        let written = arguments.output.is_some() && !arguments.dry_run;
        let mut terminal = Terminal::new(&self.ways[0].job, common.quiet, written);
        let series = inputs::open_all(arguments, &mut terminal)?;
        terminal.check_pictures(&series, &places)?;
        let (pairs, skipped) = self.pairs(&series)?;
        if !common.quiet {
            skipped.iter().for_each(|line| terminal.progress.note(&format!("skipped: {line}")));
        }
        if arguments.dry_run {
            return dry_run::show(&pairs, (&study, terminal, skipped), common);
        }
        let count: usize = pairs.iter().map(|pair| pair.series.count()).sum();
        terminal.progress.extend(count);
        let mut known = attributes(common, about(&series));
        let failed: Vec<String> = terminal.failures.iter().map(exit::chain).collect();
        for (name, lines) in [("failed_inputs", failed), ("skipped", skipped)] {
            known.extend((!lines.is_empty()).then(|| (name.to_string(), lines.into())));
        }
        let sink = sink(arguments, count, (known, study.clone()))?;
        decompose(&pairs, sink, study, terminal)
    }

    /// What is written and read.
    fn places(&self) -> Places {
        let arguments = &self.ways[0].arguments;
        let places = Places::new(arguments.overwrite).result("-o", arguments.output.as_deref());
        let read =
            |places: Places, field: &String| places.field(field, &arguments.grid, &arguments.file);
        arguments.fields.iter().fold(places, read)
    }

    /// What decides about the results.
    fn study(&self, places: &Places) -> Study {
        let DecomposeArguments { fields, points, grid, file, content, .. } =
            &self.ways[0].arguments;
        let methods: Vec<String> =
            self.ways.iter().map(|way| format!("{:?}", way.arguments.method)).collect();
        let mut settings = Map::from_iter([
            ("version".into(), env!("CARGO_PKG_VERSION").into()),
            ("fields".into(), fields.clone().into()),
            ("options".into(), format!("{points:?} {grid:?} {file:?} {content:?}").into()),
            ("methods".into(), methods.into()),
            ("skips".into(), self.skips.into()),
        ]);
        if let Some(Shard { index, of }) = self.ways[0].arguments.shard {
            settings.insert(Study::SHARD.into(), format!("{index}/{of}").into());
        }
        let inputs = places.read().iter().filter_map(|path| InputFile::of(path)).collect();
        Study { settings, inputs }
    }

    /// Every series in every way, and why some are left out. A way that cannot apply is refused before any field is read where
    /// it is one of several, or nothing is to be read.
    fn pairs<'a>(
        &'a self,
        series: &'a [(String, AnySeries)],
    ) -> Result<(Vec<Pair<'a>>, Vec<String>)> {
        let (mut pairs, mut skipped) = (Vec::new(), Vec::new());
        let checks = self.file.is_some() || self.ways[0].arguments.dry_run;
        for (name, series) in series {
            for way in &self.ways {
                let pair = Pair { name, series, way };
                match pair.fits() {
                    Err(error) if checks => {
                        let words = format!("{name}: {}", pair.in_words());
                        let error = anyhow::Error::from(error).context(words);
                        if !self.skips {
                            return Err(error);
                        }
                        skipped.push(exit::chain(&error));
                    }
                    _ => pairs.push(pair),
                }
            }
        }
        if pairs.is_empty() && !skipped.is_empty() {
            bail!("nothing is left to do: {}", skipped.join("; "));
        }
        Ok((pairs, skipped))
    }
}

/// All of it; checksums of the inputs are found meanwhile.
fn decompose(
    pairs: &[Pair<'_>],
    sink: Option<Sink>,
    study: Study,
    mut terminal: Terminal<'_>,
) -> Result<Exit> {
    let checksums = std::thread::spawn({
        let alone = matches!(sink, Some(Sink::One(_)));
        move || if alone { study.with_checksums().inputs } else { Vec::new() }
    });
    let mut batch = Batch::new(&terminal.job.request, sink);
    for Pair { name, series, way } in pairs {
        batch = batch.with_request(&way.job.request);
        batch.run(name, series, &mut terminal);
    }
    if batch.tally().done > 0 {
        let inputs = checksums.join().unwrap_or_default();
        let sums: Vec<_> = inputs.into_iter().filter_map(|input| input.sha256).collect();
        batch.add_attributes(&[("input_sha256".into(), sums.into())])?;
    }
    terminal.finish(batch)
}

/// Where results go: a file of one field, or of as many as there are.
fn sink(
    arguments: &DecomposeArguments,
    count: usize,
    (mut attributes, study): (Vec<(String, Value)>, Study),
) -> Result<Option<Sink>> {
    let Some(path) = &arguments.output else { return Ok(None) };
    if count == 1 && arguments.shard.is_none() {
        let file = create(path, arguments.overwrite, &arguments.content, &attributes)?;
        let paths: Vec<String> =
            study.inputs.iter().map(|i| i.path.display().to_string()).collect();
        file.set_attributes(&[("input_files".into(), paths.into())])?;
        return Ok(Some(Sink::One(Box::new(file))));
    }
    let options = options(&arguments.content);
    if let Some(Shard { index, of }) = arguments.shard {
        attributes.push(("study".into(), study.of_all().into()));
        attributes.push(("shard".into(), vec![index, of].into()));
    }
    let results = Results::open(path, arguments.overwrite, options, attributes, study)?;
    Ok(Some(Sink::many(results)))
}
