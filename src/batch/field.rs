//! One field: read, split, measured and written.

use super::planned::Planned;
use super::seconds::timed;
use super::sink::SeriesSink;
use super::written::write_while_measured;
use super::{BatchError, BatchRequest, Seconds};
use crate::decomposition::{ByConvention, Decompose, DecomposeError, Decomposition, Friedrichs};
use crate::diagnostic::{Report, circulations, measure_every, times_length};
use crate::field::{ScalarField, VectorField};
use crate::output::{DimensionScale, FieldGroup, MaskContent, OutputError, Record};
use crate::source::Sample;
use serde_json::{Map, Value};

/// A field with its parts, and what its record needs.
pub(super) struct Split<'a, const D: usize> {
    pub request: &'a BatchRequest,
    pub sample: &'a Sample<D>,
    pub planned: &'a Planned<D>,
    pub parts: &'a Decomposition<D>,
    /// Attributes of its group.
    pub attributes: Map<String, Value>,
    /// Coordinates that the whole field has.
    pub fixed: Vec<DimensionScale>,
    pub mask: MaskContent,
}

/// What is written besides the parts.
struct Extras<'a, const D: usize> {
    vector_potential: Option<Vec<ScalarField<D>>>,
    friedrichs: Option<Friedrichs<D>>,
    harmonic_basis: &'a [VectorField<D>],
    by: Option<&'a ByConvention<'a, D>>,
}

impl<const D: usize> Split<'_, D> {
    /// The report of a field, which is written with its parts where something is to be written.
    pub fn measured(
        self,
        sink: &mut SeriesSink<'_>,
        row: usize,
        seconds: &mut Seconds,
    ) -> Result<Report, BatchError> {
        let Split { request, sample, planned, parts, .. } = &self;
        let by = || planned.by_convention(sample.field(), parts);
        let by = timed(&mut seconds.decompose, by)?;
        let written = by.as_ref().filter(|_| request.choice.all);
        let extras = || extras(request, planned.decompose(), parts, written);
        let extras = timed(&mut seconds.decompose, extras)?;
        let measure = || report(sample, planned, parts, by.as_ref());
        Ok(self.write((sink, row), measure, &extras, seconds)?)
    }

    /// Measures, and writes if there is a file.
    fn write(
        &self,
        to: (&mut SeriesSink<'_>, usize),
        measure: impl FnOnce() -> Report + Send,
        extras: &Extras<'_, D>,
        seconds: &mut Seconds,
    ) -> Result<Report, OutputError> {
        if matches!(to.0, SeriesSink::Nowhere) {
            return Ok(timed(&mut seconds.measure, measure));
        }
        let Split { sample, parts, request, .. } = self;
        let axis_units = std::array::from_fn(|k| sample.axis_units[k].as_str());
        let group = FieldGroup::on_grid(&sample.name, sample.domain.grid(), axis_units);
        let mut group = group.with_axes(&sample.axis_names);
        group.attributes.extend(self.attributes.clone());
        group.fixed.clone_from(&self.fixed);
        let record = Record {
            domain: &sample.domain,
            samples: &sample.points,
            filled: &sample.filled,
            mask: self.mask,
            staggered: sample.faces.as_ref(),
            parts,
            units: &sample.units,
            potential_units: &times_length(&sample.units, &sample.length_units()),
            vector_potential: extras.vector_potential.as_deref(),
            friedrichs: extras.friedrichs.as_ref(),
            harmonic_basis: extras.harmonic_basis,
            by_convention: extras.by,
            content: request.content,
        };
        let mut group = record.fill(group);
        sample.provenance.frame.iter().for_each(|frame| group.add_frame(frame));
        write_while_measured(to, &group, measure, seconds)
    }
}

/// The vector potential and the five-part split, if they were requested.
fn extras<'b, const D: usize>(
    request: &BatchRequest,
    plan: &'b dyn Decompose<D>,
    parts: &Decomposition<D>,
    by: Option<&'b ByConvention<'b, D>>,
) -> Result<Extras<'b, D>, DecomposeError> {
    let potential = request.potentials.then(|| plan.vector_potential(parts));
    let friedrichs = request.five_parts.then(|| plan.friedrichs(parts));
    let (vector_potential, friedrichs) = (potential.transpose()?, friedrichs.transpose()?);
    let harmonic_basis = match request.harmonic_basis {
        true => plan.harmonic_basis()?,
        false => &[],
    };
    Ok(Extras { vector_potential, friedrichs, harmonic_basis, by })
}

/// Everything that was measured about one field, with its warnings.
pub(crate) fn report<const D: usize>(
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
