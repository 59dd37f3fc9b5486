//! Lines and numbers of tables.

use std::fmt::Write;

/// Adds a line.
pub fn line(out: &mut String, text: std::fmt::Arguments<'_>) {
    writeln!(out, "{text}").expect("text");
}

/// A share in percent; a dash where nothing was measured.
pub fn percent(share: f64) -> String {
    if share.is_nan() { "–".into() } else { format!("{} %", number(share)) }
}

/// The same without the percent sign. What rounds to zero has no minus sign either.
pub fn number(share: f64) -> String {
    match format!("{:.4}", 100.0 * share) {
        _ if share.is_nan() => "–".into(),
        text if text == "-0.0000" => "0.0000".into(),
        text => text,
    }
}

/// A number in powers of ten, a dash where nothing was measured.
pub fn power(value: f64) -> String {
    if value.is_nan() { "–".into() } else { format!("{value:.1e}") }
}
