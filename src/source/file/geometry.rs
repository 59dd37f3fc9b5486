//! Origin and spacing of a field in a file: from the request, from coordinates, or assumed.

use super::array::{ArrayInfo, Coordinates, Store};
use super::axes::{Role, Roles};
use super::coordinates::{rising, uniform};
use super::height::Height;
use super::{FileError, FileMetric, FileRequest};
use crate::grid::AXIS_NAMES;

/// Where the points are along x, y[, z], and which axes are turned on reading.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Geometry {
    pub shape: Vec<usize>,
    pub origin: Vec<f64>,
    /// On uneven axes the mean.
    pub spacing: Vec<f64>,
    /// All coordinates of uneven axes, ascending.
    pub uneven: Vec<Option<Vec<f64>>>,
    pub units: Vec<String>,
    /// The file runs from high to low coordinates.
    pub flipped: Vec<bool>,
    pub notes: Vec<String>,
}

/// Settles origin and spacing of every axis.
pub(super) fn geometry(
    request: &FileRequest,
    store: &dyn Store,
    (info, roles): (&ArrayInfo, &Roles),
    height: Option<&Height>,
) -> Result<Geometry, FileError> {
    let mut geometry = geometry_along(request, roles.dims, |k| {
        let found = space_coordinates(store, info, &roles.roles, k);
        let found = match height.filter(|_| k == 2) {
            Some(height) => found.map(|found| height.convert(found)),
            None => found,
        };
        (space_length(info, &roles.roles, k), found)
    })?;
    geometry.notes.extend(height.map(|height| height.note.clone()));
    Ok(geometry)
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
const BESIDE: [&[&str]; 3] =
    [&["x", "lon", "longitude"], &["y", "lat", "latitude"], &["z", "depth", "height"]];

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
        let given = given_spacing.is_some() || given_origin.is_some();
        // With given lengths coordinates are labels.
        let labels = request.metric == Some(FileMetric::Given);
        if let Some(coordinates) = coordinates.filter(|_| !given && (labels || !request.staggered))
            && uniform(name, coordinates).is_err()
            && let Some(points) = rising(coordinates)
        {
            self.add_uneven(k, points, coordinates);
            return Ok(());
        }
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
        self.note_turned(k, descending);
        let units = coordinates.map(|c| c.units.clone()).unwrap_or_default();
        self.shape.push(length);
        self.spacing.push(spacing);
        self.uneven.push(None);
        self.origin.push(origin);
        self.units.push(units);
        self.flipped.push(descending);
        Ok(())
    }

    /// An axis whose coordinates are all kept.
    fn add_uneven(&mut self, k: usize, points: Vec<f64>, coordinates: &Coordinates) {
        let (name, source) = (AXIS_NAMES[k], &coordinates.origin);
        let steps = points.windows(2).map(|pair| pair[1] - pair[0]);
        let least = steps.clone().fold(f64::INFINITY, f64::min);
        let most = steps.fold(0.0, f64::max);
        self.notes.push(format!("spacing of {name} from {least} to {most} (read from {source})"));
        let first = points[0];
        self.notes.push(format!("first point of {name} at {first} (read from {source})"));
        let descending = coordinates.values[0] > first;
        self.note_turned(k, descending);
        self.shape.push(points.len());
        self.spacing.push((points[points.len() - 1] - first) / (points.len() - 1) as f64);
        self.origin.push(first);
        self.uneven.push(Some(points));
        self.units.push(coordinates.units.clone());
        self.flipped.push(descending);
    }

    fn note_turned(&mut self, k: usize, descending: bool) {
        if descending {
            let note = "runs downwards in the file: turned so that coordinates ascend";
            let name = AXIS_NAMES[k];
            self.notes.push(format!("axis {name} {note}; the signs of the components stay"));
        }
    }
}
