//! Why a file cannot go where it should.

use std::path::PathBuf;
use thiserror::Error;

/// What can be wrong with the destination of an output.
#[derive(Debug, Error)]
pub enum PlaceError {
    /// The file is there already.
    #[error("{path} exists; give another name, or allow it to be replaced")]
    Exists {
        /// The file.
        path: PathBuf,
    },
    /// The destination is a directory.
    #[error("{path} is a directory; give the name of a file")]
    Directory {
        /// The directory.
        path: PathBuf,
    },
    /// The destination is a device, a pipe or a socket.
    #[error("{path} is {kind}; output goes to regular files only, so give the name of one")]
    NotRegular {
        /// What was named, links followed.
        path: PathBuf,
        /// What it is.
        kind: &'static str,
    },
    /// No directory to write into.
    #[error("{path} cannot be written: there is no directory {directory}; create it first")]
    NoDirectory {
        /// The file.
        path: PathBuf,
        /// The directory that is missing.
        directory: PathBuf,
    },
    /// A name that promises another format than is written.
    #[error(
        "{what} {path}: the ending {found:?} does not fit what is written; expected {expected}"
    )]
    Ending {
        /// What it is to hold, as the caller calls it.
        what: String,
        /// The file.
        path: PathBuf,
        /// Its ending.
        found: String,
        /// Endings that fit.
        expected: String,
    },
    /// One file for two purposes.
    #[error("{what} {path} is also {other}; choose another name (nothing was written)")]
    Shared {
        /// What it is to hold, as the caller calls it.
        what: String,
        /// The file.
        path: PathBuf,
        /// What else the file is.
        other: String,
    },
    /// A file that was written and could not be given its name.
    #[error("{reason}; what was written is in {left}")]
    Left {
        /// Why not.
        reason: String,
        /// Where it is.
        left: PathBuf,
    },
    /// The operating system refused.
    #[error("{path} cannot be written: {source}")]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
}
