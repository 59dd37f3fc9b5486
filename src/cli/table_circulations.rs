//! Circulations along shores and around other loops, as a table.

use super::table_words::line;
use super::terminal::escape;
use crate::diagnostic::{Circulation, Report};
use crate::output::significant;

/// Rows of the plain table, at most.
const MOST: usize = 8;

/// The largest circulations, with `verbose` all and those of the gradient part.
pub fn circulations(out: &mut String, report: &Report, verbose: bool) {
    let mut rows: Vec<&Circulation> = report.circulations.iter().collect();
    let Some(first) = rows.first() else { return };
    let units = match first.units.as_str() {
        "" => String::new(),
        units => format!(" in {}", escape(units)),
    };
    if !verbose {
        rows.sort_by(|a, b| b.field.abs().total_cmp(&a.field.abs()));
        rows.truncate(MOST);
    }
    let places: Vec<String> = rows.iter().map(|around| place(around)).collect();
    let heading = format!("circulation{units}");
    let width = places.iter().chain([&heading]).map(|text| text.chars().count()).max();
    let width = width.unwrap_or_default();
    let gradient = if verbose { format!(" {:>12}", "gradient") } else { String::new() };
    let columns = format!("{:>12}{gradient} {:>12} {:>12}", "field", "solenoidal", "harmonic");
    line(out, format_args!("\n{heading:width$} {columns}  through first cells"));
    for (place, around) in places.iter().zip(&rows) {
        let digits = |value: f64| match value.is_nan() {
            true => "–".into(),
            false => significant(value, 4),
        };
        let [field, s, h] = [around.field, around.solenoidal, around.harmonic].map(digits);
        let gradient = match verbose {
            true => format!(" {:>12}", digits(around.gradient)),
            false => String::new(),
        };
        let cells = if around.along_shore { digits(around.through_cells) } else { "–".into() };
        line(out, format_args!("{place:width$} {field:>12}{gradient} {s:>12} {h:>12} {cells:>20}"));
    }
    match report.circulations.len() - rows.len() {
        0 => {}
        1 => line(out, format_args!("and 1 smaller one (--verbose)")),
        more => line(out, format_args!("and {more} smaller ones (--verbose)")),
    }
}

fn place(around: &Circulation) -> String {
    let centre: Vec<String> = around.centre.iter().map(|x| format!("{}", short(*x))).collect();
    let which = if around.along_shore { "shore" } else { "loop" };
    format!("{which} around ({})", centre.join(", "))
}

/// Six digits, the last ones left out where they are 0.
fn short(value: f64) -> f64 {
    let rounded: f64 = format!("{value:.5e}").parse().unwrap_or(value);
    rounded + 0.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_short() {
        assert_eq!(short(29.500000001), 29.5);
    }
}
