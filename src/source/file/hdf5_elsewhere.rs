//! Numbers of an HDF5 dataset that are in other files.

use super::FileError;
use ::hdf5::dataset::Layout;
use ::hdf5::sync::sync;
use ::hdf5::{Dataset, File};
use hdf5_sys::h5i::hid_t;
use hdf5_sys::h5p::{H5Pget_virtual_count, H5Pget_virtual_dsetname, H5Pget_virtual_filename};
use std::ffi::c_char;
use std::path::{Path, PathBuf};

/// Virtual datasets of virtual datasets are followed so far.
const DEEPEST: usize = 8;

/// Refuses a dataset whose numbers are kept outside of the file, of which sources are missing, where HDF5 reads zeros, or
/// that is made of itself.
pub(super) fn check_sources(path: &Path, dataset: &Dataset) -> Result<(), FileError> {
    check(path, dataset, &mut Vec::new())
}

fn check(
    path: &Path,
    dataset: &Dataset,
    way: &mut Vec<(PathBuf, String)>,
) -> Result<(), FileError> {
    let name = dataset.name().trim_start_matches('/').to_string();
    let refuse = |reason: String| {
        Err(FileError::Elsewhere { path: path.into(), name: name.clone(), reason })
    };
    let Ok(list) = dataset.dcpl() else { return Ok(()) };
    if let Some(outside) = list.external().first() {
        return refuse(format!("keeps its numbers in another file, {:?}", outside.name));
    }
    if list.layout() != Layout::Virtual {
        return Ok(());
    }
    let here = (path.to_path_buf(), name.clone());
    if way.contains(&here) || way.len() > DEEPEST {
        return refuse("is made of itself".into());
    }
    way.push(here);
    for (source, inner) in sources(list.id()) {
        // A pattern stands for any number of files.
        if source.contains('%') || inner.contains('%') {
            continue;
        }
        let file = match source.as_str() {
            "." => path.to_path_buf(),
            other => path.parent().unwrap_or(Path::new("")).join(other),
        };
        let opened = File::open(&file).and_then(|file| file.dataset(&inner));
        match opened {
            Ok(found) => check(&file, &found, way)?,
            Err(_) => {
                return refuse(format!(
                    "is made of {inner:?} in {source:?}, which cannot be opened"
                ));
            }
        }
    }
    way.pop();
    Ok(())
}

/// Files and datasets that a virtual dataset is made of. The safe interface fails on maps of hyperslabs.
fn sources(list: hid_t) -> Vec<(String, String)> {
    let mut count = 0;
    let text = |read: &dyn Fn(*mut c_char, usize) -> isize| {
        let length = usize::try_from(read(std::ptr::null_mut(), 0)).unwrap_or(0);
        let mut bytes = vec![0u8; length + 1];
        read(bytes.as_mut_ptr().cast(), bytes.len());
        bytes.truncate(length);
        String::from_utf8_lossy(&bytes).into_owned()
    };
    // SAFETY: an open property list, and places as long as is said.
    sync(|| unsafe {
        if H5Pget_virtual_count(list, &mut count) < 0 {
            return Vec::new();
        }
        let file = |i| text(&|to, length| H5Pget_virtual_filename(list, i, to, length));
        let dataset = |i| text(&|to, length| H5Pget_virtual_dsetname(list, i, to, length));
        (0..count).map(|i| (file(i), dataset(i))).collect()
    })
}
