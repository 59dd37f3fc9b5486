//! Coordinates of unlike cells.

use std::fmt;
use std::sync::{Mutex, PoisonError};

/// Faces and points of an axis in turn: f₀ p₀ f₁ p₁ … f_n.
///
/// One copy of each list is kept for as long as the program runs, so that axes can be copied and
/// compared at no cost.
#[derive(Clone, Copy)]
pub(super) struct Coordinates(&'static [f64]);

static KNOWN: Mutex<Vec<&'static [f64]>> = Mutex::new(Vec::new());

impl Coordinates {
    pub(super) fn of(places: Vec<f64>) -> Coordinates {
        let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(same) = known.iter().find(|list| ***list == places[..]) {
            return Coordinates(same);
        }
        let kept: &'static [f64] = places.leak();
        known.push(kept);
        Coordinates(kept)
    }

    pub(super) fn face(self, i: usize) -> f64 {
        self.0[2 * i]
    }

    pub(super) fn point(self, i: usize) -> f64 {
        self.0[2 * i + 1]
    }
}

impl PartialEq for Coordinates {
    fn eq(&self, other: &Coordinates) -> bool {
        std::ptr::eq(self.0, other.0)
    }
}

impl fmt::Debug for Coordinates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.0)
    }
}
