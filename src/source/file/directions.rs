//! Which way components point: east and north, or along the axes of the grid.

use super::along::space_coordinates;
use super::array::{ArrayInfo, Store, leaf};
use super::axes::Roles;
use super::{CoordinateError, FileError};

/// What the directions of components follow.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Frame {
    East,
    Grid,
}

/// The frame of a component by its standard name and its name; `None` where they do not say.
fn frame(info: &ArrayInfo) -> Option<Frame> {
    let name = leaf(&info.name).to_lowercase();
    let words: Vec<&str> = info
        .standard_name
        .split('_')
        .chain(name.split('_'))
        .filter(|word| !word.is_empty())
        .collect();
    let has = |list: &[&str]| words.iter().any(|word| list.contains(word));
    let east = has(&["eastward", "northward", "zonal", "meridional"]);
    match (east, info.standard_name.starts_with("grid_")) {
        (_, true) => Some(Frame::Grid),
        (true, _) => Some(Frame::East),
        _ if info.standard_name.split('_').any(|word| matches!(word, "x" | "y")) => {
            Some(Frame::Grid)
        }
        _ => None,
    }
}

/// Whether components point to the east and north.
pub(super) fn to_the_east(parts: &[(&ArrayInfo, &Roles)]) -> bool {
    parts.iter().take(2).any(|(info, _)| frame(info) == Some(Frame::East))
}

/// Refuses components of two frames, and those to the east and north on axes that run elsewhere.
/// Unless an angle is known.
pub(super) fn check(
    store: &dyn Store,
    parts: &[(&ArrayInfo, &Roles)],
    turned: bool,
) -> Result<(), FileError> {
    let plane = parts.iter().take(2).map(|(info, _)| (info, frame(info)));
    let frames: Vec<_> = plane.collect();
    if let [(first, Some(a)), (other, Some(b))] = frames[..]
        && a != b
    {
        let names = [&first.name, &other.name].map(String::clone);
        return Err(CoordinateError::MixedDirections { names }.into());
    }
    if turned || !frames.iter().any(|(_, frame)| *frame == Some(Frame::East)) {
        return Ok(());
    }
    let (info, roles) = parts[0];
    for k in 0..2 {
        let Some(found) = space_coordinates(store, info, &roles.roles, k) else { continue };
        let words = [&found.standard_name, &found.long_name];
        let turned = [
            "grid_longitude",
            "grid_latitude",
            "projection_x_coordinate",
            "projection_y_coordinate",
        ];
        if let Some(axis) = words.into_iter().find(|word| turned.contains(&word.as_str())) {
            let (names, axis) =
                ([&frames[0].0.name, &frames[1].0.name].map(String::clone), axis.clone());
            return Err(
                CoordinateError::TurnedAxes { names, coordinates: found.origin, axis }.into()
            );
        }
    }
    Ok(())
}
