//! `hodge._hodge.Plan`.

use super::arrays::{Input, Output, Part, View, by_field};
use super::error::refused;
use super::fixed::{Fixed, shape_of};
use super::options::Options;
use super::parts::numpy_arrays;
use super::threads::{Stop, pool, run};
use super::varying::{Varying, plane, space_fields};
use super::wanted::{Made, Outcome, Places, Wanted};
use crate::batch::BatchRequest;
use crate::decomposition::DecomposeError;
use crate::field::Layout;
use crate::grid::Axis;
use crate::source::{AnySeries, FileSeriesRequest, Series, StoredAxis};
use numpy::PyArrayDyn;
use pyo3::prelude::*;
use pyo3::types::PyDict;
use rayon::prelude::*;
use std::sync::Arc;

/// Cells of a field below which the fields of a batch are split side by side: it fits into the cache of a core.
const SMALL: usize = 1 << 18;

/// A method planned for one grid.
#[pyclass(module = "hodge._hodge", frozen)]
pub(super) struct Plan {
    planned: Dimensions,
    threads: usize,
    stop: Arc<Stop>,
    known: Known,
}

enum Dimensions {
    Plane(Domains<2>),
    Space(Domains<3>),
}

enum Domains<const D: usize> {
    Fixed(Box<Fixed<D>>),
    Varying(Box<Varying<D>>),
}

/// What is known of the fields.
struct Known {
    notes: Vec<String>,
    axes: Vec<StoredAxis>,
    shape: Vec<usize>,
    on_faces: bool,
    units: Vec<String>,
}

fn known<const D: usize>(series: &dyn Series<D>) -> Outcome<Known> {
    let extent = series.extent()?;
    Ok(Known {
        notes: series.notes().iter().map(|note| note.to_string()).collect(),
        axes: extent.stored,
        shape: extent.grid.shape().into_iter().rev().collect(),
        on_faces: extent.on_faces,
        units: extent.units,
    })
}

fn domains<const D: usize>(
    series: &dyn Series<D>,
    (given, request): (FileSeriesRequest, BatchRequest),
    stop: Arc<Stop>,
) -> Outcome<Domains<D>> {
    Ok(match series.fixed_domain()? {
        Some(domain) => Domains::Fixed(Box::new(Fixed::new(series, domain, request, stop)?)),
        None => Domains::Varying(Box::new(Varying::new(series, given, request, stop)?)),
    })
}

impl<const D: usize> Domains<D> {
    fn split(
        &self,
        field: &[View<'_>],
        wanted: Wanted,
        places: &mut Places<'_>,
        open: impl Fn(&FileSeriesRequest) -> Outcome<Box<dyn Series<D>>>,
    ) -> Outcome<Made> {
        match self {
            Domains::Fixed(fixed) => fixed.split(field, wanted, places),
            Domains::Varying(varying) => varying.split(field, wanted, places, open),
        }
    }

    fn corners(&self) -> Option<Vec<Vec<f64>>> {
        let (grid, layout) = match self {
            Domains::Fixed(fixed) => {
                let layout = fixed.planned.decompose().calculus().layout();
                (fixed.template.domain.grid(), layout)
            }
            Domains::Varying(varying) => (&varying.grid, Layout::Faces),
        };
        let along = |axis: &Axis| (0..axis.faces()).map(|i| axis.face(i)).collect();
        (layout == Layout::Faces).then(|| grid.axes().iter().rev().map(along).collect())
    }

    /// Method, boundary convention and back end, where they are known before a field is.
    fn words(&self) -> Option<(&'static str, &'static str, Option<&'static str>)> {
        let Domains::Fixed(fixed) = self else { return None };
        let plan = fixed.planned.decompose();
        let backend = plan.backend().map(|backend| backend.name());
        Some((plan.method().name(), plan.boundary().name(), backend))
    }
}

#[pymethods]
impl Plan {
    /// Plans by the options of `hodge.Plan`.
    #[new]
    fn new(
        py: Python<'_>,
        options: Options,
        threads: usize,
        every_convention: bool,
    ) -> PyResult<Plan> {
        let settings = options.settings(py)?;
        let request = BatchRequest { every_convention, ..settings.batch };
        let given = settings.series;
        let stop = Arc::new(Stop::default());
        let own = Arc::clone(&stop);
        let made = run(py, &*pool(threads)?, &stop, move || -> Outcome<_> {
            Ok(match AnySeries::of_file(&given)? {
                AnySeries::Plane(series) => {
                    let known = known(&*series)?;
                    (known, Dimensions::Plane(domains(&*series, (given, request), own)?))
                }
                AnySeries::Space(series) => {
                    let known = known(&*series)?;
                    (known, Dimensions::Space(domains(&*series, (given, request), own)?))
                }
            })
        });
        let (known, planned) = made??;
        Ok(Plan { planned, threads, stop, known })
    }

    /// Names of the dimensions of a field, slowest first, and whether coordinates along them descend and the last plane
    /// was left out.
    #[getter]
    fn axes(&self) -> Vec<(String, bool, bool)> {
        let axis = |axis: &StoredAxis| {
            (axis.name.clone().unwrap_or_default(), axis.turned, axis.without_last)
        };
        self.known.axes.iter().rev().map(axis).collect()
    }

    /// What was found or assumed.
    #[getter]
    fn notes(&self) -> Vec<String> {
        self.known.notes.clone()
    }

    /// Points along each axis, slowest first.
    #[getter]
    fn shape(&self) -> Vec<usize> {
        self.known.shape.clone()
    }

    /// Units of the components, then of the coordinates along x, y[, z].
    #[getter]
    fn units(&self) -> Vec<String> {
        self.known.units.clone()
    }

    /// Whether components sit on faces.
    #[getter]
    fn staggered(&self) -> bool {
        self.known.on_faces
    }

    /// Method, boundary convention and back end; `None` where they depend on the values.
    #[getter]
    fn chosen(&self) -> Option<(&'static str, &'static str, Option<&'static str>)> {
        match &self.planned {
            Dimensions::Plane(domains) => domains.words(),
            Dimensions::Space(domains) => domains.words(),
        }
    }

    /// The shape of every component of a field.
    #[getter]
    fn shapes(&self) -> Vec<Vec<usize>> {
        let dims = self.known.shape.len();
        match &self.planned {
            Dimensions::Plane(Domains::Fixed(fixed)) => {
                (0..2).map(|k| shape_of(&fixed.template.domain, k, self.known.on_faces)).collect()
            }
            Dimensions::Space(Domains::Fixed(fixed)) => {
                (0..3).map(|k| shape_of(&fixed.template.domain, k, self.known.on_faces)).collect()
            }
            _ => vec![self.known.shape.clone(); dims],
        }
    }

    /// Coordinates of the corners of the cells along each axis, slowest first, ascending; `None` where the method computes
    /// at the points, where it then has its potentials.
    #[getter]
    fn corners(&self) -> Option<Vec<Vec<f64>>> {
        match &self.planned {
            Dimensions::Plane(domains) => domains.corners(),
            Dimensions::Space(domains) => domains.corners(),
        }
    }

    /// The divergence of fields at the cells, or their curl.
    fn derivative<'py>(
        &self,
        py: Python<'py>,
        components: Vec<Bound<'py, PyAny>>,
        curl: bool,
    ) -> PyResult<Vec<Bound<'py, PyArrayDyn<f64>>>> {
        let inputs = components.iter().map(Input::of).collect::<PyResult<Vec<_>>>()?;
        let leading = self.leading(&inputs)?;
        let fields = by_field(inputs.iter().map(|input| input.views(leading)));
        let one = |field: &Vec<View<'_>>| match &self.planned {
            Dimensions::Plane(Domains::Fixed(fixed)) => fixed.derivative(field, curl).map(Some),
            Dimensions::Space(Domains::Fixed(fixed)) => fixed.derivative(field, curl).map(Some),
            _ => Ok(None),
        };
        let work = || fields.iter().map(one).collect::<Outcome<Option<Vec<Made>>>>();
        let made = run(py, &*pool(self.threads)?, &self.stop, work)??;
        let made = made.ok_or_else(|| {
            refused("the cells that take part depend on the values here; give the mask as an array for derivatives")
        })?;
        numpy_arrays(py, &made, &inputs[0].shape()[..leading])
    }

    /// Splits the components of a field, or of fields along leading axes, into the gradient, the solenoidal and the harmonic
    /// part: each one array with the components along `axis`, or an array for each; and one for the potential. Returns the stream function or the
    /// vector potential, and reports in JSON, where each is `wanted`.
    fn split<'py>(
        &self,
        py: Python<'py>,
        components: Vec<Bound<'py, PyAny>>,
        parts: [Bound<'py, PyAny>; 3],
        axis: usize,
        potential: Option<Bound<'py, PyAny>>,
        wanted: (bool, bool),
    ) -> PyResult<Bound<'py, PyDict>> {
        let inputs = components.iter().map(Input::of).collect::<PyResult<Vec<_>>>()?;
        let leading = self.leading(&inputs)?;
        let shapes: Vec<Vec<usize>> = inputs.iter().map(|input| input.shape().to_vec()).collect();
        let each = parts.iter().map(|part| Part::of(part, axis, &shapes));
        let mut parts = each.collect::<PyResult<Vec<_>>>()?;
        let lead = inputs[0].shape()[..leading].to_vec();
        let whole = [&lead[..], &self.known.shape].concat();
        let mut potential = potential.map(|array| Output::of(&array, &whole)).transpose()?;
        let fields = by_field(inputs.iter().map(|input| input.views(leading)));
        let by_part = by_field(parts.iter_mut().map(|part| part.fields(leading)));
        let mut potentials = potential.as_mut().map(|p| p.places(leading).into_iter());
        let places = by_part.into_iter().map(|parts| {
            let mut parts = parts.into_iter();
            let parts = std::array::from_fn(|_| parts.next().expect("three parts"));
            Places { parts, potential: potentials.as_mut().and_then(Iterator::next) }
        });
        let places: Vec<Places<'_>> = places.collect();
        let (rotation, evidence) = wanted;
        let wanted = Wanted { rotation, evidence };
        let made =
            run(py, &*pool(self.threads)?, &self.stop, || self.all(fields, places, wanted))??;
        let found = PyDict::new(py);
        found.set_item("rotation", numpy_arrays(py, &made, &lead)?)?;
        let evidence: Vec<_> = made.into_iter().filter_map(|made| made.evidence).collect();
        found.set_item("evidence", evidence)?;
        Ok(found)
    }
}

impl Plan {
    /// How many axes come before those of space.
    fn leading(&self, inputs: &[Input<'_>]) -> PyResult<usize> {
        let (dims, shapes) = (self.known.shape.len(), self.shapes());
        if inputs.len() != dims {
            return Err(refused(format!("{dims} components are expected, not {}", inputs.len())));
        }
        let leading = inputs[0].shape().len().checked_sub(dims);
        let lead = leading.map(|leading| inputs[0].shape()[..leading].to_vec());
        for (k, (input, shape)) in inputs.iter().zip(&shapes).enumerate() {
            let fits =
                lead.as_ref().is_some_and(|lead| [&lead[..], shape].concat() == input.shape());
            if !fits {
                let axis = ["x", "y", "z"][k];
                return Err(refused(format!(
                    "the {axis} component has the shape {:?}; the plan is for (..., {}), with the same leading axes for all",
                    input.shape(),
                    shape.iter().map(usize::to_string).collect::<Vec<_>>().join(", "),
                )));
            }
        }
        Ok(leading.expect("checked"))
    }

    /// Every field, small ones side by side.
    fn all(
        &self,
        fields: Vec<Vec<View<'_>>>,
        mut places: Vec<Places<'_>>,
        wanted: Wanted,
    ) -> Outcome<Vec<Made>> {
        let one = |(field, places): (&Vec<View<'_>>, &mut Places<'_>)| match self.stop.is_asked() {
            // Also where it was another thread's use of the plan: its fields are not split.
            true => Err(DecomposeError::Stopped { solves: 0, of: 0 }.into()),
            false => match &self.planned {
                Dimensions::Plane(domains) => domains.split(field, wanted, places, plane),
                Dimensions::Space(domains) => domains.split(field, wanted, places, space_fields),
            },
        };
        let cells: usize = self.known.shape.iter().product();
        match fields.len() > 1 && cells <= SMALL {
            true => fields.par_iter().zip(&mut places).map(one).collect(),
            false => fields.iter().zip(&mut places).map(one).collect(),
        }
    }
}
