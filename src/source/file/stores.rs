//! The files that a field is read from.

use super::array::{ArraySource, Store};
use super::attach::attach;
#[cfg(feature = "cli")]
use super::condition::Condition;
use super::format::{FileFormat, sniff};
use super::hdf5::Hdf5Store;
use super::netcdf3::Netcdf3Store;
use super::npz::NpzStore;
use super::points::gridded;
use super::{FileError, FileRequest, MaskError};
use super::{npy, table, vtk, vtk_legacy, vtk_xml};
use std::path::{Path, PathBuf};

/// Another file than the main one, if a dataset is in one, and its name there.
type Place = (Option<Box<dyn Store>>, String);

/// The file of the request, and others named by `FILE:DATASET`.
pub(super) struct Stores {
    main: Box<dyn Store>,
}

impl Stores {
    pub fn open(path: &Path) -> Result<Stores, FileError> {
        Ok(Stores { main: open_store(path)? })
    }

    /// The file of the request.
    pub fn main(&self) -> &dyn Store {
        self.main.as_ref()
    }

    /// The other files that hold a component.
    pub fn others(&self, request: &FileRequest) -> Result<Vec<Box<dyn Store>>, FileError> {
        let files = request.datasets.iter().filter_map(|name| self.split(name));
        files.map(|(file, _)| open_store(&file)).collect()
    }

    fn split<'a>(&self, name: &'a str) -> Option<(PathBuf, &'a str)> {
        split(self.main.path(), name)
    }

    /// The file that the dataset of a mask is in, if it is not the main one, and its name there. A file without a name has
    /// it where one array only can be meant: its only one, or the only one of as many points as the field.
    pub fn mask(&self, name: &str, shape: &[usize]) -> Result<Place, FileError> {
        if let Some((file, inner)) = self.split(name) {
            return Ok((Some(open_store(&file)?), inner.into()));
        }
        let own = || self.main.names().is_ok_and(|names| names.iter().any(|own| own == name));
        let file = place(self.main.path(), name);
        if own() || !file.is_file() {
            return Ok((None, name.into()));
        }
        let store = open_store(&file)?;
        let all = store.arrays()?;
        let points: usize = shape.iter().product();
        let fits = |own: &[usize]| own.iter().product::<usize>() == points && own.len() > 1;
        let fitting: Vec<_> = all.0.iter().filter(|(_, own)| fits(own)).collect();
        let name = match (&all.0[..], &fitting[..]) {
            ([(only, _)], _) | (_, [(only, _)]) => only.clone(),
            _ => return Err(MaskError::WhichArray { file, available: all }.into()),
        };
        Ok((Some(store), name))
    }

    /// Opens a component of a field, of this file or of another one, with the coordinates that its file has for it.
    pub fn component(
        &self,
        name: &str,
        request: &FileRequest,
        place: (usize, usize),
    ) -> Result<Box<dyn ArraySource>, FileError> {
        match self.split(name) {
            None => attach(self.main(), self.main.open(name)?, request, place),
            Some((file, inner)) => {
                let store = open_store(&file)?;
                attach(store.as_ref(), store.open(inner)?, request, place)
            }
        }
    }
}

/// A name that is in another file: the file, beside the first or from the working directory, and the name within.
/// `FILE::DATASET` always is one, `FILE:DATASET` where there is such a file.
fn split<'a>(main: &Path, name: &'a str) -> Option<(PathBuf, &'a str)> {
    if let Some((file, inner)) = name.split_once("::") {
        return Some((place(main, file), inner));
    }
    let (file, inner) = name.rsplit_once(':')?;
    let place = place(main, file);
    place.is_file().then_some((place, inner))
}

/// A file beside the first, or else from the working directory.
fn place(main: &Path, file: &str) -> PathBuf {
    let beside = main.parent().unwrap_or(Path::new("")).join(file);
    if !beside.exists() && Path::new(file).exists() { file.into() } else { beside }
}

/// The other file that a dataset or the condition of a mask names.
#[cfg(feature = "cli")]
pub(crate) fn other_file(main: &Path, words: &str) -> Option<PathBuf> {
    let name = Condition::parse(words).map_or(words.into(), |condition| condition.name);
    let whole = || Some(place(main, &name)).filter(|file| file.is_file());
    split(main, &name).map(|(file, _)| file).or_else(whole)
}

pub(super) fn open_store(path: &Path) -> Result<Box<dyn Store>, FileError> {
    Ok(match sniff(path)? {
        FileFormat::Hdf5 => gridded(Box::new(Hdf5Store::open(path)?))?,
        FileFormat::Netcdf3 => gridded(Box::new(Netcdf3Store::open(path)?))?,
        FileFormat::Npy => gridded(npy::open(path)?)?,
        FileFormat::Npz => gridded(Box::new(NpzStore::open(path)?))?,
        FileFormat::Table => Box::new(table::open(path)?),
        FileFormat::VtkLegacy => Box::new(vtk::open(path, vtk_legacy::read)?),
        FileFormat::VtkXml => Box::new(vtk::open(path, vtk_xml::read)?),
    })
}
