//! A look at HDF5 files by a process of its own: on some damaged files the library crashes or never ends.

use crate::machine::{limit_processor_time, processor_seconds};
use crate::source::file::walk;
use anyhow::{Result, bail};
use std::collections::HashMap;
use std::ffi::OsString;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::{Mutex, OnceLock, PoisonError};

/// Says to that process that it is one; it reads the names of files, each with a NUL behind it.
const LOOKS: &str = "HODGE_LOOKS_AT_FILES";

/// Seconds of processor time that it may take for a file, beside one for every MB of it.
const SECONDS: u64 = 1;

/// If this is that process: looks, and says that it is to end. A byte of its output stands for every file that is sound.
pub fn child() -> bool {
    if std::env::var_os(LOOKS).is_none() {
        return false;
    }
    let mut names = BufReader::new(std::io::stdin()).split(0);
    while let Some(Ok(name)) = names.next() {
        let path = path_of(name);
        let length = std::fs::metadata(&path).map_or(0, |found| found.len());
        limit_processor_time(processor_seconds() + SECONDS + length / 1_000_000);
        walk(&path);
        let mut out = std::io::stdout();
        if out.write_all(b".").and_then(|()| out.flush()).is_err() {
            break;
        }
    }
    true
}

/// What is known of files so far, and who looks at the next.
#[derive(Default)]
struct Looks {
    /// Those that were looked at, with the signal that ended it where they are damaged.
    known: HashMap<PathBuf, Option<i32>>,
    /// Those that are to be looked at next, in this order.
    asked: Vec<PathBuf>,
    process: Option<(Child, ChildStdout)>,
}

/// The command that starts the program again; the running one where it is not said or empty.
static AGAIN: OnceLock<Vec<OsString>> = OnceLock::new();

/// Sets that command, once.
pub fn start_by(again: Vec<OsString>) {
    AGAIN.get_or_init(|| again);
}

static LOOKS_SO_FAR: Mutex<Option<Looks>> = Mutex::new(None);

/// Has files looked at one after the other, while others are read already.
pub fn look_ahead<'a>(paths: impl IntoIterator<Item = &'a Path>) {
    let mut looks = LOOKS_SO_FAR.lock().unwrap_or_else(PoisonError::into_inner);
    let looks = looks.get_or_insert_default();
    looks.asked.extend(paths.into_iter().filter(|path| is_hdf5(path)).map(PathBuf::from));
}

/// Refuses an HDF5 file that a process could not look at to the end.
pub fn ensure_readable(path: &Path) -> Result<()> {
    if !is_hdf5(path) {
        return Ok(());
    }
    let mut looks = LOOKS_SO_FAR.lock().unwrap_or_else(PoisonError::into_inner);
    let looks = looks.get_or_insert_default();
    if !looks.known.contains_key(path) && !looks.asked.iter().any(|asked| asked == path) {
        looks.stop();
        looks.asked.insert(0, path.into());
    }
    while !looks.known.contains_key(path) && looks.next().is_some() {}
    match looks.known.get(path).copied().flatten() {
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

impl Looks {
    /// Waits for what is found of the next file. Without a process all files are taken to be sound.
    fn next(&mut self) -> Option<()> {
        if self.asked.is_empty() {
            return None;
        }
        if self.process.is_none() {
            self.process = start(&self.asked);
        }
        let found = match &mut self.process {
            None => None,
            Some((child, output)) => match output.read_exact(&mut [0]) {
                Ok(()) => None,
                Err(_) => child.wait().ok().as_ref().and_then(signal),
            },
        };
        if found.is_some() {
            self.process = None;
        }
        self.known.insert(self.asked.remove(0), found);
        Some(())
    }

    /// Ends the process; what it was asked is asked another.
    fn stop(&mut self) {
        if let Some((mut child, _)) = self.process.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// A process that looks at files.
fn start(paths: &[PathBuf]) -> Option<(Child, ChildStdout)> {
    let mut look = match AGAIN.get().and_then(|again| again.split_first()) {
        Some((program, arguments)) => {
            let mut look = Command::new(program);
            look.args(arguments);
            look
        }
        None => Command::new(std::env::current_exe().ok()?),
    };
    look.env(LOOKS, "1").stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = look.spawn().ok()?;
    let (mut input, output) = (child.stdin.take()?, child.stdout.take()?);
    let names: Vec<u8> = paths.iter().flat_map(|path| with_nul(path)).collect();
    // By a thread, because the names may be more than a pipe holds.
    std::thread::Builder::new().spawn(move || input.write_all(&names)).ok()?;
    Some((child, output))
}

fn is_hdf5(path: &Path) -> bool {
    let mut start = [0; 8];
    let read = std::fs::File::open(path).and_then(|mut file| file.read_exact(&mut start));
    read.is_ok() && start == *b"\x89HDF\r\n\x1a\n"
}

#[cfg(unix)]
fn path_of(name: Vec<u8>) -> PathBuf {
    PathBuf::from(<OsString as std::os::unix::ffi::OsStringExt>::from_vec(name))
}

#[cfg(not(unix))]
fn path_of(name: Vec<u8>) -> PathBuf {
    PathBuf::from(OsString::from(String::from_utf8_lossy(&name).into_owned()))
}

#[cfg(unix)]
fn with_nul(path: &Path) -> Vec<u8> {
    let name = std::os::unix::ffi::OsStrExt::as_bytes(path.as_os_str());
    name.iter().copied().chain([0]).collect()
}

#[cfg(not(unix))]
fn with_nul(path: &Path) -> Vec<u8> {
    path.to_string_lossy().bytes().chain([0]).collect()
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
