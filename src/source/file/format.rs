//! Which format a file has, by its first bytes.

use super::FileError;
use std::fs::File;
use std::io::{ErrorKind, Read, Seek, SeekFrom};
use std::path::Path;

/// A format that is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FileFormat {
    Hdf5,
    Netcdf3,
    Npy,
    Npz,
}

const HDF5: &[u8] = b"\x89HDF\r\n\x1a\n";

/// Looks at the first bytes. Fails when there is no such file, it is a directory, empty, or of a
/// format that is not read.
pub(super) fn sniff(path: &Path) -> Result<FileFormat, FileError> {
    let io = |source: std::io::Error| match source.kind() {
        ErrorKind::NotFound => FileError::NotFound { path: path.into() },
        _ => FileError::Io { path: path.into(), source },
    };
    if std::fs::metadata(path).map_err(io)?.is_dir() {
        return Err(FileError::Directory { path: path.into() });
    }
    let mut file = File::open(path).map_err(io)?;
    let mut start = Vec::new();
    file.by_ref().take(256).read_to_end(&mut start).map_err(io)?;
    if start.is_empty() {
        return Err(FileError::Empty { path: path.into() });
    }
    if let Some(format) = known(&start) {
        return Ok(format);
    }
    if behind_user_block(&mut file).map_err(io)? {
        return Ok(FileFormat::Hdf5);
    }
    if let Some(format) = recognised(&start) {
        return Err(FileError::NotReadYet { path: path.into(), format });
    }
    start.truncate(8);
    Err(FileError::UnknownFormat { path: path.into(), start })
}

fn known(start: &[u8]) -> Option<FileFormat> {
    if start.starts_with(HDF5) {
        Some(FileFormat::Hdf5)
    } else if matches!(start, [b'C', b'D', b'F', 1 | 2 | 5, ..]) {
        Some(FileFormat::Netcdf3)
    } else if start.starts_with(b"\x93NUMPY") {
        Some(FileFormat::Npy)
    } else if start.starts_with(b"PK\x03\x04") || start.starts_with(b"PK\x05\x06") {
        Some(FileFormat::Npz)
    } else {
        None
    }
}

/// Formats whose magic number is known, so that the refusal can name them.
fn recognised(start: &[u8]) -> Option<&'static str> {
    let text = String::from_utf8_lossy(start);
    let first_line = text.lines().next().unwrap_or_default();
    match start {
        [0x1f, 0x8b, ..] => Some("a gzip archive (unpack it first)"),
        [b'G', b'R', b'I', b'B', ..] => Some("GRIB"),
        [0x0e, 0x03, 0x13, 0x01, ..] => Some("HDF4"),
        _ if first_line.starts_with("# vtk DataFile") => Some("a legacy VTK file"),
        _ if text.trim_start().starts_with("<VTKFile") || text.contains("<VTKFile") => {
            Some("a VTK XML file")
        }
        _ if start.starts_with(b"MATLAB 5.0") => {
            Some("a MATLAB 5 file (save it with -v7.3, which is HDF5)")
        }
        _ if is_text(start) => Some("a text file (a table of points, as PIV programs write them)"),
        _ => None,
    }
}

fn is_text(start: &[u8]) -> bool {
    let printable = |b: &u8| matches!(b, b'\t' | b'\n' | b'\r' | 0x20..=0x7e | 0x80..);
    start.len() >= 8 && start.iter().all(printable) && start.iter().any(u8::is_ascii_digit)
}

/// HDF5 may begin behind a user block of 512, 1024, 2048, … bytes.
fn behind_user_block(file: &mut File) -> std::io::Result<bool> {
    let length = file.metadata()?.len();
    let mut offset = 512;
    while offset + 8 <= length && offset <= 1 << 20 {
        let mut magic = [0; 8];
        file.seek(SeekFrom::Start(offset))?;
        file.read_exact(&mut magic)?;
        if magic == HDF5 {
            return Ok(true);
        }
        offset *= 2;
    }
    Ok(false)
}
