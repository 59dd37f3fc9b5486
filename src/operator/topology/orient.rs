//! The direction in which a loop in space is reported.

use super::path::{Loop, turns};
use crate::grid::{Grid, Location, unravel};

/// A loop in the direction that [`around_holes`](super::around_holes) documents.
pub(super) fn oriented<const D: usize>(grid: &Grid<D>, path: Loop) -> Loop {
    let turns = turns(grid, &path);
    let sign = match turns.into_iter().find(|turns| *turns != 0.0) {
        Some(turns) => turns,
        None => area(grid, &path).unwrap_or_default(),
    };
    if sign < 0.0 { path.reversed() } else { path }
}

/// The area it encloses, seen from the first of z, y and x from where there is one. `None` where it meets all planes of
/// a periodic axis, so that there is no seam to unroll it from.
fn area<const D: usize>(grid: &Grid<D>, path: &Loop) -> Option<f64> {
    let faces: Vec<(usize, [usize; D], f64)> = path
        .faces
        .iter()
        .map(|&(k, face, share)| (k, unravel(grid.shape_at(Location::face(k)), face), share))
        .collect();
    let seams: Option<Vec<usize>> = (0..D)
        .map(|k| {
            let crossed = |i: &usize| faces.iter().any(|(axis, at, _)| *axis == k && at[k] == *i);
            if grid.axes()[k].bounded() {
                Some(0)
            } else {
                (0..grid.shape()[k]).find(|i| !crossed(i))
            }
        })
        .collect();
    let seams = seams?;
    // From the seam: an edge of the path lies in the middle of a row of cells.
    let place = |at: &[usize; D], k: usize| {
        let n = grid.shape()[k];
        let cells = if grid.axes()[k].bounded() { at[k] } else { (at[k] + n - seams[k]) % n };
        cells as f64 * grid.axes()[k].spacing
    };
    let seen = |a: usize, b: usize| -> f64 {
        let terms = faces.iter().map(|(k, at, share)| {
            let step = share * grid.axes()[*k].spacing;
            match *k {
                k if k == b => place(at, a) * step,
                k if k == a => -place(at, b) * step,
                _ => 0.0,
            }
        });
        0.5 * terms.sum::<f64>()
    };
    let least = 0.25 * grid.least_spacing().powi(2);
    [(0, 1), (2, 0), (1, 2)].map(|(a, b)| seen(a, b)).into_iter().find(|area| area.abs() > least)
}
