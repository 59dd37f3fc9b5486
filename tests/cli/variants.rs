//! One field in the ways that owners of files write it: `.npz`, `.npy`, HDF5 with dimension scales, NetCDF-3. The
//! writers are of other origin than what reads: NumPy's format by a crate, HDF5 by its library, NetCDF-3 byte by byte.

use hdf5_sys::h5i::hid_t;
use ndarray::ArrayD;
use ndarray_npy::NpzWriter;
use std::ffi::{CString, c_char, c_int, c_uint};
use std::fs::File;
use std::path::Path;

// Of HDF5's high-level library, to which the program is linked.
unsafe extern "C" {
    fn H5DSset_scale(dsid: hid_t, dimname: *const c_char) -> c_int;
    fn H5DSattach_scale(did: hid_t, dsid: hid_t, idx: c_uint) -> c_int;
    fn H5DSset_label(did: hid_t, idx: c_uint, label: *const c_char) -> c_int;
}

/// How numbers are stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    I8,
    I16,
    I32,
    F32,
    F64,
}

/// A named array with named axes, slowest first, and its attributes.
#[derive(Clone, Debug)]
pub struct Array {
    pub name: String,
    pub dims: Vec<String>,
    /// As they are stored.
    pub values: ArrayD<f64>,
    pub kind: Kind,
    pub texts: Vec<(String, String)>,
    /// Stored as `kind`, but for `scale_factor` and `add_offset`, which are doubles.
    pub numbers: Vec<(String, Vec<f64>)>,
    /// Stored as doubles.
    pub doubles: Vec<(String, f64)>,
}

impl Array {
    pub fn new<D: ndarray::Dimension>(
        name: &str,
        dims: &[&str],
        values: ndarray::Array<f64, D>,
    ) -> Array {
        assert_eq!(dims.len(), values.ndim(), "a name for each axis of {name}");
        Array {
            name: name.into(),
            dims: dims.iter().map(|dim| dim.to_string()).collect(),
            values: values.as_standard_layout().into_owned().into_dyn(),
            kind: Kind::F64,
            texts: Vec::new(),
            numbers: Vec::new(),
            doubles: Vec::new(),
        }
    }

    pub fn kind(mut self, kind: Kind) -> Array {
        self.kind = kind;
        self
    }

    pub fn text(mut self, name: &str, value: &str) -> Array {
        self.texts.push((name.into(), value.into()));
        self
    }

    pub fn numbers(mut self, name: &str, values: &[f64]) -> Array {
        self.numbers.push((name.into(), values.into()));
        self
    }

    pub fn double(mut self, name: &str, value: f64) -> Array {
        self.doubles.push((name.into(), value));
        self
    }

    /// The coordinates along the only axis, which has its name.
    fn is_scale(&self) -> bool {
        self.dims[..] == [self.name.clone()]
    }
}

/// Writes arrays in the format of the ending: `npz`, `h5` or `nc4` (HDF5), `nc` (NetCDF-3).
pub fn write(path: &Path, arrays: &[Array]) {
    match path.extension().and_then(|ending| ending.to_str()) {
        Some("npz") => npz(path, arrays),
        Some("h5" | "nc4") => hdf5(path, arrays),
        Some("nc") => netcdf3(path, arrays),
        other => panic!("no writer for {other:?}"),
    }
}

/// Without names of axes and attributes, which the format does not have.
fn npz(path: &Path, arrays: &[Array]) {
    let mut file = NpzWriter::new(File::create(path).unwrap());
    for Array { name, values, kind, .. } in arrays {
        match kind {
            Kind::I8 => file.add_array(name, &values.mapv(|v| v as i8)),
            Kind::I16 => file.add_array(name, &values.mapv(|v| v as i16)),
            Kind::I32 => file.add_array(name, &values.mapv(|v| v as i32)),
            Kind::F32 => file.add_array(name, &values.mapv(|v| v as f32)),
            Kind::F64 => file.add_array(name, values),
        }
        .unwrap();
    }
    file.finish().unwrap();
}

fn hdf5(path: &Path, arrays: &[Array]) {
    hdf5_with(path, arrays, &[]);
}

/// An attribute of a group or of the file.
pub enum Attribute {
    Text(&'static str),
    Texts(Vec<&'static str>),
    Numbers(Vec<f64>),
}

/// HDF5 with attributes of groups, by group (`/` for the file) and name.
pub fn hdf5_with(path: &Path, arrays: &[Array], attributes: &[(&str, &str, Attribute)]) {
    made(path, |file| write_hdf5(file, arrays, attributes));
}

/// An HDF5 file made under another name and copied: programs that other tests start meanwhile inherit the lock of the
/// original.
pub fn made(path: &Path, make: impl FnOnce(&hdf5::File)) {
    let original = path.with_extension("original");
    make(&hdf5::File::create(&original).unwrap());
    std::fs::copy(&original, path).unwrap();
    std::fs::remove_file(&original).unwrap();
}

fn group_attribute(group: &hdf5::Group, name: &str, value: &Attribute) {
    let text = |value: &str| value.parse::<hdf5::types::VarLenUnicode>().unwrap();
    let builder = group.new_attr_builder();
    match value {
        Attribute::Text(value) => {
            let attribute = group.new_attr::<hdf5::types::VarLenUnicode>().create(name).unwrap();
            attribute.write_scalar(&text(value)).unwrap();
        }
        Attribute::Texts(values) => {
            let values: Vec<_> = values.iter().map(|value| text(value)).collect();
            builder.with_data(&values).create(name).unwrap();
        }
        Attribute::Numbers(values) => {
            builder.with_data(values).create(name).unwrap();
        }
    }
}

fn write_hdf5(file: &hdf5::File, arrays: &[Array], attributes: &[(&str, &str, Attribute)]) {
    for array in arrays {
        if let Some((group, _)) = array.name.rsplit_once('/')
            && file.group(group).is_err()
        {
            file.create_group(group).unwrap();
        }
        let name = array.name.as_str();
        let builder = file.new_dataset_builder();
        match array.kind {
            Kind::I8 => builder.with_data(&array.values.mapv(|v| v as i8)).create(name),
            Kind::I16 => builder.with_data(&array.values.mapv(|v| v as i16)).create(name),
            Kind::I32 => builder.with_data(&array.values.mapv(|v| v as i32)).create(name),
            Kind::F32 => builder.with_data(&array.values.mapv(|v| v as f32)).create(name),
            Kind::F64 => builder.with_data(&array.values).create(name),
        }
        .unwrap();
        let dataset = file.dataset(name).unwrap();
        for (attribute, value) in &array.texts {
            let value: hdf5::types::VarLenUnicode = value.parse().unwrap();
            let attribute =
                dataset.new_attr::<hdf5::types::VarLenUnicode>().create(attribute.as_str());
            attribute.unwrap().write_scalar(&value).unwrap();
        }
        for (attribute, values) in &array.numbers {
            number_attribute(&dataset, attribute, values, array.kind);
        }
        for (attribute, value) in &array.doubles {
            number_attribute(&dataset, attribute, &[*value], Kind::F64);
        }
    }
    attach_scales(file, arrays);
    for (group, name, value) in attributes {
        group_attribute(&file.group(group).unwrap(), name, value);
    }
}

fn number_attribute(dataset: &hdf5::Dataset, name: &str, values: &[f64], kind: Kind) {
    let packing = matches!(name, "scale_factor" | "add_offset");
    let attribute = dataset.new_attr_builder();
    match kind {
        _ if packing => attribute.with_data(&values.to_vec()).create(name),
        Kind::I8 => {
            attribute.with_data(&Vec::from_iter(values.iter().map(|v| *v as i8))).create(name)
        }
        Kind::I16 => {
            attribute.with_data(&Vec::from_iter(values.iter().map(|v| *v as i16))).create(name)
        }
        Kind::I32 => {
            attribute.with_data(&Vec::from_iter(values.iter().map(|v| *v as i32))).create(name)
        }
        Kind::F32 => {
            attribute.with_data(&Vec::from_iter(values.iter().map(|v| *v as f32))).create(name)
        }
        Kind::F64 => attribute.with_data(&values.to_vec()).create(name),
    }
    .unwrap();
}

/// Makes coordinates dimension scales of the arrays beside them, and labels the other axes.
fn attach_scales(file: &hdf5::File, arrays: &[Array]) {
    let scales = || arrays.iter().filter(|array| array.is_scale());
    let of = |array: &Array| file.dataset(&array.name).unwrap();
    for scale in scales() {
        let name = CString::new(scale.name.as_str()).unwrap();
        // SAFETY: an open dataset and a text that ends with 0.
        assert!(unsafe { H5DSset_scale(of(scale).id(), name.as_ptr()) } >= 0);
    }
    for array in arrays.iter().filter(|array| !array.is_scale()) {
        for (axis, dim) in array.dims.iter().enumerate() {
            let dataset = of(array);
            match scales().find(|scale| scale.name == *dim) {
                Some(scale) => {
                    let (id, scale) = (dataset.id(), of(scale));
                    // SAFETY: two open datasets and an axis that the first has.
                    let done = unsafe { H5DSattach_scale(id, scale.id(), axis as u32) };
                    assert!(done >= 0);
                }
                None if dim.is_empty() => {}
                None => {
                    let label = CString::new(dim.as_str()).unwrap();
                    let id = dataset.id();
                    // SAFETY: an open dataset, an axis that it has and a text that ends with 0.
                    let done = unsafe { H5DSset_label(id, axis as u32, label.as_ptr()) };
                    assert!(done >= 0);
                }
            }
        }
    }
}

fn netcdf3(path: &Path, arrays: &[Array]) {
    let mut dims: Vec<(&str, usize)> = Vec::new();
    for array in arrays {
        for (dim, length) in array.dims.iter().zip(array.values.shape()) {
            match dims.iter().find(|(name, _)| name == dim) {
                Some((_, known)) => assert_eq!(known, length, "length of {dim}"),
                None => dims.push((dim, *length)),
            }
        }
    }
    // The header has the same length whatever the places of the data.
    let header = |starts: &[usize]| netcdf3_header(&dims, arrays, starts);
    let mut start = header(&vec![0; arrays.len()]).len();
    let mut starts = Vec::new();
    let blocks: Vec<Vec<u8>> =
        arrays.iter().map(|array| padded(stored(array.values.iter(), array.kind))).collect();
    for block in &blocks {
        starts.push(start);
        start += block.len();
    }
    let mut file = header(&starts);
    blocks.iter().for_each(|block| file.extend(block));
    std::fs::write(path, file).unwrap();
}

fn netcdf3_header(dims: &[(&str, usize)], arrays: &[Array], starts: &[usize]) -> Vec<u8> {
    let mut out = b"CDF\x02".to_vec();
    word(&mut out, 0);
    [10, dims.len()].into_iter().for_each(|v| word(&mut out, v));
    for (name, length) in dims {
        text(&mut out, name);
        word(&mut out, *length);
    }
    [0, 0, 11, arrays.len()].into_iter().for_each(|v| word(&mut out, v));
    for (array, start) in arrays.iter().zip(starts) {
        text(&mut out, &array.name);
        word(&mut out, array.dims.len());
        for dim in &array.dims {
            word(&mut out, dims.iter().position(|(name, _)| name == dim).unwrap());
        }
        attributes(&mut out, array);
        word(&mut out, code(array.kind));
        word(&mut out, padded(stored(array.values.iter(), array.kind)).len());
        out.extend((*start as u64).to_be_bytes());
    }
    out
}

fn attributes(out: &mut Vec<u8>, array: &Array) {
    let count = array.texts.len() + array.numbers.len() + array.doubles.len();
    word(out, if count == 0 { 0 } else { 12 });
    word(out, count);
    for (name, value) in &array.texts {
        text(out, name);
        word(out, 2);
        text(out, value);
    }
    for (name, values) in &array.numbers {
        let packing = matches!(name.as_str(), "scale_factor" | "add_offset");
        let kind = if packing { Kind::F64 } else { array.kind };
        text(out, name);
        [code(kind), values.len()].into_iter().for_each(|v| word(out, v));
        out.extend(padded(stored(values.iter(), kind)));
    }
    for (name, value) in &array.doubles {
        text(out, name);
        [code(Kind::F64), 1].into_iter().for_each(|v| word(out, v));
        out.extend(value.to_be_bytes());
    }
}

fn code(kind: Kind) -> usize {
    match kind {
        Kind::I8 => 1,
        Kind::I16 => 3,
        Kind::I32 => 4,
        Kind::F32 => 5,
        Kind::F64 => 6,
    }
}

fn stored<'a>(values: impl Iterator<Item = &'a f64>, kind: Kind) -> Vec<u8> {
    let bytes = |v: &f64| match kind {
        Kind::I8 => (*v as i8).to_be_bytes().to_vec(),
        Kind::I16 => (*v as i16).to_be_bytes().to_vec(),
        Kind::I32 => (*v as i32).to_be_bytes().to_vec(),
        Kind::F32 => (*v as f32).to_be_bytes().to_vec(),
        Kind::F64 => v.to_be_bytes().to_vec(),
    };
    values.flat_map(bytes).collect()
}

fn padded(mut bytes: Vec<u8>) -> Vec<u8> {
    bytes.resize(bytes.len().next_multiple_of(4), 0);
    bytes
}

fn word(out: &mut Vec<u8>, value: usize) {
    out.extend((value as u32).to_be_bytes());
}

/// A text with its length, filled up to whole words.
fn text(out: &mut Vec<u8>, value: &str) {
    word(out, value.len());
    out.extend(padded(value.bytes().collect()));
}
