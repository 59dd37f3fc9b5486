//! From one level to the next: pairs of cells along the strongly coupled axes.

use super::couplings::{Couplings, Scalar};
use super::level::{Level, Lower};
use super::pairing::{Pairing, child_rows};
use super::transfer::Transfer;
use crate::poisson::shape::Shape;

/// Axes with at least this share of the strongest coupling are coarsened together.
const STRONG: f64 = 0.5;

/// The least share of its own coarse value that a cell beside walls takes.
const LEAST_SHARE: f64 = 0.125;

/// The next coarser level with the transfer to it, and the least eigenvalue of D⁻¹A that the
/// smoother has to deal with; `None` where nothing is left to coarsen.
///
/// Only the axes that couple strongest are coarsened, which makes the cells of an anisotropic
/// grid square first; the smoother then damps what the coarse level cannot hold at a rate that
/// does not depend on the aspect ratio.
pub fn coarsen<T: Scalar, const D: usize>(
    fine: &Level<T, D>,
) -> Option<(Level<T, D>, Transfer<T, D>, f64)> {
    let several = |k: &usize| fine.shape.cells[*k] > 1;
    let strongest = (0..D).filter(several).map(|k| fine.strength[k]).fold(0.0, f64::max);
    let halved: [bool; D] =
        std::array::from_fn(|k| several(&k) && fine.strength[k] >= STRONG * strongest);
    if strongest == 0.0 {
        return None;
    }
    let total: f64 = (0..D).filter(several).map(|k| fine.strength[k]).sum();
    let weakest = (0..D).filter(|&k| halved[k]).map(|k| fine.strength[k]);
    let lower = weakest.fold(f64::INFINITY, f64::min) / total;
    let pairings: [Pairing; D] =
        std::array::from_fn(|k| Pairing::new(&fine.widths[k], halved[k], fine.shape.wraps[k]));
    let shares = shares(fine, &pairings);
    let coarse = coarse_level(fine, &pairings);
    Some((coarse, Transfer::new(fine.shape, pairings, shares), lower))
}

/// What is left of its own coarse value for every cell once its neighbours and walls have had
/// theirs.
fn shares<T: Scalar, const D: usize>(fine: &Level<T, D>, pairings: &[Pairing; D]) -> Vec<T> {
    let shape = &fine.shape;
    let zero = T::default();
    let mut shares = vec![zero; shape.len()];
    shape.for_rows(&mut shares, |row, shares| {
        let index = shape.index_of(row);
        let active = shape.row(&fine.inverse_diagonal, row);
        let halved = || (0..D).filter(|&k| pairings[k].halved);
        let open: Vec<(usize, [Lower<T>; 2])> =
            halved().map(|k| (k, [0, 1].map(|side| beside(fine, k, row, index, side)))).collect();
        for i in (0..shape.cells[0]).filter(|&i| active[i + 1] > zero) {
            let mut share = 1.0;
            for (k, open) in &open {
                let (at, pairing) = (if *k == 0 { i } else { index[*k] }, &pairings[*k]);
                for (side, open) in open.iter().enumerate() {
                    if pairing.take_wall[side][at] == 0.0 {
                        continue;
                    }
                    // along x the upper side of a cell is the lower one of the next
                    let next = if *k == 0 && side == 1 { shape.beside(0, i, 1) } else { Some(i) };
                    let open = next.is_some_and(|i| open.at(i) > zero);
                    share -= match (open, &fine.walls) {
                        (true, _) => pairing.take[side][at],
                        (false, Some(_)) => pairing.take_wall[side][at],
                        (false, None) => 0.0,
                    };
                }
            }
            shares[i + 1] = T::rounded(share.max(LEAST_SHARE));
        }
    });
    shares
}

/// The couplings across the lower (0) or upper (1) side of a row along axis k, along x those to lower neighbours.
fn beside<T: Scalar, const D: usize>(
    level: &Level<T, D>,
    k: usize,
    row: usize,
    index: [usize; D],
    side: usize,
) -> Lower<'_, T> {
    if k == 0 || side == 0 {
        return level.lower(k, row);
    }
    level.shape.row_beside(index, k, 1).map_or(Lower::Absent, |above| level.lower(k, above))
}

/// The equation discretised anew on the pairs: open faces add up, distances between centres grow.
fn coarse_level<T: Scalar, const D: usize>(
    fine: &Level<T, D>,
    pairings: &[Pairing; D],
) -> Level<T, D> {
    let cells: [usize; D] = std::array::from_fn(|k| pairings[k].coarse);
    let wraps = std::array::from_fn(|k| fine.shape.wraps[k] && cells[k] > 1);
    let shape = Shape { cells, wraps };
    let couplings: [Vec<T>; D] =
        std::array::from_fn(|k| coarse_couplings(fine, pairings, &shape, k));
    let walls: Option<[Vec<T>; D]> = fine
        .walls
        .as_ref()
        .map(|walls| std::array::from_fn(|k| coarse_walls(fine, &walls[k], pairings, &shape, k)));
    let inverse_diagonal = inverse_diagonal(&shape, &couplings, walls.as_ref());
    let strength = std::array::from_fn(|k| {
        if pairings[k].halved { fine.strength[k] / 4.0 } else { fine.strength[k] }
    });
    let widths = std::array::from_fn(|k| pairings[k].widths.clone());
    let couplings = Couplings::Variable(couplings);
    Level { shape, couplings, inverse_diagonal, walls, widths, strength }
}

fn coarse_couplings<T: Scalar, const D: usize>(
    fine: &Level<T, D>,
    pairings: &[Pairing; D],
    shape: &Shape<D>,
    k: usize,
) -> Vec<T> {
    let mut couplings = vec![T::default(); shape.len()];
    if shape.cells[k] == 1 {
        return couplings;
    }
    let ratio: Vec<T> = (0..shape.cells[k])
        .map(|i| {
            let first = pairings[k].children(i, fine.shape.cells[k]).start;
            let distance = Pairing::spacing(&fine.widths[k], first);
            T::rounded(distance / Pairing::spacing(&pairings[k].widths, i))
        })
        .collect();
    let count = fine.shape.cells[k];
    gather(fine, pairings, shape, &mut couplings, |row, index, parent, out| {
        // Only the first of a pair has its lower face between two coarse cells.
        let lower = fine.lower(k, row);
        if k == 0 {
            for (parent, out) in out.iter_mut().enumerate() {
                *out += ratio[parent] * lower.at(pairings[0].children(parent, count).start);
            }
        } else if pairings[k].children(parent[k], count).start == index[k] {
            each_child(&pairings[0], fine.shape.cells[0], out, |i| ratio[parent[k]] * lower.at(i));
        }
    });
    let n = shape.cells[0];
    if k == 0 && shape.wraps[0] {
        couplings.chunks_exact_mut(shape.stride()).for_each(|row| row[n + 1] = row[1]);
    }
    couplings
}

fn coarse_walls<T: Scalar, const D: usize>(
    fine: &Level<T, D>,
    walls: &[T],
    pairings: &[Pairing; D],
    shape: &Shape<D>,
    k: usize,
) -> Vec<T> {
    let mut coarse = vec![T::default(); shape.len()];
    let ratio: Vec<T> = (0..fine.shape.cells[k])
        .map(|i| T::rounded(fine.widths[k][i] / pairings[k].widths[pairings[k].parent(i)]))
        .collect();
    gather(fine, pairings, shape, &mut coarse, |row, index, _, out| {
        let walls = &fine.shape.row(walls, row)[1..];
        let ratio = |i: usize| ratio[if k == 0 { i } else { index[k] }];
        each_child(&pairings[0], fine.shape.cells[0], out, |i| ratio(i) * walls[i]);
    });
    coarse
}

/// Lets `add` add to the cells of every coarse row what each of its rows (number, index) contributes.
fn gather<T: Scalar, const D: usize>(
    fine: &Level<T, D>,
    pairings: &[Pairing; D],
    shape: &Shape<D>,
    out: &mut [T],
    add: impl Fn(usize, [usize; D], [usize; D], &mut [T]) + Sync,
) {
    let n = shape.cells[0];
    shape.for_rows(out, |coarse_row, out| {
        let parent = shape.index_of(coarse_row);
        for index in child_rows(&fine.shape, pairings, parent) {
            add(fine.shape.row_at(index), index, parent, &mut out[1..=n]);
        }
    });
}

/// Adds `f(i)` for each of n cells i to its coarse cell.
#[inline(always)]
fn each_child<T: Scalar>(pairing: &Pairing, n: usize, out: &mut [T], f: impl Fn(usize) -> T) {
    for (parent, out) in out.iter_mut().enumerate() {
        pairing.children(parent, n).for_each(|i| *out += f(i));
    }
}

fn inverse_diagonal<T: Scalar, const D: usize>(
    shape: &Shape<D>,
    couplings: &[Vec<T>; D],
    walls: Option<&[Vec<T>; D]>,
) -> Vec<T> {
    let n = shape.cells[0];
    let zero = T::default();
    let mut inverse = vec![zero; shape.len()];
    shape.for_rows(&mut inverse, |row, out| {
        let index = shape.index_of(row);
        let out = &mut out[1..=n];
        let inner = |values: &'_ [T], row: usize, out: &mut [T]| {
            out.iter_mut().zip(&shape.row(values, row)[1..=n]).for_each(|(o, v)| *o += *v);
        };
        for (k, couplings) in couplings.iter().enumerate() {
            inner(couplings, row, out);
            if k == 0 {
                let upper = &shape.row(couplings, row)[2..];
                out.iter_mut().zip(upper).for_each(|(o, v)| *o += *v);
            } else if let Some(above) = shape.row_beside(index, k, 1) {
                inner(couplings, above, out);
            }
        }
        walls.into_iter().flatten().for_each(|walls| inner(walls, row, out));
        for o in out {
            *o = if *o > zero { T::rounded(1.0) / *o } else { zero };
        }
    });
    inverse
}
