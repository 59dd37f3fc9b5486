//! What stands in the parts of HDF5 datasets that were never written.

use super::packing::Packing;
use ::hdf5::Dataset;
use ::hdf5::dataset::Layout;
use ::hdf5::sync::sync;
use hdf5_sys::h5d::H5D_fill_value_t::{self, H5D_FILL_VALUE_USER_DEFINED};
use hdf5_sys::h5p::{H5Pfill_value_defined, H5Pget_fill_value};
use hdf5_sys::h5t::H5T_NATIVE_DOUBLE;

/// Packing in which what was never written is missing: all of a dataset that has no storage, and the fill value that was
/// set for it, of integers only where chunks are not there. Zeros are no such value, since they cannot be told from others.
pub(super) fn unwritten(dataset: &Dataset, real: bool, mut packing: Packing) -> Packing {
    let has_points = dataset.size() > 0 && dataset.layout() != Layout::Virtual;
    if has_points && dataset.storage_size() == 0 {
        packing.valid = [f64::INFINITY, f64::NEG_INFINITY];
    } else if has_points && (real || lacks_chunks(dataset)) {
        packing.missing.extend(fill_value(dataset).filter(|fill| *fill != 0.0));
    }
    packing
}

fn lacks_chunks(dataset: &Dataset) -> bool {
    let (Some(chunk), Some(found)) = (dataset.chunk(), dataset.num_chunks()) else { return false };
    let along = |(n, chunk): (&usize, &usize)| n.div_ceil(*chunk);
    found < dataset.shape().iter().zip(&chunk).map(along).product()
}

/// The number that was set to stand where nothing is written.
fn fill_value(dataset: &Dataset) -> Option<f64> {
    let list = dataset.dcpl().ok()?;
    let (mut status, mut value) = (H5D_fill_value_t::default(), 0.0f64);
    // SAFETY: an open property list, and places of the types that are asked for.
    let done = sync(|| unsafe {
        H5Pfill_value_defined(list.id(), &mut status) >= 0
            && status == H5D_FILL_VALUE_USER_DEFINED
            && H5Pget_fill_value(list.id(), *H5T_NATIVE_DOUBLE, (&raw mut value).cast()) >= 0
    });
    (done && !value.is_nan()).then_some(value)
}
