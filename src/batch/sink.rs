//! Where the parts of fields go.

use super::BatchError;
use crate::output::{DimensionScale, Leading, OutputError, ResultFile, Results, SeriesFile};
use crate::source::{SampleAxis, Series};
use std::path::{Path, PathBuf};

/// Where a [`Batch`](super::Batch) writes.
#[derive(Debug)]
pub enum Sink {
    /// A file with one field, the only one of the batch.
    One(Box<ResultFile>),
    /// A file with a group for each field.
    Groups(Box<ResultFile>),
    /// A folder with a file for each series, until all are finished.
    Many(Box<Results>, Vec<SeriesFile>),
}

impl Sink {
    /// Where the fields of series go.
    pub fn many(results: Results) -> Sink {
        Sink::Many(Box::new(results), Vec::new())
    }
}

/// What became of the results.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Closed {
    /// Nothing was finished, nothing is left.
    Nothing,
    /// The file has its name.
    File(PathBuf),
    /// Fields were left undone; what was finished waits in this folder.
    Unfinished(PathBuf),
}

impl Sink {
    /// Names the file, if everything was done.
    pub(super) fn close(self, any: bool, left: bool) -> Result<Closed, BatchError> {
        match self {
            Sink::One(file) | Sink::Groups(file) if any => Ok(Closed::File(file.finish()?)),
            Sink::One(_) | Sink::Groups(_) => Ok(Closed::Nothing),
            Sink::Many(results, series) if left => {
                let finished: usize = series.iter().map(SeriesFile::finished).sum();
                match finished {
                    0 => {
                        drop(series);
                        results.discard()?;
                        Ok(Closed::Nothing)
                    }
                    _ => Ok(Closed::Unfinished(results.folder().into())),
                }
            }
            Sink::Many(results, series) => {
                Ok(results.finish(series)?.map_or(Closed::Nothing, Closed::File))
            }
        }
    }
}

/// Where the fields of one series go.
pub(super) enum SeriesSink<'a> {
    Nowhere,
    One(&'a mut ResultFile),
    Groups(&'a mut ResultFile),
    Many(&'a SeriesFile),
}

impl SeriesSink<'_> {
    /// Begins a series.
    pub fn begin<'a, const D: usize>(
        sink: &'a mut Option<Sink>,
        (name, label): (&str, &str),
        series: &dyn Series<D>,
    ) -> Result<SeriesSink<'a>, OutputError> {
        match sink {
            None => Ok(SeriesSink::Nowhere),
            Some(Sink::One(file)) => Ok(SeriesSink::One(file)),
            Some(Sink::Groups(file)) => Ok(SeriesSink::Groups(file)),
            Some(Sink::Many(results, files)) => {
                let stem = || Path::new(name).file_stem().map(|stem| stem.to_string_lossy());
                let name = match series.count() {
                    1 => series.name(0),
                    _ => stem().unwrap_or_default().replace([':', '\0'], " "),
                };
                files.push(results.series(&(name + label), leading(series))?);
                Ok(SeriesSink::Many(files.last().expect("pushed above")))
            }
        }
    }

    /// For another worker; other files than those of series have but one.
    pub fn again(&self) -> SeriesSink<'_> {
        match self {
            SeriesSink::Many(file) => SeriesSink::Many(file),
            _ => SeriesSink::Nowhere,
        }
    }

    pub fn is_finished(&self, row: usize) -> bool {
        matches!(self, SeriesSink::Many(file) if file.is_finished(row))
    }
}

/// The coordinates of steps with CF attributes.
pub(super) fn scale(axis: SampleAxis) -> DimensionScale {
    let is_time = axis.is_time();
    let SampleAxis { name, values, units, standard_name, long_name, calendar } = axis;
    let words = [("standard_name", standard_name), ("calendar", calendar)];
    let words = words.into_iter().filter(|(_, value)| !value.is_empty());
    let axis = is_time.then(|| ("axis", "T".to_string()));
    let attributes = words.chain(axis).map(|(name, value)| (name.into(), value.into()));
    DimensionScale { name, values, units, long_name, attributes: attributes.collect() }
}

fn leading<const D: usize>(series: &dyn Series<D>) -> Leading {
    let axes: Vec<_> = series.axes().into_iter().map(scale).collect();
    let names = (0..series.count()).map(|index| series.name(index)).collect();
    Leading { axes, names }
}
