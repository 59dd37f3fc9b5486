//! Arrays that look like coordinates by their numbers, whatever they are called.

use super::array::{ArraySource, Store, group_and_leaf, leaf};
use super::candidates::{is_of_grid, long_axes, place, stack_axis, whole};
use super::coordinates::disorder;
use super::names::{AxisName, axis_of_name, is_stack_name};
use super::tensor::{Variation, variation};
use super::{CoordinateError, FileError};
use crate::grid::AXIS_NAMES;

/// The points of a field of which something is not known.
pub(super) struct Unplaced<'a> {
    /// A component.
    pub name: &'a str,
    /// Its axes, slowest first.
    pub shape: &'a [usize],
    /// Axes of space without coordinates, 0 for x, and how many points they have.
    pub axes: Vec<(usize, usize)>,
    /// Lengths of the axes of samples.
    pub samples: Vec<usize>,
    /// Whether an array is known to be something else.
    pub used: &'a dyn Fn(&str) -> bool,
}

impl Unplaced<'_> {
    /// Names of arrays beside the field that may be the coordinates that are missing.
    pub fn likely(&self, store: &dyn Store) -> Result<Vec<String>, FileError> {
        let mut found = Vec::new();
        for (name, shape) in store.arrays()?.0 {
            if !(self.used)(&name) && self.fits(&name, &shape) && self.is_likely(store, &name) {
                found.push(name);
            }
        }
        Ok(found)
    }

    /// Refuses a spacing of 1 beside such arrays.
    pub fn refuse(&self, names: Vec<String>) -> Result<(), FileError> {
        if names.is_empty() {
            return Ok(());
        }
        let axes = self.axes.iter().map(|(k, _)| AXIS_NAMES[*k]).collect();
        let dataset = self.name.to_string();
        Err(CoordinateError::LikelyCoordinates { names, axes, dataset }.into())
    }

    /// Whether an array has as many numbers as an axis, or the points of the field, and nothing says that it is of
    /// something else.
    fn fits(&self, name: &str, shape: &[usize]) -> bool {
        let (group, word) = group_and_leaf(name);
        let own = group_and_leaf(self.name).0;
        let above = group.is_empty() || own == group || own.starts_with(&format!("{group}/"));
        let axis = axis_of_name(word);
        let near = above || is_of_grid(name) || matches!(axis, Some(AxisName::Space(_)));
        let long: Vec<usize> = shape.iter().copied().filter(|n| *n > 1).collect();
        let of_axis =
            |n: usize| self.axes.iter().any(|(_, points)| [*points, points + 1].contains(&n));
        let of_samples = |n: usize| self.samples.contains(&n);
        near && match (axis, &long[..]) {
            (Some(AxisName::Time), _) | (_, []) => false,
            (Some(AxisName::Space(2)), [n]) if of_samples(*n) => false,
            (_, [n]) => of_axis(*n),
            _ if is_stack_name(word) && stack_axis(shape).is_some() => true,
            _ => place(shape, self.shape).is_some(),
        }
    }

    /// Whether numbers go up or down all along one axis, not in steps of 1.
    fn is_likely(&self, store: &dyn Store, name: &str) -> bool {
        let Ok(array) = store.open(name) else { return false };
        let info = array.info();
        let time = info.units.contains(" since ") || info.standard_name == "time";
        if time || !lines_look_so(array.as_ref()) {
            return false;
        }
        if is_stack_name(leaf(name)) && long_axes(&info.shape) > 1 {
            return true;
        }
        let Some(values) = whole(array.as_ref()) else { return false };
        let single = info.number == super::NumberType::F32;
        let values = match long_axes(&info.shape) {
            1 => values.into_iter().collect(),
            _ => match variation(&values, single) {
                Variation::Along { values, .. } => values,
                _ => return false,
            },
        };
        disorder(&values).is_none() && values.windows(2).any(|pair| pair[1] - pair[0] != 1.0)
    }
}

/// Whether one line of numbers along an axis of several is in order, and those along all others stand still: fields are
/// not read for more.
fn lines_look_so(array: &dyn ArraySource) -> bool {
    let info = array.info();
    if long_axes(&info.shape) <= 1 || is_stack_name(leaf(&info.name)) {
        return true;
    }
    let line = |axis: usize| -> Option<Vec<f64>> {
        let at: Vec<_> = (0..info.shape.len()).map(|other| (other != axis).then_some(0)).collect();
        let values = array.read(&at).ok()?;
        Some(values.into_iter().map(|stored| info.packing.value(stored)).collect())
    };
    let (mut rising, mut others) = (0, 0);
    for axis in (0..info.shape.len()).filter(|axis| info.shape[*axis] > 1) {
        let Some(values) = line(axis) else { return false };
        let step = (values[values.len() - 1] - values[0]).abs();
        match disorder(&values) {
            None => rising += 1,
            Some(_) if step <= 1e-5 * values[0].abs() => {}
            Some(_) => others += 1,
        }
    }
    // Rounding may look like an order.
    rising >= 1 && others == 0
}
