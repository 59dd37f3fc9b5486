//! Numbers that are likely to stand for missing values, though the file does not say so.

/// Larger numbers beside smaller ones are likely to stand for missing values.
pub const HUGE: f64 = 1e30;
/// By how much they exceed all others.
const GAP: f64 = 1e3;

pub fn is_huge(value: f64) -> bool {
    value.abs() > HUGE
}

/// The huge number of the largest magnitude of a field if no others come near those, so that they are likely to stand for
/// missing values; with its component, and how many that has. Only what takes part counts.
pub fn likely_fill(
    components: &[&mut [f64]],
    takes_part: impl Fn(usize, usize) -> bool,
) -> Option<(f64, usize, usize)> {
    let (mut below, mut least, mut largest) = (0.0f64, f64::INFINITY, (0.0f64, 0, 0));
    for (k, component) in components.iter().enumerate() {
        let (mut own, mut count) = (0.0f64, 0);
        let part = component.iter().enumerate().filter(|(i, _)| takes_part(k, *i));
        for v in part.map(|(_, v)| v).filter(|v| v.is_finite()) {
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

    #[test]
    fn only_numbers_far_above_all_others_are_likely_to_stand_for_missing_ones() {
        let of = |values: &[f64]| likely_fill(&[&mut values.to_vec()[..]], |_, _| true);
        assert_eq!(of(&[1.0, f64::NAN, -1e35, 1e31]), Some((-1e35, 0, 2)));
        for values in [&[1e28, 1e29, 5e30, 1e32][..], &[0.0, 1e200, -3e201], &[1.0, 2e29]] {
            assert_eq!(of(values), None, "{values:?}");
        }
    }

    #[test]
    fn only_what_takes_part_counts() {
        let of = |out: usize| {
            likely_fill(&[&mut [1.0, 1e35, 2.0][..], &mut [3.0, 1e35, 1.0]], |_, i| i != out)
        };
        assert_eq!((of(1), of(0)), (None, Some((1e35, 0, 1))));
    }
}
