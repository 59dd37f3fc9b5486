//! NumPy's `.npz`: named arrays, each read whole.

use super::angle_words::holds_angles;
use super::array::{
    AngleArray, ArrayInfo, ArraySource, Coordinates, Dimension, NumberType, Packing, Store,
};
use super::memory::refuse;
use super::numpy_header::{is_countable, read_header};
use super::raw::Element;
use super::{FileError, Listing};
use ndarray::{ArrayD, Axis, IxDyn, OwnedRepr};
use ndarray_npy::npy::header::Header;
use ndarray_npy::{NpzReader, ReadNpyError, ReadNpzError};
use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};
use zip::ZipArchive;

/// An `.npz` archive, its headers read. Its arrays are unpacked when they are opened.
pub(super) struct NpzStore {
    path: PathBuf,
    members: Vec<Member>,
}

/// An array of the archive.
struct Member {
    name: String,
    shape: Vec<usize>,
    /// What its numbers are, or the NumPy type that holds none.
    number: Result<NumberType, String>,
}

type Archive = NpzReader<BufReader<File>>;

impl NpzStore {
    pub fn open(path: &Path) -> Result<NpzStore, FileError> {
        let mut store = NpzStore { path: path.into(), members: Vec::new() };
        let file =
            File::open(path).map_err(|source| FileError::Io { path: path.into(), source })?;
        let damaged = |error: &dyn std::fmt::Display| store.unreadable(error.to_string());
        let mut archive = ZipArchive::new(BufReader::new(file)).map_err(|e| damaged(&e))?;
        let mut members = Vec::new();
        for index in 0..archive.len() {
            let mut member = archive.by_index(index).map_err(|e| damaged(&e))?;
            let name = member.name().to_string();
            // Other files may lie in the archive.
            let Some(name) = name.strip_suffix(".npy") else { continue };
            let Header { type_descriptor, shape, .. } =
                read_header(&mut member).map_err(|e| damaged(&format!("{name}: {e}")))?;
            let found = type_descriptor.to_string();
            let number = Element::parse(&found).map(Element::number).ok_or(found);
            if !is_countable(&shape) {
                return Err(damaged(&format!("the shape {shape:?} of {name} overflows")));
            }
            members.push(Member { name: name.into(), shape, number });
        }
        store.members = members;
        Ok(store)
    }

    fn unreadable(&self, reason: String) -> FileError {
        FileError::Damaged { path: self.path.clone(), format: ".npz", reason }
    }

    fn member(&self, name: &str) -> Option<&Member> {
        self.members.iter().find(|member| member.name == name)
    }

    fn archive(&self) -> Result<Archive, FileError> {
        let file = File::open(&self.path)
            .map_err(|source| FileError::Io { path: self.path.clone(), source })?;
        NpzReader::new(BufReader::new(file)).map_err(|e| self.damaged(&e))
    }

    fn damaged(&self, error: &ReadNpzError) -> FileError {
        self.unreadable(error.to_string())
    }

    fn load(&self, name: &str) -> Result<(ArrayD<f64>, NumberType), FileError> {
        if let Some(Member { shape, .. }) = self.member(name) {
            // The reader allocates what the header claims before it reads a number.
            let values: f64 = shape.iter().map(|n| *n as f64).product();
            refuse(&self.path, name, shape, 16.0 * values)?;
        }
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
        let coordinates = |name: &str| matches!(name, "x" | "y" | "z");
        let mut found = self.arrays()?;
        found.0.retain(|(name, shape)| !(shape.len() == 1 && coordinates(name)));
        Ok(found)
    }

    fn arrays(&self) -> Result<Listing, FileError> {
        let numbers = self.members.iter().filter(|member| member.number.is_ok());
        Ok(Listing(numbers.map(|member| (member.name.clone(), member.shape.clone())).collect()))
    }

    fn names(&self) -> Result<Vec<String>, FileError> {
        Ok(self.members.iter().map(|member| member.name.clone()).collect())
    }

    fn header(&self, name: &str) -> Result<ArrayInfo, FileError> {
        let Some(Member { shape, number, .. }) = self.member(name) else {
            let (path, available) = (self.path.clone(), self.list()?);
            return Err(FileError::NoSuchDataset { path, name: name.into(), available });
        };
        match number {
            Ok(number) => Ok(array_info(name, shape, *number)),
            Err(found) => {
                let found = format!("values of NumPy type {found}");
                Err(FileError::NotNumbers { name: name.into(), found })
            }
        }
    }

    fn open(&self, name: &str) -> Result<Box<dyn ArraySource>, FileError> {
        self.header(name)?;
        let (array, number) = self.load(name)?;
        let info = array_info(name, array.shape(), number);
        Ok(Box::new(NpzArray { info, array }))
    }

    fn angle_arrays(&self) -> Result<Vec<AngleArray>, FileError> {
        let angles = self
            .members
            .iter()
            .filter(|member| member.number.is_ok() && holds_angles(&member.name, "", ""));
        let array = |m: &Member| AngleArray { name: m.name.clone(), shape: m.shape.clone() };
        Ok(angles.map(array).collect())
    }

    fn coordinates(&self, _sibling: &str, name: &str) -> Option<Coordinates> {
        self.member(name).filter(|member| member.shape.len() == 1)?;
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

/// What the format says of an array.
fn array_info(name: &str, shape: &[usize], number: NumberType) -> ArrayInfo {
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

/// An unpacked array.
struct NpzArray {
    info: ArrayInfo,
    array: ArrayD<f64>,
}

impl ArraySource for NpzArray {
    fn info(&self) -> &ArrayInfo {
        &self.info
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
