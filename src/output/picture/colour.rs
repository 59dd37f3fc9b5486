//! From a number to a colour.

use super::ink::Rgb;

/// What is left out: land, masked cells, missing values.
pub(super) const OUTSIDE: Rgb = [205, 205, 205];

/// Steps of a map: as many as leave room for [`OUTSIDE`] in the palette of a PNG file.
const STEPS: usize = 255;

/// Colours from dark for nothing to bright for much: perceptually uniform, in order of lightness,
/// readable by the colour blind and in grey.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Colours {
    /// Violet, green, yellow.
    #[default]
    Viridis,
    /// Blue, grey, yellow: alike for those who lack red or green.
    Cividis,
    /// Black, purple, orange, cream.
    Magma,
    /// Black, purple, orange, yellow.
    Inferno,
    /// Blue, purple, orange, yellow.
    Plasma,
}

impl Colours {
    /// All of them.
    pub const ALL: [Colours; 5] =
        [Colours::Viridis, Colours::Cividis, Colours::Magma, Colours::Inferno, Colours::Plasma];

    /// The name.
    pub fn name(self) -> &'static str {
        match self {
            Colours::Viridis => "viridis",
            Colours::Cividis => "cividis",
            Colours::Magma => "magma",
            Colours::Inferno => "inferno",
            Colours::Plasma => "plasma",
        }
    }

    /// The one of that name.
    pub fn from_name(name: &str) -> Option<Colours> {
        Colours::ALL.into_iter().find(|colours| colours.name() == name)
    }

    /// The colour of a share between 0 and 1; clipped beyond; grey for NaN.
    pub(super) fn at(self, share: f64) -> Rgb {
        if share.is_nan() {
            return OUTSIDE;
        }
        let map = match self {
            Colours::Viridis => colorous::VIRIDIS,
            Colours::Cividis => colorous::CIVIDIS,
            Colours::Magma => colorous::MAGMA,
            Colours::Inferno => colorous::INFERNO,
            Colours::Plasma => colorous::PLASMA,
        };
        let step = (share.clamp(0.0, 1.0) * (STEPS - 1) as f64).round() as usize;
        map.eval_rational(step, STEPS).into_array()
    }
}

/// The colour of a share between −1 and 1: blue, white at 0, red; readable by the colour blind.
pub(super) fn diverging(share: f64) -> Rgb {
    if share.is_nan() {
        return OUTSIDE;
    }
    let half = (STEPS / 2) as f64;
    let step = (half - share.clamp(-1.0, 1.0) * half).round() as usize;
    colorous::RED_BLUE.eval_rational(step, STEPS).into_array()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_have_colours_of_their_own() {
        let ([r, _, b], [red, _, blue]) = (diverging(-0.8), diverging(0.8));
        assert!(b > r && red > blue);
        assert!(diverging(0.0).iter().all(|c| *c > 235), "{:?}", diverging(0.0));
        assert_eq!(diverging(f64::NAN), OUTSIDE);
    }

    #[test]
    fn colours_run_from_dark_to_light() {
        for colours in Colours::ALL {
            let lightness = |share| {
                let [r, g, b] = colours.at(share).map(f64::from);
                0.2126 * r + 0.7152 * g + 0.0722 * b
            };
            let steps: Vec<f64> = (0..=50).map(|i| lightness(f64::from(i) / 50.0)).collect();
            assert!(steps.windows(2).all(|w| w[1] > w[0]), "{}: {steps:?}", colours.name());
            assert_eq!(colours.at(f64::NAN), OUTSIDE);
            assert_eq!(colours.at(7.0), colours.at(1.0));
            assert_eq!(Colours::from_name(colours.name()), Some(colours));
        }
        assert_eq!(Colours::from_name("rainbow"), None);
    }
}
