//! NumPy's `.npy`: one array, read a sample at a time.

use super::array::{ArrayInfo, ArraySource, Coordinates, Packing, Store, Unpacking};
use super::held::{HeldArray, HeldStore, array_info};
use super::memory::refuse;
use super::numpy_fields::{Field, fields};
use super::packing::Seen;
use super::raw::{Raw, first_of, number};
use super::{FileError, Listing};
use crate::machine::{Element, is_countable, read_numpy_header, zeros};
use ndarray::{ArrayD, Axis, IxDyn, ShapeBuilder};
use ndarray_npy::npy::header::{Header, Layout, ReadHeaderError};
use std::fs::File;
use std::io::{BufReader, Read, Seek};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The name given to the array of a `.npy` file.
const NAME: &str = "array";

/// Why complex numbers are no vectors.
pub(super) const COMPLEX: &str = "complex numbers, and whether real and imaginary part are x and y is not known: \
     save them as two arrays, such as u = z.real and v = z.imag";

/// What numbers of another type are, in words.
pub(super) fn other_type(descriptor: &str) -> String {
    match descriptor.trim_matches('\'').get(1..2) {
        Some("c") => COMPLEX.into(),
        _ => format!("values of NumPy type {descriptor}"),
    }
}

/// Opens a file: of plain numbers an array to be read a sample at a time, of records each field.
pub(super) fn open(path: &Path) -> Result<Box<dyn Store>, FileError> {
    Ok(match records(path)? {
        Some(store) => Box::new(store),
        None => Box::new(NpyStore::open(path)?),
    })
}

/// A file of records, read whole.
fn records(path: &Path) -> Result<Option<HeldStore>, FileError> {
    let io = |source| FileError::Io { path: path.into(), source };
    let mut reader = BufReader::new(File::open(path).map_err(io)?);
    let Ok(header) = read_numpy_header(&mut reader) else { return Ok(None) };
    let fields = fields(&header.type_descriptor.to_string());
    let Some(record) = fields.first().map(|field| field.record) else { return Ok(None) };
    let start = reader.stream_position().map_err(io)?;
    let found = std::fs::metadata(path).map_err(io)?.len();
    let length = header.shape.iter().try_fold(record as u64, |n, l| n.checked_mul(*l as u64));
    let length = length.filter(|_| is_countable(&header.shape));
    let length =
        length.ok_or_else(|| damaged(path, format!("its shape {:?} overflows", header.shape)))?;
    if start.saturating_add(length) > found {
        return Err(FileError::Truncated { path: path.into(), expected: start + length, found });
    }
    let each = 1.0 + 8.0 * fields.len() as f64 / record as f64;
    refuse(path, NAME, &header.shape, each * length as f64)?;
    let mut bytes = Vec::new();
    reader.take(length).read_to_end(&mut bytes).map_err(io)?;
    let array = |field: &Field| {
        let shape = IxDyn(&header.shape).set_f(header.layout == Layout::Fortran);
        let array = ArrayD::from_shape_vec(shape, field.decode(&bytes)).expect("one value each");
        HeldArray::new(&field.name, array, number(field.element))
    };
    let arrays = fields.iter().map(array).collect();
    Ok(Some(HeldStore::new(path, arrays, Vec::new())))
}

/// An `.npy` file of plain numbers, its header read.
pub(super) struct NpyStore {
    path: PathBuf,
    array: NpyArray,
}

impl NpyStore {
    pub fn open(path: &Path) -> Result<NpyStore, FileError> {
        let io = |source| FileError::Io { path: path.into(), source };
        let file = File::open(path).map_err(io)?;
        let found = file.metadata().map_err(io)?.len();
        let mut reader = BufReader::new(file);
        let header = read_numpy_header(&mut reader).map_err(|e| match e {
            ReadHeaderError::Io(e) => damaged(path, e.to_string()),
            ReadHeaderError::Parse(e) => damaged(path, e.to_string()),
        })?;
        let start = reader.stream_position().map_err(io)?;
        let array = NpyArray::new(path, NAME, &header, (reader.into_inner(), start))?;
        let expected = array
            .bytes()
            .and_then(|bytes| bytes.checked_add(start))
            .ok_or_else(|| damaged(path, format!("its shape {:?} overflows", header.shape)))?;
        if expected > found {
            return Err(FileError::Truncated { path: path.into(), expected, found });
        }
        Ok(NpyStore { path: path.into(), array })
    }
}

fn damaged(path: &Path, reason: String) -> FileError {
    FileError::Damaged { path: path.into(), format: ".npy", reason }
}

impl Store for NpyStore {
    fn path(&self) -> &Path {
        &self.path
    }

    fn list(&self) -> Result<Listing, FileError> {
        Ok(Listing(vec![(NAME.into(), self.array.info.shape.clone())]))
    }

    fn is_one_array(&self) -> bool {
        true
    }

    fn open(&self, name: &str) -> Result<Box<dyn ArraySource>, FileError> {
        if name != NAME {
            return Err(FileError::NoSuchDataset {
                path: self.path.clone(),
                name: name.into(),
                available: self.list()?,
            });
        }
        Ok(Box::new(self.array.clone()))
    }

    fn coordinates(&self, _sibling: &str, _name: &str) -> Option<Coordinates> {
        None
    }
}

/// The array of an `.npy` file, or one that an archive holds as it is.
#[derive(Clone)]
pub(super) struct NpyArray {
    path: PathBuf,
    info: ArrayInfo,
    raw: Raw,
    fortran: bool,
}

impl NpyArray {
    /// An array whose numbers begin at a place in the file.
    pub fn new(
        path: &Path,
        name: &str,
        header: &Header,
        (file, start): (File, u64),
    ) -> Result<NpyArray, FileError> {
        let descriptor = header.type_descriptor.to_string();
        let element = Element::parse(&descriptor).ok_or_else(|| FileError::NotNumbers {
            name: name.into(),
            found: other_type(&descriptor),
        })?;
        let info = array_info(name, &header.shape, number(element));
        let fortran = header.layout == Layout::Fortran;
        let raw = Raw { file: Arc::new(file), start, element };
        Ok(NpyArray { path: path.into(), info, raw, fortran })
    }

    /// With numbers that begin so many bytes later.
    pub fn moved_by(mut self, bytes: u64) -> NpyArray {
        self.raw.start += bytes;
        self
    }

    /// Bytes of the numbers, unless that overflows.
    pub fn bytes(&self) -> Option<u64> {
        let count = self.info.shape.iter().try_fold(1u64, |n, &l| n.checked_mul(l as u64))?;
        count.checked_mul(self.raw.element.size() as u64)
    }

    fn fill(
        &self,
        first: usize,
        out: &mut [f64],
        unpacking: &Unpacking<'_>,
    ) -> Result<Seen, FileError> {
        let read = self.raw.read(first, out, unpacking);
        read.map_err(|source| FileError::Io { path: self.path.clone(), source })
    }
}

impl ArraySource for NpyArray {
    fn info(&self) -> &ArrayInfo {
        &self.info
    }

    fn info_mut(&mut self) -> &mut ArrayInfo {
        &mut self.info
    }

    fn read_bytes(&self, at: &[Option<usize>]) -> f64 {
        let axes: Vec<_> = match self.fortran {
            true => at.iter().zip(&self.info.shape).rev().collect(),
            false => at.iter().zip(&self.info.shape).collect(),
        };
        let block = axes.iter().skip_while(|(fixed, _)| fixed.is_some());
        let picked = if at.iter().all(Option::is_none) { 0.0 } else { 8.0 * self.values(at) };
        (8 + self.raw.element.size()) as f64 * block.map(|(_, n)| **n as f64).product::<f64>()
            + picked
    }

    /// Fixed axes at the slow end cost nothing; others are picked from what was read.
    fn read(&self, at: &[Option<usize>]) -> Result<ArrayD<f64>, FileError> {
        let shape = &self.info.shape;
        let fixed: Vec<usize> = if self.fortran {
            at.iter().rev().map_while(|i| *i).collect()
        } else {
            at.iter().map_while(|i| *i).collect()
        };
        let mut lengths = shape.clone();
        if self.fortran {
            lengths.reverse();
        }
        let block: usize = lengths[fixed.len()..].iter().product();
        let first = fixed.iter().zip(&lengths).fold(0, |flat, (i, n)| flat * n + i);
        let mut values = zeros(block);
        let unpacking = Unpacking { packing: &Packing::default(), fill: None };
        self.fill(first * block, &mut values, &unpacking)?;
        let (rest, picks) = if self.fortran {
            let n = shape.len() - fixed.len();
            (&shape[..n], &at[..n])
        } else {
            (&shape[fixed.len()..], &at[fixed.len()..])
        };
        let shaped = IxDyn(rest).set_f(self.fortran);
        let mut array = ArrayD::from_shape_vec(shaped, values).expect("one value per element");
        for (axis, pick) in picks.iter().enumerate().rev() {
            if let Some(i) = pick {
                array = array.index_axis_move(Axis(axis), *i);
            }
        }
        Ok(array)
    }

    fn read_directly(
        &self,
        at: &[Option<usize>],
        out: &mut [f64],
        unpacking: &Unpacking<'_>,
    ) -> Result<Option<Seen>, FileError> {
        let first = first_of(&self.info.shape, at).filter(|_| !self.fortran);
        first.map(|first| self.fill(first, out, unpacking)).transpose()
    }
}
