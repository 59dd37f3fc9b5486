//! A report with what the run adds to it: name, times, memory.

use crate::batch::Seconds;
use crate::diagnostic::Report;
use crate::grid::{AXIS_NAMES, Domain};
use serde::Serialize;

/// What is printed about one field.
#[derive(Debug, Serialize)]
pub struct Timed {
    pub name: String,
    /// What was found or assumed.
    pub notes: Vec<String>,
    /// Those of them that are about its cells.
    #[serde(skip)]
    pub cells: Vec<String>,
    pub periodic_axes: Vec<&'static str>,
    #[serde(flatten)]
    pub report: Report,
    pub seconds: Seconds,
    pub peak_memory_bytes: Option<u64>,
}

/// Names of the axes without walls.
pub fn periodic_axes<const D: usize>(domain: &Domain<D>) -> Vec<&'static str> {
    let axes = domain.grid().axes();
    (0..D).filter(|&k| !axes[k].bounded()).map(|k| AXIS_NAMES[k]).collect()
}
