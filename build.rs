//! Tells the program where its commit stands, and refuses an HDF5 library made for MPI.

use std::path::{Path, PathBuf};
use std::process::Command;

fn main() {
    refuse_parallel_hdf5();
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rustc-env=HODGE_HEAD_LOG={}", head_log().display());
}

/// A file whose last line names the commit as git's log of HEAD does: `before after who …`.
///
/// When this script runs, cargo compiles the library again. So git's own log is named where there is
/// one: only `main.rs` reads it, and the compiler notes that it does. Every commit, checkout and reset
/// adds a line; `git add` does not. Elsewhere the line is written here.
fn head_log() -> PathBuf {
    // An archive unpacked inside some other repository has no commit there.
    if git(&["ls-files", "--error-unmatch", "build.rs"]).is_none() {
        return written("unknown");
    }
    // Stands and falls with the repository: with it the log named below would be gone.
    watch("config");
    let log = git_path("logs/HEAD");
    log.unwrap_or_else(|| {
        watch("HEAD");
        let branch = git(&["symbolic-ref", "--quiet", "HEAD"]);
        watch(branch.filter(|name| git_path(name).is_some()).as_deref().unwrap_or("packed-refs"));
        written(&git(&["rev-parse", "HEAD"]).unwrap_or("unknown".into()))
    })
}

fn written(commit: &str) -> PathBuf {
    let path = Path::new(&std::env::var_os("OUT_DIR").expect("set by cargo")).join("head");
    std::fs::write(&path, format!("- {commit} -\n")).expect("cargo's folder can be written");
    path
}

/// A file in the folders of git, which a worktree has elsewhere; none if it is not there.
fn git_path(name: &str) -> Option<PathBuf> {
    let path = PathBuf::from(git(&["rev-parse", "--git-path", name])?);
    std::path::absolute(path).ok().filter(|path| path.is_file())
}

/// Cargo takes a file that is missing for one that has changed, so only what is there is named.
fn watch(name: &str) {
    if let Some(path) = git_path(name) {
        println!("cargo:rerun-if-changed={}", path.display());
    }
}

fn git(arguments: &[&str]) -> Option<String> {
    let output = Command::new("git").args(arguments).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_string())
}

/// The bindings tell what they found. A parallel HDF5 would link MPI into a program that does not
/// use it, and Debian's MPI packages take over the name by which the bindings look for the library.
fn refuse_parallel_hdf5() {
    if std::env::var_os("DEP_HDF5_HAVE_PARALLEL").is_none() {
        return;
    }
    let include = std::env::var("DEP_HDF5_INCLUDE").unwrap_or_default();
    println!(
        "cargo::error=the HDF5 found (headers in {include}) is built for MPI, which hodge does not \
         use. Run `.ci/setup` and `cargo clean`, or name the serial one: \
         HDF5_DIR=/usr/lib/x86_64-linux-gnu/hdf5/serial on 64-bit Debian"
    );
}
