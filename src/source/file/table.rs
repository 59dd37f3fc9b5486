//! Tables of points as text, as PIV programs and spreadsheets write them: the rows in any order.

use super::FileError;
use super::array::{Coordinates, NumberType};
use super::error::TableError;
use super::held::{HeldArray, HeldStore};
use super::memory::refuse;
use super::table_grid::Levels;
use super::table_head::{self, Head};
use super::table_text::{self, Table};
use super::table_words::{Column, KNOWN, Title};
use crate::grid::AXIS_NAMES;
use ndarray::{ArrayD, IxDyn};
use std::path::Path;

const COMPONENTS: [&str; 3] = ["u", "v", "w"];

/// Fewer points than this share of the grid of their coordinates are scattered.
const FULL: f64 = 0.25;

/// Reads a table and puts its points on the grid of their coordinates.
pub(super) fn open(path: &Path) -> Result<HeldStore, FileError> {
    let io = |source| FileError::Io { path: path.into(), source };
    let length = std::fs::metadata(path).map_err(io)?.len();
    // The text and its numbers.
    refuse(path, "the table", &[], 6.0 * length as f64)?;
    let bytes = std::fs::read(path).map_err(io)?;
    let table = table_text::read(path, &table_text::text(&bytes))?;
    drop(bytes);
    let head = table_head::read(path, &table)?;
    Ok(on_grid(path, table, head)?)
}

/// The points of a table on the grid of their coordinates.
pub(super) fn on_grid(path: &Path, table: Table, head: Head) -> Result<HeldStore, TableError> {
    let columns = Columns::of(path, &head.titles)?;
    let grid = Grid::of(path, &table, &columns, head.nameless)?;
    Ok(Reading { path, table, head, columns, grid }.store())
}

/// Which column is which.
pub(super) struct Columns {
    positions: [Option<usize>; 3],
    pub components: [Option<usize>; 3],
}

impl Columns {
    fn of(path: &Path, titles: &[Title]) -> Result<Columns, TableError> {
        let find = |wanted: Column, what: String| {
            let mut found = (0..titles.len()).filter(|&k| titles[k].column == wanted);
            match (found.next(), found.next()) {
                (Some(a), Some(b)) => {
                    Err(TableError::Twice { path: path.into(), columns: [a + 1, b + 1], what })
                }
                (first, _) => Ok(first),
            }
        };
        let (mut positions, mut components) = ([None; 3], [None; 3]);
        for (k, axis) in AXIS_NAMES.into_iter().enumerate() {
            positions[k] = find(Column::Position(k), format!("coordinate of {axis}"))?;
            components[k] = find(Column::Component(k), format!("component along {axis}"))?;
        }
        let missing = |k: usize| match (positions[k], components[k]) {
            (None, _) => Some(format!("coordinate of {}", AXIS_NAMES[k])),
            (_, None) => Some(format!("component along {}", AXIS_NAMES[k])),
            _ => None,
        };
        match (0..2).find_map(missing) {
            None => Ok(Columns { positions, components }),
            Some(missing) => {
                let names: Vec<String> = titles.iter().map(|t| format!("{:?}", t.name)).collect();
                let found = names.join(", ");
                Err(TableError::Columns { path: path.into(), missing, found, known: KNOWN })
            }
        }
    }
}

/// The grid of all coordinates and the row of each of its points.
struct Grid {
    /// x first; one level along z where the table has no z.
    levels: Vec<Levels>,
    /// The row at each point, x fastest.
    rows: Vec<Option<usize>>,
}

impl Grid {
    fn of(
        path: &Path,
        table: &Table,
        columns: &Columns,
        nameless: bool,
    ) -> Result<Grid, TableError> {
        let axes: Vec<usize> = columns.positions.iter().flatten().copied().collect();
        for (k, &column) in axes.iter().enumerate() {
            if let Some(row) = table.column(column).position(f64::is_nan) {
                let (line, axis) = (table.lines[row], AXIS_NAMES[k]);
                return Err(TableError::Nowhere { path: path.into(), line, axis });
            }
        }
        let level = |&column: &usize| Levels::of(table.column(column), table.digits[column]);
        let levels: Vec<Levels> = axes.iter().map(level).collect();
        let points: f64 = levels.iter().map(|levels| levels.len() as f64).product();
        if (table.rows() as f64) < FULL * points {
            return Err(no_grid(path, table, &levels));
        }
        let mut rows = vec![None; points as usize];
        for row in 0..table.rows() {
            let at = |(k, &column): (usize, &usize)| {
                levels[k].index(table.values[row * table.columns + column])
            };
            let index: Vec<usize> = axes.iter().enumerate().map(at).collect();
            let flat = (0..index.len()).rev().fold(0, |flat, k| flat * levels[k].len() + index[k]);
            if let Some(first) = rows[flat].replace(row) {
                return Err(repeated(path, table, &axes, [first, row], nameless));
            }
        }
        Ok(Grid { levels, rows })
    }

    fn missing(&self) -> usize {
        self.rows.iter().filter(|row| row.is_none()).count()
    }
}

fn no_grid(path: &Path, table: &Table, levels: &[Levels]) -> TableError {
    let lengths: Vec<String> = levels.iter().map(|levels| levels.len().to_string()).collect();
    let axes = if levels.len() == 2 { "x and y" } else { "x, y and z" };
    TableError::NoGrid { path: path.into(), rows: table.rows(), axes, levels: lengths.join(" x ") }
}

fn repeated(
    path: &Path,
    table: &Table,
    axes: &[usize],
    rows: [usize; 2],
    nameless: bool,
) -> TableError {
    let value = |&column: &usize| table.values[rows[1] * table.columns + column].to_string();
    let point = format!("({})", axes.iter().map(value).collect::<Vec<_>>().join(", "));
    let more = match nameless && table.columns > 5 {
        true => "; if the columns are x, y, z, u, v, w, name them in a line above the first row",
        false => "",
    };
    TableError::Repeated { path: path.into(), lines: rows.map(|row| table.lines[row]), point, more }
}

/// A table whose columns and points are known.
pub(super) struct Reading<'a> {
    pub path: &'a Path,
    pub table: Table,
    pub head: Head,
    pub columns: Columns,
    grid: Grid,
}

impl Reading<'_> {
    fn store(self) -> HeldStore {
        let mut notes = vec![self.columns_note()];
        let marks = self.marks();
        let valid = self.valid(&marks, &mut notes);
        let arrays = self.arrays(&valid);
        let missing = self.grid.missing();
        if missing > 0 {
            let points = self.grid.rows.len();
            notes.push(format!(
                "{missing} of {points} points of the grid are not in the table: missing values"
            ));
        }
        for (k, levels) in self.grid.levels.iter().enumerate().filter(|(_, levels)| levels.evened) {
            let axis = AXIS_NAMES[k];
            let steps = levels.len() - 1;
            notes.push(format!("coordinates of {axis} are {steps} equal steps to within their printed digits, and taken so"));
        }
        let marks_invalid = self.head.zeros_are_invalid || marks.validity.is_some();
        let mark = marks.validity.map(|(column, _)| self.name(column));
        HeldStore {
            path: self.path.into(),
            arrays,
            notes,
            marks_invalid,
            mark,
            own_mask: marks.own_mask,
        }
    }

    /// Whether the field has three axes of space or a series of levels.
    fn is_deep(&self) -> bool {
        self.grid.levels.get(2).is_some_and(|levels| levels.len() > 1)
    }

    fn columns_note(&self) -> String {
        let names: Vec<String> = (0..self.table.columns).map(|k| self.name(k)).collect();
        let from = match self.head.nameless {
            true => "assumed, as OpenPIV and PIVlab write them",
            false => "by their names",
        };
        let plane = match self.columns.components[2].is_some() && !self.is_deep() {
            true => "; w points out of the plane and takes no part",
            false => "",
        };
        format!(
            "table of {} points, columns {} ({from}){plane}",
            self.table.rows(),
            names.join(", ")
        )
    }

    /// What the array of a column is called.
    pub(super) fn name(&self, column: usize) -> String {
        match self.head.titles[column].column {
            Column::Component(k) => COMPONENTS[k].into(),
            _ => self.head.titles[column].name.clone(),
        }
    }

    fn arrays(&self, valid: &[bool]) -> Vec<HeldArray> {
        let others =
            (0..self.table.columns).filter(|k| !self.columns.positions.contains(&Some(*k)));
        others.map(|column| self.array(column, valid)).collect()
    }

    fn array(&self, column: usize, valid: &[bool]) -> HeldArray {
        let component = self.columns.components.contains(&Some(column));
        let value = |row: &Option<usize>| match row {
            Some(row) if !component || valid[*row] => {
                self.table.values[row * self.table.columns + column]
            }
            _ => f64::NAN,
        };
        let axes = if self.is_deep() { 3 } else { 2 };
        let shape: Vec<usize> = self.grid.levels[..axes].iter().rev().map(Levels::len).collect();
        let values = self.grid.rows.iter().map(value).collect();
        let array =
            ArrayD::from_shape_vec(IxDyn(&shape), values).expect("one value for each point");
        let along = (0..axes).rev().map(|k| (AXIS_NAMES[k], Some(self.coordinates(k)))).collect();
        HeldArray::new(&self.name(column), array, NumberType::F64)
            .along(along, &self.head.titles[column].units)
    }

    fn coordinates(&self, k: usize) -> Coordinates {
        let title = &self.head.titles[self.columns.positions[k].expect("a column for each axis")];
        Coordinates {
            origin: format!("column `{}`", title.name),
            name: title.name.to_lowercase(),
            values: self.grid.levels[k].values.clone(),
            units: title.units.clone(),
            ..Coordinates::default()
        }
    }
}
