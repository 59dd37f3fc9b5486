//! Files of points.

use crate::autoencoder::PointSet;
use crate::source::file::array;
use anyhow::{Context, Result, ensure};
use std::path::Path;

/// Points of a file: what [`PointSet::read`] reads, or an array of NumPy with a point in each row, whose other axes are one.
pub fn read(path: &Path) -> Result<PointSet> {
    let named = path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("npy"));
    if !named {
        return Ok(PointSet::read(path)?);
    }
    let values =
        path.to_str().context("a name that is not UTF-8").and_then(|name| Ok(array(name)?))?;
    let shape = values.shape().to_vec();
    ensure!(
        !shape.is_empty(),
        "{}: one number, expected an array of shape (points, D)",
        path.display()
    );
    let dimension = shape[1..].iter().product();
    let points = PointSet::new(dimension, values.into_iter().collect());
    points.with_context(|| format!("{} of shape {shape:?}", path.display()))
}
