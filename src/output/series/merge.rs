//! One file from those of several machines.

use super::{CHECKSUM, FLAGS, MESSAGE, Shard, WARNINGS};
use crate::machine::Temporary;
use crate::output::OutputError;
use crate::output::slab::{slab, whole};
use ::hdf5::types::{FixedAscii, FixedUnicode, TypeDescriptor, VarLenUnicode};
use ::hdf5::{Dataset, File, Group, H5Type};
use std::ops::Range;
use std::path::{Path, PathBuf};

/// Puts the fields of files together that hold different fields of the same series, as runs make them that shared one. Returns
/// how many fields there are and how many of them came to nothing.
///
/// # Errors
/// If the files are not of one study, two hold the same field or none holds one, or the target cannot be written.
pub fn merge(
    target: &Path,
    overwrite: bool,
    files: &[PathBuf],
) -> Result<(PathBuf, usize, usize), OutputError> {
    let refused = |reason: String| OutputError::NoMerge { reason };
    let checked = |source| OutputError::Hdf5 { path: target.into(), source };
    let parts: Vec<Part> = files.iter().map(|path| Part::open(path)).collect::<Result<_, _>>()?;
    // The first of those with the most series.
    let most = parts.iter().rev().max_by_key(|part| part.series.len());
    let base = most.ok_or_else(|| refused("no files were given".into()))?;
    for part in &parts {
        if part.study != base.study {
            let (a, b) = (base.path.display(), part.path.display());
            return Err(refused(format!("{a} and {b} are results of different studies")));
        }
    }
    let temporary = Temporary::create(target, overwrite)?;
    std::fs::copy(&base.path, temporary.path())
        .map_err(|source| OutputError::Io { path: target.into(), source })?;
    let whole = File::open_rw(temporary.path()).map_err(checked)?;
    let (mut fields, mut failed) = (0, 0);
    for name in &base.series {
        let to = whole.group(name).map_err(checked)?;
        let count = rows(&to).map_err(checked)?;
        let mut owner: Vec<Option<&Part>> = vec![None; count];
        for part in parts.iter().filter(|part| part.series.contains(name)) {
            for row in part.shard.rows(count) {
                if let Some(other) = owner[row].replace(part) {
                    let (a, b) = (other.path.display(), part.path.display());
                    return Err(refused(format!("{a} and {b} hold the same fields of {name}")));
                }
            }
            if part.path != base.path {
                let from = part.file.group(name).map_err(checked)?;
                copy(&from, &to, part.shard.rows(count)).map_err(checked)?;
            }
        }
        if let Some(row) = owner.iter().position(Option::is_none) {
            return Err(refused(format!("no file holds field {row} of {count} of {name}")));
        }
        let flags =
            to.dataset(&format!("evidence/{FLAGS}")).and_then(|flags| flags.read_raw::<u8>());
        let flags = flags.map_err(checked)?;
        fields += count;
        failed += flags.iter().filter(|flag| **flag == 0).count();
    }
    let _ = whole.delete_attr("shard");
    whole.flush().and_then(|()| whole.close()).map_err(checked)?;
    Ok((temporary.commit()?, fields, failed))
}

/// A file with some of the fields.
struct Part {
    path: PathBuf,
    file: File,
    /// What all files were asked.
    study: String,
    shard: Shard,
    /// The groups of its series.
    series: Vec<String>,
}

impl Part {
    fn open(path: &Path) -> Result<Part, OutputError> {
        let checked = |source| OutputError::Hdf5 { path: path.into(), source };
        let file = File::open(path).map_err(checked)?;
        let none = || {
            let path = path.display();
            OutputError::NoMerge { reason: format!("{path} is no result of a part of a study") }
        };
        let study = file.attr("study").and_then(|study| study.read_scalar::<VarLenUnicode>());
        let study = study.map_err(|_| none())?.to_string();
        let shard = file.attr("shard").and_then(|shard| shard.read_raw::<u64>());
        let shard = match shard.map_err(|_| none())?[..] {
            [index, of] => Shard::new(index as usize, of as usize),
            _ => None,
        };
        let shard = shard.ok_or_else(none)?;
        let series = match file.group("fields") {
            Ok(groups) => {
                let names = groups.member_names().map_err(checked)?;
                names.iter().map(|name| format!("fields/{name}")).collect()
            }
            Err(_) => vec!["/".to_string()],
        };
        Ok(Part { path: path.into(), file, study, shard, series })
    }
}

fn rows(group: &Group) -> ::hdf5::Result<usize> {
    Ok(group.dataset(&format!("evidence/{FLAGS}"))?.size())
}

/// Copies these fields of every array that has one for each.
fn copy(from: &Group, to: &Group, rows: Range<usize>) -> ::hdf5::Result<()> {
    let leading = to.dataset(&format!("evidence/{FLAGS}"))?.shape();
    copy_in(from, to, &leading, &rows)?;
    for inner in to.groups()? {
        let name = inner.name();
        let leaf = name.rsplit('/').next().unwrap_or_default();
        if !["fields", "VTKHDF", "inputs"].contains(&leaf) {
            copy_in(&from.group(leaf)?, &inner, &leading, &rows)?;
        }
    }
    Ok(())
}

fn copy_in(from: &Group, to: &Group, leading: &[usize], rows: &Range<usize>) -> ::hdf5::Result<()> {
    for target in to.datasets()? {
        let name = target.name();
        let source = from.dataset(name.rsplit('/').next().unwrap_or_default())?;
        if source.shape() != target.shape() {
            return Err(format!("{name} has another shape in {}", from.filename()).into());
        }
        if !target.shape().starts_with(leading) || target.is_scalar() {
            continue;
        }
        let slabs = Slabs { source: &source, target: &target, leading };
        match target.dtype()?.to_descriptor()? {
            TypeDescriptor::Float(_) if target.dtype()?.size() == 4 => slabs.copy::<f32>(rows)?,
            TypeDescriptor::Float(_) => slabs.copy::<f64>(rows)?,
            TypeDescriptor::Unsigned(_) => slabs.copy::<u8>(rows)?,
            TypeDescriptor::FixedUnicode(WARNINGS) => slabs.copy::<FixedUnicode<WARNINGS>>(rows)?,
            TypeDescriptor::FixedUnicode(MESSAGE) => slabs.copy::<FixedUnicode<MESSAGE>>(rows)?,
            TypeDescriptor::FixedAscii(CHECKSUM) => slabs.copy::<FixedAscii<CHECKSUM>>(rows)?,
            // Coordinates and names, which are the same.
            _ => {}
        }
    }
    Ok(())
}

struct Slabs<'a> {
    source: &'a Dataset,
    target: &'a Dataset,
    leading: &'a [usize],
}

impl Slabs<'_> {
    fn copy<T: H5Type>(&self, rows: &Range<usize>) -> ::hdf5::Result<()> {
        if self.source.storage_size() == 0 && self.target.storage_size() == 0 {
            return Ok(());
        }
        for row in rows.clone() {
            let within = &self.target.shape()[self.leading.len()..];
            let values = self.source.read_slice::<T, _, ndarray::IxDyn>(slab(
                self.leading,
                whole(within),
                row,
            ))?;
            self.target.write_slice(values.view(), slab(self.leading, whole(within), row))?;
        }
        Ok(())
    }
}
