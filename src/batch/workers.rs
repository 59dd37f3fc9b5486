//! The fields of a series, one after the other or several at a time.

use super::field::Split;
use super::planned::Planned;
use super::seconds::timed;
use super::sink::{SeriesSink, scale};
use super::{BatchError, BatchRequest, Failure, Finished, Observer, Seconds, Tally};
use crate::decomposition::{DecomposeError, Decomposition};
use crate::output::MaskContent;
use crate::source::{Sample, Series};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

/// A series and what its workers share.
pub(super) struct Work<'a, const D: usize, O> {
    pub request: &'a BatchRequest,
    pub name: &'a str,
    pub series: &'a dyn Series<D>,
    pub mask: MaskContent,
    /// Indices of the fields that are to be done.
    pub rows: Vec<usize>,
    /// How many of them were taken.
    pub next: AtomicUsize,
    pub shared: Mutex<Shared<'a, D, O>>,
    pub turn: Condvar,
}

/// What one worker uses at a time.
pub(super) struct Shared<'a, const D: usize, O> {
    pub observer: &'a mut O,
    pub tally: &'a mut Tally,
    /// The last plan that was made.
    pub planned: Option<Arc<Planned<D>>>,
    /// How many fields were told of, in the order of the rows.
    pub told: usize,
}

/// What a worker keeps from one field to the next.
struct Kept<const D: usize> {
    planned: Option<Arc<Planned<D>>>,
    sample: Option<Sample<D>>,
    parts: Option<Decomposition<D>>,
}

/// A field that was finished, to be told of in its turn.
struct Told<const D: usize> {
    sample: Sample<D>,
    parts: Decomposition<D>,
    report: crate::diagnostic::Report,
    seconds: Seconds,
}

impl<'a, const D: usize, O: Observer + Send> Work<'a, D, O> {
    /// All fields by one worker.
    pub fn in_turn(&self, sink: &mut SeriesSink<'_>) {
        let mut kept = Kept { planned: None, sample: None, parts: None };
        while self.next(sink, &mut kept) {}
    }

    /// The fields by several workers of one thread each. One goes ahead until the file is made, so that it is the same for any
    /// number of them.
    pub fn side_by_side(&self, workers: usize, sink: &mut SeriesSink<'_>) {
        let mut kept = Kept { planned: None, sample: None, parts: None };
        let unmade =
            |sink: &SeriesSink<'_>| matches!(sink, SeriesSink::Many(file) if !file.is_begun());
        let first = || self.shared().planned.is_none();
        while (first() || unmade(sink)) && self.next(sink, &mut kept) {}
        std::thread::scope(|scope| {
            let others = (1..workers).map(|_| {
                let sink = sink.again();
                std::thread::Builder::new().spawn_scoped(scope, move || self.alone(sink)).ok()
            });
            let others: Vec<_> = others.collect();
            self.alone(sink.again());
            drop(others);
        });
    }

    /// Fields by one thread until none is left.
    fn alone(&self, mut sink: SeriesSink<'_>) {
        let mut kept = Kept { planned: None, sample: None, parts: None };
        match rayon::ThreadPoolBuilder::new().num_threads(1).build() {
            Ok(pool) => pool.install(|| while self.next(&mut sink, &mut kept) {}),
            Err(_) => while self.next(&mut sink, &mut kept) {},
        }
    }

    fn shared(&self) -> MutexGuard<'_, Shared<'a, D, O>> {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether there is more to do; if not, fields are counted as left.
    fn goes_on(&self) -> bool {
        let mut shared = self.shared();
        let over = shared.tally.stopped || shared.observer.stops();
        shared.tally.left |= over;
        !over
    }

    /// The next field, from reading to telling. Says whether there was one.
    fn next(&self, sink: &mut SeriesSink<'_>, kept: &mut Kept<D>) -> bool {
        let place = self.next.fetch_add(1, Ordering::Relaxed);
        let Some(&row) = self.rows.get(place) else { return false };
        if !self.goes_on() {
            self.in_its_turn(place, |_| {});
            return false;
        }
        let name = match self.series.count() {
            1 => format!("{}{}", self.name, self.request.label),
            _ => format!("{}{} [{row}]", self.name, self.request.label),
        };
        self.shared().observer.begins(&name);
        let outcome = self.one(row, sink, kept);
        let failed = outcome.as_ref().err().filter(|e| !is_stopped(e) && !is_of_file(e));
        let noted = match (failed, &sink) {
            (Some(error), SeriesSink::Many(file)) => file.fail(row, &error.to_string()),
            _ => Ok(()),
        };
        self.in_its_turn(place, |shared| {
            shared.tell(outcome, name.clone(), self.series.count() > 1, kept);
            if let Err(error) = noted {
                shared.fail(name, error.into());
            }
        });
        true
    }

    /// Waits until all fields before were told of.
    fn in_its_turn(&self, place: usize, tell: impl FnOnce(&mut Shared<'a, D, O>)) {
        let mut shared = self.shared();
        while shared.told < place {
            shared = self.turn.wait(shared).unwrap_or_else(PoisonError::into_inner);
        }
        tell(&mut shared);
        shared.told += 1;
        self.turn.notify_all();
    }

    fn one(
        &self,
        row: usize,
        sink: &mut SeriesSink<'_>,
        kept: &mut Kept<D>,
    ) -> Result<Told<D>, BatchError> {
        let mut seconds = Seconds::default();
        let way = self.request.way.unwrap_or_default();
        let layout = self.request.choice.method.map(|method| method.layout());
        let read = || self.series.item(row, layout, way, kept.sample.take());
        let mut sample = timed(&mut seconds.read, read)?;
        let (watch, attributes) = {
            let mut shared = self.shared();
            let number = shared.tally.done;
            shared.observer.read(&mut sample, number).map_err(BatchError::Observer)?;
            (shared.observer.watch(), shared.observer.attributes(&sample))
        };
        let planned = timed(&mut seconds.plan, || self.plan(&sample, kept, watch))?;
        let mut parts = kept.parts.take().unwrap_or_else(|| planned.new_parts());
        let split = || planned.decompose().decompose_into(sample.field(), &mut parts);
        timed(&mut seconds.decompose, split)?;
        parts.way = way;
        let split = Split {
            request: self.request,
            sample: &sample,
            planned: &planned,
            parts: &parts,
            attributes,
            fixed: self.series.single_steps().into_iter().map(scale).collect(),
            mask: self.mask,
        };
        let report = split.measured(sink, row, &mut seconds)?;
        Ok(Told { sample, parts, report, seconds })
    }

    /// The plan of the last field, if this one lives on the same domain, or a new one.
    fn plan(
        &self,
        sample: &Sample<D>,
        kept: &mut Kept<D>,
        watch: Option<Arc<dyn crate::decomposition::Watch>>,
    ) -> Result<Arc<Planned<D>>, BatchError> {
        let serves = |planned: &&Arc<Planned<D>>| planned.serves(sample);
        if let Some(planned) = kept.planned.as_ref().filter(serves) {
            return Ok(planned.clone());
        }
        (kept.planned, kept.parts) = (None, None);
        let other = self.shared().planned.clone();
        let planned = match other.filter(|planned| planned.serves(sample)) {
            Some(planned) => planned,
            None => {
                // Not to be kept beside the new one.
                self.shared().planned = None;
                let planned = Arc::new(Planned::new(self.request, sample, watch)?);
                self.shared().planned = Some(planned.clone());
                planned
            }
        };
        kept.planned = Some(planned.clone());
        Ok(planned)
    }
}

impl<const D: usize, O: Observer> Shared<'_, D, O> {
    fn tell(
        &mut self,
        outcome: Result<Told<D>, BatchError>,
        name: String,
        of_series: bool,
        kept: &mut Kept<D>,
    ) {
        match outcome {
            Err(error) if is_stopped(&error) => self.tally.left = true,
            Err(error) => self.fail(name, error),
            Ok(Told { sample, parts, report, seconds }) => {
                let number = self.tally.done;
                self.tally.done += 1;
                self.tally.broken += usize::from(!report.claims_hold());
                let (field, of) = (&sample, &parts);
                self.observer.finished(Finished {
                    sample: field,
                    parts: of,
                    report,
                    seconds,
                    number,
                    of_series,
                });
                (kept.sample, kept.parts) = (Some(sample), Some(parts));
            }
        }
    }

    pub fn fail(&mut self, name: String, error: BatchError) {
        fail(self.tally, self.observer, name, error);
    }
}

/// Counts a failure and tells of it.
pub(super) fn fail(
    tally: &mut Tally,
    observer: &mut impl Observer,
    name: String,
    error: BatchError,
) {
    tally.stopped |= is_of_file(&error);
    tally.failed += 1;
    observer.failed(Failure { name, error });
}

/// The file or its disk failed, so that nothing can be noted there either.
fn is_of_file(error: &BatchError) -> bool {
    matches!(error, BatchError::Output(error) if error.ends_writing())
}

fn is_stopped(error: &BatchError) -> bool {
    matches!(error, BatchError::Decompose(DecomposeError::Stopped { .. }))
}
