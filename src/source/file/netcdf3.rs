//! NetCDF-3, classic or with 64-bit offsets or data: variables with named dimensions and CF attributes.

use super::angle_words::holds_angles;
use super::array::{
    AngleArray, ArrayInfo, ArraySource, Bounds, Coordinates, Dimension, NumberType, Packing, Store,
};
use super::memory::refuse;
use super::packing::Numbers;
use super::stored::Stored;
use super::{FileError, Listing};
use ndarray::ArrayD;
use netcdf_reader::{NcAttrValue, NcFile, NcSliceInfo, NcSliceInfoElem, NcType, NcVariable};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// An open NetCDF-3 file.
pub(super) struct Netcdf3Store {
    file: Arc<NcFile>,
    path: PathBuf,
}

impl Netcdf3Store {
    pub fn open(path: &Path) -> Result<Netcdf3Store, FileError> {
        let file = NcFile::open(path).map_err(|error| damaged(path, &error))?;
        Ok(Netcdf3Store { file: Arc::new(file), path: path.into() })
    }

    fn variables(&self) -> Result<&[NcVariable], FileError> {
        self.file.variables().map_err(|error| damaged(&self.path, &error))
    }

    fn variable(&self, name: &str) -> Option<&NcVariable> {
        self.variables().ok()?.iter().find(|variable| variable.name() == name)
    }

    /// The array that the attribute `bounds` of a variable names.
    fn bounds(&self, variable: &NcVariable) -> Option<Bounds> {
        let found = self.variable(&text(variable, "bounds"))?;
        let (name, packing, shape) = (found.name(), packing(found), shape(found));
        let bytes = shape.iter().map(|n| *n as f64).product::<f64>() * 16.0;
        refuse(&self.path, name, &shape, bytes).ok()?;
        let stored = self.file.read_variable_as_f64(name).ok()?;
        let values = stored.into_iter().map(|v| packing.value(v)).collect();
        Some(Bounds { name: name.into(), shape, values })
    }

    fn coordinates_of(&self, name: &str) -> Option<Coordinates> {
        let variable = self.variable(name).filter(|variable| variable.ndim() == 1)?;
        let (number, packing) = (number_type(variable)?, packing(variable));
        refuse(&self.path, name, &shape(variable), 16.0 * shape(variable)[0] as f64).ok()?;
        let Ok(stored) = self.file.read_variable_as_f64(name) else {
            // No axis is as long, so that they are not passed over.
            let origin = format!("variable `{name}`, which cannot be read,");
            return Some(Coordinates { origin, name: name.into(), ..Coordinates::default() });
        };
        Some(Coordinates {
            origin: format!("variable `{name}`"),
            name: name.into(),
            standard_name: text(variable, "standard_name"),
            long_name: text(variable, "long_name"),
            calendar: text(variable, "calendar"),
            positive: text(variable, "positive"),
            values: stored.into_iter().map(|v| packing.value(v)).collect(),
            units: text(variable, "units"),
            single: number == NumberType::F32,
            bounds: self.bounds(variable),
            ..Coordinates::default()
        })
    }
}

fn damaged(path: &Path, error: &netcdf_reader::Error) -> FileError {
    FileError::Damaged { path: path.into(), format: "NetCDF-3", reason: error.to_string() }
}

/// Lengths of the axes, slowest first.
fn shape(variable: &NcVariable) -> Vec<usize> {
    variable.shape().into_iter().map(|n| usize::try_from(n).unwrap_or(usize::MAX)).collect()
}

/// The kind of numbers; `None` for text.
fn number_type(variable: &NcVariable) -> Option<NumberType> {
    match variable.dtype() {
        NcType::Float => Some(NumberType::F32),
        NcType::Double => Some(NumberType::F64),
        NcType::Byte | NcType::Short | NcType::Int | NcType::Int64 => Some(NumberType::Integer),
        NcType::UByte | NcType::UShort | NcType::UInt | NcType::UInt64 => Some(NumberType::Integer),
        _ => None,
    }
}

fn text(variable: &NcVariable, name: &str) -> String {
    let found = variable.attribute(name).and_then(|attribute| attribute.value.as_string());
    found.unwrap_or_default().trim_end_matches('\0').trim().to_string()
}

fn packing(scale: &NcVariable) -> Packing {
    Packing::of_coordinates(stored(scale), |name| numbers(scale, name))
}

fn stored(variable: &NcVariable) -> Stored {
    let declared_unsigned = text(variable, "_Unsigned") == "true";
    let (kind, bytes) = match variable.dtype() {
        NcType::Float => ('f', 4),
        NcType::Byte => ('i', 1),
        NcType::Short => ('i', 2),
        NcType::Int => ('i', 4),
        NcType::Int64 => ('i', 8),
        NcType::UByte => ('u', 1),
        NcType::UShort => ('u', 2),
        NcType::UInt => ('u', 4),
        NcType::UInt64 => ('u', 8),
        _ => ('f', 8),
    };
    Stored { kind, bytes, declared_unsigned }
}

fn data_packing(variable: &NcVariable) -> Packing {
    Packing::of_data(stored(variable), true, |name| numbers(variable, name))
}

/// The numbers of an attribute, and whether they are real.
fn numbers(variable: &NcVariable, name: &str) -> Option<Numbers> {
    let value = &variable.attribute(name)?.value;
    let real = matches!(value, NcAttrValue::Floats(_) | NcAttrValue::Doubles(_));
    let said = || Some(vec![value.as_string()?.trim_end_matches('\0').trim().parse().ok()?]);
    Some((value.as_f64_vec().or_else(said)?, real))
}

impl Store for Netcdf3Store {
    fn path(&self) -> &Path {
        &self.path
    }

    fn list(&self) -> Result<Listing, FileError> {
        let data = |variable: &&NcVariable| {
            number_type(variable).is_some() && !variable.is_coordinate_variable()
        };
        let variables = self.variables()?.iter().filter(data);
        Ok(Listing(variables.map(|v| (v.name().to_string(), shape(v))).collect()))
    }

    fn names(&self) -> Result<Vec<String>, FileError> {
        Ok(self.variables()?.iter().map(|variable| variable.name().to_string()).collect())
    }

    fn attribute(&self, array: &str, name: &str) -> String {
        self.variable(array).map(|variable| text(variable, name)).unwrap_or_default()
    }

    fn texts_of_file(&self) -> Vec<(String, String)> {
        let all = self.file.global_attributes().unwrap_or_default().iter();
        let text =
            |value: &NcAttrValue| Some(value.as_string()?.trim_end_matches('\0').to_string());
        all.filter_map(|found| Some((found.name.clone(), text(&found.value)?))).collect()
    }

    fn numbers(&self, place: &str, wanted: &dyn Fn(&str) -> bool) -> Vec<(String, Vec<f64>)> {
        let attributes = match place {
            "" => self.file.global_attributes().unwrap_or_default(),
            name => self.variable(name).map_or(&[][..], |variable| variable.attributes()),
        };
        let named = attributes.iter().filter(|attribute| wanted(&attribute.name));
        named.filter_map(|a| Some((a.name.clone(), a.value.as_f64_vec()?))).collect()
    }

    fn arrays(&self) -> Result<Listing, FileError> {
        let variables = self.variables()?.iter().filter(|v| number_type(v).is_some());
        Ok(Listing(variables.map(|v| (v.name().to_string(), shape(v))).collect()))
    }

    fn open(&self, name: &str) -> Result<Box<dyn ArraySource>, FileError> {
        let Some(variable) = self.variable(name) else {
            let (path, available) = (self.path.clone(), self.list()?);
            return Err(FileError::NoSuchDataset { path, name: name.into(), available });
        };
        let Some(number) = number_type(variable) else {
            return Err(FileError::NotNumbers { name: name.into(), found: "text".into() });
        };
        let along = |dimension: &str| {
            let axis = self.variable(dimension).map(|v| text(v, "axis").to_uppercase());
            Dimension {
                name: Some(dimension.into()),
                axis: axis.filter(|axis| !axis.is_empty()),
                coordinates: self.coordinates_of(dimension),
                ..Dimension::default()
            }
        };
        let info = ArrayInfo {
            name: name.into(),
            shape: shape(variable),
            number,
            dimensions: variable.dimensions().iter().map(|dim| along(&dim.name)).collect(),
            standard_name: text(variable, "standard_name"),
            units: text(variable, "units"),
            packing: data_packing(variable),
            written: None,
        };
        Ok(Box::new(Netcdf3Array { file: Arc::clone(&self.file), info, path: self.path.clone() }))
    }

    fn coordinates(&self, _sibling: &str, name: &str) -> Option<Coordinates> {
        self.coordinates_of(name)
    }

    fn angle_arrays(&self) -> Result<Vec<AngleArray>, FileError> {
        let angles = |variable: &&NcVariable| {
            let (standard_name, units) = (text(variable, "standard_name"), text(variable, "units"));
            holds_angles(variable.name(), &standard_name, &units)
        };
        let array = |v: &NcVariable| AngleArray { name: v.name().to_string(), shape: shape(v) };
        Ok(self.variables()?.iter().filter(angles).map(array).collect())
    }
}

/// A variable of an open file.
struct Netcdf3Array {
    file: Arc<NcFile>,
    info: ArrayInfo,
    path: PathBuf,
}

impl ArraySource for Netcdf3Array {
    fn info(&self) -> &ArrayInfo {
        &self.info
    }

    fn info_mut(&mut self) -> &mut ArrayInfo {
        &mut self.info
    }

    /// What is stored is widened in a second array.
    fn read_bytes(&self, at: &[Option<usize>]) -> f64 {
        16.0 * self.values(at)
    }

    fn read(&self, at: &[Option<usize>]) -> Result<ArrayD<f64>, FileError> {
        let select = |(fixed, n): (&Option<usize>, &usize)| match fixed {
            Some(i) => NcSliceInfoElem::Index(*i as u64),
            None => NcSliceInfoElem::Slice { start: 0, end: *n as u64, step: 1 },
        };
        let selections = at.iter().zip(&self.info.shape).map(select).collect();
        let slice = NcSliceInfo { selections };
        let values = self.file.read_variable_slice_as_f64(&self.info.name, &slice);
        values.map_err(|error| damaged(&self.path, &error))
    }
}
