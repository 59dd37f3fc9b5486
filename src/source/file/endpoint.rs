//! A periodic axis whose last plane is its first again, as `linspace` with its end point makes it.

use super::array::NumberType;
use super::axes::Role;
use super::field::{FileField, Part};
use super::memory::ensure_readable;
use super::{FileError, geometry::space_axis};
use crate::grid::AXIS_NAMES;
use ndarray::{ArrayD, ArrayView, Axis, IxDyn, Slice};

impl FileField {
    /// Those of the given axes along which the first field varies and ends as it began, to the
    /// digits that are stored. None for components on faces.
    ///
    /// Costs three planes of each of these axes.
    pub fn repeated_ends(&self, axes: &[usize]) -> Result<Vec<usize>, FileError> {
        let mut found = Vec::new();
        for &k in axes.iter().filter(|&&k| !self.is_staggered() && self.shape()[k] > 3) {
            let (parts, at) = self.parts(0)?;
            let mut planes: [Vec<f64>; 3] = [Vec::new(), Vec::new(), Vec::new()];
            for part in parts {
                for (plane, index) in planes.iter_mut().zip([0, 1, self.shape()[k] - 1]) {
                    plane.extend(self.plane_of(part, &at, k, index)?.iter());
                }
            }
            let digits = if self.number_type() == NumberType::F32 { 1e-5 } else { 1e-10 };
            if comes_again(&planes, digits) {
                found.push(k);
            }
        }
        Ok(found)
    }

    /// The field without the last plane along these axes, and a note that says so.
    pub fn without_last(mut self, axes: &[usize]) -> FileField {
        for &k in axes {
            if let Some(mask) = self.mask.take() {
                let shape: Vec<usize> = self.shape().iter().rev().copied().collect();
                let last = shape[shape.len() - 1 - k] - 1;
                let view = ArrayView::from_shape(IxDyn(&shape), &mask).expect("one value per cell");
                let axis = Axis(shape.len() - 1 - k);
                self.mask =
                    Some(view.slice_axis(axis, Slice::from(..last)).iter().copied().collect());
            }
            self.geometry.shape[k] -= 1;
            self.without_last[k] = true;
            let axis = AXIS_NAMES[k];
            self.notes.push(format!(
                "the last plane along {axis} is the first again, a repeated end point of the period: left out"
            ));
        }
        self
    }

    /// One plane of a part across axis k of space.
    fn plane_of(
        &self,
        part: &Part,
        at: &[usize],
        k: usize,
        index: usize,
    ) -> Result<ArrayD<f64>, FileError> {
        let roles = &part.roles.roles;
        let mut samples = at.iter().copied();
        let mut held: Vec<Option<usize>> = roles
            .iter()
            .map(|role| if *role == Role::Sample { samples.next() } else { None })
            .collect();
        held[space_axis(roles, k)] = Some(index);
        ensure_readable(self.path(), part.source.as_ref(), &held)?;
        let packing = &part.source.info().packing;
        Ok(part.source.read(&held)?.mapv(|stored| packing.value(stored)))
    }
}

/// Whether the last plane is the first, and the second is another.
fn comes_again([first, second, last]: &[Vec<f64>; 3], digits: f64) -> bool {
    let finite = |v: &&f64| v.is_finite();
    let size = first.iter().chain(second).filter(finite).fold(0.0, |m: f64, v| m.max(v.abs()));
    let apart = |other: &[f64]| {
        let pairs = first.iter().zip(other);
        pairs.fold(0.0, |m: f64, (a, b)| match (a.is_finite(), b.is_finite()) {
            (true, true) => m.max((a - b).abs()),
            (false, false) => m,
            _ => f64::INFINITY,
        })
    };
    apart(last) <= digits * size && apart(second) > 100.0 * digits * size
}
