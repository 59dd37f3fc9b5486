//! The cells that take part, from a dataset.

use super::FileError;
use super::along::space_axis;
use super::array::ArraySource;
use super::axes::Role;
use super::field::arrange;
use super::geometry::Geometry;
use super::memory::ensure_readable;
use std::path::Path;

/// Reads a mask whose axes are ordered as those of the field: with or without the axes of
/// samples, which must then be of length 1. True where the value is neither zero nor missing.
pub(super) fn read_mask(
    path: &Path,
    mask: &dyn ArraySource,
    field_roles: &[Role],
    geometry: &Geometry,
) -> Result<Vec<bool>, FileError> {
    let info = mask.info();
    let without = |dropped: &[Role]| -> Vec<Role> {
        field_roles.iter().copied().filter(|role| !dropped.contains(role)).collect()
    };
    let mut roles = without(&[Role::Component]);
    if roles.len() != info.shape.len() {
        roles = without(&[Role::Component, Role::Sample]);
    }
    let space = |role: &Role| match role {
        Role::Space(k) => geometry.shape[*k],
        _ => 1,
    };
    let expected: Vec<usize> = roles.iter().map(space).collect();
    let dims = geometry.shape.len();
    let fits = roles.len() == info.shape.len()
        && (0..dims).all(|k| info.shape[space_axis(&roles, k)] == geometry.shape[k]);
    if !fits {
        return Err(FileError::Shapes {
            first: "the field".into(),
            expected,
            other: info.name.clone(),
            found: info.shape.clone(),
        });
    }
    if info.shape != expected {
        return Err(FileError::MaskVaries { name: info.name.clone(), shape: info.shape.clone() });
    }
    let at: Vec<_> = roles.iter().map(|role| (*role == Role::Sample).then_some(0)).collect();
    ensure_readable(path, mask, &at)?;
    let values = arrange(mask.read(&at)?, &roles, &geometry.flipped);
    Ok(values
        .iter()
        .map(|stored| info.packing.value(*stored))
        .map(|v| v != 0.0 && !v.is_nan())
        .collect())
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
