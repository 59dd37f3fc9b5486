//! How long the file with the results of a series becomes.

use super::BatchRequest;
use super::memory::Expected;
use crate::boundary::Boundary;
use crate::decomposition::Method;
use crate::field::Layout;
use crate::grid::{Grid, Location};
use crate::output::Content;
use crate::source::Extent;

/// What HDF5 takes besides the numbers, for names, attributes and places: of one field, and of several with their table.
const FRAME: [f64; 2] = [20_000.0, 52_000.0];
/// Bytes of a field in the table of evidence, with two texts of a fixed length.
const ROW: f64 = 2_100.0;

/// Bytes of the results of `count` fields, not compressed; `zeros` says whether arrays take room that are zero everywhere.
pub fn expected_file_bytes<const D: usize>(
    extent: &Extent<D>,
    request: &BatchRequest,
    expected: &Expected,
    (count, zeros): (usize, bool),
    single_precision: bool,
) -> f64 {
    let (grid, width) = (&extent.grid, if single_precision { 4.0 } else { 8.0 });
    let closed = grid.axes().iter().all(|axis| axis.bounded()) && !extent.masked;
    let one_condition =
        matches!(expected.boundary, Some(Boundary::NoFlux | Boundary::ZeroPotential));
    let central = expected.method == Method::Central;
    let harmonic = (zeros || central || !(closed && one_condition)) && !request.choice.undivided;
    let remainder = zeros || expected.method.layout() == Layout::Faces;
    let kept = Kept { request, expected, harmonic, remainder };
    let numbers = kept.at_points(grid) + kept.on_faces(grid) + kept.at_edges(grid);
    let mask = if extent.masked { grid.cells() as f64 } else { 0.0 };
    let varies = extent.mask_varies && count > 1;
    let (mask_each, mask_once) = if varies { (2.0 * mask, 0.0) } else { (0.0, mask) };
    let (row, frame) = if count > 1 { (ROW, FRAME[1]) } else { (0.0, FRAME[0]) };
    let axes: usize = grid.axes().iter().map(|axis| 3 * axis.cells).sum();
    let of_each = numbers as f64 * width + mask_each + row;
    count as f64 * of_each + mask_once + 8.0 * axes as f64 + frame
}

/// What of a field takes room.
struct Kept<'a> {
    request: &'a BatchRequest,
    expected: &'a Expected,
    harmonic: bool,
    remainder: bool,
}

impl Kept<'_> {
    /// Numbers at the points: vectors, and the potential.
    fn at_points<const D: usize>(&self, grid: &Grid<D>) -> usize {
        let vectors = [
            (self.request.content.input, 1),
            (true, 2),
            (self.harmonic, 1),
            (self.request.five_parts, 3),
            (self.request.choice.all, 9),
            (self.remainder, 1),
        ];
        let given = vectors.iter().filter(|(given, _)| *given);
        (D * given.map(|(_, count)| count).sum::<usize>() + 1) * grid.cells()
    }

    /// Numbers on the faces: the input and the parts.
    fn on_faces<const D: usize>(&self, grid: &Grid<D>) -> usize {
        let Content { faces, input, .. } = self.request.content;
        let five = 3 * usize::from(self.request.five_parts);
        let vectors = usize::from(input) + 2 + usize::from(self.harmonic) + five;
        let all: usize = (0..D).map(|k| grid.len_at(Location::face(k))).sum();
        if faces { vectors * all } else { 0 }
    }

    /// Numbers at the edges, in 2D vertices: the potentials of the solenoidal part.
    fn at_edges<const D: usize>(&self, grid: &Grid<D>) -> usize {
        let on_faces = self.expected.method.layout() == Layout::Faces;
        let pairs = (0..D).flat_map(|i| (0..i).map(move |j| [i, j]));
        let axes = grid.axes();
        let along = |pair: [usize; 2], k: usize| {
            if on_faces && pair.contains(&k) { axes[k].faces() } else { axes[k].cells }
        };
        let edges = pairs.map(|pair| (0..D).map(|k| along(pair, k)).product::<usize>());
        if self.request.potentials { edges.sum() } else { 0 }
    }
}
