//! Wall seconds of the stages of one field.

use serde::Serialize;
use std::time::Instant;

/// Wall seconds of the stages of one field.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub struct Seconds {
    /// Reading or evaluating it.
    pub read: f64,
    /// Planning, where its domain is not that of the field before.
    pub plan: f64,
    /// Splitting it.
    pub decompose: f64,
    /// Measuring the parts.
    pub measure: f64,
    /// Writing them, beside or after the measuring.
    pub write: f64,
}

impl Seconds {
    /// The stages with their names.
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
pub(crate) fn timed<T>(seconds: &mut f64, stage: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let result = stage();
    *seconds += start.elapsed().as_secs_f64();
    result
}
