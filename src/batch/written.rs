//! A field that is measured while its parts are written.

use super::Seconds;
use super::seconds::timed;
use crate::diagnostic::Report;
use crate::output::{FieldGroup, OutputError, ResultFile, report_attributes};
use std::panic::resume_unwind;
use std::sync::{Mutex, PoisonError};
use std::thread::Builder;
use std::time::Instant;

/// Writes a group while `measure` finds its report, which becomes its last attributes; with one thread, and
/// where the system gives no other, the report comes first. Each stage counts its own time, so that both
/// together may be more than passed.
pub(super) fn write_while_measured(
    sink: &mut ResultFile,
    group: &FieldGroup<'_>,
    measure: impl FnOnce() -> Report + Send,
    seconds: &mut Seconds,
) -> Result<Report, OutputError> {
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
        let written = sink.write_group_and(group, || {
            if let Some(other) = other {
                let report = timed(&mut waited, || other.join());
                found = report.unwrap_or_else(|panic| resume_unwind(panic));
            }
            report_attributes(found.as_ref().expect("measured once"))
        });
        seconds.write += start.elapsed().as_secs_f64() - waited;
        written.map(|()| found.expect("asked for by what was written"))
    })
}
