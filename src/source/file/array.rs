//! What all formats have in common: named arrays, perhaps with named axes and coordinates.

use super::packing::Seen;
use super::written::Written;
use super::{FileError, Listing};
use ndarray::ArrayD;
use std::path::Path;

pub(super) use super::packing::{Packing, Unpacking};

/// What numbers a file stores.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NumberType {
    /// Single precision.
    F32,
    /// Double precision.
    F64,
    /// Integers of any width.
    Integer,
}

impl NumberType {
    /// Its name in reports.
    pub fn name(self) -> &'static str {
        match self {
            NumberType::F32 => "f32",
            NumberType::F64 => "f64",
            NumberType::Integer => "integer",
        }
    }
}

/// Coordinates along one axis as they are in the file.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Coordinates {
    /// Where they come from, for messages.
    pub origin: String,
    /// Name of the array, without its group.
    pub name: String,
    /// CF attributes `standard_name` and `long_name`; empty without.
    pub standard_name: String,
    pub long_name: String,
    /// CF attribute `calendar`; empty without.
    pub calendar: String,
    /// CF attribute `positive`, which way is up; empty without.
    pub positive: String,
    pub values: Vec<f64>,
    pub units: String,
    /// Stored in single precision, so rounded to seven digits.
    pub single: bool,
    /// What its CF attribute `bounds` names.
    pub bounds: Option<Bounds>,
    /// Where the array has the edges of cells: those, and the values are midway between them.
    pub edges: Option<Vec<f64>>,
    /// Distances of points: where the first is was not said.
    pub is_step: bool,
    /// How the array was read where not as it stands, in words.
    pub reading: Option<String>,
}

impl Coordinates {
    /// The numbers as they are in the array.
    pub fn listed(&self) -> &[f64] {
        self.edges.as_ref().unwrap_or(&self.values)
    }
}

/// An array with the two ends of every cell.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Bounds {
    pub name: String,
    pub shape: Vec<usize>,
    pub values: Vec<f64>,
}

/// One axis of an array.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Dimension {
    pub name: Option<String>,
    /// The CF attribute `axis` of the coordinate variable (X, Y, Z, T).
    pub axis: Option<String>,
    pub coordinates: Option<Coordinates>,
    /// Its meaning follows from coordinates that fit it, not from its own name.
    pub by_coordinates: bool,
    /// Of a file in which an array of three axes may be (y, x, z) or (x, y, z), as of MATLAB.
    pub either_order: bool,
}

/// An array that holds angles, beside the data.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct AngleArray {
    pub name: String,
    pub shape: Vec<usize>,
}

/// What is known about an array without reading it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct ArrayInfo {
    pub name: String,
    /// Slowest axis first.
    pub shape: Vec<usize>,
    pub number: NumberType,
    pub dimensions: Vec<Dimension>,
    /// CF attribute; empty without.
    pub standard_name: String,
    pub units: String,
    pub packing: Packing,
    /// Where this program wrote it with parts of a field.
    pub written: Option<Written>,
}

/// An array in a file.
pub(super) trait ArraySource: Send + Sync {
    fn info(&self) -> &ArrayInfo;

    /// For what is found of its axes elsewhere; shape and numbers stay.
    fn info_mut(&mut self) -> &mut ArrayInfo;

    /// The array of which this is a part, and the indices that are taken along each axis, `None` for all.
    fn whole(&self) -> Option<(&ArrayInfo, &[Option<Vec<usize>>])> {
        None
    }

    /// Closes what is open of it until it is read again, and says whether it can.
    fn close(&self) -> bool {
        false
    }

    /// How many numbers [`read`](ArraySource::read) gives.
    fn values(&self, at: &[Option<usize>]) -> f64 {
        let lengths = self.info().shape.iter().zip(at);
        lengths.filter(|(_, fixed)| fixed.is_none()).map(|(n, _)| *n as f64).product()
    }

    /// Bytes that [`read`](ArraySource::read) takes at its peak.
    fn read_bytes(&self, at: &[Option<usize>]) -> f64 {
        8.0 * self.values(at)
    }

    /// Stored numbers with the axes that are `Some(i)` fixed at i; the others remain, in order.
    fn read(&self, at: &[Option<usize>]) -> Result<ArrayD<f64>, FileError>;

    /// Writes what [`read`](ArraySource::read) returns into `out`, unpacked.
    fn read_into(
        &self,
        at: &[Option<usize>],
        out: &mut [f64],
        unpacking: &Unpacking<'_>,
    ) -> Result<Seen, FileError> {
        if let Some(seen) = self.read_directly(at, out, unpacking)? {
            return Ok(seen);
        }
        copy(&self.read(at)?, out);
        Ok(unpacking.unpack_all(out))
    }

    /// The same without an array between; `None` if the numbers are not stored in that order.
    fn read_directly(
        &self,
        at: &[Option<usize>],
        out: &mut [f64],
        unpacking: &Unpacking<'_>,
    ) -> Result<Option<Seen>, FileError> {
        let _ = (at, out, unpacking);
        Ok(None)
    }
}

/// Copies an array in its order. Panics if `out` has another length.
fn copy(array: &ArrayD<f64>, out: &mut [f64]) {
    match array.as_slice() {
        Some(values) => out.copy_from_slice(values),
        None => {
            assert_eq!(out.len(), array.len(), "one place for each value");
            out.iter_mut().zip(array).for_each(|(place, v)| *place = *v);
        }
    }
}

/// A file of named arrays.
pub(super) trait Store {
    fn path(&self) -> &Path;

    /// Arrays that could be data (no coordinates), in the file's order.
    fn list(&self) -> Result<Listing, FileError>;

    /// All arrays of numbers, coordinates too.
    fn arrays(&self) -> Result<Listing, FileError> {
        self.list()
    }

    /// Components of vectors that the format says belong together, x first.
    fn vector_groups(&self) -> Result<Vec<Vec<String>>, FileError> {
        Ok(Vec::new())
    }

    /// Whether the format holds one array, which needs no name.
    fn is_one_array(&self) -> bool {
        false
    }

    /// All arrays, also those that hold no numbers.
    fn names(&self) -> Result<Vec<String>, FileError> {
        Ok(self.arrays()?.0.into_iter().map(|(name, _)| name).collect())
    }

    /// What is known about an array without reading it. Fails as [`open`](Store::open) does.
    fn header(&self, name: &str) -> Result<ArrayInfo, FileError> {
        Ok(self.open(name)?.info().clone())
    }

    /// A text attribute of an array; empty without.
    fn attribute(&self, _array: &str, _name: &str) -> String {
        String::new()
    }

    /// The text attributes of the file as a whole.
    fn texts_of_file(&self) -> Vec<(String, String)> {
        Vec::new()
    }

    /// The numbers of attributes with such names, of an array, a group, or with an empty path the file.
    fn numbers(&self, _place: &str, _wanted: &dyn Fn(&str) -> bool) -> Vec<(String, Vec<f64>)> {
        Vec::new()
    }

    /// The CF standard name of an array; empty without.
    fn standard_name(&self, name: &str) -> String {
        self.attribute(name, "standard_name")
    }

    /// Fails when there is none of that name or it holds no numbers.
    fn open(&self, name: &str) -> Result<Box<dyn ArraySource>, FileError>;

    /// A one-dimensional array called `name` beside `sibling`, as coordinates.
    fn coordinates(&self, sibling: &str, name: &str) -> Option<Coordinates>;

    /// The edges of cells along an axis beside an array that this program wrote.
    fn edges(&self, _sibling: &str, _axis: &str) -> Option<Coordinates> {
        None
    }

    /// Arrays anywhere in the file that hold longitudes or latitudes.
    fn angle_arrays(&self) -> Result<Vec<AngleArray>, FileError> {
        Ok(Vec::new())
    }

    /// Whether the file marks samples that were not measured apart from walls.
    fn marks_invalid(&self) -> bool {
        false
    }

    /// Whether an array says which samples were measured, and was used so.
    fn is_mark(&self, _name: &str) -> bool {
        false
    }

    /// The mask that applies where none is requested, as --mask takes it. Fails where it may be either of two.
    fn own_mask(&self) -> Result<Option<String>, FileError> {
        Ok(None)
    }

    /// What was read otherwise than it stands in the file, in words.
    fn notes(&self) -> Vec<String> {
        Vec::new()
    }

    /// Names of the inputs of a file hodge wrote; empty otherwise.
    fn own_inputs(&self) -> Result<Vec<String>, FileError> {
        Ok(Vec::new())
    }

    /// Names of the components on faces of the inputs of a file hodge wrote; empty otherwise.
    fn own_faces(&self) -> Result<Vec<Vec<String>>, FileError> {
        Ok(Vec::new())
    }
}

/// Group and name of an array, without the slash at the start; the group of the file is empty.
pub(super) fn group_and_leaf(path: &str) -> (&str, &str) {
    let path = path.trim_start_matches('/');
    path.rsplit_once('/').unwrap_or(("", path))
}

/// The name of an array without its group.
pub(super) fn leaf(path: &str) -> &str {
    group_and_leaf(path).1
}

/// `group/name` for a name in the same group as `sibling`.
pub(super) fn beside(sibling: &str, name: &str) -> String {
    match group_and_leaf(sibling) {
        ("", _) => name.to_string(),
        (group, _) => format!("{group}/{name}"),
    }
}
