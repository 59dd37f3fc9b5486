//! The files that a field is read from.

use super::array::{ArraySource, Store};
use super::attach::attach;
use super::candidates::OpenFile;
#[cfg(feature = "cli")]
use super::condition::Condition;
use super::format::{FileFormat, sniff};
use super::given_store::GivenStore;
use super::hdf5::Hdf5Store;
use super::netcdf3::Netcdf3Store;
use super::npz::NpzStore;
use super::points::gridded;
use super::{FileError, FileRequest, MaskError};
use super::{npy, table, vtk, vtk_legacy, vtk_xml};
use std::cell::RefCell;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;

/// Another file than the main one, if a dataset is in one, and its name there.
type Place = (Option<Rc<OpenFile>>, String);

/// The file of the request, and others named by `FILE:DATASET`, each opened once.
pub(super) struct Stores {
    main: OpenFile,
    others: RefCell<HashMap<PathBuf, Rc<OpenFile>>>,
}

impl Stores {
    pub fn open(request: &FileRequest) -> Result<Stores, FileError> {
        let store: Box<dyn Store> = match &request.given {
            Some(given) => {
                let (path, given) = (request.path.clone(), Arc::clone(given));
                Box::new(GivenStore { path, given })
            }
            None => open_store(&request.path)?,
        };
        let main = OpenFile::new(store);
        Ok(Stores { main, others: RefCell::default() })
    }

    /// The file of the request with what is known of its coordinates.
    pub fn main_file(&self) -> &OpenFile {
        &self.main
    }

    fn other(&self, path: &Path) -> Result<Rc<OpenFile>, FileError> {
        if let Some(known) = self.others.borrow().get(path) {
            return Ok(Rc::clone(known));
        }
        let opened = Rc::new(OpenFile::new(open_store(path)?));
        self.others.borrow_mut().insert(path.into(), Rc::clone(&opened));
        Ok(opened)
    }

    /// The file of the request.
    pub fn main(&self) -> &dyn Store {
        self.main.store.as_ref()
    }

    /// The other files that hold a component.
    pub fn others(&self, request: &FileRequest) -> Result<Vec<Rc<OpenFile>>, FileError> {
        let files = request.datasets.iter().filter_map(|name| self.split(name));
        files.map(|(file, _)| self.other(&file)).collect()
    }

    fn split<'a>(&self, name: &'a str) -> Option<(PathBuf, &'a str)> {
        let (file, inner) = split(self.main().path(), name)?;
        let own = || self.main().names().is_ok_and(|names| names.iter().any(|own| own == name));
        (!inner.is_empty() || !own()).then_some((file, inner))
    }

    /// The other file that a name is in, if it is not in the main one, and the name there.
    pub fn find(&self, name: &str) -> Result<Place, FileError> {
        let Some((file, inner)) = self.split(name) else { return Ok((None, name.into())) };
        let file = self.other(&file)?;
        let inner = only(file.store.as_ref(), inner)?;
        Ok((Some(file), inner))
    }

    /// The file that the dataset of a mask is in, if it is not the main one, and its name there. A file without a name has
    /// it where one array only can be meant: its only one, or the only one of as many points as the field.
    pub fn mask(&self, name: &str, shape: &[usize]) -> Result<Place, FileError> {
        let Some((path, inner)) = self.split(name) else { return Ok((None, name.into())) };
        let file = self.other(&path)?;
        if !inner.is_empty() {
            return Ok((Some(file), inner.into()));
        }
        let all = file.store.arrays()?;
        let points: usize = shape.iter().product();
        let fits = |own: &[usize]| own.iter().product::<usize>() == points && own.len() > 1;
        let fitting: Vec<_> = all.0.iter().filter(|(_, own)| fits(own)).collect();
        let name = match (&all.0[..], &fitting[..]) {
            ([(only, _)], _) | (_, [(only, _)]) => only.clone(),
            _ => return Err(MaskError::WhichArray { file: path, available: all }.into()),
        };
        Ok((Some(file), name))
    }

    /// Opens a component of a field, of this file or of another one, with the coordinates that its file has for it.
    pub fn component(
        &self,
        name: &str,
        request: &FileRequest,
        place: (usize, usize),
    ) -> Result<Box<dyn ArraySource>, FileError> {
        let (other, inner) = self.find(name)?;
        let file = other.as_deref().unwrap_or(&self.main);
        attach(file, file.store.open(&inner)?, request, place)
    }
}

/// A name that is in another file: the file, beside the first or from the working directory, and the name within.
/// `FILE::DATASET` always is one, `FILE:DATASET` where there is such a file, and `FILE` where it holds one array.
pub(super) fn split<'a>(main: &Path, name: &'a str) -> Option<(PathBuf, &'a str)> {
    if let Some((file, inner)) = name.split_once("::") {
        return Some((place(main, file), inner));
    }
    let (file, inner) = name.rsplit_once(':').unwrap_or((name, ""));
    let place = place(main, file);
    place.is_file().then_some((place, inner))
}

/// A file beside the first, or else from the working directory.
fn place(main: &Path, file: &str) -> PathBuf {
    let beside = main.parent().unwrap_or(Path::new("")).join(file);
    if !beside.exists() && Path::new(file).exists() { file.into() } else { beside }
}

/// The array that is meant by a name, which is empty for the only one of the file.
pub(super) fn only(store: &dyn Store, inner: &str) -> Result<String, FileError> {
    if !inner.is_empty() {
        return Ok(inner.into());
    }
    let mut available = store.list()?;
    if available.0.len() > 1 && available.0.iter().filter(|(_, shape)| shape.len() > 1).count() == 1
    {
        available.0.retain(|(_, shape)| shape.len() > 1);
    }
    match &available.0[..] {
        [(name, _)] => Ok(name.clone()),
        _ => {
            let path = store.path().to_path_buf();
            Err(FileError::NoSuchDataset { path, name: String::new(), available })
        }
    }
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
