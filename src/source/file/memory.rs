//! Refuses what does not fit into memory, by the shapes in the header.

use super::array::ArraySource;
use super::axes::Role;
use super::{FileError, FileField};
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

impl FileField {
    /// The bytes that reading one sample takes at its peak, its values included: by the headers, nothing is
    /// read.
    pub fn read_bytes(&self) -> f64 {
        let of_set = |parts: &[super::field::FieldArray]| {
            let each = parts.iter().map(|part| {
                let fixed: Vec<_> = part
                    .roles
                    .roles
                    .iter()
                    .map(|role| (*role == Role::Sample).then_some(0))
                    .collect();
                (part.source.values(&fixed), part.source.read_bytes(&fixed))
            });
            let (values, reads): (Vec<f64>, Vec<f64>) = each.unzip();
            8.0 * values.iter().sum::<f64>() + reads.into_iter().fold(0.0, f64::max)
        };
        self.sets.iter().map(|set| of_set(&set.parts)).fold(0.0, f64::max)
    }

    /// Refuses to read a sample that would not fit into memory.
    pub(super) fn ensure_readable(&self) -> Result<(), FileError> {
        let info = self.sets[0].parts[0].source.info();
        refuse(&self.path, &info.name, &info.shape, self.read_bytes())
    }
}
