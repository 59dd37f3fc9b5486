//! Flat space between coordinates.

use super::{Geometry, Metric};
use crate::grid::{Grid, Location, unravel};

impl<const D: usize> Metric<D> {
    /// That of flat space with the coordinates of the axes: with w the widths of cells and δ the distances of
    /// their points, twice those to walls,
    ///
    /// | S_k | d_k | V |
    /// |---|---|---|
    /// | Π w_a over a ≠ k | δ_k | Π w_a |
    ///
    /// A domain on a grid with uneven axes has it by itself. Where points are not midway between faces, gradients are
    /// those at midpoints between points.
    pub fn rectilinear(grid: &Grid<D>) -> Metric<D> {
        let widths: [Vec<f64>; D] =
            grid.axes().map(|axis| (0..axis.cells).map(|i| axis.width(i)).collect());
        let size = |place: Location, without: usize| -> Vec<f64> {
            let shape = grid.shape_at(place);
            let of = |at| {
                let index = unravel(shape, at);
                (0..D).filter(|a| *a != without).map(|a| widths[a][index[a]]).product()
            };
            (0..grid.len_at(place)).map(of).collect()
        };
        let step = |k: usize| {
            let shape = grid.shape_at(Location::face(k));
            let steps: Vec<f64> = (0..shape[k]).map(|i| grid.axes()[k].step(i)).collect();
            (0..grid.len_at(Location::face(k))).map(|at| steps[unravel(shape, at)[k]]).collect()
        };
        Metric {
            geometry: Geometry::Rectilinear,
            areas: std::array::from_fn(|k| size(Location::face(k), k)),
            distances: std::array::from_fn(step),
            volumes: size(Location::CELL, D),
            unit: 1.0,
            weighted: false,
            poles: [false; 2],
            points_at_poles: false,
        }
    }
}
