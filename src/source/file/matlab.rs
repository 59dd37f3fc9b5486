//! HDF5 files of MATLAB, whose axes have the opposite order.

use super::FileError;
use super::array::{ArrayInfo, ArraySource};
use super::hdf5_array::Hdf5Array;
use super::hdf5_info::attribute;
use ::hdf5::Dataset;
use ndarray::ArrayD;

/// Whether MATLAB wrote a dataset: it names the axes of its arrays the other way round.
pub(super) fn is_matlab(dataset: &Dataset) -> bool {
    attribute(dataset, "MATLAB_class").is_some()
}

/// Lengths of the axes as whoever wrote them counts them.
pub(super) fn shape(dataset: &Dataset) -> Vec<usize> {
    let mut shape = dataset.shape();
    if is_matlab(dataset) {
        shape.reverse();
    }
    shape
}

/// An array whose axes are named in the opposite order.
pub(super) struct Reversed {
    array: Box<Hdf5Array>,
    info: ArrayInfo,
}

impl Reversed {
    pub fn new(array: Box<Hdf5Array>) -> Reversed {
        let mut info = array.info.clone();
        info.shape.reverse();
        info.dimensions.reverse();
        info.dimensions.iter_mut().for_each(|dimension| dimension.either_order = true);
        Reversed { array, info }
    }
}

impl ArraySource for Reversed {
    fn info(&self) -> &ArrayInfo {
        &self.info
    }

    fn info_mut(&mut self) -> &mut ArrayInfo {
        &mut self.info
    }

    fn close(&self) -> bool {
        self.array.close()
    }

    fn read(&self, at: &[Option<usize>]) -> Result<ArrayD<f64>, FileError> {
        let at: Vec<_> = at.iter().rev().copied().collect();
        Ok(self.array.read(&at)?.reversed_axes())
    }
}
