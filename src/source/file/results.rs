//! What a result file of this program holds.

use super::FileError;
use super::stores::open_store;
use std::path::Path;

/// The arrays of one field in a result file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ResultGroup {
    /// What the names of its arrays begin with in the file: nothing, or `fields/NAME/`.
    pub prefix: String,
    /// Names of its arrays without that.
    pub arrays: Vec<String>,
}

impl ResultGroup {
    /// What the group is called; empty where the file is of one field.
    pub fn name(&self) -> &str {
        self.prefix.strip_prefix("fields/").unwrap_or_default().trim_end_matches('/')
    }
}

/// The fields in a result file; none if it was not written by this program.
pub(crate) fn result_groups(path: &Path) -> Result<Vec<ResultGroup>, FileError> {
    let store = open_store(path)?;
    let mut groups: Vec<ResultGroup> = Vec::new();
    if store.numbers("", &|name| name == "hodge_layout").is_empty() {
        return Ok(groups);
    }
    for name in store.names()? {
        let split = name.strip_prefix("fields/").and_then(|rest| rest.split_once('/'));
        let (prefix, array) = match split {
            Some((field, array)) => (format!("fields/{field}/"), array.to_string()),
            None => (String::new(), name),
        };
        match groups.iter_mut().find(|group| group.prefix == prefix) {
            Some(group) => group.arrays.push(array),
            None => groups.push(ResultGroup { prefix, arrays: vec![array] }),
        }
    }
    Ok(groups)
}
