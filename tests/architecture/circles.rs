//! No circle between the files of a room.

use crate::rooms;
use std::collections::{BTreeMap, BTreeSet};

/// A path in the crate, as its segments.
type Place = Vec<String>;

/// Of every file the paths that it uses, and those that it passes on.
#[derive(Default)]
struct Uses {
    private: BTreeSet<Place>,
    passed_on: BTreeSet<Place>,
}

/// The branches of the tree of a `use`, written out.
fn branches(tree: &str) -> Vec<String> {
    let Some((stem, rest)) = tree.split_once('{') else {
        let name = tree.split_once(" as ").map_or(tree, |(name, _)| name);
        return vec![name.replace(' ', "")];
    };
    let body = rest.trim_end().strip_suffix('}').expect("a closed brace");
    let (mut depth, mut parts) = (0, vec![String::new()]);
    for c in body.chars() {
        depth += i32::from(c == '{') - i32::from(c == '}');
        match (c, depth) {
            (',', 0) => parts.push(String::new()),
            _ => parts.last_mut().expect("one to begin with").push(c),
        }
    }
    let parts = parts.iter().map(|part| part.trim()).filter(|part| !part.is_empty());
    parts.flat_map(|part| branches(&format!("{stem}{part}"))).collect()
}

/// A path as the file of a module writes it, from the root of the crate; `None` for one of another crate.
fn from_root(module: &[String], path: &str, modules: &BTreeSet<Place>) -> Option<Place> {
    let mut place = module.to_vec();
    let segments: Vec<&str> = path.split("::").collect();
    let mut rest = &segments[..];
    match rest[0] {
        "crate" => (place, rest) = (Vec::new(), &rest[1..]),
        "self" => rest = &rest[1..],
        "super" => {
            while rest.first() == Some(&"super") {
                place.pop();
                rest = &rest[1..];
            }
        }
        child => {
            let mut inside = place.clone();
            inside.push(child.into());
            if !modules.contains(&inside) {
                return None;
            }
        }
    }
    place.extend(rest.iter().map(|segment| segment.to_string()));
    Some(place)
}

fn uses(module: &[String], code: &str, modules: &BTreeSet<Place>) -> Uses {
    let mut found = Uses::default();
    let without_tests = code.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    for statement in without_tests.split(';') {
        let lines: Vec<&str> = statement.lines().map(str::trim).collect();
        let begins = |line: &&str| {
            ["use ", "pub use ", "pub(crate) use ", "pub(super) use "]
                .iter()
                .any(|start| line.starts_with(start))
        };
        let Some(first) = lines.iter().rposition(begins) else { continue };
        let words = lines[first..].join(" ");
        let Some((before, tree)) = words.split_once("use ") else { continue };
        let places = branches(tree);
        let places = places.iter().filter_map(|path| from_root(module, path, modules));
        match before {
            "" => found.private.extend(places),
            _ => found.passed_on.extend(places),
        }
    }
    found
}

/// The module whose file has a thing, through what modules pass on.
fn home(place: &[String], all: &BTreeMap<Place, Uses>) -> Option<Place> {
    let known = |n: &usize| all.contains_key(&place[..*n]);
    let length = (1..=place.len()).rev().find(known)?;
    let module = &place[..length];
    let passed_on = place
        .get(length)
        .and_then(|name| all[module].passed_on.iter().find(|passed| passed.last() == Some(name)));
    match passed_on {
        Some(passed) if passed != place => home(passed, all),
        _ => Some(module.to_vec()),
    }
}

/// The first circle that is found from a file on: files that each import the next.
fn circle<'a>(
    from: &'a Place,
    imports: &'a BTreeMap<Place, BTreeSet<Place>>,
    path: &mut Vec<&'a Place>,
    clear: &mut BTreeSet<&'a Place>,
) -> Option<Vec<String>> {
    if let Some(start) = path.iter().position(|place| *place == from) {
        return Some(path[start..].iter().map(|place| place.join("::")).collect());
    }
    if clear.contains(from) {
        return None;
    }
    path.push(from);
    let found = imports[from].iter().find_map(|next| circle(next, imports, path, clear));
    path.pop();
    clear.insert(from);
    found
}

/// The files that every file imports by `use`, within its room.
fn imports() -> BTreeMap<Place, BTreeSet<Place>> {
    let module = |path: &std::path::Path| -> Place {
        let src = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        let inside = path.strip_prefix(&src).unwrap().with_extension("");
        let names = inside.iter().map(|name| name.to_string_lossy().into_owned());
        names.filter(|name| name != "mod").collect()
    };
    let files: Vec<(Place, String)> = rooms()
        .into_values()
        .flatten()
        .map(|(path, code)| (module(&path), code))
        .filter(|(module, _)| !["lib", "main"].contains(&module[0].as_str()))
        .collect();
    let modules: BTreeSet<Place> = files.iter().map(|(module, _)| module.clone()).collect();
    let all: BTreeMap<Place, Uses> = files
        .into_iter()
        .map(|(module, code)| {
            let uses = uses(&module, &code, &modules);
            (module, uses)
        })
        .collect();
    let imported = |module: &Place, uses: &Uses| -> BTreeSet<Place> {
        let homes = uses.private.iter().filter_map(|place| home(place, &all));
        homes.filter(|home| home[0] == module[0] && !home.starts_with(module)).collect()
    };
    all.iter().map(|(module, uses)| (module.clone(), imported(module, uses))).collect()
}

/// A file imports another where a `use` of it, outside its tests, names a thing that the other has; what modules
/// pass on by `pub use` is followed to the file that has it. What a file uses of its own children is no
/// import, and so neither is a `mod.rs` that passes them on: the work of one type is cut into files below
/// the one that has the type.
#[test]
fn no_circle_between_files() {
    let imports = imports();
    assert!(imports.values().map(BTreeSet::len).sum::<usize>() > 200, "the imports are read");
    let mut clear = BTreeSet::new();
    let circles = imports.keys().filter_map(|file| {
        circle(file, &imports, &mut Vec::new(), &mut clear).map(|files| files.join(" → "))
    });
    let circles: Vec<String> = circles.collect();
    assert!(circles.is_empty(), "{}", circles.join("\n"));
}

#[test]
fn what_is_passed_on_is_followed_to_its_file() {
    let imports = imports();
    let imported = |file: &str, other: &str| {
        let place = |text: &str| text.split("::").map(String::from).collect::<Place>();
        imports[&place(file)].contains(&place(other))
    };
    // `use super::Sample`, which source/mod.rs passes on.
    assert!(imported("source::series", "source::sample"));
    // `use super::Source`, which stands there.
    assert!(imported("source::map", "source"));
}
