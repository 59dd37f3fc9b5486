//! From stored numbers to values: scale and offset, and what counts as missing.

use rayon::prelude::*;

/// What is said of signed integers whose attribute `_Unsigned` is true.
pub(super) const UNSIGNED: &str = "signed integers that its attribute _Unsigned declares to be unsigned, which is not read: write them unpacked or as unsigned ones";

/// Larger numbers beside smaller ones are likely to stand for missing values.
const HUGE: f64 = 1e30;
/// By how much they exceed all others.
const GAP: f64 = 1e3;

/// How stored numbers become values: x·scale + offset, or missing.
#[derive(Clone, Debug, PartialEq)]
pub struct Packing {
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
            scale: 1.0,
            offset: 0.0,
            missing: Vec::new(),
            valid: [f64::NEG_INFINITY, f64::INFINITY],
            suspicious: false,
        }
    }
}

/// How the numbers of an array are stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stored {
    /// f, i or u.
    pub kind: char,
    pub bytes: usize,
}

impl Stored {
    /// What NetCDF writes where nothing was written; bytes have no such number.
    fn default_fill(self) -> Option<f64> {
        Some(match (self.kind, self.bytes) {
            ('f', _) => 9.969_209_968_386_869e36,
            ('i', 2) => -32767.0,
            ('i', 4) => -2_147_483_647.0,
            ('i', 8) => -9_223_372_036_854_775_806.0,
            ('u', 2) => 65535.0,
            ('u', 4) => 4_294_967_295.0,
            ('u', 8) => 18_446_744_073_709_551_614.0,
            _ => return None,
        })
    }

    fn round(self, number: f64) -> f64 {
        if self.kind == 'f' && self.bytes == 4 { f64::from(number as f32) } else { number }
    }
}

/// The numbers of an attribute, and whether they are real.
pub type Numbers = (Vec<f64>, bool);

impl Packing {
    /// Of coordinates: `scale_factor`, `add_offset`, `_FillValue`, `missing_value`.
    pub fn of_coordinates(attribute: impl Fn(&str) -> Option<Numbers>) -> Packing {
        let numbers = |name: &str| attribute(name).map(|(numbers, _)| numbers).unwrap_or_default();
        let first = |name: &str| numbers(name).first().copied();
        Packing {
            scale: first("scale_factor").unwrap_or(1.0),
            offset: first("add_offset").unwrap_or(0.0),
            missing: ["_FillValue", "missing_value"].into_iter().flat_map(numbers).collect(),
            ..Packing::default()
        }
    }

    /// Of data, with `valid_min`, `valid_max`, `valid_range`, and in NetCDF the number that stands where nothing was
    /// written. All are compared as numbers of the stored type.
    pub fn of_data(
        stored: Stored,
        netcdf: bool,
        attribute: impl Fn(&str) -> Option<Numbers>,
    ) -> Packing {
        let mut packing = Packing::of_coordinates(&attribute);
        if netcdf && attribute("_FillValue").is_none() {
            packing.missing.extend(stored.default_fill());
        }
        packing.missing.iter_mut().for_each(|number| *number = stored.round(*number));
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
            false => numbers.map(|v| stored.round(v)),
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
        if self.fill == Some(stored) { f64::NAN } else { self.packing.value(stored) }
    }

    /// Turns stored numbers into values, NaN where missing.
    pub fn unpack(&self, values: &mut [f64]) -> Seen {
        // Loops without a branch for each number are vectorised, and the numbers stay in the cache from one to the next.
        let packing = self.packing;
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

fn is_huge(value: f64) -> bool {
    value.abs() > HUGE
}

/// The huge number of the largest magnitude of a field if no others come near those, so that they are likely to stand for
/// missing values; with its component, and how many that has.
pub fn likely_fill(components: &[&mut [f64]]) -> Option<(f64, usize, usize)> {
    let (mut below, mut least, mut largest) = (0.0f64, f64::INFINITY, (0.0f64, 0, 0));
    for (k, component) in components.iter().enumerate() {
        let (mut own, mut count) = (0.0f64, 0);
        for v in component.iter().filter(|v| v.is_finite()) {
            if !is_huge(*v) {
                below = below.max(v.abs());
                continue;
            }
            count += 1;
            least = least.min(v.abs());
            own = if v.abs() > own.abs() { *v } else { own };
        }
        if own.abs() > largest.0.abs() {
            largest = (own, k, count);
        }
    }
    // Zeros alone are no scale that the others could be compared with.
    (below > 0.0 && largest.2 > 0 && least > GAP * below).then_some(largest)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHORT: Stored = Stored { kind: 'i', bytes: 2 };
    const SINGLE: Stored = Stored { kind: 'f', bytes: 4 };

    fn packing(stored: Stored, netcdf: bool, attributes: &[(&str, &[f64], bool)]) -> Packing {
        Packing::of_data(stored, netcdf, |name| {
            let found = attributes.iter().find(|(n, ..)| *n == name);
            found.map(|(_, numbers, real)| (numbers.to_vec(), *real))
        })
    }

    #[test]
    fn numbers_where_nothing_was_written_are_those_of_netcdf() {
        let of = |kind, bytes| packing(Stored { kind, bytes }, true, &[]).missing;
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
    fn only_numbers_far_above_all_others_are_likely_to_stand_for_missing_ones() {
        let of = |values: &[f64]| likely_fill(&[&mut values.to_vec()[..]]);
        assert_eq!(of(&[1.0, f64::NAN, -1e35, 1e31]), Some((-1e35, 0, 2)));
        for values in [&[1e28, 1e29, 5e30, 1e32][..], &[0.0, 1e200, -3e201], &[1.0, 2e29]] {
            assert_eq!(of(values), None, "{values:?}");
        }
        let suspicious = packing(SINGLE, false, &[]);
        for (packing, huge) in [(&suspicious, true), (&Packing::default(), false)] {
            let seen = Unpacking { packing, fill: None }.unpack(&mut [1.0, -1e35]);
            assert_eq!(seen, Seen { finite: true, huge });
        }
    }
}
