//! What a run before left, looked at without touching it.

use super::folder::{Begun, STUDY, boot, folder_of};
use super::ledger::Ledger;
use super::{Laid, Results, Study};
use crate::machine::resolve_place;
use crate::output::OutputError;
use std::path::Path;

impl Results {
    /// How many fields of the first, second, … of `series` series are finished that a run of the same study left; nothing is
    /// changed by it.
    ///
    /// # Errors
    /// If what is there belongs to another study (without `overwrite`), or cannot be read.
    pub fn finished_before(
        target: &Path,
        overwrite: bool,
        (study, series): (&Study, usize),
    ) -> Result<Vec<usize>, OutputError> {
        let folder = folder_of(&resolve_place(target, overwrite)?);
        let before = std::fs::read(folder.join(STUDY)).ok();
        let before = before.and_then(|text| serde_json::from_slice::<Begun>(&text).ok());
        let Some(before) = before else { return Ok(vec![0; series]) };
        match study.difference(&before.study) {
            Some(_) if overwrite => return Ok(vec![0; series]),
            Some(what) => return Err(OutputError::OtherStudy { path: folder, what }),
            None => {}
        }
        let same_boot = before.boot == boot();
        let finished = |number: usize| {
            let path = folder.join(format!("{number}.h5"));
            let laid = std::fs::read(path.with_extension("json")).ok();
            let laid = laid.and_then(|text| serde_json::from_slice::<Laid>(&text).ok());
            laid.map_or(Ok(0), |laid| {
                let rows = (laid.flags, laid.schema.leading.count());
                Ledger::count(&path, rows, same_boot)
            })
        };
        (1..=series).map(finished).collect()
    }
}
