//! Sets of points in R^D, and reading them from text, IDX (MNIST) and `.npy` files.

use super::AutoencoderError;
use super::npy::{is_npy, read_npy};
use crate::machine::ensure_memory;
use flate2::read::GzDecoder;
use std::fs::File;
use std::io::{BufReader, Cursor, Read, Seek, SeekFrom};
use std::path::Path;

/// Points in R^D, one after the other.
#[derive(Clone, Debug, PartialEq)]
pub struct PointSet {
    dimension: usize,
    values: Vec<f64>,
}

impl PointSet {
    /// From numbers of shape (points, D).
    ///
    /// # Errors
    /// If `dimension` is 0, the number of values is not a multiple of it, there is no point, or a
    /// number is not finite.
    pub fn new(dimension: usize, values: Vec<f64>) -> Result<PointSet, AutoencoderError> {
        if dimension == 0 || values.is_empty() || !values.len().is_multiple_of(dimension) {
            return Err(AutoencoderError::PointCount { dimension, found: values.len() });
        }
        if let Some(at) = values.iter().position(|v| !v.is_finite()) {
            return Err(AutoencoderError::PointNotFinite {
                point: at / dimension,
                coordinate: at % dimension,
                value: values[at],
            });
        }
        Ok(PointSet { dimension, values })
    }

    /// D.
    pub fn dimension(&self) -> usize {
        self.dimension
    }

    /// Number of points.
    #[expect(clippy::len_without_is_empty, reason = "a set has at least one point")]
    pub fn len(&self) -> usize {
        self.values.len() / self.dimension
    }

    /// All numbers, point by point.
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// Point i.
    pub fn point(&self, i: usize) -> &[f64] {
        &self.values[i * self.dimension..][..self.dimension]
    }

    /// The first `count` points, or all if there are fewer.
    pub fn first(&self, count: usize) -> PointSet {
        let count = count.clamp(1, self.len());
        let values = self.values[..count * self.dimension].to_vec();
        PointSet { dimension: self.dimension, values }
    }

    /// Reads a file in the format its name implies: `.npy` is an array of NumPy with a point in each row, whose other axes
    /// are one; a name with `idx` in it is IDX; others are text, such as `.csv` or `.txt`. The last two may be gzipped
    /// (`.gz`). A file whose numbers would not fit into memory is refused by its size.
    ///
    /// # Errors
    /// If the file cannot be read, is too large for the memory at hand, or does not hold points.
    pub fn read(path: impl AsRef<Path>) -> Result<PointSet, AutoencoderError> {
        let path = path.as_ref();
        if is_npy(path) {
            return PointSet::read_npy(path);
        }
        ensure_readable(path)?;
        let name = path.file_name().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
        if name.contains("idx") { PointSet::read_idx(path) } else { PointSet::read_csv(path) }
    }

    /// An array of shape (points, …), in any precision and order.
    fn read_npy(path: &Path) -> Result<PointSet, AutoencoderError> {
        let (shape, values) = read_npy(path)?;
        let what = |found: String| AutoencoderError::PointArray { path: path.into(), found };
        if shape.is_empty() {
            return Err(what("one number".into()));
        }
        let points = PointSet::new(shape[1..].iter().product(), values);
        points.map_err(|error| what(format!("the shape {shape:?}: {error}")))
    }

    /// Reads one point per line, numbers separated by commas, semicolons or blanks; a first line without any number is a
    /// header, empty lines and those from a # on are skipped.
    ///
    /// # Errors
    /// If the file cannot be read, or a line has another number of values than the first or
    /// something that is not a number; the error names the line.
    pub fn read_csv(path: impl AsRef<Path>) -> Result<PointSet, AutoencoderError> {
        let path = path.as_ref();
        let bad = |what: String, position| AutoencoderError::Points {
            path: path.to_path_buf(),
            what,
            position,
        };
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .trim(csv::Trim::All)
            .comment(Some(b'#'))
            .from_reader(with_commas(open(path)?, path)?);
        let (mut values, mut dimension) = (Vec::new(), 0);
        for (index, record) in reader.records().enumerate() {
            let record = record.map_err(|e| {
                let line = e.position().map_or(index as u64 + 1, csv::Position::line);
                bad("not a table of numbers: ".to_string() + &e.to_string(), line)
            })?;
            let line = record.position().map_or(0, csv::Position::line);
            let numbers: Result<Vec<f64>, _> = record.iter().map(str::parse::<f64>).collect();
            match numbers {
                Ok(numbers) => {
                    dimension = numbers.len();
                    if let Some(at) = numbers.iter().position(|v| !v.is_finite()) {
                        return Err(bad(format!("column {} is {}", at + 1, numbers[at]), line));
                    }
                    values.extend(numbers);
                }
                Err(_) if index == 0 && record.iter().all(|word| word.parse::<f64>().is_err()) => {}
                Err(e) => {
                    return Err(bad(
                        format!("expected numbers, found '{}' ({e})", join(&record)),
                        line,
                    ));
                }
            }
        }
        if values.is_empty() {
            return Err(bad("no points".to_string(), 1));
        }
        PointSet::new(dimension, values)
    }

    /// Reads an IDX file of unsigned bytes, each item flattened to one point and divided by 255;
    /// MNIST images give points in [0, 1]^784.
    ///
    /// # Errors
    /// If the file cannot be read, has another magic number, or ends early.
    pub fn read_idx(path: impl AsRef<Path>) -> Result<PointSet, AutoencoderError> {
        let path = path.as_ref();
        let bad = |what: String, position| AutoencoderError::Points {
            path: path.to_path_buf(),
            what,
            position,
        };
        let mut bytes = Vec::new();
        open(path)?
            .read_to_end(&mut bytes)
            .map_err(|source| AutoencoderError::File { path: path.to_path_buf(), source })?;
        let [0, 0, kind, axes, rest @ ..] = &bytes[..] else {
            return Err(bad("not an IDX file: two zero bytes expected first".to_string(), 1));
        };
        if *kind != 8 {
            return Err(bad(
                format!("IDX type {kind:#04x}; only unsigned bytes (0x08) are read"),
                3,
            ));
        }
        let header = 4 * usize::from(*axes);
        if *axes < 1 || rest.len() < header {
            return Err(bad("the IDX header is cut short".to_string(), 4));
        }
        let sizes: Vec<usize> = rest[..header]
            .chunks_exact(4)
            .map(|b| u32::from_be_bytes([b[0], b[1], b[2], b[3]]) as usize)
            .collect();
        let expected = sizes.iter().try_fold(1usize, |total, n| total.checked_mul(*n));
        let data = &rest[header..];
        if expected != Some(data.len()) {
            let what = format!("sizes {sizes:?} do not agree with {} bytes of data", data.len());
            return Err(bad(what, 5));
        }
        let dimension = sizes[1..].iter().product();
        PointSet::new(dimension, data.iter().map(|b| f64::from(*b) / 255.0).collect())
    }
}

/// Opens a file, through gzip when it starts with its magic number.
fn open(path: &Path) -> Result<Box<dyn Read>, AutoencoderError> {
    let wrap = |source| AutoencoderError::File { path: path.to_path_buf(), source };
    let mut magic = [0; 2];
    let mut file = File::open(path).map_err(wrap)?;
    let zipped = file.read_exact(&mut magic).is_ok() && magic == [0x1f, 0x8b];
    let file = BufReader::new(File::open(path).map_err(wrap)?);
    Ok(if zipped { Box::new(GzDecoder::new(file)) } else { Box::new(file) })
}

/// The text with commas between numbers, whatever separates them in it: in lines without commas semicolons, else blanks.
fn with_commas(mut text: Box<dyn Read>, path: &Path) -> Result<Box<dyn Read>, AutoencoderError> {
    let mut bytes = Vec::new();
    let read = text.read_to_end(&mut bytes);
    read.map_err(|source| AutoencoderError::File { path: path.to_path_buf(), source })?;
    if let Some(at) = bytes.iter().position(|byte| *byte == 0) {
        return Err(AutoencoderError::Points {
            path: path.to_path_buf(),
            what: "binary data; expected text, .npy, or IDX in a file with 'idx' in its name"
                .into(),
            position: at as u64 + 1,
        });
    }
    if bytes.contains(&b',') {
        return Ok(Box::new(Cursor::new(bytes)));
    }
    let is_semicolon = bytes.contains(&b';');
    let separates = |b: &u8| if is_semicolon { *b == b';' } else { matches!(b, b' ' | b'\t') };
    let mut out = Vec::with_capacity(bytes.len());
    for line in bytes.split_inclusive(|b| *b == b'\n') {
        let words = line.trim_ascii().split(separates).map(<[u8]>::trim_ascii);
        let words: Vec<&[u8]> = words.filter(|word| is_semicolon || !word.is_empty()).collect();
        out.extend(words.join(&b','));
        out.push(b'\n');
    }
    Ok(Box::new(Cursor::new(out)))
}

/// Bytes of memory for each byte of a file: eight for a number of one digit and its comma, or of
/// one byte, the same again for a copy of the first points, and the text itself.
const MEMORY: f64 = 19.0;

/// Refuses a file whose numbers may not fit into memory.
fn ensure_readable(path: &Path) -> Result<(), AutoencoderError> {
    // A file that cannot be read is refused by its reader.
    let Some(bytes) = unpacked_bytes(path) else { return Ok(()) };
    ensure_memory(MEMORY * bytes as f64).map_err(|shortage| AutoencoderError::Memory {
        what: format!("the points of {}", path.display()),
        shortage,
    })
}

/// The length of a file, unpacked if it is gzipped: then from its last four bytes, which count up
/// to 4 GiB.
fn unpacked_bytes(path: &Path) -> Option<u64> {
    let mut file = File::open(path).ok()?;
    let packed = file.metadata().ok()?.len();
    let mut four = [0; 4];
    file.read_exact(&mut four).ok()?;
    if four[..2] != [0x1f, 0x8b] {
        return Some(packed);
    }
    file.seek(SeekFrom::End(-4)).ok()?;
    file.read_exact(&mut four).ok()?;
    Some(packed.max(u64::from(u32::from_le_bytes(four))))
}

fn join(record: &csv::StringRecord) -> String {
    record.iter().collect::<Vec<_>>().join(",")
}
