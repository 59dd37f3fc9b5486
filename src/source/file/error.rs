//! What can be wrong with a file of vectors.

mod coordinates;
mod found;
mod mask;
mod table;

pub use coordinates::CoordinateError;
pub(super) use found::whole_circle_in_words;
pub use found::{AxesProblem, Disorder, FaceShape, FaceShapes, Listing};
pub use mask::MaskError;
pub use table::TableError;

use crate::machine::Shortage;
use std::path::PathBuf;
use thiserror::Error;

/// Why a field could not be read from a file.
#[derive(Debug, Error)]
pub enum FileError {
    /// No such file.
    #[error("{path}: no such file")]
    NotFound {
        /// The file.
        path: PathBuf,
    },
    /// A directory where a file is needed.
    #[error("{path} is a directory; give a file")]
    Directory {
        /// The directory.
        path: PathBuf,
    },
    /// A file of zero bytes.
    #[error("{path} is empty (0 bytes)")]
    Empty {
        /// The file.
        path: PathBuf,
    },
    /// The operating system refused.
    #[error("{path} cannot be read: {source}")]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// A format that is recognised but not read.
    #[error("{path} is {format}, which hodge does not read: {advice}")]
    NotRead {
        /// The file.
        path: PathBuf,
        /// Name of the format.
        format: &'static str,
        /// How to make a file of it that is read.
        advice: &'static str,
    },
    /// No format known by its first bytes.
    #[error(
        "{path}: format not recognised (first bytes {start:02x?}); hodge reads HDF5, NetCDF, .npy, .npz, VTK and tables of points as text"
    )]
    UnknownFormat {
        /// The file.
        path: PathBuf,
        /// Its first bytes.
        start: Vec<u8>,
    },
    /// Fewer bytes than the header says.
    #[error("{path} is truncated: its header says {expected} bytes, but it has {found}")]
    Truncated {
        /// The file.
        path: PathBuf,
        /// Bytes by the header.
        expected: u64,
        /// Bytes found.
        found: u64,
    },
    /// The right magic number, but damaged, truncated or of an unknown variant.
    #[error("{path} is a damaged or truncated {format} file: {reason}")]
    Damaged {
        /// The file.
        path: PathBuf,
        /// Name of the format.
        format: &'static str,
        /// What the library that reads it says.
        reason: String,
    },
    /// Sound, and compressed in a way that the HDF5 library at hand does not know.
    #[error(
        "{path}: dataset {name:?} is compressed by {filter}, which the HDF5 library here cannot undo; the file is sound. \
         Where it can be read: `h5repack -f GZIP=4 {path} OUT.h5`, then use OUT.h5; or set HDF5_PLUGIN_PATH to the filter"
    )]
    Filter {
        /// The file.
        path: PathBuf,
        /// The dataset.
        name: String,
        /// The filter, in words.
        filter: String,
    },
    /// Another program is writing it, or its file system knows no locks.
    #[error(
        "{path} is locked: another program is writing it; wait for it to finish (on a file system \
         without locks, set HDF5_USE_FILE_LOCKING=FALSE)"
    )]
    Locked {
        /// The file.
        path: PathBuf,
    },
    /// The file has no array of that name.
    #[error("{path} has no dataset {name:?}; it has {available}")]
    NoSuchDataset {
        /// The file.
        path: PathBuf,
        /// Name asked for.
        name: String,
        /// What is there.
        available: Listing,
    },
    /// No datasets named, and none or several could be the field.
    #[error(
        "{path}: {} could be the vector field; it takes one dataset for each component, or one with a component axis. \
         The file has {available}",
        if .candidates.is_empty() { "no dataset found by its name that".into() }
        else { format!("several datasets ({})", .candidates.join("; ")) }
    )]
    CannotChoose {
        /// The file.
        path: PathBuf,
        /// What could be meant.
        candidates: Vec<String>,
        /// What is there.
        available: Listing,
    },
    /// More or fewer datasets than components.
    #[error(
        "{found} datasets named; give one with a component axis, two (x, y) or three (x, y, z)"
    )]
    DatasetCount {
        /// Number named.
        found: usize,
    },
    /// Numbers that are neither real nor integer.
    #[error("dataset {name:?} holds {found}; real or integer numbers are needed")]
    NotNumbers {
        /// The dataset.
        name: String,
        /// What it holds.
        found: String,
    },
    /// An array with an unsupported number of axes.
    #[error(
        "dataset {name:?} has shape {shape:?}; expected {expected}, or named axes, such as {example}"
    )]
    Rank {
        /// The dataset.
        name: String,
        /// Its shape, slowest axis first.
        shape: Vec<usize>,
        /// Shapes that are understood.
        expected: &'static str,
        /// An order of axes of that rank.
        example: &'static str,
    },
    /// Two readings of one shape, told apart by [`FileRequest::axes`](super::FileRequest::axes).
    #[error(
        "dataset {name:?} of shape {shape:?} is either one 3D field or {} 2D fields", .shape[0]
    )]
    AmbiguousShape {
        /// The dataset.
        name: String,
        /// Its shape, slowest axis first.
        shape: Vec<usize>,
    },
    /// Dimension names that do not make a grid for this number of components; [`FileRequest::axes`](super::FileRequest::axes)
    /// says which is which.
    #[error(
        "dataset {name:?} has dimensions {dimensions:?} and {components} components, \
         which do not make a {components}D grid"
    )]
    Dimensions {
        /// The dataset.
        name: String,
        /// Names found.
        dimensions: Vec<String>,
        /// Number of components.
        components: usize,
    },
    /// Letters of axes that do not fit the dataset.
    #[error(
        "axes {axes:?} do not fit dataset {name:?} of shape {shape:?}: {problem}. Name every axis once, \
         slowest first: t (samples, may repeat), c (component), z, y, x"
    )]
    Axes {
        /// The letters given.
        axes: String,
        /// The dataset.
        name: String,
        /// Its shape, slowest axis first.
        shape: Vec<usize>,
        /// What does not fit.
        problem: AxesProblem,
    },
    /// A component axis that is neither 2 nor 3 long.
    #[error(
        "dataset {name:?} of shape {shape:?} has {found} components along axis {axis}; 2 or 3 are needed"
    )]
    Components {
        /// The dataset.
        name: String,
        /// Its shape, slowest axis first.
        shape: Vec<usize>,
        /// The component axis.
        axis: usize,
        /// Its length.
        found: usize,
    },
    /// Two arrays that must agree in shape.
    #[error("dataset {other:?} has shape {found:?}, {first:?} has {expected:?}; all must agree")]
    Shapes {
        /// The first dataset.
        first: String,
        /// Its shape.
        expected: Vec<usize>,
        /// The one that differs.
        other: String,
        /// Its shape.
        found: Vec<usize>,
    },
    /// Two datasets with components in different units, which follow.
    #[error(
        "datasets {:?} and {:?} are in {:?} and {:?}; components of one field have one unit: convert one of them in the file",
        .0[0], .0[1], .1[0], .1[1]
    )]
    ComponentUnits([String; 2], [String; 2]),
    /// Components that are not those of one staggered grid.
    #[error(
        "the datasets do not fit the faces of one grid: {0}. Along its own axis a component has one \
         value more than the others have there; on an axis declared periodic, as many"
    )]
    FaceShapes(FaceShapes),
    /// The number of datasets is not that of the axes.
    #[error(
        "{found} dataset{} named for a staggered field; components on faces differ in shape: give \
         one dataset for each axis, two (x, y) or three (x, y, z)", if *.found == 1 { "" } else { "s" }
    )]
    FaceDatasets {
        /// Number named.
        found: usize,
    },
    /// Components on faces opened as if at points, or the other way round.
    #[error("{path}: the components sit {found}; open the file accordingly")]
    Layout {
        /// The file.
        path: PathBuf,
        /// "on faces" or "at points".
        found: &'static str,
    },
    /// A table that is no field on a grid.
    #[error(transparent)]
    Table(Box<TableError>),
    /// Coordinates that are not those of a grid.
    #[error(transparent)]
    Coordinates(#[from] CoordinateError),
    /// An axis without points.
    #[error("dataset {name:?} of shape {shape:?} has an axis of length 0: nothing to read")]
    NoPoints {
        /// The dataset.
        name: String,
        /// Its shape.
        shape: Vec<usize>,
    },
    /// An object that the library cannot open.
    #[error(
        "{path}: the HDF5 library here, {version}, cannot open {name:?} ({reason}): a newer one has probably written it. Where it \
         can be read: `h5repack -k 2 in.h5 out.h5`"
    )]
    Unopened {
        /// The file.
        path: PathBuf,
        /// The object.
        name: String,
        /// Of the library.
        version: String,
        /// What it says.
        reason: String,
    },
    /// Numbers that are in other files, or nowhere.
    #[error("{path}: dataset {name:?} {reason}; copy it into one file, for instance with h5repack")]
    Elsewhere {
        /// The file.
        path: PathBuf,
        /// The dataset.
        name: String,
        /// Where its numbers would be.
        reason: String,
    },
    /// What is no mask of the field.
    #[error(transparent)]
    Mask(#[from] MaskError),
    /// A sample beyond the last.
    #[error("sample {found} asked for; the file has {count} (numbered from 0)")]
    NoSuchSample {
        /// Sample asked for.
        found: usize,
        /// Number of samples.
        count: usize,
    },
    /// An array whose numbers would not fit into memory, by its header.
    #[error("{path}: reading {name:?} of shape {shape:?}: {shortage}")]
    Memory {
        /// The file.
        path: PathBuf,
        /// The array.
        name: String,
        /// Its shape.
        shape: Vec<usize>,
        /// What is needed and what there is.
        shortage: Shortage,
    },
    /// A component that has no value.
    #[error("every value of {name} is missing: NaN, a fill value, or never written")]
    NothingThere {
        /// The component.
        name: String,
        /// Datasets of the other components.
        others: Vec<String>,
    },
    /// Huge numbers beside others, not declared as missing.
    #[error(
        "{name} has {count} values beyond 1e30, such as {number}, far above all others: likely a fill value that the file does not declare"
    )]
    LikelyFill {
        /// The component.
        name: String,
        /// How many there are.
        count: usize,
        /// The largest, as it is stored.
        number: String,
    },
    /// Missing values where none are allowed: [`FileRequest::allow_missing`](super::FileRequest::allow_missing) or a
    /// mask leaves those cells out.
    #[error(
        "component {component} has {count} of {of} values missing (NaN or fill value), the first at \
         index {index:?} (slowest axis first, from 0)"
    )]
    Missing {
        /// Name of the component.
        component: &'static str,
        /// Number missing.
        count: usize,
        /// Number of values of that component.
        of: usize,
        /// Index of the first, (z, y, x) or (y, x).
        index: Vec<usize>,
    },
}

impl From<TableError> for FileError {
    fn from(error: TableError) -> FileError {
        FileError::Table(Box::new(error))
    }
}
