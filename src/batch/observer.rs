//! Whoever wants to know how a batch goes.

use super::{Failure, Seconds};
use crate::decomposition::{Decomposition, Watch};
use crate::diagnostic::Report;
use crate::grid::Grid;
use crate::source::Sample;
use serde_json::{Map, Value};
use std::error::Error;
use std::sync::Arc;

/// A field that was split and measured and, where there is a file, written.
pub struct Finished<'a, const D: usize> {
    /// The field.
    pub sample: &'a Sample<D>,
    /// Its parts.
    pub parts: &'a Decomposition<D>,
    /// What was measured; first of its warnings are those of the sample.
    pub report: Report,
    /// How long it took.
    pub seconds: Seconds,
    /// How many fields were finished before it.
    pub number: usize,
    /// Whether its series has more fields.
    pub of_series: bool,
}

/// What a [`Batch`](super::Batch) asks and tells while it runs, in the order of the methods for every field.
pub trait Observer {
    /// Whether nothing more is to be begun; asked before every field.
    fn stops(&self) -> bool {
        false
    }

    /// Whether several fields may be begun before the first is finished. They are told of in their order all the same.
    fn any_order(&self) -> bool {
        true
    }

    /// Bytes that the observer is going to take for a field on a grid.
    fn bytes<const D: usize>(&self, grid: &Grid<D>) -> f64 {
        let _ = grid;
        0.0
    }

    /// Who hears of harmonic fields that are computed one by one, and may end that: the field is then left undone.
    fn watch(&self) -> Option<Arc<dyn Watch>> {
        None
    }

    /// The fields of another series follow, but for some that are passed over: they were finished before, or are another part's.
    fn series(&mut self, passed: usize) {
        let _ = passed;
    }

    /// A field is going to be read.
    fn begins(&mut self, name: &str) {
        let _ = name;
    }

    /// The field was read and is going to be split; it may get another name.
    ///
    /// # Errors
    /// Those of the observer, where it has no use for such a field: it is a failure then.
    fn read<const D: usize>(
        &mut self,
        sample: &mut Sample<D>,
        number: usize,
    ) -> Result<(), Box<dyn Error + Send + Sync>> {
        let _ = (sample, number);
        Ok(())
    }

    /// The attributes of its group in the file besides those of the report: by default its notes.
    fn attributes<const D: usize>(&self, sample: &Sample<D>) -> Map<String, Value> {
        let notes: Vec<String> = sample.provenance.all_notes().map(|n| n.to_string()).collect();
        Map::from_iter([("notes".to_string(), notes.into())])
    }

    /// The field was finished.
    fn finished<const D: usize>(&mut self, field: Finished<'_, D>);

    /// A field, or all of a series, came to nothing.
    fn failed(&mut self, failure: Failure);
}
