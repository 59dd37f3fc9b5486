//! Arrays of a file by themselves, of which no field is made.

use super::array::NumberType;
use super::condition::Condition;
use super::memory::ensure_readable;
use super::stores::{only, open_store, split};
use super::{FileError, Listing};
use ndarray::ArrayD;
use std::path::{Path, PathBuf};

/// An array of numbers in any file whose arrays can be read, by `FILE`, if there is one array only, or `FILE:DATASET`. Missing
/// values are NaN. Costs the memory of the array twice.
///
/// ```
/// let folder = tempfile::tempdir()?;
/// let path = folder.path().join("points.npy");
/// ndarray_npy::write_npy(&path, &ndarray::Array2::<f32>::ones((5, 2)))?;
/// assert_eq!(hodge::source::file::array(path.to_str().unwrap())?.shape(), [5, 2]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// Where there is no such file or array, and where it cannot be read.
pub fn array(name: &str) -> Result<ArrayD<f64>, FileError> {
    Ok(typed(name)?.0)
}

/// The cells in which the condition of a mask (`FILE:DATASET`, `!FILE:DATASET`, `FILE:DATASET>0.5`) holds, slowest axis first,
/// and the shape of its array.
///
/// # Errors
/// As [`array`](fn@array), and where the words are no condition or the numbers without one not 0 and 1.
pub fn mask_cells(words: &str) -> Result<(Vec<bool>, Vec<usize>), FileError> {
    let condition = Condition::parse(words)?;
    let (values, number) = typed(&condition.name)?;
    Ok((condition.cells(values.iter().copied(), number)?, values.shape().to_vec()))
}

fn typed(name: &str) -> Result<(ArrayD<f64>, NumberType), FileError> {
    let (file, inner) = split(Path::new(""), name).unwrap_or((PathBuf::from(name), ""));
    if !inner.is_empty() && !file.is_file() {
        // Its name is what the system complains about.
        open_store(&file)?;
    }
    let store = open_store(&file)?;
    let inner = match inner {
        "" if store.list()?.0.is_empty() => {
            return Err(FileError::NoSuchDataset {
                path: file,
                name: String::new(),
                available: Listing(Vec::new()),
            });
        }
        inner => only(store.as_ref(), inner)?,
    };
    let source = store.open(&inner)?;
    let at = vec![None; source.info().shape.len()];
    ensure_readable(&file, source.as_ref(), &at)?;
    let mut values = source.read(&at)?.as_standard_layout().into_owned();
    let packing = &source.info().packing;
    values.mapv_inplace(|stored| packing.value(stored));
    Ok((values, source.info().number))
}
