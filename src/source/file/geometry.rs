//! Origin and spacing of a field in a file: from the request, from coordinates, or assumed.

use super::array::{ArrayInfo, Coordinates, Store};
use super::axes::{Role, Roles};
use super::coordinates::uniform;
use super::{FileError, FileRequest};
use crate::grid::AXIS_NAMES;

/// Where the points are along x, y[, z], and which axes are turned on reading.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Geometry {
    pub shape: Vec<usize>,
    pub origin: Vec<f64>,
    pub spacing: Vec<f64>,
    pub units: Vec<String>,
    /// The file runs from high to low coordinates.
    pub flipped: Vec<bool>,
    pub notes: Vec<String>,
}

/// Settles origin and spacing of every axis.
pub(super) fn geometry(
    request: &FileRequest,
    store: &dyn Store,
    info: &ArrayInfo,
    roles: &Roles,
) -> Result<Geometry, FileError> {
    geometry_along(request, roles.dims, |k| {
        (space_length(info, &roles.roles, k), space_coordinates(store, info, &roles.roles, k))
    })
}

/// Likewise from the number of points along each axis and the coordinates found.
pub(super) fn geometry_along(
    request: &FileRequest,
    dims: usize,
    points: impl Fn(usize) -> (usize, Option<Coordinates>),
) -> Result<Geometry, FileError> {
    check_given("spacing", request.spacing.as_deref(), dims, |v| v > 0.0 && v.is_finite())?;
    check_given("origin", request.origin.as_deref(), dims, f64::is_finite)?;
    let mut geometry = Geometry::default();
    for k in 0..dims {
        let (length, coordinates) = points(k);
        geometry.add_axis(request, k, length, coordinates.as_ref())?;
    }
    Ok(geometry)
}

/// Position of axis k of space among the axes of the array.
pub(super) fn space_axis(roles: &[Role], k: usize) -> usize {
    let found = roles.iter().position(|role| *role == Role::Space(k));
    found.expect("every axis of space has its place in the array")
}

/// Length of the array along axis k of space.
pub(super) fn space_length(info: &ArrayInfo, roles: &[Role], k: usize) -> usize {
    info.shape[space_axis(roles, k)]
}

/// Names of arrays beside the data that hold the coordinates of x, y and z.
const BESIDE: [&[&str]; 3] = [&["x", "lon", "longitude"], &["y", "lat", "latitude"], &["z"]];

/// Coordinates along axis k: the dimension's own, or an array of a known name beside the data.
pub(super) fn space_coordinates(
    store: &dyn Store,
    info: &ArrayInfo,
    roles: &[Role],
    k: usize,
) -> Option<Coordinates> {
    let axis = space_axis(roles, k);
    info.dimensions[axis].coordinates.clone().or_else(|| {
        let mut beside = BESIDE[k].iter().filter_map(|name| store.coordinates(&info.name, name));
        beside.find(|found| found.values.len() == info.shape[axis])
    })
}

/// The value given for axis k: its own, or the one for all.
fn for_axis(given: &Option<Vec<f64>>, k: usize) -> Option<f64> {
    let values = given.as_ref()?;
    values.get(k).or(values.first()).copied()
}

fn check_given(
    what: &'static str,
    given: Option<&[f64]>,
    dims: usize,
    usable: impl Fn(f64) -> bool,
) -> Result<(), FileError> {
    let Some(values) = given else { return Ok(()) };
    if values.len() != dims && values.len() != 1 {
        return Err(FileError::Count { what, expected: dims, found: values.len() });
    }
    match values.iter().position(|v| !usable(*v)) {
        Some(k) => Err(FileError::Value { what, axis: AXIS_NAMES[k], found: values[k] }),
        None => Ok(()),
    }
}

impl Geometry {
    fn add_axis(
        &mut self,
        request: &FileRequest,
        k: usize,
        length: usize,
        coordinates: Option<&Coordinates>,
    ) -> Result<(), FileError> {
        let name = AXIS_NAMES[k];
        let given_spacing = for_axis(&request.spacing, k);
        let given_origin = for_axis(&request.origin, k);
        let read = match coordinates.map(|c| uniform(name, c)) {
            // A spacing given by the user overrides coordinates that are not uniform.
            Some(Err(_)) if given_spacing.is_some() => None,
            Some(found) => found?,
            None => None,
        };
        let source = coordinates.map_or("", |c| c.origin.as_str());
        let single_point = coordinates.and_then(|c| c.values.first().copied());
        let (spacing, said) = match (given_spacing, read) {
            (Some(h), _) => (h, "given".to_string()),
            (None, Some(u)) => (u.spacing, format!("read from {source}")),
            (None, None) => (1.0, "assumed".to_string()),
        };
        let first = read.map(|u| u.first).or(single_point);
        let (origin, origin_said) = match (given_origin, first) {
            (Some(o), _) => (o, "given".to_string()),
            (None, Some(first)) => (first, format!("read from {source}")),
            (None, None) => (0.0, "assumed".to_string()),
        };
        self.notes.push(format!("spacing of {name} {spacing} ({said})"));
        self.notes.push(format!("first point of {name} at {origin} ({origin_said})"));
        let descending = read.is_some_and(|u| u.descending);
        if descending {
            let note = "runs downwards in the file: turned so that coordinates ascend";
            self.notes.push(format!("axis {name} {note}; the signs of the components stay"));
        }
        let units = coordinates.map(|c| c.units.clone()).unwrap_or_default();
        self.shape.push(length);
        self.spacing.push(spacing);
        self.origin.push(origin);
        self.units.push(units);
        self.flipped.push(descending);
        Ok(())
    }
}
