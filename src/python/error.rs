//! Errors as Python raises them.

use pyo3::PyErr;
use pyo3::exceptions::PyValueError;
use std::error::Error;

/// A `ValueError` with the text of an error.
pub(super) fn value_error(error: impl Error) -> PyErr {
    PyValueError::new_err(error.to_string())
}

/// A `ValueError` with these words.
pub(super) fn refused(words: impl Into<String>) -> PyErr {
    PyValueError::new_err(words.into())
}
