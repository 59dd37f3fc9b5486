//! A report with what the run adds to it: name, times, memory.

use crate::diagnostic::Report;
use crate::grid::{AXIS_NAMES, Domain};
use serde::Serialize;
use std::time::Instant;

/// Wall seconds of the stages of one field.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub struct Seconds {
    pub read: f64,
    pub plan: f64,
    pub decompose: f64,
    pub measure: f64,
    pub write: f64,
}

impl Seconds {
    pub fn stages(&self) -> [(&'static str, f64); 5] {
        [
            ("read", self.read),
            ("plan", self.plan),
            ("decompose", self.decompose),
            ("measure", self.measure),
            ("write", self.write),
        ]
    }
}

/// Runs a stage and adds its wall time.
pub fn timed<T>(seconds: &mut f64, stage: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let result = stage();
    *seconds += start.elapsed().as_secs_f64();
    result
}

/// What is printed about one field.
#[derive(Debug, Serialize)]
pub struct Timed {
    pub name: String,
    /// What was found or assumed.
    pub notes: Vec<String>,
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
