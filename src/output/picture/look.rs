//! What is drawn of the vectors of a panel.

use super::colour::{Colours, diverging};
use super::ink::Rgb;

/// What fills a panel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Ground {
    /// The colours of the magnitude.
    #[default]
    Magnitude,
    /// Colours from blue for negative to red for positive values of the first component, for a
    /// panel [of a scalar](super::Panel::of_scalar).
    Signed,
    /// Nothing.
    Blank,
}

/// What is drawn of the vectors of a panel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    /// What fills it.
    pub ground: Ground,
    /// Lines along the vectors.
    pub streamlines: bool,
    /// Arrows as long as the vectors, on a lattice.
    pub arrows: bool,
}

impl Default for Look {
    fn default() -> Look {
        Look { ground: Ground::Magnitude, streamlines: true, arrows: false }
    }
}

impl Look {
    /// The colour of a vector where `full` is the largest magnitude.
    pub(super) fn colour(self, [u, v]: [f64; 2], full: f64, colours: Colours) -> Rgb {
        let share = |value: f64| if full > 0.0 { value / full } else { 0.0 };
        match self.ground {
            Ground::Magnitude => colours.at(share(u.hypot(v))),
            Ground::Signed => diverging(share(u)),
            Ground::Blank => [255; 3],
        }
    }

    /// Where the colours begin if they end at `full`.
    pub(super) fn least(self, full: f64) -> f64 {
        if self.ground == Ground::Signed { -full } else { 0.0 }
    }
}
