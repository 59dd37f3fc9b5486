//! `hodge decompose`: every field to its parts.

use super::args::{Common, DecomposeArguments};
use super::exit::Exit;
use super::undertaking::Undertaking;
use super::way::Way;
use anyhow::Result;

pub fn run(arguments: DecomposeArguments, common: &Common) -> Result<Exit> {
    let ways = vec![Way::new(String::new(), arguments, common)?];
    Undertaking { ways, skips: false, file: None }.run(common)
}
