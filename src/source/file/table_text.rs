//! Tables of numbers as text: separators, decimal commas, what stands above the rows.

use super::error::TableError;
use std::path::Path;

/// Fewer columns are no table of points with two components.
const FEWEST: usize = 3;

/// Rows that the separator is known by.
const LOOKED_AT: usize = 100;

/// A table of numbers and what stands above it.
pub(super) struct Table {
    /// The lines above the first row.
    pub header: Vec<String>,
    pub style: Style,
    pub columns: usize,
    /// Row by row.
    pub values: Vec<f64>,
    /// The line of each row, from 1.
    pub lines: Vec<usize>,
    /// For each column the largest unit that a number in it is rounded to.
    pub digits: Vec<f64>,
}

/// How the cells of a row are told apart, and the mark of the decimals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Style {
    pub separator: Separator,
    comma: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Separator {
    Character(char),
    Blanks,
}

/// In the order in which they are tried: a comma is a decimal mark where it cannot separate.
const STYLES: [Style; 5] = [
    Style { separator: Separator::Character(';'), comma: false },
    Style { separator: Separator::Character(';'), comma: true },
    Style { separator: Separator::Character(','), comma: false },
    Style { separator: Separator::Blanks, comma: false },
    Style { separator: Separator::Blanks, comma: true },
];

impl Separator {
    /// The cells of a line; a separator at its end begins none.
    pub fn cells(self, line: &str) -> Vec<&str> {
        match self {
            Separator::Blanks => line.split_whitespace().collect(),
            Separator::Character(mark) => {
                let mut cells: Vec<&str> = line.split(mark).map(str::trim).collect();
                if cells.last() == Some(&"") {
                    cells.pop();
                }
                cells
            }
        }
    }
}

impl Style {
    /// The number of cells, if all are numbers.
    fn fits(self, line: &str) -> Option<usize> {
        let cells = self.separator.cells(line);
        let numbers =
            cells.len() >= FEWEST && cells.iter().all(|c| number(c, self.comma).is_some());
        numbers.then_some(cells.len())
    }

    /// The style in which the first rows are all alike, else one that fits the first.
    fn of(rows: &[&str]) -> Option<Style> {
        let all = |style: &Style| {
            let first = style.fits(rows[0]);
            first.is_some() && rows.iter().all(|row| style.fits(row) == first)
        };
        let first = |style: &Style| style.fits(rows[0]).is_some();
        STYLES.into_iter().find(all).or_else(|| STYLES.into_iter().find(first))
    }
}

pub(super) fn is_comment(line: &str) -> bool {
    line.starts_with(['#', '%', '!']) || line.starts_with("//")
}

/// A number and the unit of its last digit; NaN where it says so. `None` for anything else, infinities included.
fn number(cell: &str, comma: bool) -> Option<(f64, f64)> {
    let mut text = cell.trim().trim_matches('"').trim().to_ascii_lowercase();
    let bare = text.trim_start_matches(['+', '-']);
    if matches!(bare, "nan" | "na" | "n/a" | "nan(ind)" | "1.#ind" | "1.#qnan") {
        return Some((f64::NAN, 0.0));
    }
    if comma {
        if text.contains('.') {
            return None;
        }
        text = text.replace(',', ".");
    }
    // The letter D of Fortran's double precision.
    let text = text.replace('d', "e");
    if !text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e')) {
        return None;
    }
    let value = text.parse().ok().filter(|v: &f64| v.is_finite())?;
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let decimals = mantissa.split_once('.').map_or(0, |(_, after)| after.len());
    let power = exponent.parse::<i32>().ok()? - i32::try_from(decimals).ok()?;
    Some((value, 10f64.powi(power)))
}

/// Reads the rows of a text. Fails at the first cell that is no number and the first row of another length.
pub(super) fn read(path: &Path, text: &str) -> Result<Table, TableError> {
    let text = text.trim_start_matches('\u{feff}');
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let is_row = |line: &&str| !line.is_empty() && !is_comment(line);
    let numeric =
        |line: &&str| is_row(line) && STYLES.iter().any(|style| style.fits(line).is_some());
    let Some(start) = lines.iter().position(numeric) else {
        return Err(TableError::NoRows { path: path.into() });
    };
    let first: Vec<&str> = lines[start..].iter().copied().filter(is_row).take(LOOKED_AT).collect();
    let style = Style::of(&first).expect("the first row has a style");
    let columns = style.separator.cells(first[0]).len();
    let mut table = Table {
        header: lines[..start].iter().map(|line| line.to_string()).collect(),
        style,
        columns,
        values: Vec::new(),
        lines: Vec::new(),
        digits: vec![0.0; columns],
    };
    table.check_header(path, &lines[..start])?;
    for (i, line) in lines.iter().enumerate().skip(start).filter(|(_, line)| is_row(line)) {
        table.add(line).map_err(|problem| problem.at(path, i + 1, &table))?;
        table.lines.push(i + 1);
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

impl Table {
    fn first_line(&self) -> usize {
        self.lines.first().copied().unwrap_or_default()
    }

    /// A line above the rows that is a row but for a cell or two.
    fn check_header(&self, path: &Path, header: &[&str]) -> Result<(), TableError> {
        for (i, line) in header.iter().enumerate().filter(|(_, line)| !is_comment(line)) {
            let cells = self.style.separator.cells(line);
            let is_number = |cell: &str| number(cell, self.style.comma).is_some();
            let numbers = cells.iter().filter(|cell| is_number(cell)).count();
            let wrong = cells.iter().position(|cell| !is_number(cell));
            if let Some(k) =
                wrong.filter(|_| cells.len() == self.columns && 2 * numbers >= cells.len())
            {
                return Err(Problem::Cell(k + 1, cells[k].chars().take(40).collect()).at(
                    path,
                    i + 1,
                    self,
                ));
            }
        }
        Ok(())
    }

    fn add(&mut self, line: &str) -> Result<(), Problem> {
        let cells = self.style.separator.cells(line);
        if starts_zone(line) {
            return Err(Problem::Zone);
        }
        if cells.len() != self.columns {
            return Err(Problem::Cells(cells.len()));
        }
        for (k, cell) in cells.iter().enumerate() {
            let Some((value, digit)) = number(cell, self.style.comma) else {
                return Err(Problem::Cell(k + 1, cell.chars().take(40).collect()));
            };
            self.values.push(value);
            self.digits[k] = self.digits[k].max(digit);
        }
        Ok(())
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_programs_write_them() {
        let of = |text, comma| number(text, comma).map(|(value, _)| value);
        for (text, comma, value) in [
            ("1.0D+03", false, 1000.0),
            ("-1,5e-2", true, -0.015),
            ("\" 7 \"", false, 7.0),
            ("+.5", false, 0.5),
        ] {
            assert_eq!(of(text, comma), Some(value), "{text}");
        }
        for text in ["NaN", "-nan(ind)", "-1.#IND", "NA"] {
            assert!(of(text, false).unwrap().is_nan(), "{text}");
        }
        for text in ["inf", "1e999", "1,5", "x", "", "1.5.2", "0x10", "1 2"] {
            assert_eq!(of(text, false), None, "{text}");
        }
        assert_eq!(of("1.234,5", true), None, "marks of thousands");
    }

    #[test]
    fn the_last_digit_has_its_unit() {
        for (text, unit) in [("12.35", 0.01), ("16", 1.0), ("1.6000e+01", 1e-3), ("5e3", 1e3)] {
            assert!((number(text, false).unwrap().1 / unit - 1.0).abs() < 1e-12, "{text}");
        }
    }

    #[test]
    fn commas_separate_or_mark_decimals() {
        let of = |rows: &[&str]| Style::of(rows).map(|s| (s.separator, s.comma));
        let mark = Separator::Character;
        for (rows, expected) in [
            (&["1, 2, 3"][..], (mark(','), false)),
            (&["1,2,3", "1.5,2,3"], (mark(','), false)),
            (&["1,5 2,5 3,5"], (Separator::Blanks, true)),
            (&["0\t0\t0", "1,5\t2\t3"], (Separator::Blanks, true)),
            (&["0;0;0", "1,5;2;3"], (mark(';'), true)),
            (&["1.5;2;3;"], (mark(';'), false)),
        ] {
            assert_eq!(of(rows), Some(expected), "{rows:?}");
        }
    }
}
