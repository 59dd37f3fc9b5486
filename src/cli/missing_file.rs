//! What was probably meant by the name of a file that does not exist.

use super::nearest::nearest;
use crate::source::analytic::{CASES_2D, CASES_3D, names};
use std::path::Path;

/// The source or the file whose name is nearest.
pub fn meant(path: &Path) -> Option<String> {
    let name = path.to_str()?;
    let mut cases = names(CASES_2D).into_iter().chain(names(CASES_3D));
    if let Some(case) = cases.find(|case| case.eq_ignore_ascii_case(name)) {
        return Some(format!("the analytic case of that name is analytic:{case}"));
    }
    let (leaf, folder) = (path.file_name()?.to_str()?, path.parent()?);
    let here = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let entries = std::fs::read_dir(here).ok()?.filter_map(Result::ok);
    let files = entries.filter(|entry| entry.file_type().is_ok_and(|kind| !kind.is_dir()));
    let files: Vec<String> =
        files.filter_map(|entry| entry.file_name().into_string().ok()).collect();
    let near = nearest(leaf, files.iter().map(String::as_str))?;
    Some(format!("the nearest name there is {}", folder.join(near).display()))
}
