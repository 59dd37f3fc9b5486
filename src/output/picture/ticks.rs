//! Round numbers along an axis.

/// One axis of a frame: where its ticks are, in shares of its length, with their numbers, and its
/// name.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Ticks {
    pub ticks: Vec<(f64, String)>,
    pub label: String,
}

impl Ticks {
    /// From `low` to `high` with about `count` ticks.
    pub fn linear([low, high]: [f64; 2], count: f64, label: &str) -> Ticks {
        let values = round_numbers(low, high, count.ceil().max(1.0) as usize);
        let share = |value: &f64| if high > low { (value - low) / (high - low) } else { 0.0 };
        let ticks = values.iter().map(share).zip(tick_labels(&values)).collect();
        Ticks { ticks, label: label.into() }
    }

    /// The same for logarithms; both ends are positive.
    pub fn logarithmic([low, high]: [f64; 2], label: &str) -> Ticks {
        let values = decades(low, high);
        let share = |value: &f64| (value / low).log10() / (high / low).log10();
        let text = |value: &f64| match (1e-3..1e4).contains(value) {
            true => format!("{}", (value * 1e6).round() / 1e6),
            // 1.5e-4 is not 2e-4.
            false => match format!("{value:.0e}") {
                short if short.parse().is_ok_and(|read: f64| (read / value - 1.0).abs() < 1e-6) => {
                    short
                }
                _ => format!("{value:.1e}"),
            },
        };
        let ticks = values.iter().map(|value| (share(value), text(value))).collect();
        Ticks { ticks, label: label.into() }
    }
}

/// About `count` round numbers within `[low, high]`.
pub(super) fn round_numbers(low: f64, high: f64, count: usize) -> Vec<f64> {
    let rough = (high - low) / count as f64;
    if !(rough > 0.0 && rough.is_finite()) {
        return vec![low];
    }
    let power = 10f64.powf(rough.log10().floor());
    let steps = [1.0, 2.0, 5.0, 10.0].map(|s| s * power);
    let step = steps.into_iter().find(|s| *s >= rough * 0.999).unwrap_or(10.0 * power);
    let first = (low / step - 1e-9).ceil() as i64;
    let last = (high / step + 1e-9).floor() as i64;
    (first..=last).map(|i| i as f64 * step).collect()
}

/// Round numbers on a logarithmic axis, the more to a decade the fewer decades there are.
fn decades(low: f64, high: f64) -> Vec<f64> {
    let steps: &[f64] = match (high / low).log10() {
        ..1.2 => &[1.0, 1.5, 2.0, 3.0, 5.0, 7.0],
        ..2.5 => &[1.0, 2.0, 5.0],
        _ => &[1.0],
    };
    let powers = low.log10().floor() as i32..=high.log10().floor() as i32;
    let apart = (powers.clone().count() / 8 + 1) as i32;
    let powers = powers.filter(|power| power % apart == 0);
    let all = powers.flat_map(|power| steps.iter().map(move |step| step * 10f64.powi(power)));
    all.filter(|tick| (low..=high).contains(tick)).collect()
}

/// A short text for each tick, in plain or in powers of ten, with as many digits as tell the ticks
/// apart.
fn tick_labels(values: &[f64]) -> Vec<String> {
    let largest = values.iter().fold(0.0f64, |m, v| m.max(v.abs()));
    let step = values.windows(2).map(|w| w[1] - w[0]).fold(f64::INFINITY, f64::min);
    let step = if step.is_finite() { step } else { largest };
    if largest == 0.0 {
        return vec!["0".into(); values.len()];
    }
    let scientific = !(1e-3..1e5).contains(&largest);
    let digits = |magnitude: f64| (-(step / magnitude).log10().floor()).clamp(0.0, 9.0) as usize;
    let one = |v: &f64| match (*v, scientific) {
        (0.0, _) => "0".to_string(),
        (v, true) => {
            let exponent = v.abs().log10().floor();
            let power = 10f64.powf(exponent);
            format!("{:.*}e{exponent}", digits(power).min(3), v / power)
        }
        (v, false) => format!("{:.*}", digits(1.0), v),
    };
    values.iter().map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_inside() {
        assert_eq!(round_numbers(0.0, 1.0, 5), [0.0, 0.2, 0.4, 0.6000000000000001, 0.8, 1.0]);
        assert_eq!(round_numbers(27.0, 42.0, 4), [30.0, 35.0, 40.0]);
        assert_eq!(tick_labels(&round_numbers(27.0, 42.0, 4)), ["30", "35", "40"]);
        assert_eq!(
            tick_labels(&round_numbers(0.0, 0.5, 5)),
            ["0", "0.1", "0.2", "0.3", "0.4", "0.5"]
        );
        assert_eq!(tick_labels(&round_numbers(0.0, 4.7e6, 3)), ["0", "2e6", "4e6"]);
        assert_eq!(tick_labels(&round_numbers(0.0, 1.5e-6, 3)), ["0", "5e-7", "1.0e-6", "1.5e-6"]);
    }

    #[test]
    fn scales_place_their_numbers() {
        let text = |scale: &Ticks| scale.ticks.iter().map(|t| t.1.clone()).collect::<Vec<_>>();
        let linear = Ticks::linear([-1.0, 3.0], 2.0, "x");
        assert_eq!(linear.ticks, [(0.25, "0".into()), (0.75, "2".into())]);
        let narrow = Ticks::logarithmic([0.9, 2.5], "y");
        assert_eq!(text(&narrow), ["1", "1.5", "2"]);
        let wide = Ticks::logarithmic([1e-6, 1.0], "y");
        assert_eq!(text(&wide), ["1e-6", "1e-5", "1e-4", "0.001", "0.01", "0.1", "1"]);
        assert!((wide.ticks[3].0 - 0.5).abs() < 1e-12);
        let vast = Ticks::logarithmic([1e-300, 1e300], "y");
        assert!((4..=10).contains(&vast.ticks.len()), "{vast:?}");
    }
}
