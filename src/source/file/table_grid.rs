//! From scattered rows to a grid: the different coordinates along an axis.

/// Largest share of the widest gap, and unit of the last digit in spacings, that is no step of the grid.
const NOISE: f64 = 1e-4;
const ROUNDED: f64 = 0.1;

/// The coordinates along an axis, ascending, and what differences are noise.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Levels {
    pub values: Vec<f64>,
    /// The least of each group.
    starts: Vec<f64>,
    /// They were rounded to so few digits that their spacings differ.
    pub evened: bool,
}

impl Levels {
    /// Of finite coordinates, the last digit of which is worth `digit`.
    pub fn of(coordinates: impl Iterator<Item = f64>, digit: f64) -> Levels {
        let mut sorted: Vec<f64> = coordinates.collect();
        sorted.sort_by(f64::total_cmp);
        sorted.dedup();
        let widest = sorted.windows(2).map(|pair| pair[1] - pair[0]).fold(0.0, f64::max);
        let largest = sorted.iter().fold(0.0, |m: f64, v| m.max(v.abs()));
        let single = 4.0 * f64::from(f32::EPSILON) * largest;
        let noise = single.max(NOISE * widest).min(0.01 * widest);
        let (mut values, mut starts) = (Vec::new(), Vec::new());
        let (mut start, mut last) = (None, f64::NEG_INFINITY);
        for value in sorted {
            if (value - last > noise || start.is_none())
                && let Some(first) = start.replace(value)
            {
                starts.push(first);
                values.push(middle(first, last));
            }
            last = value;
        }
        if let Some(first) = start {
            starts.push(first);
            values.push(middle(first, last));
        }
        let mut levels = Levels { values, starts, evened: false };
        levels.even(digit);
        levels
    }

    /// Equal spacing where the printed digits allow it.
    fn even(&mut self, digit: f64) {
        let [first, .., last] = self.values[..] else { return };
        let steps = (self.values.len() - 1) as f64;
        let spacing = (last - first) / steps;
        let at = |i: usize| first + (last - first) * (i as f64 / steps);
        let off = |(i, v): (usize, &f64)| (v - at(i)).abs();
        let most = self.values.iter().enumerate().map(off).fold(0.0, f64::max);
        if most > 1e-5 * spacing && most <= 1.01 * digit && digit <= ROUNDED * spacing {
            self.values = (0..self.values.len()).map(at).collect();
            self.evened = true;
        }
    }

    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// The index of a coordinate that is among them.
    pub fn index(&self, coordinate: f64) -> usize {
        self.starts.partition_point(|start| *start <= coordinate).saturating_sub(1)
    }
}

fn middle(first: f64, last: f64) -> f64 {
    if first == last { first } else { 0.5 * (first + last) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn noise_is_one_level_and_a_stretched_grid_keeps_its_own() {
        let noisy = [0.1 + 0.2, 0.3, 0.6, 0.6000001, 0.9];
        let found = Levels::of(noisy.into_iter(), 0.0);
        assert_eq!((found.len(), found.index(0.1 + 0.2), found.index(0.6000001)), (3, 0, 1));
        let stretched = [0.0, 0.001, 0.01, 0.1, 1.0];
        let found = Levels::of(stretched.into_iter().rev(), 1e-3);
        assert_eq!((&found.values[..], found.evened), (&stretched[..], false));
    }

    #[test]
    fn few_digits_of_an_even_axis_are_known_from_an_uneven_one() {
        let rounded = [0.0, 0.33, 0.67, 1.0, 1.33];
        let found = Levels::of(rounded.into_iter(), 0.01);
        assert!(found.evened && (found.values[1] - 0.3325).abs() < 1e-12);
        assert!(!Levels::of([0.0, 1.0, 2.0, 4.0, 8.0].into_iter(), 1.0).evened);
        assert!(!Levels::of(rounded.into_iter(), 1e-4).evened);
    }
}
