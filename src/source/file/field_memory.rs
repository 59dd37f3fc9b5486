//! What reading a field takes of memory, by the headers.

use super::axes::Role;
use super::memory::refuse;
use super::{FileError, FileField};

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
