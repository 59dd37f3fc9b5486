//! The coordinates along an axis of space, among what a file has.

use super::angle_words::{Angle, angle_of, as_degrees, in_degrees};
use super::array::{ArrayInfo, Coordinates, Store};
use super::axes::{Role, Roles};
use super::coordinates::disorder;
use super::{CoordinateError, FileError, FileMetric, FileRequest};
use crate::grid::{AXIS_NAMES, short};
use ndarray::{ArrayD, Axis, IxDyn};

/// Names of arrays beside the data that hold the coordinates of x, y and z.
const BESIDE: [&[&str]; 3] =
    [&["x", "lon", "longitude"], &["y", "lat", "latitude"], &["z", "depth", "height"]];

/// Position of axis k of space among the axes of the array.
pub(super) fn space_axis(roles: &[Role], k: usize) -> usize {
    let found = roles.iter().position(|role| *role == Role::Space(k));
    found.expect("every axis of space has its place in the array")
}

/// Length of the array along axis k of space.
pub(super) fn space_length(info: &ArrayInfo, roles: &[Role], k: usize) -> usize {
    info.shape[space_axis(roles, k)]
}

/// Puts the axes that remain in the order component, z, y, x and turns descending ones.
pub(super) fn arrange(raw: ArrayD<f64>, roles: &[Role], flipped: &[bool]) -> ArrayD<f64> {
    let kept: Vec<Role> = roles.iter().copied().filter(|role| *role != Role::Sample).collect();
    let place = |wanted: Role| kept.iter().position(|role| *role == wanted);
    let mut order: Vec<usize> = place(Role::Component).into_iter().collect();
    order.extend((0..flipped.len()).rev().filter_map(|k| place(Role::Space(k))));
    let mut array = raw.permuted_axes(IxDyn(&order));
    let last = array.ndim() - 1;
    for (k, _) in flipped.iter().enumerate().filter(|(_, flip)| **flip) {
        array.invert_axis(Axis(last - k));
    }
    if array.is_standard_layout() { array } else { array.as_standard_layout().into_owned() }
}

/// What could be the coordinates along axis k: the dimension's own, then arrays of known names beside the data.
fn candidates<'a>(
    store: &'a dyn Store,
    info: &'a ArrayInfo,
    roles: &[Role],
    k: usize,
) -> impl Iterator<Item = Coordinates> + 'a {
    let own = info.dimensions[space_axis(roles, k)].coordinates.clone();
    own.into_iter().chain(BESIDE[k].iter().filter_map(|name| store.coordinates(&info.name, name)))
}

/// Coordinates along axis k: the first as long as the axis, else the middles between the first that are one more.
/// Longitudes go on across the date line.
pub(super) fn space_coordinates(
    store: &dyn Store,
    info: &ArrayInfo,
    roles: &[Role],
    k: usize,
) -> Option<Coordinates> {
    let points = space_length(info, roles, k);
    let long = |n: usize| candidates(store, info, roles, k).find(|c| c.values.len() == n);
    if let Some(found) = long(points) {
        let found = continued(as_degrees(found));
        let name = info.dimensions[space_axis(roles, k)].name.as_deref();
        let edges = store.edges(&info.name, name.unwrap_or(AXIS_NAMES[k]));
        return Some(match edges.filter(|edges| edges.values.len() == points + 1) {
            Some(edges) => Coordinates { edges: Some(edges.values), ..found },
            None => found,
        });
    }
    long(points + 1).map(|edges| between(continued(as_degrees(edges)), AXIS_NAMES[k]))
}

/// The middles between edges of cells.
fn between(edges: Coordinates, axis: &str) -> Coordinates {
    let middle = |pair: &[f64]| 0.5 * (pair[0] + pair[1]);
    let words = format!(
        "{} has one value more than {axis} has points: read as the edges of cells, with the points midway",
        edges.origin
    );
    let reading = edges.reading.map_or(words.clone(), |before| format!("{before}; {words}"));
    Coordinates {
        edges: Some(edges.values.clone()),
        reading: Some(reading),
        values: edges.values.windows(2).map(middle).collect(),
        ..edges
    }
}

/// Longitudes in degrees that jump by a turn, such as from 179 to -179, without the jump.
fn continued(found: Coordinates) -> Coordinates {
    let longitude = angle_of(&found) == Some(Angle::Longitude) && in_degrees(&found);
    if !longitude || disorder(&found.values).is_none() {
        return found;
    }
    let jump = |pair: &[f64]| match pair[1] - pair[0] {
        step if step > 180.0 => -360.0,
        step if step < -180.0 => 360.0,
        _ => 0.0,
    };
    let jumps: Vec<f64> = found.values.windows(2).map(jump).collect();
    let (mut values, mut turn) = (found.values.clone(), 0.0);
    for (value, jump) in values.iter_mut().skip(1).zip(&jumps) {
        turn += jump;
        *value += turn;
    }
    let Some(at) = jumps.iter().position(|jump| *jump != 0.0) else { return found };
    if disorder(&values).is_some() {
        return found;
    }
    let reading = format!(
        "{} goes from {} to {} at index {} (from 0): read as going on, {} from there",
        found.origin,
        short(found.values[at]),
        short(found.values[at + 1]),
        at + 1,
        if jumps[at] > 0.0 { "360 more" } else { "360 less" }
    );
    Coordinates { values, reading: Some(reading), ..found }
}

/// [`check_length`] for every axis whose coordinates are not to be passed over.
pub(super) fn check_lengths(
    request: &FileRequest,
    store: &dyn Store,
    info: &ArrayInfo,
    roles: &Roles,
) -> Result<(), FileError> {
    let passed_over = request.spacing.is_some() || request.metric == Some(FileMetric::Given);
    let axes = 0..if passed_over { 0 } else { roles.dims };
    axes.into_iter().try_for_each(|k| check_length(store, info, &roles.roles, k))
}

/// Refuses coordinates beside an axis that are neither as many as its points nor one more: they would be passed over.
pub(super) fn check_length(
    store: &dyn Store,
    info: &ArrayInfo,
    roles: &[Role],
    k: usize,
) -> Result<(), FileError> {
    if space_coordinates(store, info, roles, k).is_some() {
        return Ok(());
    }
    let Some(found) = candidates(store, info, roles, k).next() else { return Ok(()) };
    Err(CoordinateError::Length {
        source_name: found.origin,
        found: found.values.len(),
        axis: AXIS_NAMES[k],
        dataset: format!("{:?} of shape {:?}", info.name, info.shape),
        expected: space_length(info, roles, k),
    }
    .into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn longitudes(values: &[f64]) -> Coordinates {
        Coordinates {
            origin: "`lon`".into(),
            name: "lon".into(),
            values: values.into(),
            units: "degrees_east".into(),
            ..Coordinates::default()
        }
    }

    #[test]
    fn longitudes_go_on_across_the_date_line_both_ways() {
        let of = |values: &[f64]| continued(longitudes(values));
        let east = of(&[178.0, 179.0, -180.0, -179.0]);
        assert_eq!(east.values, [178.0, 179.0, 180.0, 181.0]);
        assert!(east.reading.unwrap().contains("from 179 to -180 at index 2"));
        assert_eq!(of(&[1.0, 0.0, 359.0]).values, [1.0, 0.0, -1.0]);
        // In order, or in no order that turns of the globe make.
        for values in [&[-180.0, 20.0][..], &[0.0, 1.0, 0.5], &[178.0, -179.0, 179.0]] {
            assert_eq!((of(values).values, of(values).reading), (values.to_vec(), None));
        }
        let lengths = Coordinates { units: "m".into(), ..longitudes(&[178.0, 179.0, -180.0]) };
        assert_eq!(continued(lengths.clone()), lengths);
    }

    #[test]
    fn middles_lie_between_edges() {
        let found = between(longitudes(&[0.0, 1.0, 4.0]), "x");
        assert_eq!((&found.values[..], found.listed()), (&[0.5, 2.5][..], &[0.0, 1.0, 4.0][..]));
    }
}
