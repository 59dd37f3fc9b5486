//! How a network was fitted to a field.

use serde::Serialize;

/// The fit of a conservative network to a field by least squares; norms are root sums of squares over the points.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Fit {
    /// Of the random units.
    pub seed: u64,
    /// Hidden units.
    pub units: usize,
    /// Unknowns that count: combinations of units and constants above the rank cut or, where every e_l ≥ 0, units with
    /// e_l > 0 and the constants.
    pub used: usize,
    /// Combinations of units of length 1 are left out below this share of the longest; `None` where every e_l ≥ 0.
    pub rank_cut: Option<f64>,
    /// ‖v − gradient‖/‖v‖ at the points that were fitted. It tends to the share of what is no gradient, not to 0.
    pub residual: f64,
    /// The same with the first half of the units.
    pub residual_of_half: f64,
    /// ‖gradient − that of half the units‖/‖gradient‖: how far the fit still moves towards its limit.
    pub change_from_half: f64,
    /// The largest |J − Jᵀ| of the gradient part as a function over the largest |J|, at the points: rounding, since it is
    /// the gradient of an energy.
    pub asymmetry: f64,
}

impl Fit {
    /// In a sentence.
    pub fn in_words(&self) -> String {
        let Fit { seed, units, used, residual, residual_of_half, change_from_half, .. } = self;
        format!(
            "fit of {units} units ({used} used, seed {seed}): residual {residual:.4} of the field, {residual_of_half:.4} with half \
             the units; the gradient part moved by {change_from_half:.1e} of itself from half the units to all"
        )
    }
}
