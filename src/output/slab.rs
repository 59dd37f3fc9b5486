//! Parts of arrays that are written and read.

use ::hdf5::{Hyperslab, SliceOrIndex};

/// All along axes of these lengths.
pub(super) fn whole(shape: &[usize]) -> Vec<SliceOrIndex> {
    shape.iter().map(|n| (0..*n).into()).collect()
}

/// What is `within` a row of an array whose axes before that have these lengths.
pub(super) fn slab(leading: &[usize], within: Vec<SliceOrIndex>, mut row: usize) -> Hyperslab {
    let mut slab = within;
    for length in leading.iter().rev() {
        slab.insert(0, (row % length).into());
        row /= length;
    }
    Hyperslab::from(slab)
}
