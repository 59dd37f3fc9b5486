//! Lists x, y, u, v of points in files of arrays: read as the rows of a table.

use super::FileError;
use super::array::{ArrayInfo, Store};
use super::error::TableError;
use super::memory::refuse;
use super::table::on_grid;
use super::table_cells::Separator;
use super::table_head::Head;
use super::table_text::Table;
use super::table_words::{Column, Title, title};

/// A store as it is, or where it has no arrays of several axes but lists of coordinates and components of as many points,
/// those on the grid of the points.
pub(super) fn gridded(store: Box<dyn Store>) -> Result<Box<dyn Store>, FileError> {
    let Some(lists) = Lists::of(store.as_ref()) else { return Ok(store) };
    let path = store.path();
    refuse(path, "the lists", &[lists.points], 24.0 * (lists.points * lists.names.len()) as f64)?;
    let mut columns: Vec<Vec<f64>> = Vec::new();
    for name in &lists.names {
        let array = store.open(name)?;
        let stored = array.read(&vec![None; array.info().shape.len()])?;
        columns.push(stored.iter().map(|v| array.info().packing.value(*v)).collect());
    }
    let row = |i: usize| columns.iter().map(move |column| column[i]);
    let table = Table {
        header: Vec::new(),
        separator: Separator::Blanks,
        columns: columns.len(),
        values: (0..lists.points).flat_map(row).collect(),
        lines: (1..=lists.points).collect(),
        digits: vec![0.0; columns.len()],
    };
    let names = lists.names.join(", ");
    let head =
        Head { titles: lists.titles, zeros_are_invalid: false, nameless: false, is_openpiv: false };
    let held = on_grid(path, table, head);
    let held = held.map_err(|why| TableError::Lists { names, why: Box::new(why) })?;
    Ok(Box::new(held))
}

/// The arrays of a file that are columns of a table.
struct Lists {
    names: Vec<String>,
    titles: Vec<Title>,
    points: usize,
}

impl Lists {
    fn of(store: &dyn Store) -> Option<Lists> {
        let all = store.arrays().ok()?.0;
        let is_list = |shape: &[usize]| shape.iter().filter(|n| **n > 1).count() <= 1;
        if !all.iter().all(|(_, shape)| is_list(shape)) {
            return None;
        }
        let leaf = |name: &str| title(name.rsplit('/').next().unwrap_or(name));
        let wanted = [0, 1].map(Column::Component).into_iter();
        let wanted: Vec<Column> = wanted.chain([0, 1].map(Column::Position)).collect();
        let named = |column: &Column| {
            let mut found = all.iter().filter(|(name, _)| leaf(name).column == *column);
            found.next().filter(|_| found.next().is_none())
        };
        let four: Vec<_> = wanted.iter().map(named).collect::<Option<_>>()?;
        let points: usize = four[0].1.iter().product();
        let long = |shape: &[usize]| shape.iter().product::<usize>() == points;
        if points < 4 || !four.iter().all(|(_, shape)| long(shape)) {
            return None;
        }
        let names: Vec<String> =
            all.iter().filter(|(_, shape)| long(shape)).map(|(name, _)| name.clone()).collect();
        let units = |info: ArrayInfo| info.units;
        let titled = |name: &String| {
            let units = store.header(name).map(units).unwrap_or_default();
            Title { units, ..leaf(name) }
        };
        let titles = names.iter().map(titled).collect();
        Some(Lists { names, titles, points })
    }
}
