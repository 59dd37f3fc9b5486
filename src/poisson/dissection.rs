//! Geometric nested dissection: the elimination order of a grid.

use crate::grid::{Domain, ravel};

/// Boxes of at most this many cells are not divided further.
const LEAF: usize = 8;

/// The active cells in the order of elimination: both halves of a box before the plane of cells
/// between them. A periodic axis first loses the plane at its seam.
///
/// On an n-cell square grid the factor then has O(n log n) nonzeros, on a cube O(n^{4/3}) (George
/// 1973). O(n log n) time.
pub fn nested_dissection<const D: usize>(domain: &Domain<D>) -> Vec<usize> {
    let mut order = Vec::with_capacity(domain.active_cells());
    let upper = domain.grid().shape();
    let seams = std::array::from_fn(|k| !domain.grid().axes()[k].bounded() && upper[k] > 3);
    Dissection { domain, order: &mut order }.divide([0; D], upper, seams);
    order
}

struct Dissection<'a, const D: usize> {
    domain: &'a Domain<D>,
    order: &'a mut Vec<usize>,
}

impl<const D: usize> Dissection<'_, D> {
    /// Orders the cells of the box lower ≤ index < upper.
    fn divide(&mut self, lower: [usize; D], upper: [usize; D], mut seams: [bool; D]) {
        let extent: [usize; D] = std::array::from_fn(|k| upper[k] - lower[k]);
        if extent.contains(&0) {
            return;
        }
        let longest = (0..D).max_by_key(|&k| extent[k]).expect("at least one axis");
        if extent.iter().product::<usize>() <= LEAF || extent[longest] < 3 {
            return self.append(lower, upper);
        }
        let (mut left, mut right) = (upper, lower);
        let (mut from, mut to) = (lower, upper);
        if seams[longest] {
            seams[longest] = false;
            from[longest] += 1;
            to[longest] = from[longest];
            self.divide(from, upper, seams);
            return self.append(lower, to);
        }
        let middle = lower[longest] + extent[longest] / 2;
        left[longest] = middle;
        right[longest] = middle + 1;
        from[longest] = middle;
        to[longest] = middle + 1;
        self.divide(lower, left, seams);
        self.divide(right, upper, seams);
        self.append(from, to);
    }

    /// Takes the active cells of a box as they come.
    fn append(&mut self, lower: [usize; D], upper: [usize; D]) {
        let shape = self.domain.grid().shape();
        let mut index = lower;
        loop {
            let cell = ravel(shape, index);
            if self.domain.is_active(cell) {
                self.order.push(cell);
            }
            let Some(k) = (0..D).find(|&k| index[k] + 1 < upper[k]) else { return };
            index[..k].copy_from_slice(&lower[..k]);
            index[k] += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grid::{Axis, Grid, Topology};

    #[test]
    fn every_active_cell_comes_once() {
        let axis = |n, topology| Axis::over(0.0, 1.0, n, topology);
        let grid = Grid::new([
            axis(7, Topology::Bounded),
            axis(12, Topology::Periodic),
            axis(5, Topology::Bounded),
        ])
        .unwrap();
        let active: Vec<bool> = (0..grid.cells()).map(|c| c % 7 != 3).collect();
        let domain = Domain::masked(grid, active.clone()).unwrap();
        let mut order = nested_dissection(&domain);
        order.sort_unstable();
        let expected: Vec<usize> = (0..grid.cells()).filter(|&c| active[c]).collect();
        assert_eq!(order, expected);
    }
}
