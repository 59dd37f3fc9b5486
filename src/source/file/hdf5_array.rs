//! Reads an HDF5 dataset, or a field of one.

use super::FileError;
use super::array::{ArrayInfo, ArraySource, Unpacking};
use super::hdf5_compound;
use super::hdf5_filters::missing;
use super::packing::Seen;
use super::raw::{Element, Raw, first_of};
use ::hdf5::{Dataset, Hyperslab, SliceOrIndex};
use ndarray::{ArrayD, IxDyn};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A dataset of an open file.
pub(super) struct Hdf5Array {
    pub dataset: Dataset,
    pub info: ArrayInfo,
    pub path: PathBuf,
    pub logical: bool,
    /// The field of compound values.
    pub field: Option<String>,
    /// Where the numbers are stored contiguously in the format of this machine.
    pub raw: Option<Raw>,
}

impl Hdf5Array {
    /// A filter that is not known here, or else damage.
    fn failed(&self, error: &::hdf5::Error) -> FileError {
        match missing(&self.dataset) {
            Some(filter) => {
                let (path, name) = (self.path.clone(), self.info.name.clone());
                FileError::Filter { path, name, filter }
            }
            None => damaged(&self.path, error),
        }
    }
}

impl ArraySource for Hdf5Array {
    fn info(&self) -> &ArrayInfo {
        &self.info
    }

    fn info_mut(&mut self) -> &mut ArrayInfo {
        &mut self.info
    }

    /// A field is read into values of one field, and then copied.
    fn read_bytes(&self, at: &[Option<usize>]) -> f64 {
        let each = if self.field.is_some() { 16.0 } else { 8.0 };
        each * self.values(at)
    }

    fn read(&self, at: &[Option<usize>]) -> Result<ArrayD<f64>, FileError> {
        let slab: Vec<SliceOrIndex> = at
            .iter()
            .map(|index| match index {
                Some(i) => SliceOrIndex::Index(*i),
                None => SliceOrIndex::from(..),
            })
            .collect();
        let (reader, slab) = (self.dataset.as_reader(), Hyperslab::from(slab));
        if let Some(field) = &self.field {
            return hdf5_compound::read(&self.dataset, field, slab).map_err(|e| self.failed(&e));
        }
        // HDF5 has no conversion from its logical type to numbers.
        let values = if self.logical {
            let flags = reader.read_slice::<bool, _, IxDyn>(slab);
            flags.map(|flags| flags.mapv(|flag| f64::from(u8::from(flag))))
        } else {
            reader.read_slice::<f64, _, IxDyn>(slab)
        };
        values.map_err(|e| self.failed(&e))
    }

    /// Without the library where the numbers need no conversion: it reads with one thread.
    fn read_directly(
        &self,
        at: &[Option<usize>],
        out: &mut [f64],
        unpacking: &Unpacking<'_>,
    ) -> Result<Option<Seen>, FileError> {
        let whole = at.iter().all(Option::is_none) && !self.logical && self.field.is_none();
        if let (Some(raw), Some(first)) = (&self.raw, first_of(&self.info.shape, at))
            && let Ok(seen) = raw.read(first, out, unpacking)
        {
            return Ok(Some(seen));
        }
        if !whole {
            return Ok(None);
        }
        let read = self.dataset.as_reader().read_into_raw(out);
        read.map_err(|e| self.failed(&e))?;
        Ok(Some(unpacking.unpack_all(out)))
    }
}

/// Where the real numbers of a dataset are stored, unless they are chunked, compressed or external,
/// or have another byte order.
pub(super) fn raw(dataset: &Dataset, file: Arc<std::fs::File>) -> Option<Raw> {
    let contiguous = dataset.layout() == ::hdf5::dataset::Layout::Contiguous;
    let start = dataset.offset().filter(|_| contiguous)?;
    let number = dataset.dtype().ok()?;
    let element = match (number.is::<f64>(), number.is::<f32>()) {
        (true, _) => Element::native(8),
        (_, true) => Element::native(4),
        _ => return None,
    };
    Some(Raw { file, start, element })
}

/// What the library says of a file that it cannot read.
pub(super) fn damaged(path: &Path, error: &::hdf5::Error) -> FileError {
    // The library has no error code for this.
    if error.to_string().contains("unable to lock file") {
        return FileError::Locked { path: path.into() };
    }
    FileError::Damaged { path: path.into(), format: "HDF5", reason: error.to_string() }
}
