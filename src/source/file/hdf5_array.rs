//! Reads an HDF5 dataset, or a field of one.

use super::FileError;
use super::array::{ArrayInfo, ArraySource, Unpacking};
use super::hdf5_compound;
use super::hdf5_filters::missing;
use super::packing::Seen;
use super::raw::{Raw, first_of};
use crate::machine::Element;
use ::hdf5::{Dataset, Hyperslab, SliceOrIndex};
use ndarray::{ArrayD, IxDyn};
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

/// A dataset of a file.
pub(super) struct Hdf5Array {
    pub info: ArrayInfo,
    pub path: PathBuf,
    /// Where it is in the file.
    place: String,
    pub logical: bool,
    /// The field of compound values.
    pub field: Option<String>,
    /// What is open of it.
    open: Mutex<Option<Open>>,
    /// Where the numbers are stored contiguously in the format of this machine.
    contiguous: Option<(u64, Element)>,
    /// When the file was changed before it was opened.
    modified: Option<SystemTime>,
}

/// What is open of a dataset.
#[derive(Clone)]
struct Open {
    dataset: Option<Dataset>,
    raw: Option<Raw>,
}

impl Hdf5Array {
    /// An array that is open.
    pub fn new(
        (dataset, field): (Dataset, Option<String>),
        info: ArrayInfo,
        path: &Path,
        file: Option<Arc<File>>,
    ) -> Hdf5Array {
        let raw = file.and_then(|file| raw(&dataset, file));
        Hdf5Array {
            info,
            path: path.into(),
            place: dataset.name(),
            logical: dataset.dtype().is_ok_and(|t| t.is::<bool>()),
            field,
            contiguous: raw.as_ref().map(|raw| (raw.start, raw.element)),
            open: Mutex::new(Some(Open { dataset: Some(dataset), raw })),
            modified: modified(path),
        }
    }

    /// What is open, opened again if it was closed: by the library only where it is needed.
    fn opened(&self, by_library: bool) -> Result<Open, FileError> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if open.is_none() && modified(&self.path) != self.modified {
            let (path, reason) = (self.path.clone(), "it changed while it was read".into());
            return Err(FileError::Damaged { path, format: "HDF5", reason });
        }
        let open = open.get_or_insert(Open { dataset: None, raw: None });
        if let (None, Some((start, element))) = (&open.raw, self.contiguous) {
            let file = File::open(&self.path);
            open.raw = file.ok().map(|file| Raw { file: Arc::new(file), start, element });
        }
        if open.dataset.is_none() && (by_library || open.raw.is_none()) {
            let file = ::hdf5::File::open(&self.path);
            let dataset = file.and_then(|file| file.dataset(&self.place));
            open.dataset = Some(dataset.map_err(|e| damaged(&self.path, &e))?);
        }
        Ok(open.clone())
    }

    fn dataset(&self) -> Result<Dataset, FileError> {
        Ok(self.opened(true)?.dataset.expect("opened"))
    }

    /// A filter that is not known here, or else damage.
    fn failed(&self, dataset: &Dataset, error: &::hdf5::Error) -> FileError {
        match missing(dataset) {
            Some(filter) => {
                let (path, name) = (self.path.clone(), self.info.name.clone());
                FileError::Filter { path, name, filter }
            }
            None => damaged(&self.path, error),
        }
    }
}

fn modified(path: &Path) -> Option<SystemTime> {
    std::fs::metadata(path).and_then(|found| found.modified()).ok()
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
        let dataset = &self.dataset()?;
        let (reader, slab) = (dataset.as_reader(), Hyperslab::from(slab));
        if let Some(field) = &self.field {
            return hdf5_compound::read(dataset, field, slab).map_err(|e| self.failed(dataset, &e));
        }
        // HDF5 has no conversion from its logical type to numbers.
        let values = if self.logical {
            let flags = reader.read_slice::<bool, _, IxDyn>(slab);
            flags.map(|flags| flags.mapv(|flag| f64::from(u8::from(flag))))
        } else {
            reader.read_slice::<f64, _, IxDyn>(slab)
        };
        values.map_err(|e| self.failed(dataset, &e))
    }

    fn close(&self) -> bool {
        *self.open.lock().unwrap_or_else(PoisonError::into_inner) = None;
        true
    }

    /// Without the library where the numbers need no conversion: it reads with one thread.
    fn read_directly(
        &self,
        at: &[Option<usize>],
        out: &mut [f64],
        unpacking: &Unpacking<'_>,
    ) -> Result<Option<Seen>, FileError> {
        let whole = at.iter().all(Option::is_none) && !self.logical && self.field.is_none();
        if let (Some(raw), Some(first)) = (&self.opened(false)?.raw, first_of(&self.info.shape, at))
            && let Ok(seen) = raw.read(first, out, unpacking)
        {
            return Ok(Some(seen));
        }
        if !whole {
            return Ok(None);
        }
        let dataset = self.dataset()?;
        let read = dataset.as_reader().read_into_raw(out);
        read.map_err(|e| self.failed(&dataset, &e))?;
        Ok(Some(unpacking.unpack_all(out)))
    }
}

/// Where the real numbers of a dataset are stored, unless they are chunked, compressed or external,
/// or have another byte order.
fn raw(dataset: &Dataset, file: Arc<File>) -> Option<Raw> {
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
