//! The cells that take part, from a dataset.

use super::along::arrange;
use super::array::{ArrayInfo, ArraySource};
use super::axes::{DimensionKind, Role, kind};
use super::condition::Condition;
use super::memory::ensure_readable;
use super::{FileError, MaskError};
use ndarray::{Axis, Slice};
use std::borrow::Cow;
use std::path::PathBuf;

/// A dataset and what its numbers have to be in the cells that take part.
pub(super) struct Mask {
    path: PathBuf,
    source: Box<dyn ArraySource>,
    condition: Condition,
    place: Place,
    flipped: Vec<bool>,
    /// The cells where they are the same in every sample.
    fixed: Option<Vec<bool>>,
}

/// What the axes of a mask are. Without z it is the same in every level of a field of three axes.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Place {
    pub roles: Vec<Role>,
    /// The axis of samples of the field that each of its axes of samples follows; `None` for those of length 1.
    pub follows: Vec<Option<usize>>,
}

impl Mask {
    /// Reads it now if it is one for all samples.
    pub fn open(
        path: PathBuf,
        source: Box<dyn ArraySource>,
        condition: Condition,
        place: Place,
        flipped: Vec<bool>,
        shape: &[usize],
    ) -> Result<Mask, FileError> {
        let varies = place.follows.iter().any(Option::is_some);
        let mut mask = Mask { path, source, condition, place, flipped, fixed: None };
        if !varies {
            mask.fixed = Some(mask.read(&[], shape)?);
        }
        Ok(mask)
    }

    /// Closes its file, and says whether that can be opened again.
    pub fn close(&self) -> bool {
        self.source.close()
    }

    pub fn condition(&self) -> &Condition {
        &self.condition
    }

    /// The cells of all samples, if they are the same.
    pub fn fixed(&self) -> Option<&[bool]> {
        self.fixed.as_deref()
    }

    /// The cells of the sample at this index, x fastest.
    pub fn cells(&self, at: &[usize], shape: &[usize]) -> Result<Cow<'_, [bool]>, FileError> {
        match &self.fixed {
            Some(cells) => Ok(Cow::Borrowed(cells)),
            None => self.read(at, shape).map(Cow::Owned),
        }
    }

    /// Leaves out the last plane along axis k of a grid of this shape.
    pub fn narrow(&mut self, shape: &[usize], k: usize) {
        let Some(cells) = self.fixed.take() else { return };
        let rest: usize = shape[..k].iter().product();
        let lanes = cells.chunks_exact(rest * shape[k]);
        self.fixed = Some(lanes.flat_map(|lane| &lane[..lane.len() - rest]).copied().collect());
    }

    fn read(&self, at: &[usize], shape: &[usize]) -> Result<Vec<bool>, FileError> {
        let Place { roles, follows } = &self.place;
        let mut follows = follows.iter();
        let fixed = |role: &Role| match role {
            Role::Sample => follows.next().map(|axis| axis.map_or(0, |axis| at[axis])),
            _ => None,
        };
        let at: Vec<Option<usize>> = roles.iter().map(fixed).collect();
        ensure_readable(&self.path, self.source.as_ref(), &at)?;
        let axes = roles.iter().filter(|role| matches!(role, Role::Space(_))).count();
        let mut values = arrange(self.source.read(&at)?, roles, &self.flipped[..axes]);
        for (k, n) in shape[..axes].iter().enumerate() {
            values.slice_axis_inplace(Axis(axes - 1 - k), Slice::from(..*n));
        }
        let info = self.source.info();
        let values = values.iter().map(|stored| info.packing.value(*stored));
        let cells = self.condition.cells(values, info.number)?;
        Ok(cells.repeat(shape[axes..].iter().product()))
    }

    /// What is to be said of a mask without levels.
    pub fn note(&self) -> Option<String> {
        let is_flat = self.flipped.len() == 3 && !self.place.roles.contains(&Role::Space(2));
        let name = &self.condition.name;
        is_flat.then(|| format!("mask {name} has no axis z: the same in every level"))
    }
}

/// Which axis of a mask is which, for a field on so many points: by the names of the dimensions if all of space are
/// among them, else by position, behind axes of samples as the field has them or of length 1.
pub(super) fn place(
    mask: &ArrayInfo,
    (field, roles): (&ArrayInfo, &[Role]),
    shape: &[usize],
) -> Result<Place, FileError> {
    let by_name = |dims: usize| by_name(mask, (field, roles), dims);
    let fits = |own: &Vec<Role>| {
        let lengths = own.iter().zip(&mask.shape);
        let mut space = lengths.filter_map(|(role, n)| match role {
            Role::Space(k) => Some((k, n)),
            _ => None,
        });
        space.all(|(k, n)| shape[*k] == *n)
    };
    let levels = shape.len() == 3;
    let whole = [by_name(shape.len()), by_position(mask, roles)];
    let level = [by_name(2).filter(|_| levels), of_level(mask, roles).filter(|_| levels)];
    let Some(own) = whole.into_iter().chain(level).flatten().find(fits) else {
        return Err(FileError::Shapes {
            first: "the field".into(),
            expected: shape.iter().rev().copied().collect(),
            other: mask.name.clone(),
            found: mask.shape.clone(),
        });
    };
    let samples = (0..own.len()).filter(|axis| own[*axis] == Role::Sample);
    let series: Vec<usize> = (0..roles.len()).filter(|axis| roles[*axis] == Role::Sample).collect();
    let mut follows: Vec<Option<usize>> = Vec::new();
    for axis in samples {
        if mask.shape[axis] == 1 {
            follows.push(None);
            continue;
        }
        let name = &mask.dimensions[axis].name;
        let free = |index: &usize| !follows.contains(&Some(*index));
        let long = |index: &usize| field.shape[series[*index]] == mask.shape[axis];
        let called = |index: &usize| {
            let other = &field.dimensions[series[*index]].name;
            name.is_none() || other.is_none() || name == other
        };
        let mut candidates = (0..series.len()).filter(free).filter(long).filter(called);
        let (found, more) = (candidates.next(), candidates.next());
        match found.filter(|_| more.is_none()) {
            Some(index) => follows.push(Some(index)),
            None => {
                let (name, shape) = (mask.name.clone(), mask.shape.clone());
                return Err(MaskError::Varies { name, shape }.into());
            }
        }
    }
    Ok(Place { roles: own, follows })
}

/// By the names that the field has for its axes, and by names that tell the axis; `None` unless all axes of space are
/// found once.
fn by_name(
    mask: &ArrayInfo,
    (field, roles): (&ArrayInfo, &[Role]),
    dims: usize,
) -> Option<Vec<Role>> {
    let named = |name: &String| {
        let axis = field.dimensions.iter().position(|other| other.name.as_ref() == Some(name));
        axis.map(|axis| roles[axis]).filter(|role| *role != Role::Component)
    };
    let own: Vec<Role> = mask
        .dimensions
        .iter()
        .map(|dimension| {
            let known = dimension.name.as_ref().and_then(named);
            known.unwrap_or(match kind(dimension) {
                DimensionKind::Space(k) if k < dims => Role::Space(k),
                _ => Role::Sample,
            })
        })
        .collect();
    let once = |k: &usize| own.iter().filter(|role| **role == Role::Space(*k)).count() == 1;
    (0..dims).all(|k| once(&k)).then_some(own)
}

/// The axes of space last, in the order of the field, unless the mask has all axes of the field.
fn by_position(mask: &ArrayInfo, roles: &[Role]) -> Option<Vec<Role>> {
    let of_cells: Vec<Role> =
        roles.iter().copied().filter(|role| *role != Role::Component).collect();
    if of_cells.len() == mask.shape.len() {
        return Some(of_cells);
    }
    let space: Vec<Role> = of_cells.into_iter().filter(|role| *role != Role::Sample).collect();
    let more = mask.shape.len().checked_sub(space.len())?;
    Some([vec![Role::Sample; more], space].concat())
}

/// x and y, in the order of the field, for a mask that has just those behind axes of length 1.
fn of_level(mask: &ArrayInfo, roles: &[Role]) -> Option<Vec<Role>> {
    let plane = |role: &&Role| matches!(role, Role::Space(0 | 1));
    let own: Vec<Role> = roles.iter().filter(plane).copied().collect();
    let more = mask.shape.len().checked_sub(own.len())?;
    let short = mask.shape[..more].iter().all(|n| *n == 1);
    short.then(|| [vec![Role::Sample; more], own].concat())
}

/// The cells where every component, each (z, y, x), is a finite number, x fastest: the mask that leaves
/// missing values out.
pub fn finite_cells<'a>(components: impl IntoIterator<Item = &'a [f64]>) -> Vec<bool> {
    let mut finite = Vec::new();
    for component in components {
        finite.resize(component.len(), true);
        for (all, v) in finite.iter_mut().zip(component) {
            *all &= v.is_finite();
        }
    }
    finite
}

#[cfg(test)]
mod tests {
    use super::super::array::{Dimension, NumberType, Packing};
    use super::*;

    fn info(shape: &[usize], names: &[&str]) -> ArrayInfo {
        let name = |name: &&str| Some(name.to_string()).filter(|name| !name.is_empty());
        let dimension = |n: &&str| Dimension { name: name(n), ..Dimension::default() };
        ArrayInfo {
            name: "mask".into(),
            shape: shape.into(),
            number: NumberType::Integer,
            dimensions: names.iter().map(dimension).collect(),
            standard_name: String::new(),
            units: String::new(),
            packing: Packing::default(),
            written: None,
        }
    }

    #[test]
    fn masks_follow_the_axes_that_they_share_with_the_field() {
        use Role::{Component, Sample, Space};
        let field = info(&[6, 3, 5, 4], &["time", "depth", "lat", "lon"]);
        let roles = [Sample, Sample, Space(1), Space(0)];
        let of = |shape: &[usize], names: &[&str]| {
            let found = place(&info(shape, names), (&field, &roles), &[4, 5]);
            found.ok().map(|place| (place.roles, place.follows))
        };
        let plane = [Space(1), Space(0)];
        let behind = |n: usize| [vec![Sample; n], plane.to_vec()].concat();
        assert_eq!(of(&[5, 4], &["", ""]), Some((behind(0), vec![])));
        assert_eq!(of(&[4, 5], &["", ""]), None);
        assert_eq!(of(&[4, 5], &["lon", "lat"]), Some((vec![Space(0), Space(1)], vec![])));
        assert_eq!(of(&[1, 1, 5, 4], &["", "", "y", "x"]), Some((behind(2), vec![None; 2])));
        assert_eq!(of(&[3, 5, 4], &["", "", ""]), Some((behind(1), vec![Some(1)])));
        assert_eq!(of(&[1, 6, 5, 4], &["", "", "", ""]), Some((behind(2), vec![None, Some(0)])));
        assert_eq!(of(&[6, 3, 5, 4], &["", "", "", ""]), Some((behind(2), vec![Some(0), Some(1)])));
        assert_eq!(of(&[7, 5, 4], &["", "", ""]), None);
        assert_eq!(of(&[6, 5, 4], &["other", "lat", "lon"]), None);
        assert_eq!(
            of(&[5, 4, 6], &["lat", "lon", "time"]),
            Some((vec![Space(1), Space(0), Sample], vec![Some(0)]))
        );
        let vector = info(&[3, 2, 5, 4], &["", "", "", ""]);
        let box_roles = [Component, Space(2), Space(1), Space(0)];
        let inside = info(&[2, 5, 4], &["", "", ""]);
        let found = place(&inside, (&vector, &box_roles), &[4, 5, 2]).unwrap();
        assert_eq!((found.roles, found.follows), (box_roles[1..].to_vec(), vec![]));
        // Without levels it is the same in all.
        for (shape, names, own) in [
            ([5, 4], ["", ""], Some([Space(1), Space(0)])),
            ([4, 5], ["lon", "lat"], Some([Space(0), Space(1)])),
            ([4, 5], ["", ""], None),
            ([2, 4], ["depth", "lon"], None),
        ] {
            let found = place(&info(&shape, &names), (&vector, &box_roles), &[4, 5, 2]);
            assert_eq!(found.ok().map(|place| place.roles), own.map(Vec::from), "{names:?}");
        }
    }
}
