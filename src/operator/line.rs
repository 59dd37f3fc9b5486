//! A row of cells or edges along x, and the differences that net fluxes and circulations are made of.

use super::row::{Difference, Differences};
use crate::grid::{Grid, Location};

/// A row along x of values at some location: its index along y and z.
#[derive(Clone, Copy)]
pub(super) struct Row<const D: usize> {
    index: [usize; D],
}

impl<const D: usize> Row<D> {
    /// Row number `row` of a location.
    pub(super) fn new(grid: &Grid<D>, location: Location, row: usize) -> Row<D> {
        let shape = grid.shape_at(location);
        Row { index: crate::grid::unravel(shape, row * shape[0]) }
    }

    /// Where row `i` along axis k starts in the component on the faces normal to `normal`, the other
    /// indices being those of this row.
    fn start(&self, grid: &Grid<D>, normal: usize, k: usize, i: usize) -> usize {
        let shape = grid.shape_at(Location::face(normal));
        let mut index = self.index;
        index[k] = i;
        (1..D).rev().fold(0, |row, axis| row * shape[axis] + index[axis]) * shape[0]
    }

    /// Σ ± S v of the cells in a row of them, S being in units of the largest.
    pub(super) fn net_fluxes<'a>(&self, grid: &Grid<D>, faces: [&'a [f64]; D]) -> Differences<'a> {
        let (nx, x, least) = (grid.shape()[0], grid.axes()[0], grid.least_spacing());
        let scale = |k: usize| least / grid.axes()[k].spacing;
        let starts = |k: usize| match k {
            0 => [self.start(grid, 0, 0, 0); 2],
            _ => grid.axes()[k].faces_beside(self.index[k]).map(|i| self.start(grid, k, k, i)),
        };
        let along_x = &faces[0][starts(0)[0]..][..x.faces()];
        let inside = x.faces() - 1;
        let mut row = Differences::new(0);
        // On a ring the first face is also the last.
        if inside < nx {
            let beside = |k: usize| match k {
                0 => [along_x[inside], along_x[0]],
                _ => starts(k).map(|start| faces[k][start + inside]),
            };
            let terms: [_; D] = std::array::from_fn(|k| (scale(k), beside(k)));
            (row.seam[0], row.seam_sizes[0]) = (Some((inside, net(&terms))), gross(&terms));
        }
        row.add(Difference { scale: scale(0), lower: &along_x[..inside], upper: &along_x[1..] });
        for k in 1..D {
            let [lower, upper] = starts(k).map(|start| &faces[k][start..][..inside]);
            row.add(Difference { scale: scale(k), lower, upper });
        }
        row
    }

    /// Σ ± d v around the edges of axes a and b in a row of them, d being in units of the largest. Those on walls
    /// count where `beyond` is a row of zeros, with the part in the domain: half the faces on walls, nothing beyond
    /// them. If it is empty and all are on a wall there is no row.
    pub(super) fn circulations<'a>(
        &self,
        grid: &Grid<D>,
        faces: [&'a [f64]; D],
        (a, b): (usize, usize),
        beyond: &'a [f64],
    ) -> Option<Differences<'a>> {
        let free = !beyond.is_empty();
        if !free && (self.on_wall(grid, a) || self.on_wall(grid, b)) {
            return None;
        }
        let (nx, ring) = (grid.shape()[0], !grid.axes()[0].bounded());
        let terms = [(b, a, 1.0), (a, b, -1.0)];
        let terms = terms.map(|term| self.around(grid, faces, term, beyond));
        // With x in the pair the first edge is a wall or the seam, and the last may be a wall.
        let first = usize::from(a == 0);
        let mut row = Differences::new(first);
        let ends = match (a, ring) {
            (0, true) => [Some(0), None],
            (0, false) if free => [Some(0), Some(nx)],
            _ => [None; 2],
        };
        for (n, i) in ends.into_iter().enumerate().filter_map(|(n, i)| Some((n, i?))) {
            let pairs = terms.map(|term| pair_at_end(term, i, nx, ring));
            (row.seam[n], row.seam_sizes[n]) = (Some((i, net(&pairs))), gross(&pairs));
        }
        for (scale, along_x, [lower, upper]) in terms {
            let lower = if along_x { &lower[..nx - 1] } else { &lower[first..nx] };
            row.add(Difference { scale, lower, upper: &upper[first..nx] });
        }
        Some(row)
    }

    /// Whether the row lies on a wall normal to axis k.
    fn on_wall(&self, grid: &Grid<D>, k: usize) -> bool {
        let axis = grid.axes()[k];
        k > 0 && axis.bounded() && (self.index[k] == 0 || self.index[k] == axis.cells)
    }

    /// The faces normal to `from` on both sides of a row of edges along an axis.
    fn around<'a>(
        &self,
        grid: &Grid<D>,
        faces: [&'a [f64]; D],
        (from, along, sign): (usize, usize, f64),
        beyond: &'a [f64],
    ) -> Around<'a> {
        let longest = grid.axes().iter().map(|axis| axis.spacing).fold(0.0, f64::max);
        let share = if self.on_wall(grid, from) { 0.5 } else { 1.0 };
        let scale = sign * share * grid.axes()[from].spacing / longest;
        let row = |i: usize| &faces[from][self.start(grid, from, along, i)..];
        if along == 0 {
            return (scale, true, [row(0); 2]);
        }
        let sides = grid.axes()[along].cells_beside(self.index[along]);
        (scale, false, sides.map(|i| i.map_or(beyond, row)))
    }
}

/// A factor, whether the faces are those of a row along x, and the rows of faces below and above.
type Around<'a> = (f64, bool, [&'a [f64]; 2]);

/// Σ scale (upper − lower).
fn net(terms: &[(f64, [f64; 2])]) -> f64 {
    terms.iter().map(|(scale, [lower, upper])| scale * (upper - lower)).sum()
}

/// Σ |scale| (|lower| + |upper|).
fn gross(terms: &[(f64, [f64; 2])]) -> f64 {
    terms.iter().map(|(scale, pair)| scale.abs() * (pair[0].abs() + pair[1].abs())).sum()
}

/// The factor of a term at the first or last edge of a row and the values on both sides of it.
fn pair_at_end(
    (scale, along_x, [lower, upper]): Around,
    i: usize,
    nx: usize,
    ring: bool,
) -> (f64, [f64; 2]) {
    match (along_x, i) {
        (true, _) if ring => (scale, [lower[nx - 1], upper[0]]),
        (true, 0) => (scale, [0.0, upper[0]]),
        (true, _) => (scale, [lower[nx - 1], 0.0]),
        // The faces beside it are on the wall.
        (false, _) if !ring => (0.5 * scale, [lower[i], upper[i]]),
        (false, _) => (scale, [lower[i], upper[i]]),
    }
}
