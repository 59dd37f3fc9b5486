//! The one difference that all staggered operators are made of, and the sum of magnitudes that goes with it.

use crate::grid::{Grid, Location};
use rayon::prelude::*;

/// out += scale · δ_k(values), where `values` sits at `location` and `out` one toggle of k away.
///
/// From faces to cells: out_i = F_{i+1} − F_i. From cells to faces: out_i = c_i − c_{i−1}, with 0
/// beyond a wall. The two are minus each other's transpose. One read of `values`, one read and
/// one write of `out`.
pub fn add_difference<const D: usize>(
    grid: &Grid<D>,
    location: Location,
    k: usize,
    scale: f64,
    values: &[f64],
    out: &mut [f64],
) {
    add_pairs(grid, location, k, |lower, upper| scale * (upper - lower), values, out);
}

/// out += |lower| + |upper| of the values whose difference [`add_difference`] takes.
pub fn add_sizes<const D: usize>(
    grid: &Grid<D>,
    location: Location,
    k: usize,
    values: &[f64],
    out: &mut [f64],
) {
    add_pairs(grid, location, k, |lower, upper| lower.abs() + upper.abs(), values, out);
}

fn add_pairs<const D: usize>(
    grid: &Grid<D>,
    location: Location,
    k: usize,
    of: impl Fn(f64, f64) -> f64 + Sync,
    values: &[f64],
    out: &mut [f64],
) {
    let (_, n_in, inner) = grid.lanes(location, k);
    let n_out = grid.lanes(location.toggled(k), k).1;
    let axis = grid.axes()[k];
    let from_faces = location.on_face(k);
    let rows = |o: usize, i: usize| -> [Option<usize>; 2] {
        let sides = if from_faces { axis.faces_beside(i).map(Some) } else { axis.cells_beside(i) };
        sides.map(|i| i.map(|i| o * n_in + i))
    };
    if inner == 1 {
        out.par_chunks_mut(n_out).with_min_len(64).enumerate().for_each(|(o, out)| {
            let lane = &values[o * n_in..][..n_in];
            add_lane(from_faces, axis.bounded(), &of, lane, out);
        });
        return;
    }
    let least = 1 + 4096 / inner;
    out.par_chunks_mut(inner).with_min_len(least).enumerate().for_each(|(row, out)| {
        let [lower, upper] = rows(row / n_out, row % n_out);
        let slice = |r: usize| &values[r * inner..][..inner];
        match (lower.map(slice), upper.map(slice)) {
            (Some(a), Some(b)) => {
                for ((o, a), b) in out.iter_mut().zip(a).zip(b) {
                    *o += of(*a, *b);
                }
            }
            (Some(a), None) => out.iter_mut().zip(a).for_each(|(o, a)| *o += of(*a, 0.0)),
            (None, Some(b)) => out.iter_mut().zip(b).for_each(|(o, b)| *o += of(0.0, *b)),
            (None, None) => {}
        }
    });
}

/// The same for one contiguous lane.
fn add_lane(
    from_faces: bool,
    bounded: bool,
    of: impl Fn(f64, f64) -> f64,
    lane: &[f64],
    out: &mut [f64],
) {
    let n = lane.len();
    let inside = if from_faces { &mut out[..n - 1] } else { &mut out[1..n] };
    for (o, pair) in inside.iter_mut().zip(lane.windows(2)) {
        *o += of(pair[0], pair[1]);
    }
    match (from_faces, bounded) {
        (true, true) => {}
        (true, false) => out[n - 1] += of(lane[n - 1], lane[0]),
        (false, true) => {
            out[0] += of(0.0, lane[0]);
            out[n] += of(lane[n - 1], 0.0);
        }
        (false, false) => out[0] += of(lane[n - 1], lane[0]),
    }
}
