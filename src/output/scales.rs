//! Dimension scales: the coordinates that HDF5 attaches to the axes of a dataset.

use hdf5::{Dataset, Error, Result};
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

/// Makes a dataset a dimension scale called `name`.
pub(super) fn make_scale(dataset: &Dataset, name: &str) -> Result<()> {
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
