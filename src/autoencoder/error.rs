//! What can be wrong with a network, its weights or the points it is shown.

use crate::machine::{PlaceError, Shortage};
use std::path::PathBuf;
use thiserror::Error;

/// Errors of the auto-encoder room.
#[derive(Debug, Error)]
pub enum AutoencoderError {
    /// A file that cannot go where it should.
    #[error(transparent)]
    Place(#[from] PlaceError),
    /// Points or weights that would not fit into memory.
    #[error("{what}: {shortage}; take fewer")]
    Memory {
        /// What does not fit.
        what: String,
        /// What is needed and what there is.
        shortage: Shortage,
    },
    /// A name that is not that of an activation.
    #[error(
        "unknown activation '{name}'; known are {}",
        .known.join(", ")
    )]
    UnknownActivation {
        /// Name found.
        name: String,
        /// Those that exist.
        known: Vec<&'static str>,
    },
    /// The number of activations differs from that of hidden layers.
    #[error(
        "{expected} hidden layers need {expected} activations (or one name for all), found {found}"
    )]
    ActivationCount {
        /// Hidden layers.
        expected: usize,
        /// Names found.
        found: usize,
    },
    /// Fewer than two layers.
    #[error("an auto-encoder needs a hidden and an output layer, found {found} layer(s)")]
    TooFewLayers {
        /// Layers found.
        found: usize,
    },
    /// More than one hidden layer.
    #[error("a network with one hidden layer is needed, found {found} hidden layers")]
    HiddenLayers {
        /// Hidden layers found.
        found: usize,
    },
    /// A density that does not weigh the points.
    #[error("the density at the points: {what}")]
    Density {
        /// What is wrong.
        what: String,
    },
    /// A file that does not hold one number a point.
    #[error("{path}: {what}; expected one number a point")]
    PointNumbers {
        /// The file.
        path: PathBuf,
        /// What was found.
        what: String,
    },
    /// A `.npy` file that is not read.
    #[error("{path}: {what}; expected a whole .npy file of real numbers or integers")]
    Npy {
        /// The file.
        path: PathBuf,
        /// What was found.
        what: String,
    },
    /// A least-squares problem that was not solved.
    #[error("the singular values of the matrix of {units} units were not found")]
    Unfitted {
        /// Hidden units.
        units: usize,
    },
    /// A tensor whose shape does not fit the layers around it.
    #[error("tensor '{tensor}' has shape {found:?}, expected {expected:?} (out, in)")]
    Shape {
        /// Name of the tensor.
        tensor: String,
        /// Shape expected.
        expected: Vec<usize>,
        /// Shape found.
        found: Vec<usize>,
    },
    /// A network whose output and input differ in dimension.
    #[error(
        "the network maps {inputs} numbers to {outputs}; a field r(x) − x needs as many outputs as inputs"
    )]
    NotAnEndomorphism {
        /// Input dimension.
        inputs: usize,
        /// Output dimension.
        outputs: usize,
    },
    /// Tied weights of unequal layers.
    #[error(
        "tied weights need a first and a last hidden layer of the same width, found {first} and {last}"
    )]
    TiedWidths {
        /// Width of the first hidden layer.
        first: usize,
        /// Width of the last hidden layer.
        last: usize,
    },
    /// The file is marked as tied but has a last weight that is not the transposed first.
    #[error(
        "the file says tied = \"true\" and also holds '{tensor}', which is not the transposed first weight; drop one of the two"
    )]
    NotTied {
        /// Name of the last weight.
        tensor: String,
    },
    /// A weight that is NaN or infinite.
    #[error(
        "tensor '{tensor}' has {count} values that are NaN or infinite, the first at flat index {index}: the training diverged or the file is damaged"
    )]
    NotFinite {
        /// Name of the tensor.
        tensor: String,
        /// Number of such values.
        count: usize,
        /// Flat index of the first.
        index: usize,
    },
    /// A tensor that is not in the file.
    #[error("tensor '{tensor}' is missing; found {found:?}")]
    MissingTensor {
        /// Name of the tensor.
        tensor: String,
        /// Names in the file.
        found: Vec<String>,
    },
    /// A tensor that is not part of the layout.
    #[error(
        "unexpected tensor '{tensor}'; expected NAME.K.weight (out, in) and NAME.K.bias, K = 0, 1, … or as in torch's Sequential, of one NAME, or of an encoder and a decoder"
    )]
    UnexpectedTensor {
        /// Name of the tensor.
        tensor: String,
    },
    /// Numbers of a type that is not read.
    #[error("tensor '{tensor}' is stored as {found}; F32 and F64 are read: convert with .double()")]
    NumberType {
        /// Name of the tensor.
        tensor: String,
        /// Type found.
        found: String,
    },
    /// A metadata entry that is missing or has an unknown value.
    #[error("metadata '{key}' is {found}, expected {expected}")]
    Metadata {
        /// The key.
        key: &'static str,
        /// What was found.
        found: String,
        /// What is understood.
        expected: &'static str,
    },
    /// Points or a grid whose dimension is not that of the network.
    #[error("the network works in {expected} dimensions, the {what} in {found}")]
    Dimension {
        /// Dimension of the network.
        expected: usize,
        /// Dimension found.
        found: usize,
        /// What has the other dimension.
        what: &'static str,
    },
    /// Directions that span less than the slice needs.
    #[error("the points or directions of the slice span {found} dimensions, {expected} are needed")]
    DegenerateSlice {
        /// Dimensions of the slice.
        expected: usize,
        /// Dimensions found.
        found: usize,
    },
    /// A file of points that cannot be understood.
    #[error("{path}: {what}, line or offset {position}")]
    Points {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        what: String,
        /// Line (text) or byte (binary), from 1.
        position: u64,
    },
    /// An array that is not a set of points.
    #[error("{path}: {found}; expected an array of shape (points, D) of finite numbers")]
    PointArray {
        /// The file.
        path: PathBuf,
        /// What was found.
        found: String,
    },
    /// A list of numbers that is not a set of points.
    #[error("{found} numbers do not make points of {dimension} coordinates each")]
    PointCount {
        /// Coordinates of a point.
        dimension: usize,
        /// Numbers found.
        found: usize,
    },
    /// A coordinate that is NaN or infinite.
    #[error("coordinate {coordinate} of point {point} is {value} (both from 0)")]
    PointNotFinite {
        /// Index of the point.
        point: usize,
        /// Index of the coordinate.
        coordinate: usize,
        /// The value.
        value: f64,
    },
    /// The number of targets differs from that of points.
    #[error("{expected} points need as many targets, found {found}")]
    Targets {
        /// Number of points.
        expected: usize,
        /// Number of targets.
        found: usize,
    },
    /// A training setting that cannot be used.
    #[error("training setting {name} = {found}: expected {expected}")]
    Setting {
        /// Name of the setting.
        name: &'static str,
        /// Value found.
        found: String,
        /// What is accepted.
        expected: &'static str,
    },
    /// A loss that is no longer finite.
    #[error(
        "the loss became {loss} in epoch {epoch}: the training diverged; try a smaller learning rate or a weight-length constraint"
    )]
    Diverged {
        /// Epoch, from 1.
        epoch: usize,
        /// Loss found.
        loss: f64,
    },
    /// A checkpoint that does not belong to the run.
    #[error("the checkpoint does not fit this run: {what}")]
    Checkpoint {
        /// What differs.
        what: String,
    },
    /// The file could not be opened, read or written.
    #[error("{path}: {source}")]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// Not a safetensors file, or a damaged one.
    #[error("{path}: not a whole safetensors file: {source}")]
    Safetensors {
        /// The file.
        path: PathBuf,
        /// What the reader said.
        source: safetensors::SafeTensorError,
    },
    /// What HDF5 said.
    #[error("{path}: {source}")]
    Hdf5 {
        /// The file.
        path: PathBuf,
        /// What the library said.
        source: hdf5::Error,
    },
}
