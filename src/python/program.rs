//! The program, and the analytic fields, from Python.

use super::error::{refused, value_error};
use super::options::Options;
use crate::field::{Layout, Way};
use crate::grid::AXIS_NAMES;
use crate::source::{AnySeries, GridRequest, Series, SourceError};
use ndarray::{ArrayD, IxDyn};
use numpy::{IntoPyArray, PyArrayDyn};
use pyo3::prelude::*;
use pyo3::types::PyDict;

/// Runs the program `hodge` with these arguments, of which the first is its own name, and returns its exit code; `again`
/// starts it in another process.
#[pyfunction]
pub(super) fn main(py: Python<'_>, arguments: Vec<String>, again: Vec<String>) -> u8 {
    let words = |all: Vec<String>| all.into_iter().map(Into::into).collect();
    py.detach(|| crate::cli::run_with(words(arguments), words(again), None))
}

/// An analytic field at points: its components, the coordinates of the points along x, y[, z], the periodic axes, and the
/// cells that take part.
#[pyfunction]
pub(super) fn sample<'py>(
    py: Python<'py>,
    case: &str,
    cells: Vec<usize>,
    window: Vec<f64>,
) -> PyResult<Bound<'py, PyDict>> {
    let request = GridRequest { cells, window, periodic: None };
    match AnySeries::of_case(case, &request).map_err(value_error)? {
        AnySeries::Plane(series) => sampled(py, &*series, 0),
        AnySeries::Space(series) => sampled(py, &*series, 0),
    }
}

/// A field of a file, by the options of a plan without arrays, as [`sample`] gives it, and how many the file has.
#[pyfunction]
pub(super) fn read<'py>(
    py: Python<'py>,
    options: Options,
    index: usize,
) -> PyResult<Bound<'py, PyDict>> {
    let request = options.settings(py)?.series;
    match py.detach(|| AnySeries::of_file(&request)).map_err(value_error)? {
        AnySeries::Plane(series) => sampled(py, &*series, index),
        AnySeries::Space(series) => sampled(py, &*series, index),
    }
}

fn sampled<'py, const D: usize>(
    py: Python<'py>,
    series: &dyn Series<D>,
    index: usize,
) -> PyResult<Bound<'py, PyDict>> {
    if index >= series.count() {
        return Err(refused(format!("there are {} fields, counted from 0", series.count())));
    }
    let read = || -> Result<_, SourceError> {
        series.item(index, Some(Layout::Points), Way::default(), None)
    };
    let sample = py.detach(read).map_err(value_error)?;
    let grid = sample.domain.grid();
    let shape: Vec<usize> = grid.shape().into_iter().rev().collect();
    let array = |values: Vec<f64>| -> PyResult<Bound<'py, PyArrayDyn<f64>>> {
        let array = ArrayD::from_shape_vec(IxDyn(&shape), values).map_err(value_error)?;
        Ok(array.into_pyarray(py))
    };
    let found = PyDict::new(py);
    let components = sample.points.components().iter().map(|c| array(c.values().to_vec()));
    found.set_item("components", components.collect::<PyResult<Vec<_>>>()?)?;
    let along = |k: usize| (0..grid.shape()[k]).map(|i| grid.axes()[k].point(i)).collect();
    found.set_item("coordinates", (0..D).map(along).collect::<Vec<Vec<f64>>>())?;
    let periodic = AXIS_NAMES.iter().take(D).enumerate();
    let periodic = periodic.filter(|(k, _)| !grid.axes()[*k].bounded()).map(|(_, name)| *name);
    found.set_item("periodic", periodic.collect::<Vec<_>>())?;
    let mask = sample.domain.mask().map(|mask| {
        let mask = ArrayD::from_shape_vec(IxDyn(&shape), mask.to_vec()).map_err(value_error)?;
        Ok::<_, PyErr>(mask.into_pyarray(py))
    });
    found.set_item("mask", mask.transpose()?)?;
    found.set_item("count", series.count())?;
    found.set_item("units", (sample.units.clone(), sample.axis_units.clone()))?;
    found.set_item("names", sample.axis_names.clone())?;
    let notes = sample.provenance.all_notes().chain(&sample.provenance.warnings);
    found.set_item("notes", notes.map(|note| note.to_string()).collect::<Vec<_>>())?;
    Ok(found)
}
