//! HDF5, and with it NetCDF-4: datasets, dimension scales, CF attributes.

use super::angles::{AngleArray, holds_angles, is_angle_unit};
use super::array::{
    ArrayInfo, ArraySource, Coordinates, Dimension, NumberType, Packing, Store, beside,
};
use super::{FileError, Listing};
use crate::grid::AXIS_NAMES;
use crate::machine::ensure_memory;
use ::hdf5::types::{
    FixedAscii, FixedUnicode, FloatSize, TypeDescriptor, VarLenArray, VarLenAscii, VarLenUnicode,
};
use ::hdf5::{
    Dataset, File, Group, Hyperslab, Location, ObjectReference1, ReferencedObject, SliceOrIndex,
};
use ndarray::{ArrayD, IxDyn};
use std::path::{Path, PathBuf};

/// Groups nested deeper are not searched (a hard link may make a ring).
const DEPTH: usize = 16;

/// An open HDF5 file.
pub(super) struct Hdf5Store {
    file: File,
    path: PathBuf,
}

impl Hdf5Store {
    pub fn open(path: &Path) -> Result<Hdf5Store, FileError> {
        let file = File::open(path).map_err(|e| damaged(path, &e))?;
        Ok(Hdf5Store { file, path: path.into() })
    }

    fn damaged(&self, error: &::hdf5::Error) -> FileError {
        damaged(&self.path, error)
    }
}

fn damaged(path: &Path, error: &::hdf5::Error) -> FileError {
    // The library has no error number for this.
    if error.to_string().contains("unable to lock file") {
        return FileError::Locked { path: path.into() };
    }
    FileError::Damaged { path: path.into(), format: "HDF5", reason: error.to_string() }
}

impl Store for Hdf5Store {
    fn path(&self) -> &Path {
        &self.path
    }

    fn list(&self) -> Result<Listing, FileError> {
        let mut found = Vec::new();
        let mut add = |dataset: &Dataset| {
            if text(dataset, "CLASS").as_deref() != Some("DIMENSION_SCALE") {
                let path = dataset.name();
                found.push((path.trim_start_matches('/').into(), dataset.shape()));
            }
        };
        visit(&self.file, DEPTH, &mut add).map_err(|e| self.damaged(&e))?;
        Ok(Listing(found))
    }

    fn angle_arrays(&self) -> Result<Vec<AngleArray>, FileError> {
        // What CF calls the coordinates of any array, and arrays that are angles if they are among them.
        let (mut coordinates, mut found) = (Vec::new(), Vec::new());
        let mut add = |dataset: &Dataset| {
            let attribute = |name: &str| text(dataset, name).unwrap_or_default();
            let named = attribute("coordinates");
            let leaves =
                named.split_whitespace().map(|name| name.rsplit('/').next().unwrap_or(name));
            coordinates.extend(leaves.map(String::from));
            let (path, units) = (dataset.name(), attribute("units"));
            let certain = holds_angles(&path, &attribute("standard_name"), &units);
            if certain || is_angle_unit(&units) {
                let name: String = path.trim_start_matches('/').into();
                found.push((AngleArray { name, shape: dataset.shape() }, certain));
            }
        };
        visit(&self.file, DEPTH, &mut add).map_err(|e| self.damaged(&e))?;
        found.retain(|(array, certain)| {
            let leaf = array.name.rsplit('/').next().unwrap_or_default();
            *certain || coordinates.iter().any(|name| name == leaf)
        });
        Ok(found.into_iter().map(|(array, _)| array).collect())
    }

    fn open(&self, name: &str) -> Result<Box<dyn ArraySource>, FileError> {
        let Ok(dataset) = self.file.dataset(name) else {
            let available = self.list()?;
            return Err(FileError::NoSuchDataset {
                path: self.path.clone(),
                name: name.into(),
                available,
            });
        };
        let number = number_type(&dataset)
            .map_err(|found| FileError::NotNumbers { name: name.into(), found })?;
        let dimensions = dimensions(&dataset).map_err(|e| self.damaged(&e))?;
        let info = ArrayInfo {
            name: name.trim_start_matches('/').into(),
            shape: dataset.shape(),
            number,
            dimensions,
            units: text(&dataset, "units").unwrap_or_default(),
            packing: packing(&dataset),
        };
        let logical = dataset.dtype().is_ok_and(|t| t.is::<bool>());
        Ok(Box::new(Hdf5Array { dataset, info, path: self.path.clone(), logical }))
    }

    fn coordinates(&self, sibling: &str, name: &str) -> Option<Coordinates> {
        coordinates(&self.file.dataset(&beside(sibling, name)).ok()?)
    }

    fn own_inputs(&self) -> Result<Vec<String>, FileError> {
        let Ok(fields) = self.file.group("fields") else {
            return Ok(Vec::new());
        };
        let mut names = fields.member_names().map_err(|e| self.damaged(&e))?;
        names.sort();
        names.retain(|name| fields.group(name).is_ok_and(|group| group.dataset("input").is_ok()));
        Ok(names.iter().map(|name| format!("fields/{name}/input")).collect())
    }

    fn own_faces(&self) -> Result<Vec<Vec<String>>, FileError> {
        let Ok(fields) = self.file.group("fields") else {
            return Ok(Vec::new());
        };
        let mut names = fields.member_names().map_err(|e| self.damaged(&e))?;
        names.sort();
        let components = |name: String| -> Vec<String> {
            let all = AXIS_NAMES.iter().map(|axis| format!("fields/{name}/faces/input_{axis}"));
            all.filter(|path| self.file.dataset(path).is_ok()).collect()
        };
        Ok(names.into_iter().map(components).filter(|set| set.len() > 1).collect())
    }
}

/// A dataset of an open file.
struct Hdf5Array {
    dataset: Dataset,
    info: ArrayInfo,
    path: PathBuf,
    logical: bool,
}

impl ArraySource for Hdf5Array {
    fn info(&self) -> &ArrayInfo {
        &self.info
    }

    fn read(&self, at: &[Option<usize>]) -> Result<ArrayD<f64>, FileError> {
        let slab: Vec<SliceOrIndex> = at
            .iter()
            .map(|index| match index {
                Some(i) => SliceOrIndex::Index(*i),
                None => SliceOrIndex::from(..),
            })
            .collect();
        let (reader, slab) = (self.dataset.as_reader(), Hyperslab::from(slab));
        // HDF5 has no conversion from its logical type to numbers.
        let values = if self.logical {
            let flags = reader.read_slice::<bool, _, IxDyn>(slab);
            flags.map(|flags| flags.mapv(|flag| f64::from(u8::from(flag))))
        } else {
            reader.read_slice::<f64, _, IxDyn>(slab)
        };
        values.map_err(|e| damaged(&self.path, &e))
    }
}

/// Calls `seen` for every dataset of a group and of those in it.
fn visit(group: &Group, depth: usize, seen: &mut impl FnMut(&Dataset)) -> ::hdf5::Result<()> {
    for name in group.member_names()? {
        if let Ok(dataset) = group.dataset(&name) {
            seen(&dataset);
        } else if depth > 0
            && let Ok(inner) = group.group(&name)
        {
            visit(&inner, depth - 1, seen)?;
        }
    }
    Ok(())
}

/// The kind of numbers a dataset holds, or in words what else it holds.
fn number_type(dataset: &Dataset) -> Result<NumberType, String> {
    let descriptor = dataset.dtype().and_then(|t| t.to_descriptor()).map_err(|e| e.to_string())?;
    match descriptor {
        TypeDescriptor::Integer(_) | TypeDescriptor::Unsigned(_) | TypeDescriptor::Boolean => {
            Ok(NumberType::Integer)
        }
        TypeDescriptor::Float(FloatSize::U4) => Ok(NumberType::F32),
        TypeDescriptor::Float(FloatSize::U8) => Ok(NumberType::F64),
        TypeDescriptor::FixedAscii(_)
        | TypeDescriptor::FixedUnicode(_)
        | TypeDescriptor::VarLenAscii
        | TypeDescriptor::VarLenUnicode => Err("text".into()),
        TypeDescriptor::Compound(c) => {
            let names: Vec<&str> = c.fields.iter().map(|f| f.name.as_str()).collect();
            Err(format!("compound values ({})", names.join(", ")))
        }
        other => Err(format!("values of type {other}")),
    }
}

/// Names and coordinates of the axes, from dimension scales or dimension labels.
fn dimensions(dataset: &Dataset) -> ::hdf5::Result<Vec<Dimension>> {
    let mut found = vec![Dimension::default(); dataset.ndim()];
    if let Ok(labels) = dataset.attr("DIMENSION_LABELS") {
        for (dimension, label) in found.iter_mut().zip(texts(&labels)) {
            dimension.name = Some(label).filter(|l| !l.is_empty());
        }
    }
    let Ok(list) = dataset.attr("DIMENSION_LIST") else {
        return Ok(found);
    };
    let references = list.read_raw::<VarLenArray<ObjectReference1>>()?;
    for ((dimension, scales), length) in found.iter_mut().zip(&references).zip(dataset.shape()) {
        let Some(first) = scales.first() else { continue };
        if let ReferencedObject::Dataset(scale) = dataset.dereference(first)? {
            let path = scale.name();
            dimension.name = path.rsplit('/').next().map(String::from);
            dimension.axis = text(&scale, "axis").map(|axis| axis.to_uppercase());
            dimension.coordinates = coordinates(&scale).filter(|c| c.values.len() == length);
        }
    }
    Ok(found)
}

/// The numbers of a coordinate variable; `None` for anything else, such as a NetCDF dimension
/// without a variable, whose scale holds nothing.
fn coordinates(scale: &Dataset) -> Option<Coordinates> {
    let placeholder = "This is a netCDF dimension but not a netCDF variable";
    if scale.ndim() != 1 || text(scale, "NAME").is_some_and(|n| n.starts_with(placeholder)) {
        return None;
    }
    ensure_memory(8.0 * scale.size() as f64).ok()?;
    let number = number_type(scale).ok()?;
    let packing = packing(scale);
    let stored = scale.read_raw::<f64>().ok()?;
    let path = scale.name();
    Some(Coordinates {
        origin: format!("dimension scale `{}`", path.trim_start_matches('/')),
        name: path.rsplit('/').next().unwrap_or_default().into(),
        standard_name: text(scale, "standard_name").unwrap_or_default(),
        long_name: text(scale, "long_name").unwrap_or_default(),
        values: stored.into_iter().map(|v| packing.value(v)).collect(),
        units: text(scale, "units").unwrap_or_default(),
        single: number == NumberType::F32,
    })
}

/// CF packing: `scale_factor`, `add_offset`, `_FillValue`, `missing_value`.
fn packing(dataset: &Dataset) -> Packing {
    let numbers = |name: &str| {
        let attribute = dataset.attr(name).ok()?;
        attribute.read_raw::<f64>().ok()
    };
    let first = |name: &str| numbers(name).and_then(|v| v.first().copied());
    let missing = ["_FillValue", "missing_value"].iter().filter_map(|n| numbers(n)).flatten();
    Packing {
        scale: first("scale_factor").unwrap_or(1.0),
        offset: first("add_offset").unwrap_or(0.0),
        missing: missing.collect(),
    }
}

/// A text attribute, however it is stored.
fn text(location: &Location, name: &str) -> Option<String> {
    texts(&location.attr(name).ok()?).into_iter().next()
}

fn texts(attribute: &::hdf5::Attribute) -> Vec<String> {
    /// Longer fixed-length attributes (histories, licences) are of no use here.
    const LONGEST: usize = 1024;
    fn strings<T: ::hdf5::H5Type + AsRef<str>>(attribute: &::hdf5::Attribute) -> Vec<String> {
        let values = attribute.read_raw::<T>().unwrap_or_default();
        values.iter().map(|v| v.as_ref().trim_end().to_string()).collect()
    }
    match attribute.dtype().and_then(|t| t.to_descriptor()) {
        Ok(TypeDescriptor::VarLenUnicode) => strings::<VarLenUnicode>(attribute),
        Ok(TypeDescriptor::VarLenAscii) => strings::<VarLenAscii>(attribute),
        Ok(TypeDescriptor::FixedAscii(n)) if n <= LONGEST => {
            strings::<FixedAscii<LONGEST>>(attribute)
        }
        Ok(TypeDescriptor::FixedUnicode(n)) if n <= LONGEST => {
            strings::<FixedUnicode<LONGEST>>(attribute)
        }
        _ => Vec::new(),
    }
}
