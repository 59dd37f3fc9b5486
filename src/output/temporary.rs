//! A file under a temporary name until it is whole.

use super::OutputError;
use std::fs::File;
use std::path::{Path, PathBuf};

/// The place of a file that is being written. Dropped without [`commit`](Temporary::commit), it
/// removes what was written.
#[derive(Debug)]
pub(super) struct Temporary {
    target: PathBuf,
    path: PathBuf,
    overwrite: bool,
    kept: bool,
}

impl Temporary {
    /// Reserves `.NAME.PID.tmp` beside the target, so that a wrong place is found before any work
    /// is done. Fails when the target exists (without `overwrite`) or is a directory, and when its
    /// directory is missing or cannot be written to.
    pub fn create(target: &Path, overwrite: bool) -> Result<Temporary, OutputError> {
        Temporary::named(target, overwrite, "tmp")
    }

    /// The same with a name that ends in `.tmp.EXTENSION`, for a writer that goes by it.
    pub fn with_extension(
        target: &Path,
        overwrite: bool,
        extension: &str,
    ) -> Result<Temporary, OutputError> {
        Temporary::named(target, overwrite, &format!("tmp.{extension}"))
    }

    fn named(target: &Path, overwrite: bool, ending: &str) -> Result<Temporary, OutputError> {
        if target.is_dir() {
            return Err(OutputError::Directory { path: target.into() });
        }
        refuse_existing(target, overwrite)?;
        let directory = match target.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent,
            _ => Path::new("."),
        };
        if !directory.is_dir() {
            let (path, directory) = (target.into(), directory.into());
            return Err(OutputError::NoDirectory { path, directory });
        }
        let name = target.file_name().unwrap_or_default().to_string_lossy();
        let process = std::process::id();
        let path = directory.join(format!(".{name}.{process}.{ending}"));
        File::create(&path).map_err(|source| OutputError::Io { path: target.into(), source })?;
        Ok(Temporary { target: target.into(), path, overwrite, kept: false })
    }

    /// Where to write.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Where the file goes when whole.
    pub fn target(&self) -> &Path {
        &self.target
    }

    /// Makes sure the bytes are on disk and gives the file its name.
    pub fn commit(mut self) -> Result<PathBuf, OutputError> {
        let io = |source| OutputError::Io { path: self.target.clone(), source };
        refuse_existing(&self.target, self.overwrite)?;
        File::open(&self.path).and_then(|file| file.sync_all()).map_err(io)?;
        std::fs::rename(&self.path, &self.target).map_err(io)?;
        self.kept = true;
        Ok(self.target.clone())
    }
}

fn refuse_existing(target: &Path, overwrite: bool) -> Result<(), OutputError> {
    if !overwrite && target.exists() {
        return Err(OutputError::Exists { path: target.into() });
    }
    Ok(())
}

impl Drop for Temporary {
    fn drop(&mut self) {
        if !self.kept {
            // Nothing can be done about a failure here, and the target was not touched.
            let _ = std::fs::remove_file(&self.path);
        }
    }
}
