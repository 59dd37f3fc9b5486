//! The files that a field is read from.

use super::array::{ArraySource, Store};
use super::attach::attach;
use super::format::{FileFormat, sniff};
use super::hdf5::Hdf5Store;
use super::netcdf3::Netcdf3Store;
use super::npy::NpyStore;
use super::npz::NpzStore;
use super::{FileError, FileRequest};
use super::{table, vtk, vtk_legacy, vtk_xml};
use std::path::{Path, PathBuf};

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

    /// A name that is in another file: the file, beside the first or from the working directory, and the name within.
    /// `FILE::DATASET` always is one, `FILE:DATASET` where there is such a file.
    fn split<'a>(&self, name: &'a str) -> Option<(PathBuf, &'a str)> {
        let folder = self.main.path().parent().unwrap_or(Path::new(""));
        let place = |file: &str| {
            let beside = folder.join(file);
            if !beside.exists() && Path::new(file).exists() { file.into() } else { beside }
        };
        if let Some((file, inner)) = name.split_once("::") {
            return Some((place(file), inner));
        }
        let (file, inner) = name.rsplit_once(':')?;
        let place = place(file);
        place.is_file().then_some((place, inner))
    }

    /// Opens a dataset of this file, or of another one.
    pub fn array(&self, name: &str) -> Result<Box<dyn ArraySource>, FileError> {
        match self.split(name) {
            None => self.main.open(name),
            Some((file, inner)) => open_store(&file)?.open(inner),
        }
    }

    /// The same for a component of a field, with the coordinates that its file has for it.
    pub fn component(
        &self,
        name: &str,
        request: &FileRequest,
        datasets: usize,
    ) -> Result<Box<dyn ArraySource>, FileError> {
        match self.split(name) {
            None => attach(self.main(), self.main.open(name)?, request, datasets),
            Some((file, inner)) => {
                let store = open_store(&file)?;
                attach(store.as_ref(), store.open(inner)?, request, datasets)
            }
        }
    }
}

pub(super) fn open_store(path: &Path) -> Result<Box<dyn Store>, FileError> {
    Ok(match sniff(path)? {
        FileFormat::Hdf5 => Box::new(Hdf5Store::open(path)?),
        FileFormat::Netcdf3 => Box::new(Netcdf3Store::open(path)?),
        FileFormat::Npy => Box::new(NpyStore::open(path)?),
        FileFormat::Npz => Box::new(NpzStore::open(path)?),
        FileFormat::Table => Box::new(table::open(path)?),
        FileFormat::VtkLegacy => Box::new(vtk::open(path, vtk_legacy::read)?),
        FileFormat::VtkXml => Box::new(vtk::open(path, vtk_xml::read)?),
    })
}
