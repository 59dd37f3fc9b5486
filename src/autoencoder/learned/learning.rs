//! What network is fitted, and what that takes.

use crate::autoencoder::triangle;
use crate::decomposition::Method;

/// Units by default, with free signs and without negative ones.
const UNITS: [usize; 2] = [500, 1000];

/// Numbers of a field for each unit: at least, and by default with free signs. With fewer a network meets the samples
/// between which it is no longer the field.
pub(super) const NUMBERS: usize = 4;
const ENOUGH_NUMBERS: usize = 12;

/// What is fitted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Learning {
    /// Whether every e_l ≥ 0, as in networks with tied weights and an increasing activation.
    pub tied: bool,
    /// Hidden units; by default as many as the field determines, up to some hundreds.
    pub units: Option<usize>,
    /// Of the random units.
    pub seed: u64,
}

impl Learning {
    /// What a method fits; `None` for one that fits no network.
    pub fn of(method: Method, units: Option<usize>, seed: Option<u64>) -> Option<Learning> {
        let learning =
            Learning { tied: method == Method::LearnedTied, units, seed: seed.unwrap_or(0) };
        method.is_learned().then_some(learning)
    }

    /// Its name among the methods.
    pub fn method(self) -> Method {
        if self.tied { Method::LearnedTied } else { Method::Learned }
    }

    /// Hidden units for a field at so many points.
    pub(super) fn units_for(self, dims: usize, points: usize) -> usize {
        let numbers = dims * points;
        let of_each = if self.tied { NUMBERS } else { ENOUGH_NUMBERS };
        let usual = UNITS[usize::from(self.tied)];
        self.units.unwrap_or(usual.min(numbers / of_each).max(2))
    }

    /// Bytes that a fit to so many points works with.
    pub fn bytes(self, dims: usize, points: usize) -> f64 {
        let columns = dims + 2 + self.units_for(dims, points);
        let numbers = (dims * points) as f64;
        let threads = rayon::current_num_threads();
        // Singular vectors of all units and of half, measured.
        let singular = if self.tied { 0.0 } else { 28.0 * 8.0 * (columns as f64).powi(2) };
        triangle::bytes(numbers, columns, threads)
            + singular
            + (4 + 2 * dims) as f64 * 8.0 * numbers
    }
}
