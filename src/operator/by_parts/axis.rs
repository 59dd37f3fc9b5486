//! The difference and the quadrature along one axis.

use crate::grid::Axis;

/// D u = (u₊ − u₋)/(x₊ − x₋), H = (x₊ − x₋)/2.
pub(crate) struct AxisRule {
    /// Whether the last point is next to the first.
    pub ring: bool,
    /// H.
    pub sizes: Vec<f64>,
    /// 1/H.
    pub inverse: Vec<f64>,
}

impl AxisRule {
    /// That of an axis whose coordinates are multiplied by `scale`.
    pub(super) fn new(axis: &Axis, scale: f64) -> AxisRule {
        let (n, ring) = (axis.cells, !axis.bounded());
        // Between points i − 1 and i, so that those of equal spacings are equal to the last digit.
        let step = |i: usize| scale * if axis.is_uneven() { axis.step(i) } else { axis.spacing };
        let half = |i: usize| 0.5 * step(i);
        let size = |i: usize| match (ring, i) {
            (true, i) => half(i) + half((i + 1) % n),
            (false, 0) => half(1),
            (false, i) if i + 1 == n => half(i),
            (false, i) => half(i) + half(i + 1),
        };
        let sizes: Vec<f64> = (0..n).map(size).collect();
        let inverse = sizes.iter().map(|h| 1.0 / h).collect();
        AxisRule { ring, sizes, inverse }
    }

    /// The points before and after point i; at a wall the point itself.
    pub(super) fn beside(&self, i: usize) -> [usize; 2] {
        let last = self.sizes.len() - 1;
        match self.ring {
            true => [if i == 0 { last } else { i - 1 }, if i == last { 0 } else { i + 1 }],
            false => [i.saturating_sub(1), (i + 1).min(last)],
        }
    }

    /// Whether no wall goes through point i.
    pub fn is_inside(&self, i: usize) -> bool {
        self.ring || (i > 0 && i + 1 < self.sizes.len())
    }

    /// The mean of H.
    pub(super) fn mean(&self) -> f64 {
        self.sizes.iter().sum::<f64>() / self.sizes.len() as f64
    }

    /// 2 H D as a list of (row, column, ±1).
    #[cfg(feature = "sparse")]
    pub fn entries(&self) -> impl Iterator<Item = (usize, usize, f64)> {
        (0..self.sizes.len()).flat_map(|i| {
            let [below, above] = self.beside(i);
            [(i, above, 1.0), (i, below, -1.0)]
        })
    }

    /// How many independent u have D u = 0: constants, and on a ring of an even number of points what alternates.
    #[cfg(feature = "sparse")]
    pub fn nullity(&self) -> usize {
        if self.ring && self.sizes.len().is_multiple_of(2) { 2 } else { 1 }
    }
}
