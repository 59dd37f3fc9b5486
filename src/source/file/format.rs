//! Which format a file has, by its first bytes.

use super::FileError;
use super::refused::{self, Refused};
use super::table_text::text;
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
    /// Points and values in lines of text.
    Table,
    VtkLegacy,
    VtkXml,
}

const HDF5: &[u8] = b"\x89HDF\r\n\x1a\n";

/// Looks at the first bytes. Fails when there is no such file, it is a directory, empty, or of a
/// format that is not read.
pub(super) fn sniff(path: &Path) -> Result<FileFormat, FileError> {
    let io = |source: std::io::Error| match source.kind() {
        ErrorKind::NotFound => FileError::NotFound { path: path.into() },
        _ => FileError::Io { path: path.into(), source },
    };
    let refuse =
        |(format, advice): Refused| FileError::NotRead { path: path.into(), format, advice };
    if let Some(found) = refused::address(path) {
        return Err(refuse(found));
    }
    if std::fs::metadata(path).map_err(io)?.is_dir() {
        let directory = FileError::Directory { path: path.into() };
        return Err(refused::directory(path).map_or(directory, refuse));
    }
    let mut file = File::open(path).map_err(io)?;
    let mut start = Vec::new();
    file.by_ref().take(512).read_to_end(&mut start).map_err(io)?;
    if start.is_empty() {
        return Err(FileError::Empty { path: path.into() });
    }
    if let Some(format) = known(&start) {
        let other = (format == FileFormat::Npz).then(|| refused::archive(path)).flatten();
        return other.map_or(Ok(format), |found| Err(refuse(found)));
    }
    if behind_user_block(&mut file).map_err(io)? {
        return Ok(FileFormat::Hdf5);
    }
    if let Some(found) = refused::content(path, &start) {
        return Err(refuse(found));
    }
    if is_text(&start) {
        return Ok(FileFormat::Table);
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
    } else if start.starts_with(b"# vtk DataFile") {
        Some(FileFormat::VtkLegacy)
    } else if start.windows(8).any(|bytes| bytes == b"<VTKFile") {
        Some(FileFormat::VtkXml)
    } else {
        None
    }
}

fn is_text(start: &[u8]) -> bool {
    let text = text(start);
    let printable = |b: u8| matches!(b, b'\t' | b'\n' | b'\r' | 0x20..=0x7e | 0x80..);
    start.len() >= 8 && text.bytes().all(printable)
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
