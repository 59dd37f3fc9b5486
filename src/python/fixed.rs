//! A plan whose domain is the same for every field.

use super::arrays::View;
use super::parts::{Space, Spaces, derivative, space, split};
use super::wanted::{Made, Outcome, Places, Wanted};
use crate::batch::{BatchError, BatchRequest, Planned};
use crate::decomposition::{DecomposeError, Method, Watch};
use crate::field::{Layout, VectorField, is_ordinary, largest_magnitude, max_or_nan};
use crate::grid::{Domain, Location};
use crate::machine::Pool;
use crate::projection::LerayProjection;
use crate::source::{Extent, Provenance, Sample, Series, StoredAxis};
use std::sync::{Arc, OnceLock};

/// The plan with what all fields have in common.
pub(super) struct Fixed<const D: usize> {
    pub template: Sample<D>,
    pub planned: Planned<D>,
    pub turned: Vec<bool>,
    request: BatchRequest,
    spaces: Spaces<D>,
    /// For arrays that it reads and writes in place.
    leray: OnceLock<LerayProjection<D>>,
}

impl<const D: usize> Fixed<D> {
    pub fn new(
        series: &dyn Series<D>,
        domain: Domain<D>,
        request: BatchRequest,
        watch: Arc<dyn Watch>,
    ) -> Outcome<Fixed<D>> {
        let extent = series.extent()?;
        let template = template(series, &extent, domain);
        let planned = Planned::new(&request, &template, Some(watch))?;
        let turned = extent.stored.iter().map(|axis| axis.turned).collect();
        let (spaces, leray) = (Pool::new(), OnceLock::new());
        Ok(Fixed { template, planned, turned, request, spaces, leray })
    }

    pub fn split(
        &self,
        field: &[View<'_>],
        wanted: Wanted,
        places: &mut Places<'_>,
    ) -> Outcome<Made> {
        if !(wanted.rotation || wanted.evidence) && self.in_place(field, places) {
            return Ok(Made::default());
        }
        let mut space = space(&self.spaces);
        let Space { sample, parts, cells } = &mut *space;
        let sample = self.read(field, sample, wanted.evidence);
        let how = (wanted, self.request.way);
        split(&self.planned, sample, (parts, cells), how, (places, &self.turned))
    }

    /// ∇·v, or ∇∧v.
    pub fn derivative(&self, field: &[View<'_>], curl: bool) -> Outcome<Made> {
        let mut space = space(&self.spaces);
        let sample = self.read(field, &mut space.sample, false);
        sample.field().check_finite().map_err(DecomposeError::from)?;
        Ok(derivative(&self.planned, sample, curl, &self.turned))
    }

    /// A field in the arrays of the last one; at the points too where it is on the faces, if that is wanted.
    fn read<'a>(
        &self,
        field: &[View<'_>],
        last: &'a mut Option<Sample<D>>,
        at_points: bool,
    ) -> &'a Sample<D> {
        let sample = last.get_or_insert_with(|| self.template.clone());
        let to = sample.faces.as_mut().unwrap_or(&mut sample.points);
        for (component, view) in to.components_mut().iter_mut().zip(field) {
            view.copy_to(&self.turned, component.overwrite());
        }
        match &sample.faces {
            None => sample.points.clear_outside(&sample.domain),
            Some(faces) if at_points => {
                let way = self.request.way.unwrap_or_default();
                sample.points = crate::field::to_points(faces, &sample.domain, way);
            }
            Some(_) => {}
        }
        sample
    }

    /// Splits arrays of numbers in double precision where they are, by the spectral method; says whether they are.
    fn in_place(&self, field: &[View<'_>], places: &mut Places<'_>) -> bool {
        let spectral = self.planned.decompose().method() == Method::Spectral;
        if !spectral || self.turned.contains(&true) {
            return false;
        }
        let Some(input) = all::<_, D>(field.iter().map(View::slice)) else { return false };
        let largest = input.iter().map(|values| largest_magnitude(values)).fold(0.0, max_or_nan);
        if !is_ordinary(largest) {
            return false;
        }
        let [gradient, solenoidal, harmonic] = &mut places.parts;
        let Some(gradient) = all::<_, D>(gradient.iter_mut().map(|place| place.slice())) else {
            return false;
        };
        let Some(solenoidal) = all::<_, D>(solenoidal.iter_mut().map(|place| place.slice())) else {
            return false;
        };
        let Some(harmonic) = all::<_, D>(harmonic.iter_mut().map(|place| place.slice())) else {
            return false;
        };
        let potential = places.potential.as_mut().map(|place| place.slice());
        let leray = || {
            let grid = self.template.domain.grid();
            LerayProjection::new(grid.shape(), grid.axes().map(|axis| axis.spacing))
        };
        let leray = self.leray.get_or_init(leray);
        let modes = match potential {
            Some(None) => return false,
            Some(Some(potential)) => {
                leray.project_with_potential(input, gradient, solenoidal, potential)
            }
            None => leray.project(input, gradient, solenoidal),
        };
        harmonic.into_iter().enumerate().for_each(|(k, out)| modes.write(k, out));
        true
    }
}

/// All, if none is missing.
fn all<T, const D: usize>(each: impl Iterator<Item = Option<T>>) -> Option<[T; D]> {
    each.collect::<Option<Vec<T>>>()?.try_into().ok()
}

/// A field of the series without its values.
fn template<const D: usize>(
    series: &dyn Series<D>,
    extent: &Extent<D>,
    domain: Domain<D>,
) -> Sample<D> {
    let zeros = |layout| VectorField::zeros(*domain.grid(), layout);
    let (units, axis_units) = extent.units.split_first().expect("units of the components");
    let name = |axis: &StoredAxis| axis.name.clone().unwrap_or_default();
    Sample {
        name: series.name(0),
        points: zeros(Layout::Points),
        faces: extent.on_faces.then(|| zeros(Layout::Faces)),
        density: None,
        boundary: extent.boundary,
        units: units.clone(),
        axis_units: axis_units.to_vec(),
        axis_names: extent.stored.iter().map(name).collect(),
        filled: Vec::new(),
        provenance: Provenance {
            origin: String::new(),
            notes: series.notes(),
            cells: Vec::new(),
            warnings: Vec::new(),
            frame: None,
        },
        domain,
    }
}

/// The shape of component k, slowest axis first.
pub(super) fn shape_of<const D: usize>(domain: &Domain<D>, k: usize, on_faces: bool) -> Vec<usize> {
    let location = if on_faces { Location::face(k) } else { Location::CELL };
    domain.grid().shape_at(location).into_iter().rev().collect()
}

impl From<BatchError> for pyo3::PyErr {
    fn from(error: BatchError) -> pyo3::PyErr {
        match error {
            BatchError::Decompose(DecomposeError::Stopped { .. }) => {
                pyo3::exceptions::PyKeyboardInterrupt::new_err(error.to_string())
            }
            _ => super::error::value_error(error),
        }
    }
}
