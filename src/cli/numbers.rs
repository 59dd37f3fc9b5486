//! Numbers as they are typed, refused in words where they are out of range.

use std::fmt::Display;
use std::str::FromStr;

/// A spacing.
pub fn spacing(text: &str) -> Result<f64, String> {
    positive(text).map_err(|words| {
        format!(
            "{words}; a y that runs downwards is known by its coordinates, or said to by --y down"
        )
    })
}

/// A positive, finite number.
pub fn positive(text: &str) -> Result<f64, String> {
    let number = parsed::<f64>(text, "a number")?;
    match number > 0.0 && number.is_finite() {
        true => Ok(number),
        false => Err("it must be a positive number".into()),
    }
}

/// A whole number from 1.
pub fn count(text: &str) -> Result<usize, String> {
    match parsed::<i128>(text, "a whole number")? {
        0 => Err("at least 1 is needed".into()),
        number if number < 0 => Err("it must be positive, at least 1".into()),
        number => usize::try_from(number).map_err(|_| "it is too large".into()),
    }
}

/// A whole number from 0.
pub fn whole(text: &str) -> Result<usize, String> {
    let number = parsed::<i128>(text, "a whole number")?;
    match number < 0 {
        true => Err("it must not be negative".into()),
        false => usize::try_from(number).map_err(|_| "it is too large".into()),
    }
}

fn parsed<T: FromStr<Err: Display>>(text: &str, expected: &str) -> Result<T, String> {
    text.trim().parse().map_err(|_| format!("{expected} is expected"))
}
