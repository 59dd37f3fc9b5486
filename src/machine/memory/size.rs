//! Sizes in bytes as people write them.

use thiserror::Error;

/// A text that is not a size.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error(
    "'{found}' is not a size; expected a number of bytes above 0, or one with a unit: K, M, G, T (or KiB, MiB, GiB, \
     TiB) of 1024, 1024², … bytes, KB, MB, GB, TB of 1000, 1000², …, such as 8G or 500MB"
)]
pub struct SizeError {
    /// The text.
    pub found: String,
}

/// The bytes that a text such as `8G`, `1.5GiB`, `500MB` or `1000000` stands for. One letter and `iB` are
/// binary units, a letter and `B` decimal ones, upper or lower case.
///
/// ```
/// use hodge::machine::parse_size;
/// assert_eq!(parse_size("8G")?, 8 << 30);
/// assert_eq!(parse_size("500MB")?, 500_000_000);
/// # Ok::<(), hodge::machine::SizeError>(())
/// ```
///
/// # Errors
/// On any other text, on 0, and beyond 2⁶⁴ bytes.
pub fn parse_size(text: &str) -> Result<u64, SizeError> {
    let wrong = || SizeError { found: text.into() };
    let trimmed = text.trim();
    let end = trimmed.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(trimmed.len());
    let (number, unit) = trimmed.split_at(end);
    let number: f64 = number.parse().map_err(|_| wrong())?;
    let bytes = number * unit_of(unit.trim()).ok_or_else(wrong)?;
    match bytes >= 1.0 && bytes < u64::MAX as f64 {
        true => Ok(bytes as u64),
        false => Err(wrong()),
    }
}

fn unit_of(unit: &str) -> Option<f64> {
    let unit = unit.to_ascii_lowercase();
    let (letter, rest) = match unit.chars().next() {
        None => return Some(1.0),
        Some('b') if unit.len() == 1 => return Some(1.0),
        Some(letter) => (letter, &unit[letter.len_utf8()..]),
    };
    let power = 1 + "kmgt".find(letter)? as i32;
    match rest {
        "" | "ib" => Some(1024f64.powi(power)),
        "b" => Some(1000f64.powi(power)),
        _ => None,
    }
}

/// Bytes in binary units, to a tenth.
///
/// ```
/// use hodge::machine::size_in_words;
/// assert_eq!(size_in_words(1.5 * 1024.0 * 1024.0 * 1024.0), "1.5 GiB");
/// ```
pub fn size_in_words(bytes: f64) -> String {
    const UNITS: [&str; 6] = ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];
    let mut size = bytes / 1024.0;
    let mut unit = 0;
    while size >= 1024.0 && unit + 1 < UNITS.len() {
        (size, unit) = (size / 1024.0, unit + 1);
    }
    match size < 1e5 {
        true => format!("{size:.1} {}", UNITS[unit]),
        false => format!("{size:.1e} {}", UNITS[unit]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_have_binary_and_decimal_units() {
        for (text, bytes) in [
            ("1", 1),
            ("1000000", 1_000_000),
            ("64b", 64),
            ("2k", 2048),
            ("500M", 500 << 20),
            ("8G", 8 << 30),
            ("8GiB", 8 << 30),
            ("8 gib", 8 << 30),
            ("8GB", 8_000_000_000),
            ("1.5g", 3 << 29),
            ("2T", 2 << 40),
            ("3kb", 3000),
        ] {
            assert_eq!(parse_size(text), Ok(bytes), "{text}");
        }
    }

    #[test]
    fn other_texts_are_refused() {
        for text in [
            "",
            "0",
            "0G",
            "G",
            "-1",
            "8X",
            "8GiBs",
            "1e9",
            "nan",
            "inf",
            "8 G B",
            "1.2.3",
            "99999999999T",
            "µ",
        ] {
            let error = parse_size(text).expect_err(text);
            assert!(error.to_string().contains("such as 8G"), "{error}");
        }
    }

    #[test]
    fn sizes_are_said_in_the_largest_unit_that_fits() {
        let kib = 1024f64;
        for (bytes, words) in [
            (0.0, "0.0 KiB"),
            (512.0 * kib, "512.0 KiB"),
            (64.0 * kib * kib, "64.0 MiB"),
            (2.5 * kib.powi(4), "2.5 TiB"),
            (3.0 * kib.powi(8), "3.1e6 EiB"),
        ] {
            assert_eq!(size_in_words(bytes), words);
        }
    }
}
