//! Names of components of vectors and of masks, as models, instruments and conventions spell them.

#[cfg(feature = "cli")]
use super::array::leaf;
#[cfg(feature = "cli")]
use super::names::axis_of_name;
#[cfg(feature = "cli")]
use super::steps::is_step_name;

/// Words of velocity components, x, y and perhaps z, in lower case.
const FAMILIES: [[&str; 3]; 39] = [
    ["u", "v", "w"],
    ["vx", "vy", "vz"],
    ["ux", "uy", "uz"],
    ["u1", "u2", "u3"],
    ["v1", "v2", "v3"],
    ["v_x", "v_y", "v_z"],
    ["u_x", "u_y", "u_z"],
    ["bx", "by", "bz"],
    ["ex", "ey", "ez"],
    ["b_x", "b_y", "b_z"],
    ["e_x", "e_y", "e_z"],
    ["velocity_x", "velocity_y", "velocity_z"],
    ["x_velocity", "y_velocity", "z_velocity"],
    ["velx", "vely", "velz"],
    ["vel_x", "vel_y", "vel_z"],
    ["u_velocity", "v_velocity", "w_velocity"],
    ["uo", "vo", "wo"],
    ["ua", "va", "wa"],
    ["uas", "vas", ""],
    ["ugos", "vgos", ""],
    ["ugo", "vgo", ""],
    ["uvel", "vvel", "wvel"],
    ["usurf", "vsurf", ""],
    ["ssu", "ssv", ""],
    ["vozocrtx", "vomecrty", "vovecrtz"],
    ["u10", "v10", ""],
    ["u10m", "v10m", ""],
    ["u100", "v100", ""],
    ["u10n", "v10n", ""],
    ["uwnd", "vwnd", ""],
    ["ugrd", "vgrd", "dzdt"],
    ["water_u", "water_v", "water_w"],
    ["ucur", "vcur", ""],
    ["eastward_velocity", "northward_velocity", "upward_velocity"],
    ["u_eastward", "v_northward", "w"],
    ["uwind", "vwind", "wwind"],
    ["u_wind", "v_wind", "w_wind"],
    ["zonal", "meridional", "vertical"],
    ["east", "north", "up"],
];

/// Words of the x and the y component.
pub(super) fn pairs() -> impl Iterator<Item = (&'static str, &'static str)> {
    let usual = [("x", "y"), ("eastward", "northward")].into_iter();
    usual.chain(FAMILIES.iter().map(|family| (family[0], family[1])))
}

/// Whether two arrays are called as the x and the y component of one vector.
#[cfg(feature = "cli")]
pub(crate) fn are_partners(x: &str, y: &str) -> bool {
    partners(leaf(x)).is_some_and(|[second, _]| second == leaf(y).to_lowercase())
}

/// Whether the name of an array is that of something about a grid rather than of a field on it.
#[cfg(feature = "cli")]
pub(crate) fn describes_grid(name: &str) -> bool {
    const OTHERS: [&str; 10] = [
        "h",
        "f",
        "angle",
        "area",
        "bathymetry",
        "topo",
        "hgt",
        "cosalpha",
        "sinalpha",
        "coriolis",
    ];
    let name = leaf(name);
    let lower = name.to_lowercase();
    axis_of_name(name).is_some()
        || is_step_name(name)
        || is_mask_name(name)
        || OTHERS.contains(&lower.as_str())
}

/// Names of the y and z components that go with a name of an x component, in lower case; `None` if it is none.
pub(super) fn partners(leaf: &str) -> Option<[String; 2]> {
    known_partners(leaf).or_else(|| word_partners(leaf))
}

/// Where the whole name is known.
pub(super) fn known_partners(leaf: &str) -> Option<[String; 2]> {
    let lower = leaf.to_lowercase();
    let family = FAMILIES.iter().find(|family| family[0] == lower)?;
    Some([family[1].into(), family[2].into()])
}

/// Where the component is a word of the name, such as in `UGRD_10maboveground`: the rest stays.
pub(super) fn word_partners(leaf: &str) -> Option<[String; 2]> {
    let lower = leaf.to_lowercase();
    let mut start = 0;
    for word in lower.split(|c: char| !c.is_alphanumeric()) {
        if let Some(family) = FAMILIES.iter().find(|family| family[0] == word) {
            let with = |other: &str| match other {
                "" => String::new(),
                other => format!("{}{other}{}", &lower[..start], &lower[start + word.len()..]),
            };
            return Some([with(family[1]), with(family[2])]);
        }
        start += word.len() + 1;
    }
    None
}

/// Standard names of the y and z components that go with that of an x component.
pub(super) fn standard_partners(name: &str) -> Option<[String; 2]> {
    let exchange = |from: &str, [y, z]: [&str; 2]| {
        let words: Vec<&str> = name.split('_').collect();
        let at = words.iter().position(|word| *word == from)?;
        let with = |other: &str| {
            let mut words = words.clone();
            words[at] = other;
            words.join("_")
        };
        Some([with(y), with(z)])
    };
    exchange("eastward", ["northward", "upward"]).or_else(|| exchange("x", ["y", "z"]))
}

/// Whether an array with this name may be a vector field by itself, with an axis of components.
pub(super) fn is_vector_name(leaf: &str) -> bool {
    const WORDS: &[&str] = &[
        "v",
        "u",
        "f",
        "b",
        "e",
        "velocity",
        "velocities",
        "vel",
        "field",
        "fields",
        "vector",
        "vectors",
        "flow",
        "wind",
        "winds",
        "current",
        "currents",
        "uv",
        "uvw",
        "vxy",
        "vxyz",
        "force",
        "forces",
        "momentum",
        "displacement",
        "magnetic",
        "electric",
        "score",
        "scores",
        "input",
        "data",
        "arr",
        "xyz",
        "motion",
    ];
    // Of a vector, a number.
    const SCALARS: &[&str] = &[
        "speed",
        "magnitude",
        "norm",
        "rate",
        "abs",
        "energy",
        "angle",
        "height",
        "stress",
        "flux",
        "divergence",
        "potential",
    ];
    let lower = leaf.to_lowercase();
    let words: Vec<&str> = lower.split(|c: char| !c.is_alphabetic()).collect();
    let has = |list: &[&str]| words.iter().any(|word| list.contains(word));
    has(WORDS) && !has(SCALARS)
}

/// Whether an array with this name looks like a mask.
pub(super) fn is_mask_name(leaf: &str) -> bool {
    const WORDS: &[&str] = &[
        "fluid",
        "vtkvalidpointmask",
        "vtkghosttype",
        "invalid",
        "mask",
        "masks",
        "lsm",
        "land",
        "sea",
        "tmask",
        "umask",
        "vmask",
        "wet",
        "chc",
        "flag",
        "flags",
        "valid",
        "landmask",
        "landsea",
        "seamask",
        "mask_rho",
        "oceanmask",
        "obstacle",
        "segmentation",
        "status",
    ];
    let lower = leaf.to_lowercase();
    lower.split(|c: char| !c.is_alphanumeric()).any(|word| WORDS.contains(&word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn components_are_known_as_words_of_names() {
        let of = |name| partners(name).map(|[y, _]| y);
        assert_eq!(of("UGRD_10maboveground").unwrap(), "vgrd_10maboveground");
        assert_eq!(of("U").unwrap(), "v");
        assert_eq!(of("mean_u").unwrap(), "mean_v");
        assert_eq!(of("vozocrtx").unwrap(), "vomecrty");
        for name in ["temperature", "v", "flux", "uncertainty", "zeta"] {
            assert_eq!(of(name), None, "{name}");
        }
        let of = |name| standard_partners(name).map(|[y, _]| y);
        assert_eq!(of("sea_water_x_velocity").unwrap(), "sea_water_y_velocity");
        assert_eq!(
            of("surface_geostrophic_eastward_sea_water_velocity").unwrap(),
            "surface_geostrophic_northward_sea_water_velocity"
        );
        assert_eq!(of("air_temperature"), None);
    }
}
