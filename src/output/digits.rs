//! Numbers for people.

/// A number with so many significant digits, with an exponent where it would be long otherwise.
pub(crate) fn significant(value: f64, digits: i32) -> String {
    let last = digits - 1;
    match value {
        0.0 => "0".into(),
        _ if (1e-3..10_f64.powi(digits + 1)).contains(&value.abs()) => {
            let before = value.abs().log10().floor() as i32;
            format!("{value:.*}", (last - before).max(0) as usize)
        }
        _ => format!("{value:.*e}", last as usize),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn four_digits_are_shown() {
        let of = [200.0, -0.012345, 12345.6, 1e7, 3e-15, 0.0].map(|v| significant(v, 4));
        assert_eq!(of, ["200.0", "-0.01235", "12346", "1.000e7", "3.000e-15", "0"]);
    }
}
