//! The files that results were made from, and their checksums.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

/// An input file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InputFile {
    /// Its name, as it was given.
    pub path: PathBuf,
    /// Its length.
    pub bytes: u64,
    /// When it was changed, in nanoseconds.
    pub modified: u64,
    /// SHA-256 of its bytes, once it is known.
    pub sha256: Option<String>,
}

impl InputFile {
    /// What the system says of a file; `None` where it is none.
    pub fn of(path: &Path) -> Option<InputFile> {
        let found = std::fs::metadata(path).ok().filter(|found| found.is_file())?;
        let modified = found.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
        let modified = modified.as_nanos() as u64;
        Some(InputFile { path: path.into(), bytes: found.len(), modified, sha256: None })
    }

    /// The same with its checksum, which takes a pass over its bytes unless it is known.
    pub fn with_sha256(mut self) -> InputFile {
        self.sha256 = self.sha256.or_else(|| sha256(&self.path).ok());
        self
    }

    /// Whether both are the same bytes: by checksum, where both are known, else by length and time of change.
    pub(super) fn is_same(&self, other: &InputFile) -> bool {
        let known = self.sha256.as_ref().zip(other.sha256.as_ref());
        (&self.path, self.bytes) == (&other.path, other.bytes)
            && known.map_or(self.modified == other.modified, |(a, b)| a == b)
    }
}

fn sha256(path: &Path) -> std::io::Result<String> {
    let (mut file, mut hasher) = (File::open(path)?, Sha256::new());
    let mut block = vec![0; 1 << 20];
    loop {
        match file.read(&mut block)? {
            0 => break,
            read => hasher.update(&block[..read]),
        }
    }
    Ok(hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checksum_is_that_of_the_standard() {
        let path = std::env::temp_dir().join(format!("hodge-abc-{}", std::process::id()));
        std::fs::write(&path, "abc").unwrap();
        let found = InputFile::of(&path).unwrap().with_sha256();
        std::fs::remove_file(&path).unwrap();
        // The example of FIPS 180-4.
        let wanted = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(found.sha256.as_deref(), Some(wanted));
        let touched = InputFile { modified: 0, ..found.clone() };
        assert!(found.is_same(&touched), "the bytes are the same");
        assert!(!found.is_same(&InputFile { sha256: None, ..touched }));
    }
}
