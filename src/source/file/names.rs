//! Names of axes, as models, instruments and conventions spell them.

/// What the name of a dimension or of an array with coordinates says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum AxisName {
    Space(usize),
    Time,
    Component,
}

/// Spellings along x, y and z, whole names in lower case.
const SPACE: [&str; 3] = [
    "x xs xvec easting eastings west_east west_east_stag xx ni px x1 xlong xlon rlon lon lons longitude longitudes long lonx \
     glamt glam xc xg xp1 xh xq xt xu xv xf xe xm xi xmid geolon tlon tlong ulon ulong vlon clon",
    "y ys yvec northing northings south_north south_north_stag yy nj py x2 xlat ylat rlat lat lats latitude latitudes laty \
     gphit gphi yc yg yp1 yh yq yt yu yv yf ye ym yi ymid geolat tlat ulat vlat clat",
    "z zs zvec depth height level levels lev altitude alt elevation pressure plev deptht depthu depthv depthw \
     bottom_top bottom_top_stag sigma zz pz x3 isobaric isobaricinhpa pressure_level layer heightabovesea \
     depth_below_sea hybrid model_level_number rc zc zf zl zp1 zi zmid st sw",
];

const TIME: &str = "t time times month months step steps sample samples frame frames date dates day days year years hour \
     hours minutes seconds datetime iter mt record timestamp timestamps snapshot snapshots tvec ts tt t_s";

const COMPONENT: &str = "c component components comp vector vec dir direction uv uvw xy xyz vector_component coord_component";

/// Words beside the letter of an axis that say what the numbers are, where on a cell they sit, or their unit.
const ROLES: &str = "grid gridded coord coords coordinate coordinates coor pos position positions axis ax arr array list val vals \
     value values data point points pt pts node nodes center centers centre centres centered cell cells mid middle edge \
     edges face faces corner corners vertex vertices mesh loc location locations range lin cc fc cart utm nav geo mm cm m \
     km px pixel pixels ocean rho psi caa faa aca afa aac aaf";

/// The same as single letters or digits, as endings only.
const ENDINGS: &str = "u v w c f t q h 0 1";

/// Arrays with all coordinates of every point.
const STACKS: &str =
    "coords coord coordinates grid mesh meshgrid points positions position pos xy xyz nodes";

fn is_in(list: &str, word: &str) -> bool {
    // Most words are in no list, and files may have thousands.
    list.contains(word) && list.split_whitespace().any(|known| known == word)
}

/// The axis of a name, whatever its case.
pub(super) fn axis_of_name(name: &str) -> Option<AxisName> {
    let lower = name.to_lowercase();
    if is_in(COMPONENT, &lower) {
        return Some(AxisName::Component);
    }
    if let Some(k) = space_of(&lower) {
        return Some(AxisName::Space(k));
    }
    let time = is_in(TIME, &lower)
        || is_in(TIME, without_ending(&lower).unwrap_or_default())
        || ["_time", "_times"].iter().any(|ending| lower.ends_with(ending))
        || lower.starts_with("time");
    time.then_some(AxisName::Time)
}

fn whole(name: &str) -> Option<usize> {
    SPACE.iter().position(|names| is_in(names, name))
}

/// The name before a last word that tells a place or a unit.
fn without_ending(name: &str) -> Option<&str> {
    let (start, end) = name.rsplit_once('_')?;
    (is_in(ROLES, end) || is_in(ENDINGS, end)).then_some(start)
}

fn space_of(name: &str) -> Option<usize> {
    if let Some(k) = whole(name).or_else(|| athena(name)).or_else(|| letter(name)) {
        return Some(k);
    }
    let plain = without_ending(name)?;
    // Without its place it is more often something else, such as a height of the sea.
    let curved = || ["xi", "eta", "s"].iter().position(|curved| *curved == plain);
    whole(plain).or_else(curved)
}

/// `x1v` and `x2f`: of cells and of faces along the first and the second axis.
fn athena(name: &str) -> Option<usize> {
    let plain = name.strip_suffix(['v', 'f'])?;
    ["x1", "x2", "x3"].iter().position(|axis| *axis == plain)
}

/// The letter of an axis among words such as `grid` and `pos`, apart or not.
fn letter(name: &str) -> Option<usize> {
    const PLAIN: [&str; 3] =
        ["x lon lons longitude longitudes", "y lat lats latitude latitudes", "z"];
    let plain = |word: &str| PLAIN.iter().position(|names| is_in(names, word));
    let glued = |word: &str| {
        let ends = ["x", "y", "z", "lon", "lat", "longitude", "latitude", "lons", "lats"];
        if !ends.iter().any(|end| word.starts_with(end) || word.ends_with(end)) {
            return None;
        }
        let mut roles = ROLES.split_whitespace().filter(|role| role.len() > 2);
        roles.find_map(|role| {
            let rest = word.strip_suffix(role).or_else(|| word.strip_prefix(role));
            rest.and_then(plain)
        })
    };
    let mut found = None;
    for word in name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        match plain(word).or_else(|| glued(word)) {
            Some(k) if found.is_none() => found = Some(k),
            None if is_in(ROLES, word) => {}
            _ => return None,
        }
    }
    found
}

/// Whether an array may hold all coordinates of every point, along an axis of its own.
pub(super) fn is_stack_name(name: &str) -> bool {
    is_in(STACKS, &name.to_lowercase())
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
            ("x1", 0),
            ("x2v", 1),
            ("x3f", 2),
            ("px", 0),
            ("y_cc", 1),
            ("xf", 0),
            ("Xgrid", 0),
            ("x_grid", 0),
            ("grid_y", 1),
            ("gridy", 1),
            ("PosX", 0),
            ("y_pos", 1),
            ("x_cell_centers", 0),
            ("coordsX", 0),
            ("lat_center", 1),
            ("YY", 1),
        ] {
            assert_eq!(axis_of_name(name), Some(AxisName::Space(k)), "{name}");
        }
        for name in ["time", "valid_time", "ocean_time", "time_counter", "Time", "t"] {
            assert_eq!(axis_of_name(name), Some(AxisName::Time), "{name}");
        }
        for name in [
            "number",
            "realization",
            "member",
            "row",
            "phony_dim_0",
            "nv",
            "temperature",
            "u",
            "x_velocity",
            "velx",
            "vec_x",
            "lon_bnds",
            "u_x",
            "xy_flux",
            "grid",
            "surface_height",
            "v_lon",
        ] {
            assert_eq!(axis_of_name(name), None, "{name}");
        }
    }
}
