//! The datasets of an HDF5 file, one after the other.

use super::hdf5_compound;
use super::matlab::shape;
use ::hdf5::{Dataset, Group};
use std::collections::HashSet;

/// Groups nested deeper are not searched, so that no file exhausts the stack.
pub(super) const DEPTH: usize = 64;

/// Calls `seen` for every dataset of a group and of those in it.
pub(super) fn visit(
    group: &Group,
    depth: usize,
    known: &mut HashSet<String>,
    seen: &mut impl FnMut(&Dataset),
) -> ::hdf5::Result<()> {
    if !known.insert(identity(group)?) {
        return Ok(());
    }
    for name in group.member_names()? {
        if let Ok(dataset) = group.dataset(&name) {
            seen(&dataset);
        } else if depth > 0
            && let Ok(inner) = group.group(&name)
        {
            visit(&inner, depth - 1, known, seen)?;
        }
    }
    Ok(())
}

/// What tells a group from others.
pub(super) fn identity(group: &Group) -> ::hdf5::Result<String> {
    let info = group.loc_info()?;
    Ok(format!("{} {:?}", info.fileno, info.token))
}

/// Adds a dataset to a list, or its fields where those are components.
pub(super) fn list_fields(dataset: &Dataset, found: &mut Vec<(String, Vec<usize>)>) {
    let path = dataset.name();
    let name = path.trim_start_matches('/');
    let fields = hdf5_compound::fields(dataset);
    if fields.is_empty() {
        found.push((name.into(), shape(dataset)));
    }
    found.extend(fields.iter().map(|(field, _)| (format!("{name}/{field}"), shape(dataset))));
}
