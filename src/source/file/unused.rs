//! Arrays that look as if they belonged to a field, and were not used.

use super::FileError;
use super::array::{ArrayInfo, Store, group_and_leaf, leaf};
use super::axes::Roles;
use super::component_names::{is_mask_name, partners};
use super::names::{AxisName, axis_of_name};

/// What an array that was not used looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Likeness {
    /// Cells that take part.
    Mask,
    /// One more component.
    Component,
    /// Coordinates of the points.
    Coordinates,
}

/// An array that was not used.
#[derive(Clone, Debug, PartialEq)]
pub struct Unused {
    /// Its name.
    pub name: String,
    /// What it looks like.
    pub likeness: Likeness,
}

/// Whether an array is a component, coordinates of one, or named as a mask.
pub(super) fn is_used(name: &str, mask: Option<&str>, parts: &[(&ArrayInfo, &Roles)]) -> bool {
    let quoted = format!("`{name}`");
    let axis = |info: &ArrayInfo| {
        let mut found = info.dimensions.iter();
        found.any(|d| d.coordinates.as_ref().is_some_and(|c| c.origin.contains(&quoted)))
    };
    mask.is_some_and(|mask| mask.contains(name))
        || parts.iter().any(|(info, _)| info.name == name || axis(info))
}

/// The arrays beside the components that look like a mask, a component or coordinates of theirs, and are none.
pub(super) fn unused(
    store: &dyn Store,
    mask: Option<&str>,
    parts: &[(&ArrayInfo, &Roles)],
) -> Result<Vec<Unused>, FileError> {
    let (info, roles) = parts[0];
    if info.written.is_some() {
        return Ok(Vec::new());
    }
    let used = |name: &str| is_used(name, mask, parts) || store.is_mark(name);
    let third = partners(leaf(&info.name)).map(|[_, third]| third).unwrap_or_default();
    let long = |shape: &[usize]| shape.iter().filter(|n| **n > 1).count();
    let mut found = Vec::new();
    for (name, shape) in store.arrays()?.0 {
        let near = group_and_leaf(&name).0 == group_and_leaf(&info.name).0;
        if !near || used(&name) {
            continue;
        }
        let within = shape.iter().all(|n| *n == 1 || info.shape.contains(n));
        let likeness = match axis_of_name(leaf(&name)) {
            _ if is_mask_name(leaf(&name)) && within && long(&shape) > 1 => Likeness::Mask,
            _ if leaf(&name).to_lowercase() == third && shape == info.shape && roles.dims == 2 => {
                Likeness::Component
            }
            Some(AxisName::Space(k)) if within && long(&shape) > 0 && k < roles.dims => {
                Likeness::Coordinates
            }
            _ => continue,
        };
        found.push(Unused { name, likeness });
    }
    Ok(found)
}
