//! Legacy VTK files (`.vtk`), ASCII or binary.

use super::FileError;
use super::array::NumberType;
use super::vtk::{NO_GRID, VtkFile, VtkGrid, check_size, damaged, not_read};
use super::vtk_array::{VtkArray, cells};
use super::vtk_reader::{Reader, unescaped};
use std::path::Path;

/// Reads a whole file.
pub(super) fn read(path: &Path, bytes: &[u8]) -> Result<VtkFile, FileError> {
    let mut reader = Reader::new(path, bytes);
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
