//! What can be wrong with a mask.

use super::Listing;
use crate::grid::short;
use std::path::PathBuf;
use thiserror::Error;

/// Why a dataset does not say which cells of a field take part.
#[derive(Debug, Error)]
pub enum MaskError {
    /// A mask that changes along axes that are none of the series.
    #[error(
        "mask {name:?} of shape {shape:?} changes along axes that are not those of the series: besides the axes of \
         space it may have axes of samples of the field, with its names and lengths, and axes of length 1"
    )]
    Varies {
        /// The mask.
        name: String,
        /// Its shape, slowest axis first.
        shape: Vec<usize>,
    },
    /// A file of which several arrays may be the mask.
    #[error("the mask may be one of several arrays of {file}; it has {available}")]
    WhichArray {
        /// The file.
        file: PathBuf,
        /// Its arrays.
        available: Listing,
    },
    /// Words that name no mask.
    #[error(
        "mask {text:?} is no condition; expected a dataset, !DATASET for its inverse, or DATASET followed by >, >=, <, \
         <=, == or != and a number"
    )]
    Condition {
        /// What was given.
        text: String,
    },
    /// Numbers that do not say what takes part.
    #[error(
        "mask {name:?} has values from {} to {}, such as {}; a mask has nothing but 0 and 1, or needs a \
         condition that holds in the cells that take part", short(*.least), short(*.largest), short(*.found)
    )]
    NotBinary {
        /// The dataset.
        name: String,
        /// The first value that is neither 0 nor 1.
        found: f64,
        /// The least value.
        least: f64,
        /// The largest.
        largest: f64,
    },
}
