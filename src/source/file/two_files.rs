//! Fields whose components are in two files that are named likewise, such as `uwnd_2001.nc` and `vwnd_2001.nc`.

use super::Listing;
use super::array::{Store, leaf};
use super::component_names::{pairs, partners};
use super::stores::open_store;
#[cfg(feature = "cli")]
use std::collections::HashSet;
#[cfg(feature = "cli")]
use std::path::{Path, PathBuf};

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

/// The only x component of the file, and the y component in a file beside it that is named likewise, such as
/// `uwnd_2001.nc` and `vwnd_2001.nc`.
pub(super) fn in_two_files(store: &dyn Store, available: &Listing) -> Option<Vec<String>> {
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
