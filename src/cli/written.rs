//! A field that is measured while its parts are written.

use super::record::{Seconds, timed};
use crate::diagnostic::Report;
use crate::output::{FieldGroup, OutputError, ResultFile, report_attributes};
use std::panic::resume_unwind;
use std::time::Instant;

/// Writes a group while `measure` finds its report, which becomes its last attributes; with one thread
/// the report comes first. Each stage counts its own time, so that both together may be more than passed.
pub fn write_while_measured(
    sink: &mut ResultFile,
    group: &FieldGroup<'_>,
    measure: impl FnOnce() -> Report + Send,
    seconds: &mut Seconds,
) -> Result<Report, OutputError> {
    let measure_time = &mut seconds.measure;
    if rayon::current_num_threads() == 1 {
        let report = timed(measure_time, measure);
        let attributes = || report_attributes(&report);
        timed(&mut seconds.write, || sink.write_group_and(group, attributes))?;
        return Ok(report);
    }
    std::thread::scope(|scope| {
        let measuring = scope.spawn(|| timed(measure_time, measure));
        let start = Instant::now();
        let (mut found, mut waited) = (None, 0.0);
        let written = sink.write_group_and(group, || {
            let report = timed(&mut waited, || measuring.join());
            let report = report.unwrap_or_else(|panic| resume_unwind(panic));
            let attributes = report_attributes(&report);
            found = Some(report);
            attributes
        });
        seconds.write += start.elapsed().as_secs_f64() - waited;
        written.map(|()| found.expect("asked for by what was written"))
    })
}
