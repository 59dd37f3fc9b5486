//! Legacy VTK files (`.vtk`), ASCII or binary.

use super::FileError;
use super::array::NumberType;
use super::raw::Element;
use super::vtk::{
    NO_GRID, VtkArray, VtkFile, VtkGrid, cells, check_size, damaged, decode, not_read,
};
use std::path::Path;

/// Reads a whole file.
pub(super) fn read(path: &Path, bytes: &[u8]) -> Result<VtkFile, FileError> {
    let mut reader = Reader { path, bytes, at: 0, binary: false };
    reader.line();
    reader.line();
    let kind = reader.words().unwrap_or_default().join(" ").to_uppercase();
    reader.binary = match &kind[..] {
        "ASCII" => false,
        "BINARY" => true,
        _ => {
            return Err(damaged(
                path,
                format!("its third line is {kind:?}, neither ASCII nor BINARY"),
            ));
        }
    };
    let mut found = Found::default();
    while let Some(words) = reader.words() {
        found.add(&mut reader, &words)?;
    }
    let grid = found.grid(path)?;
    if found.arrays.is_empty() {
        return Err(damaged(path, "it holds no arrays"));
    }
    Ok(VtkFile { grid, arrays: found.arrays })
}

/// What has been read so far.
#[derive(Default)]
struct Found {
    dataset: String,
    dims: Option<[usize; 3]>,
    spacing: Option<[f64; 3]>,
    origin: Option<[f64; 3]>,
    lists: [Option<Vec<f64>>; 3],
    points: Option<Vec<f64>>,
    single: bool,
    /// Whether arrays that follow are in cells, and how many values each has; `None` before them.
    part: Option<(bool, usize)>,
    arrays: Vec<VtkArray>,
}

impl Found {
    /// Reads what a line begins.
    fn add(&mut self, reader: &mut Reader<'_>, words: &[String]) -> Result<(), FileError> {
        let word = words[0].to_uppercase();
        let arguments = &words[1..];
        match &word[..] {
            "DATASET" => self.dataset = known_dataset(reader.path, arguments)?,
            "DIMENSIONS" => self.dims = Some(reader.three(arguments)?),
            "SPACING" | "ASPECT_RATIO" => self.spacing = Some(reader.three(arguments)?),
            "ORIGIN" => self.origin = Some(reader.three(arguments)?),
            "X_COORDINATES" | "Y_COORDINATES" | "Z_COORDINATES" => {
                let k = usize::from(word.as_bytes()[0] - b'X');
                self.lists[k] = Some(self.list(reader, arguments, 1)?);
            }
            "POINTS" => self.points = Some(self.list(reader, arguments, 3)?),
            "POINT_DATA" | "CELL_DATA" => {
                let in_cells = word == "CELL_DATA";
                self.part = Some((in_cells, self.count(reader, in_cells, arguments)?));
            }
            "METADATA" => reader.skip_paragraph(),
            "FIELD" => self.field(reader, arguments)?,
            _ => self.attribute(reader, &word, arguments)?,
        }
        Ok(())
    }

    fn list(
        &mut self,
        reader: &mut Reader<'_>,
        words: &[String],
        each: usize,
    ) -> Result<Vec<f64>, FileError> {
        let (count, kind) = match words {
            [count, kind] => (reader.number::<usize>(count)?, kind),
            _ => {
                return Err(
                    reader.damaged(format!("{words:?} is not a number of points and their type"))
                );
            }
        };
        let (values, number) = reader.values(count.saturating_mul(each), kind)?;
        self.single |= number == NumberType::F32;
        Ok(values)
    }

    /// Checks the number of values of each array against the dimensions.
    fn count(
        &self,
        reader: &Reader<'_>,
        in_cells: bool,
        words: &[String],
    ) -> Result<usize, FileError> {
        let said: usize = reader.number(words.first().map_or("", String::as_str))?;
        let dims = self.dims.ok_or_else(|| reader.damaged("it has data before DIMENSIONS"))?;
        check_size(reader.path, dims)?;
        let expected: usize = if in_cells { cells(dims) } else { dims }.iter().product();
        match said == expected {
            true => Ok(said),
            false => Err(reader.damaged(format!(
                "its dimensions {dims:?} make {expected} values, and it says {said}"
            ))),
        }
    }

    /// `FIELD FieldData n`, then n arrays.
    fn field(&mut self, reader: &mut Reader<'_>, words: &[String]) -> Result<(), FileError> {
        let count: usize = reader.number(words.get(1).map_or("", String::as_str))?;
        for _ in 0..count {
            let head = loop {
                let head =
                    reader.words().ok_or_else(|| reader.damaged("it ends within a FIELD"))?;
                match head[0].eq_ignore_ascii_case("METADATA") {
                    true => reader.skip_paragraph(),
                    false => break head,
                }
            };
            let [name, components, tuples, kind] = &head[..] else {
                return Err(reader.damaged(format!("{head:?} heads no array of a FIELD")));
            };
            let components: usize = reader.number(components)?;
            let tuples: usize = reader.number(tuples)?;
            if kind.eq_ignore_ascii_case("string") {
                reader.skip_strings(components.saturating_mul(tuples));
                continue;
            }
            let (values, number) = reader.values(components.saturating_mul(tuples), kind)?;
            // Others belong to the file as a whole, such as its time.
            if let Some((in_cells, expected)) = self.part {
                if tuples != expected {
                    return Err(reader
                        .damaged(format!("array {name:?} has {tuples} values for {expected}")));
                }
                self.arrays.push(VtkArray {
                    name: unescaped(name),
                    components,
                    in_cells,
                    values,
                    number,
                });
            }
        }
        Ok(())
    }

    fn attribute(
        &mut self,
        reader: &mut Reader<'_>,
        word: &str,
        words: &[String],
    ) -> Result<(), FileError> {
        let Some((in_cells, count)) = self.part else {
            return Err(reader.damaged(format!("the keyword {word:?} is not known")));
        };
        let text = |k: usize| words.get(k).map_or("", String::as_str);
        let (components, kind) = match word {
            "SCALARS" => (if words.len() > 2 { reader.number(text(2))? } else { 1 }, text(1)),
            "VECTORS" | "NORMALS" => (3, text(1)),
            "TENSORS" => (9, text(1)),
            "TENSORS6" => (6, text(1)),
            "TEXTURE_COORDINATES" => (reader.number(text(1))?, text(2)),
            "COLOR_SCALARS" => {
                (reader.number(text(1))?, if reader.binary { "unsigned_char" } else { "float" })
            }
            "LOOKUP_TABLE" => (0, "float"),
            _ => return Err(reader.damaged(format!("the keyword {word:?} is not known"))),
        };
        if word == "LOOKUP_TABLE" {
            let entries: usize = reader.number(text(1))?;
            let kind = if reader.binary { "unsigned_char" } else { "float" };
            return reader.values(entries.saturating_mul(4), kind).map(drop);
        }
        if word == "SCALARS" {
            reader.skip_lookup_table();
        }
        let (values, number) = reader.values(count.saturating_mul(components), kind)?;
        if matches!(word, "SCALARS" | "VECTORS") && components > 0 {
            let name = unescaped(text(0));
            self.arrays.push(VtkArray { name, components, in_cells, values, number });
        }
        Ok(())
    }

    fn grid(&mut self, path: &Path) -> Result<VtkGrid, FileError> {
        let dims = self.dims.ok_or_else(|| damaged(path, "it has no DIMENSIONS"))?;
        let points = check_size(path, dims)?;
        match &self.dataset[..] {
            "STRUCTURED_POINTS" => {
                let [spacing, origin] =
                    [self.spacing.unwrap_or([1.0; 3]), self.origin.unwrap_or_default()];
                let list =
                    |k: usize| (0..dims[k]).map(|i| origin[k] + spacing[k] * i as f64).collect();
                Ok(VtkGrid::Axes([list(0), list(1), list(2)], false))
            }
            "RECTILINEAR_GRID" => {
                let lists = self.lists.each_mut().map(|list| list.take().unwrap_or_default());
                let found = lists.each_ref().map(Vec::len);
                match found == dims {
                    true => Ok(VtkGrid::Axes(lists, self.single)),
                    false => Err(damaged(
                        path,
                        format!("it has {found:?} coordinates for dimensions {dims:?}"),
                    )),
                }
            }
            _ => {
                let list = self.points.take().unwrap_or_default();
                match list.len() == 3 * points {
                    true => Ok(VtkGrid::Points(dims, list, self.single)),
                    false => {
                        let found = list.len() / 3;
                        Err(damaged(path, format!("it has {found} points for dimensions {dims:?}")))
                    }
                }
            }
        }
    }
}

fn known_dataset(path: &Path, words: &[String]) -> Result<String, FileError> {
    let kind = words.first().map(|word| word.to_uppercase()).unwrap_or_default();
    match &kind[..] {
        "STRUCTURED_POINTS" | "RECTILINEAR_GRID" | "STRUCTURED_GRID" => Ok(kind),
        "UNSTRUCTURED_GRID" => Err(not_read(path, "a VTK file with an unstructured grid", NO_GRID)),
        "POLYDATA" => Err(not_read(path, "a VTK file with polygons", NO_GRID)),
        _ => Err(not_read(path, "a VTK file of another kind than grids", NO_GRID)),
    }
}

/// Names have `%20` for a blank.
fn unescaped(name: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = name.as_bytes();
    while let [first, after @ ..] = rest {
        let code = std::str::from_utf8(after.get(..2).unwrap_or_default());
        match code
            .ok()
            .filter(|_| *first == b'%')
            .and_then(|code| u8::from_str_radix(code, 16).ok())
        {
            Some(byte) => {
                bytes.push(byte);
                rest = &after[2..];
            }
            None => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    let name = String::from_utf8_lossy(&bytes).into_owned();
    name.replace([',', ' '], "_")
}

/// Goes through the bytes of a file.
struct Reader<'a> {
    path: &'a Path,
    bytes: &'a [u8],
    at: usize,
    binary: bool,
}

impl<'a> Reader<'a> {
    fn damaged(&self, reason: impl Into<String>) -> FileError {
        damaged(self.path, reason)
    }

    fn rest(&self) -> &'a [u8] {
        &self.bytes[self.at..]
    }

    /// The rest of this line.
    fn line(&mut self) -> Option<String> {
        let rest = self.rest();
        if rest.is_empty() {
            return None;
        }
        let end = rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len());
        self.at += (end + 1).min(rest.len());
        // No line of a header is longer.
        Some(String::from_utf8_lossy(&rest[..end.min(4096)]).trim().to_string())
    }

    /// The words of the next line that is not empty.
    fn words(&mut self) -> Option<Vec<String>> {
        loop {
            let words: Vec<String> = self.line()?.split_whitespace().map(String::from).collect();
            if !words.is_empty() {
                return Some(words);
            }
        }
    }

    fn number<T: std::str::FromStr>(&self, word: &str) -> Result<T, FileError> {
        let short: String = word.chars().take(40).collect();
        word.parse().map_err(|_| self.damaged(format!("{short:?} stands where a number is needed")))
    }

    fn three<T: std::str::FromStr + Copy>(&self, words: &[String]) -> Result<[T; 3], FileError> {
        match words {
            [a, b, c] => Ok([self.number(a)?, self.number(b)?, self.number(c)?]),
            _ => Err(self.damaged(format!("{} numbers stand where three are needed", words.len()))),
        }
    }

    fn skip_paragraph(&mut self) {
        while self.line().is_some_and(|line| !line.is_empty()) {}
    }

    fn skip_strings(&mut self, count: usize) {
        (0..count).map_while(|_| self.line()).for_each(drop);
    }

    fn skip_lookup_table(&mut self) {
        let start: Vec<u8> = self.rest().iter().take(12).map(u8::to_ascii_uppercase).collect();
        if start == b"LOOKUP_TABLE" {
            self.line();
        }
    }

    /// So many numbers of a type.
    fn values(&mut self, count: usize, kind: &str) -> Result<(Vec<f64>, NumberType), FileError> {
        let lower = kind.to_lowercase();
        let descriptor = match &lower[..] {
            "bit" | "unsigned_char" => ">u1",
            "char" | "signed_char" => ">i1",
            "unsigned_short" => ">u2",
            "short" => ">i2",
            "unsigned_int" => ">u4",
            "int" => ">i4",
            "unsigned_long" | "vtktypeuint64" => ">u8",
            "long" | "vtktypeint64" | "vtkidtype" => ">i8",
            "float" => ">f4",
            "double" => ">f8",
            _ => return Err(self.damaged(format!("{lower:?} is no type of numbers"))),
        };
        let element = Element::parse(descriptor).expect("a type in the table");
        let bits = lower == "bit";
        let values = match (self.binary, bits) {
            (false, _) => self.text(count)?,
            (true, true) => {
                let bytes = self.take(count.div_ceil(8), count)?;
                (0..count).map(|i| f64::from(bytes[i / 8] >> (7 - i % 8) & 1)).collect()
            }
            (true, false) => {
                decode(self.take(count.saturating_mul(element.size()), count)?, element)
            }
        };
        Ok((values, element.number()))
    }

    fn take(&mut self, length: usize, count: usize) -> Result<&'a [u8], FileError> {
        let rest = self.rest();
        let Some(taken) = rest.get(..length) else {
            let left = rest.len();
            return Err(
                self.damaged(format!("{count} numbers need {length} bytes, and {left} are left"))
            );
        };
        self.at += length;
        Ok(taken)
    }

    fn text(&mut self, count: usize) -> Result<Vec<f64>, FileError> {
        // A number and a blank each.
        if count > self.rest().len() / 2 + 1 {
            return Err(self.damaged(format!(
                "{count} numbers do not fit into the {} bytes left",
                self.rest().len()
            )));
        }
        let mut values = Vec::with_capacity(count);
        let mut words = Words { bytes: self.rest(), at: 0 };
        while values.len() < count {
            let Some(word) = words.next() else {
                return Err(
                    self.damaged(format!("it ends after {} of {count} numbers", values.len()))
                );
            };
            let word = String::from_utf8_lossy(&word[..word.len().min(64)]);
            values.push(self.number(&word)?);
        }
        self.at += words.at;
        Ok(values)
    }
}

/// Words between blanks and ends of lines.
struct Words<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Iterator for Words<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        let rest = &self.bytes[self.at..];
        let start = rest.iter().position(|byte| !byte.is_ascii_whitespace())?;
        let word = &rest[start..];
        let end = word.iter().position(u8::is_ascii_whitespace).unwrap_or(word.len());
        self.at += start + end;
        Some(&word[..end])
    }
}
