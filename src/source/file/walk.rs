//! Every list and header of a file, for whoever wants to know whether they can be read at all.

use super::stores::open_store;
use std::path::Path;

/// Arrays whose headers are read.
const MOST: usize = 100;

/// Reads what a file holds, without its numbers; what cannot be read is passed over.
pub(crate) fn walk(path: &Path) {
    let Ok(store) = open_store(path) else { return };
    let _ = (store.list(), store.angle_arrays(), store.own_faces(), store.vector_groups());
    let inputs = store.own_inputs().unwrap_or_default();
    let arrays = store.arrays().map(|all| all.0).unwrap_or_default();
    let names = arrays.iter().map(|(name, _)| name).chain(&inputs);
    names.take(MOST).for_each(|name| drop(store.open(name)));
}
