//! Sparse matrices in NumPy's `.npz`, as scipy reads them.

use super::OutputError;
use crate::machine::{PlaceError, Temporary};
use crate::operator::Matrix;
use ndarray::aview1;
use ndarray_npy::{NpzWriter, WritableElement, WriteNpzError};
use std::fs::File;
use std::path::{Path, PathBuf};
use zip::CompressionMethod;
use zip::write::SimpleFileOptions;

/// Writes sparse matrices by rows, one after the other, to an `.npz` file: of each the arrays `NAME_data`,
/// `NAME_indices`, `NAME_indptr` and `NAME_shape`.
///
/// ```python
/// z = numpy.load("ops.npz")
/// D0 = scipy.sparse.csr_matrix((z["D0_data"], z["D0_indices"], z["D0_indptr"]), shape=z["D0_shape"])
/// ```
///
/// Indices are of 32 bits where they fit, as scipy has them. Besides the matrix at hand this takes 8 bytes
/// an entry.
///
/// ```
/// use hodge::boundary::Boundary;
/// use hodge::grid::{Axis, Domain, Grid, Topology};
/// use hodge::operator::Exterior;
/// # let folder = tempfile::tempdir()?;
/// # let path = folder.path().join("ops.npz");
/// let axis = Axis::over(0.0, 1.0, 8, Topology::Periodic);
/// let domain = Domain::full(Grid::new([axis; 2])?);
/// let exterior = Exterior::new(&domain, Boundary::Periodic);
/// hodge::output::write_matrices(&path, false, exterior.matrices())?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// If the file exists (without `overwrite`) or cannot be created, before any matrix is requested;
/// later if it cannot be written because the disk is full.
pub fn write_matrices(
    path: &Path,
    overwrite: bool,
    matrices: impl IntoIterator<Item = (String, Matrix)>,
) -> Result<PathBuf, OutputError> {
    let temporary = Temporary::create(path, overwrite)?;
    let io = |source| PlaceError::Io { path: path.into(), source };
    let file = File::options().write(true).open(temporary.path()).map_err(io)?;
    // Members may be larger than 4 GiB.
    let options = SimpleFileOptions::default();
    let options = options.compression_method(CompressionMethod::Stored).large_file(true);
    let mut archive = NpzWriter::new_with_options(file, options);
    let failed = |error| match error {
        WriteNpzError::Npy(ndarray_npy::WriteNpyError::Io(source)) => io(source).into(),
        error => OutputError::Matrices { path: path.into(), reason: error.to_string() },
    };
    for (name, matrix) in matrices {
        add(&mut archive, &name, &matrix).map_err(failed)?;
    }
    archive.finish().map_err(failed)?;
    Ok(temporary.commit()?)
}

fn add(archive: &mut NpzWriter<File>, name: &str, matrix: &Matrix) -> Result<(), WriteNpzError> {
    let largest = matrix.nnz().max(matrix.rows()).max(matrix.cols());
    match i32::try_from(largest) {
        Ok(_) => add_as(archive, name, matrix, |index| index as i32),
        Err(_) => add_as(archive, name, matrix, |index| index as i64),
    }
}

/// The arrays of a matrix, its indices as numbers of one type, into which they are known to fit.
fn add_as<T: WritableElement>(
    archive: &mut NpzWriter<File>,
    name: &str,
    matrix: &Matrix,
    convert: impl Fn(usize) -> T,
) -> Result<(), WriteNpzError> {
    let convert = |indices: &[usize]| indices.iter().map(|i| convert(*i)).collect::<Vec<T>>();
    archive.add_array(format!("{name}_data"), &aview1(matrix.data()))?;
    archive.add_array(format!("{name}_indices"), &aview1(&convert(matrix.indices())))?;
    let starts = matrix.proper_indptr();
    archive.add_array(format!("{name}_indptr"), &aview1(&convert(&starts)))?;
    let shape = [matrix.rows(), matrix.cols()].map(|n| n as i64);
    archive.add_array(format!("{name}_shape"), &aview1(&shape))
}
