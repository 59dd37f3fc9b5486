//! Names of axes, as models, instruments and conventions spell them.

/// What the name of a dimension or of an array with coordinates says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum AxisName {
    Space(usize),
    Time,
    Component,
}

/// Spellings along x, y and z, whole names in lower case.
const SPACE: [&[&str]; 3] = [
    &[
        "x",
        "xs",
        "xpos",
        "coord_x",
        "xvec",
        "lon",
        "lons",
        "longitude",
        "longitudes",
        "long",
        "easting",
        "xcoor",
        "xcoord",
        "xcoords",
        "x_coord",
        "x_coordinate",
        "xgrid",
        "grid_x",
        "west_east",
        "west_east_stag",
        "rlon",
        "xlong",
        "xx",
        "ni",
        "xaxis",
        "x_axis",
    ],
    &[
        "y",
        "ys",
        "ypos",
        "coord_y",
        "yvec",
        "lat",
        "lats",
        "latitude",
        "latitudes",
        "northing",
        "ycoor",
        "ycoord",
        "ycoords",
        "y_coord",
        "y_coordinate",
        "ygrid",
        "grid_y",
        "south_north",
        "south_north_stag",
        "rlat",
        "xlat",
        "yy",
        "nj",
        "yaxis",
        "y_axis",
    ],
    &[
        "z",
        "zs",
        "zpos",
        "coord_z",
        "zvec",
        "depth",
        "height",
        "level",
        "levels",
        "lev",
        "altitude",
        "alt",
        "elevation",
        "pressure",
        "plev",
        "deptht",
        "depthu",
        "depthv",
        "depthw",
        "zcoor",
        "zcoord",
        "zcoords",
        "z_coord",
        "z_coordinate",
        "zgrid",
        "bottom_top",
        "bottom_top_stag",
        "sigma",
        "zz",
        "isobaric",
        "isobaricinhpa",
        "pressure_level",
        "layer",
        "heightabovesea",
        "zaxis",
        "z_axis",
        "depth_below_sea",
        "hybrid",
        "model_level_number",
        "rc",
    ],
];

const TIME: &[&str] = &[
    "t",
    "time",
    "times",
    "month",
    "months",
    "step",
    "steps",
    "sample",
    "samples",
    "frame",
    "frames",
    "date",
    "dates",
    "day",
    "days",
    "year",
    "years",
    "hour",
    "hours",
    "minutes",
    "seconds",
    "datetime",
    "iter",
    "mt",
    "record",
    "timestamp",
    "timestamps",
    "snapshot",
    "snapshots",
    "tvec",
    "ts",
    "tt",
    "t_s",
];

const COMPONENT: [&str; 14] = [
    "c",
    "component",
    "components",
    "comp",
    "vector",
    "vec",
    "dir",
    "direction",
    "uv",
    "uvw",
    "xy",
    "xyz",
    "vector_component",
    "coord_component",
];

/// Endings that tell where on a cell something sits, and letters before the name of an axis.
fn without_place(name: &str) -> &str {
    const PLACES: &[&str] = &[
        "_rho",
        "_u",
        "_v",
        "_psi",
        "_face",
        "_caa",
        "_faa",
        "_aca",
        "_afa",
        "_aac",
        "_aaf",
        "_ocean",
        "_center",
        "_centre",
        "_c",
        "_f",
        "_t",
        "_w",
        "_0",
        "_1",
        "_mm",
        "_cm",
        "_m",
        "_km",
        "_px",
        "_pixel",
        "_pixels",
        "_cc",
        "_grid",
        "_coords",
        "_pos",
        "_position",
        "_values",
    ];
    PLACES.iter().find_map(|place| name.strip_suffix(place)).unwrap_or(name)
}

/// The axis of a name, whatever its case.
pub(super) fn axis_of_name(name: &str) -> Option<AxisName> {
    let lower = name.to_lowercase();
    let plain = without_place(&lower);
    if COMPONENT.contains(&lower.as_str()) {
        return Some(AxisName::Component);
    }
    for name in [lower.as_str(), plain] {
        if let Some(k) = SPACE.iter().position(|names| names.contains(&name)) {
            return Some(AxisName::Space(k));
        }
        if TIME.contains(&name)
            || name.ends_with("_time")
            || name.ends_with("_times")
            || name.starts_with("time")
        {
            return Some(AxisName::Time);
        }
    }
    // Without its place it is more often something else, such as a height of the sea.
    if plain != lower
        && let Some(k) = ["xi", "eta", "s"].iter().position(|name| *name == plain)
    {
        return Some(AxisName::Space(k));
    }
    match plain {
        "nav_lon" | "glamt" | "glam" | "xc" | "xg" | "xp1" | "xh" | "xq" | "xt" | "xu"
        | "geolon" | "tlon" | "tlong" | "ulon" | "ulong" => Some(AxisName::Space(0)),
        "nav_lat" | "gphit" | "gphi" | "yc" | "yg" | "yp1" | "yh" | "yq" | "yt" | "yu"
        | "geolat" | "tlat" | "ulat" => Some(AxisName::Space(1)),
        "zc" | "zf" | "zl" | "zp1" | "zi" | "st" | "sw" => Some(AxisName::Space(2)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn axes_are_known_by_the_names_that_models_use() {
        for (name, k) in [
            ("X", 0),
            ("xcoor", 0),
            ("x_faa", 0),
            ("xi_rho", 0),
            ("nav_lon", 0),
            ("west_east_stag", 0),
            ("XC", 0),
            ("lon_0", 0),
            ("Xp1", 0),
            ("Y", 1),
            ("eta_v", 1),
            ("y_aca", 1),
            ("yt_ocean", 1),
            ("south_north", 1),
            ("Z", 2),
            ("s_rho", 2),
            ("z_aac", 2),
            ("depthu", 2),
            ("st_ocean", 2),
            ("isobaricInhPa", 2),
        ] {
            assert_eq!(axis_of_name(name), Some(AxisName::Space(k)), "{name}");
        }
        for name in ["time", "valid_time", "ocean_time", "time_counter", "Time", "t"] {
            assert_eq!(axis_of_name(name), Some(AxisName::Time), "{name}");
        }
        for name in
            ["number", "realization", "member", "row", "phony_dim_0", "nv", "temperature", "u"]
        {
            assert_eq!(axis_of_name(name), None, "{name}");
        }
    }
}
