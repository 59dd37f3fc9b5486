//! A look at an HDF5 file by a process of its own: on some damaged files the library crashes or never ends.

use crate::machine::limit_processor_time;
use crate::source::file::walk;
use anyhow::{Result, bail};
use std::ffi::OsStr;
use std::io::Read;
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};

/// Names the file to that process.
const LOOKS_AT: &str = "HODGE_LOOKS_AT";

/// Seconds of processor time that it may take, beside one for every MB of the file.
const SECONDS: u64 = 1;

/// If this is that process: looks, and is to end with this code.
pub fn child() -> Option<ExitCode> {
    let path = std::env::var_os(LOOKS_AT)?;
    let path = Path::new(&path);
    let length = std::fs::metadata(path).map_or(0, |found| found.len());
    limit_processor_time(SECONDS + length / 1_000_000);
    walk(path);
    Some(ExitCode::SUCCESS)
}

/// Refuses an HDF5 file that a process could not look at to the end.
pub fn ensure_readable(path: &Path) -> Result<()> {
    let mut start = [0; 8];
    let read = std::fs::File::open(path).and_then(|mut file| file.read_exact(&mut start));
    if read.is_err() || start != *b"\x89HDF\r\n\x1a\n" {
        return Ok(());
    }
    let Ok(program) = std::env::current_exe() else { return Ok(()) };
    let mut look = Command::new(program);
    look.env(LOOKS_AT, OsStr::new(path));
    let quiet = look.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    match quiet.status().ok().and_then(|status| signal(&status)) {
        None => Ok(()),
        Some(signal) => {
            let how = if signal == OUT_OF_TIME { "does not come to an end" } else { "crashes" };
            bail!(
                "{} is a damaged HDF5 file, on which the HDF5 library {how}; copy what is left of it with h5repack, or get it anew",
                path.display()
            )
        }
    }
}

/// SIGXCPU on Linux and macOS.
const OUT_OF_TIME: i32 = 24;

#[cfg(unix)]
fn signal(status: &std::process::ExitStatus) -> Option<i32> {
    std::os::unix::process::ExitStatusExt::signal(status)
}

#[cfg(not(unix))]
fn signal(_status: &std::process::ExitStatus) -> Option<i32> {
    None
}
