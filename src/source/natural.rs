//! The order in which people number things: 2 before 10.

use std::cmp::Ordering;

/// Compares texts letter by letter, but numbers in them by their value.
///
/// ```
/// let mut names = ["v10", "v9", "v1"];
/// names.sort_by(|a, b| hodge::source::natural_order(a, b));
/// assert_eq!(names, ["v1", "v9", "v10"]);
/// ```
pub fn natural_order(a: &str, b: &str) -> Ordering {
    let (mut left, mut right) = (a, b);
    loop {
        let [x, y] = [left, right].map(digits);
        if x > 0 && y > 0 {
            let [m, n] = [&left[..x], &right[..y]].map(|text| text.trim_start_matches('0'));
            match m.len().cmp(&n.len()).then_with(|| m.cmp(n)) {
                Ordering::Equal => (left, right) = (&left[x..], &right[y..]),
                other => return other,
            }
            continue;
        }
        match (left.chars().next(), right.chars().next()) {
            (Some(c), Some(d)) if c == d => {
                (left, right) = (&left[c.len_utf8()..], &right[d.len_utf8()..]);
            }
            // As many zeros before a number make no difference but this one.
            (None, None) => return a.cmp(b),
            (c, d) => return c.cmp(&d),
        }
    }
}

/// How many digits a text begins with.
fn digits(text: &str) -> usize {
    text.bytes().take_while(u8::is_ascii_digit).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_go_by_their_value() {
        let sorted = ["a", "a/f1.h5", "a/f01.h5", "a/f2.h5", "a/f10.h5", "a/f10b.h5", "b1"];
        let mut names: Vec<&str> = sorted.iter().rev().copied().collect();
        names.sort_by(|a, b| natural_order(a, b));
        let expected = ["a", "a/f01.h5", "a/f1.h5", "a/f2.h5", "a/f10.h5", "a/f10b.h5", "b1"];
        assert_eq!(names, expected);
    }
}
