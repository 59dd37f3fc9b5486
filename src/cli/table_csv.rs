//! The evidence of series as comma-separated values.

use super::record::Timed;
use super::terminal::escape;
use crate::output::{EvidenceColumns, report_attributes};

/// The lines of the fields of one series after the other.
#[derive(Debug, Default)]
pub struct CsvTable {
    /// Those of the series at hand.
    columns: Option<EvidenceColumns>,
    /// Something was printed.
    begun: bool,
}

impl CsvTable {
    /// Another series follows.
    pub fn next_series(&mut self) {
        self.columns = None;
    }

    /// The line of a field, below the names of the columns where it is the first of its series; an empty line is between series.
    pub fn line(&mut self, timed: &Timed) -> String {
        let mut report = report_attributes(&timed.report);
        let seconds: f64 = timed.seconds.stages().iter().map(|(_, seconds)| seconds).sum();
        report.insert("seconds".into(), seconds.into());
        let above = match self.columns {
            Some(_) => String::new(),
            None if self.begun => "\n".to_string() + &heading(&EvidenceColumns::of(&report)),
            None => heading(&EvidenceColumns::of(&report)),
        };
        self.begun = true;
        let columns = self.columns.get_or_insert_with(|| EvidenceColumns::of(&report));
        let numbers = columns.row(&report);
        let number = |v: f64| if v.is_finite() { v.to_string() } else { String::new() };
        let of_report = ["method", "boundary", "backend"];
        let of_report = of_report.map(|key| report.get(key).and_then(|word| word.as_str()));
        let words = [Some(timed.name.as_str())].into_iter().chain(of_report);
        let words = words.map(|word| quoted(word.unwrap_or_default()));
        let cells = words.chain(numbers.into_iter().map(number));
        let cells = cells.chain([quoted(&timed.report.warnings.join("; "))]);
        above + &cells.collect::<Vec<_>>().join(",") + "\n"
    }
}

fn heading(columns: &EvidenceColumns) -> String {
    let names = columns.names().iter().map(String::as_str);
    let all =
        ["field", "method", "boundary", "backend"].into_iter().chain(names).chain(["warnings"]);
    all.collect::<Vec<_>>().join(",") + "\n"
}

/// A text in one cell of one line.
fn quoted(text: &str) -> String {
    let text = escape(text);
    match text.contains([',', '"']) {
        true => format!("\"{}\"", text.replace('"', "\"\"")),
        false => text.into_owned(),
    }
}
