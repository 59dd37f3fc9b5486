//! Models that keep a ring of points around their cells, as ROMS does.

use super::FileRequest;
use super::along::space_axis;
use super::axes::Role;
use super::field::FieldArray;
use super::select::Narrowed;

/// Leaves out the ring where u has one column less than v and v one row less than u: their outermost points then lie
/// beyond walls on which the other component is. Says so.
pub(super) fn without_ring(
    request: &FileRequest,
    parts: Vec<FieldArray>,
) -> (Vec<FieldArray>, Option<String>) {
    let [u, v] = &parts[..] else { return (parts, None) };
    // Nameless arrays of these shapes may have their axes the other way round.
    let named = |part: &FieldArray| {
        let mut axes = part.source.info().dimensions.iter().zip(&part.roles.roles);
        axes.all(|(dimension, role)| *role == Role::Sample || dimension.name.is_some())
    };
    let bounded = !request.is_periodic(0) && !request.is_periodic(1) && named(u) && named(v);
    let along = |part: &FieldArray, k: usize| part.source.info().shape[axis_of(part, k)];
    let [ux, uy, vx, vy] = [along(u, 0), along(u, 1), along(v, 0), along(v, 1)];
    if !bounded || vx != ux + 1 || uy != vy + 1 || vy < 2 || ux < 2 {
        return (parts, None);
    }
    let cut = |(k, part): (usize, FieldArray)| {
        // u is cut along y, and v along x.
        let axis = axis_of(&part, 1 - k);
        let mut picks = vec![None; part.source.info().shape.len()];
        picks[axis] = Some((1..part.source.info().shape[axis] - 1).collect());
        FieldArray { source: Box::new(Narrowed::new(part.source, picks)), ..part }
    };
    let words = "the ring of points around the cells, of which the file has one component only, is left out";
    let note = format!("{words}: {} x {} cells", ux - 1, vy - 1);
    (parts.into_iter().enumerate().map(cut).collect(), Some(note))
}

fn axis_of(part: &FieldArray, k: usize) -> usize {
    space_axis(&part.roles.roles, k)
}
