//! NumPy's `.npy`: one array, read a sample at a time.

use super::array::{ArrayInfo, ArraySource, Coordinates, Dimension, NumberType, Packing, Store};
use super::{FileError, Listing};
use ndarray::{ArrayD, Axis, IxDyn, ShapeBuilder};
use ndarray_npy::npy::header::{Header, Layout, ReadHeaderError};
use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

/// The name the array of a `.npy` file goes by.
const NAME: &str = "array";

/// An `.npy` file, its header read.
pub(super) struct NpyStore {
    path: PathBuf,
    array: NpyArray,
}

impl NpyStore {
    pub fn open(path: &Path) -> Result<NpyStore, FileError> {
        let io = |source| FileError::Io { path: path.into(), source };
        let file = File::open(path).map_err(io)?;
        let found = file.metadata().map_err(io)?.len();
        let mut reader = BufReader::new(file);
        let header = Header::from_reader(&mut reader).map_err(|e| match e {
            ReadHeaderError::Io(e) => damaged(path, e.to_string()),
            ReadHeaderError::Parse(e) => damaged(path, e.to_string()),
        })?;
        let start = reader.stream_position().map_err(io)?;
        let array = NpyArray::new(path, &header, start)?;
        let expected = array
            .bytes()
            .and_then(|bytes| bytes.checked_add(start))
            .ok_or_else(|| damaged(path, format!("its shape {:?} overflows", header.shape)))?;
        if expected > found {
            return Err(FileError::Truncated { path: path.into(), expected, found });
        }
        Ok(NpyStore { path: path.into(), array })
    }
}

fn damaged(path: &Path, reason: String) -> FileError {
    FileError::Damaged { path: path.into(), format: ".npy", reason }
}

impl Store for NpyStore {
    fn path(&self) -> &Path {
        &self.path
    }

    fn list(&self) -> Result<Listing, FileError> {
        Ok(Listing(vec![(NAME.into(), self.array.info.shape.clone())]))
    }

    fn open(&self, name: &str) -> Result<Box<dyn ArraySource>, FileError> {
        if name != NAME {
            return Err(FileError::NoSuchDataset {
                path: self.path.clone(),
                name: name.into(),
                available: self.list()?,
            });
        }
        Ok(Box::new(self.array.clone()))
    }

    fn coordinates(&self, _sibling: &str, _name: &str) -> Option<Coordinates> {
        None
    }
}

/// How one number is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Element {
    kind: char,
    size: usize,
    big_endian: bool,
}

impl Element {
    /// From a NumPy type string such as `<f8`.
    fn parse(descriptor: &str) -> Option<Element> {
        let text = descriptor.trim_matches('\'');
        let order = text.chars().next()?;
        let rest = text.strip_prefix(['<', '>', '|', '='])?;
        let kind = rest.chars().next()?;
        let size = rest[kind.len_utf8()..].parse().ok()?;
        let known = matches!((kind, size), ('f', 4 | 8) | ('i' | 'u', 1 | 2 | 4 | 8) | ('b', 1));
        known.then_some(Element { kind, size, big_endian: order == '>' })
    }

    fn number(self) -> NumberType {
        match (self.kind, self.size) {
            ('f', 4) => NumberType::F32,
            ('f', _) => NumberType::F64,
            _ => NumberType::Integer,
        }
    }

    /// One number from its bytes.
    fn decode(self, bytes: &[u8]) -> f64 {
        let mut wide = [0; 8];
        wide[..self.size].copy_from_slice(bytes);
        if self.big_endian {
            wide[..self.size].reverse();
        }
        let raw = u64::from_le_bytes(wide);
        let unused = 64 - 8 * self.size as u32;
        match (self.kind, self.size) {
            ('f', 4) => f64::from(f32::from_bits(raw as u32)),
            ('f', _) => f64::from_bits(raw),
            // Shifting up and down again copies the sign.
            ('i', _) => ((raw << unused) as i64 >> unused) as f64,
            _ => raw as f64,
        }
    }
}

/// The array of an `.npy` file.
#[derive(Clone)]
struct NpyArray {
    path: PathBuf,
    info: ArrayInfo,
    element: Element,
    fortran: bool,
    start: u64,
}

impl NpyArray {
    fn new(path: &Path, header: &Header, start: u64) -> Result<NpyArray, FileError> {
        let descriptor = header.type_descriptor.to_string();
        let element = Element::parse(&descriptor).ok_or_else(|| FileError::NotNumbers {
            name: NAME.into(),
            found: format!("values of NumPy type {descriptor}"),
        })?;
        let info = ArrayInfo {
            name: NAME.into(),
            shape: header.shape.clone(),
            number: element.number(),
            dimensions: vec![Dimension::default(); header.shape.len()],
            units: String::new(),
            packing: Packing::default(),
        };
        let fortran = header.layout == Layout::Fortran;
        Ok(NpyArray { path: path.into(), info, element, fortran, start })
    }

    /// Bytes of the numbers, unless that overflows.
    fn bytes(&self) -> Option<u64> {
        let count = self.info.shape.iter().try_fold(1u64, |n, &l| n.checked_mul(l as u64))?;
        count.checked_mul(self.element.size as u64)
    }

    /// Numbers `first .. first + count` in the order of the file.
    fn decode(&self, first: usize, count: usize) -> Result<Vec<f64>, FileError> {
        let io = |source| FileError::Io { path: self.path.clone(), source };
        let size = self.element.size;
        let mut file = File::open(&self.path).map_err(io)?;
        file.seek(SeekFrom::Start(self.start + (first * size) as u64)).map_err(io)?;
        let mut bytes = vec![0; count * size];
        file.read_exact(&mut bytes).map_err(io)?;
        Ok(bytes.chunks_exact(size).map(|b| self.element.decode(b)).collect())
    }
}

impl ArraySource for NpyArray {
    fn info(&self) -> &ArrayInfo {
        &self.info
    }

    fn read_bytes(&self, at: &[Option<usize>]) -> f64 {
        let axes: Vec<_> = match self.fortran {
            true => at.iter().zip(&self.info.shape).rev().collect(),
            false => at.iter().zip(&self.info.shape).collect(),
        };
        let block = axes.iter().skip_while(|(held, _)| held.is_some());
        let picked = if at.iter().all(Option::is_none) { 0.0 } else { 8.0 * self.values(at) };
        (8 + self.element.size) as f64 * block.map(|(_, n)| **n as f64).product::<f64>() + picked
    }

    /// Axes held that stand at the slow end cost nothing; others are picked from what was read.
    fn read(&self, at: &[Option<usize>]) -> Result<ArrayD<f64>, FileError> {
        let shape = &self.info.shape;
        let held: Vec<usize> = if self.fortran {
            at.iter().rev().map_while(|i| *i).collect()
        } else {
            at.iter().map_while(|i| *i).collect()
        };
        let mut lengths = shape.clone();
        if self.fortran {
            lengths.reverse();
        }
        let block: usize = lengths[held.len()..].iter().product();
        let first = held.iter().zip(&lengths).fold(0, |flat, (i, n)| flat * n + i);
        let values = self.decode(first * block, block)?;
        let (rest, picks) = if self.fortran {
            let n = shape.len() - held.len();
            (&shape[..n], &at[..n])
        } else {
            (&shape[held.len()..], &at[held.len()..])
        };
        let shaped = IxDyn(rest).set_f(self.fortran);
        let mut array = ArrayD::from_shape_vec(shaped, values).expect("one value per element");
        for (axis, pick) in picks.iter().enumerate().rev() {
            if let Some(i) = pick {
                array = array.index_axis_move(Axis(axis), *i);
            }
        }
        Ok(array)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_every_kind_are_decoded() {
        let element = |text| Element::parse(text).unwrap();
        assert_eq!(element("'<f8'").decode(&(-1.5f64).to_le_bytes()), -1.5);
        assert_eq!(element("'>f4'").decode(&(-1.5f32).to_be_bytes()), -1.5);
        assert_eq!(element("'<i2'").decode(&(-300i16).to_le_bytes()), -300.0);
        assert_eq!(element("'|i1'").decode(&[0xff]), -1.0);
        assert_eq!(element("'|u1'").decode(&[0xff]), 255.0);
        assert_eq!(element("'>i8'").decode(&(-7i64).to_be_bytes()), -7.0);
        assert_eq!(element("'|b1'").decode(&[1]), 1.0);
        for refused in ["'<c16'", "'<U4'", "'|O'", "'<f2'", "", "[('a', '<f8')]"] {
            assert_eq!(Element::parse(refused), None, "{refused}");
        }
    }
}
