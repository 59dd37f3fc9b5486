//! What the passes over a batch work in.

/// What one hidden layer keeps for the backward pass, a column per sample.
#[derive(Clone, Debug, Default)]
pub(super) struct Hidden<T> {
    pub value: Vec<T>,
    pub slope: Vec<T>,
    /// ∂loss/∂z, without what comes from the layers above.
    pub own: Vec<T>,
}

/// Buffers of the two passes, kept between batches.
#[derive(Clone, Debug, Default)]
pub(super) struct Workspace<T> {
    pub hidden: Vec<Hidden<T>>,
    pub z: Vec<T>,
    pub delta: Vec<T>,
    pub below: Vec<T>,
}
