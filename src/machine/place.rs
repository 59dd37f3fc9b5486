//! Where files may go: regular files or nothing, each for one purpose.

use super::PlaceError;
use std::ffi::OsString;
use std::fs::{FileType, Metadata};
use std::path::{Path, PathBuf};

/// One file that a run will write.
#[derive(Clone, Copy, Debug)]
pub struct Output<'a> {
    /// What messages call it.
    pub what: &'a str,
    /// Where it goes.
    pub path: &'a Path,
    /// Endings that fit its format, without the dot; a name without an ending fits as well where
    /// `""` is among them. Empty: any.
    pub endings: &'a [&'a str],
    /// Whether an existing file is replaced.
    pub overwrite: bool,
}

/// Checks the outputs of a run before any work. Every ending has to fit its format; each place has
/// to be a regular file or free (symbolic links followed), in a directory that can be written to;
/// existing files are replaced only where that is allowed; and no output may be the same file as
/// another output, an input, standard output or standard error.
pub fn check_outputs(outputs: &[Output<'_>], inputs: &[&Path]) -> Result<(), PlaceError> {
    let mut taken: Vec<(Identity, String)> = standard_streams();
    for input in inputs {
        // A missing input is refused by its reader.
        let identity = std::fs::metadata(input).ok().and_then(|m| Identity::of_file(&m));
        taken.extend(identity.map(|identity| (identity, format!("the input {}", input.display()))));
    }
    for output in outputs {
        check_ending(output)?;
        let place = resolve(output.path, output.overwrite)?;
        let identity = Identity::of_place(&place);
        if let Some((_, other)) = taken.iter().find(|(other, _)| *other == identity) {
            return Err(PlaceError::Shared {
                what: output.what.into(),
                path: output.path.into(),
                other: other.clone(),
            });
        }
        taken.push((identity, format!("the place of {}", output.what)));
        // Only creating a file shows whether the directory can be written to; this one is nameless
        // and gone when it is closed.
        tempfile::tempfile_in(directory_of(&place))
            .map_err(|source| PlaceError::Io { path: output.path.into(), source })?;
    }
    Ok(())
}

fn check_ending(output: &Output<'_>) -> Result<(), PlaceError> {
    let ending = output.path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
    if output.endings.is_empty() || output.endings.contains(&ending.as_str()) {
        return Ok(());
    }
    let named = output.endings.iter().filter(|e| !e.is_empty());
    Err(PlaceError::Ending {
        what: output.what.into(),
        path: output.path.into(),
        found: ending,
        expected: named.map(|e| format!(".{e}")).collect::<Vec<_>>().join(" or "),
    })
}

/// The longest chain of links that is followed, as in the kernel.
const LINKS: usize = 40;

/// The file at the end of all symbolic links, which need not exist. Fails if it is something other
/// than a regular file, if it exists (without `overwrite`), or if its directory is missing.
pub(crate) fn resolve(target: &Path, overwrite: bool) -> Result<PathBuf, PlaceError> {
    if let Ok(found) = std::fs::metadata(target)
        && !found.is_file()
        && !found.is_dir()
    {
        let (path, kind) = (target.into(), kind(found.file_type()));
        return Err(PlaceError::NotRegular { path, kind });
    }
    let mut place = target.to_path_buf();
    for _ in 0..LINKS {
        match std::fs::read_link(&place) {
            Ok(next) => place = directory_of(&place).join(next),
            Err(_) => break,
        }
    }
    match std::fs::metadata(&place) {
        Ok(found) if found.is_dir() => Err(PlaceError::Directory { path: target.into() }),
        Ok(_) if !overwrite => Err(PlaceError::Exists { path: target.into() }),
        Ok(_) => Ok(place),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            let directory = directory_of(&place);
            let ends_in_slash = target.as_os_str().as_encoded_bytes().ends_with(b"/");
            match directory.is_dir() && place.file_name().is_some() && !ends_in_slash {
                true => Ok(place),
                false if ends_in_slash => Err(PlaceError::Directory { path: target.into() }),
                false => Err(PlaceError::NoDirectory { path: target.into(), directory }),
            }
        }
        Err(source) => match directory_of(&place).is_dir() {
            true => Err(PlaceError::Io { path: target.into(), source }),
            false => {
                let directory = directory_of(&place);
                Err(PlaceError::NoDirectory { path: target.into(), directory })
            }
        },
    }
}

/// The directory of a file, `.` for a bare name.
pub(super) fn directory_of(path: &Path) -> PathBuf {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.into(),
        _ => ".".into(),
    }
}

#[cfg(unix)]
fn kind(found: FileType) -> &'static str {
    use std::os::unix::fs::FileTypeExt;
    if found.is_fifo() {
        "a named pipe"
    } else if found.is_socket() {
        "a socket"
    } else if found.is_block_device() || found.is_char_device() {
        "a device"
    } else {
        "not a regular file"
    }
}

#[cfg(not(unix))]
fn kind(_: FileType) -> &'static str {
    "not a regular file"
}

/// What identifies a file: the file itself, or its directory and name while it does not exist.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Identity {
    #[cfg(unix)]
    File {
        device: u64,
        number: u64,
    },
    Name {
        directory: PathBuf,
        name: OsString,
    },
}

impl Identity {
    #[cfg(unix)]
    fn of_file(found: &Metadata) -> Option<Identity> {
        use std::os::unix::fs::MetadataExt;
        found.is_file().then(|| Identity::File { device: found.dev(), number: found.ino() })
    }

    #[cfg(not(unix))]
    fn of_file(_: &Metadata) -> Option<Identity> {
        None
    }

    fn of_place(place: &Path) -> Identity {
        let file = std::fs::metadata(place).ok().and_then(|m| Identity::of_file(&m));
        file.unwrap_or_else(|| {
            let directory = directory_of(place);
            let directory = directory.canonicalize().unwrap_or(directory);
            Identity::Name { directory, name: place.file_name().unwrap_or_default().into() }
        })
    }
}

/// The files that standard output and standard error are redirected to: replaced, they would lose
/// what is printed.
#[cfg(unix)]
fn standard_streams() -> Vec<(Identity, String)> {
    use std::os::fd::AsFd;
    let (out, err) = (std::io::stdout(), std::io::stderr());
    let streams = [(out.as_fd(), "standard output"), (err.as_fd(), "standard error")];
    let file = |(stream, name): (std::os::fd::BorrowedFd<'_>, &str)| {
        let file = std::fs::File::from(stream.try_clone_to_owned().ok()?);
        Some((Identity::of_file(&file.metadata().ok()?)?, format!("where {name} goes")))
    };
    streams.into_iter().filter_map(file).collect()
}

#[cfg(not(unix))]
fn standard_streams() -> Vec<(Identity, String)> {
    Vec::new()
}
