//! Arrays held in memory: those of `.npz`, and of files whose points make up one grid.

use super::array::NumberType;
use super::array::{AngleArray, ArrayInfo, ArraySource, Coordinates, Dimension, Packing, Store};
use super::{FileError, Listing, TableError};
use ndarray::{ArrayD, Axis};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What a format without attributes says of an array.
pub(super) fn array_info(name: &str, shape: &[usize], number: NumberType) -> ArrayInfo {
    ArrayInfo {
        name: name.into(),
        shape: shape.to_vec(),
        number,
        dimensions: vec![Dimension::default(); shape.len()],
        standard_name: String::new(),
        units: String::new(),
        packing: Packing::default(),
        written: None,
    }
}

/// An array in memory.
#[derive(Clone)]
pub(super) struct HeldArray {
    pub info: ArrayInfo,
    pub array: Arc<ArrayD<f64>>,
}

impl HeldArray {
    /// Without attributes.
    pub fn new(name: &str, array: ArrayD<f64>, number: NumberType) -> HeldArray {
        let info = array_info(name, array.shape(), number);
        HeldArray { info, array: Arc::new(array) }
    }

    /// With axes called by names, slowest first, and their coordinates.
    pub fn along(mut self, axes: Vec<(&str, Option<Coordinates>)>, units: &str) -> HeldArray {
        let dimension = |(name, coordinates): (&str, Option<Coordinates>)| Dimension {
            name: Some(name.into()),
            coordinates,
            ..Dimension::default()
        };
        self.info.dimensions = axes.into_iter().map(dimension).collect();
        self.info.units = units.into();
        self
    }
}

impl ArraySource for HeldArray {
    fn info(&self) -> &ArrayInfo {
        &self.info
    }

    fn info_mut(&mut self) -> &mut ArrayInfo {
        &mut self.info
    }

    fn read(&self, at: &[Option<usize>]) -> Result<ArrayD<f64>, FileError> {
        let mut view = self.array.view();
        for (axis, pick) in at.iter().enumerate().rev() {
            if let Some(i) = pick {
                view = view.index_axis_move(Axis(axis), *i);
            }
        }
        Ok(view.to_owned())
    }
}

/// A file whose arrays, with the coordinates of their axes, are all in memory.
pub(super) struct HeldStore {
    pub path: PathBuf,
    pub arrays: Vec<HeldArray>,
    /// What was read, in words.
    pub notes: Vec<String>,
    /// See [`Store::marks_invalid`].
    pub marks_invalid: bool,
    /// See [`Store::is_mark`].
    pub mark: Option<String>,
    /// See [`Store::own_mask`].
    pub own_mask: Result<Option<String>, TableError>,
}

impl HeldStore {
    /// Without marks.
    pub fn new(path: &Path, arrays: Vec<HeldArray>, notes: Vec<String>) -> HeldStore {
        let (path, own_mask) = (path.into(), Ok(None));
        HeldStore { path, arrays, notes, marks_invalid: false, mark: None, own_mask }
    }
}

impl Store for HeldStore {
    fn path(&self) -> &Path {
        &self.path
    }

    fn list(&self) -> Result<Listing, FileError> {
        let listed = |held: &HeldArray| (held.info.name.clone(), held.info.shape.clone());
        Ok(Listing(self.arrays.iter().map(listed).collect()))
    }

    /// Programs write the names of columns small or capital.
    fn open(&self, name: &str) -> Result<Box<dyn ArraySource>, FileError> {
        let named = |same: &dyn Fn(&str) -> bool| self.arrays.iter().find(|a| same(&a.info.name));
        match named(&|n| n == name).or_else(|| named(&|n| n.eq_ignore_ascii_case(name))) {
            Some(held) => Ok(Box::new(held.clone())),
            None => Err(FileError::NoSuchDataset {
                path: self.path.clone(),
                name: name.into(),
                available: self.list()?,
            }),
        }
    }

    fn coordinates(&self, _sibling: &str, _name: &str) -> Option<Coordinates> {
        None
    }

    fn angle_arrays(&self) -> Result<Vec<AngleArray>, FileError> {
        Ok(Vec::new())
    }

    fn marks_invalid(&self) -> bool {
        self.marks_invalid
    }

    fn is_mark(&self, name: &str) -> bool {
        self.mark.as_deref() == Some(name)
    }

    fn own_mask(&self) -> Result<Option<String>, FileError> {
        Ok(self.own_mask.clone()?)
    }

    fn notes(&self) -> Vec<String> {
        self.notes.clone()
    }
}
