//! Fields on coarser grids of the same box.

use crate::field::{Layout, ScalarField, VectorField};
use crate::grid::{Axis, Grid, GridError, Location, Topology, unravel};

/// The grid with half as many points along every axis that has more than one, rounded up, in the same box. Where walls go
/// through the outermost points, these stay.
pub(super) fn coarser<const D: usize>(
    grid: &Grid<D>,
    through_points: bool,
) -> Result<Grid<D>, GridError> {
    let axes = grid.axes().map(|axis| match (axis.cells, axis.topology) {
        (1, _) => axis,
        (n, Topology::Bounded) if through_points => {
            let spacing = axis.spacing * (n - 1) as f64 / (n / 2) as f64;
            Axis::from_points(axis.point(0), spacing, n / 2 + 1, Topology::Bounded)
        }
        (n, topology) => {
            Axis::over(axis.start, axis.start + axis.length(), n.div_ceil(2), topology)
        }
    });
    Grid::new(axes)
}

/// A field at the points of one grid at those of another of the same box, by cubics along each axis: fourth order.
pub(super) fn onto<const D: usize>(field: &VectorField<D>, grid: &Grid<D>) -> VectorField<D> {
    let components = std::array::from_fn(|k| {
        let mut from = *field.grid();
        let mut values = field.component(k).values().to_vec();
        for axis in 0..D {
            let (next, found) = along(&from, &values, (axis, grid.axes()[axis]));
            (from, values) = (next, found);
        }
        ScalarField::from_values(*grid, Location::CELL, values).expect("one value for each point")
    });
    VectorField::from_components(Layout::Points, components)
}

/// Values on a grid of which one axis is another.
fn along<const D: usize>(
    grid: &Grid<D>,
    values: &[f64],
    (k, axis): (usize, Axis),
) -> (Grid<D>, Vec<f64>) {
    let old = grid.axes()[k];
    let mut axes = *grid.axes();
    axes[k] = axis;
    let to = Grid::new(axes).expect("axes of two sound grids");
    let stencils: Vec<_> =
        (0..axis.cells).map(|i| stencil(&old, old.offset(axis.point(i)))).collect();
    let stride: usize = grid.shape()[..k].iter().product();
    let value = |flat: usize| {
        let mut index = unravel(to.shape(), flat);
        let (first, weights) = &stencils[index[k]];
        index[k] = 0;
        let base = crate::grid::ravel(grid.shape(), index);
        let at = |j: usize| values[base + stride * ((first + j) % old.cells)];
        weights.iter().enumerate().map(|(j, weight)| weight * at(j)).sum()
    };
    let found = (0..to.cells()).map(value).collect();
    (to, found)
}

/// The first of up to four points around a place counted in points, which a periodic axis counts on from the last to the first,
/// and their weights in the polynomial through them.
fn stencil(axis: &Axis, place: f64) -> (usize, Vec<f64>) {
    let count = axis.cells.min(4);
    let below = place.floor() - ((count - 1) / 2) as f64;
    let (start, first) = match axis.topology {
        Topology::Periodic => (below, below.rem_euclid(axis.cells as f64) as usize),
        Topology::Bounded => {
            let start = below.clamp(0.0, (axis.cells - count) as f64);
            (start, start as usize)
        }
    };
    let x = place - start;
    let weight = |j: usize| {
        let others = (0..count).filter(|i| *i != j);
        others.map(|i| (x - i as f64) / (j as f64 - i as f64)).product()
    };
    (first, (0..count).map(weight).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Cubics come out as they are on odd and even numbers of points; fails with a shifted or a linear stencil.
    #[test]
    fn cubics_are_exact_on_coarser_grids() {
        for n in [7, 8, 13] {
            let axis = |n| Axis::over(-1.0, 2.0, n, Topology::Bounded);
            let grid = Grid::new([axis(n), axis(n + 1)]).unwrap();
            let cubic = |[x, y]: [f64; 2]| [x * x * x - y, y * y * y * x];
            let field = VectorField::sample(grid, Layout::Points, cubic);
            let coarse = coarser(&grid, false).unwrap();
            assert_eq!(coarse.shape(), [n.div_ceil(2), (n + 1).div_ceil(2)]);
            let wanted = VectorField::sample(coarse, Layout::Points, cubic);
            assert!(onto(&field, &coarse).minus(&wanted).max_abs() < 1e-13);
        }
    }

    /// Every second point of an even ring is a point of it, whatever the values.
    #[test]
    fn rings_keep_their_points() {
        let axis = Axis::over(0.0, 1.0, 10, Topology::Periodic);
        let grid = Grid::new([axis, axis]).unwrap();
        let rough = |[x, y]: [f64; 2]| [(40.0 * x).sin() + y, (170.0 * x * y).cos()];
        let field = VectorField::sample(grid, Layout::Points, rough);
        let coarse = coarser(&grid, false).unwrap();
        let wanted = VectorField::sample(coarse, Layout::Points, rough);
        assert!(onto(&field, &coarse).minus(&wanted).max_abs() < 1e-13);
    }
}
