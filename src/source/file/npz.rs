//! NumPy's `.npz`: named arrays, read a sample at a time where they are not compressed, else whole.

use super::angle_words::holds_angles;
use super::array::{AngleArray, ArrayInfo, ArraySource, Coordinates, NumberType, Store};
use super::held::{HeldArray, array_info};
use super::memory::refuse;
use super::npy::{NpyArray, other_type};
use super::numpy_fields::{Field, fields};
use super::raw::number;
use super::{FileError, Listing};
use crate::machine::{Element, is_countable, read_numpy_header};
use ndarray::{ArrayD, IxDyn, ShapeBuilder};
use ndarray_npy::npy::header::{Header, Layout};
use std::fmt::Display;
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};
use zip::{CompressionMethod, ZipArchive};

/// An `.npz` archive, its headers read. Its arrays are unpacked when they are opened.
pub(super) struct NpzStore {
    path: PathBuf,
    members: Vec<Member>,
}

/// An array of the archive.
struct Member {
    name: String,
    /// The array of records of which it is a field.
    field: Option<(String, Field)>,
    shape: Vec<usize>,
    /// What its numbers are, or the NumPy type that holds none.
    number: Result<NumberType, String>,
}

impl NpzStore {
    pub fn open(path: &Path) -> Result<NpzStore, FileError> {
        let mut store = NpzStore { path: path.into(), members: Vec::new() };
        let file =
            File::open(path).map_err(|source| FileError::Io { path: path.into(), source })?;
        let damaged = |error: &dyn Display| store.unreadable(error.to_string());
        let mut archive = ZipArchive::new(BufReader::new(file)).map_err(|e| damaged(&e))?;
        let mut members = Vec::new();
        for index in 0..archive.len() {
            let mut member = archive.by_index(index).map_err(|e| damaged(&e))?;
            let name = member.name().to_string();
            // Other files may lie in the archive.
            let Some(name) = name.strip_suffix(".npy") else { continue };
            let Header { type_descriptor, shape, .. } =
                read_numpy_header(&mut member).map_err(|e| damaged(&format!("{name}: {e}")))?;
            let found = type_descriptor.to_string();
            if !is_countable(&shape) {
                return Err(damaged(&format!("the shape {shape:?} of {name} overflows")));
            }
            for field in fields(&found) {
                let (number, path) = (Ok(number(field.element)), format!("{name}/{}", field.name));
                let field = Some((name.to_string(), field));
                members.push(Member { name: path, field, shape: shape.clone(), number });
            }
            if fields(&found).is_empty() {
                let number = Element::parse(&found).map(number).ok_or(found);
                members.push(Member { name: name.into(), field: None, shape, number });
            }
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

    /// The archive, opened once more.
    fn archive(&self) -> Result<ZipArchive<BufReader<File>>, FileError> {
        let io = |source| FileError::Io { path: self.path.clone(), source };
        let file = BufReader::new(File::open(&self.path).map_err(io)?);
        ZipArchive::new(file).map_err(|e| self.unreadable(e.to_string()))
    }

    /// An array of plain numbers that is not compressed, where it lies in the archive. It is read through once, to
    /// compare the checksum.
    fn in_place(&self, name: &str) -> Result<Option<NpyArray>, FileError> {
        let fail = |error: &dyn Display| self.unreadable(format!("{name:?}: {error}"));
        let mut archive = self.archive()?;
        if self.member(name).is_some_and(|member| member.field.is_some()) {
            return Ok(None);
        }
        let mut entry = archive.by_name(&format!("{name}.npy")).map_err(|e| fail(&e))?;
        if entry.compression() != CompressionMethod::Stored || entry.encrypted() {
            return Ok(None);
        }
        let (start, size) = (entry.data_start(), entry.size());
        let header = read_numpy_header(&mut entry).map_err(|e| fail(&e))?;
        let io = |source| FileError::Io { path: self.path.clone(), source };
        let file = File::open(&self.path).map_err(io)?;
        let array = NpyArray::new(&self.path, name, &header, (file, start))?;
        // A shape that is not in the archive is refused as it is when it is read whole.
        let Some(bytes) = array.bytes().filter(|bytes| *bytes <= size) else { return Ok(None) };
        let rest = std::io::copy(&mut entry, &mut std::io::sink()).map_err(|e| fail(&e))?;
        match bytes <= rest {
            true => Ok(Some(array.moved_by(size - rest))),
            false => Err(self.short(name, rest, bytes)),
        }
    }

    fn short(&self, name: &str, found: u64, expected: u64) -> FileError {
        self.unreadable(format!("{name:?} has {found} bytes, and its header says {expected}"))
    }

    /// Reads one array. Refuses one that would not fit into memory by its own header, before anything is allocated.
    fn load(&self, name: &str) -> Result<(ArrayD<f64>, NumberType), FileError> {
        let fail = |reason: String| self.unreadable(reason);
        let mut archive = self.archive()?;
        let field = self.member(name).and_then(|member| member.field.as_ref());
        let stored = field.map_or(name, |(records, _)| records);
        let entry = archive.by_name(&format!("{stored}.npy"));
        let mut entry = entry.map_err(|e| fail(e.to_string()))?;
        let header = read_numpy_header(&mut entry).map_err(|e| fail(e.to_string()))?;
        let descriptor = header.type_descriptor.to_string();
        let plain = || {
            let not =
                || FileError::NotNumbers { name: name.into(), found: other_type(&descriptor) };
            let element = Element::parse(&descriptor).ok_or_else(not)?;
            let (name, record) = (name.to_string(), element.size());
            Ok::<_, FileError>(Field { name, element, offset: 0, record })
        };
        let field: Field = field.map_or_else(plain, |(_, field)| Ok(field.clone()))?;
        let shape = header.shape;
        let values: f64 = shape.iter().map(|n| *n as f64).product();
        refuse(&self.path, name, &shape, (8 + field.record) as f64 * values)?;
        let length = shape.iter().try_fold(field.record, |n, l| n.checked_mul(*l));
        let length =
            length.ok_or_else(|| fail(format!("the shape {shape:?} of {name:?} overflows")))?;
        let mut bytes = Vec::new();
        entry
            .by_ref()
            .take(length as u64)
            .read_to_end(&mut bytes)
            .map_err(|e| fail(e.to_string()))?;
        // The checksum is compared at the end.
        let after = entry.read(&mut [0; 1]);
        after.map_err(|e| fail(format!("{name:?}: {e}")))?;
        if bytes.len() < length {
            return Err(self.short(name, bytes.len() as u64, length as u64));
        }
        let shaped = IxDyn(&shape).set_f(header.layout == Layout::Fortran);
        let array = ArrayD::from_shape_vec(shaped, field.decode(&bytes));
        Ok((array.map_err(|e| fail(e.to_string()))?, number(field.element)))
    }
}

impl Store for NpzStore {
    fn path(&self) -> &Path {
        &self.path
    }

    fn list(&self) -> Result<Listing, FileError> {
        let coordinates = |name: &str| matches!(name, "x" | "y" | "z");
        let mut found = self.arrays()?;
        found.0.retain(|(name, shape)| !(shape.len() == 1 && coordinates(name)));
        let mut others = self.members.iter().filter_map(|m| Some((m, m.number.as_ref().err()?)));
        match others.next().filter(|_| found.0.is_empty()) {
            Some((Member { name, .. }, found)) => {
                Err(FileError::NotNumbers { name: name.clone(), found: other_type(found) })
            }
            None => Ok(found),
        }
    }

    fn arrays(&self) -> Result<Listing, FileError> {
        let numbers = self.members.iter().filter(|member| member.number.is_ok());
        if let (0, Some(Member { name, number: Err(found), .. })) =
            (numbers.clone().count(), self.members.first())
        {
            return Err(FileError::NotNumbers { name: name.clone(), found: other_type(found) });
        }
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
                Err(FileError::NotNumbers { name: name.into(), found: other_type(found) })
            }
        }
    }

    fn open(&self, name: &str) -> Result<Box<dyn ArraySource>, FileError> {
        self.header(name)?;
        if let Some(array) = self.in_place(name)? {
            return Ok(Box::new(array));
        }
        let (array, number) = self.load(name)?;
        Ok(Box::new(HeldArray::new(name, array, number)))
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
        let Ok((array, number)) = self.load(name) else {
            // No axis is as long, so that they are not passed over.
            let origin = format!("array `{name}`, which cannot be read as numbers,");
            return Some(Coordinates { origin, name: name.into(), ..Coordinates::default() });
        };
        (array.ndim() == 1).then(|| Coordinates {
            origin: format!("array `{name}`"),
            name: name.into(),
            values: array.into_iter().collect(),
            single: number == NumberType::F32,
            ..Coordinates::default()
        })
    }
}
