//! How long the file with the results of a series becomes.

use super::BatchRequest;
use super::memory::Expected;
use crate::boundary::Boundary;
use crate::decomposition::Method;
use crate::grid::{Grid, Location};
use crate::source::Extent;

/// What HDF5 takes besides the numbers: names, attributes, places.
const FRAME: f64 = 40_000.0;
/// Bytes of a field in the table of evidence, with two texts of a fixed length.
const ROW: f64 = 2_100.0;

/// Bytes of the results of `count` fields, not compressed; a field that is alone in a file leaves out what is zero.
pub fn expected_file_bytes<const D: usize>(
    extent: &Extent<D>,
    request: &BatchRequest,
    expected: &Expected,
    (count, alone): (usize, bool),
    single_precision: bool,
) -> f64 {
    let (grid, width) = (&extent.grid, if single_precision { 4.0 } else { 8.0 });
    let numbers = at_points(extent, request, expected, alone) + elsewhere(grid, request, expected);
    let cells = grid.cells() as f64;
    let mask = if extent.masked { cells } else { 0.0 };
    let (mask_each, mask_once) =
        if extent.mask_varies && !alone { (2.0 * mask, 0.0) } else { (0.0, mask) };
    let row = if alone { 0.0 } else { ROW };
    let axes: usize = grid.axes().iter().map(|axis| 3 * axis.cells).sum();
    let of_each = numbers * width + mask_each + row;
    count as f64 * of_each + mask_once + 8.0 * axes as f64 + FRAME
}

/// Numbers at the points.
fn at_points<const D: usize>(
    extent: &Extent<D>,
    request: &BatchRequest,
    expected: &Expected,
    alone: bool,
) -> f64 {
    let staggered = expected.method == Method::Staggered;
    let closed = extent.grid.axes().iter().all(|axis| axis.bounded()) && !extent.masked;
    let one_condition =
        matches!(expected.boundary, Some(Boundary::NoFlux | Boundary::ZeroPotential));
    // What is known to be zero everywhere takes no room in a file by itself.
    let harmonic = !(alone && closed && one_condition) && !request.choice.undivided;
    let vectors = [
        (request.content.input, 1),
        (true, 2),
        (harmonic, 1),
        (request.five_parts, 3),
        (request.choice.all, 9),
        (staggered || !alone, 1),
    ];
    let vectors: usize = vectors.iter().filter(|(given, _)| *given).map(|(_, count)| count).sum();
    ((D * vectors + 1) * extent.grid.cells()) as f64
}

/// Numbers on faces and at edges.
fn elsewhere<const D: usize>(grid: &Grid<D>, request: &BatchRequest, expected: &Expected) -> f64 {
    let faces: usize = (0..D).map(|k| grid.len_at(Location::face(k))).sum();
    let parts = if request.choice.undivided { 2 } else { 3 };
    let on_faces = usize::from(request.content.input) + parts + 3 * usize::from(request.five_parts);
    let on_faces = if request.content.faces { on_faces * faces } else { 0 };
    let pairs = (0..D).flat_map(|i| (0..i).map(move |j| (i, j)));
    let edge = |(i, j): (usize, usize)| {
        let staggered = expected.method == Method::Staggered;
        (0..D)
            .map(|k| {
                if staggered && (k == i || k == j) {
                    grid.axes()[k].faces()
                } else {
                    grid.axes()[k].cells
                }
            })
            .product::<usize>()
    };
    let rotation: usize = if request.potentials { pairs.map(edge).sum() } else { 0 };
    (on_faces + rotation) as f64
}
