//! NumPy's `.npz`: named arrays, each read whole.

use super::angle_words::holds_angles;
use super::array::{AngleArray, ArraySource, Coordinates, NumberType, Store};
use super::held::HeldArray;
use super::memory::refuse;
use super::npy::other_type;
use super::raw::Element;
use super::{FileError, Listing};
use ndarray::{ArrayD, IxDyn, ShapeBuilder};
use ndarray_npy::npy::header::{Header, Layout};
use ndarray_npy::{NpzReader, ReadNpzError};
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};
use zip::ZipArchive;

/// An `.npz` archive. Its arrays are unpacked when they are opened.
pub(super) struct NpzStore {
    path: PathBuf,
}

type Archive = NpzReader<BufReader<File>>;

impl NpzStore {
    pub fn open(path: &Path) -> Result<NpzStore, FileError> {
        let store = NpzStore { path: path.into() };
        store.archive()?;
        Ok(store)
    }

    fn archive(&self) -> Result<Archive, FileError> {
        let file = File::open(&self.path)
            .map_err(|source| FileError::Io { path: self.path.clone(), source })?;
        NpzReader::new(BufReader::new(file)).map_err(|e| self.damaged(&e))
    }

    fn damaged(&self, error: &ReadNpzError) -> FileError {
        let reason = error.to_string();
        FileError::Damaged { path: self.path.clone(), format: ".npz", reason }
    }

    /// Reads one array. Refuses one that would not fit into memory by its own header, before anything is allocated.
    fn load(&self, name: &str) -> Result<(ArrayD<f64>, NumberType), FileError> {
        let fail =
            |reason: String| FileError::Damaged { path: self.path.clone(), format: ".npz", reason };
        let io = |source| FileError::Io { path: self.path.clone(), source };
        let file = BufReader::new(File::open(&self.path).map_err(io)?);
        let mut archive = ZipArchive::new(file).map_err(|e| fail(e.to_string()))?;
        let member = match archive.index_for_name(name) {
            Some(_) => name.to_string(),
            None => format!("{name}.npy"),
        };
        let mut entry = archive.by_name(&member).map_err(|e| fail(e.to_string()))?;
        let header = Header::from_reader(&mut entry).map_err(|e| fail(e.to_string()))?;
        let descriptor = header.type_descriptor.to_string();
        let element = Element::parse(&descriptor).ok_or_else(|| FileError::NotNumbers {
            name: name.into(),
            found: other_type(&descriptor),
        })?;
        let shape = header.shape;
        let values: f64 = shape.iter().map(|n| *n as f64).product();
        refuse(&self.path, name, &shape, (8 + element.size()) as f64 * values)?;
        let length = shape.iter().try_fold(element.size(), |n, l| n.checked_mul(*l));
        let length =
            length.ok_or_else(|| fail(format!("the shape {shape:?} of {name:?} overflows")))?;
        let mut bytes = Vec::new();
        entry.take(length as u64).read_to_end(&mut bytes).map_err(|e| fail(e.to_string()))?;
        if bytes.len() < length {
            let found = bytes.len();
            return Err(fail(format!("{name:?} has {found} bytes, and its header says {length}")));
        }
        let values =
            bytes.chunks_exact(element.size()).map(|number| element.decode(number)).collect();
        let shaped = IxDyn(&shape).set_f(header.layout == Layout::Fortran);
        let array = ArrayD::from_shape_vec(shaped, values).map_err(|e| fail(e.to_string()))?;
        Ok((array, element.number()))
    }

    fn names(&self) -> Result<Vec<String>, FileError> {
        self.archive()?.names().map_err(|e| self.damaged(&e))
    }
}

impl Store for NpzStore {
    fn path(&self) -> &Path {
        &self.path
    }

    fn list(&self) -> Result<Listing, FileError> {
        let mut found = Vec::new();
        for name in self.names()? {
            match self.load(&name) {
                Ok((array, _)) => found.push((name, array.shape().to_vec())),
                Err(FileError::NotNumbers { .. }) => {}
                Err(e) => return Err(e),
            }
        }
        let coordinates = |name: &str| matches!(name, "x" | "y" | "z");
        found.retain(|(name, shape)| !(shape.len() == 1 && coordinates(name)));
        Ok(Listing(found))
    }

    fn open(&self, name: &str) -> Result<Box<dyn ArraySource>, FileError> {
        if !self.names()?.iter().any(|n| n == name) {
            return Err(FileError::NoSuchDataset {
                path: self.path.clone(),
                name: name.into(),
                available: self.list()?,
            });
        }
        let (array, number) = self.load(name)?;
        Ok(Box::new(HeldArray::new(name, array, number)))
    }

    fn angle_arrays(&self) -> Result<Vec<AngleArray>, FileError> {
        let named = self.names()?.into_iter().filter(|name| holds_angles(name, "", ""));
        let mut found = Vec::new();
        for name in named {
            match self.load(&name) {
                Ok((array, _)) => found.push(AngleArray { name, shape: array.shape().to_vec() }),
                Err(FileError::NotNumbers { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(found)
    }

    fn coordinates(&self, _sibling: &str, name: &str) -> Option<Coordinates> {
        if !self.names().ok()?.iter().any(|n| n == name) {
            return None;
        }
        let (array, number) = self.load(name).ok()?;
        (array.ndim() == 1).then(|| Coordinates {
            origin: format!("array `{name}`"),
            name: name.into(),
            values: array.into_iter().collect(),
            single: number == NumberType::F32,
            ..Coordinates::default()
        })
    }
}
