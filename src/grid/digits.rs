//! Coordinates for people.

/// A number with at most eight significant digits and no more than it needs, with an exponent where it would be long
/// otherwise.
pub(crate) fn short(value: f64) -> String {
    let rounded = format!("{value:.7e}").parse().unwrap_or(value);
    match rounded {
        0.0 => "0".into(),
        _ if (1e-4..1e9).contains(&f64::abs(rounded)) => format!("{rounded}"),
        _ => format!("{rounded:e}"),
    }
}

#[cfg(test)]
mod tests {
    use super::short;

    #[test]
    fn eight_digits_are_enough() {
        let of = [2.5, 0.1f32.into(), -6_371_200.0, 100.0 / 3.0, 5_234_567.5].map(short);
        assert_eq!(of, ["2.5", "0.1", "-6371200", "33.333333", "5234567.5"]);
        let of = [0.0, 1e-300 / 3.0, 1e300, f64::NAN, f64::INFINITY].map(short);
        assert_eq!(of, ["0", "3.3333333e-301", "1e300", "NaN", "inf"]);
    }
}
