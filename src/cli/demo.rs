//! `hodge demo`: the main job on a built-in field.

use super::args::{Arguments, Command, Common, DemoArguments};
use super::exit::Exit;
use anyhow::{Result, ensure};
use clap::Parser;

/// Decomposes case B4, which has all three parts under the `normal-parallel` convention.
pub fn run(arguments: &DemoArguments, common: &Common) -> Result<Exit> {
    ensure!(arguments.n > 0, "--n is 0; at least 1 cell is needed");
    let (n, name) = (arguments.n.to_string(), arguments.output.display());
    let (data, picture) = (format!("{name}.h5"), format!("{name}.png"));
    let line = ["hodge", "decompose", "analytic:B4", "--n", &n, "--overwrite", "-o", &data];
    let parsed = Arguments::try_parse_from(line.into_iter().chain(["--picture", &picture]))?;
    let Command::Decompose(decompose) = parsed.command else {
        unreachable!("the line above says decompose")
    };
    super::decompose::run(&decompose, common)
}
