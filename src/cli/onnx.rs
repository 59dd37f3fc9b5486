//! `onnx:MODEL` and `onnx-autoencoder:MODEL` as sources.

use super::args_field::{FileArguments, GridArguments};
use crate::source::AnySeries;
use anyhow::Result;
use std::path::Path;

/// The file of an ONNX source, and whether the field is r(x) − x rather than the output r(x) itself.
pub fn named(source: &str) -> Option<(&Path, bool)> {
    let output = source.strip_prefix("onnx:").map(|path| (Path::new(path), false));
    output.or_else(|| source.strip_prefix("onnx-autoencoder:").map(|path| (Path::new(path), true)))
}

/// The model on a grid.
pub fn open(
    path: &Path,
    reconstruction: bool,
    grid: &GridArguments,
    file: &FileArguments,
) -> Result<AnySeries> {
    super::autoencoder::open_map(path, read(path, reconstruction, &grid.point_shape)?, grid, file)
}

/// The model of a file, with points of that shape where one is given; errors name the option that settles what makes a
/// point.
#[cfg(feature = "onnx")]
pub fn read(
    path: &Path,
    reconstruction: bool,
    point: &[usize],
) -> Result<crate::source::onnx::OnnxModel> {
    use crate::source::onnx::{OnnxField, OnnxModel};
    let kind = if reconstruction { OnnxField::Reconstruction } else { OnnxField::Output };
    let point = (!point.is_empty()).then_some(point);
    let read = OnnxModel::read_with(path, kind, point);
    read.map_err(|error| match point_shape(&error) {
        Some(shape) => anyhow::anyhow!("{error} (--point-shape {shape})"),
        None => error.into(),
    })
}

/// What to give as `--point-shape` after an error: numbers, and names of what the file leaves open.
#[cfg(feature = "onnx")]
fn point_shape(error: &crate::source::onnx::OnnxError) -> Option<String> {
    use crate::source::onnx::OnnxError;
    let OnnxError::NoBatch { shape, .. } = error else { return None };
    let axis = |axis: &Option<usize>| axis.map_or("N".into(), |n| n.to_string());
    Some(shape.iter().map(axis).collect::<Vec<String>>().join(","))
}

/// Fails with advice how to build hodge with ONNX; the type takes the place of the model.
#[cfg(not(feature = "onnx"))]
pub fn read(_: &Path, _: bool, _: &[usize]) -> Result<crate::autoencoder::Network> {
    anyhow::bail!(
        "this hodge was built without ONNX: build it with `cargo build --release --features onnx`"
    )
}
