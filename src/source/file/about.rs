//! What a file says of itself as a whole.

use super::array::Store;

/// Attributes that mean something in the file that has them and not in one made from it: what names its arrays, and what a file
/// of results says of its own field.
const OWN: [&str; 10] = [
    "Conventions",
    "_NCProperties",
    "coordinates",
    "featureType",
    "periodic_axes",
    "metric",
    "radius",
    "thickness",
    "study",
    "shard",
];

/// What the CF conventions know; all that is taken from a file of results, whose other words are about its own run.
const CF: [&str; 6] = ["title", "institution", "source", "references", "comment", "history"];

/// Words on the data as a whole, such as `title` and `institution`, that hold for what is made from them too.
pub(super) fn about(store: &dyn Store, is_result: bool) -> Vec<(String, String)> {
    let mut found = store.texts_of_file();
    found.retain(|(name, text)| {
        let kept = match is_result {
            true => CF.contains(&name.as_str()),
            false => !OWN.contains(&name.as_str()) && !name.starts_with("hodge_"),
        };
        kept && !text.is_empty()
    });
    found
}
