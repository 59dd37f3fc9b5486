//! `hodge demo`: the main job on a built-in field.

use super::args::{Arguments, Command, Common, DemoArguments};
use super::exit::Exit;
use anyhow::Result;
use clap::Parser;
use std::ffi::OsString;

/// Decomposes case B4, which has all three parts under the `normal-parallel` convention.
pub fn run(arguments: &DemoArguments, common: &Common) -> Result<Exit> {
    let named = |ending: &str| {
        let mut name = arguments.output.clone().into_os_string();
        name.push(ending);
        name
    };
    let words = ["hodge", "decompose", "analytic:B4", "--overwrite", "--n"].map(OsString::from);
    let rest = [arguments.n.to_string().into(), "-o".into(), named(".h5"), "--picture".into()];
    let line = words.into_iter().chain(rest).chain([named(".png")]);
    let parsed = Arguments::try_parse_from(line)?;
    let Command::Decompose(decompose) = parsed.command else { unreachable!("parsed as decompose") };
    super::decompose::run(*decompose, common)
}
