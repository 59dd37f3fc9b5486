//! Coordinates that are angles: longitude and latitude, whose differences are not lengths.

use super::array::{AngleArray, ArrayInfo, Coordinates, Store};
use super::axes::Roles;
use super::error::whole_circle_in_words;
use super::geometry::{space_axis, space_coordinates, space_length};
use super::height::Height;
use super::{FileError, FileMetric, FileRequest};
use crate::grid::AXIS_NAMES;
use std::f64::consts::TAU;

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
    (store, others): (&dyn Store, &[Box<dyn Store>]),
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
    let lengths = (0..2).all(|k| is_length_along(store, info, roles, k));
    if words.is_empty() && !lengths {
        for store in std::iter::once(store).chain(others.iter().map(|other| &**other)) {
            words.extend(array_beside(store, info, roles)?);
        }
    }
    if let Some(longitudes) = sphere(request, (store, info, roles), lengths)? {
        let height = height(request, (store, info, roles))?;
        return Ok(Some(Angles::OnSphere { longitudes, height }));
    }
    if words.is_empty() {
        return Ok(None);
    }
    let whole_circle = match (request.staggered, circle(store, info, roles)) {
        (false, Some((k, Longitudes::Repeated { first, last }))) => {
            let (path, axis) = (request.path.clone(), AXIS_NAMES[k]);
            return Err(FileError::RepeatedMeridian { path, axis, first, last });
        }
        (false, Some((k, _))) if !request.is_periodic(k) => Some(AXIS_NAMES[k]),
        _ => None,
    };
    let coordinates = words.join(", ");
    if request.metric != Some(FileMetric::Plane) {
        return Err(FileError::Angles { path: request.path.clone(), coordinates, whole_circle });
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
    let fits = !request.staggered;
    let other_units = (0..2).filter_map(along).any(|found| !in_degrees(&found));
    match request.metric {
        Some(FileMetric::Plane | FileMetric::Given) => Ok(None),
        None if !(fits && by_itself) || other_units => Ok(None),
        // Small numbers without units may be radians.
        None if (0..2)
            .filter_map(along)
            .all(|found| found.units.is_empty() && is_small(&found)) =>
        {
            Ok(None)
        }
        Some(FileMetric::Sphere)
            if !fits || !located || lengths || other_units || is(0, Angle::Latitude) =>
        {
            let path = request.path.clone();
            Err(FileError::NotOnSphere { path, dims: roles.dims, staggered: request.staggered })
        }
        _ => Ok(Some(match circle(store, info, roles) {
            Some((0, longitudes)) if !given => longitudes,
            _ => Longitudes::Part,
        })),
    }
}

/// How the third coordinate of a field on longitudes and latitudes is a height.
fn height(
    request: &FileRequest,
    (store, info, roles): (&dyn Store, &ArrayInfo, &Roles),
) -> Result<Option<Height>, FileError> {
    if roles.dims == 2 {
        return Ok(None);
    }
    let found = match space_length(info, &roles.roles, 2) {
        1 => Err("it has one level, whose thickness is not known".into()),
        _ => Height::of(space_coordinates(store, info, &roles.roles, 2).as_ref()),
    };
    let placed = request.spacing.is_some() && request.origin.is_some();
    match found {
        Err(_) if placed && space_length(info, &roles.roles, 2) > 1 => Ok(Some(Height::given())),
        Err(reason) => Err(FileError::NotHeights { path: request.path.clone(), reason }),
        Ok(height) => Ok(Some(height)),
    }
}

/// What an angle is.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Angle {
    Longitude,
    Latitude,
}

/// Whether coordinates are longitudes or latitudes, by units, standard name or name.
fn angle_of(found: &Coordinates) -> Option<Angle> {
    if !is_angle(found) {
        return None;
    }
    let units = found.units.trim().to_lowercase().replace([' ', '_'], "");
    let by_units = ["degrees", "degree", "deg", "°"].iter().find_map(|d| units.strip_prefix(d));
    let words = [&found.standard_name, &found.long_name, &found.name].map(|w| w.to_lowercase());
    let named = |part: &str| words.iter().any(|word| word.contains(part));
    match by_units {
        Some("east" | "west" | "e" | "w") => Some(Angle::Longitude),
        Some("north" | "south" | "n" | "s") => Some(Angle::Latitude),
        _ if named("lon") || named("lng") || named("glam") => Some(Angle::Longitude),
        _ if named("lat") || named("ltd") || named("gphi") => Some(Angle::Latitude),
        _ => None,
    }
}

/// Whether angles are in degrees, as far as their units say.
fn in_degrees(found: &Coordinates) -> bool {
    let units = found.units.trim().to_lowercase();
    !units.starts_with("rad") && !units.contains("min") && !units.contains("sec")
}

fn is_small(found: &Coordinates) -> bool {
    found.values.iter().all(|v| v.abs() < 6.4)
}

/// The angle along axis k of space, in words, by the coordinates of the axis or its bare name.
fn axis_angle(store: &dyn Store, info: &ArrayInfo, roles: &Roles, k: usize) -> Option<String> {
    let axis = AXIS_NAMES[k];
    match space_coordinates(store, info, &roles.roles, k) {
        Some(found) => is_angle(&found).then(|| match found.units.as_str() {
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

/// The axis whose angles go once round a circle, if one does.
fn circle(store: &dyn Store, info: &ArrayInfo, roles: &Roles) -> Option<(usize, Longitudes)> {
    for k in 0..2 {
        let Some(found) = space_coordinates(store, info, &roles.roles, k) else { continue };
        let [first, .., last] = found.values[..] else { continue };
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

/// Whether coordinates are angles: by units, by standard name, or by a name that only longitudes
/// and latitudes bear, unless the units are lengths or the numbers cannot be degrees.
pub(super) fn is_angle(found: &Coordinates) -> bool {
    if is_length(&found.units) {
        return false;
    }
    let degrees = || !found.values.iter().any(|v| v.abs() > 720.0);
    is_angle_unit(&found.units)
        || is_angle_standard_name(&found.standard_name)
        || is_angle_standard_name(&found.long_name)
        || (is_angle_name(&found.name) && degrees())
}

/// Whether an array with these attributes holds angles.
pub(super) fn holds_angles(name: &str, standard_name: &str, units: &str) -> bool {
    let leaf = name.rsplit('/').next().unwrap_or(name);
    !is_length(units)
        && (is_geographic_unit(units)
            || is_angle_standard_name(standard_name)
            || is_angle_name(leaf))
}

fn is_angle_standard_name(name: &str) -> bool {
    let name = name.to_lowercase();
    matches!(name.as_str(), "longitude" | "latitude" | "grid_longitude" | "grid_latitude")
}

/// `degrees_east`, `degree_N`, `degreesE`, …, which nothing but longitudes and latitudes have.
fn is_geographic_unit(units: &str) -> bool {
    let units = units.trim().to_lowercase().replace([' ', '_'], "");
    let rest = ["degrees", "degree", "deg", "°"].iter().find_map(|d| units.strip_prefix(d));
    matches!(rest, Some("east" | "north" | "west" | "south" | "e" | "n" | "w" | "s"))
}

/// Units of angles; those of temperatures start with the same words.
pub(super) fn is_angle_unit(units: &str) -> bool {
    let units = units.trim().to_lowercase().replace([' ', '_'], "");
    let units = units.trim_start_matches("decimal").trim_start_matches("angular");
    let plain = matches!(
        units,
        "deg"
            | "degree"
            | "degrees"
            | "°"
            | "arcdegree"
            | "arcminute"
            | "arcminutes"
            | "arcsecond"
            | "arcseconds"
    );
    let radians = matches!(units, "rad" | "radian" | "radians");
    plain || radians || is_geographic_unit(units)
}

/// Units of lengths, with a power of ten before them or not.
fn is_length(units: &str) -> bool {
    let units = units.trim();
    let number = |word: &str| word.parse::<f64>().is_ok();
    let unit = units.split_whitespace().find(|word| !number(word)).unwrap_or("");
    let lower = unit.to_lowercase();
    let long =
        ["meter", "metre", "kilometer", "kilometre", "feet", "foot", "mile", "inch", "pixel"];
    matches!(
        unit,
        "m" | "km" | "cm" | "mm" | "um" | "µm" | "μm" | "nm" | "dm" | "Mm" | "Gm" | "ft" | "px"
    ) || long.iter().any(|name| lower.trim_end_matches('s').ends_with(name))
        || lower == "inches"
}

/// Names of longitudes and latitudes, with the prefixes and suffixes that models use.
fn is_angle_name(name: &str) -> bool {
    const WORDS: [&str; 28] = [
        "lng",
        "ltd",
        "lon",
        "lons",
        "longitude",
        "longitudes",
        "lat",
        "lats",
        "latitude",
        "latitudes",
        "xlong",
        "xlon",
        "xlat",
        "ylat",
        "rlon",
        "rlat",
        "tlon",
        "tlong",
        "tlat",
        "ulon",
        "ulong",
        "ulat",
        "glamt",
        "gphit",
        "geolon",
        "geolat",
        "clon",
        "clat",
    ];
    let name = name.to_lowercase();
    let words = || name.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty());
    name == "long" || words().any(|word| WORDS.contains(&word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn coordinates(name: &str, standard_name: &str, units: &str, last: f64) -> Coordinates {
        Coordinates {
            origin: format!("`{name}`"),
            name: name.into(),
            standard_name: standard_name.into(),
            values: vec![0.0, last],
            units: units.into(),
            ..Coordinates::default()
        }
    }

    #[test]
    fn angles_are_known_by_units_standard_name_and_name() {
        for (name, standard_name, units) in [
            ("x", "", "degrees_east"),
            ("y", "", "degree_N"),
            ("y", "", "degreesN"),
            ("theta", "", "degrees"),
            ("phi", "", "radians"),
            ("p", "", "decimal degrees"),
            ("p", "", "arc_minutes"),
            ("i", "longitude", ""),
            ("i", "grid_latitude", "1"),
            ("lat", "", ""),
            ("nav_lon", "", ""),
            ("lon_rho", "", "unknown"),
            ("XLONG", "", ""),
            ("lat_0", "", ""),
            ("Longitude", "", ""),
        ] {
            assert!(is_angle(&coordinates(name, standard_name, units, 40.0)), "{name} {units}");
        }
    }

    #[test]
    fn lengths_and_other_things_are_no_angles() {
        for (name, units, last) in [
            ("x", "", 40.0),
            ("x", "m", 40.0),
            ("lon", "m", 40.0),
            ("lat", "km", 40.0),
            ("lat", "100 m", 40.0),
            ("lat", "", 4e6),
            ("long_axis", "", 3.0),
            ("plate", "", 3.0),
            ("flat", "", 3.0),
            ("temperature", "degree_Celsius", 30.0),
            ("temperature", "degC", 30.0),
            ("temperature", "degrees_C", 30.0),
        ] {
            assert!(!is_angle(&coordinates(name, "", units, last)), "{name} {units}");
        }
    }
}
