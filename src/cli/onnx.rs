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
    super::autoencoder::open_map(path, read(path, reconstruction)?, grid, file)
}

#[cfg(feature = "onnx")]
pub fn read(path: &Path, reconstruction: bool) -> Result<crate::source::onnx::OnnxModel> {
    use crate::source::onnx::{OnnxField, OnnxModel};
    let kind = if reconstruction { OnnxField::Reconstruction } else { OnnxField::Output };
    Ok(OnnxModel::read(path, kind)?)
}

/// Fails with advice how to build hodge with ONNX; the type takes the place of the model.
#[cfg(not(feature = "onnx"))]
pub fn read(_: &Path, _: bool) -> Result<crate::autoencoder::Network> {
    anyhow::bail!(
        "this hodge was built without ONNX: build it with `cargo build --release --features onnx`"
    )
}
