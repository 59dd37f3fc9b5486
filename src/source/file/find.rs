//! Which datasets of a file are the vector field, if none are named.

use super::array::{ArrayInfo, NumberType, Store};
use super::axes::{self, DimensionKind};
use super::{FileError, FileRequest, Listing};

/// Names of velocity components, x, y and perhaps z.
const FAMILIES: [[&str; 3]; 13] = [
    ["u", "v", "w"],
    ["vx", "vy", "vz"],
    ["ux", "uy", "uz"],
    ["v_x", "v_y", "v_z"],
    ["u_x", "u_y", "u_z"],
    ["velocity_x", "velocity_y", "velocity_z"],
    ["x_velocity", "y_velocity", "z_velocity"],
    ["uo", "vo", "wo"],
    ["ugos", "vgos", ""],
    ["u10", "v10", ""],
    ["uwnd", "vwnd", ""],
    ["water_u", "water_v", "water_w"],
    ["bx", "by", "bz"],
];

/// Datasets found: for every field one dataset per component, or one with a component axis.
pub(super) struct FoundArrays {
    pub sets: Vec<Vec<String>>,
    pub note: String,
}

/// Looks for the inputs of a result file of this program, then for components by name, then for the
/// one array with a component axis. Fails when none or several are found.
pub(super) fn choose(store: &dyn Store, request: &FileRequest) -> Result<FoundArrays, FileError> {
    let letters = request.axes.as_deref();
    let inputs = match request.staggered {
        true => store.own_faces()?,
        false => store.own_inputs()?.into_iter().map(|name| vec![name]).collect(),
    };
    if !inputs.is_empty() {
        let note = format!("inputs of a hodge result file: {}", inputs.concat().join(", "));
        return Ok(FoundArrays { sets: inputs, note });
    }
    let available = store.list()?;
    let mut candidates = by_name(store, &available, request)?;
    if candidates.is_empty() && !request.staggered {
        candidates = with_component_axis(store, &available, letters)?;
    }
    match candidates.len() {
        1 => {
            let set = candidates.remove(0);
            let note = format!("datasets found in the file: {}", set.join(", "));
            Ok(FoundArrays { sets: vec![set], note })
        }
        _ => Err(FileError::CannotChoose {
            path: store.path().into(),
            candidates: candidates.iter().map(|set| set.join(",")).collect(),
            available,
        }),
    }
}

/// Families of component names that occur together in one group.
fn by_name(
    store: &dyn Store,
    available: &Listing,
    request: &FileRequest,
) -> Result<Vec<Vec<String>>, FileError> {
    let mut candidates = Vec::new();
    // Components on faces differ in length.
    let fits = |a: &[usize], b: &[usize]| a == b || request.staggered && a.len() == b.len();
    for (name, shape) in &available.0 {
        let (group, leaf) = name.rsplit_once('/').map_or(("", name.as_str()), |(g, l)| (g, l));
        let Some(family) = FAMILIES.iter().find(|f| f[0] == leaf.to_lowercase()) else { continue };
        let partner = |wanted: &str| {
            available.0.iter().find(|(other, other_shape)| {
                let (g, l) = other.rsplit_once('/').map_or(("", other.as_str()), |(g, l)| (g, l));
                g == group && l.to_lowercase() == wanted && fits(other_shape, shape)
            })
        };
        let Some((second, _)) = partner(family[1]) else { continue };
        let mut set = vec![name.clone(), second.clone()];
        if let Some((third, _)) = partner(family[2])
            && has_third_axis(store.open(name)?.info(), request.axes.as_deref())
        {
            set.push(third.clone());
        }
        candidates.push(set);
    }
    Ok(candidates)
}

/// Whether an array of one component can be three-dimensional in space.
fn has_third_axis(info: &ArrayInfo, letters: Option<&str>) -> bool {
    if let Some(letters) = letters {
        return letters.contains('z');
    }
    let kinds: Vec<DimensionKind> = info.dimensions.iter().map(axes::kind).collect();
    let named =
        kinds.contains(&DimensionKind::Space(0)) && kinds.contains(&DimensionKind::Space(1));
    info.shape.len() >= 3 && (!named || kinds.contains(&DimensionKind::Space(2)))
}

/// Arrays of real numbers with a component axis; the only array of a file whatever its shape.
fn with_component_axis(
    store: &dyn Store,
    available: &Listing,
    letters: Option<&str>,
) -> Result<Vec<Vec<String>>, FileError> {
    if let [(only, _)] = &available.0[..] {
        return Ok(vec![vec![only.clone()]]);
    }
    let mut candidates = Vec::new();
    for (name, _) in &available.0 {
        let array = match store.open(name) {
            Ok(array) => array,
            Err(FileError::NotNumbers { .. }) => continue,
            Err(e) => return Err(e),
        };
        let real = array.info().number != NumberType::Integer;
        if real && axes::assign(array.info(), 1, letters).is_ok() {
            candidates.push(vec![name.clone()]);
        }
    }
    Ok(candidates)
}
