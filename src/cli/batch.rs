//! `hodge batch`: a study, whose fields are decomposed in every combination of methods, boundaries and back ends.

use super::args::{BatchArguments, Common};
use super::exit::Exit;
use super::study_file::StudyFile;
use super::undertaking::Undertaking;
use super::way::Way;
use super::{study_fields, study_options};
use anyhow::Result;

pub fn run(arguments: &BatchArguments, common: &Common) -> Result<Exit> {
    let study = StudyFile::read(&arguments.study)?;
    let fields = study_fields::expand(&study)?;
    let ways = study_options::commands(&study, &fields, arguments)?;
    let ways = ways.into_iter().map(|(label, arguments)| Way::new(label, arguments, common));
    let ways = ways.collect::<Result<Vec<_>>>()?;
    Undertaking { ways, skips: study.skips, file: Some(arguments.study.clone()) }.run(common)
}
