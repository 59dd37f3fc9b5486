//! A series as a table of one line a field, and what its fields have in common.

use super::merged::Merged;
use super::record::Timed;
use super::table_words::number;
use super::terminal::{self, escape};

const COLUMNS: [(&str, &str); 8] = [
    ("", "gradient"),
    ("", "solenoidal"),
    ("", "harmonic"),
    ("", "lost"),
    ("cross", "terms"),
    ("closest", "conserv.?"),
    ("nearest", "div.-free?"),
    ("crossing,", "circling?"),
];

/// The lines of the fields of one or more series.
#[derive(Debug, Default)]
pub struct SeriesTable {
    /// What stands above the last line.
    heading: String,
    /// What was found in the cells of fields.
    cells: Merged,
    warnings: Merged,
}

impl SeriesTable {
    /// The next line, below a new heading if the last one does not fit it.
    pub fn line(&mut self, timed: &Timed) -> String {
        let heading = heading(timed);
        let above =
            if heading == self.heading { String::new() } else { with_active(timed, &heading) };
        self.heading = heading;
        let all: usize = timed.report.cells.iter().product();
        if timed.report.active_cells < all {
            self.cells.add(&format!("{} of {all} cells take part", timed.report.active_cells));
        }
        timed.cells.iter().for_each(|note| self.cells.add(note));
        timed.report.warnings.iter().for_each(|warning| self.warnings.add(warning));
        above + &one_line(timed)
    }

    /// Notes that something else was printed below the last line.
    pub fn interrupted(&mut self) {
        self.heading.clear();
    }

    /// Prints what was found in cells and the warnings, those of a kind as one.
    pub fn finish(&self, done: usize) {
        for (note, count) in self.cells.ranges() {
            terminal::print(&format!("{} (in {count} of {done} fields)\n", escape(&note)));
        }
        for (warning, count) in self.warnings.ranges() {
            let warning = escape(&warning);
            terminal::print(&format!("WARNING  {warning} (in {count} of {done} fields)\n"));
        }
    }
}

fn heading(timed: &Timed) -> String {
    let report = &timed.report;
    let cells: Vec<_> = report.cells.iter().map(usize::to_string).collect();
    format!("{}, {}, {} cells", report.method, report.boundary, cells.join(" x "))
}

/// The heading with the cells that take part, and the columns.
fn with_active(timed: &Timed, heading: &str) -> String {
    let report = &timed.report;
    let all: usize = report.cells.iter().product();
    let active = match report.active_cells {
        active if active < all => format!(", {active} of which take part in the first field"),
        _ => String::new(),
    };
    let row = |k: usize| -> String {
        let names = COLUMNS.map(|column| [column.0, column.1][k]);
        names.map(|name| format!("{name:>11}")).concat()
    };
    format!("{heading}{active}; percent of the input\n{}\n{}  field\n", row(0), row(1))
}

/// Its shares of the input, which close to 100, and the three answers; marked where something has to be
/// known.
fn one_line(timed: &Timed) -> String {
    let shares = &timed.report.share_of_input;
    let answers = timed.report.answers.map_or([f64::NAN; 3], |answers| {
        [
            answers.closest_conservative,
            answers.nearest_divergence_free,
            answers.crossing_or_circling,
        ]
    });
    let parts =
        [shares.gradient, shares.solenoidal, shares.harmonic, shares.lost, shares.cross_terms];
    let columns = parts.into_iter().chain(answers).map(|share| format!("{:>11}", number(share)));
    let mark = if timed.report.warnings.is_empty() { "" } else { "  WARNING" };
    format!("{}  {}{mark}\n", columns.collect::<String>(), escape(&timed.name))
}
