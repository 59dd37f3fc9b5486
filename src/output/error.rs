//! Why a result could not be written.

use crate::machine::PlaceError;
use std::path::PathBuf;
use thiserror::Error;

/// What can go wrong in writing results.
#[derive(Debug, Error)]
pub enum OutputError {
    /// The file cannot go where it should.
    #[error(transparent)]
    Place(#[from] PlaceError),
    /// The disk has no room for the next field.
    #[error("{path}: no room for {bytes} bytes more ({source}); make room, or write less")]
    NoRoom {
        /// The file.
        path: PathBuf,
        /// What was to be written.
        bytes: u64,
        /// What the system says.
        source: std::io::Error,
    },
    /// The file could not be closed or renamed.
    #[error("{path} could not be finished: {reason}; what was written is in {left}")]
    Unfinished {
        /// The file.
        path: PathBuf,
        /// Where it is.
        left: PathBuf,
        /// What the library says.
        reason: String,
    },
    /// The HDF5 library refused.
    #[error("{path} cannot be written: HDF5 reports: {source}")]
    Hdf5 {
        /// The file.
        path: PathBuf,
        /// What the library says.
        source: hdf5::Error,
    },
    /// The system refused.
    #[error("{path} cannot be written: {source}")]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// Another run writes into the folder of unfinished results.
    #[error("another run is writing into {path}; wait until it is over, or write elsewhere")]
    Busy {
        /// The folder.
        path: PathBuf,
    },
    /// The folder of unfinished results belongs to a run that was asked something else.
    #[error(
        "{path} holds the unfinished results of a run that was asked something else ({what} differs); repeat that command to finish it, \
         or remove the folder"
    )]
    OtherStudy {
        /// The folder.
        path: PathBuf,
        /// The first entry of the study that differs.
        what: String,
    },
    /// The results are whole but cannot get their name.
    #[error(
        "{reason}; the results are whole in {folder}: make their place free and repeat the command"
    )]
    Kept {
        /// The folder.
        folder: PathBuf,
        /// Why.
        reason: String,
    },
    /// Files that are not the parts of one study.
    #[error("{reason}")]
    NoMerge {
        /// Why.
        reason: String,
    },
    /// A field of a series has other arrays than the first.
    #[error("its arrays are not those of the first field of the series ({what})")]
    Differs {
        /// How they differ.
        what: String,
    },
    /// The matrices could not be written to their archive.
    #[error("{path} cannot be written: {reason}")]
    Matrices {
        /// The file.
        path: PathBuf,
        /// What the archive says.
        reason: String,
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
    /// Numbers beyond the range of single precision.
    #[error(
        "dataset {dataset:?} reaches {largest:.1e}, which is outside the range of single precision; write double precision"
    )]
    SinglePrecision {
        /// The dataset.
        dataset: String,
        /// Its largest magnitude.
        largest: f64,
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

impl OutputError {
    /// Whether the file or its disk failed, so that writing more is pointless; otherwise only the
    /// data did not fit the file.
    pub fn ends_writing(&self) -> bool {
        match self {
            OutputError::Place(_)
            | OutputError::NoRoom { .. }
            | OutputError::Unfinished { .. }
            | OutputError::Hdf5 { .. }
            | OutputError::Io { .. }
            | OutputError::Busy { .. }
            | OutputError::NoMerge { .. }
            | OutputError::Kept { .. }
            | OutputError::OtherStudy { .. }
            | OutputError::Matrices { .. }
            | OutputError::Drawing { .. } => true,
            OutputError::GroupName { .. }
            | OutputError::DuplicateGroup { .. }
            | OutputError::UnknownAxis { .. }
            | OutputError::Shape { .. }
            | OutputError::SinglePrecision { .. }
            | OutputError::Differs { .. }
            | OutputError::Panel { .. }
            | OutputError::NoPanels => false,
        }
    }
}
