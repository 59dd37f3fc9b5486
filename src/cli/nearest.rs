//! The name that was probably meant.

/// Likeness from which a name is taken for a misspelt other one.
const ALIKE: f64 = 0.75;

/// The name most like another: the same but for capitals, else one with few letters exchanged.
pub fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let lower = name.to_lowercase();
    let likeness = |other: &str| match other.to_lowercase() {
        same if same == lower => 1.0,
        other => strsim::jaro_winkler(&lower, &other).min(0.999),
    };
    let rated =
        known.into_iter().filter(|other| *other != name).map(|other| (likeness(other), other));
    let (likeness, best) = rated.max_by(|a, b| a.0.total_cmp(&b.0))?;
    (likeness >= ALIKE).then_some(best)
}

/// That there is nothing of that name, what there is, and what was probably meant.
pub fn unknown(what: &str, name: &str, known: &[&str]) -> String {
    let near = nearest(name, known.iter().copied());
    let near = near.map_or(String::new(), |near| format!(" (the nearest is {near})"));
    format!("there is no {what} {name:?}; expected one of {}{near}", known.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_differ_little_are_near() {
        let known = ["u", "v", "ugos", "vgos", "no-flux", "B4"];
        for (typed, meant) in [
            ("U", Some("u")),
            ("ugso", Some("ugos")),
            ("b4", Some("B4")),
            ("q", None),
            ("pressure", None),
        ] {
            assert_eq!(nearest(typed, known), meant, "{typed}");
        }
    }
}
