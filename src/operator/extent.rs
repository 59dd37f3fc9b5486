//! How large the numbers of cells or edges are.

use crate::field::max_or_nan;

/// The largest of some numbers by magnitude, the sum of their squares, and how many there are.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Extent {
    /// The largest magnitude; NaN where a number is, or where only the squares are known.
    pub largest: f64,
    /// The sum of squares.
    pub squares: f64,
    /// How many numbers there are.
    pub count: usize,
}

impl Extent {
    /// Of numbers whose largest magnitude may have passed over NaN, which the squares have not.
    pub(super) fn new([largest, squares]: [f64; 2], count: usize) -> Extent {
        let largest = if squares.is_nan() { f64::NAN } else { largest };
        Extent { largest, squares, count }
    }

    /// Of numbers.
    pub(super) fn of(values: impl IntoIterator<Item = f64>) -> Extent {
        let one = |value: f64| Extent::new([value.abs(), value * value], 1);
        values.into_iter().map(one).fold(Extent::default(), Extent::plus)
    }

    /// Of these and others.
    pub fn plus(self, others: Extent) -> Extent {
        Extent {
            largest: max_or_nan(self.largest, others.largest),
            squares: self.squares + others.squares,
            count: self.count + others.count,
        }
    }

    /// The root of the sum of squares.
    pub fn norm(self) -> f64 {
        self.squares.sqrt()
    }

    /// The root of the mean of the squares; 0 where there are no numbers.
    pub fn rms(self) -> f64 {
        if self.count > 0 { (self.squares / self.count as f64).sqrt() } else { 0.0 }
    }
}
