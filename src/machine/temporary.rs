//! A file under a temporary name until it is complete.

use super::PlaceError;
use super::place::{directory_of, resolve};
use std::fs::File;
use std::path::{Path, PathBuf};
use tempfile::{Builder, TempPath};

/// Characters of the target's name in the temporary one, which must not become too long.
const NAME: usize = 64;

/// The place of a file that is being written. Dropped without [`commit`](Temporary::commit), it
/// removes what was written.
#[derive(Debug)]
pub struct Temporary {
    target: PathBuf,
    place: PathBuf,
    path: TempPath,
    overwrite: bool,
}

impl Temporary {
    /// Creates an empty file with a unique name beside the target (where a symbolic link leads to),
    /// so that a wrong destination is found before any work is done, and removes what processes
    /// that no longer exist left there for the same target.
    ///
    /// # Errors
    /// If the target exists (without `overwrite`) or is not a regular file, or its directory is missing
    /// or cannot be written to.
    pub fn create(target: &Path, overwrite: bool) -> Result<Temporary, PlaceError> {
        let place = resolve(target, overwrite)?;
        let directory = directory_of(&place);
        let name = place.file_name().unwrap_or_default().to_string_lossy();
        let name: String = name.chars().take(NAME).collect();
        let (prefix, suffix) = (format!(".{name}.{}-", machine()), ".tmp");
        sweep(&directory, &prefix, suffix);
        let mut builder = Builder::new();
        let prefix = format!("{prefix}{}-", std::process::id());
        builder.prefix(&prefix).suffix(suffix);
        #[cfg(unix)]
        {
            // As for a file created in the ordinary way: the user's umask does the rest.
            use std::os::unix::fs::PermissionsExt;
            builder.permissions(std::fs::Permissions::from_mode(0o666));
        }
        let made = builder.tempfile_in(&directory);
        let made = made.map_err(|source| PlaceError::Io { path: target.into(), source })?;
        let path = made.into_temp_path();
        Ok(Temporary { target: target.into(), place, path, overwrite })
    }

    /// Where to write.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Where the file goes when complete, as the caller named it.
    pub fn target(&self) -> &Path {
        &self.target
    }

    /// Makes sure the bytes are on disk and gives the file its name.
    ///
    /// # Errors
    /// If something was put there meanwhile, or the system refuses. The file then stays under
    /// another name, which the error contains.
    pub fn commit(self) -> Result<PathBuf, PlaceError> {
        match self.rename() {
            Ok(()) => {
                let Temporary { target, path, .. } = self;
                // Renamed, it must not be removed any more.
                let _ = path.keep();
                Ok(target)
            }
            Err(error) => {
                let left = self.keep();
                Err(PlaceError::Left { reason: error.to_string(), left })
            }
        }
    }

    fn rename(&self) -> Result<(), PlaceError> {
        put_in_place(&self.path, (&self.target, &self.place), self.overwrite)
    }

    /// Keeps what was written under a name that is never swept, and returns that name.
    pub fn keep(self) -> PathBuf {
        let Temporary { place, path, .. } = self;
        let written = path.keep().unwrap_or_default();
        let mut name = place.file_name().unwrap_or_default().to_os_string();
        name.push(format!(".{}.left", std::process::id()));
        let left = place.with_file_name(name);
        match std::fs::rename(&written, &left) {
            Ok(()) => left,
            Err(_) => written,
        }
    }
}

/// Makes sure the bytes of a file are on disk and gives it the name of a place, which the caller called `target`.
///
/// # Errors
/// If something is there (without `overwrite`), or the system refuses.
pub fn put_in_place(
    path: &Path,
    (target, place): (&Path, &Path),
    overwrite: bool,
) -> Result<(), PlaceError> {
    let io = |source| PlaceError::Io { path: target.into(), source };
    resolve(place, overwrite)?;
    File::open(path).and_then(|file| file.sync_all()).map_err(io)?;
    if overwrite {
        return std::fs::rename(path, place).map_err(io);
    }
    // Unlike a rename, a hard link fails if the target exists.
    match std::fs::hard_link(path, place) {
        Ok(()) => std::fs::remove_file(path).map_err(io),
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
            Err(PlaceError::Exists { path: target.into() })
        }
        // File systems without hard links.
        Err(_) => std::fs::rename(path, place).map_err(io),
    }
}

/// Removes files of these names that belong to processes of this machine which no longer exist.
fn sweep(directory: &Path, prefix: &str, suffix: &str) {
    let Ok(entries) = std::fs::read_dir(directory) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let owner = name.to_str().and_then(|name| {
            let rest = name.strip_prefix(prefix)?.strip_suffix(suffix)?;
            rest.split_once('-')?.0.parse::<u32>().ok()
        });
        if owner.is_some_and(|owner| !is_alive(owner)) {
            // Another process may sweep it at the same moment.
            let _ = std::fs::remove_file(entry.path());
        }
    }
}

#[cfg(unix)]
fn is_alive(process: u32) -> bool {
    let Ok(process) = libc::pid_t::try_from(process) else { return true };
    // SAFETY: signal 0 is not delivered; the call only checks whether the process exists.
    let found = unsafe { libc::kill(process, 0) };
    found == 0 || std::io::Error::last_os_error().raw_os_error() != Some(libc::ESRCH)
}

#[cfg(not(unix))]
fn is_alive(_: u32) -> bool {
    true
}

/// A short name for the place whose process numbers mean something here: the host, and within it
/// the container. Directories may be shared between several.
fn machine() -> String {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let mut hasher = DefaultHasher::new();
    std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default().hash(&mut hasher);
    std::fs::read_link("/proc/self/ns/pid").unwrap_or_default().hash(&mut hasher);
    format!("{:08x}", hasher.finish() as u32)
}

/// Reserves bytes of a file on its disk from `start` on, without changing its length, so that a
/// full disk is found before anything is written. Where the system cannot, nothing is reserved.
#[cfg(target_os = "linux")]
pub fn reserve(file: &File, start: u64, bytes: u64) -> std::io::Result<()> {
    use std::io::Error;
    use std::os::fd::AsRawFd;
    let (Ok(from), Ok(length)) = (i64::try_from(start), i64::try_from(bytes)) else {
        return Err(Error::from_raw_os_error(libc::EFBIG));
    };
    let mut limit = libc::rlimit { rlim_cur: libc::RLIM_INFINITY, rlim_max: libc::RLIM_INFINITY };
    // SAFETY: the pointer is to a whole structure of ours, the descriptor is open while `file` lives.
    let (asked, set_aside) = unsafe {
        let asked = libc::getrlimit(libc::RLIMIT_FSIZE, &mut limit);
        let flags = libc::FALLOC_FL_KEEP_SIZE;
        (asked, libc::fallocate(file.as_raw_fd(), flags, from, length.max(1)))
    };
    let error = Error::last_os_error();
    if asked == 0 && start.saturating_add(bytes) > limit.rlim_cur {
        return Err(Error::from_raw_os_error(libc::EFBIG));
    }
    match error.raw_os_error() {
        Some(libc::ENOSPC | libc::EDQUOT | libc::EFBIG) if set_aside != 0 => Err(error),
        _ => Ok(()),
    }
}

/// Refuses a file of so many bytes where the process may not write that much.
pub fn ensure_file_size(bytes: u64) -> std::io::Result<()> {
    #[cfg(unix)]
    {
        let unlimited = libc::RLIM_INFINITY;
        let mut limit = libc::rlimit { rlim_cur: unlimited, rlim_max: unlimited };
        // SAFETY: the pointer is to a whole structure of ours.
        let asked = unsafe { libc::getrlimit(libc::RLIMIT_FSIZE, &mut limit) };
        if asked == 0 && bytes > limit.rlim_cur {
            return Err(std::io::Error::from_raw_os_error(libc::EFBIG));
        }
    }
    let _ = bytes;
    Ok(())
}

#[cfg(not(target_os = "linux"))]
pub fn reserve(_: &File, _: u64, _: u64) -> std::io::Result<()> {
    Ok(())
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    /// What a process left that no longer exists is removed; that of a running one, and of another target, stays.
    #[test]
    fn what_dead_processes_left_is_swept() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("out.h5");
        let own = Temporary::create(&target, false).unwrap();
        let name = own.path().file_name().unwrap().to_str().unwrap().to_string();
        let mut dead = std::process::Command::new("true").spawn().unwrap();
        dead.wait().unwrap();
        let of = |process: u32| {
            name.replace(&format!("-{}-", std::process::id()), &format!("-{process}-"))
        };
        let (dead, alive, other) = (of(dead.id()), of(1), of(dead.id()).replace("out", "other"));
        for name in [&dead, &alive, &other] {
            std::fs::write(folder.path().join(name), "").unwrap();
        }
        drop(Temporary::create(&target, false).unwrap());
        let there = |name: &str| folder.path().join(name).exists();
        assert_eq!(
            [&dead, &alive, &other, &name].map(|name| there(name)),
            [false, true, true, true]
        );
    }
}
