//! The header of a table of points: names of columns, and how many points there are.

use super::error::TableError;
use super::table_cells::Separator;
use super::table_text::{Table, is_comment};
use super::table_words::{Column, Title, bare_units, title};
use std::path::Path;

/// What a header says.
pub(super) struct Head {
    /// One for each column.
    pub titles: Vec<Title>,
    /// DaVis writes two zeros for a vector that is not valid.
    pub zeros_are_invalid: bool,
    /// Where it names no columns.
    pub nameless: bool,
    /// The columns are those that OpenPIV writes.
    pub is_openpiv: bool,
}

/// Reads the lines above the rows.
pub(super) fn read(path: &Path, table: &Table) -> Result<Head, TableError> {
    let whole = table.header.join(" ");
    if let Some(list) = after(&whole, "VARIABLES") {
        return tecplot(path, table, &whole, list);
    }
    let davis = table
        .header
        .iter()
        .find(|line| line.trim_start_matches('#').trim_start().starts_with("DaVis"));
    if let Some(line) = davis {
        return of_davis(path, table, line);
    }
    match named(path, table)? {
        Some((titles, in_comment)) => {
            let is_openpiv = is_openpiv(&titles, in_comment);
            Ok(Head { titles, zeros_are_invalid: false, nameless: false, is_openpiv })
        }
        None => nameless(path, table),
    }
}

/// What follows `WORD =`, in small or capital letters.
fn after<'a>(text: &'a str, word: &str) -> Option<&'a str> {
    let upper = text.to_ascii_uppercase();
    upper.match_indices(word).find_map(|(at, _)| {
        let free = !text[..at].ends_with(|c: char| c.is_ascii_alphanumeric());
        let rest = text[at + word.len()..].trim_start().strip_prefix('=')?;
        free.then(|| rest.trim_start())
    })
}

/// `VARIABLES = "X mm", "Y mm", … ZONE I=63, J=63, F=POINT`.
fn tecplot(path: &Path, table: &Table, whole: &str, list: &str) -> Result<Head, TableError> {
    let mut titles: Vec<Title> = quoted(list).into_iter().map(title).collect();
    if titles.is_empty() {
        let line =
            table.header.iter().find_map(|line| after(line, "VARIABLES")).unwrap_or_default();
        let words = line.split([',', ' ', '\t']).filter(|word| !word.is_empty());
        titles = words.take_while(|word| !word.eq_ignore_ascii_case("zone")).map(title).collect();
    }
    check_heads(path, table, titles.len())?;
    let upper = whole.to_ascii_uppercase();
    if upper.matches("ZONE ").count() > 1
        && table.header.iter().filter(|l| l.to_ascii_uppercase().starts_with("ZONE")).count() > 1
    {
        let line = table.lines[0];
        return Err(TableError::Zones { path: path.into(), line });
    }
    let zone = upper.find("ZONE").map_or("", |at| &whole[at..]);
    for word in ["DATAPACKING", "F"] {
        let found: String = after(zone, word).map(leading_word).unwrap_or_default();
        if !found.is_empty() && !found.eq_ignore_ascii_case("POINT") {
            return Err(TableError::Packing { path: path.into(), found });
        }
    }
    let lengths: Vec<(&str, u128)> = ["I", "J", "K"]
        .into_iter()
        .filter_map(|name| Some((name, leading_word(after(zone, name)?).parse().ok()?)))
        .collect();
    check_count(path, table, &lengths)?;
    Ok(Head { titles, zeros_are_invalid: false, nameless: false, is_openpiv: false })
}

fn leading_word(text: &str) -> String {
    text.chars().take_while(char::is_ascii_alphanumeric).collect()
}

/// The words in quotes at the beginning of a text.
fn quoted(text: &str) -> Vec<&str> {
    let (mut rest, mut found) = (text, Vec::new());
    while let Some((word, after)) = rest.strip_prefix('"').and_then(|r| r.split_once('"')) {
        found.push(word);
        rest = after.trim_start_matches([',', ' ', '\t']);
    }
    found
}

fn check_heads(path: &Path, table: &Table, names: usize) -> Result<(), TableError> {
    match names == table.columns {
        true => Ok(()),
        false => Err(TableError::Heads { path: path.into(), names, columns: table.columns }),
    }
}

fn check_count(path: &Path, table: &Table, lengths: &[(&str, u128)]) -> Result<(), TableError> {
    let expected = lengths.iter().fold(1u128, |n, (_, length)| n.saturating_mul(*length));
    if lengths.is_empty() || expected == table.rows() as u128 {
        return Ok(());
    }
    let said = lengths.iter().map(|(name, n)| format!("{name}={n}")).collect::<Vec<_>>().join(", ");
    Err(TableError::Count { path: path.into(), said, expected, found: table.rows() })
}

/// `#DaVis 8.1.2 2D-vector 16 63 63 "Position" "mm" "Position" "mm" "Velocity" "m/s"`.
fn of_davis(path: &Path, table: &Table, line: &str) -> Result<Head, TableError> {
    let (front, list) = line.find('"').map_or((line, ""), |at| line.split_at(at));
    let lengths: Vec<u128> =
        front.split_whitespace().filter_map(|word| word.parse().ok()).collect();
    if let [.., rows, columns] = lengths[..] {
        check_count(path, table, &[("rows", rows), ("columns", columns)])?;
    }
    let pairs = quoted(list);
    let units = |k: usize| pairs.get(2 * k + 1).copied().unwrap_or_default();
    if !matches!(table.columns, 4 | 6) {
        return Err(TableError::Heads { path: path.into(), names: 4, columns: table.columns });
    }
    let dims = table.columns / 2;
    let last = (pairs.len() / 2).saturating_sub(1);
    let title = |k: usize| {
        let (name, units, column) = match k < dims {
            true => (["x", "y", "z"][k], units(k), Column::Position(k)),
            false => (["u", "v", "w"][k - dims], units((k).min(last)), Column::Component(k - dims)),
        };
        Title { name: name.into(), units: units.into(), column }
    };
    let titles = (0..table.columns).map(title).collect();
    Ok(Head { titles, zeros_are_invalid: true, nameless: false, is_openpiv: false })
}

/// The last line above the rows with a name for each column, and units in a line under it.
fn named(path: &Path, table: &Table) -> Result<Option<(Vec<Title>, bool)>, TableError> {
    let lines: Vec<&String> = table.header.iter().rev().filter(|line| !line.is_empty()).collect();
    let known = |titles: &[Title]| titles.iter().filter(|t| t.column != Column::Other).count();
    let all: Vec<Vec<Vec<Title>>> = lines.iter().map(|line| readings(line)).collect();
    // A sentence may have as many words as there are columns, so that some have to be known.
    let found = all.iter().enumerate().find_map(|(i, readings)| {
        let titles = readings.iter().find(|t| t.len() == table.columns && known(t) > 1)?;
        Some((i, titles.clone()))
    });
    if let Some((i, mut titles)) = found {
        if let Some(units) = i.checked_sub(1).and_then(|below| units(lines[below], table)) {
            titles.iter_mut().zip(units).for_each(|(title, units)| title.units = units);
        }
        return Ok(Some((titles, lines[i].starts_with('#'))));
    }
    for (line, readings) in lines.iter().zip(&all) {
        let fitting = readings.iter().find(|titles| titles.len() == table.columns);
        if let Some(titles) = fitting.filter(|_| !is_comment(line)) {
            return Ok(Some((titles.clone(), false)));
        }
        let meant = readings.iter().find(|titles| known(titles) > 2 || !is_comment(line));
        if let Some(titles) = meant {
            return check_heads(path, table, titles.len()).map(|()| None);
        }
    }
    Ok(None)
}

/// Whether names are those that OpenPIV writes: x, y, u, v and its marks behind `#`, or also both of its marks.
fn is_openpiv(titles: &[Title], in_comment: bool) -> bool {
    let has = |name: &str| titles.iter().any(|title| title.name == name);
    let own = |title: &Title| {
        ["x", "y", "u", "v", "flags", "mask", "s2n", "sig2noise"].contains(&&title.name[..])
    };
    in_comment && titles.iter().all(own) || has("flags") && has("mask")
}

/// What a line may name, by every mark that may separate.
fn readings(line: &str) -> Vec<Vec<Title>> {
    let bare = line.trim_start_matches(['#', '%', '!', '/']).trim();
    let marks = ['\t', ';', ','].map(Separator::Character).into_iter();
    let cells = marks.chain([Separator::Blanks]).map(|mark| with_units(mark.names(bare)));
    let titles = |cells: Vec<String>| cells.iter().map(|cell| title(cell)).collect();
    let mut found: Vec<Vec<Title>> = cells.map(titles).collect();
    // The mark that there is comes first.
    found.sort_by_key(|titles| titles.len() == 1);
    found
}

/// A line of units under the names.
fn units(line: &str, table: &Table) -> Option<Vec<String>> {
    let bare = line.trim_start_matches(['#', '%', '!', '/']).trim();
    let mut cells = table.separator.cells(bare);
    cells.truncate(table.columns);
    let units: Vec<String> = cells.iter().map(|cell| bare_units(cell)).collect::<Option<_>>()?;
    (units.len() == table.columns).then_some(units)
}

/// Joins units in brackets to the name before them.
fn with_units(cells: Vec<&str>) -> Vec<String> {
    let mut joined: Vec<String> = Vec::new();
    for cell in cells {
        match joined.last_mut() {
            Some(name) if cell.starts_with(['[', '(']) => *name = format!("{name} {cell}"),
            _ => joined.push(cell.into()),
        }
    }
    joined
}

/// x, y, u, v and what else OpenPIV and PIVlab write, without names.
fn nameless(path: &Path, table: &Table) -> Result<Head, TableError> {
    let columns = table.columns;
    let refuse = |reason: &str| {
        Err(TableError::Nameless { path: path.into(), columns, reason: reason.into() })
    };
    if columns < 4 {
        return refuse("and x, y, u, v are four");
    }
    let mut third = table.column(2);
    let first = third.next();
    if columns > 4 && table.rows() > 1 && third.all(|v| Some(v) == first) {
        return refuse("of which the third is the same everywhere and may be z or u");
    }
    let mut titles: Vec<Title> = ["x", "y", "u", "v"].into_iter().map(title).collect();
    let binary = |k: usize| table.column(k).all(|v| v == 0.0 || v == 1.0);
    let ones = |k: usize| table.column(k).filter(|v| *v == 1.0).count();
    // Few vectors are faulty.
    let flags = columns > 4 && binary(4) && 2 * ones(4) < table.rows();
    for k in 4..columns {
        let mark = match k {
            4 if flags => Some(("flags".to_string(), Column::Flags)),
            5 if flags && binary(k) => Some(("mask".into(), Column::Mask)),
            _ if binary(k) && ones(k) > 0 => Some((format!("column_{}", k + 1), Column::Mask)),
            _ => None,
        };
        let (name, column) = mark.unwrap_or((format!("column_{}", k + 1), Column::Other));
        titles.push(Title { name, units: String::new(), column });
    }
    Ok(Head { titles, zeros_are_invalid: false, nameless: true, is_openpiv: flags })
}
