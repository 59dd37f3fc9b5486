//! One field of Python: split, measured, handed over.

use super::error::value_error;
use super::wanted::{Frame, Made, Outcome, Places, Wanted, go};
use crate::batch::{Planned, report};
use crate::decomposition::{DecomposeError, Decomposition};
use crate::field::{ScalarField, Way};
use crate::grid::unravel;
use crate::machine::{Borrowed, Pool};
use crate::operator::axis_pairs;
use crate::source::Sample;
use ndarray::{ArrayD, IxDyn};
use numpy::{IntoPyArray, PyArrayDyn};
use pyo3::prelude::*;

/// Arrays that are used for one field after the other.
#[derive(Default)]
pub(super) struct Space<const D: usize> {
    pub sample: Option<Sample<D>>,
    pub parts: Option<Decomposition<D>>,
    pub cells: Vec<f64>,
}

/// Spaces that are not in use.
pub(super) type Spaces<const D: usize> = Pool<Space<D>>;

/// A space, new if all are in use.
pub(super) fn space<const D: usize>(spaces: &Spaces<D>) -> Borrowed<'_, Space<D>> {
    spaces.take(Space::default)
}

/// Splits the field of a sample and hands over what is wanted.
pub(super) fn split<const D: usize>(
    planned: &Planned<D>,
    sample: &Sample<D>,
    (parts, cells): (&mut Option<Decomposition<D>>, &mut Vec<f64>),
    (wanted, way): (Wanted, Option<Way>),
    (places, turned): (&mut Places<'_>, &[bool]),
) -> Outcome<Made> {
    let plan = planned.decompose();
    let parts = parts.get_or_insert_with(|| planned.new_parts());
    plan.decompose_into(sample.field(), parts)?;
    go(parts, way);
    let (domain, on_faces) = (&sample.domain, sample.faces.is_some());
    places.fill(&Frame { domain, turned, on_faces }, parts, cells);
    let mut made = Made::default();
    if wanted.rotation {
        made.arrays = rotation(planned, parts, turned)?;
    }
    if wanted.evidence {
        let by = planned.by_convention(sample.field(), parts)?;
        let report = report(sample, planned, parts, by.as_ref());
        made.evidence = Some(serde_json::to_string(&report).expect("a report is JSON"));
    }
    Ok(made)
}

/// ψ, or the vector potential, x first; none where the method or the metric has none.
fn rotation<const D: usize>(
    planned: &Planned<D>,
    parts: &Decomposition<D>,
    turned: &[bool],
) -> Outcome<Vec<(Vec<usize>, Vec<f64>)>> {
    let found = match planned.decompose().vector_potential(parts) {
        Err(DecomposeError::NoPotential { .. } | DecomposeError::PotentialUnavailable { .. }) => {
            return Ok(Vec::new());
        }
        found => found?,
    };
    Ok(by_axis(&found, turned))
}

/// ∇·v, or ∇∧v, by the differences of the method.
pub(super) fn derivative<const D: usize>(
    planned: &Planned<D>,
    sample: &Sample<D>,
    curl: bool,
    turned: &[bool],
) -> Made {
    let plan = planned.decompose();
    let field = plan.where_computed(sample.field());
    let arrays = match curl {
        true => by_axis(&plan.calculus().curl(&field), turned),
        false => vec![stored(&plan.calculus().divergence(&field), turned, 1.0)],
    };
    Made { arrays, evidence: None }
}

/// Fields for pairs of axes as components x, y, z: (A_yz, −A_xz, A_xy), in 2D A_xy.
fn by_axis<const D: usize>(
    pairs: &[ScalarField<D>],
    turned: &[bool],
) -> Vec<(Vec<usize>, Vec<f64>)> {
    let signed = |(field, (a, b)): (&ScalarField<D>, (usize, usize))| {
        let sign = if D == 3 && (a, b) == (0, 2) { -1.0 } else { 1.0 };
        stored(field, turned, sign)
    };
    let pairs = pairs.iter().zip(axis_pairs::<D>());
    let mut all: Vec<_> = pairs.map(signed).collect();
    all.reverse();
    all
}

/// Shape and values, slowest axis first, with axes as they run in Python.
fn stored<const D: usize>(
    field: &ScalarField<D>,
    turned: &[bool],
    sign: f64,
) -> (Vec<usize>, Vec<f64>) {
    let shape = field.grid().shape_at(field.location());
    let values = field.values();
    let value = |flat: usize| {
        let index = unravel(shape, flat);
        let at = |k: usize| if turned[k] { shape[k] - 1 - index[k] } else { index[k] };
        sign * values[(0..D).rev().fold(0, |flat, k| flat * shape[k] + at(k))]
    };
    let values = match turned.contains(&true) {
        true => (0..values.len()).map(value).collect(),
        false => values.iter().map(|v| sign * v).collect(),
    };
    (shape.iter().rev().copied().collect(), values)
}

/// What was made of all fields of a batch, as arrays with its leading axes.
pub(super) fn numpy_arrays<'py>(
    py: Python<'py>,
    made: &[Made],
    leading: &[usize],
) -> PyResult<Vec<Bound<'py, PyArrayDyn<f64>>>> {
    let count = made.first().map_or(0, |made| made.arrays.len());
    let one = |k: usize| {
        let shape = [leading, &made[0].arrays[k].0].concat();
        let values: Vec<f64> = made.iter().flat_map(|made| &made.arrays[k].1).copied().collect();
        let array = ArrayD::from_shape_vec(IxDyn(&shape), values).map_err(value_error)?;
        Ok(array.into_pyarray(py))
    };
    (0..count).map(one).collect()
}
