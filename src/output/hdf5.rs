//! The HDF5 file of results.

use super::OutputError;
use super::attributes;
use super::check::{check_range, check_shape};
use super::dataset::Dataset;
use super::group::FieldGroup;
use super::image::{Number, Shown, write_image};
use super::options::Options;
use super::scales::{Scales, components};
use super::write::{stored_bytes, write_dataset};
use crate::machine::{PlaceError, Temporary, reserve};
use ::hdf5::{File, Group};
use serde_json::{Map, Value};
use std::path::{Path, PathBuf};
use std::time::Instant;

/// Version of the layout of the file, in its attribute `hodge_layout`.
pub const LAYOUT_VERSION: i64 = 2;

/// Version of the HDF5 library that is used.
pub fn hdf5_version() -> (u8, u8, u8) {
    ::hdf5::library_version()
}

/// An HDF5 file being written; readable by HDF5 1.10 and later, h5py, xarray and netCDF-4.
///
/// Written under a temporary name in the same directory; [`finish`](ResultFile::finish) renames it.
/// Dropped before that, it leaves nothing behind.
///
/// ```
/// # use hodge::{grid::{Axis, Grid, Topology}, output::{FieldGroup, Options, ResultFile}};
/// # let directory = tempfile::tempdir()?;
/// # let axis = |n| Axis::over(0.0, 1.0, n, Topology::Bounded);
/// # let grid = Grid::new([axis(8), axis(6)])?;
/// # let mut group = FieldGroup::on_grid("wind", &grid, ["m", "m"]);
/// # group.add_array("input", ndarray::ArrayD::zeros(vec![2, 6, 8]), "m/s", "input");
/// let path = directory.path().join("out.h5");
/// let mut file = ResultFile::create(&path, false, Options::default())?;
/// file.set_attributes(&[("command".into(), "hodge decompose wind.nc".into())])?;
/// file.write_group(&group)?;
/// file.finish()?;
/// assert!(path.exists());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct ResultFile {
    // Before `temporary`, so that the file is closed when its name is removed.
    file: File,
    /// The same file, to reserve space on its disk.
    room: std::fs::File,
    temporary: Temporary,
    options: Options,
    /// When the file is flushed next; the first time at once.
    next_flush: Option<Instant>,
}

impl ResultFile {
    /// Opens the file for writing.
    ///
    /// # Errors
    /// If `path` exists (without `overwrite`) or is a directory, or its directory is missing or not
    /// writable.
    pub fn create(
        path: &Path,
        overwrite: bool,
        options: Options,
    ) -> Result<ResultFile, OutputError> {
        let temporary = Temporary::create(path, overwrite)?;
        let file = File::with_options()
            .with_fapl(|p| p.libver_v110())
            .create(temporary.path())
            .map_err(|source| OutputError::Hdf5 { path: path.into(), source })?;
        let room = std::fs::File::options().write(true).open(temporary.path());
        let room = room.map_err(|source| PlaceError::Io { path: path.into(), source })?;
        let result = ResultFile { file, room, temporary, options, next_flush: None };
        result.set_attributes(&[("hodge_layout".into(), LAYOUT_VERSION.into())])?;
        Ok(result)
    }

    /// Writes attributes of the whole file: versions, command, configuration, time.
    /// `hodge_layout` is there already.
    ///
    /// # Errors
    /// If HDF5 cannot write them.
    pub fn set_attributes(&self, entries: &[(String, Value)]) -> Result<(), OutputError> {
        for (name, value) in entries {
            self.checked(attributes::write(&self.file, name, value))?;
        }
        Ok(())
    }

    /// Writes `/fields/NAME`. The file is flushed after the first field and then as often as costs
    /// little, so that a crash of the program loses no more than the last moments.
    ///
    /// # Errors
    /// If the name was used before, an array does not fit its scales, or the disk has no room. Then
    /// the group is not written, and what was written before stays.
    pub fn write_group(&mut self, group: &FieldGroup<'_>) -> Result<(), OutputError> {
        self.write_group_and(group, Map::new)
    }

    /// [`write_group`](ResultFile::write_group) with attributes that are requested once the arrays
    /// are written, so that they can be computed meanwhile.
    ///
    /// # Errors
    /// Those of [`write_group`](ResultFile::write_group).
    pub fn write_group_and(
        &mut self,
        group: &FieldGroup<'_>,
        attributes: impl FnOnce() -> Map<String, Value>,
    ) -> Result<(), OutputError> {
        if matches!(group.name.as_str(), "" | "." | "..") || group.name.contains(['/', '\0']) {
            return Err(OutputError::GroupName { name: group.name.clone() });
        }
        let place = format!("fields/{}", group.name);
        if self.file.link_exists("fields") && self.file.link_exists(&place) {
            return Err(OutputError::DuplicateGroup { name: group.name.clone() });
        }
        self.write_checked_group(&place, group, attributes)
    }

    /// Writes the only field of a file, without a group of its own.
    ///
    /// # Errors
    /// Those of [`write_group`](ResultFile::write_group).
    pub fn write_only_and(
        &mut self,
        group: &FieldGroup<'_>,
        attributes: impl FnOnce() -> Map<String, Value>,
    ) -> Result<(), OutputError> {
        self.write_checked_group("", group, attributes)
    }

    fn write_checked_group(
        &mut self,
        place: &str,
        group: &FieldGroup<'_>,
        attributes: impl FnOnce() -> Map<String, Value>,
    ) -> Result<(), OutputError> {
        for dataset in &group.datasets {
            check_shape(group, dataset)?;
        }
        check_range(group, self.options)?;
        self.write_or_remove(place, group, attributes)
    }

    /// Writes a [table](FieldGroup::table) as `/NAME`.
    ///
    /// # Errors
    /// Those of [`write_group`](ResultFile::write_group), and the name `fields`.
    pub fn write_table(&mut self, table: &FieldGroup<'_>) -> Result<(), OutputError> {
        if matches!(table.name.as_str(), "" | "." | "..") || table.name.contains(['/', '\0']) {
            return Err(OutputError::GroupName { name: table.name.clone() });
        }
        if table.name == "fields" || self.file.link_exists(&table.name) {
            return Err(OutputError::DuplicateGroup { name: table.name.clone() });
        }
        for dataset in &table.datasets {
            check_shape(table, dataset)?;
        }
        self.write_or_remove(&table.name, table, Map::new)
    }

    /// Closes and renames the file, and returns its final name.
    ///
    /// # Errors
    /// If the file cannot be closed or renamed. It then stays under its temporary name, which the
    /// error contains.
    pub fn finish(self) -> Result<PathBuf, OutputError> {
        let ResultFile { file, room, temporary, .. } = self;
        let path = temporary.target().to_path_buf();
        let closed = file.flush().and_then(|()| file.close());
        // Frees the space that was reserved and not needed.
        let trimmed = room.metadata().and_then(|found| room.set_len(found.len()));
        let failed = closed.map_err(|e| e.to_string()).and(trimmed.map_err(|e| e.to_string()));
        match failed {
            Ok(()) => Ok(temporary.commit()?),
            Err(reason) => Err(OutputError::Unfinished { path, left: temporary.keep(), reason }),
        }
    }

    /// Reserves space, then writes; what a failure left of the group is removed.
    fn write_or_remove(
        &mut self,
        place: &str,
        group: &FieldGroup<'_>,
        attributes: impl FnOnce() -> Map<String, Value>,
    ) -> Result<(), OutputError> {
        let zero: Vec<bool> = group.datasets.iter().map(Dataset::is_zero).collect();
        let end = self.file.size();
        let bytes = self.bytes_of(group, &zero);
        if let Err(source) = reserve(&self.room, end, bytes) {
            // Frees what was reserved before the disk was full.
            let _ = self.room.metadata().and_then(|found| self.room.set_len(found.len()));
            let path = self.temporary.target().into();
            return Err(OutputError::NoRoom { path, bytes, source });
        }
        let written = self.write_checked(place, group, &zero).and_then(|target| {
            attributes::write_all(&target, "", &attributes())?;
            self.flush_now_and_then()
        });
        if written.is_err() && !place.is_empty() && self.file.link_exists(place) {
            // Whether this works shows when the file is closed.
            let _ = self.file.unlink(place).and_then(|()| self.file.flush());
        }
        self.checked(written)
    }

    /// Bytes that a group takes in the file, at most; compressed numbers may take less, and what they
    /// leave is given back when the file is closed.
    fn bytes_of(&self, group: &FieldGroup<'_>, zero: &[bool]) -> u64 {
        const HEADERS: usize = 1 << 16;
        const OBJECT: usize = 1 << 12;
        /// Attributes that are only known later.
        const LATER: usize = 96;
        let stored = group.datasets.iter().zip(zero);
        let stored = stored.map(|(dataset, zero)| stored_bytes(dataset, self.options, *zero));
        let numbers: usize = stored.sum();
        let scales: usize = group.scales.iter().map(|s| 8 * s.values.len()).sum();
        let objects =
            4 * (group.datasets.len() + group.scales.len()) + group.attributes.len() + LATER;
        (numbers + scales + HEADERS + OBJECT * objects) as u64
    }

    /// A flush goes through everything that HDF5 holds, which is too slow after every small field:
    /// it waits until twenty times the duration of the last flush has passed.
    fn flush_now_and_then(&mut self) -> ::hdf5::Result<()> {
        if self.next_flush.is_none_or(|next| Instant::now() >= next) {
            let start = Instant::now();
            self.file.flush()?;
            self.next_flush = Some(Instant::now() + 20 * start.elapsed());
        }
        Ok(())
    }

    fn checked<T>(&self, result: ::hdf5::Result<T>) -> Result<T, OutputError> {
        result.map_err(|source| OutputError::Hdf5 { path: self.temporary.target().into(), source })
    }

    fn write_checked(
        &self,
        place: &str,
        group: &FieldGroup<'_>,
        zero: &[bool],
    ) -> ::hdf5::Result<Group> {
        let target = match place {
            "" => self.file.as_group()?,
            place => self.file.create_group(place)?,
        };
        attributes::write_all(&target, "", &group.attributes)?;
        let shapes = group.datasets.iter().map(|d| (&d.axes[..], d.shape()));
        let mut scales = Scales::write(&target, group.scales.iter(), components(shapes))?;
        scales.fix(&group.fixed)?;
        let mut buffer = Vec::new();
        for (dataset, zero) in group.datasets.iter().zip(zero) {
            let written = write_dataset(&target, dataset, (self.options, *zero), &mut buffer)?;
            scales.attach(&written, &dataset.name, dataset.axes.iter())?;
        }
        if let Some(lattice) = group.lattice.as_ref().filter(|_| place.is_empty()) {
            let shown = group.datasets.iter().map(|dataset| self.shown(dataset));
            write_image(&target, (lattice, &group.point_axes()), &[], shown)?;
        }
        Ok(target)
    }

    fn shown<'d>(&self, dataset: &'d Dataset<'_>) -> Shown<'d> {
        let number = Number::of(dataset.flag, self.options.single_precision);
        let (name, axes, shape) = (&dataset.name, &dataset.axes, dataset.shape());
        Shown { name, axes, shape, varies: false, number }
    }
}
