//! The loop over the fields of series.

use super::planned::Planned;
use super::seconds::timed;
use super::written::write_while_measured;
use super::{BatchError, BatchRequest, Failure, Finished, Observer, Seconds, Tally};
use crate::decomposition::{
    ByConvention, Decompose, DecomposeError, Decomposition, Friedrichs, Watch,
};
use crate::diagnostic::{Report, circulations, measure_every, times_length};
use crate::field::{ScalarField, VectorField};
use crate::output::{FieldGroup, OutputError, Record, ResultFile};
use crate::source::{AnySeries, Sample, Series};
use std::collections::HashSet;
use std::sync::Arc;

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
    sink: Option<ResultFile>,
    /// Of the groups in the file.
    names: HashSet<String>,
    tally: Tally,
}

/// What is written besides the parts.
struct Extras<'a, const D: usize> {
    vector_potential: Option<Vec<ScalarField<D>>>,
    friedrichs: Option<Friedrichs<D>>,
    harmonic_basis: &'a [VectorField<D>],
    by: Option<&'a ByConvention<'a, D>>,
}

impl<'a> Batch<'a> {
    /// Nothing done yet; results go to `sink`, if there is one.
    pub fn new(request: &'a BatchRequest, sink: Option<ResultFile>) -> Batch<'a> {
        Batch { request, sink, names: HashSet::new(), tally: Tally::default() }
    }

    /// How far it came.
    pub fn tally(&self) -> Tally {
        self.tally
    }

    /// The file with what was finished; it gets its name by [`ResultFile::finish`]. `None` where nothing was
    /// finished.
    pub fn into_file(self) -> Option<ResultFile> {
        self.sink.filter(|_| self.tally.done > 0)
    }

    /// Whether there is more to do; if not, fields are counted as left.
    pub fn goes_on(&mut self, observer: &impl Observer) -> bool {
        let over = self.tally.stopped || observer.stops();
        self.tally.left |= over;
        !over
    }

    /// Every field of a series; one that fails does not stop the others, a file that cannot be written does.
    pub fn run(&mut self, name: &str, series: &AnySeries, observer: &mut impl Observer) {
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
        observer: &mut impl Observer,
    ) {
        if let Err(error) = self.check(series, observer) {
            self.fail(name.into(), error, observer);
            return;
        }
        let (mut plan, mut last) = (None, None);
        for index in 0..series.count() {
            if !self.goes_on(observer) {
                return;
            }
            let name = if series.count() > 1 { format!("{name} [{index}]") } else { name.into() };
            observer.begins(&name);
            match self.one((series, index), (&mut plan, &mut last), observer) {
                Err(BatchError::Decompose(DecomposeError::Stopped { .. })) => {
                    self.tally.left = true;
                    return;
                }
                Err(error) => self.fail(name, error, observer),
                Ok(()) => {}
            }
        }
    }

    fn fail(&mut self, name: String, error: BatchError, observer: &mut impl Observer) {
        let of_file = if let BatchError::Output(error) = &error { Some(error) } else { None };
        self.tally.stopped |= of_file.is_some_and(OutputError::ends_writing);
        self.tally.failed += 1;
        observer.failed(Failure { name, error });
    }

    /// Refuses a series for which there is no memory. How much is needed is known where domains with a mask
    /// can be decomposed.
    fn check<const D: usize>(
        &self,
        series: &dyn Series<D>,
        observer: &impl Observer,
    ) -> Result<(), BatchError> {
        let extent = series.extent()?;
        let besides = observer.bytes(&extent.grid);
        #[cfg(feature = "sparse")]
        super::memory::check(&extent, self.request, besides)?;
        let _ = besides;
        Ok(())
    }

    fn one<const D: usize>(
        &mut self,
        (series, index): (&dyn Series<D>, usize),
        (slot, last): (&mut Option<Planned<D>>, &mut Option<Sample<D>>),
        observer: &mut impl Observer,
    ) -> Result<(), BatchError> {
        let mut seconds = Seconds::default();
        let way = self.request.way.unwrap_or_default();
        let layout = self.request.choice.method.map(|method| method.layout());
        let read = || series.item(index, layout, way, last.take());
        let mut sample = timed(&mut seconds.read, read)?;
        observer.read(&mut sample, self.tally.done).map_err(BatchError::Observer)?;
        sample.name = self.unused(sample.name);
        let watch = observer.watch();
        let planned = timed(&mut seconds.plan, || self.plan(&sample, slot, watch))?;
        let mut parts = planned.spare_parts();
        let split = || planned.decompose().decompose_into(sample.field(), &mut parts);
        timed(&mut seconds.decompose, split)?;
        parts.way = way;
        let report = self.measured((&sample, &parts), planned, observer, &mut seconds)?;
        self.names.insert(sample.name.clone());
        let (number, of_series) = (self.tally.done, series.count() > 1);
        self.tally.done += 1;
        self.tally.broken += usize::from(!report.claims_hold());
        let (field, of) = (&sample, &parts);
        observer.finished(Finished {
            sample: field,
            parts: of,
            report,
            seconds,
            number,
            of_series,
        });
        planned.give_back(parts);
        *last = Some(sample);
        Ok(())
    }

    /// The report of a field, which is written with its parts where something is to be written.
    fn measured<const D: usize>(
        &mut self,
        (sample, parts): (&Sample<D>, &Decomposition<D>),
        planned: &Planned<D>,
        observer: &impl Observer,
        seconds: &mut Seconds,
    ) -> Result<Report, BatchError> {
        let by = || planned.by_convention(sample.field(), parts);
        let by = timed(&mut seconds.decompose, by)?;
        let written = by.as_ref().filter(|_| self.request.choice.all);
        let extras = || self.extras(planned.decompose(), parts, written);
        let extras = timed(&mut seconds.decompose, extras)?;
        let measure = || report(sample, planned, parts, by.as_ref());
        Ok(self.write((sample, parts), measure, &extras, observer, seconds)?)
    }

    /// Measures, and writes if there is a file.
    fn write<const D: usize>(
        &mut self,
        (sample, parts): (&Sample<D>, &Decomposition<D>),
        measure: impl FnOnce() -> Report + Send,
        extras: &Extras<'_, D>,
        observer: &impl Observer,
        seconds: &mut Seconds,
    ) -> Result<Report, OutputError> {
        let Some(sink) = &mut self.sink else {
            return Ok(timed(&mut seconds.measure, measure));
        };
        let axis_units = std::array::from_fn(|k| sample.axis_units[k].as_str());
        let mut group = FieldGroup::on_grid(&sample.name, sample.domain.grid(), axis_units);
        group.attributes.extend(observer.attributes(sample));
        let record = Record {
            domain: &sample.domain,
            samples: &sample.points,
            filled: &sample.filled,
            staggered: sample.faces.as_ref(),
            parts,
            units: &sample.units,
            potential_units: &times_length(&sample.units, &sample.length_units()),
            vector_potential: extras.vector_potential.as_deref(),
            friedrichs: extras.friedrichs.as_ref(),
            harmonic_basis: extras.harmonic_basis,
            by_convention: extras.by,
            content: self.request.content,
        };
        write_while_measured(sink, &record.fill(group), measure, seconds)
    }

    /// The vector potential and the five-part split, if they were requested.
    fn extras<'b, const D: usize>(
        &self,
        plan: &'b dyn Decompose<D>,
        parts: &Decomposition<D>,
        by: Option<&'b ByConvention<'b, D>>,
    ) -> Result<Extras<'b, D>, DecomposeError> {
        let potential = self.request.potentials.then(|| plan.vector_potential(parts));
        let friedrichs = self.request.five_parts.then(|| plan.friedrichs(parts));
        let (vector_potential, friedrichs) = (potential.transpose()?, friedrichs.transpose()?);
        let harmonic_basis = match self.request.harmonic_basis {
            true => plan.harmonic_basis()?,
            false => &[],
        };
        Ok(Extras { vector_potential, friedrichs, harmonic_basis, by })
    }

    /// The plan of the last field, if this one lives on the same domain, or a new one.
    fn plan<'b, const D: usize>(
        &self,
        sample: &Sample<D>,
        planned: &'b mut Option<Planned<D>>,
        watch: Option<Arc<dyn Watch>>,
    ) -> Result<&'b mut Planned<D>, BatchError> {
        if !planned.as_ref().is_some_and(|planned| planned.serves(sample)) {
            *planned = None;
            *planned = Some(Planned::new(self.request, sample, watch)?);
        }
        Ok(planned.as_mut().expect("planned above"))
    }

    /// The name, with a number appended if an earlier field has it.
    fn unused(&self, name: String) -> String {
        let mut candidate = name.clone();
        let mut count = 1;
        while self.names.contains(&candidate) {
            count += 1;
            candidate = format!("{name} ({count})");
        }
        candidate
    }
}

/// Everything that was measured about one field, with its warnings.
fn report<const D: usize>(
    sample: &Sample<D>,
    planned: &Planned<D>,
    parts: &Decomposition<D>,
    by: Option<&ByConvention<D>>,
) -> Report {
    let plan = planned.decompose();
    let field = sample.field();
    let mut report = measure_every(plan, field, &sample.points, parts, by);
    let warnings = sample.provenance.warnings.iter().map(|warning| warning.to_string());
    report.warnings.splice(0..0, warnings);
    if report.circulations.is_empty() && sample.domain.mask().is_some() {
        // This convention keeps no loops itself; those of the fluid are the same for all.
        let faces = plan.where_computed(field);
        report.circulations = circulations(planned.loops(), &sample.domain, &faces, parts);
    }
    let around = report.circulations.iter_mut();
    around.for_each(|around| around.set_units(&sample.units, &sample.length_units()));
    report
}
