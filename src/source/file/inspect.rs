//! What a file holds, and what of it could be a field.

use super::array::{ArraySource, NumberType, Packing, Store, leaf};
use super::axes::Role;
use super::build::open;
use super::candidates::OpenFile;
use super::component_names::is_mask_name;
use super::field::FileField;
use super::find::choose;
use super::memory::ensure_readable;
use super::stores::open_store;
use super::{FileError, FileRequest};
use std::path::{Path, PathBuf};

/// What is found in a file without reading its fields.
#[derive(Debug)]
pub struct Inspection {
    /// The file.
    pub path: PathBuf,
    /// Every array, coordinates included, in the file's order.
    pub arrays: Vec<ArraySummary>,
    /// What could be a field by its names and shapes, those of one dataset for each component first.
    pub candidates: Vec<Candidate>,
    /// Arrays that could tell which cells take part in the field.
    pub masks: Vec<MaskCandidate>,
    /// The field that the request opens, or why it opens none.
    pub field: Result<FileField, FileError>,
}

/// An array as its header describes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArraySummary {
    /// Its name, with its groups.
    pub name: String,
    /// Slowest axis first; empty where the array holds no numbers.
    pub shape: Vec<usize>,
    /// Names of its axes, where the file has them.
    pub dimensions: Vec<Option<String>>,
    /// `f32`, `f64` or `integer`; otherwise what it holds in words.
    pub holds: String,
    /// Attributes; empty without.
    pub units: String,
    /// CF attribute `standard_name`.
    pub standard_name: String,
    /// CF attribute `long_name`.
    pub long_name: String,
}

/// Datasets that could be a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// One for each component in the order x, y[, z], or one with a component axis.
    pub datasets: Vec<String>,
    /// Their shapes differ as those of components on the faces of cells do.
    pub on_faces: bool,
}

/// An array on the cells of the field that is called like a mask, or holds nothing but 0 and 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MaskCandidate {
    /// Its name.
    pub name: String,
    /// Cells in which it is neither 0 nor missing.
    pub nonzero: usize,
    /// All cells.
    pub cells: usize,
    /// It holds nothing but 0 and 1.
    pub binary: bool,
}

/// Lists what a file holds, what could be a field or a mask, and opens the field that [`open`] would.
///
/// Of numbers it reads coordinates, and of arrays on the cells of the field those that are called like a mask or
/// hold whole numbers. A file without a field is no error: see
/// [`Inspection::field`].
///
/// # Errors
/// If the file cannot be read at all.
///
/// ```
/// use hodge::source::file::{FileRequest, inspect};
/// let folder = tempfile::tempdir()?;
/// let path = folder.path().join("two.npy");
/// ndarray_npy::write_npy(&path, &ndarray::Array4::<f64>::ones((3, 2, 5, 7)))?;
/// let found = inspect(&FileRequest::new(&path))?;
/// assert_eq!(found.arrays[0].shape, [3, 2, 5, 7]);
/// // One 3D field or three 2D fields: there is no telling.
/// assert!(found.field.is_err());
/// let named = FileRequest { axes: Some("t,c,y,x".into()), ..FileRequest::new(&path) };
/// assert_eq!(inspect(&named)?.field?.samples(), 3);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn inspect(request: &FileRequest) -> Result<Inspection, FileError> {
    let file = OpenFile::new(open_store(&request.path)?);
    let store = file.store.as_ref();
    let names = store.names()?;
    let arrays: Vec<_> = names.iter().map(|name| summary(store, name)).collect();
    let field = open(request);
    let masks = match &field {
        Ok(field) => masks(store, &request.path, &arrays, field),
        Err(_) => Vec::new(),
    };
    let candidates = candidates(&file, request);
    Ok(Inspection { path: request.path.clone(), arrays, candidates, masks, field })
}

fn summary(store: &dyn Store, name: &str) -> ArraySummary {
    let attribute = |key: &str| store.attribute(name, key);
    let mut summary = ArraySummary {
        name: name.into(),
        shape: Vec::new(),
        dimensions: Vec::new(),
        holds: String::new(),
        units: attribute("units"),
        standard_name: attribute("standard_name"),
        long_name: attribute("long_name"),
    };
    match store.header(name) {
        Ok(info) => {
            summary.dimensions = info.dimensions.iter().map(|d| d.name.clone()).collect();
            summary.shape = info.shape;
            summary.holds = info.number.name().into();
        }
        Err(FileError::NotNumbers { found, .. }) => summary.holds = found,
        Err(error) => summary.holds = error.to_string(),
    }
    summary
}

/// What could be meant if no datasets are named.
fn candidates(file: &OpenFile, request: &FileRequest) -> Vec<Candidate> {
    let sets = |staggered| {
        let request = FileRequest { staggered, datasets: Vec::new(), ..request.clone() };
        match choose(file, &request) {
            Ok(found) => found.sets,
            Err(FileError::CannotChoose { candidates, .. }) => {
                let split = |set: &String| set.split(',').map(String::from).collect();
                candidates.iter().map(split).collect()
            }
            Err(_) => Vec::new(),
        }
    };
    let points: Vec<Vec<String>> = sets(false);
    let faces = sets(true).into_iter().filter(|set| !points.contains(set));
    let of = |on_faces| move |datasets| Candidate { datasets, on_faces };
    let faces: Vec<Candidate> = faces.map(of(true)).collect();
    let mut all: Vec<Candidate> = points.into_iter().map(of(false)).chain(faces).collect();
    // Two arrays called like components are more likely a field than one without a name for its component axis, and
    // `u` than `mag_u`.
    all.sort_by_key(|found| (found.datasets.len() < 2, leaf(&found.datasets[0]).len()));
    all
}

fn masks(
    store: &dyn Store,
    path: &Path,
    arrays: &[ArraySummary],
    field: &FileField,
) -> Vec<MaskCandidate> {
    let mut found = Vec::new();
    for array in arrays.iter().filter(|array| !field.datasets().contains(&array.name)) {
        let named = is_mask_name(leaf(&array.name));
        if !named && array.holds != NumberType::Integer.name() {
            continue;
        }
        let Ok(source) = store.open(&array.name) else { continue };
        let packed = source.info().packing != Packing::default();
        if named || !packed {
            found.extend(mask(path, source.as_ref(), field, named));
        }
    }
    found
}

/// Reads an array of the field's shape, apart from leading axes of length 1. It may be a mask if it holds 0 and 1 alone;
/// one that is called so also codes, or shares from 0 to 1.
fn mask(
    path: &Path,
    source: &dyn ArraySource,
    field: &FileField,
    named: bool,
) -> Option<MaskCandidate> {
    let info = source.info();
    let roles = &field.sets[0].parts[0].roles.roles;
    let space: Vec<usize> = roles
        .iter()
        .filter_map(|role| if let Role::Space(k) = role { Some(field.shape()[*k]) } else { None })
        .collect();
    let leading = info.shape.len().checked_sub(space.len())?;
    if info.shape[leading..] != space || info.shape[..leading].iter().any(|n| *n != 1) {
        return None;
    }
    let at: Vec<_> = (0..info.shape.len()).map(|axis| (axis < leading).then_some(0)).collect();
    ensure_readable(path, source, &at).ok()?;
    let values = source.read(&at).ok()?.mapv(|stored| info.packing.value(stored));
    let all = |may: fn(f64) -> bool| values.iter().filter(|v| !v.is_nan()).all(|v| may(*v));
    let binary = all(|v| v == 0.0 || v == 1.0);
    let coded = all(|v| v.fract() == 0.0) || all(|v| (0.0..=1.0).contains(&v));
    let may = binary || named && coded;
    if !may {
        return None;
    }
    let takes_part = |v: &&f64| **v != 0.0 && !v.is_nan();
    let nonzero = values.iter().filter(takes_part).count();
    Some(MaskCandidate { name: info.name.clone(), nonzero, cells: values.len(), binary })
}
