//! `hodge merge`: one file from those of several machines.

use super::args::{Common, MergeArguments};
use super::exit::Exit;
use super::outputs::Places;
use super::terminal;
use crate::output::merge;
use anyhow::Result;

pub fn run(arguments: &MergeArguments, common: &Common) -> Result<Exit> {
    Places::new(arguments.overwrite)
        .result("-o", Some(&arguments.output))
        .inputs(&arguments.files)
        .check()?;
    let (path, fields, failed) = merge(&arguments.output, arguments.overwrite, &arguments.files)?;
    if !common.quiet {
        terminal::note(&format!("{fields} fields from {} files", arguments.files.len()));
    }
    if failed > 0 {
        terminal::note(&format!("error: {failed} of {fields} fields could not be decomposed"));
    }
    terminal::wrote(&path, common.quiet);
    Ok(if failed > 0 { Exit::Partly } else { Exit::Done })
}
