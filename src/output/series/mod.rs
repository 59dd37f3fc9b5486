//! Series of fields in HDF5, of which nothing that was finished is lost.
//!
//! While a run lasts, its results are in a folder beside the target, `OUT.part`: a file for each series that is readable at any
//! moment, and what the run was asked to do. The file is made once, with every array at its full length and at a
//! place of its own; from then on fields are written to those places without the HDF5 library, so that nothing of what
//! makes the file readable is ever touched, and any thread may write. A field counts as finished when its byte in
//! `evidence/finished` is set, which happens after its numbers are written. Numbers reach the disk at least every second;
//! after a power failure only fields count that were there by then.
//!
//! A run that was killed, stopped or ran out of room goes on where it was, if it is asked the same again.

mod assemble;
mod before;
mod evidence;
mod folder;
mod inputs;
mod lay;
mod leading;
mod ledger;
mod merge;
mod rows;
mod schema;
mod shard;

pub use evidence::EvidenceColumns;
pub use folder::{Results, Study};
pub use inputs::InputFile;
pub use leading::Leading;
pub use merge::merge;
pub use shard::Shard;

use super::OutputError;
use super::check::check_range;
use super::group::FieldGroup;
use super::options::Options;
use crate::machine::{Temporary, ensure_file_size};
use folder::write_json;
use lay::{Storage, lay, show};
use ledger::Ledger;
use rows::{Place, RowWriter, missing, write_at};
use schema::Schema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

/// The array that tells which fields are finished.
const FLAGS: &str = "finished";
/// Letters of a checksum.
const CHECKSUM: usize = 64;
/// Bytes of the warnings of a field in the table, at most.
const WARNINGS: usize = 1024;
/// Bytes of the error of a field in the table, at most.
const MESSAGE: usize = 512;

/// What is stored beside the file of a series.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Laid {
    schema: Schema,
    /// Of the arrays, in the order of the schema.
    arrays: Vec<Place>,
    columns: Vec<Place>,
    flags: Place,
    warnings: Place,
    messages: Place,
    /// Of the inputs, where there are any.
    checksums: Option<Place>,
}

/// The results of one series while it is decomposed; rows may be written by several threads, in any order.
#[derive(Debug)]
pub struct SeriesFile {
    path: PathBuf,
    name: String,
    leading: Leading,
    options: Options,
    attributes: Vec<(String, Value)>,
    /// Names of the inputs of the run.
    inputs: Vec<String>,
    begun: OnceLock<Begun>,
    /// Only one thread may make the file; fields that failed before it was made.
    beginning: Mutex<Vec<(usize, String)>>,
    /// What may already be there of each field.
    fresh: bool,
}

#[derive(Debug)]
struct Begun {
    laid: Laid,
    ledger: Ledger,
}

impl SeriesFile {
    /// The file `STEM.h5` of a folder, as far as it is there.
    fn open(
        folder: &Path,
        stem: &str,
        (name, leading): (&str, Leading),
        (options, attributes, inputs): (Options, Vec<(String, Value)>, Vec<String>),
    ) -> Result<SeriesFile, OutputError> {
        let path = folder.join(format!("{stem}.h5"));
        let begun = OnceLock::new();
        let laid = std::fs::read(path.with_extension("json")).ok();
        let laid = laid.and_then(|text| serde_json::from_slice::<Laid>(&text).ok());
        let laid = laid.filter(|_| path.is_file());
        let fresh = laid.is_none();
        if let Some(laid) = laid {
            let before = &laid.schema.leading;
            if laid.schema.name != name || before.names != leading.names {
                let (path, what) = (folder.into(), format!("the fields of {name}"));
                return Err(OutputError::OtherStudy { path, what });
            }
            let ledger = Ledger::open(&path, (laid.flags, leading.count()), true)?;
            let _ = begun.set(Begun { laid, ledger });
        }
        let (name, beginning) = (name.into(), Mutex::default());
        Ok(SeriesFile { path, name, leading, options, attributes, inputs, begun, beginning, fresh })
    }

    /// Whether the file is there.
    pub fn is_begun(&self) -> bool {
        self.begun.get().is_some()
    }

    /// Whether a field was finished, by this run or one before.
    pub fn is_finished(&self, row: usize) -> bool {
        self.begun.get().is_some_and(|begun| begun.ledger.is_finished(row))
    }

    /// How many fields were finished.
    pub fn finished(&self) -> usize {
        (0..self.leading.count()).filter(|row| self.is_finished(*row)).count()
    }

    /// Writes a field and then its report. The first one, whose report is asked for before, makes the file.
    ///
    /// # Errors
    /// Where the field has other arrays than the first, its numbers do not fit into single precision, or the disk has no room.
    pub fn write(
        &self,
        row: usize,
        group: &FieldGroup<'_>,
        report: impl FnOnce() -> Map<String, Value>,
    ) -> Result<(), OutputError> {
        check_range(group, self.options)?;
        if let Some(begun) = self.begun.get() {
            self.arrays(begun, row, group)?;
            return self.evidence(begun, row, &report());
        }
        let report = report();
        let begun = self.begin(group, &report)?;
        self.arrays(begun, row, group)?;
        self.evidence(begun, row, &report)
    }

    /// The numbers of a field.
    fn arrays(&self, begun: &Begun, row: usize, group: &FieldGroup<'_>) -> Result<(), OutputError> {
        let Begun { laid, ledger } = begun;
        laid.schema.check(group)?;
        let (file, single_precision) = (ledger.file(), laid.schema.single_precision);
        let fresh = self.fresh && !ledger.was_written(row);
        let (buffer, bytes) = (Vec::new(), Vec::new());
        let mut writer = RowWriter { file, single_precision, fresh, buffer, bytes };
        for (array, place) in laid.schema.arrays.iter().zip(&laid.arrays) {
            let dataset = group.datasets.iter().find(|d| d.name == array.name).expect("checked");
            let row = if array.varies { row } else { 0 };
            self.io(writer.write(dataset, array, place.of(row)))?;
        }
        Ok(())
    }

    /// A line of the table; then the field is finished.
    fn evidence(
        &self,
        begun: &Begun,
        row: usize,
        report: &Map<String, Value>,
    ) -> Result<(), OutputError> {
        let Begun { laid, ledger } = begun;
        let file = ledger.file();
        for (number, place) in laid.schema.row(report).iter().zip(&laid.columns) {
            self.io(write_at(file, &number.to_ne_bytes(), place.of(row)))?;
        }
        let warnings = report.get("warnings").and_then(Value::as_array).into_iter().flatten();
        let warnings: Vec<&str> = warnings.filter_map(Value::as_str).collect();
        self.io(write_at(file, &text::<WARNINGS>(&warnings.join("\n")), laid.warnings.of(row)))?;
        self.io(write_at(file, &text::<MESSAGE>(""), laid.messages.of(row)))?;
        self.io(ledger.finish(row))
    }

    /// Notes that a field came to nothing: its numbers are missing, its error is in the table.
    ///
    /// # Errors
    /// Where the disk has no room.
    pub fn fail(&self, row: usize, error: &str) -> Result<(), OutputError> {
        let mut failed = self.lock();
        match self.begun.get() {
            Some(begun) => self.note_failed(begun, row, error),
            None => {
                failed.push((row, error.into()));
                Ok(())
            }
        }
    }

    fn note_failed(&self, begun: &Begun, row: usize, error: &str) -> Result<(), OutputError> {
        let Begun { laid, ledger } = begun;
        let file = ledger.file();
        let single = laid.schema.single_precision;
        for (array, place) in laid.schema.arrays.iter().zip(&laid.arrays) {
            if array.varies {
                self.io(write_at(file, &missing(array, single), place.of(row)))?;
            }
        }
        ledger.touch(row);
        self.io(write_at(file, &text::<MESSAGE>(error), laid.messages.of(row)))
    }

    /// The checksums of the inputs, in their order.
    fn write_checksums(&self, inputs: &[InputFile]) -> Result<(), OutputError> {
        let Some(Begun { laid, ledger }) = self.begun.get() else { return Ok(()) };
        let Some(place) = laid.checksums else { return Ok(()) };
        let known = inputs.iter().enumerate().filter_map(|(k, i)| Some((k, i.sha256.as_ref()?)));
        known.take(laid.schema.inputs.len()).try_for_each(|(k, sum)| {
            self.io(write_at(ledger.file(), &text::<CHECKSUM>(sum), place.of(k)))
        })
    }

    fn lock(&self) -> MutexGuard<'_, Vec<(usize, String)>> {
        self.beginning.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The file, made if it is not there yet.
    fn begin(
        &self,
        group: &FieldGroup<'_>,
        report: &Map<String, Value>,
    ) -> Result<&Begun, OutputError> {
        let mut failed = self.lock();
        if let Some(begun) = self.begun.get() {
            return Ok(begun);
        }
        let single = self.options.single_precision;
        let mut schema = Schema::of(group, self.leading.clone(), report, single);
        schema.name.clone_from(&self.name);
        schema.inputs.clone_from(&self.inputs);
        let laid = self.make(schema)?;
        let ledger = Ledger::open(&self.path, (laid.flags, self.leading.count()), true)?;
        let begun = self.begun.get_or_init(|| Begun { laid, ledger });
        for (row, error) in failed.drain(..) {
            self.note_failed(begun, row, &error)?;
        }
        Ok(begun)
    }

    /// Makes the file under another name, which it loses when everything is in it that makes it readable.
    fn make(&self, schema: Schema) -> Result<Laid, OutputError> {
        let temporary = Temporary::create(&self.path, true)?;
        self.check_room(&schema)?;
        let made = self.checked(self.lay(temporary.path(), schema))?;
        temporary.commit()?;
        write_json(&self.path.with_extension("json"), &made)?;
        Ok(made)
    }

    /// Refuses a file that may not become so long.
    fn check_room(&self, schema: &Schema) -> Result<(), OutputError> {
        let rows = self.leading.count();
        let of_array = |array: &schema::ArraySchema| {
            let rows = if array.varies { rows } else { 1 };
            (rows * array.count() * array.width(schema.single_precision)) as u64
        };
        let table = (rows * (8 * schema.columns.len() + WARNINGS + MESSAGE + 1)) as u64;
        let bytes = table + schema.arrays.iter().map(of_array).sum::<u64>();
        let path = self.path.clone();
        ensure_file_size(bytes).map_err(|source| OutputError::NoRoom { path, bytes, source })
    }

    fn lay(&self, path: &Path, schema: Schema) -> ::hdf5::Result<Laid> {
        let file = assemble::create(path, &self.attributes)?;
        let root = file.as_group()?;
        let made = lay(&root, &schema, Storage::Placed)?;
        show(&root, &schema)?;
        let rows = self.leading.count().max(1) as u64;
        let place = |dataset: &::hdf5::Dataset, rows: u64| -> ::hdf5::Result<Place> {
            let offset = dataset.offset();
            let offset = offset.ok_or_else(|| ::hdf5::Error::from("an array has no place"))?;
            Ok(Place { offset, row: dataset.storage_size() / rows })
        };
        let of_array = |(dataset, varies): (&::hdf5::Dataset, bool)| {
            place(dataset, if varies { rows } else { 1 })
        };
        let varies = schema.arrays.iter().map(|array| array.varies);
        let laid = Laid {
            arrays: made.arrays.iter().zip(varies).map(of_array).collect::<::hdf5::Result<_>>()?,
            columns: made.columns.iter().map(|c| place(c, rows)).collect::<::hdf5::Result<_>>()?,
            flags: place(&made.flags, rows)?,
            warnings: place(&made.warnings, rows)?,
            messages: place(&made.messages, rows)?,
            checksums: made
                .checksums
                .as_ref()
                .map(|c| place(c, schema.inputs.len() as u64))
                .transpose()?,
            schema,
        };
        drop((made, root));
        file.close()?;
        missing_columns(path, &laid, rows).map_err(|e| ::hdf5::Error::from(e.to_string()))?;
        Ok(laid)
    }

    fn io<T>(&self, result: std::io::Result<T>) -> Result<T, OutputError> {
        result.map_err(|source| OutputError::Io { path: self.path.clone(), source })
    }

    fn checked<T>(&self, result: ::hdf5::Result<T>) -> Result<T, OutputError> {
        result.map_err(|source| OutputError::Hdf5 { path: self.path.clone(), source })
    }
}

/// Numbers of fields that are not there yet are missing, not zero.
fn missing_columns(path: &Path, laid: &Laid, rows: u64) -> std::io::Result<()> {
    let file = std::fs::File::options().write(true).open(path)?;
    let bytes = f64::NAN.to_ne_bytes().repeat(rows as usize);
    laid.columns.iter().try_for_each(|place| write_at(&file, &bytes, place.offset))
}

/// Text of a fixed length, cut where it does not fit.
fn text<const N: usize>(text: &str) -> [u8; N] {
    let mut bytes = [0; N];
    let end = text.floor_char_boundary(N);
    bytes[..end].copy_from_slice(&text.as_bytes()[..end]);
    bytes
}
