//! Coordinates in one unit of length, and components in one unit.

use super::angle_words::is_angle_unit;
use super::array::{ArrayInfo, Coordinates};
use super::{CoordinateError, FileError};
use crate::grid::{AXIS_NAMES, short};

/// A unit of length as a fraction of metres whose numbers double precision has.
pub(super) fn metres(units: &str) -> Option<[f64; 2]> {
    let exact = match units {
        "m" => [1.0, 1.0],
        "Mm" => [1e6, 1.0],
        "Gm" => [1e9, 1.0],
        "km" => [1e3, 1.0],
        "dm" => [1.0, 10.0],
        "cm" => [1.0, 100.0],
        "mm" => [1.0, 1e3],
        "um" | "µm" | "μm" => [1.0, 1e6],
        "nm" => [1.0, 1e9],
        "ft" => [3048.0, 1e4],
        _ => match units.to_lowercase().trim_end_matches('s') {
            "meter" | "metre" => [1.0, 1.0],
            "kilometer" | "kilometre" => [1e3, 1.0],
            "centimeter" | "centimetre" => [1.0, 100.0],
            "millimeter" | "millimetre" => [1.0, 1e3],
            "micrometer" | "micrometre" | "micron" => [1.0, 1e6],
            "foot" | "feet" => [3048.0, 1e4],
            "inch" | "inche" => [254.0, 1e4],
            "mile" => [1_609_344.0, 1e3],
            _ => return None,
        },
    };
    Some(exact)
}

/// Whether units say nothing of how coordinates compare with others. Angles are settled by themselves.
fn says_nothing(units: &str) -> bool {
    matches!(units, "" | "1" | "-" | "none" | "unknown") || is_angle_unit(units)
}

/// Converts lengths along the axes to the unit of the first, and says so. Fails where one is no length.
pub(super) fn in_one_unit(
    along: &mut [Option<Coordinates>],
) -> Result<Vec<String>, CoordinateError> {
    let named = along.iter().enumerate().find_map(|(k, found)| {
        let units = found.as_ref()?.units.trim();
        (!says_nothing(units)).then(|| (k, units.to_string()))
    });
    let Some((first, wanted)) = named else { return Ok(Vec::new()) };
    let mut notes = Vec::new();
    for (k, found) in along.iter_mut().enumerate().skip(first + 1) {
        let Some(found) = found else { continue };
        let units = found.units.trim().to_string();
        if says_nothing(&units) || units == wanted {
            continue;
        }
        let (Some([a, b]), Some([c, d])) = (metres(&units), metres(&wanted)) else {
            let (first_axis, axis) = (AXIS_NAMES[first], AXIS_NAMES[k]);
            return Err(CoordinateError::Units { first_axis, first: wanted, axis, found: units });
        };
        let (numerator, denominator) = (a * d, b * c);
        if numerator != denominator {
            let all = found.values.iter_mut().chain(found.edges.iter_mut().flatten());
            all.for_each(|value| *value = *value * numerator / denominator);
            let factor = short(numerator / denominator);
            let axis = AXIS_NAMES[k];
            notes.push(format!("coordinates of {axis} taken from {units} to {wanted}: × {factor}"));
            found.units = wanted.clone();
        }
    }
    Ok(notes)
}

/// A unit as powers of others, in order: `m/s`, `m s-1` and `meter second**-1` are the same.
fn powers(units: &str) -> Vec<(String, i32)> {
    let text = units.replace("**", "").replace('^', "").replace('/', " per ");
    let (mut powers, mut sign) = (Vec::new(), 1);
    for word in text.split([' ', '.', '*', '·']).filter(|word| !matches!(*word, "" | "1")) {
        if word == "per" {
            sign = -1;
            continue;
        }
        let symbol = word.trim_end_matches(|c: char| c.is_ascii_digit() || c == '-' || c == '+');
        let power = word[symbol.len()..].parse().unwrap_or(1);
        let symbol = match symbol.to_lowercase().as_str() {
            "meter" | "meters" | "metre" | "metres" => "m",
            "sec" | "second" | "seconds" => "s",
            _ => symbol,
        };
        powers.push((symbol.to_string(), sign * power));
        sign = 1;
    }
    powers.sort();
    powers
}

/// Refuses components whose units differ. Those without units are taken to be in that of the others.
pub(super) fn same_unit<'a>(
    components: impl Iterator<Item = &'a ArrayInfo>,
) -> Result<(), FileError> {
    let mut named = components.filter(|info| !says_nothing(info.units.trim()));
    let Some(first) = named.next() else { return Ok(()) };
    match named.find(|other| powers(&other.units) != powers(&first.units)) {
        None => Ok(()),
        Some(other) => Err(FileError::ComponentUnits(
            [&first.name, &other.name].map(String::clone),
            [&first.units, &other.units].map(String::clone),
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_the_same_however_they_are_written() {
        let speed = powers("m s-1");
        for units in
            ["m/s", "m.s-1", "m s**-1", "m s^-1", "s-1 m", "meters/second", "metre per sec"]
        {
            assert_eq!(powers(units), speed, "{units}");
        }
        for units in ["cm/s", "m s", "m/s2", "m s-1 kg", "mm s-1", "Mm s-1", "Pa s-1", "knots", "m"]
        {
            assert_ne!(powers(units), speed, "{units}");
        }
        assert_eq!(powers("1/s"), powers("s-1"));
    }

    fn along(units: &[&str]) -> Vec<Option<Coordinates>> {
        let of = |units: &&str| Coordinates {
            values: vec![0.3, 7.0],
            units: units.to_string(),
            ..Coordinates::default()
        };
        units.iter().map(|units| Some(of(units))).collect()
    }

    #[test]
    fn lengths_are_taken_to_the_unit_of_the_first() {
        for (units, last) in [
            (["m", "km"], 7000.0),
            (["km", "m"], 0.007),
            (["mm", "metres"], 7000.0),
            (["ft", "inches"], 7.0 / 12.0),
            (["m", "Metre"], 7.0),
            (["", "km"], 7.0),
            (["degrees_east", "m"], 7.0),
            (["s", "s"], 7.0),
        ] {
            let mut found = along(&units);
            let notes = in_one_unit(&mut found).unwrap();
            assert_eq!(found[1].as_ref().unwrap().values[1], last, "{units:?}");
            assert_eq!(notes.is_empty(), last == 7.0, "{units:?}");
        }
        for units in [["m", "hPa"], ["pixel", "mm"], ["m", "s"]] {
            let said = in_one_unit(&mut along(&units)).unwrap_err().to_string();
            assert!(units.iter().all(|unit| said.contains(&format!("{unit:?}"))), "{said}");
        }
    }
}
