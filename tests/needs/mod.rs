//! What some tests need and a machine may lack: data too large for the repository, Python. A test
//! that has to do without it reports that, and `.ci/run` counts it.

use std::io::Write;
use std::panic::Location;
use std::path::{Path, PathBuf};

/// Says that the running test ends early, and why. Written past the harness, which swallows what
/// passing tests print, and to the file that HODGE_SKIPPED names.
#[track_caller]
pub fn skipped(reason: &str) {
    let thread = std::thread::current();
    let name = thread.name().unwrap_or("a test");
    let line = format!("SKIPPED: {name} ({}): {reason}\n", Location::caller());
    let _ = std::io::stderr().write_all(line.as_bytes());
    if let Some(list) = std::env::var_os("HODGE_SKIPPED") {
        let mut file = std::fs::File::options().create(true).append(true).open(list).unwrap();
        file.write_all(line.as_bytes()).unwrap();
    }
}

fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Files of the shared data, under HODGE_DATA or beside the repository; `None`, with a notice, if
/// one is missing.
#[track_caller]
pub fn data<const N: usize>(names: [&str; N]) -> Option<[PathBuf; N]> {
    let root = std::env::var_os("HODGE_DATA")
        .map_or_else(|| repository().join("../shared/data"), PathBuf::from);
    let paths = names.map(|name| root.join(name));
    if let Some(missing) = paths.iter().find(|path| !path.exists()) {
        skipped(&format!("{} is not there (set HODGE_DATA)", missing.display()));
        return None;
    }
    Some(paths)
}

/// The Python that `.ci/setup tests` prepares; `None`, with a notice, if it never did. A broken one
/// fails the test that runs it.
#[track_caller]
pub fn python() -> Option<PathBuf> {
    let place = repository().join(".venv");
    if !place.exists() {
        skipped("there is no .venv (`.ci/setup tests` makes it)");
        return None;
    }
    Some(place.join("bin/python"))
}
