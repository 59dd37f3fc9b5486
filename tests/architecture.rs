//! The rules of the rooms of `src`: each uses only the rooms above it, and outside crates only
//! where the table allows.

#[path = "architecture/circles.rs"]
mod circles;
#[path = "architecture/standing.rs"]
mod standing;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Rooms from the bottom up; each may use those before it.
const ROOMS: [&str; 17] = [
    "machine",
    "grid",
    "boundary",
    "field",
    "transform",
    "projection",
    "operator",
    "poisson",
    "decomposition",
    "autoencoder",
    "source",
    "diagnostic",
    "validation",
    "output",
    "batch",
    "cli",
    "python",
];

/// Outside crates that only some rooms may use.
const KEPT: [(&str, &[&str]); 29] = [
    ("tempfile", &["machine"]),
    ("signal_hook", &["cli"]),
    ("libc", &["machine"]),
    ("libm", &["projection", "autoencoder"]),
    ("tract_onnx", &["source"]),
    ("ndarray", &["field", "autoencoder", "source", "output", "cli", "python"]),
    ("numpy", &["python"]),
    ("pyo3", &["python"]),
    ("rustfft", &["transform", "projection", "operator"]),
    ("sprs", &["operator", "poisson"]),
    ("faer", &["poisson", "autoencoder"]),
    ("safetensors", &["autoencoder"]),
    ("csv", &["autoencoder"]),
    ("flate2", &["autoencoder", "source"]),
    ("zip", &["autoencoder", "source", "output"]),
    ("hdf5", &["autoencoder", "source", "output"]),
    ("netcdf_reader", &["source"]),
    ("tiny_skia", &["output"]),
    ("ttf_parser", &["output"]),
    ("png", &["output"]),
    ("sha2", &["output"]),
    ("colorous", &["output"]),
    ("base64", &["output", "source"]),
    ("clap", &["cli"]),
    ("indicatif", &["cli"]),
    ("anyhow", &["cli"]),
    ("time", &["cli"]),
    ("glob", &["cli"]),
    ("toml", &["cli"]),
];

fn rust_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()) {
        if entry.is_dir() {
            rust_files(&entry, found);
        } else if entry.extension().is_some_and(|e| e == "rs") {
            found.push(entry);
        }
    }
}

/// The source files of every room.
fn rooms() -> BTreeMap<String, Vec<(PathBuf, String)>> {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    rust_files(&src, &mut files);
    let mut rooms: BTreeMap<String, Vec<(PathBuf, String)>> = BTreeMap::new();
    for path in files {
        let inside = path.strip_prefix(&src).unwrap();
        let first = inside.components().next().unwrap().as_os_str().to_string_lossy();
        let room = first.trim_end_matches(".rs").to_string();
        let text = fs::read_to_string(&path).unwrap();
        let code = text.lines().filter(|l| !l.trim_start().starts_with("//"));
        rooms.entry(room).or_default().push((path, code.collect::<Vec<_>>().join("\n")));
    }
    rooms
}

#[test]
fn rooms_use_only_rooms_above() {
    for (room, files) in
        rooms().iter().filter(|(room, _)| !["lib", "main"].contains(&room.as_str()))
    {
        let own = ROOMS.iter().position(|r| r == room);
        let own = own.unwrap_or_else(|| panic!("room {room} is not in the table"));
        for (path, code) in files {
            for (other, name) in ROOMS.iter().enumerate() {
                let used = code.contains(&format!("crate::{name}"));
                assert!(!used || other <= own, "{} uses {name}", path.display());
            }
        }
    }
}

/// A room that was taken out of the table, the map of the crate or the tree would be missed by the tests above.
#[test]
fn every_room_stands_and_is_on_the_map() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let map = fs::read_to_string(src.join("lib.rs")).unwrap();
    let rooms = rooms();
    for room in ROOMS {
        assert!(rooms.contains_key(room), "there is no room {room}");
        assert!(map.contains(&format!("//! | [`{room}`] |")), "{room} is not on the map of lib.rs");
    }
    let on_map = map.lines().filter(|line| line.starts_with("//! | [`")).count();
    assert_eq!(on_map, ROOMS.len(), "rooms on the map");
    assert!(src.join("projection/README.md").exists(), "the drawing of the sweeps");
}

#[test]
fn outside_crates_stay_in_their_rooms() {
    for (room, files) in rooms() {
        for (path, code) in files {
            for (name, allowed) in KEPT {
                let used = [format!("use {name}::"), format!(" {name}::"), format!("({name}::")]
                    .iter()
                    .any(|pattern| code.contains(pattern.as_str()));
                let allowed = allowed.contains(&room.as_str());
                assert!(!used || allowed, "{} uses {name}", path.display());
            }
        }
    }
}

#[test]
fn only_the_command_line_prints_and_exits() {
    for (room, files) in rooms().iter().filter(|(room, _)| room.as_str() != "cli") {
        for (path, code) in files {
            for pattern in ["println!", "eprint!", "process::exit", "env::args", "dbg!"] {
                assert!(!code.contains(pattern), "{} in room {room}: {pattern}", path.display());
            }
        }
    }
}

/// Errors and notes of the library are for its callers; the program adds its options to them.
#[test]
fn only_the_command_line_names_options() {
    for (room, files) in rooms().iter().filter(|(room, _)| room.as_str() != "cli") {
        for (path, code) in files {
            let option = |(at, dashes): (usize, &str)| {
                code[at + dashes.len()..].starts_with(|c: char| c.is_ascii_lowercase())
            };
            let named = code.match_indices("--").find(|found| option(*found));
            let line = named.map(|(at, _)| code[at..].lines().next().unwrap_or_default());
            assert_eq!(line, None, "{} in room {room}", path.display());
        }
    }
}

#[test]
fn every_file_says_what_it_is() {
    for (path, _) in rooms().into_values().flatten() {
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.starts_with("//!"), "{} has no //! line", path.display());
    }
}
