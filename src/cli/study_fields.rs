//! The fields that a study names: sources, files, and patterns of names of files.

use super::study_file::{StudyFile, Typed};
use crate::source::analytic::{CASES_2D, CASES_3D, names};
use crate::source::natural_order;
use anyhow::{Context, Result};
use std::path::{Path, PathBuf};

/// All of them: those of a pattern in their natural order, where 2 comes before 10.
pub fn expand(study: &StudyFile) -> Result<Vec<String>> {
    let mut fields: Vec<String> = Vec::new();
    for typed in &study.fields {
        for field in one(study, typed)? {
            if fields.contains(&field) {
                return Err(study.error(typed, format!("fields has {field} twice")));
            }
            fields.push(field);
        }
    }
    Ok(fields)
}

fn one(study: &StudyFile, typed: &Typed) -> Result<Vec<String>> {
    if let Some(name) = typed.text.strip_prefix("analytic:") {
        let mut known = names(CASES_2D);
        known.extend(names(CASES_3D));
        let case = Typed { text: name.into(), line: typed.line };
        study.error_unless_known("analytic case", &case, &known)?;
        return Ok(vec![typed.text.clone()]);
    }
    for prefix in ["autoencoder:", "onnx:", "onnx-autoencoder:"] {
        if let Some(name) = typed.text.strip_prefix(prefix) {
            let path = existing(study, typed, &study.beside(name))?;
            return Ok(vec![format!("{prefix}{}", utf8(study, typed, path)?)]);
        }
    }
    let path = study.beside(&typed.text);
    let is_pattern = typed.text.contains(['*', '?', '[']) && !path.exists();
    match is_pattern {
        true => matching(study, typed),
        false => Ok(vec![utf8(study, typed, existing(study, typed, &path)?)?]),
    }
}

fn existing(study: &StudyFile, typed: &Typed, path: &Path) -> Result<PathBuf> {
    if path.is_file() {
        return Ok(path.into());
    }
    let near = super::missing_file::meant(path);
    let near = near.map_or(String::new(), |near| format!(" ({near})"));
    Err(study.error(typed, format!("there is no file {}{near}", path.display())))
}

/// The files whose names match.
fn matching(study: &StudyFile, typed: &Typed) -> Result<Vec<String>> {
    let folder = study.path.parent().unwrap_or(Path::new(""));
    let folder = glob::Pattern::escape(&utf8(study, typed, folder.into())?);
    let pattern = match folder.is_empty() || Path::new(&typed.text).is_absolute() {
        true => typed.text.clone(),
        false => format!("{folder}/{}", typed.text),
    };
    let options =
        glob::MatchOptions { require_literal_leading_dot: true, ..glob::MatchOptions::new() };
    let found = glob::glob_with(&pattern, options);
    let found = found.map_err(|error| study.error(typed, format!("{:?}: {error}", typed.text)))?;
    let mut names = Vec::new();
    for path in found {
        let path = path.with_context(|| format!("{:?} cannot be looked up", typed.text))?;
        if path.is_file() {
            names.push(utf8(study, typed, path)?);
        }
    }
    if names.is_empty() {
        return Err(study.error(typed, format!("no file matches {:?}", typed.text)));
    }
    names.sort_by(|a, b| natural_order(a, b));
    Ok(names)
}

fn utf8(study: &StudyFile, typed: &Typed, path: PathBuf) -> Result<String> {
    let text = path.into_os_string().into_string();
    text.map_err(|name| {
        study.error(typed, format!("the name {} is no UTF-8", name.to_string_lossy()))
    })
}
