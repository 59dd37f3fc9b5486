//! The time of day for provenance.

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// Now, as `2026-11-23T13:44:05Z`.
pub fn utc_now() -> String {
    in_words(OffsetDateTime::now_utc())
}

/// To the second.
fn in_words(moment: OffsetDateTime) -> String {
    moment.truncate_to_second().format(&Rfc3339).expect("a year of four digits")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_seconds_and_the_letter_for_utc() {
        let moment = OffsetDateTime::from_unix_timestamp_nanos(1_795_441_445_987_654_321).unwrap();
        assert_eq!(in_words(moment), "2026-11-23T13:44:05Z");
    }
}
