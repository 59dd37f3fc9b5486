//! Origin and spacing of a field in a file: from the request, from coordinates, or assumed.

use super::along::{space_coordinates, space_length};
use super::array::{ArrayInfo, Coordinates, Store};
use super::axes::Roles;
use super::coordinates::{Rising, rising, uniform};
use super::height::Height;
use super::steps::Steps;
use super::units::in_one_unit;
use super::{CoordinateError, FileError, FileMetric, FileRequest};
use crate::grid::{AXIS_NAMES, short};

/// Where the points are along x, y[, z], and which axes are turned on reading.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Geometry {
    pub shape: Vec<usize>,
    pub origin: Vec<f64>,
    /// On uneven axes the mean.
    pub spacing: Vec<f64>,
    /// All coordinates of uneven axes, ascending.
    pub uneven: Vec<Option<Vec<f64>>>,
    /// The edges of the cells of uneven axes, where the file has them.
    pub edges: Vec<Option<Vec<f64>>>,
    pub units: Vec<String>,
    /// No coordinates are known.
    pub unplaced: Vec<bool>,
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
    let steps = Steps::of(request, store, (info, roles));
    let mut geometry = geometry_along(request, &steps, |k| {
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
    steps: &Steps<'_>,
    points: impl Fn(usize) -> (usize, Option<Coordinates>),
) -> Result<Geometry, FileError> {
    let dims = steps.points.len();
    check_given("spacing", request.spacing.as_deref(), dims, |v| v > 0.0 && v.is_finite())?;
    check_given("origin", request.origin.as_deref(), dims, f64::is_finite)?;
    let mut geometry = Geometry::default();
    let (lengths, mut along): (Vec<_>, Vec<_>) = (0..dims).map(points).unzip();
    for (k, found) in along.iter_mut().enumerate().filter(|(k, _)| lengths[*k] > 1) {
        match found {
            Some(found) => steps.check(k, found)?,
            None => *found = steps.along(k)?.map(|step| step.coordinates(lengths[k])),
        }
    }
    if request.spacing.is_none() && request.metric != Some(FileMetric::Given) {
        geometry.notes = in_one_unit(&mut along)?;
    }
    for (k, coordinates) in along.iter().enumerate() {
        geometry.add_axis(request, k, lengths[k], coordinates.as_ref())?;
    }
    Ok(geometry)
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
        return Err(CoordinateError::Count { what, expected: dims, found: values.len() }.into());
    }
    match values.iter().position(|v| !usable(*v)) {
        Some(k) => {
            let (axis, found) = (AXIS_NAMES[k], values[k]);
            Err(CoordinateError::Value { what, axis, found }.into())
        }
        None => Ok(()),
    }
}

/// Where equally spaced points are.
struct Place {
    spacing: f64,
    first: f64,
    descending: bool,
}

impl Geometry {
    fn add_axis(
        &mut self,
        request: &FileRequest,
        k: usize,
        length: usize,
        coordinates: Option<&Coordinates>,
    ) -> Result<(), FileError> {
        let given = [for_axis(&request.spacing, k), for_axis(&request.origin, k)];
        self.units.push(coordinates.map(|c| c.units.clone()).unwrap_or_default());
        self.unplaced.push(coordinates.is_none());
        let Some(coordinates) = coordinates else {
            let descending = k == 1 && request.y_down;
            let place = Place { spacing: 1.0, first: 0.0, descending };
            self.add_even(k, length, place, given, ["assumed", "assumed"].map(String::from));
            return Ok(());
        };
        if k == 1
            && request.y_down
            && !coordinates.is_step
            && coordinates.listed().first() < coordinates.listed().last()
        {
            let source_name = coordinates.origin.clone();
            return Err(CoordinateError::NotDown { source_name }.into());
        }
        self.notes.extend(coordinates.reading.clone());
        let name = AXIS_NAMES[k];
        // With given lengths coordinates are labels.
        let kept = request.metric == Some(FileMetric::Given) || !request.staggered;
        let read = format!("read from {}", coordinates.origin);
        let first = if coordinates.is_step { "assumed".into() } else { read.clone() };
        match (uniform(name, coordinates), rising(name, coordinates)) {
            (Ok(Some(u)), _) => {
                let descending = u.descending || coordinates.is_step && k == 1 && request.y_down;
                let place = Place { spacing: u.spacing, first: u.first, descending };
                self.add_even(k, length, place, given, [read, first]);
            }
            (Ok(None), _) => {
                let first = coordinates.values.first().copied().unwrap_or_default();
                let place = Place { spacing: 1.0, first, descending: false };
                self.add_even(k, length, place, given, ["assumed".into(), read]);
            }
            (Err(_), Ok(all)) if given == [None; 2] && kept => {
                self.add_uneven(k, all, &coordinates.origin);
            }
            (Err(_), Ok(_)) if given[0].is_none() && kept => {
                let source_name = coordinates.origin.clone();
                return Err(CoordinateError::UnevenOrigin { axis: name, source_name }.into());
            }
            (Err(error), _) if given[0].is_none() => return Err(error.into()),
            // A spacing given by the user overrides coordinates that are not uniform.
            (Err(_), all) => self.add_instead(k, length, given, all.ok(), &coordinates.origin),
        }
        Ok(())
    }

    /// An axis of a given spacing whose coordinates, in order if there are some, are left out.
    fn add_instead(
        &mut self,
        k: usize,
        length: usize,
        given: [Option<f64>; 2],
        all: Option<Rising>,
        source: &str,
    ) {
        let what = if all.is_some() { "uneven" } else { "disordered" };
        let said = all.as_ref().map_or("assumed".into(), |_| format!("read from {source}"));
        let (first, descending) = all.map_or((0.0, false), |all| (all.points[0], all.descending));
        let place = Place { spacing: 1.0, first, descending };
        self.add_even(k, length, place, given, [String::new(), said]);
        let name = AXIS_NAMES[k];
        self.notes.push(format!("the {what} coordinates of {name} in {source} are left out"));
    }

    /// An axis of equal spacing at a place unless a spacing or an origin is given, with words for where both of the
    /// place come from.
    fn add_even(
        &mut self,
        k: usize,
        length: usize,
        place: Place,
        given: [Option<f64>; 2],
        from: [String; 2],
    ) {
        let name = AXIS_NAMES[k];
        let said = |k: usize| if given[k].is_some() { "given" } else { &from[k] };
        let (spacing, first) = (given[0].unwrap_or(place.spacing), given[1].unwrap_or(place.first));
        self.notes.push(format!("spacing of {name} {} ({})", short(spacing), said(0)));
        self.notes.push(format!("first point of {name} at {} ({})", short(first), said(1)));
        self.note_turned(k, place.descending);
        self.shape.push(length);
        self.spacing.push(spacing);
        self.uneven.push(None);
        self.edges.push(None);
        self.origin.push(first);
        self.flipped.push(place.descending);
    }

    /// An axis whose coordinates are all kept.
    fn add_uneven(&mut self, k: usize, all: Rising, source: &str) {
        let Rising { points, edges, descending } = all;
        let name = AXIS_NAMES[k];
        let (first, last) = (points[0], points[points.len() - 1]);
        // A single point has the width of its cell.
        let single = if points.len() == 1 { edges.as_deref() } else { None };
        let steps = single.unwrap_or(&points).windows(2).map(|pair| pair[1] - pair[0]);
        let least = short(steps.clone().fold(f64::INFINITY, f64::min));
        let most = short(steps.clone().fold(0.0, f64::max));
        let from = if single.is_some() { least } else { format!("from {least} to {most}") };
        self.notes.push(format!("spacing of {name} {from} (read from {source})"));
        self.notes.push(format!("first point of {name} at {} (read from {source})", short(first)));
        self.note_turned(k, descending);
        self.shape.push(points.len());
        let mean = (last - first) / (points.len() - 1) as f64;
        self.spacing.push(single.map_or(mean, |edges| edges[1] - edges[0]));
        self.origin.push(first);
        self.uneven.push(Some(points));
        self.edges.push(edges);
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
