//! The arrays of a file that are coordinates by their names, read once.

use super::array::{ArraySource, Coordinates, NumberType, Store, beside, group_and_leaf, leaf};
use super::names::{AxisName, axis_of_name, is_stack_name};
use super::tensor::{Variation, variation};
use super::{FileError, FileRequest};
use ndarray::{ArrayD, Axis};
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

/// Coordinates along x (0), y (1) or z (2), or of samples.
#[derive(Clone)]
pub(super) struct Candidate {
    pub axis: AxisName,
    /// The array that has them.
    pub name: String,
    /// Its shape, without an axis of components, and the axis along which it varies.
    pub shape: Vec<usize>,
    pub along: usize,
    /// Of that axis, where it has one.
    pub dimension: Option<String>,
    pub coordinates: Coordinates,
}

/// Coordinates that vary along several axes.
#[derive(Clone)]
pub(super) struct Curved {
    pub axis: usize,
    pub name: String,
    pub shape: Vec<usize>,
}

/// What an array of coordinates is.
enum Reading {
    Product(Box<Candidate>),
    Curved(Curved),
}

/// A file, and what of its coordinates has been read.
pub(super) struct OpenFile {
    pub store: Box<dyn Store>,
    readings: RefCell<HashMap<String, Rc<Vec<Reading>>>>,
}

impl OpenFile {
    pub fn new(store: Box<dyn Store>) -> OpenFile {
        OpenFile { store, readings: RefCell::default() }
    }

    /// The arrays that are coordinates by their names, beside an array of this shape or at the top.
    pub fn candidates(
        &self,
        request: &FileRequest,
        (sibling, shape): (&str, &[usize]),
    ) -> Result<(Vec<Candidate>, Vec<Curved>), FileError> {
        let most = shape.iter().product::<usize>().max(1 << 16);
        let near = |name: &str| {
            beside(sibling, leaf(name)) == name || !name.contains('/') || is_of_grid(name)
        };
        let (mut found, mut curved) = (Vec::new(), Vec::new());
        for (name, shape) in self.store.arrays()?.0 {
            let size = shape.iter().product::<usize>();
            let used = name == sibling || request.datasets.contains(&name);
            if used || !near(&name) || size == 0 {
                continue;
            }
            let all = match axis_of_name(leaf(&name)) {
                _ if is_stack_name(leaf(&name)) && size / shape.len().max(1) <= most => {
                    self.stack(&name)
                }
                Some(axis) if may_be(axis, leaf(&name), &shape) && size <= most => {
                    self.reading(&name, axis)
                }
                _ => continue,
            };
            for reading in all.iter() {
                match reading {
                    Reading::Product(candidate) => found.push(Candidate::clone(candidate)),
                    Reading::Curved(other) => curved.push(other.clone()),
                }
            }
        }
        // The plainest names first, such as x before xi and longitude, and points before faces.
        let order =
            |c: &Candidate| (leaf(&c.name).len() > 1, c.shape.len(), of_faces(leaf(&c.name)));
        found.sort_by_key(order);
        Ok((found, curved))
    }

    fn reading(&self, name: &str, axis: AxisName) -> Rc<Vec<Reading>> {
        self.once(name, || {
            let Ok(array) = self.store.open(name) else { return Vec::new() };
            whole(array.as_ref())
                .and_then(|all| read(array.as_ref(), all, axis))
                .into_iter()
                .collect()
        })
    }

    fn stack(&self, name: &str) -> Rc<Vec<Reading>> {
        self.once(name, || {
            let Ok(array) = self.store.open(name) else { return Vec::new() };
            whole(array.as_ref()).map_or(Vec::new(), |all| read_stack(array.as_ref(), &all))
        })
    }

    fn once(&self, name: &str, read: impl FnOnce() -> Vec<Reading>) -> Rc<Vec<Reading>> {
        if let Some(known) = self.readings.borrow().get(name) {
            return Rc::clone(known);
        }
        let found = Rc::new(read());
        self.readings.borrow_mut().insert(name.into(), Rc::clone(&found));
        found
    }
}

/// Whether an array with the name of an axis may be coordinates by its shape: depths, pressures and momenta in several
/// axes are fields more often.
fn may_be(axis: AxisName, name: &str, shape: &[usize]) -> bool {
    let name = name.to_lowercase();
    match axis {
        AxisName::Component => false,
        _ if long_axes(shape) <= 1 => true,
        AxisName::Space(0 | 1) => !matches!(&name[..], "px" | "py"),
        _ => name == "z",
    }
}

/// Whether a name is that of faces or edges rather than points.
fn of_faces(name: &str) -> bool {
    let name = name.to_lowercase();
    let word = ["face", "edge", "corner", "node", "bound"].iter().any(|word| name.contains(word));
    word || name.ends_with(['f', 'g', 'q', 'u', 'v', 'e'])
}

/// Axes with more than one value.
pub(super) fn long_axes(shape: &[usize]) -> usize {
    shape.iter().filter(|n| **n > 1).count()
}

/// Where the axes of a coordinate array begin among those of the field: the last place where all its lengths fit.
pub(super) fn place(shape: &[usize], within: &[usize]) -> Option<usize> {
    let last = within.len().checked_sub(shape.len())?;
    (0..=last).rev().find(|start| within[*start..][..shape.len()] == *shape)
}

/// Whether an array is in a group that is called as those with the coordinates of a grid are.
pub(super) fn is_of_grid(name: &str) -> bool {
    let group = leaf(group_and_leaf(name).0).to_lowercase();
    matches!(group.as_str(), "mesh" | "grid" | "coords" | "coordinates" | "axes" | "geometry")
}

/// All numbers of an array, unpacked.
pub(super) fn whole(array: &dyn ArraySource) -> Option<ArrayD<f64>> {
    let info = array.info();
    let mut values = array.read(&vec![None; info.shape.len()]).ok()?;
    values.mapv_inplace(|stored| info.packing.value(stored));
    Some(values)
}

/// The coordinates of an array, along one axis or several.
fn read(array: &dyn ArraySource, values: ArrayD<f64>, axis: AxisName) -> Option<Reading> {
    let info = array.info();
    let single = info.number == NumberType::F32;
    let line = long_axes(&info.shape) <= 1;
    let (along, values) = match (variation(&values, single), line) {
        // A list is in whatever order it is.
        (_, true) => {
            let along = info.shape.iter().position(|n| *n > 1).unwrap_or(0);
            (along, values.into_iter().collect())
        }
        (Variation::Along { axis, values }, false) => (axis, values),
        (Variation::Constant(_), false) => return None,
        (Variation::Curvilinear, false) => {
            let AxisName::Space(axis) = axis else { return None };
            let (name, shape) = (info.name.clone(), info.shape.clone());
            return Some(Reading::Curved(Curved { axis, name, shape }));
        }
    };
    let found = candidate(array, axis, (info.shape.clone(), along), values);
    Some(Reading::Product(Box::new(found)))
}

fn candidate(
    array: &dyn ArraySource,
    axis: AxisName,
    (shape, along): (Vec<usize>, usize),
    values: Vec<f64>,
) -> Candidate {
    let info = array.info();
    let coordinates = Coordinates {
        origin: format!("array `{}`", info.name),
        name: leaf(&info.name).into(),
        standard_name: info.standard_name.clone(),
        units: info.units.clone(),
        values,
        single: info.number == NumberType::F32,
        ..Coordinates::default()
    };
    let dimension = info.dimensions.get(along).and_then(|dimension| dimension.name.clone());
    Candidate { axis, name: info.name.clone(), shape, along, dimension, coordinates }
}

/// The coordinates x, y[, z] in one array with an axis for them, the first or the last. None where x does not run along
/// a faster axis than y: then it is not known whether x comes first or the rows do.
fn read_stack(array: &dyn ArraySource, values: &ArrayD<f64>) -> Vec<Reading> {
    let info = array.info();
    let single = info.number == NumberType::F32;
    let Some(at) = stack_axis(&info.shape) else { return Vec::new() };
    let (mut found, mut before) = (Vec::new(), usize::MAX);
    for (k, part) in values.axis_iter(Axis(at)).enumerate() {
        let shape = part.shape().to_vec();
        match variation(&part.to_owned(), single) {
            Variation::Along { axis, values } if axis < before => {
                before = axis;
                let mut found_at = candidate(array, AxisName::Space(k), (shape, axis), values);
                found_at.coordinates.name = crate::grid::AXIS_NAMES[k].into();
                found.push(Reading::Product(Box::new(found_at)));
            }
            Variation::Curvilinear => {
                found.push(Reading::Curved(Curved { axis: k, name: info.name.clone(), shape }));
            }
            _ => return Vec::new(),
        }
    }
    found
}

/// The axis along which an array holds x, y[, z] of every point, if there is only one that may be it.
pub(super) fn stack_axis(shape: &[usize]) -> Option<usize> {
    let dims = shape.len().checked_sub(1).filter(|dims| (2..=3).contains(dims))?;
    let mut ends = [0, dims].into_iter().filter(|axis| shape[*axis] == dims);
    ends.next().filter(|_| ends.next().is_none())
}
