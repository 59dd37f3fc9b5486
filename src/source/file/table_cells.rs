//! Cells of a table as text: separators, quotes, decimal commas, what is a number and what is missing.

use std::ops::RangeInclusive;

/// Fewer columns are no table of points with two components.
const FEWEST: usize = 3;

/// How the cells of a row are told apart, and the mark of the decimals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Style {
    pub separator: Separator,
    pub comma: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Separator {
    Character(char),
    Blanks,
}

/// In the order in which they are tried: a comma is a decimal mark where it cannot separate, a tab counts by itself
/// where cells are empty.
const STYLES: [Style; 8] = [
    Style { separator: Separator::Character(';'), comma: false },
    Style { separator: Separator::Character(';'), comma: true },
    Style { separator: Separator::Character(','), comma: false },
    Style { separator: Separator::Blanks, comma: false },
    Style { separator: Separator::Blanks, comma: true },
    Style { separator: Separator::Character('\t'), comma: false },
    Style { separator: Separator::Character('\t'), comma: true },
    // In quotes.
    Style { separator: Separator::Character(','), comma: true },
];

impl Separator {
    /// The cells of a line, one behind a separator at its end too.
    pub fn cells(self, line: &str) -> Vec<&str> {
        let Separator::Character(mark) = self else { return line.split_whitespace().collect() };
        let line = line.trim_matches(|c: char| c.is_whitespace() && c != mark);
        let mut quoted = false;
        let separates = |c: char| {
            quoted ^= c == '"';
            c == mark && !quoted
        };
        line.split(separates).map(str::trim).collect()
    }

    /// The names that a line has; a separator at its end begins none.
    pub fn names(self, line: &str) -> Vec<&str> {
        let mut cells = self.cells(line);
        if cells.last() == Some(&"") {
            cells.pop();
        }
        cells
    }

    /// The cells of a row of so many columns, if it has as many, apart from a separator at its end.
    pub fn row(self, line: &str, columns: usize) -> Result<Vec<&str>, usize> {
        let mut cells = self.cells(line);
        if cells.len() > columns && cells.last() == Some(&"") {
            cells.pop();
        }
        if cells.len() == columns { Ok(cells) } else { Err(cells.len()) }
    }
}

/// What a cell of a row holds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Cell {
    /// A finite number and the unit of its last digit.
    Number(f64, f64),
    /// A word for no number.
    Missing,
    /// Nothing, or a dash.
    Blank,
}

impl Cell {
    /// `None` for anything else, infinities included. True is 1.
    pub fn read(cell: &str, comma: bool) -> Option<Cell> {
        let mut text = cell.trim().trim_matches('"').trim().to_ascii_lowercase();
        match text.as_str() {
            "" | "-" | "--" => return Some(Cell::Blank),
            "true" => return Some(Cell::Number(1.0, 1.0)),
            "false" => return Some(Cell::Number(0.0, 1.0)),
            _ => {}
        }
        let words =
            ["nan", "na", "n/a", "#n/a", "<na>", "null", "none", "nan(ind)", "1.#ind", "1.#qnan"];
        if words.contains(&text.trim_start_matches(['+', '-'])) {
            return Some(Cell::Missing);
        }
        if comma {
            if text.contains('.') {
                return None;
            }
            text = text.replace(',', ".");
        }
        number(&text).map(|(value, unit)| Cell::Number(value, unit))
    }
}

fn number(text: &str) -> Option<(f64, f64)> {
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

impl Style {
    /// The numbers of columns that a line may have, if it is a row: numbers and missing ones, not blanks alone.
    pub fn columns(self, line: &str) -> Option<RangeInclusive<usize>> {
        let cells = self.separator.cells(line);
        let read: Option<Vec<Cell>> = cells.iter().map(|c| Cell::read(c, self.comma)).collect();
        let is_row = read?.iter().any(|cell| *cell != Cell::Blank);
        let open = usize::from(cells.last() == Some(&""));
        let range = (cells.len() - open).max(FEWEST)..=cells.len();
        (is_row && !range.is_empty()).then_some(range)
    }

    /// Whether a line is a row in any style.
    pub fn any(line: &str) -> bool {
        STYLES.iter().any(|style| style.columns(line).is_some())
    }

    /// The style and the number of columns of the first row in which most of the first rows are, and of these those
    /// of a line above them.
    pub fn of(rows: &[&str], above: &[&str]) -> Option<(Style, usize)> {
        let mut best: Option<((usize, bool), (Style, usize))> = None;
        for style in STYLES {
            for columns in style.columns(rows[0]).into_iter().flatten() {
                let fits = |row: &&&str| style.columns(row).is_some_and(|n| n.contains(&columns));
                let named = |line: &&str| style.separator.names(line).len() == columns;
                let key = (rows.iter().filter(fits).count(), above.iter().any(named));
                if best.is_none_or(|(most, _)| key > most) {
                    best = Some((key, (style, columns)));
                }
            }
        }
        best.map(|(_, found)| found)
    }
}

/// Whether a quoted number has a comma behind which there are three digits, so that it may mark thousands.
pub(super) fn may_be_thousands(cell: &str) -> Option<bool> {
    let (_, after) = cell.trim_matches('"').split_once(',')?;
    let digits = after.bytes().take_while(u8::is_ascii_digit).count();
    Some(digits == 3 && after.len() == 3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_programs_write_them() {
        let of = |text, comma| Cell::read(text, comma);
        for (text, comma, value) in [
            ("1.0D+03", false, 1000.0),
            ("-1,5e-2", true, -0.015),
            ("\" 7 \"", false, 7.0),
            ("+.5", false, 0.5),
            ("True", false, 1.0),
            ("FALSE", false, 0.0),
            ("\"1,25\"", true, 1.25),
        ] {
            let found = of(text, comma);
            assert!(matches!(found, Some(Cell::Number(v, _)) if v == value), "{text} {found:?}");
        }
        for text in ["NaN", "-nan(ind)", "-1.#IND", "NA", "null", "<NA>"] {
            assert_eq!(of(text, false), Some(Cell::Missing), "{text}");
        }
        for text in ["", "-", "--", "\"\""] {
            assert_eq!(of(text, false), Some(Cell::Blank), "{text}");
        }
        for text in ["inf", "1e999", "1,5", "x", "1.5.2", "0x10", "1 2", "---"] {
            assert_eq!(of(text, false), None, "{text}");
        }
        assert_eq!(of("1.234,5", true), None, "marks of thousands");
    }

    #[test]
    fn the_last_digit_has_its_unit() {
        for (text, unit) in [("12.35", 0.01), ("16", 1.0), ("1.6000e+01", 1e-3), ("5e3", 1e3)] {
            let Some(Cell::Number(_, found)) = Cell::read(text, false) else { panic!("{text}") };
            assert!((found / unit - 1.0).abs() < 1e-12, "{text}");
        }
    }

    #[test]
    fn commas_separate_or_mark_decimals() {
        let of = |rows: &[&str], above: &[&str]| {
            Style::of(rows, above).map(|(s, n)| (s.separator, s.comma, n))
        };
        let mark = Separator::Character;
        for (rows, expected) in [
            (&["1, 2, 3"][..], (mark(','), false, 3)),
            (&["1,2,3", "1.5,2,3"], (mark(','), false, 3)),
            (&["1,5 2,5 3,5"], (Separator::Blanks, true, 3)),
            (&["0\t0\t0", "1,5\t2\t3"], (Separator::Blanks, true, 3)),
            (&["0;0;0", "1,5;2;3"], (mark(';'), true, 3)),
            (&["1.5;2;3;"], (mark(';'), false, 3)),
            (&["1,2,3,", "1,2,3,4"], (mark(','), false, 4)),
            (&["1\t2\t\t3", "1\t2\t4\t3"], (mark('\t'), false, 4)),
            (&["1\t2\t", "1\t2\t4"], (mark('\t'), false, 3)),
            (&["1,\"2\",3", "\"1,25\",\"2\",\"3,5\""], (mark(','), true, 3)),
        ] {
            assert_eq!(of(rows, &[]), Some(expected), "{rows:?}");
        }
        // What stands above tells a last column without values from a separator at the end.
        for (above, columns) in [("x,y,u,v", 4), ("x,y,u", 3)] {
            assert_eq!(of(&["1,2,3,"; 2], &[above]), Some((mark(','), false, columns)), "{above}");
        }
    }
}
