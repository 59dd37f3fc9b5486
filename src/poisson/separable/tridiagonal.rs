//! Tridiagonal systems along one axis, one for each combination of modes of the other axes.

use crate::boundary::Condition;
use crate::machine::wide;
use crate::transform::tile::{Band, bands};
use rayon::prelude::*;

/// Systems solved side by side.
const WIDTH: usize = 8;

/// Values of systems along x that a task takes at least.
const TASK: usize = 1 << 13;

/// Numbers of systems side by side.
type Side = [f64; WIDTH];

/// What all systems have in common.
pub(super) struct Line<'a> {
    /// The couplings across the faces of the axis.
    pub faces: &'a [f64],
    /// Whether the last cell is beside the first.
    pub ring: bool,
    pub condition: Condition,
}

impl Line<'_> {
    /// The couplings between cells j − 1 and j, 0 for j = 0, that between last and first cell, and those of the
    /// first and the last cell to walls.
    fn couplings(&self, n: usize) -> (Vec<f64>, f64, [f64; 2]) {
        let mut between = self.faces[..n].to_vec();
        let first = std::mem::take(&mut between[0]);
        match (self.ring, n) {
            (true, 1) => (between, 0.0, [0.0; 2]),
            (true, 2) => (vec![0.0, between[1] + first], 0.0, [0.0; 2]),
            (true, _) => (between, first, [0.0; 2]),
            (false, _) => {
                let wall = match self.condition {
                    Condition::Dirichlet => [2.0 * first, 2.0 * self.faces[n]],
                    Condition::Neumann => [0.0; 2],
                };
                (between, 0.0, wall)
            }
        }
    }

    /// Whether nothing ties constants down.
    #[cfg(feature = "sparse")]
    pub(super) fn floats(&self) -> bool {
        let ends = [self.faces[0], self.faces[self.faces.len() - 1]];
        self.ring || self.condition == Condition::Neumann || ends == [0.0; 2]
    }

    /// The matrix of Σ c (x − x′) for n cells, by row and column.
    #[cfg(feature = "sparse")]
    pub(super) fn matrix(&self, n: usize) -> impl Fn(usize, usize) -> f64 {
        let (between, closing, walls) = self.couplings(n);
        move |i, j| {
            let (low, high) = (i.min(j), i.max(j));
            if high > low {
                let closes = low == 0 && high + 1 == n && n > 2;
                let beside = if high == low + 1 { between[high] } else { 0.0 };
                return -beside - if closes { closing } else { 0.0 };
            }
            let [below, above] = [between[i], between.get(i + 1).copied().unwrap_or(0.0)];
            let ends = [i == 0, i + 1 == n].map(f64::from);
            below + above + ends[0] * (closing + walls[0]) + ends[1] * (closing + walls[1])
        }
    }
}

/// LDLᵀ of the systems Σ c (x − x′) + s x = b, all of whose couplings c and shifts s are at least 0.
///
/// Cells are eliminated one after the other, each joining its neighbours by couplings as resistors in a star are
/// replaced by those between its ends: only numbers of one sign are added, so that no digits are lost
/// however different the couplings are.
pub(super) struct Tridiagonal {
    n: usize,
    inner: usize,
    /// Couplings to the cell before.
    between: Vec<f64>,
    /// One over the pivots, group by group of systems.
    pivots: Vec<Side>,
    /// On a ring, the couplings to the last cell over the pivots.
    last: Vec<Side>,
}

impl Tridiagonal {
    /// Factors the systems along an axis of n cells, `inner` values apart; `shift` gives s at cell j of the system
    /// whose first value is stored at a place. Where nothing ties constants down, the last value is 0.
    pub(super) fn new(
        line: &Line,
        (n, inner, all): (usize, usize, usize),
        shift: impl Fn(usize, usize) -> f64 + Sync,
    ) -> Tridiagonal {
        let (between, closing, walls) = line.couplings(n);
        let groups: Vec<usize> = starts(n, inner, all).collect();
        let factor = |&start: &usize| {
            let place = |l: usize| if inner == 1 { start + l * n } else { start + l };
            let in_group = |l: usize| place(l) < end_of_group(start, n, inner, all);
            let (mut pivots, mut last) = (vec![[0.0; WIDTH]; n], vec![[0.0; WIDTH]; n]);
            for l in (0..WIDTH).filter(|l| in_group(*l)) {
                let (mut to_ground, mut to_last, mut last_to_ground) = (walls[0], closing, 0.0);
                for j in 0..n {
                    let s = shift(place(l), j);
                    to_ground += s;
                    let end = j + 1 == n;
                    // The cell before the last has one coupling to it.
                    let joined = if j + 2 == n { std::mem::take(&mut to_last) } else { 0.0 };
                    let on = if end { 0.0 } else { between[j + 1] + joined };
                    to_ground += if end { walls[1] + last_to_ground } else { 0.0 };
                    let to_end = if end { 0.0 } else { to_last };
                    let sum = on + to_end + to_ground;
                    let pivot = if sum == 0.0 { 0.0 } else { 1.0 / sum };
                    (pivots[j][l], last[j][l]) = (pivot, (to_end + joined) * pivot);
                    last_to_ground += to_end * pivot * to_ground;
                    to_last = to_end * pivot * on;
                    to_ground *= on * pivot;
                }
            }
            (pivots, if closing == 0.0 { Vec::new() } else { last })
        };
        let parts: Vec<_> = groups.par_iter().map(factor).collect();
        let (mut pivots, mut last) = (Vec::with_capacity(groups.len() * n), Vec::new());
        for (p, l) in parts {
            pivots.extend(p);
            last.extend(l);
        }
        Tridiagonal { n, inner, between, pivots, last }
    }

    /// Solves all systems in place.
    pub(super) fn solve(&self, values: &mut [f64]) {
        let (n, inner) = (self.n, self.inner);
        if inner == 1 {
            let groups = (TASK / (WIDTH * n)).max(1);
            let tasks = values.par_chunks_mut(groups * WIDTH * n).enumerate();
            return tasks.for_each_init(Vec::new, |work, (task, rows)| {
                for (i, rows) in rows.chunks_mut(WIDTH * n).enumerate() {
                    let mut lanes: Vec<&mut [f64]> = rows.chunks_mut(n).collect();
                    self.of_rows(task * groups + i, &mut lanes, work);
                }
            });
        }
        let in_slab = inner.div_ceil(WIDTH);
        // Whole groups, and several tasks for each thread.
        let width = inner.div_ceil(4 * rayon::current_num_threads()).next_multiple_of(4 * WIDTH);
        let slabs = values.par_chunks_mut(n * inner).enumerate();
        let all = slabs.flat_map(|(slab, values)| {
            let bands = bands(values, inner, width).into_par_iter().enumerate();
            bands.map(move |(band, rows)| (slab * in_slab + band * (width / WIDTH), rows))
        });
        all.for_each_init(Vec::new, |work, (first, mut band)| {
            for i in 0..band[0].len().div_ceil(WIDTH) {
                self.of_band(first + i, &mut band, i * WIDTH, work);
            }
        });
    }

    /// Systems along x.
    fn of_rows(&self, group: usize, rows: &mut [&mut [f64]], work: &mut Vec<Side>) {
        work.clear();
        work.resize(self.n, [0.0; WIDTH]);
        for (l, row) in rows.iter().enumerate() {
            work.iter_mut().zip(row.iter()).for_each(|(side, value)| side[l] = *value);
        }
        self.of_group(group, work);
        for (l, row) in rows.iter_mut().enumerate() {
            row.iter_mut().zip(work.iter()).for_each(|(value, side)| *value = side[l]);
        }
    }

    /// Systems along another axis, side by side in storage.
    fn of_band(&self, group: usize, band: &mut Band, column: usize, work: &mut Vec<Side>) {
        let width = WIDTH.min(band[0].len() - column);
        work.clear();
        work.resize(self.n, [0.0; WIDTH]);
        for (side, row) in work.iter_mut().zip(band.iter()) {
            side[..width].copy_from_slice(&row[column..][..width]);
        }
        self.of_group(group, work);
        for (side, row) in work.iter().zip(band.iter_mut()) {
            row[column..][..width].copy_from_slice(&side[..width]);
        }
    }

    fn of_group(&self, group: usize, values: &mut [Side]) {
        let pivots = &self.pivots[group * self.n..][..self.n];
        match self.last.get(group * self.n..) {
            Some(last) if !last.is_empty() => ring(&self.between, pivots, &last[..self.n], values),
            _ => chain(&self.between, pivots, values),
        }
    }
}

/// The first places of groups of systems.
fn starts(n: usize, inner: usize, all: usize) -> impl Iterator<Item = usize> {
    let (slab, step) = if inner == 1 { (all, WIDTH * n) } else { (inner, WIDTH) };
    let slabs = (0..all).step_by(if inner == 1 { all } else { n * inner });
    slabs.flat_map(move |first| (0..slab).step_by(step).map(move |i| first + i))
}

/// Where the systems end that stand beside the one at `start`.
fn end_of_group(start: usize, n: usize, inner: usize, all: usize) -> usize {
    if inner == 1 { all } else { start / (n * inner) * (n * inner) + inner }
}

wide! {
    /// Forward and back along a chain.
    fn chain<'a>(between: &'a [f64], pivots: &'a [Side], values: &'a mut [Side]) {
        let n = values.len();
        let mut before = [0.0; WIDTH];
        for j in 0..n {
            let (c, here) = (between[j], &mut values[j]);
            for l in 0..WIDTH {
                here[l] = (here[l] + c * before[l]) * pivots[j][l];
            }
            before = *here;
        }
        for j in (0..n - 1).rev() {
            let (c, here) = (between[j + 1], &mut values[j]);
            for l in 0..WIDTH {
                here[l] += c * pivots[j][l] * before[l];
            }
            before = *here;
        }
    }
}

wide! {
    /// The same where every cell is joined with the last too.
    fn ring<'a>(between: &'a [f64], pivots: &'a [Side], last: &'a [Side], values: &'a mut [Side]) {
        let n = values.len();
        let (mut before, mut gathered) = ([0.0; WIDTH], [0.0; WIDTH]);
        for j in 0..n {
            let (c, here) = (between[j], &mut values[j]);
            let end = j + 1 == n;
            for l in 0..WIDTH {
                let b = here[l] + c * before[l] + if end { gathered[l] } else { 0.0 };
                here[l] = b * pivots[j][l];
                gathered[l] += last[j][l] * b;
            }
            before = *here;
        }
        let end = before;
        for j in (0..n - 1).rev() {
            let (c, here) = (between[j + 1], &mut values[j]);
            for l in 0..WIDTH {
                here[l] += c * pivots[j][l] * before[l] + last[j][l] * end[l];
            }
            before = *here;
        }
    }
}
