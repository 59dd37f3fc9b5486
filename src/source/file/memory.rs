//! Refuses what does not fit into memory, by the shapes in the header.

use super::FileError;
use super::array::ArraySource;
use crate::machine::ensure_memory;
use std::path::Path;

/// Refuses to read an array, with the axes that are `Some` fixed, where its numbers would not fit into memory.
pub(super) fn ensure_readable(
    path: &Path,
    source: &dyn ArraySource,
    at: &[Option<usize>],
) -> Result<(), FileError> {
    refuse(path, &source.info().name, &source.info().shape, source.read_bytes(at))
}

/// Refuses an array that takes more bytes than there are.
pub(super) fn refuse(
    path: &Path,
    name: &str,
    shape: &[usize],
    bytes: f64,
) -> Result<(), FileError> {
    ensure_memory(bytes).map_err(|shortage| FileError::Memory {
        path: path.into(),
        name: name.into(),
        shape: shape.to_vec(),
        shortage,
    })
}
