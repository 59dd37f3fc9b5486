//! What stands in for the inverse of the operator.

/// A symmetric positive map that is near the inverse of the finest operator.
pub trait Preconditioner<T>: Send + Sync {
    /// Working space for one solve. The first level is stored as the operator stores its values.
    fn buffers(&self) -> Vec<LevelBuffers<T>>;

    /// solution ≈ A⁺ right in the first buffer.
    fn cycle(&self, buffers: &mut [LevelBuffers<T>]);
}

/// Working space of one level.
pub struct LevelBuffers<T> {
    pub right: Vec<T>,
    pub solution: Vec<T>,
    pub other: Vec<T>,
}

impl<T: Copy + Default> LevelBuffers<T> {
    /// Zeros for so many values.
    pub fn of(values: usize) -> LevelBuffers<T> {
        let zeros = || vec![T::default(); values];
        LevelBuffers { right: zeros(), solution: zeros(), other: zeros() }
    }
}
