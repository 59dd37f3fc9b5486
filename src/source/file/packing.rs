//! From stored numbers to values: scale and offset, and what counts as missing.

use super::likely_fill::{HUGE, is_huge};
use super::stored::Stored;
use rayon::prelude::*;

/// How stored numbers become values: x·scale + offset, or missing.
#[derive(Clone, Debug, PartialEq)]
pub struct Packing {
    /// Added to negative stored numbers: 0, or what makes signed ones unsigned.
    pub wraps: f64,
    pub scale: f64,
    pub offset: f64,
    /// Stored numbers that mean "missing".
    pub missing: Vec<f64>,
    /// Stored numbers outside are missing.
    pub valid: [f64; 2],
    /// In this format huge numbers are likely to be a fill value that the file does not declare.
    pub suspicious: bool,
}

impl Default for Packing {
    fn default() -> Packing {
        Packing {
            wraps: 0.0,
            scale: 1.0,
            offset: 0.0,
            missing: Vec::new(),
            valid: [f64::NEG_INFINITY, f64::INFINITY],
            suspicious: false,
        }
    }
}

/// The numbers of an attribute, and whether they are real.
pub type Numbers = (Vec<f64>, bool);

impl Packing {
    /// Of coordinates: `scale_factor`, `add_offset`, `_FillValue`, `missing_value`.
    pub fn of_coordinates(stored: Stored, attribute: impl Fn(&str) -> Option<Numbers>) -> Packing {
        let numbers = |name: &str| attribute(name).map(|(numbers, _)| numbers).unwrap_or_default();
        let first = |name: &str| numbers(name).first().copied();
        let mut packing = Packing {
            wraps: stored.wraps(),
            scale: first("scale_factor").unwrap_or(1.0),
            offset: first("add_offset").unwrap_or(0.0),
            ..Packing::default()
        };
        let missing = ["_FillValue", "missing_value"].into_iter().flat_map(numbers);
        packing.missing = missing.map(|number| packing.as_stored(stored, number)).collect();
        packing
    }

    /// A number that stands for missing values, as it is stored: by the conventions it is said so, and where the type
    /// has no such number it is that of the value.
    fn as_stored(&self, stored: Stored, number: f64) -> f64 {
        let number = stored.round(self.wrapped(number));
        let [least, largest] = stored.range();
        let is_stored = |v: f64| v.fract() == 0.0 && (least..=largest).contains(&v);
        let packed = (number - self.offset) / self.scale;
        // For the rounding of the attribute to single precision.
        let near = (packed - packed.round()).abs() < 0.05;
        let otherwise = stored.kind != 'f' && self.is_packed() && !is_stored(number);
        if otherwise && near && is_stored(packed.round()) { packed.round() } else { number }
    }

    fn wrapped(&self, stored: f64) -> f64 {
        if stored < 0.0 { stored + self.wraps } else { stored }
    }

    /// Of data, with `valid_min`, `valid_max`, `valid_range`, and in NetCDF the number that stands where nothing was
    /// written. All are compared as numbers of the stored type.
    pub fn of_data(
        stored: Stored,
        netcdf: bool,
        attribute: impl Fn(&str) -> Option<Numbers>,
    ) -> Packing {
        let mut packing = Packing::of_coordinates(stored, &attribute);
        if netcdf && attribute("_FillValue").is_none() {
            let default = stored.default_fill();
            packing.missing.extend(default.map(|number| packing.as_stored(stored, number)));
        }
        packing.missing.retain(|number| !number.is_nan());
        packing.suspicious = true;
        packing.valid = valid(&packing, stored, attribute);
        packing
    }

    /// Numbers that are not packed stay the same to the last bit.
    pub fn is_packed(&self) -> bool {
        self.scale != 1.0 || self.offset != 0.0
    }

    /// Stored number to value; NaN where missing.
    pub fn value(&self, stored: f64) -> f64 {
        let stored = self.wrapped(stored);
        let invalid = stored < self.valid[0] || stored > self.valid[1];
        match (invalid || self.missing.contains(&stored), self.is_packed()) {
            (true, _) => f64::NAN,
            (false, false) => stored,
            (false, true) => stored * self.scale + self.offset,
        }
    }
}

/// The ends of the valid numbers, as stored. For packed integers, bounds of a real type are those of the values.
fn valid(
    packing: &Packing,
    stored: Stored,
    attribute: impl Fn(&str) -> Option<Numbers>,
) -> [f64; 2] {
    let mut ends = Packing::default().valid;
    let mut narrow = |numbers: [f64; 2], real: bool| {
        let unpacked = real && stored.kind != 'f' && packing.is_packed();
        let inverse = numbers.map(|v| (v - packing.offset) / packing.scale);
        let [low, high] = match unpacked {
            // By far less than a step, for the rounding of the division.
            true => [inverse[0].min(inverse[1]) - 1e-3, inverse[0].max(inverse[1]) + 1e-3],
            false => numbers.map(|v| stored.round(packing.wrapped(v))),
        };
        ends = [ends[0].max(low), ends[1].min(high)];
    };
    if let Some((range, real)) = attribute("valid_range")
        && let [low, high] = range[..]
    {
        narrow([low, high], real);
    }
    for (name, is_low) in [("valid_min", true), ("valid_max", false)] {
        if let Some((end, real)) = attribute(name)
            && let [end] = end[..]
        {
            narrow(if is_low { [end, f64::INFINITY] } else { [f64::NEG_INFINITY, end] }, real);
        }
    }
    ends
}

/// What was seen in values while they were unpacked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seen {
    /// All are finite.
    pub finite: bool,
    /// Some may stand for missing values.
    pub huge: bool,
}

impl Seen {
    /// Nothing yet.
    pub const NOTHING: Seen = Seen { finite: true, huge: false };

    pub fn and(self, other: Seen) -> Seen {
        Seen { finite: self.finite & other.finite, huge: self.huge | other.huge }
    }
}

/// What has to be done to stored numbers.
pub struct Unpacking<'a> {
    pub packing: &'a Packing,
    /// A number that means "missing" by request.
    pub fill: Option<f64>,
}

impl Unpacking<'_> {
    /// One stored number.
    pub fn value(&self, stored: f64) -> f64 {
        let fills = self.fill == Some(self.packing.wrapped(stored));
        if fills { f64::NAN } else { self.packing.value(stored) }
    }

    /// Turns stored numbers into values, NaN where missing.
    pub fn unpack(&self, values: &mut [f64]) -> Seen {
        // Loops without a branch for each number are vectorised, and the numbers stay in the cache from one to the next.
        let packing = self.packing;
        if packing.wraps > 0.0 {
            values.iter_mut().for_each(|v| *v = packing.wrapped(*v));
        }
        for missing in self.fill.iter().chain(&packing.missing) {
            values.iter_mut().for_each(|v| *v = if *v == *missing { f64::NAN } else { *v });
        }
        let [low, high] = packing.valid;
        if low > f64::NEG_INFINITY || high < f64::INFINITY {
            let valid = |v: f64| if v < low || v > high { f64::NAN } else { v };
            values.iter_mut().for_each(|v| *v = valid(*v));
        }
        if packing.is_packed() {
            values.iter_mut().for_each(|v| *v = *v * packing.scale + packing.offset);
        }
        let most = if packing.suspicious { HUGE } else { f64::MAX };
        if values.iter().fold(true, |all, v| all & (v.abs() <= most)) {
            return Seen::NOTHING;
        }
        let finite = values.iter().all(|v| v.is_finite());
        let huge = packing.suspicious && values.iter().any(|v| is_huge(*v) && v.is_finite());
        Seen { finite, huge }
    }

    /// The same by all threads.
    pub fn unpack_all(&self, values: &mut [f64]) -> Seen {
        const TASK: usize = 1 << 16;
        let tasks = values.par_chunks_mut(TASK);
        tasks.map(|task| self.unpack(task)).reduce(|| Seen::NOTHING, Seen::and)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHORT: Stored = Stored { kind: 'i', bytes: 2, declared_unsigned: false };
    const SINGLE: Stored = Stored { kind: 'f', bytes: 4, declared_unsigned: false };

    fn packing(stored: Stored, netcdf: bool, attributes: &[(&str, &[f64], bool)]) -> Packing {
        Packing::of_data(stored, netcdf, |name| {
            let found = attributes.iter().find(|(n, ..)| *n == name);
            found.map(|(_, numbers, real)| (numbers.to_vec(), *real))
        })
    }

    #[test]
    fn numbers_where_nothing_was_written_are_those_of_netcdf() {
        let of = |kind, bytes| {
            packing(Stored { kind, bytes, declared_unsigned: false }, true, &[]).missing
        };
        assert_eq!(of('f', 8), [15.0 * 2f64.powi(119)]);
        assert_eq!(of('f', 4), [f64::from(9.969_21e36f32)]);
        assert_eq!((of('i', 2), of('i', 4)), (vec![-32767.0], vec![-2147483647.0]));
        assert_eq!((of('i', 1), of('u', 1)), (vec![], vec![]));
        assert_eq!(packing(SINGLE, false, &[]).missing, [0.0; 0]);
        assert_eq!(packing(SHORT, true, &[("_FillValue", &[-1.0], false)]).missing, [-1.0]);
        assert_eq!(
            packing(SINGLE, true, &[("missing_value", &[0.1, 7.0], true)]).missing,
            [f64::from(0.1f32), 7.0, 9.969_209_968_386_869e36]
        );
    }

    #[test]
    fn numbers_of_the_values_are_found_where_the_type_has_none_such() {
        let scaled = |missing: f64| {
            let attributes: [(&str, &[f64], bool); 3] = [
                ("scale_factor", &[0.25], true),
                ("add_offset", &[100.0], true),
                ("missing_value", &[missing], true),
            ];
            packing(SHORT, false, &attributes).missing
        };
        assert_eq!(scaled(-999.0), [-999.0], "as stored");
        assert_eq!(scaled(-999.75), [-4399.0]);
        assert_eq!(scaled(1e36), [1e36], "neither");
        let unsigned = Stored { declared_unsigned: true, ..SHORT };
        let fill: [(&str, &[f64], bool); 2] =
            [("_FillValue", &[-1.0], false), ("valid_range", &[0.0, -3.0], false)];
        let packing = packing(unsigned, false, &fill);
        let stored = [-1.0, -2.0, -3.0, -32768.0, 5.0];
        let mut values = stored;
        Unpacking { packing: &packing, fill: None }.unpack(&mut values);
        assert_eq!(values.map(f64::is_nan), [true, true, false, false, false]);
        assert_eq!(values[2..], [65533.0, 32768.0, 5.0]);
        let singly = stored.map(|v| packing.value(v));
        assert!(values.iter().zip(singly).all(|(a, b)| a.total_cmp(&b).is_eq()));
    }

    #[test]
    fn bounds_are_those_of_the_stored_numbers_unless_their_type_is_that_of_the_values() {
        let scaled: [(&str, &[f64], bool); 2] =
            [("scale_factor", &[-0.01], true), ("add_offset", &[3.0], true)];
        let bounded = |bounds: &[(&str, &[f64], bool)]| {
            let all: Vec<_> = scaled.iter().chain(bounds).copied().collect();
            let packing = packing(SHORT, false, &all);
            let mut values = [-501.0, -500.0, 100.0, 400.0, 401.0];
            let singly = values.map(|v| packing.value(v));
            let seen = Unpacking { packing: &packing, fill: None }.unpack(&mut values);
            assert!(!seen.finite);
            assert!(values.iter().zip(singly).all(|(a, b)| a.total_cmp(&b).is_eq()));
            values.map(f64::is_nan)
        };
        let ends = [true, false, false, false, true];
        assert_eq!(bounded(&[("valid_range", &[-500.0, 400.0], false)]), ends);
        assert_eq!(bounded(&[("valid_range", &[-1.0, 8.0], true)]), ends);
        let each: [(&str, &[f64], bool); 2] =
            [("valid_min", &[-1.0], true), ("valid_max", &[400.0], false)];
        assert_eq!(bounded(&each), [false, false, false, false, true]);
    }

    #[test]
    fn huge_numbers_are_seen_where_the_format_has_fill_values() {
        let suspicious = packing(SINGLE, false, &[]);
        for (packing, huge) in [(&suspicious, true), (&Packing::default(), false)] {
            let seen = Unpacking { packing, fill: None }.unpack(&mut [1.0, -1e35]);
            assert_eq!(seen, Seen { finite: true, huge });
        }
    }
}
