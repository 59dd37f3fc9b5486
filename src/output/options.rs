//! How numbers are stored in a file of results.

/// How numbers are stored.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Compress with shuffle and deflate of this level, 1 (fast) to 9 (small).
    pub deflate: Option<u8>,
    /// Store the arrays (not the coordinates) in single precision.
    pub single_precision: bool,
}
