//! A field that is measured while its parts are written.

use super::Seconds;
use super::seconds::timed;
use super::sink::SeriesSink;
use crate::diagnostic::Report;
use crate::output::{FieldGroup, OutputError, report_attributes};
use serde_json::{Map, Value};
use std::panic::resume_unwind;
use std::sync::{Mutex, PoisonError};
use std::thread::Builder;
use std::time::Instant;

/// Writes a group while `measure` finds its report, which goes with it; with one thread, and
/// where the system gives no other, the report comes first. Each stage counts its own time, so that both
/// together may be more than passed.
pub(super) fn write_while_measured(
    (sink, row): (&mut SeriesSink<'_>, usize),
    group: &FieldGroup<'_>,
    measure: impl FnOnce() -> Report + Send,
    seconds: &mut Seconds,
) -> Result<Report, OutputError> {
    let before = seconds.read + seconds.plan + seconds.decompose;
    // In a place of its own: a thread that cannot be started leaves it there.
    let stage = Mutex::new(Some((measure, &mut seconds.measure)));
    let take = || {
        let taken = stage.lock().unwrap_or_else(PoisonError::into_inner).take();
        taken.map(|(measure, time)| timed(time, measure))
    };
    std::thread::scope(|scope| {
        let alone = rayon::current_num_threads() == 1;
        let other = (!alone).then(|| Builder::new().spawn_scoped(scope, take).ok()).flatten();
        let (mut found, mut waited) = (if other.is_some() { None } else { take() }, 0.0);
        let start = Instant::now();
        let attributes = || {
            if let Some(other) = other {
                let report = timed(&mut waited, || other.join());
                found = report.unwrap_or_else(|panic| resume_unwind(panic));
            }
            report_attributes(found.as_ref().expect("measured once"))
        };
        let written = match sink {
            SeriesSink::Nowhere => Ok(()),
            SeriesSink::One(file) => file.write_only_and(group, attributes),
            SeriesSink::Groups(file) => file.write_group_and(group, attributes),
            SeriesSink::Many(file) => {
                let taken = || before + start.elapsed().as_secs_f64();
                file.write(row, group, || with_seconds(attributes(), taken()))
            }
        };
        seconds.write += start.elapsed().as_secs_f64() - waited;
        written.map(|()| found.expect("asked for by what was written"))
    })
}

/// A report with the seconds from the reading of its field to the writing.
fn with_seconds(mut report: Map<String, Value>, seconds: f64) -> Map<String, Value> {
    report.insert("seconds".into(), seconds.into());
    report
}
