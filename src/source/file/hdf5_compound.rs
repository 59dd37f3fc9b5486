//! Vectors in HDF5 as compound values, such as (u, v): each field is an array of its own.

use super::array::NumberType;
use ::hdf5::types::{FloatSize, TypeDescriptor};
use ::hdf5::{Dataset, H5Type, Hyperslab};
use ndarray::{ArrayD, IxDyn};

/// What reads the field of each name: HDF5 picks fields by the names of a type of this program.
macro_rules! named_fields {
    ($($name:literal)*) => {
        const NAMES: &[&str] = &[$($name),*];

        fn read_named(dataset: &Dataset, field: &str, slab: Hyperslab) -> Option<Values> {
            match field {
                $($name => {
                    #[derive(Clone, Copy, H5Type)]
                    #[repr(C)]
                    struct Field {
                        #[hdf5(rename = $name)]
                        value: f64,
                    }
                    let read = dataset.as_reader().read_slice::<Field, _, IxDyn>(slab);
                    Some(read.map(|fields| fields.mapv(|field| field.value)))
                })*
                _ => None,
            }
        }
    };
}

named_fields! {
    "u" "v" "w" "U" "V" "W" "x" "y" "z" "X" "Y" "Z" "vx" "vy" "vz" "Vx" "Vy" "Vz" "VX" "VY" "VZ"
    "ux" "uy" "uz" "Ux" "Uy" "Uz" "u_x" "u_y" "u_z" "v_x" "v_y" "v_z" "bx" "by" "bz" "Bx" "By" "Bz"
}

type Values = ::hdf5::Result<ArrayD<f64>>;

/// Reads a field that [`fields`] lists.
pub(super) fn read(dataset: &Dataset, field: &str, slab: Hyperslab) -> Values {
    let unknown = || ::hdf5::Error::Internal(format!("no field {field:?}"));
    read_named(dataset, field, slab).unwrap_or_else(|| Err(unknown()))
}

/// The fields of real numbers of a compound dataset that are called as components of vectors are, with the type of each.
pub(super) fn fields(dataset: &Dataset) -> Vec<(String, NumberType)> {
    let descriptor = dataset.dtype().and_then(|dtype| dtype.to_descriptor());
    let Ok(TypeDescriptor::Compound(compound)) = descriptor else { return Vec::new() };
    let number = |ty: &TypeDescriptor| match ty {
        TypeDescriptor::Float(FloatSize::U8) => Some(NumberType::F64),
        TypeDescriptor::Float(_) => Some(NumberType::F32),
        _ => None,
    };
    let known = |name: &str| NAMES.contains(&name);
    let fields = compound.fields.iter().filter(|field| known(&field.name));
    fields.filter_map(|field| Some((field.name.clone(), number(&field.ty)?))).collect()
}
