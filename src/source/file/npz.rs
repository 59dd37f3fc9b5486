//! NumPy's `.npz`: named arrays, each read whole.

use super::angle_words::holds_angles;
use super::array::{AngleArray, ArraySource, Coordinates, NumberType, Store};
use super::held::HeldArray;
use super::memory::refuse;
use super::{FileError, Listing};
use ndarray::{ArrayD, IxDyn, OwnedRepr};
use ndarray_npy::npy::header::Header;
use ndarray_npy::{NpzReader, ReadNpyError, ReadNpzError};
use std::fs::File;
use std::io::BufReader;
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

    fn load(&self, name: &str) -> Result<(ArrayD<f64>, NumberType), FileError> {
        self.ensure_loadable(name)?;
        let mut archive = self.archive()?;
        match unpack(&mut archive, name) {
            Ok(loaded) => Ok(loaded),
            Err(ReadNpzError::Npy(ReadNpyError::WrongDescriptor(found))) => {
                let found = format!("values of NumPy type {found}");
                Err(FileError::NotNumbers { name: name.into(), found })
            }
            Err(e) => Err(self.damaged(&e)),
        }
    }

    /// Refuses an array that would not fit into memory, by its own header: the reader allocates
    /// what that claims before it reads a byte.
    fn ensure_loadable(&self, name: &str) -> Result<(), FileError> {
        let header = || {
            let mut archive = ZipArchive::new(BufReader::new(File::open(&self.path).ok()?)).ok()?;
            let name = match archive.index_for_name(name) {
                Some(_) => name.to_string(),
                None => format!("{name}.npy"),
            };
            Header::from_reader(&mut archive.by_name(&name).ok()?).ok()
        };
        // What cannot be read is refused by the reader.
        let Some(Header { shape, .. }) = header() else { return Ok(()) };
        let values: f64 = shape.iter().map(|n| *n as f64).product();
        refuse(&self.path, name, &shape, 16.0 * values)
    }

    fn names(&self) -> Result<Vec<String>, FileError> {
        self.archive()?.names().map_err(|e| self.damaged(&e))
    }
}

/// Reads an array of any real or integer type.
fn unpack(archive: &mut Archive, name: &str) -> Result<(ArrayD<f64>, NumberType), ReadNpzError> {
    macro_rules! attempt {
        ($type:ty, $number:expr, $convert:expr) => {
            match archive.by_name::<OwnedRepr<$type>, IxDyn>(name) {
                Ok(array) => return Ok((array.mapv($convert), $number)),
                Err(ReadNpzError::Npy(ReadNpyError::WrongDescriptor(_))) => {}
                Err(e) => return Err(e),
            }
        };
    }
    attempt!(f32, NumberType::F32, f64::from);
    attempt!(i64, NumberType::Integer, |v| v as f64);
    attempt!(u64, NumberType::Integer, |v| v as f64);
    attempt!(i32, NumberType::Integer, f64::from);
    attempt!(u32, NumberType::Integer, f64::from);
    attempt!(i16, NumberType::Integer, f64::from);
    attempt!(u16, NumberType::Integer, f64::from);
    attempt!(i8, NumberType::Integer, f64::from);
    attempt!(u8, NumberType::Integer, f64::from);
    attempt!(bool, NumberType::Integer, |v| f64::from(u8::from(v)));
    Ok((archive.by_name::<OwnedRepr<f64>, IxDyn>(name)?, NumberType::F64))
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
