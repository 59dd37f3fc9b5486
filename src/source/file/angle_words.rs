//! Which coordinates are angles, by units, standard names and names.

use super::array::{Coordinates, leaf};

/// What an angle is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Angle {
    Longitude,
    Latitude,
}

/// Whether coordinates are longitudes or latitudes, by units, standard name or name.
pub(super) fn angle_of(found: &Coordinates) -> Option<Angle> {
    if !is_angle(found) {
        return None;
    }
    let units = found.units.trim().to_lowercase().replace([' ', '_'], "");
    let by_units = ["degrees", "degree", "deg", "°"].iter().find_map(|d| units.strip_prefix(d));
    let words = [&found.standard_name, &found.long_name, &found.name].map(|w| w.to_lowercase());
    let named = |part: &str| words.iter().any(|word| word.contains(part));
    // Counted from the pole, along which components point to the south.
    if ["colat", "co-lat", "co_lat", "zenith", "polar"].iter().any(|word| named(word)) {
        return None;
    }
    match by_units {
        Some("east" | "west" | "e" | "w") => Some(Angle::Longitude),
        Some("north" | "south" | "n" | "s") => Some(Angle::Latitude),
        _ if named("lon") || named("lng") || named("glam") => Some(Angle::Longitude),
        _ if named("lat") || named("ltd") || named("gphi") => Some(Angle::Latitude),
        _ => None,
    }
}

/// Longitudes and latitudes in radians as degrees.
pub(super) fn as_degrees(mut found: Coordinates) -> Coordinates {
    let radians = found.units.trim().to_lowercase().starts_with("rad");
    let Some(angle) = angle_of(&found).filter(|_| radians) else { return found };
    let all = found.values.iter_mut().chain(found.edges.iter_mut().flatten());
    all.for_each(|value| *value = value.to_degrees());
    if let Some(bounds) = &mut found.bounds {
        bounds.values.iter_mut().for_each(|value| *value = value.to_degrees());
    }
    let words = format!("{} taken from {} to degrees", found.origin, found.units.trim());
    found.reading =
        Some(found.reading.map_or(words.clone(), |before| format!("{before}; {words}")));
    found.units = match angle {
        Angle::Longitude => "degrees_east".into(),
        Angle::Latitude => "degrees_north".into(),
    };
    found
}

/// Whether angles are in degrees, as far as their units say.
pub(super) fn in_degrees(found: &Coordinates) -> bool {
    let units = found.units.trim().to_lowercase();
    !units.starts_with("rad") && !units.contains("min") && !units.contains("sec")
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
        || ((is_angle_name(&found.name) || is_polar_name(&found.name)) && degrees())
}

/// Whether an array with these attributes holds angles.
pub(super) fn holds_angles(name: &str, standard_name: &str, units: &str) -> bool {
    !is_length(units)
        && (is_geographic_unit(units)
            || is_angle_standard_name(standard_name)
            || is_angle_name(leaf(name)))
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
pub(super) fn is_length(units: &str) -> bool {
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

/// Names of angles as coordinates; arrays called so may be anything else.
fn is_polar_name(name: &str) -> bool {
    let name = name.to_lowercase();
    ["theta", "phi", "colat", "colatitude", "azimuth", "azi"].contains(&name.as_str())
}

/// Names of longitudes and latitudes, with the prefixes and suffixes that models use.
pub(super) fn is_angle_name(name: &str) -> bool {
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
