//! All inputs of a run, looked at before any of them is decomposed.

use super::args::DecomposeArguments;
use super::input;
use super::merged::Merged;
use super::told::Terminal;
use super::{hints, interrupt};
use crate::source::{AnySeries, Joining, Reopen};
use anyhow::Result;
use std::path::Path;

/// Opens every FIELD and joins those on the same domain. One that cannot be opened is a failure among others.
pub fn open_all(
    arguments: &DecomposeArguments,
    terminal: &mut Terminal<'_>,
) -> Result<Vec<(String, AnySeries)>> {
    super::probe::look_ahead(arguments.fields.iter().map(Path::new));
    let (mut joining, mut notes) = (Joining::default(), Merged::default());
    for field in &arguments.fields {
        if interrupt::asked() {
            break;
        }
        terminal.progress.say(field.as_str());
        let opened = input::open(field, &arguments.grid, &arguments.file);
        let added = opened.and_then(|series| {
            let noted = series.notes();
            joining.add(field, series, reopen(field, arguments)?)?;
            Ok(noted)
        });
        match added {
            Err(error) => terminal.failures.push(error.context(field.to_string())),
            Ok(noted) => {
                noted.iter().for_each(|note| notes.add(&format!("{field}: {}", hints::note(note))))
            }
        }
    }
    let series = joining.into_series();
    let count: usize = series.iter().map(|(_, series)| series.count()).sum();
    terminal.progress.extend(count + terminal.failures.len());
    if !terminal.job.quiet {
        notes.firsts().for_each(|(note, _)| terminal.progress.note(note));
    }
    Ok(series)
}

/// How a file is opened again when its fields are needed; other sources stay open.
fn reopen(field: &str, arguments: &DecomposeArguments) -> Result<Option<Reopen>> {
    let sources = ["analytic:", "autoencoder:", "onnx:", "onnx-autoencoder:"];
    if arguments.fields.len() == 1 || sources.iter().any(|prefix| field.starts_with(prefix)) {
        return Ok(None);
    }
    let request = input::file_request(field, &arguments.grid, &arguments.file)?;
    Ok(Some(Box::new(move || AnySeries::of_file(&request))))
}
