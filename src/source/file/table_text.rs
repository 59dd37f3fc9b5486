//! Tables of numbers as text: their rows, and what stands above them.

use super::error::TableError;
use super::table_cells::{Cell, Separator, Style, may_be_thousands};
use std::borrow::Cow;
use std::path::Path;

/// Rows that the separator is known by.
const LOOKED_AT: usize = 100;

/// A table of numbers and what stands above it.
pub(super) struct Table {
    /// The lines above the first row.
    pub header: Vec<String>,
    pub separator: Separator,
    pub columns: usize,
    /// Row by row; NaN where missing.
    pub values: Vec<f64>,
    /// The line of each row, from 1.
    pub lines: Vec<usize>,
    /// For each column the largest unit that a number in it is rounded to.
    pub digits: Vec<f64>,
}

/// The text of bytes, which are UTF-16 where they say so.
pub(super) fn text(bytes: &[u8]) -> Cow<'_, str> {
    let wide = |two: fn([u8; 2]) -> u16| {
        let units: Vec<u16> = bytes[2..].as_chunks().0.iter().map(|pair| two(*pair)).collect();
        Cow::Owned(String::from_utf16_lossy(&units))
    };
    match bytes {
        [0xff, 0xfe, ..] => wide(u16::from_le_bytes),
        [0xfe, 0xff, ..] => wide(u16::from_be_bytes),
        _ => String::from_utf8_lossy(bytes),
    }
}

pub(super) fn is_comment(line: &str) -> bool {
    line.starts_with(['#', '%', '!']) || line.starts_with("//")
}

/// Reads the rows of a text. Fails at the first cell that is no number and the first row of another length.
pub(super) fn read(path: &Path, text: &str) -> Result<Table, TableError> {
    let text = text.trim_start_matches('\u{feff}');
    let lines: Vec<&str> = text.lines().collect();
    let may_be_row = |line: &&str| !line.trim().is_empty() && !is_comment(line.trim_start());
    let Some(start) = lines.iter().position(|line| may_be_row(line) && Style::any(line)) else {
        return Err(TableError::NoRows { path: path.into() });
    };
    let first: Vec<&str> =
        lines[start..].iter().copied().filter(may_be_row).take(LOOKED_AT).collect();
    let above: Vec<&str> = lines[..start].iter().map(|line| line.trim()).collect();
    let (style, columns) = Style::of(&first, &above).expect("the first row has a style");
    let mut table = Table {
        header: above.iter().map(|line| line.to_string()).collect(),
        separator: style.separator,
        columns,
        values: Vec::new(),
        lines: Vec::new(),
        digits: vec![0.0; columns],
    };
    let mut rows = Rows { style, thousands: None, table: &mut table };
    rows.check_header(path, &above)?;
    for (i, line) in lines.iter().enumerate().skip(start).filter(|(_, line)| may_be_row(line)) {
        rows.add(line, i + 1).map_err(|problem| problem.at(path, i + 1, rows.table))?;
    }
    if let Some(Thousands { line, column, cell, certain: false }) = rows.thousands {
        return Err(TableError::Thousands { path: path.into(), line, column, cell });
    }
    Ok(table)
}

/// What is wrong with a line.
enum Problem {
    Cells(usize),
    Cell(usize, String),
    Zone,
}

impl Problem {
    fn at(self, path: &Path, line: usize, table: &Table) -> TableError {
        let path = path.into();
        match self {
            Problem::Cells(found) => {
                let (expected, first) = (table.columns, table.first_line());
                TableError::RowLength { path, line, expected, first, found }
            }
            Problem::Cell(column, cell) => TableError::Cell { path, line, column, cell },
            Problem::Zone => TableError::Zones { path, line },
        }
    }
}

/// The first number in quotes with a comma, and whether one is known to be a decimal comma.
struct Thousands {
    line: usize,
    column: usize,
    cell: String,
    certain: bool,
}

/// A table while its rows are read.
struct Rows<'a> {
    style: Style,
    thousands: Option<Thousands>,
    table: &'a mut Table,
}

impl Rows<'_> {
    /// A line above the rows that is a row but for a cell or two.
    fn check_header(&self, path: &Path, header: &[&str]) -> Result<(), TableError> {
        for (i, line) in header.iter().enumerate().filter(|(_, line)| !is_comment(line)) {
            let cells = self.style.separator.names(line);
            let read: Vec<_> = cells.iter().map(|c| Cell::read(c, self.style.comma)).collect();
            let numbers = read.iter().filter(|cell| matches!(cell, Some(Cell::Number(..)))).count();
            let wrong = read.iter().position(Option::is_none);
            let like = cells.len() == self.table.columns && 2 * numbers >= cells.len();
            if let Some(k) = wrong.filter(|_| like) {
                let problem = Problem::Cell(k + 1, short(cells[k]));
                return Err(problem.at(path, i + 1, self.table));
            }
        }
        Ok(())
    }

    fn add(&mut self, line: &str, number: usize) -> Result<(), Problem> {
        let Style { separator, comma } = self.style;
        if starts_zone(line.trim_start()) {
            return Err(Problem::Zone);
        }
        if separator != Separator::Blanks && separator.cells(line).iter().all(|c| c.is_empty()) {
            return Ok(());
        }
        let cells = separator.row(line, self.table.columns).map_err(Problem::Cells)?;
        for (k, cell) in cells.iter().enumerate() {
            let value = match Cell::read(cell, comma) {
                Some(Cell::Number(value, digit)) => {
                    self.table.digits[k] = self.table.digits[k].max(digit);
                    value
                }
                Some(Cell::Missing | Cell::Blank) => f64::NAN,
                None => return Err(Problem::Cell(k + 1, short(cell))),
            };
            self.table.values.push(value);
            if comma && separator == Separator::Character(',') {
                self.see_comma(cell, [number, k + 1]);
            }
        }
        self.table.lines.push(number);
        Ok(())
    }

    fn see_comma(&mut self, cell: &str, [line, column]: [usize; 2]) {
        let Some(unclear) = may_be_thousands(cell) else { return };
        let first = || Thousands { line, column, cell: short(cell), certain: false };
        self.thousands.get_or_insert_with(first).certain |= !unclear;
    }
}

fn short(cell: &str) -> String {
    cell.chars().take(40).collect()
}

impl Table {
    fn first_line(&self) -> usize {
        self.lines.first().copied().unwrap_or_default()
    }

    pub fn rows(&self) -> usize {
        self.lines.len()
    }

    /// The numbers of a column.
    pub fn column(&self, k: usize) -> impl Iterator<Item = f64> + '_ {
        self.values.iter().skip(k).step_by(self.columns).copied()
    }
}

/// Whether a line of a Tecplot file begins another zone.
fn starts_zone(line: &str) -> bool {
    let start = line.get(..4).unwrap_or_default();
    ["zone", "vari", "titl"].iter().any(|word| start.eq_ignore_ascii_case(word))
}
