//! What HDF5 says about a dataset: the kind of its numbers, its axes, its attributes.

use super::array::{Bounds, Coordinates, Dimension, NumberType, Packing, beside, leaf};
use super::npy::COMPLEX;
use super::packing::Numbers;
use super::stored::Stored;
use crate::machine::ensure_memory;
use ::hdf5::types::{
    FixedAscii, FixedUnicode, FloatSize, TypeDescriptor, VarLenArray, VarLenAscii, VarLenUnicode,
};
use ::hdf5::{Attribute, Dataset, Location, ObjectReference1, ReferencedObject};

/// The kind of numbers a dataset holds, or in words what else it holds.
pub(super) fn number_type(dataset: &Dataset) -> Result<NumberType, String> {
    let dtype = dataset.dtype().map_err(|e| e.to_string())?;
    let descriptor = match dtype.to_descriptor() {
        // HDF5 converts half precision, for which its crate has no name without another one.
        Err(e) if dtype.size() == 2 && e.to_string().contains("size of float") => {
            return Ok(NumberType::F32);
        }
        other => other.map_err(|e| e.to_string())?,
    };
    match descriptor {
        TypeDescriptor::Integer(_)
        | TypeDescriptor::Unsigned(_)
        | TypeDescriptor::Enum(_)
        | TypeDescriptor::Boolean => Ok(NumberType::Integer),
        TypeDescriptor::Float(FloatSize::U4) => Ok(NumberType::F32),
        TypeDescriptor::Float(FloatSize::U8) => Ok(NumberType::F64),
        TypeDescriptor::FixedAscii(_)
        | TypeDescriptor::FixedUnicode(_)
        | TypeDescriptor::VarLenAscii
        | TypeDescriptor::VarLenUnicode => Err("text".into()),
        TypeDescriptor::Compound(c) => {
            let names: Vec<&str> = c.fields.iter().map(|f| f.name.as_str()).collect();
            if matches!(names[..], ["r", "i"] | ["real", "imag"] | ["re", "im"]) {
                return Err(COMPLEX.into());
            }
            Err(format!("compound values ({})", names.join(", ")))
        }
        other => Err(format!("values of type {other}")),
    }
}

/// Names and coordinates of the axes, from dimension scales or dimension labels.
pub(super) fn dimensions(dataset: &Dataset) -> ::hdf5::Result<Vec<Dimension>> {
    let mut found = vec![Dimension::default(); dataset.ndim()];
    if let Some(labels) = attribute(dataset, "DIMENSION_LABELS") {
        for (dimension, label) in found.iter_mut().zip(texts(&labels)) {
            dimension.name = Some(label).filter(|l| !l.is_empty());
        }
    }
    let Some(list) = attribute(dataset, "DIMENSION_LIST") else {
        return Ok(found);
    };
    let references = list.read_raw::<VarLenArray<ObjectReference1>>()?;
    for (dimension, scales) in found.iter_mut().zip(&references) {
        let Some(first) = scales.first() else { continue };
        if let ReferencedObject::Dataset(scale) = dataset.dereference(first)? {
            let path = scale.name();
            dimension.name = Some(leaf(&path).into());
            dimension.axis = text(&scale, "axis").map(|axis| axis.to_uppercase());
            dimension.coordinates = coordinates(&scale);
        }
    }
    Ok(found)
}

/// The array beside a coordinate variable that its attribute `bounds` names.
fn bounds(scale: &Dataset) -> Option<Bounds> {
    let name = beside(&scale.name(), &text(scale, "bounds")?);
    let found = scale.file().ok()?.dataset(&name).ok()?;
    ensure_memory(8.0 * found.size() as f64).ok()?;
    let packing = packing(&found);
    let values = found.read_raw::<f64>().ok()?.into_iter().map(|v| packing.value(v)).collect();
    Some(Bounds { name: name.trim_start_matches('/').into(), shape: found.shape(), values })
}

/// Whether a dataset stands for a NetCDF dimension that has no coordinates.
pub(super) fn is_placeholder(scale: &Dataset) -> bool {
    let words = "This is a netCDF dimension but not a netCDF variable";
    text(scale, "NAME").is_some_and(|name| name.starts_with(words))
}

/// The numbers of a coordinate variable; `None` for anything else, such as a NetCDF dimension
/// without a variable, whose scale holds nothing.
pub(super) fn coordinates(scale: &Dataset) -> Option<Coordinates> {
    if scale.ndim() != 1 || is_placeholder(scale) {
        return None;
    }
    let path = scale.name();
    let origin = format!("dimension scale `{}`", path.trim_start_matches('/'));
    if ensure_memory(8.0 * scale.size() as f64).is_err() {
        // No axis is as long, so that it is refused where it would count.
        let origin = format!("{origin} of {} values, too many to read,", scale.size());
        return Some(Coordinates { origin, ..Coordinates::default() });
    }
    let number = number_type(scale).ok()?;
    let packing = packing(scale);
    let Ok(stored) = scale.read_raw::<f64>() else {
        let origin = format!("{origin}, which cannot be read,");
        return Some(Coordinates { origin, ..Coordinates::default() });
    };
    Some(Coordinates {
        origin,
        name: leaf(&path).into(),
        standard_name: text(scale, "standard_name").unwrap_or_default(),
        long_name: text(scale, "long_name").unwrap_or_default(),
        calendar: text(scale, "calendar").unwrap_or_default(),
        positive: text(scale, "positive").unwrap_or_default(),
        values: stored.into_iter().map(|v| packing.value(v)).collect(),
        units: text(scale, "units").unwrap_or_default(),
        single: number == NumberType::F32,
        bounds: bounds(scale),
        ..Coordinates::default()
    })
}

fn packing(scale: &Dataset) -> Packing {
    Packing::of_coordinates(stored(scale), |name| typed_numbers(scale, name))
}

fn stored(dataset: &Dataset) -> Stored {
    let declared_unsigned = text(dataset, "_Unsigned").as_deref() == Some("true");
    let (kind, bytes) = match dataset.dtype().and_then(|t| t.to_descriptor()) {
        Ok(TypeDescriptor::Integer(size)) => ('i', size as usize),
        Ok(TypeDescriptor::Unsigned(size)) => ('u', size as usize),
        Ok(TypeDescriptor::Enum(values)) if values.signed => ('i', values.size as usize),
        Ok(TypeDescriptor::Enum(values)) => ('u', values.size as usize),
        Ok(TypeDescriptor::Boolean) => ('u', 1),
        _ => ('f', dataset.dtype().map_or(8, |t| t.size())),
    };
    Stored { kind, bytes, declared_unsigned }
}

/// How the numbers of a dataset that is no coordinate are packed. In a file of NetCDF, or beside dimension scales, cells
/// that were never written hold NetCDF's own fill value.
pub(super) fn data_packing(dataset: &Dataset, netcdf: bool) -> Packing {
    let netcdf = netcdf || attribute(dataset, "DIMENSION_LIST").is_some();
    Packing::of_data(stored(dataset), netcdf, |name| typed_numbers(dataset, name))
}

/// The numbers of an attribute, and whether they are real.
fn typed_numbers(dataset: &Dataset, name: &str) -> Option<Numbers> {
    let attribute = attribute(dataset, name)?;
    let real = matches!(attribute.dtype().ok()?.to_descriptor().ok()?, TypeDescriptor::Float(_));
    Some((numbers(dataset, name)?, real))
}

/// An attribute. What is not there is asked for by the list of names: the library takes long to say that something is missing.
pub(super) fn attribute(location: &Location, name: &str) -> Option<Attribute> {
    let there = location.attr_names().is_ok_and(|names| names.iter().any(|other| other == name));
    if there { location.attr(name).ok() } else { None }
}

/// A text attribute, however it is stored.
pub(super) fn text(location: &Location, name: &str) -> Option<String> {
    texts(&attribute(location, name)?).into_iter().next()
}

/// All texts of an attribute; none without it.
pub(super) fn texts_of(location: &Location, name: &str) -> Vec<String> {
    attribute(location, name).map(|attribute| texts(&attribute)).unwrap_or_default()
}

/// The numbers of an attribute.
pub(super) fn numbers(location: &Location, name: &str) -> Option<Vec<f64>> {
    let attribute = attribute(location, name)?;
    let said = || texts(&attribute).iter().map(|text| text.parse().ok()).collect();
    attribute.read_raw::<f64>().ok().or_else(said)
}

fn texts(attribute: &Attribute) -> Vec<String> {
    /// Of text of a fixed length that is short, as most is, and of a history or a licence; longer ones are left.
    const SHORT: usize = 1 << 10;
    const LONGEST: usize = 1 << 16;
    fn strings<T: ::hdf5::H5Type + AsRef<str>>(attribute: &Attribute) -> Vec<String> {
        let values = attribute.read_raw::<T>().unwrap_or_default();
        values.iter().map(|v| v.as_ref().trim_end().to_string()).collect()
    }
    match attribute.dtype().and_then(|t| t.to_descriptor()) {
        Ok(TypeDescriptor::VarLenUnicode) => strings::<VarLenUnicode>(attribute),
        Ok(TypeDescriptor::VarLenAscii) => strings::<VarLenAscii>(attribute),
        Ok(TypeDescriptor::FixedAscii(n)) if n <= SHORT => strings::<FixedAscii<SHORT>>(attribute),
        Ok(TypeDescriptor::FixedUnicode(n)) if n <= SHORT => {
            strings::<FixedUnicode<SHORT>>(attribute)
        }
        Ok(TypeDescriptor::FixedAscii(n)) if n <= LONGEST => {
            strings::<FixedAscii<LONGEST>>(attribute)
        }
        Ok(TypeDescriptor::FixedUnicode(n)) if n <= LONGEST => {
            strings::<FixedUnicode<LONGEST>>(attribute)
        }
        _ => Vec::new(),
    }
}
