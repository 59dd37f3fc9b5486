//! Why a result could not be written.

use std::path::PathBuf;
use thiserror::Error;

/// What can go wrong in writing results.
#[derive(Debug, Error)]
pub enum OutputError {
    /// The file is there already.
    #[error("{path} exists; give another name, or --overwrite to replace it")]
    Exists {
        /// The file.
        path: PathBuf,
    },
    /// A directory stands where the file should go.
    #[error("{path} is a directory; give the name of a file")]
    Directory {
        /// The directory.
        path: PathBuf,
    },
    /// No directory to write into.
    #[error("{path} cannot be written: there is no directory {directory}; create it first")]
    NoDirectory {
        /// The file.
        path: PathBuf,
        /// The directory that is missing.
        directory: PathBuf,
    },
    /// The operating system refused.
    #[error("{path} cannot be written: {source}")]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// The HDF5 library refused.
    #[error("{path} cannot be written: HDF5 says: {source}")]
    Hdf5 {
        /// The file.
        path: PathBuf,
        /// What the library says.
        source: hdf5::Error,
    },
    /// A group name that HDF5 would read as a path.
    #[error("{name:?} cannot name a field: it must not be empty, `.` or contain `/`")]
    GroupName {
        /// The name.
        name: String,
    },
    /// A group written twice.
    #[error("the file already has a field {name:?}")]
    DuplicateGroup {
        /// The name.
        name: String,
    },
    /// A dataset on an axis that is not among the scales of its group.
    #[error("dataset {dataset:?} has an axis {axis:?} without a scale in its group")]
    UnknownAxis {
        /// The dataset.
        dataset: String,
        /// The axis.
        axis: String,
    },
    /// A dataset with another length than the scale of its axis, or another number of axes.
    #[error("dataset {dataset:?} has shape {found:?}; its axes {axes:?} ask for {expected:?}")]
    Shape {
        /// The dataset.
        dataset: String,
        /// Names of its axes.
        axes: Vec<String>,
        /// Lengths of the scales.
        expected: Vec<usize>,
        /// Its shape.
        found: Vec<usize>,
    },
    /// A panel with another number of values than points.
    #[error("panel {panel:?} has {expected} points, but {found} values of {what}")]
    Panel {
        /// Title of the panel.
        panel: String,
        /// Which values.
        what: &'static str,
        /// Points.
        expected: usize,
        /// Values.
        found: usize,
    },
    /// A picture without panels.
    #[error("a picture needs at least one panel")]
    NoPanels,
    /// The picture could not be drawn.
    #[error("{path} cannot be drawn: {reason}")]
    Drawing {
        /// The file.
        path: PathBuf,
        /// What the drawing library says.
        reason: String,
    },
}
