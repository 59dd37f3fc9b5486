//! `hodge decompose`: every field to its parts.

use super::args::{Common, DecomposeArguments};
use super::exit::Exit;
use super::inputs;
use super::job::Job;
use super::outputs::{Places, about, attributes, create, options};
use super::told::Terminal;
use super::{input, interrupt, terminal};
use crate::batch::{Batch, Shard, Sink};
use crate::output::{InputFile, Results, Study};
use crate::source::AnySeries;
use anyhow::{Result, ensure};
use serde_json::Map;

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
    let begun = arguments.output.as_ref().is_some_and(|path| Results::is_begun(path));
    let study = study(arguments, &places);
    let study = if begun { study.with_checksums() } else { study };
    if let Some(path) = &arguments.output
        && Results::was_whole(path, &study)
    {
        terminal::note(&format!("{} is whole: there is nothing left to do", path.display()));
        return Ok(Exit::Done);
    }
    places.clone().picture("--picture", arguments.picture.picture.as_deref()).check()?;
    interrupt::watch();
    let mut terminal = Terminal::new(&job, common.quiet, arguments.output.is_some());
    let series = inputs::open_all(arguments, &mut terminal)?;
    terminal.check_pictures(&series, &places)?;
    let sink = sink(arguments, common, (&series, study.clone()))?;
    let checksums = std::thread::spawn({
        let alone = matches!(sink, Some(Sink::One(_)));
        move || if alone { study.with_checksums().inputs } else { Vec::new() }
    });
    let mut batch = Batch::new(&job.request, sink);
    for (name, series) in &series {
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
    common: &Common,
    (series, study): (&[(String, AnySeries)], Study),
) -> Result<Option<Sink>> {
    let Some(path) = &arguments.output else { return Ok(None) };
    let count: usize = series.iter().map(|(_, series)| series.count()).sum();
    let mut attributes = attributes(common, about(series));
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

/// What decides about the results.
fn study(arguments: &DecomposeArguments, places: &Places) -> Study {
    let DecomposeArguments { fields, method, points, grid, file, content, .. } = arguments;
    let mut settings = Map::from_iter([
        ("version".into(), env!("CARGO_PKG_VERSION").into()),
        ("fields".into(), fields.clone().into()),
        ("options".into(), format!("{method:?} {points:?} {grid:?} {file:?} {content:?}").into()),
    ]);
    if let Some(Shard { index, of }) = arguments.shard {
        settings.insert(Study::SHARD.into(), format!("{index}/{of}").into());
    }
    let inputs = places.read().iter().filter_map(|path| InputFile::of(path)).collect();
    Study { settings, inputs }
}
