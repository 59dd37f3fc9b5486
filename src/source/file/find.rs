//! Which datasets of a file are the vector field, if none are named.

use super::array::{ArrayInfo, NumberType, Store, group_and_leaf, leaf};
use super::attach::attach;
use super::axes::{self, DimensionKind};
use super::candidates::OpenFile;
use super::component_names::{
    is_vector_name, known_partners, pairs, partners, standard_partners, word_partners,
};
use super::stores::open_store;
use super::{FileError, FileRequest, Listing};
#[cfg(feature = "cli")]
#[cfg(feature = "cli")]
use std::collections::HashSet;
use std::path::{Path, PathBuf};

/// Datasets found: for every field one dataset per component, or one with a component axis.
pub(super) struct FoundArrays {
    pub sets: Vec<Vec<String>>,
    pub note: String,
}

/// Two of these files that are components of one field by their names and what they hold, as `--datasets` names them.
/// None is opened before it is known to be sound.
#[cfg(feature = "cli")]
pub(crate) fn components_in_files(
    files: &[PathBuf],
    is_sound: impl Fn(&Path) -> bool,
) -> Option<[String; 2]> {
    let all: HashSet<&PathBuf> = files.iter().collect();
    let has = |file: &PathBuf| all.contains(file);
    files.iter().find_map(|path| {
        let name = path.file_name()?.to_str()?;
        let others = pairs().flat_map(|(from, to)| renamed(name, from, to));
        let mut others = others.map(|other| path.with_file_name(other)).filter(has);
        others.find_map(|other| {
            let sound = is_sound(path) && is_sound(&other);
            sound.then(|| pair(path, &other)).flatten()
        })
    })
}

/// Two files with a component each, as `--datasets` names them.
#[cfg(feature = "cli")]
fn pair(path: &Path, other: &Path) -> Option<[String; 2]> {
    let [a, b] = [open_store(path).ok()?, open_store(other).ok()?];
    let [first, second] = [a.list().ok()?, b.list().ok()?];
    let is_x = |(name, _): &&(String, Vec<usize>)| partners(leaf(name)).is_some();
    let long = |listing: &Listing| -> Option<(String, Vec<usize>)> {
        let mut long = listing.0.iter().filter(|(_, shape)| shape.len() > 1);
        long.next().filter(|_| long.next().is_none()).cloned()
    };
    let file = |path: &Path| path.file_name().and_then(|name| name.to_str()).map(String::from);
    let (file, other) = (file(path)?, file(other)?);
    let mut named = first.0.iter().filter(is_x);
    if let (Some((name, shape)), None) = (named.next(), named.next()) {
        let [y, _] = partners(leaf(name))?;
        let is_y = |(name, found): &&(String, Vec<usize>)| {
            leaf(name).to_lowercase() == y && found == shape
        };
        if first.0.iter().any(|array| is_y(&array)) {
            return None;
        }
        let (partner, _) = second.0.iter().find(is_y)?;
        return Some([format!("{file}:{name}"), format!("{other}:{partner}")]);
    }
    // A number at every point is no vector.
    let ((_, shape), (_, found)) = (long(&first)?, long(&second)?);
    let rank = shape.len();
    let vector = rank >= 3 && shape[rank - 3] == 2 || rank >= 4 && shape[rank - 4] == 3;
    (shape == found && !vector && !matches!(shape[rank - 1], 2 | 3)).then_some([file, other])
}

/// Looks for the inputs of a result file of this program, then for components by name, then for the
/// one array with a component axis. Fails when none or several are found.
pub(super) fn choose(file: &OpenFile, request: &FileRequest) -> Result<FoundArrays, FileError> {
    let store = file.store.as_ref();
    let inputs = match request.staggered {
        true => store.own_faces()?,
        false => store.own_inputs()?.into_iter().map(|name| vec![name]).collect(),
    };
    if !inputs.is_empty() {
        let note = format!("inputs of a hodge result file: {}", inputs.concat().join(", "));
        return Ok(FoundArrays { sets: inputs, note });
    }
    let available = store.list()?;
    let groups = store.vector_groups()?;
    if let Some(first) = groups.first()
        && groups.iter().all(|set| same_record(&set[0], &first[0]))
    {
        let mut note = format!("components of openPMD found: {}", groups.concat().join(", "));
        let group = group_and_leaf(&first[0]).0;
        let known =
            |name: &str| group_and_leaf(name).0 == group && !first.iter().any(|n| n == name);
        for (other, _) in available.0.iter().filter(|(name, _)| known(name)) {
            note += &format!("; {other} points out of the plane and is not used");
        }
        return Ok(FoundArrays { sets: groups, note });
    }
    let mut candidates = groups;
    for partners in [known_partners, word_partners] {
        if candidates.is_empty() {
            candidates = by_name(file, &available, request, partners)?;
        }
    }
    if candidates.is_empty() {
        candidates = by_standard_name(file, &available, request)?;
    }
    if candidates.is_empty()
        && let Some(set) = in_two_files(store, &available)
    {
        let note = format!("the other component found in a file beside: {}", set.join(", "));
        return Ok(FoundArrays { sets: vec![set], note });
    }
    if candidates.is_empty() && !request.staggered {
        candidates = with_component_axis(file, &available, request)?;
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

/// Whether two components of openPMD are those of one mesh at two iterations.
fn same_record(a: &str, b: &str) -> bool {
    let record = |name| leaf(group_and_leaf(name).0);
    record(a) == record(b)
}

/// Whether two components may have these shapes: those on faces differ in length.
fn fits(request: &FileRequest, a: &[usize], b: &[usize]) -> bool {
    a == b || request.staggered && a.len() == b.len()
}

/// Components by their names, together in one group.
fn by_name(
    file: &OpenFile,
    available: &Listing,
    request: &FileRequest,
    partners: fn(&str) -> Option<[String; 2]>,
) -> Result<Vec<Vec<String>>, FileError> {
    let mut candidates = Vec::new();
    for (name, shape) in &available.0 {
        let (group, x) = group_and_leaf(name);
        let Some(partners) = partners(x) else { continue };
        let partner = |wanted: &str| {
            available.0.iter().find(|(other, other_shape)| {
                let (g, l) = group_and_leaf(other);
                g == group && l.to_lowercase() == wanted && fits(request, other_shape, shape)
            })
        };
        candidates.extend(complete(file, request, name, partners.each_ref().map(|p| partner(p)))?);
    }
    Ok(candidates)
}

/// Components by their CF standard names.
fn by_standard_name(
    file: &OpenFile,
    available: &Listing,
    request: &FileRequest,
) -> Result<Vec<Vec<String>>, FileError> {
    let named: Vec<String> =
        available.0.iter().map(|(name, _)| file.store.standard_name(name)).collect();
    let mut candidates = Vec::new();
    for ((name, shape), standard_name) in available.0.iter().zip(&named) {
        let Some(partners) = standard_partners(standard_name) else { continue };
        let partner = |wanted: &str| {
            let others = available.0.iter().zip(&named);
            let mut others = others
                .filter(|((_, other), found)| *found == wanted && fits(request, other, shape));
            others.next().map(|(other, _)| other)
        };
        candidates.extend(complete(file, request, name, partners.each_ref().map(|p| partner(p)))?);
    }
    Ok(candidates)
}

/// A set from an x component and what was found of the others; `None` without a second.
fn complete(
    file: &OpenFile,
    request: &FileRequest,
    name: &str,
    [second, third]: [Option<&(String, Vec<usize>)>; 2],
) -> Result<Option<Vec<String>>, FileError> {
    let Some((second, _)) = second else { return Ok(None) };
    let mut set = vec![name.to_string(), second.clone()];
    if let Some((third, _)) = third {
        let array = attach(file, file.store.open(name)?, request, (0, 3))?;
        if has_third_axis(array.info(), request.axes.as_deref()) {
            set.push(third.clone());
        }
    }
    Ok(Some(set))
}

/// The only x component of the file, and the y component in a file beside it that is named likewise, such as
/// `uwnd_2001.nc` and `vwnd_2001.nc`.
fn in_two_files(store: &dyn Store, available: &Listing) -> Option<Vec<String>> {
    let mut found = available.0.iter().filter(|(name, _)| partners(leaf(name)).is_some());
    let (Some((name, shape)), None) = (found.next(), found.next()) else { return None };
    let first = leaf(name).to_lowercase();
    let [second, _] = partners(&first)?;
    let path = store.path();
    let file = path.file_name()?.to_str()?;
    let others = pairs().flat_map(|(from, to)| renamed(file, from, to));
    for other in renamed(file, &first, &second).into_iter().chain(others) {
        let Ok(beside) = open_store(&path.with_file_name(&other)) else { continue };
        let listing = beside.list().ok()?;
        let partner = |(name, found): &&(String, Vec<usize>)| {
            leaf(name).to_lowercase() == second && found == shape
        };
        if let Some((partner, _)) = listing.0.iter().find(partner) {
            return Some(vec![name.clone(), format!("{other}::{partner}")]);
        }
    }
    None
}

/// A file name with the name of one component in place of another: where it is a word, or longer than a letter.
fn renamed(file: &str, from: &str, to: &str) -> Vec<String> {
    let lower = file.to_lowercase();
    let is_word = |start: usize| {
        let outside = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric());
        outside(lower[..start].chars().next_back())
            && outside(lower[start + from.len()..].chars().next())
    };
    let at = lower.match_indices(from).map(|(start, _)| start);
    let at = at.filter(|start| file.is_ascii() && (from.len() > 1 || is_word(*start)));
    let with = |start: usize| {
        let old = &file[start..start + from.len()];
        let new =
            if old.chars().all(|c| !c.is_lowercase()) { to.to_uppercase() } else { to.into() };
        format!("{}{new}{}", &file[..start], &file[start + from.len()..])
    };
    at.map(with).collect()
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

/// Arrays of real numbers with an axis of components, which is called so, or is in an array that is called a vector.
fn with_component_axis(
    file: &OpenFile,
    available: &Listing,
    request: &FileRequest,
) -> Result<Vec<Vec<String>>, FileError> {
    if let [(only, _)] = &available.0[..]
        && file.store.is_one_array()
    {
        return Ok(vec![vec![only.clone()]]);
    }
    let mut candidates = Vec::new();
    for (name, shape) in &available.0 {
        let only = available.0.len() == 1;
        if !only && !shape.iter().any(|n| matches!(n, 2 | 3)) {
            continue;
        }
        let array = match file.store.open(name) {
            Ok(array) => array,
            Err(FileError::NotNumbers { .. }) if !only => continue,
            Err(e) => return Err(e),
        };
        if array.info().number == NumberType::Integer {
            continue;
        }
        let array = attach(file, array, request, (0, 1))?;
        let mut kinds = array.info().dimensions.iter().map(axes::kind);
        let called = kinds.any(|kind| kind == DimensionKind::Component)
            || request.axes.is_some()
            || is_vector_name(leaf(name));
        if called && axes::assign(array.info(), 1, request.axes.as_deref()).is_ok() {
            candidates.push(vec![name.clone()]);
        }
    }
    Ok(candidates)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_named_by_their_components() {
        assert_eq!(renamed("uwnd_mean.nc", "uwnd", "vwnd"), ["vwnd_mean.nc"]);
        assert_eq!(renamed("U.nc", "u", "v"), ["V.nc"]);
        assert_eq!(renamed("run_u_07.nc", "u", "v"), ["run_v_07.nc"]);
        assert_eq!(renamed("ocean_UVEL.nc", "uvel", "vvel"), ["ocean_VVEL.nc"]);
        assert!(renamed("august.nc", "u", "v").is_empty());
    }
}
