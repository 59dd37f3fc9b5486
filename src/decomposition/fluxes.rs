//! A vector potential as sums of fluxes from face to face.

use crate::boundary::Boundary;
use crate::field::VectorField;
use crate::grid::{Grid, Location, ravel};
use crate::operator::{Calculus, Staggered, axis_pairs};

/// Whether A is free on walls; otherwise its tangential components are 0 there.
pub(super) fn is_free<const D: usize>(calculus: &Staggered<D>) -> bool {
    calculus.boundary() == Boundary::ZeroPotential
}

/// Integrals of A along edges, whose sums around faces are the fluxes through them.
pub(super) struct Sums<'a, const D: usize> {
    grid: Grid<D>,
    /// Through each face.
    flux: [Vec<f64>; D],
    around: Vec<Vec<f64>>,
    /// The axis along which fluxes are summed comes last, one with walls if there is one.
    axes: [usize; 3],
    calculus: &'a Staggered<D>,
}

impl<'a, const D: usize> Sums<'a, D> {
    /// Those of a field without divergence, one list for each pair of axes.
    pub(super) fn of(calculus: &'a Staggered<D>, field: &VectorField<D>) -> Vec<Vec<f64>> {
        let mut sums = Sums::new(calculus, field);
        sums.base();
        sums.rise();
        sums.around
    }

    fn new(calculus: &'a Staggered<D>, field: &VectorField<D>) -> Sums<'a, D> {
        let grid = *calculus.domain().grid();
        let metric = calculus.domain().metric().expect("a box of uneven cells");
        let flux = std::array::from_fn(|k| {
            let values = field.component(k).values().iter().zip(metric.areas(k));
            values.map(|(v, area)| v * area).collect()
        });
        let last = (0..3).rev().find(|k| grid.axes()[*k].bounded()).unwrap_or(2);
        let axes = [(last + 1) % 3, (last + 2) % 3, last];
        let pairs = axis_pairs::<D>();
        let around =
            pairs.iter().map(|(a, b)| vec![0.0; grid.len_at(Location::edge(*a, *b))]).collect();
        Sums { grid, flux, around, axes, calculus }
    }

    /// A place by its indices along the axes in their order.
    fn index(&self, at: [usize; 3]) -> [usize; D] {
        let mut index = [0; D];
        self.axes.iter().zip(at).for_each(|(k, i)| index[*k] = i);
        index
    }

    /// The flux along the axis at a place of the order.
    fn flux(&self, of: usize, at: [usize; 3]) -> f64 {
        let k = self.axes[of];
        self.flux[k][ravel(self.grid.shape_at(Location::face(k)), self.index(at))]
    }

    /// The integral at an edge of two axes of the order, which is antisymmetric in them.
    fn place(&self, [a, b]: [usize; 2], at: [usize; 3]) -> (usize, usize, f64) {
        let [a, b] = [self.axes[a], self.axes[b]];
        let (low, high, sign) = if a < b { (a, b, 1.0) } else { (b, a, -1.0) };
        let pair = axis_pairs::<D>().iter().position(|pair| *pair == (low, high));
        let shape = self.grid.shape_at(Location::edge(low, high));
        (pair.expect("two axes"), ravel(shape, self.index(at)), sign)
    }

    fn get(&self, axes: [usize; 2], at: [usize; 3]) -> f64 {
        let (pair, place, sign) = self.place(axes, at);
        sign * self.around[pair][place]
    }

    fn set(&mut self, axes: [usize; 2], at: [usize; 3], value: f64) {
        let (pair, place, sign) = self.place(axes, at);
        self.around[pair][place] = sign * value;
    }

    /// Cells and faces along an axis of the order.
    fn counts(&self, of: usize) -> [usize; 2] {
        let axis = self.grid.axes()[self.axes[of]];
        [axis.cells, axis.faces()]
    }

    /// On the first plane across the last axis: its flux summed along the first axis, and what is left at the end
    /// of a ring along the second.
    fn base(&mut self) {
        let [[nx, fx], [ny, fy]] = [self.counts(0), self.counts(1)];
        for j in 0..ny {
            let mut sum = 0.0;
            for i in 0..nx {
                sum -= self.flux(2, [i, j, 0]);
                if i + 1 < fx {
                    self.set([0, 2], [i + 1, j, 0], sum);
                }
            }
            if fx == nx && j + 1 < fy {
                let before = self.get([1, 2], [nx - 1, j, 0]);
                self.set([1, 2], [nx - 1, j + 1, 0], before + sum);
            }
        }
    }

    /// From plane to plane along the last axis. Where the last is the first again, or A is 0 there, what is left goes
    /// to the edges between the last two.
    fn rise(&mut self) {
        let [[nx, fx], [ny, fy], [nz, fz]] = [0, 1, 2].map(|of| self.counts(of));
        let held = !is_free(self.calculus);
        let mut left = [vec![0.0; fx * ny], vec![0.0; nx * fy]];
        for (of, [width, height]) in [[fx, ny], [nx, fy]].into_iter().enumerate() {
            for (j, i) in (0..height).flat_map(|j| (0..width).map(move |i| (j, i))) {
                let first = self.get([of, 2], [i, j, 0]);
                let mut sum = first;
                for k in 0..nz {
                    sum += self.flux(of, [i, j, k]);
                    if k + 1 < nz || (k + 1 < fz && !held) {
                        self.set([of, 2], [i, j, k + 1], sum);
                    }
                }
                left[of][j * width + i] = sum - first;
            }
        }
        if fz == nz || held {
            self.close(left);
        }
    }

    fn close(&mut self, [x, y]: [Vec<f64>; 2]) {
        let [[nx, fx], [_, fy], [nz, _]] = [0, 1, 2].map(|of| self.counts(of));
        let mut start = 0.0;
        for j in 0..fy {
            let mut sum = start;
            for i in 0..fx {
                self.set([0, 1], [i, j, nz - 1], sum);
                sum -= if i < nx { y[j * nx + i] } else { 0.0 };
            }
            start += x.get(j * fx).copied().unwrap_or(0.0);
        }
    }
}
