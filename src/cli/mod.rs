//! The command line: the only room that knows arguments, a terminal and exit codes.

mod args;
mod args_autoencoder;
mod args_compare;
mod args_field;
mod args_picture;
mod args_plot;
mod args_split;
mod autoencoder;
mod batch;
mod clock;
mod compare;
mod conservativeness;
mod decompose;
mod demo;
mod dry_run;
mod exit;
mod hints;
mod hints_file;
mod info;
mod info_commands;
mod info_record;
mod info_table;
mod input;
mod inputs;
mod interrupt;
mod job;
mod list;
mod map_domain;
mod memory;
mod merge;
mod merged;
mod missing_file;
mod nearest;
mod numbers;
mod onnx;
mod operators;
mod outputs;
mod picture;
mod plot;
mod probe;
mod progress;
mod ranks;
mod record;
mod sample;
mod score_maps;
mod snapshot_maps;
mod snapshots;
mod split;
mod split_words;
mod study_fields;
mod study_file;
mod study_options;
mod table;
mod table_circulations;
mod table_csv;
mod table_questions;
mod table_series;
mod table_words;
mod terminal;
mod threads;
mod told;
mod train;
mod undertaking;
mod validate;
mod way;

use args::{Arguments, Command, Common, OutputFormat};
use clap::Parser;
use exit::Exit;
use std::ffi::OsString;
use std::process::ExitCode;

/// Runs the program with the arguments of the process: 0 done, 1 a claim or some items failed, 2
/// the run could not be done. The commit the program was built from, where it is known, goes into the
/// files it writes.
pub fn run(commit: Option<&'static str>) -> ExitCode {
    ExitCode::from(run_with(std::env::args_os().collect(), Vec::new(), commit))
}

/// The same with other arguments, of which the first is the name of the program, and its exit code as a number. `again` is
/// the command that starts it in another process, where that is not the one that runs now.
pub fn run_with(
    arguments: Vec<OsString>,
    again: Vec<OsString>,
    commit: Option<&'static str>,
) -> u8 {
    if probe::child() {
        return Exit::Done.code();
    }
    probe::start_by(again);
    let arguments = match Arguments::try_parse_from(arguments) {
        Ok(Arguments { command, common }) => {
            Arguments { command, common: Common { commit, ..common } }
        }
        Err(error) => {
            let _ = error.print();
            return if error.use_stderr() { Exit::Failed } else { Exit::Done }.code();
        }
    };
    let exit = dispatch(arguments).unwrap_or_else(|error| {
        terminal::note(&format!("error: {}", exit::chain(&error)));
        Exit::Failed
    });
    match terminal::failure() {
        Some(error) if exit != Exit::Failed => {
            terminal::note(&format!("error: the result could not be printed: {error}"));
            Exit::Partly.code()
        }
        _ => exit.code(),
    }
}

fn dispatch(arguments: Arguments) -> anyhow::Result<Exit> {
    let Arguments { command, common } = arguments;
    let of_fields = matches!(command, Command::Decompose(_) | Command::Batch(_) | Command::Demo(_));
    anyhow::ensure!(
        common.format != OutputFormat::Csv || of_fields,
        "--format csv is for the evidence of decompose and batch; expected table or json"
    );
    ranks::refuse_several()?;
    interrupt::take_write_errors();
    memory::apply(&common);
    threads::start(&common)?;
    match command {
        Command::Demo(arguments) => demo::run(&arguments, &common),
        Command::Decompose(arguments) => decompose::run(*arguments, &common),
        Command::Batch(arguments) => batch::run(&arguments, &common),
        Command::Compare(arguments) => compare::run(&arguments, &common),
        Command::Plot(arguments) => plot::run(&arguments, &common),
        Command::Merge(arguments) => merge::run(&arguments, &common),
        Command::Sample(arguments) => sample::run(&arguments, &common),
        Command::Info(arguments) => info::run(&arguments, &common),
        Command::List => list::run(&common),
        Command::Train(arguments) => train::run(&arguments, &common),
        Command::Conservativeness(arguments) => conservativeness::run(&arguments, &common),
        Command::Split(arguments) => split::run(&arguments, &common),
        Command::Snapshots(arguments) => snapshots::run(&arguments, &common),
        Command::Operators(arguments) => operators::run(&arguments, &common),
        Command::Validate(arguments) => validate::run(&arguments, &common),
    }
}
