//! One file from those of several series, or one that is compressed.

use super::lay::{Arrays, Storage, lay, show};
use super::rows::{Place, read_at};
use super::schema::ArraySchema;
use super::{CHECKSUM, Laid, MESSAGE, WARNINGS};
use crate::output::OutputError;
use crate::output::attributes;
use crate::output::hdf5::LAYOUT_VERSION;
use crate::output::options::Options;
use crate::output::slab::{slab, whole};
use ::hdf5::types::{FixedAscii, FixedUnicode};
use ::hdf5::{Dataset, File, H5Type};
use ndarray::{ArrayViewD, IxDyn};
use serde_json::Value;
use std::path::{Path, PathBuf};

/// A new file with the attributes of all files of results.
pub(super) fn create(path: &Path, entries: &[(String, Value)]) -> ::hdf5::Result<File> {
    let file = File::with_options().with_fapl(|p| p.libver_v110()).create(path)?;
    attributes::write(&file, "hodge_layout", &LAYOUT_VERSION.into())?;
    entries.iter().try_for_each(|(name, value)| attributes::write(&file, name, value))?;
    Ok(file)
}

/// Copies series into one file.
pub(super) fn assemble(
    whole: &Path,
    parts: &[(PathBuf, Laid)],
    options: Options,
    entries: &[(String, Value)],
) -> Result<(), OutputError> {
    let checked = |source| OutputError::Hdf5 { path: whole.into(), source };
    let file = create(whole, entries).map_err(checked)?;
    for (path, laid) in parts {
        let group = match parts.len() {
            1 => file.as_group(),
            _ => file.create_group(&format!("fields/{}", laid.schema.name)),
        };
        let storage = Storage::Written(options.deflate);
        let arrays = group.and_then(|group| lay(&group, &laid.schema, storage));
        let arrays = arrays.map_err(checked)?;
        let io = |source| OutputError::Io { path: path.clone(), source };
        let from = std::fs::File::open(path).map_err(io)?;
        Copy { from: &from, laid }.all(&arrays).map_err(checked)?;
        if parts.len() == 1 {
            file.as_group().and_then(|root| show(&root, &laid.schema)).map_err(checked)?;
        }
    }
    file.flush().and_then(|()| file.close()).map_err(checked)
}

struct Copy<'a> {
    from: &'a std::fs::File,
    laid: &'a Laid,
}

impl Copy<'_> {
    fn all(&self, to: &Arrays) -> ::hdf5::Result<()> {
        let Laid { schema, arrays, columns, flags, warnings, messages, checksums } = self.laid;
        for ((array, place), dataset) in schema.arrays.iter().zip(arrays).zip(&to.arrays) {
            match array.width(schema.single_precision) {
                1 => self.array::<u8>(array, *place, dataset)?,
                4 => self.array::<f32>(array, *place, dataset)?,
                _ => self.array::<f64>(array, *place, dataset)?,
            }
        }
        let rows = schema.leading.count();
        for (place, dataset) in columns.iter().zip(&to.columns) {
            dataset.as_writer().write_raw(&self.numbers::<f64>(place.offset, rows)?)?;
        }
        to.flags.as_writer().write_raw(&self.numbers::<u8>(flags.offset, rows)?)?;
        let text: Vec<FixedUnicode<WARNINGS>> = self.texts::<WARNINGS>(warnings, rows)?;
        to.warnings.as_writer().write_raw(&text)?;
        let text: Vec<FixedUnicode<MESSAGE>> = self.texts::<MESSAGE>(messages, rows)?;
        to.messages.as_writer().write_raw(&text)?;
        if let (Some(place), Some(dataset)) = (checksums, &to.checksums) {
            let bytes = self.numbers::<[u8; CHECKSUM]>(place.offset, schema.inputs.len())?;
            let sum = |bytes: &[u8; CHECKSUM]| FixedAscii::<CHECKSUM>::from_ascii(bytes);
            let sums: Vec<_> = bytes.iter().filter_map(|bytes| sum(bytes).ok()).collect();
            dataset.as_writer().write_raw(&sums)?;
        }
        Ok(())
    }

    /// Field by field; arrays that are all zero get no numbers.
    fn array<T: H5Type + bytemuck::Pod>(
        &self,
        array: &ArraySchema,
        place: Place,
        to: &Dataset,
    ) -> ::hdf5::Result<()> {
        let lengths = self.laid.schema.leading.lengths();
        let lengths = if array.varies { &lengths[..] } else { &[] };
        for row in 0..lengths.iter().product() {
            let numbers = self.numbers::<T>(place.of(row), array.count())?;
            if bytemuck::cast_slice::<T, u8>(&numbers).iter().all(|byte| *byte == 0) {
                continue;
            }
            let view = ArrayViewD::from_shape(IxDyn(&array.shape), &numbers);
            let view = view.map_err(|e| ::hdf5::Error::from(e.to_string()))?;
            to.write_slice(view, slab(lengths, whole(&array.shape), row))?;
        }
        Ok(())
    }

    fn numbers<T: bytemuck::Pod>(&self, at: u64, count: usize) -> ::hdf5::Result<Vec<T>> {
        let mut numbers = vec![T::zeroed(); count];
        let read = read_at(self.from, bytemuck::cast_slice_mut(&mut numbers), at);
        read.map_err(|e| ::hdf5::Error::from(e.to_string()))?;
        Ok(numbers)
    }

    fn texts<const N: usize>(
        &self,
        place: &Place,
        rows: usize,
    ) -> ::hdf5::Result<Vec<FixedUnicode<N>>> {
        let text = |row| {
            let bytes = self.numbers::<u8>(place.of(row), N)?;
            let end = bytes.iter().position(|byte| *byte == 0).unwrap_or(N);
            let text = String::from_utf8_lossy(&bytes[..end]);
            text.parse::<FixedUnicode<N>>().map_err(|e| ::hdf5::Error::from(e.to_string()))
        };
        (0..rows).map(text).collect()
    }
}
