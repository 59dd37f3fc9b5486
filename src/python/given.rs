//! Variables of Python as arrays that the reader of files takes.

use crate::source::file::{GivenArray, GivenValues};
use numpy::{PyArrayDyn, PyArrayMethods};
use pyo3::prelude::*;
use std::sync::Arc;

/// A variable: its name, dimensions, shape, kind and bytes of its numbers, values (float64, or `None` where they come later),
/// and attributes that are text or numbers.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub(super) struct Variable {
    name: String,
    dims: Vec<String>,
    shape: Vec<usize>,
    kind: char,
    bytes: usize,
    values: Option<Py<PyArrayDyn<f64>>>,
    texts: Vec<(String, String)>,
    numbers: Vec<(String, Vec<f64>, bool)>,
}

impl Variable {
    /// The array, whose values are copied now: those of coordinates and masks.
    pub fn given(self, py: Python<'_>) -> GivenArray {
        let values: Arc<dyn GivenValues> = match &self.values {
            Some(values) => Arc::new(values.bind(py).readonly().as_array().to_owned()),
            None => Arc::new(Later),
        };
        GivenArray {
            name: self.name,
            dimensions: self.dims,
            shape: self.shape,
            stored: (self.kind, self.bytes),
            texts: self.texts,
            numbers: self
                .numbers
                .into_iter()
                .map(|(name, all, real)| (name, (all, real)))
                .collect(),
            values,
        }
    }
}

/// Values that are not known yet.
struct Later;

impl GivenValues for Later {
    fn write(&self, _at: &[Option<usize>], out: &mut [f64]) {
        out.fill(0.0);
    }
}
