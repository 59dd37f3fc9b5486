//! Dates in the calendars of CF, as numbers of a unit since another date.

/// A day and the seconds within it.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Moment {
    year: i64,
    month: i64,
    day: i64,
    seconds: f64,
}

/// A span of time that is named by its first digits, such as a day by `2001-01-03`: its start, and its end, which is the
/// start of the next.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Span {
    start: Moment,
    unit: Unit,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Unit {
    Month,
    Day,
    Hour,
    Minute,
    Second,
}

/// Whether a text is a date, `2001-01` and longer.
pub(super) fn is_date(text: &str) -> bool {
    span(text).is_some()
}

fn span(text: &str) -> Option<Span> {
    let text = text.trim().trim_end_matches('Z');
    let (date, time) = match text.split_once(['T', ' ']) {
        Some((date, time)) => (date, Some(time)),
        None => (text, None),
    };
    let (negative, date) = date.strip_prefix('-').map_or((false, date), |date| (true, date));
    let mut parts = date.split('-').map(|part| part.parse::<u32>().ok().map(i64::from));
    let (year, month) = (parts.next()??, parts.next()??);
    let (day, mut unit) = match parts.next() {
        Some(day) => (day?, Unit::Day),
        None => (1, Unit::Month),
    };
    if parts.next().is_some() || (time.is_some() && unit == Unit::Month) {
        return None;
    }
    let mut seconds = 0.0;
    let scales = [(3600.0, Unit::Hour), (60.0, Unit::Minute), (1.0, Unit::Second)];
    // A zone may follow, which CF takes as that of the whole axis.
    let clock = time.map(|time| time.split_whitespace().next().unwrap_or_default());
    for (part, (scale, smaller)) in clock.into_iter().flat_map(|time| time.split(':')).zip(scales) {
        seconds += scale * part.parse::<f64>().ok().filter(|v| *v >= 0.0)?;
        unit = smaller;
    }
    let year = if negative { -year } else { year };
    let known = (1..=12).contains(&month) && (1..=31).contains(&day) && seconds <= 86400.0;
    known.then_some(Span { start: Moment { year, month, day, seconds }, unit })
}

/// Days of the months of a year that is none of leap.
const MONTHS: [i64; 12] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

fn floor(a: i64, b: i64) -> i64 {
    a.div_euclid(b)
}

/// Days from a day that is the same for every date of a calendar; `None` where it is not known or has no such day.
fn days(calendar: &str, Moment { year, month, day, .. }: Moment) -> Option<i64> {
    let gregorian = |y: i64| y % 4 == 0 && (y % 100 != 0 || y % 400 == 0);
    let before = year - 1;
    let of_gregorian = 365 * before + floor(before, 4) - floor(before, 100) + floor(before, 400);
    // Both count the same days from 1582 on.
    let of_julian = 365 * before + floor(before, 4) - 2;
    let (first, leap) = match calendar.to_lowercase().as_str() {
        "360_day" => {
            return (day <= 30).then_some(360 * before + 30 * (month - 1) + day - 1);
        }
        "noleap" | "365_day" => (365 * before, false),
        "all_leap" | "366_day" => (366 * before, true),
        "proleptic_gregorian" => (of_gregorian, gregorian(year)),
        "julian" => (of_julian, year % 4 == 0),
        "" | "standard" | "gregorian" if (year, month, day) >= (1582, 10, 15) => {
            (of_gregorian, gregorian(year))
        }
        "" | "standard" | "gregorian" => (of_julian, year % 4 == 0),
        _ => return None,
    };
    let length = |m: usize| MONTHS[m] + i64::from(m == 1 && leap);
    let at = month as usize - 1;
    let start: i64 = (0..at).map(length).sum();
    (day <= length(at)).then_some(first + start + day - 1)
}

fn seconds(calendar: &str, moment: Moment) -> Option<f64> {
    Some(86400.0 * days(calendar, moment)? as f64 + moment.seconds)
}

/// From the start of a span up to its end in a unit such as `days since 1900-01-01`.
fn numbers(text: &str, units: &str, calendar: &str) -> Option<[f64; 2]> {
    let (unit, since) = units.split_once(" since ")?;
    let scale = match unit.trim().to_lowercase().trim_end_matches('s') {
        "day" | "d" => 86400.0,
        "hour" | "hr" | "h" => 3600.0,
        "minute" | "min" => 60.0,
        "second" | "sec" | "" => 1.0,
        "millisecond" | "msec" | "m" => 1e-3,
        _ => return None,
    };
    let zero = seconds(calendar, span(since)?.start)?;
    let Span { start, unit } = span(text)?;
    let first = seconds(calendar, start)?;
    let length = match unit {
        Unit::Month => {
            let (year, month) = match start.month {
                12 => (start.year + 1, 1),
                month => (start.year, month + 1),
            };
            seconds(calendar, Moment { year, month, ..start })? - first
        }
        Unit::Day => 86400.0,
        Unit::Hour => 3600.0,
        Unit::Minute => 60.0,
        Unit::Second => 1.0,
    };
    Some([(first - zero) / scale, (first + length - zero) / scale])
}

/// The range that a date, or two with a colon between them, names: from the start of the first to just before the end of
/// the last. `None` where the units or the calendar are not understood, or the calendar has no such day.
pub(super) fn range(text: &str, units: &str, calendar: &str) -> Option<[f64; 2]> {
    let of = |text: &str| numbers(text, units, calendar);
    let (from, to) = ends(text)?;
    let from = if from.is_empty() { f64::NEG_INFINITY } else { of(from)?[0] };
    let to = if to.is_empty() { f64::INFINITY } else { of(to)?[1] };
    // The next span begins there; a millisecond is less than any step of a field.
    let just =
        of(if to.is_finite() { ends(text)?.1 } else { "" }).map_or(0.0, |[a, b]| 1e-6 * (b - a));
    Some([from, to - just])
}

/// The dates of a range, the second the same where there is one only; `None` of other texts.
pub(super) fn ends(text: &str) -> Option<(&str, &str)> {
    if is_date(text) {
        return Some((text, text));
    }
    let end = |text: &str| text.trim().is_empty() || is_date(text);
    let at = text.match_indices(':').map(|(at, _)| (text[..at].trim(), text[at + 1..].trim()));
    let mut pairs = at.filter(|(a, b)| end(a) && end(b) && !(a.is_empty() && b.is_empty()));
    pairs.next()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As Python's datetime and cftime count.
    #[test]
    fn dates_are_numbers_since_others() {
        let of =
            |text: &str, units: &str, calendar: &str| numbers(text, units, calendar).map(|n| n[0]);
        for (text, units, calendar, wanted) in [
            ("2001-01-03", "days since 1900-01-01", "standard", 36892.0),
            ("2001-01-03", "days since 1900-01-01 00:00:00", "noleap", 36867.0),
            ("2001-01-03", "days since 1900-01-01", "360_day", 36362.0),
            ("2000-03-01", "days since 2000-02-28", "", 2.0),
            ("1900-03-01", "days since 1900-02-28", "gregorian", 1.0),
            ("1900-03-01", "days since 1900-02-28", "julian", 2.0),
            ("1582-10-15", "days since 1582-10-04", "standard", 1.0),
            ("1582-10-15", "days since 1582-10-04", "proleptic_gregorian", 11.0),
            ("2001-01-01", "days since 0001-01-01", "standard", 730487.0),
            ("2001-01-01", "days since 0001-01-01", "proleptic_gregorian", 730485.0),
            ("2024-05-05T18:30", "hours since 2024-05-05 00:00:0.0", "", 18.5),
            ("1970-01-02", "seconds since 1970-01-01T00:00:00Z", "", 86400.0),
            ("1969-12-31", "days since 1970-1-1", "", -1.0),
        ] {
            assert_eq!(of(text, units, calendar), Some(wanted), "{text} {units} {calendar}");
        }
        assert_eq!(of("2001-02-29", "days since 2000-01-01", ""), None);
        assert_eq!(of("2001-02-30", "days since 2000-01-01", "360_day"), Some(419.0));
        assert_eq!(of("2001-02-03", "months since 2000-01-01", ""), None);
        assert_eq!(of("2001-02-03", "days since 2000-01-01", "mayan"), None);
    }

    #[test]
    fn ranges_end_with_their_last_day() {
        let units = "days since 2001-01-01";
        let of = |text: &str| range(text, units, "").unwrap().map(|v| (1e3 * v).round() / 1e3);
        assert_eq!(of("2001-01-03"), [2.0, 3.0]);
        assert_eq!(of("2001-01-03:2001-02-01"), [2.0, 32.0]);
        assert_eq!(of("2001-02"), [31.0, 59.0]);
        assert_eq!(of("2001-01-03T12:00:2001-01-04T00"), [2.5, 3.042]);
        assert!(range("2001-01-03", units, "").unwrap()[1] < 3.0);
        assert_eq!(of("2001-01-03:")[0], 2.0);
        for text in ["2001", "1:2", ":", "-3:-1", "2001-13-01", "500"] {
            assert_eq!(ends(text), None, "{text}");
        }
    }
}
