//! From a number to a colour.

use plotters::style::RGBColor;

/// What is left out: land, masked cells, missing values.
pub(super) const OUTSIDE: RGBColor = RGBColor(205, 205, 205);

/// Ten anchors of viridis (S. van der Walt and N. Smith, CC0): perceptually uniform, in order of
/// lightness, readable by the colour blind.
const VIRIDIS: [[f64; 3]; 10] = [
    [68.0, 1.0, 84.0],
    [72.0, 40.0, 120.0],
    [62.0, 73.0, 137.0],
    [49.0, 104.0, 142.0],
    [38.0, 130.0, 142.0],
    [31.0, 158.0, 137.0],
    [53.0, 183.0, 121.0],
    [110.0, 206.0, 88.0],
    [181.0, 222.0, 43.0],
    [253.0, 231.0, 37.0],
];

/// The colour of a share between 0 and 1; clipped beyond; grey for NaN.
pub(super) fn colour(share: f64) -> RGBColor {
    if share.is_nan() {
        return OUTSIDE;
    }
    let last = VIRIDIS.len() - 1;
    let place = share.clamp(0.0, 1.0) * last as f64;
    let lower = (place as usize).min(last - 1);
    let t = place - lower as f64;
    let mix = |c: usize| (VIRIDIS[lower][c] * (1.0 - t) + VIRIDIS[lower + 1][c] * t).round() as u8;
    RGBColor(mix(0), mix(1), mix(2))
}

/// Round numbers for the ticks of an axis: about `count` of them within `[low, high]`.
pub(super) fn ticks(low: f64, high: f64, count: usize) -> Vec<f64> {
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

/// A short text for each tick, in plain or in powers of ten, with as many digits as tell the ticks
/// apart.
pub(super) fn tick_labels(values: &[f64]) -> Vec<String> {
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
        assert_eq!(ticks(0.0, 1.0, 5), [0.0, 0.2, 0.4, 0.6000000000000001, 0.8, 1.0]);
        assert_eq!(ticks(27.0, 42.0, 4), [30.0, 35.0, 40.0]);
        assert_eq!(tick_labels(&ticks(27.0, 42.0, 4)), ["30", "35", "40"]);
        assert_eq!(tick_labels(&ticks(0.0, 0.5, 5)), ["0", "0.1", "0.2", "0.3", "0.4", "0.5"]);
        assert_eq!(tick_labels(&ticks(0.0, 4.7e6, 3)), ["0", "2e6", "4e6"]);
        assert_eq!(tick_labels(&ticks(0.0, 1.5e-6, 3)), ["0", "5e-7", "1.0e-6", "1.5e-6"]);
    }

    #[test]
    fn colours_run_from_dark_to_light() {
        let lightness = |share| {
            let RGBColor(r, g, b) = colour(share);
            0.2126 * f64::from(r) + 0.7152 * f64::from(g) + 0.0722 * f64::from(b)
        };
        let steps: Vec<f64> = (0..=50).map(|i| lightness(f64::from(i) / 50.0)).collect();
        assert!(steps.windows(2).all(|w| w[1] > w[0]), "{steps:?}");
        assert_eq!(colour(f64::NAN), OUTSIDE);
        assert_eq!(colour(7.0), colour(1.0));
    }
}
