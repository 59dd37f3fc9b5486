//! What one task of a walk over a grid takes.

use crate::grid::{Grid, neighbours};
use std::ops::Range;

/// Values of a row that are looked at together with those beside: enough rows for a cache of a processor.
const STRIP: usize = 4096;
/// Rows of a strip at least: the two beside it are interpolated for it alone.
const ROWS: usize = 8;
/// Cells of a task, about, and planes at least: fixed, so that sums do not depend on the number of threads.
const TASK: usize = 1 << 17;
const PLANES: usize = 32;

/// Some rows along x of every plane across the last axis, and the planes that are walked over one after the
/// other. In 2D a plane is one row.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Tile {
    pub rows: Range<usize>,
    pub planes: Range<usize>,
    /// Rows of a plane, and planes.
    all: [usize; 2],
    /// Whether the axes across rows and planes are rings.
    rings: [bool; 2],
}

impl Tile {
    /// The tiles of a grid, in a fixed order.
    pub(super) fn all<const D: usize>(grid: &Grid<D>) -> Vec<Tile> {
        let (shape, axes) = (grid.shape(), grid.axes());
        let all = [shape[1..D - 1].iter().product(), shape[D - 1]];
        let rings = [D > 2 && !axes[1].bounded(), !axes[D - 1].bounded()];
        let rows = STRIP.div_ceil(shape[0]).max(ROWS).min(all[0]);
        let planes = TASK.div_ceil(rows * shape[0]).max(PLANES);
        let strips = (0..all[1]).step_by(planes);
        strips
            .flat_map(|plane| (0..all[0]).step_by(rows).map(move |row| (plane, row)))
            .map(|(plane, row)| {
                let planes = plane..(plane + planes).min(all[1]);
                Tile { rows: row..(row + rows).min(all[0]), planes, all, rings }
            })
            .collect()
    }

    /// Numbers of the points' rows of the tile in a plane.
    pub(super) fn point_rows(&self, plane: usize) -> Range<usize> {
        plane * self.all[0] + self.rows.start..plane * self.all[0] + self.rows.end
    }

    /// Numbers of the tile's rows in a plane at a location where there are `shape` values, and in the plane
    /// above the last one if there is one: the last tiles have the walls above too.
    pub(super) fn rows_at<const D: usize>(
        &self,
        shape: [usize; D],
        plane: usize,
    ) -> impl Iterator<Item = Range<usize>> + use<D> {
        let of_plane: usize = shape[1..D - 1].iter().product();
        let last = self.rows.end == self.all[0];
        let rows = self.rows.start..if last { of_plane } else { self.rows.end };
        let above = plane + 1 == self.all[1];
        let planes = plane..if above { shape[D - 1] } else { plane + 1 };
        planes.map(move |plane| plane * of_plane + rows.start..plane * of_plane + rows.end)
    }

    /// A plane and those below and above it.
    pub(super) fn around(&self, plane: usize) -> [Option<usize>; 3] {
        let [below, above] = self.neighbours(1, plane);
        [below, Some(plane), above]
    }

    /// The row (0) or plane (1) below one and that above it.
    fn neighbours(&self, axis: usize, i: usize) -> [Option<usize>; 2] {
        neighbours(self.all[axis], self.rings[axis], i)
    }

    pub(super) fn rows_with_those_beside(&self) -> usize {
        self.rows.len() + 2
    }

    /// The places and numbers of the rows of a plane, with those beside where asked for.
    pub(super) fn rows_of(
        &self,
        plane: usize,
        beside: bool,
    ) -> impl Iterator<Item = (usize, usize)> + use<> {
        let (rows, first) = (self.rows.clone(), plane * self.all[0]);
        let below = self.neighbours(0, rows.start)[0].filter(|_| beside).map(|row| (0, row));
        let above = self.neighbours(0, rows.end - 1)[1].filter(|_| beside);
        let above = above.map(|row| (rows.len() + 1, row));
        let rows = below.into_iter().chain((1..).zip(rows)).chain(above);
        rows.map(move |(at, row)| (at, first + row))
    }

    /// The plane of a row of the points and its place there, as [`rows_of`](Tile::rows_of) counts.
    pub(super) fn place(&self, row: usize) -> (usize, usize) {
        let (plane, row) = (row / self.all[0], row % self.all[0]);
        let place = match self.rows.contains(&row) {
            true => row - self.rows.start + 1,
            false if self.neighbours(0, self.rows.start)[0] == Some(row) => 0,
            false => self.rows.len() + 1,
        };
        (plane, place)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grid::{Axis, Topology};

    /// Every row of every plane belongs to one tile, and those beside are the neighbours on a ring or the
    /// ends.
    #[test]
    fn tiles_cover_the_points_once() {
        for (shape, y, z) in [
            ([1000, 9, 40], Topology::Periodic, Topology::Bounded),
            ([4, 3, 2], Topology::Bounded, Topology::Periodic),
            ([700, 1, 1], Topology::Periodic, Topology::Periodic),
            ([300, 20, 70], Topology::Bounded, Topology::Bounded),
        ] {
            let axis = |n, topology| Axis::over(0.0, n as f64, n, topology);
            let [nx, ny, nz] = shape;
            let grid = Grid::new([axis(nx, Topology::Bounded), axis(ny, y), axis(nz, z)]).unwrap();
            let mut seen = vec![0; ny * nz];
            for tile in Tile::all(&grid) {
                for plane in tile.planes.clone() {
                    tile.point_rows(plane).for_each(|row| seen[row] += 1);
                    let neighbour = |i: usize, n: usize, ring: bool| match i.checked_sub(1) {
                        Some(i) if i < n => Some(i),
                        _ if ring => Some((i + n - 1) % n),
                        _ => None,
                    };
                    let beside = tile.rows.start..tile.rows.end + 2;
                    let ring = y == Topology::Periodic;
                    let wanted = beside.map(|after| neighbour(after, ny, ring));
                    let wanted: Vec<_> = wanted
                        .enumerate()
                        .filter_map(|(at, row)| Some((at, plane * ny + row?)))
                        .collect();
                    assert_eq!(tile.rows_of(plane, true).collect::<Vec<_>>(), wanted);
                    for (_, row) in &wanted {
                        let (at_plane, place) = tile.place(*row);
                        assert!(at_plane == plane && wanted.contains(&(place, *row)));
                    }
                    let ring = z == Topology::Periodic;
                    let planes = [plane, plane + 1, plane + 2].map(|p| neighbour(p, nz, ring));
                    assert_eq!(tile.around(plane), planes, "{shape:?} {plane}");
                    for row in tile.point_rows(plane) {
                        let place = tile.place(row);
                        assert_eq!(place, (plane, row % ny - tile.rows.start + 1));
                    }
                }
            }
            assert!(seen.iter().all(|count| *count == 1), "{shape:?}");
        }
    }
}
