//! Columns of a table that say which vectors count.

use super::error::TableError;
use super::table::Reading;
use super::table_words::{Column, Validity};

/// What the columns say.
pub(super) struct Marks {
    /// The column that marks vectors as not measured.
    pub validity: Option<(usize, Validity)>,
    /// As [`Store::own_mask`](super::array::Store::own_mask).
    pub own_mask: Result<Option<String>, TableError>,
}

impl Reading<'_> {
    /// What is settled by the program that wrote the table, or by the name of a column. OpenPIV writes flags of faults and
    /// a mask of regions without vectors; what its older versions call mask, without flags beside it, are faults.
    pub(super) fn marks(&self) -> Marks {
        let known = [Validity::Positive, Validity::NotZero];
        let named = known.into_iter().find_map(|v| Some((self.titled(Column::Validity(v))?, v)));
        if let Some(column) = self.titled(Column::VectorType) {
            let masked = self.table.column(column).any(|v| v == 0.0);
            let words = masked.then(|| format!("{}>0", self.name(column)));
            return Marks { validity: named, own_mask: Ok(words) };
        }
        let (flags, mask) = (self.titled(Column::Flags), self.titled(Column::Mask));
        if !self.head.is_openpiv {
            let unclear = [flags.filter(|_| named.is_none()), mask].into_iter().flatten();
            let own_mask = unclear.map(|k| self.unclear(k)).find(Result::is_err).unwrap_or(Ok(()));
            return Marks { validity: named, own_mask: own_mask.map(|()| None) };
        }
        // With one of its columns it is known by few faults alone, which others than OpenPIV mark otherwise.
        let only = flags.xor(mask).filter(|_| named.is_none());
        let few = |column: usize| {
            let faults = self.table.column(column).filter(|v| *v != 0.0).count();
            2 * faults < self.table.rows()
        };
        if let Some(column) = only.filter(|column| !few(*column)) {
            return Marks { validity: None, own_mask: self.unclear(column).map(|()| None) };
        }
        let faults = named.or_else(|| Some((flags.or(mask)?, Validity::Zero)));
        let regions = mask.filter(|mask| faults.is_some_and(|(column, _)| column != *mask));
        let marked = regions.filter(|mask| self.table.column(*mask).any(|v| v != 0.0));
        let words = marked.map(|mask| format!("!{}", self.name(mask)));
        Marks { validity: faults, own_mask: Ok(words) }
    }

    fn titled(&self, column: Column) -> Option<usize> {
        self.head.titles.iter().position(|title| title.column == column)
    }

    /// Refuses marks of which either kind may be the vectors that count. The same mark everywhere says nothing.
    fn unclear(&self, column: usize) -> Result<(), TableError> {
        let count = |hit: fn(f64) -> bool| self.table.column(column).filter(|v| hit(*v)).count();
        let (zeros, rows) = (count(|v| v == 0.0), self.table.rows());
        if zeros == 0 || zeros == rows {
            return Ok(());
        }
        let binary = zeros + count(|v| v == 1.0) == rows;
        let (path, name) = (self.path.into(), self.name(column));
        Err(TableError::Marks { path, name, zeros, rows, binary })
    }

    /// Which rows hold a valid vector, said in notes.
    pub(super) fn valid(&self, marks: &Marks, notes: &mut Vec<String>) -> Vec<bool> {
        let rows = self.table.rows();
        let row = |row: usize| &self.table.values[row * self.table.columns..][..self.table.columns];
        let (valid, why): (Vec<bool>, String) = if let Some((column, validity)) = marks.validity {
            let valid = (0..rows).map(|i| validity.holds(row(i)[column])).collect();
            (valid, validity.bad(&self.name(column)))
        } else if self.head.zeros_are_invalid {
            let parts: Vec<usize> = self.columns.components.iter().flatten().copied().collect();
            let measured = |i: usize| parts.iter().any(|&k| row(i)[k] != 0.0);
            ((0..rows).map(measured).collect(), "all components 0, as DaVis writes them".into())
        } else {
            return vec![true; rows];
        };
        let bad = valid.iter().filter(|valid| !**valid).count();
        let marked = if marks.validity.is_some() { "marked invalid" } else { "invalid" };
        notes.push(format!("{bad} of {rows} vectors are {marked} ({why}): missing values"));
        valid
    }
}
