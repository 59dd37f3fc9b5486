//! How far a batch came.

/// How far a batch came.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Fields that were finished.
    pub done: usize,
    /// Fields that a run before had finished.
    pub before: usize,
    /// Those of the finished whose parts break a claim.
    pub broken: usize,
    /// Fields, and series as a whole, that came to nothing.
    pub failed: usize,
    /// Whether the file or its disk failed, so that continuing would be pointless.
    pub stopped: bool,
    /// Whether fields were left undone, for that or because the observer stopped.
    pub left: bool,
}
