//! One number a point, in files: densities, energies.

use super::npy::is_npy;
use super::{AutoencoderError, PointSet};
use crate::machine::Temporary;
use ndarray::ArrayView1;
use ndarray_npy::WriteNpyExt;
use std::fs::File;
use std::io::{Error, Write};
use std::path::Path;

/// Reads one number a point, in any format of [`PointSet::read`]: `.npy` of one axis, or text with one number a line.
///
/// # Errors
/// If the file cannot be read, or has more than one number a point.
pub fn read_point_numbers(path: impl AsRef<Path>) -> Result<Vec<f64>, AutoencoderError> {
    let path = path.as_ref();
    let set = PointSet::read(path)?;
    match set.dimension() {
        1 => Ok(set.values().to_vec()),
        found => Err(AutoencoderError::PointNumbers {
            path: path.into(),
            what: format!("found {found} numbers a point"),
        }),
    }
}

fn failed(path: &Path, source: Error) -> AutoencoderError {
    AutoencoderError::File { path: path.into(), source }
}

/// Writes one number a point under a temporary name, then renamed: `.npy`, else text with one number a line below a line
/// with `name`.
///
/// # Errors
/// If the file cannot be written, or exists without `overwrite`.
pub fn write_point_numbers(
    path: impl AsRef<Path>,
    overwrite: bool,
    name: &str,
    numbers: &[f64],
) -> Result<(), AutoencoderError> {
    let path = path.as_ref();
    let temporary = Temporary::create(path, overwrite)?;
    let mut file = File::create(temporary.path()).map_err(|e| failed(path, e))?;
    let written = match is_npy(path) {
        true => ArrayView1::from(numbers).write_npy(&mut file).map_err(Error::other),
        false => {
            let lines: String = numbers.iter().map(|number| format!("{number:?}\n")).collect();
            file.write_all(format!("{name}\n{lines}").as_bytes())
        }
    };
    written.map_err(|e| failed(path, e))?;
    temporary.commit()?;
    Ok(())
}
