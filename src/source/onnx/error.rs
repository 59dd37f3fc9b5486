//! Why a file is not a field.

use std::path::PathBuf;
use thiserror::Error;

/// Why a file is not a field.
#[derive(Debug, Error)]
pub enum OnnxError {
    /// The file cannot be opened.
    #[error("{}: {source}", path.display())]
    Open {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The file cannot be read as a model, or the model cannot be evaluated.
    #[error("{} as an ONNX model: {reason}", path.display())]
    Model {
        /// The file.
        path: PathBuf,
        /// What the reader said.
        reason: String,
    },
    /// A model with another signature.
    #[error(
        "{}: expected one input and one output of the same shape (points, D), in f32 or f64; found {found}. \
         Export a wrapper that maps x alone to a vector at x",
        path.display()
    )]
    Signature {
        /// The file.
        path: PathBuf,
        /// What was found instead.
        found: String,
    },
    /// An input that does not hold points of the shape that was given.
    #[error(
        "{}: found {found}; expected points of shape {point:?}, alone or behind an axis of points",
        path.display()
    )]
    PointShape {
        /// The file.
        path: PathBuf,
        /// The input.
        found: String,
        /// Shape of a point.
        point: Vec<usize>,
    },
    /// An input whose first axis does not count points.
    #[error(
        "{}: the first axis of {input} does not count points: {why}. If all of the input is one point, say so",
        path.display()
    )]
    NoBatch {
        /// The file.
        path: PathBuf,
        /// The input.
        input: String,
        /// What shows it.
        why: &'static str,
        /// Shape of all of the input; `None` along an axis of any length.
        shape: Vec<Option<usize>>,
    },
}
