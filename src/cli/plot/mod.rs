//! `hodge plot`: pictures of a field, or of the parts in a result file.

mod contents;
mod figure;
mod numbers;
mod read;

use super::args::{Common, OutputFormat};
use super::args_plot::{PlotArguments, Show};
use super::exit::Exit;
use super::outputs::Places;
use super::{input, picture, terminal};
use crate::output::picture::{Colours, Sheet};
use crate::source::AnySeries;
use anyhow::{Result, ensure};
use contents::Contents;
use read::{Opened, Reader};

pub fn run(arguments: &PlotArguments, common: &Common) -> Result<Exit> {
    Places::new(arguments.overwrite)
        .picture("-o", Some(&arguments.output))
        .field(&arguments.field, &arguments.grid, &arguments.file)
        .check()?;
    let sheet = arguments.sheet.sheet("-o", Some(&arguments.output))?;
    input::check_options(&arguments.field, &arguments.grid, &arguments.file)?;
    ensure!(
        arguments.colours.is_none() || arguments.show.contains(&Show::Magnitude),
        "--colours are those of the magnitude, which --show leaves out; leave --colours out"
    );
    let contents = Contents::of(arguments)?;
    let reader = Reader { arguments, contents: &contents };
    match reader.first(common.quiet)? {
        AnySeries::Plane(_) => on::<2>(&reader, sheet, common),
        AnySeries::Space(_) => on::<3>(&reader, sheet, common),
    }
}

fn on<const D: usize>(reader: &Reader<'_>, sheet: Sheet, common: &Common) -> Result<Exit>
where
    (): Opened<D>,
{
    let arguments = reader.arguments;
    picture::check_dimension(arguments.picture_slice, D)?;
    let drawn = figure::of::<D>(reader)?;
    let colours = arguments.colours.as_deref().and_then(Colours::from_name).unwrap_or_default();
    let figure = drawn.figure(sheet, colours);
    let path = figure.draw(&arguments.output, arguments.overwrite)?;
    match common.format {
        OutputFormat::Json => terminal::print_json(&numbers::json(&drawn)?),
        OutputFormat::Table | OutputFormat::Csv => terminal::print(&numbers::table(&drawn)),
    }
    terminal::wrote(&path, common.quiet);
    Ok(Exit::Done)
}
