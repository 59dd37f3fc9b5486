//! Dimension scales: the coordinates that HDF5 attaches to the axes of a dataset.

use super::attributes;
use super::group::{COMPONENT, DimensionScale};
use super::write::describe;
use crate::grid::AXIS_NAMES;
use hdf5::types::VarLenUnicode;
use hdf5::{Dataset, Error, Group, Result};
use std::ffi::CString;
use std::os::raw::{c_char, c_int, c_uint};

// Declared here because hdf5-sys links the high-level library without declaring it. Writing the
// scales' attributes directly is not an option: the library accepts only null-terminated fixed
// strings in CLASS, which the safe interface cannot write.
unsafe extern "C" {
    fn H5DSset_scale(dsid: hdf5_sys::h5i::hid_t, dimname: *const c_char) -> c_int;
    fn H5DSattach_scale(
        did: hdf5_sys::h5i::hid_t,
        dsid: hdf5_sys::h5i::hid_t,
        idx: c_uint,
    ) -> c_int;
}

/// Writes the coordinates of an axis as a scale.
pub(super) fn write_scale(group: &Group, scale: &DimensionScale) -> Result<Dataset> {
    let dataset = group
        .new_dataset_builder()
        .create_intermediate_group(true)
        .with_data(&scale.values[..])
        .create(scale.name.as_str())?;
    let leaf = scale.name.rsplit('/').next().unwrap_or(&scale.name);
    make_scale(&dataset, leaf)?;
    describe(&dataset, &scale.units, &scale.long_name)?;
    attributes::write_all(&dataset, "", &scale.attributes)?;
    Ok(dataset)
}

/// The scale of the component axis: the letters x, y[, z].
pub(super) fn write_components(group: &Group, count: usize) -> Result<Dataset> {
    let letters = AXIS_NAMES[..count.min(AXIS_NAMES.len())].iter().map(|axis| axis.parse());
    let letters: Vec<VarLenUnicode> = letters.map(|l| l.expect("no letter is NUL")).collect();
    let dataset = group.new_dataset_builder().with_data(&letters[..]).create(COMPONENT)?;
    make_scale(&dataset, COMPONENT)?;
    attributes::text(&dataset, "long_name", "component of the vector")?;
    Ok(dataset)
}

/// Makes a dataset a dimension scale called `name`.
fn make_scale(dataset: &Dataset, name: &str) -> Result<()> {
    let text = CString::new(name).map_err(|_| Error::from("the name of a scale holds a NUL"))?;
    // SAFETY: the identifier belongs to a dataset that is open as long as the borrow, the text
    // ends in NUL and outlives the call, and the library's global lock is held.
    let status = hdf5::sync::sync(|| unsafe { H5DSset_scale(dataset.id(), text.as_ptr()) });
    check(status, "H5DSset_scale failed")
}

/// Attaches a scale to axis `axis` (slowest first) of a dataset.
pub(super) fn attach_scale(dataset: &Dataset, scale: &Dataset, axis: usize) -> Result<()> {
    // SAFETY: as above; both datasets are open, and a wrong axis is reported by the status.
    let status =
        hdf5::sync::sync(|| unsafe { H5DSattach_scale(dataset.id(), scale.id(), axis as c_uint) });
    check(status, "H5DSattach_scale failed")
}

fn check(status: c_int, failure: &str) -> Result<()> {
    if status < 0 { Err(Error::from(failure)) } else { Ok(()) }
}
