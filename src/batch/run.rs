//! Series after series.

use super::sink::{Closed, SeriesSink, Sink};
use super::workers::{Shared, Work, fail};
use super::{BatchError, BatchRequest, Observer, Tally};
use crate::output::{MaskContent, ResultFile};
use crate::source::{AnySeries, Extent, Series};
use serde_json::Value;
use std::sync::atomic::AtomicUsize;
use std::sync::{Condvar, Mutex};

/// Cells of a field below which several are decomposed side by side, each by one thread: it fits into the cache of a core, and
/// threads that share it would wait for each other more than they compute.
const SMALL: usize = 1 << 18;

/// Bytes that the lines of a table take for a field: its names and what is known of it.
const ROW: f64 = 512.0;

/// Fields that are decomposed one after the other, into one file if there is one.
///
/// ```
/// use hodge::batch::{Batch, BatchRequest, Failure, Finished, Observer};
/// use hodge::source::{AnySeries, GridRequest};
/// struct Shares(Vec<f64>);
/// impl Observer for Shares {
///     fn finished<const D: usize>(&mut self, field: Finished<'_, D>) {
///         self.0.push(field.report.fraction.gradient);
///     }
///     fn failed(&mut self, failure: Failure) {
///         panic!("{}: {}", failure.name, failure.error);
///     }
/// }
/// let (request, mut shares) = (BatchRequest::default(), Shares(Vec::new()));
/// let mut batch = Batch::new(&request, None);
/// for case in ["B1", "B4", "B6"] {
///     let grid = GridRequest { cells: vec![12], ..GridRequest::default() };
///     batch.run(case, &AnySeries::of_case(case, &grid)?, &mut shares);
/// }
/// assert_eq!((batch.tally().done, shares.0.len()), (3, 3));
/// # Ok::<(), hodge::source::SourceError>(())
/// ```
pub struct Batch<'a> {
    request: &'a BatchRequest,
    sink: Option<Sink>,
    tally: Tally,
}

impl<'a> Batch<'a> {
    /// Nothing done yet; results go to `sink`, if there is one.
    pub fn new(request: &'a BatchRequest, sink: Option<Sink>) -> Batch<'a> {
        Batch { request, sink, tally: Tally::default() }
    }

    /// How far it came.
    pub fn tally(&self) -> Tally {
        self.tally
    }

    /// Adds attributes to the whole file, where it holds one field or a group for each.
    ///
    /// # Errors
    /// If HDF5 cannot write them.
    pub fn add_attributes(&self, entries: &[(String, Value)]) -> Result<(), BatchError> {
        match &self.sink {
            Some(Sink::One(file) | Sink::Groups(file)) => Ok(file.set_attributes(entries)?),
            Some(Sink::Many(..)) | None => Ok(()),
        }
    }

    /// Gives the results their name, unless fields were left undone.
    ///
    /// # Errors
    /// Where they cannot be written to the end; what was finished is not lost.
    pub fn close(self) -> Result<Closed, BatchError> {
        let any = self.tally.done > 0;
        self.sink.map_or(Ok(Closed::Nothing), |sink| sink.close(any, self.tally.left))
    }

    /// The file with a group for each field that was finished, to which more may be written; `None` without one.
    pub fn into_groups(self) -> Option<ResultFile> {
        match self.sink {
            Some(Sink::Groups(file)) if self.tally.done > 0 => Some(*file),
            _ => None,
        }
    }

    /// Whether there is more to do; if not, fields are counted as left.
    pub fn goes_on(&mut self, observer: &impl Observer) -> bool {
        let over = self.tally.stopped || observer.stops();
        self.tally.left |= over;
        !over
    }

    /// Every field of a series; one that fails does not stop the others, a file that cannot be written does.
    pub fn run(&mut self, name: &str, series: &AnySeries, observer: &mut (impl Observer + Send)) {
        match series {
            AnySeries::Plane(series) => self.series(name, &**series, observer),
            AnySeries::Space(series) => self.series(name, &**series, observer),
        }
    }

    /// The same for a series whose dimension is known.
    pub fn series<const D: usize>(
        &mut self,
        name: &str,
        series: &dyn Series<D>,
        observer: &mut (impl Observer + Send),
    ) {
        if !self.goes_on(observer) {
            return;
        }
        if let Err(error) = self.try_series(name, series, observer) {
            fail(&mut self.tally, observer, name.into(), error);
        }
    }

    fn try_series<const D: usize>(
        &mut self,
        name: &str,
        series: &dyn Series<D>,
        observer: &mut (impl Observer + Send),
    ) -> Result<(), BatchError> {
        let extent = series.extent()?;
        let workers = self.workers(series, (&extent, observer))?;
        let mut sink = SeriesSink::begin(&mut self.sink, name, series)?;
        let count = series.count();
        let own = self.request.shard.map_or(0..count, |shard| shard.rows(count));
        let rows: Vec<usize> = own.clone().filter(|row| !sink.is_finished(*row)).collect();
        self.tally.before += own.len() - rows.len();
        let mask = match (count, extent.mask_varies) {
            (1, _) => MaskContent::OfField,
            (_, true) => MaskContent::Varying,
            (_, false) => MaskContent::OfSeries,
        };
        let tally = &mut self.tally;
        let shared = Mutex::new(Shared { observer, tally, planned: None, told: 0 });
        let (next, turn) = (AtomicUsize::new(0), Condvar::new());
        let work = Work { request: self.request, name, series, mask, rows, next, shared, turn };
        match workers {
            1 => work.in_turn(&mut sink),
            workers => work.side_by_side(workers, &mut sink),
        }
        Ok(())
    }

    /// How many fields are decomposed at a time. Refuses a series for which there is no memory; how much is needed is known
    /// where domains with a mask can be decomposed.
    fn workers<const D: usize>(
        &self,
        series: &dyn Series<D>,
        (extent, observer): (&Extent<D>, &impl Observer),
    ) -> Result<usize, BatchError> {
        let table = if self.sink.is_some() { ROW * series.count() as f64 } else { 0.0 };
        let besides = observer.bytes(&extent.grid) + table;
        #[cfg(feature = "sparse")]
        super::memory::check(extent, self.request, besides)?;
        let _ = besides;
        let threads = rayon::current_num_threads().min(series.count());
        let many = !matches!(self.sink, Some(Sink::One(_) | Sink::Groups(_)));
        let several = many && threads > 1 && extent.grid.cells() <= SMALL && observer.any_order();
        Ok(if several { threads } else { 1 })
    }
}
