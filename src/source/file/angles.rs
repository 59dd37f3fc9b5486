//! Coordinates that are angles: longitude and latitude, whose differences are not lengths.

use super::along::{space_axis, space_coordinates, space_length};
use super::angle_words::{Angle, angle_of, in_degrees, is_angle, is_angle_name, is_length};
use super::array::{AngleArray, ArrayInfo, Coordinates, Store};
use super::axes::Roles;
use super::candidates::OpenFile;
use super::error::whole_circle_in_words;
use super::height::Height;
use super::steps::Steps;
use super::{CoordinateError, FileError, FileMetric, FileRequest};
use crate::grid::AXIS_NAMES;
use std::f64::consts::TAU;
use std::rc::Rc;

/// Coordinates that are angles, and what they are taken as.
#[derive(Clone, Debug)]
pub(super) enum Angles {
    /// Lengths.
    AsLengths {
        warning: String,
        /// The bounded axis whose longitudes go once round the globe, if one does.
        whole_circle: Option<&'static str>,
    },
    /// Longitude and latitude on a sphere.
    OnSphere {
        longitudes: Longitudes,
        /// Of three dimensions.
        height: Option<Height>,
    },
}

impl Angles {
    /// Units along x, y and z where the file names none.
    pub fn units(&self) -> [&'static str; 3] {
        match self {
            Angles::AsLengths { .. } => ["degrees", "degrees", ""],
            Angles::OnSphere { .. } => ["degrees_east", "degrees_north", "m"],
        }
    }
}

/// How the longitudes of a field on a sphere end.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Longitudes {
    /// They are a part of the circle.
    Part,
    /// They go once round.
    Round,
    /// They go once round, and the last meridian is the first again.
    Repeated { first: f64, last: f64 },
}

/// Settles what angles are taken as; `None` where there are none and no sphere is requested. Fails where they are neither
/// to be lengths nor longitude and latitude along x and y. On a plane a longitude that ends where it began is refused.
pub(super) fn check(
    request: &FileRequest,
    (store, others): (&dyn Store, &[Rc<OpenFile>]),
    parts: &[(&ArrayInfo, &Roles)],
) -> Result<Option<Angles>, FileError> {
    if request.metric == Some(FileMetric::Given) {
        return Ok(None);
    }
    let (info, roles) = parts[0];
    let coordinates = |k: usize| {
        let mut found = parts.iter().map(|(info, roles)| axis_angle(store, info, roles, k));
        found.find_map(|angle| angle)
    };
    let mut words: Vec<String> = (0..2).filter_map(coordinates).collect();
    let steps = Steps::of(request, store, (info, roles));
    let mut lengths = true;
    for k in 0..2 {
        let located = space_coordinates(store, info, &roles.roles, k).is_some();
        let stepped = words.is_empty() && !located && steps.along(k)?.is_some();
        lengths &= stepped || is_length_along(store, info, roles, k);
    }
    if words.is_empty() && !lengths {
        for store in std::iter::once(store).chain(others.iter().map(|other| &*other.store)) {
            words.extend(array_beside(store, info, roles)?);
        }
    }
    if let Some(longitudes) = sphere(request, (store, info, roles), lengths)? {
        check_widths(request, (store, info, roles))?;
        let height = height(request, (store, info, roles))?;
        return Ok(Some(Angles::OnSphere { longitudes, height }));
    }
    if words.is_empty() {
        refuse_globe(request, (store, info, roles))?;
        return Ok(None);
    }
    let whole_circle = match (request.staggered, circle(store, info, roles)) {
        (false, Some((k, Longitudes::Repeated { first, last }))) => {
            let (path, axis) = (request.path.clone(), AXIS_NAMES[k]);
            return Err(CoordinateError::RepeatedMeridian { path, axis, first, last }.into());
        }
        (false, Some((k, _))) if !request.is_periodic(k) => Some(AXIS_NAMES[k]),
        _ => None,
    };
    let coordinates = words.join(", ");
    if request.metric != Some(FileMetric::Plane) {
        let path = request.path.clone();
        let given = request.spacing.is_some() || request.origin.is_some();
        return Err(CoordinateError::Angles { path, coordinates, given, whole_circle }.into());
    }
    let taken = match &request.spacing {
        None => "differences of degrees are taken as lengths",
        Some(_) => "the spacing that was given is taken as that of a plane",
    };
    let warning = format!(
        "metric plane on angles ({coordinates}): {taken}; on the globe the gradient part is wrong by 30 to \
         160 %{}",
        whole_circle_in_words(whole_circle)
    );
    Ok(Some(Angles::AsLengths { warning, whole_circle }))
}

/// Refuses coordinates without units that go once round in 360 and up and down by at most 90: they are hardly lengths.
fn refuse_globe(
    request: &FileRequest,
    (store, info, roles): (&dyn Store, &ArrayInfo, &Roles),
) -> Result<(), FileError> {
    let given = request.metric.is_some() || request.spacing.is_some();
    let along = |k: usize| space_coordinates(store, info, &roles.roles, k);
    let (Some(x), Some(y)) = (along(0), along(1)) else { return Ok(()) };
    let length = |list: &[f64]| (list[list.len() - 1] - list[0]).abs();
    if given || !x.units.is_empty() || !y.units.is_empty() || x.values.len().min(y.values.len()) < 3
    {
        return Ok(());
    }
    let step = length(&x.values) / (x.values.len() - 1) as f64;
    let short = 360.0 - length(&x.values);
    let round = short.abs() < 0.1 * step || (short - step).abs() < 0.1 * step;
    let upright = y.values.iter().all(|v| v.abs() <= 90.0) && length(&y.values) >= 90.0;
    match round && upright {
        true => Err(CoordinateError::PerhapsGlobe {
            path: request.path.clone(),
            names: [x.origin, y.origin],
        }
        .into()),
        false => Ok(()),
    }
}

/// How the longitudes end, where the field is one on a sphere: as requested, or because x is a longitude and y a
/// latitude in degrees.
fn sphere(
    request: &FileRequest,
    (store, info, roles): (&dyn Store, &ArrayInfo, &Roles),
    lengths: bool,
) -> Result<Option<Longitudes>, FileError> {
    let along = |k: usize| space_coordinates(store, info, &roles.roles, k);
    let is = |k: usize, what: Angle| along(k).is_some_and(|found| angle_of(&found) == Some(what));
    let given = request.spacing.is_some() || request.origin.is_some();
    let placed = request.spacing.is_some() && request.origin.is_some();
    let located = placed || (0..2).all(|k| along(k).is_some());
    let by_itself = is(0, Angle::Longitude) && is(1, Angle::Latitude) && !given;
    let other_units = (0..2).filter_map(along).any(|found| !in_degrees(&found));
    match request.metric {
        Some(FileMetric::Plane | FileMetric::Given) => Ok(None),
        None if !by_itself || other_units => Ok(None),
        // Small numbers without units may be radians.
        None if (0..2)
            .filter_map(along)
            .all(|found| found.units.is_empty() && is_small(&found)) =>
        {
            Ok(None)
        }
        _ if request.staggered => {
            Err(CoordinateError::FacesOnSphere { path: request.path.clone() }.into())
        }
        Some(FileMetric::Sphere)
            if !located || lengths || other_units || is(0, Angle::Latitude) =>
        {
            let (path, dims) = (request.path.clone(), roles.dims);
            Err(CoordinateError::NotOnSphere { path, dims }.into())
        }
        _ => Ok(Some(match circle(store, info, roles) {
            Some((0, longitudes)) if !given => longitudes,
            _ => Longitudes::Part,
        })),
    }
}

/// Refuses a single longitude or latitude, which does not say how wide its cells are.
fn check_widths(
    request: &FileRequest,
    (store, info, roles): (&dyn Store, &ArrayInfo, &Roles),
) -> Result<(), FileError> {
    let single = |k: &usize| {
        let edges = || space_coordinates(store, info, &roles.roles, *k)?.edges;
        space_length(info, &roles.roles, *k) == 1 && request.spacing.is_none() && edges().is_none()
    };
    let Some(k) = (0..2).find(single) else { return Ok(()) };
    let (path, axis) = (request.path.clone(), AXIS_NAMES[k]);
    Err(CoordinateError::OneAngle { path, axis, angle: ["longitude", "latitude"][k] }.into())
}

/// How the third coordinate of a field on longitudes and latitudes is a height.
fn height(
    request: &FileRequest,
    (store, info, roles): (&dyn Store, &ArrayInfo, &Roles),
) -> Result<Option<Height>, FileError> {
    if roles.dims == 2 {
        return Ok(None);
    }
    let along = space_coordinates(store, info, &roles.roles, 2);
    let layers = along.as_ref().filter(|along| along.edges.is_some() || along.bounds.is_some());
    let found = match space_length(info, &roles.roles, 2) {
        1 if layers.is_none() => Err("it has one level, whose thickness is not known".into()),
        _ => Height::of(along.as_ref()),
    };
    let placed = request.spacing.is_some() && request.origin.is_some();
    match found {
        Err(_) if placed && space_length(info, &roles.roles, 2) > 1 => Ok(Some(Height::given())),
        Err(reason) => {
            let path = request.path.clone();
            Err(CoordinateError::NotHeights { path, reason }.into())
        }
        Ok(height) => {
            let along = along.unwrap_or_default();
            let layers = height.with_layers(&along).map_err(|reason| {
                let (path, source_name) = (request.path.clone(), along.origin.clone());
                CoordinateError::Bounds { path, source_name, reason }
            })?;
            Ok(Some(layers))
        }
    }
}

fn is_small(found: &Coordinates) -> bool {
    found.values.iter().all(|v| v.abs() < 6.4)
}

/// The angle along axis k of space, in words, by the coordinates of the axis or its bare name.
fn axis_angle(store: &dyn Store, info: &ArrayInfo, roles: &Roles, k: usize) -> Option<String> {
    let axis = AXIS_NAMES[k];
    match space_coordinates(store, info, &roles.roles, k) {
        Some(found) => is_angle(&found).then(|| match found.units.as_str() {
            "" if is_small(&found) => {
                format!("{axis} is {}, without units and small enough for radians", found.origin)
            }
            "" => format!("{axis} is {}", found.origin),
            units => format!("{axis} is {} in {units}", found.origin),
        }),
        None => {
            let name = info.dimensions[space_axis(&roles.roles, k)].name.as_deref()?;
            is_angle_name(name).then(|| format!("{axis} is the dimension `{name}`"))
        }
    }
}

fn is_length_along(store: &dyn Store, info: &ArrayInfo, roles: &Roles, k: usize) -> bool {
    let found = space_coordinates(store, info, &roles.roles, k);
    found.is_some_and(|found| {
        let far = found.values.iter().any(|v| v.abs() > 720.0);
        is_length(&found.units) || found.standard_name.starts_with("projection_") || far
    })
}

/// An array of angles elsewhere in the file that is as long as an axis, or covers the points.
fn array_beside(
    store: &dyn Store,
    info: &ArrayInfo,
    roles: &Roles,
) -> Result<Option<String>, FileError> {
    let length = |k: usize| info.shape[space_axis(&roles.roles, k)];
    // On a staggered grid some have one value more or less.
    let near = |found: usize, k: usize| found.abs_diff(length(k)) <= 2;
    let fits = |array: &AngleArray| match array.shape[..] {
        [n] => near(n, 0) || near(n, 1),
        [.., a, b] => (near(a, 1) && near(b, 0)) || (near(a, 0) && near(b, 1)),
        [] => false,
    };
    let found = store.angle_arrays()?.into_iter().find(fits);
    Ok(found.map(|array| format!("the file has `{}` {:?}", array.name, array.shape)))
}

/// Whether the edges of cells in degrees go once round, but for rounding.
fn goes_round(edges: &[f64]) -> bool {
    let span = (edges[edges.len() - 1] - edges[0]).abs();
    (span - 360.0).abs() < 1e-2 * span / (edges.len() - 1) as f64
}

/// The axis whose angles go once round a circle, if one does.
fn circle(store: &dyn Store, info: &ArrayInfo, roles: &Roles) -> Option<(usize, Longitudes)> {
    for k in 0..2 {
        let Some(found) = space_coordinates(store, info, &roles.roles, k) else { continue };
        let [first, .., last] = found.values[..] else { continue };
        if k == 0 && is_angle(&found) && found.edges.as_ref().is_some_and(|e| goes_round(e)) {
            return Some((k, Longitudes::Round));
        }
        let (n, span) = (found.values.len() as f64, (last - first).abs());
        let radians = found.units.to_lowercase().starts_with("rad")
            || (found.units.is_empty() && (span * n / (n - 1.0) - TAU).abs() < 1e-3);
        let whole = if radians { TAU } else { 360.0 };
        let tolerance = 1e-2 * span / n;
        let longitude = k == 0 || found.name.to_lowercase().contains("lon");
        if is_angle(&found) && longitude && span > whole - tolerance {
            return Some((k, Longitudes::Repeated { first, last }));
        }
        if is_angle(&found) && (span * n / (n - 1.0) - whole).abs() < 10.0 * tolerance {
            return Some((k, Longitudes::Round));
        }
    }
    None
}
