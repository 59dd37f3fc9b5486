//! From one level to the next: pairs of cells along the strongly coupled axes.

use super::level::Level;
use super::shape::Shape;
use super::stencil::{Couplings, Real};
use super::transfer::Transfer;

/// Axes with at least this share of the strongest coupling are coarsened together.
const STRONG: f64 = 0.5;

/// The least share of its own coarse value that a cell beside walls takes.
const LEAST_SHARE: f64 = 0.125;

/// How one axis is coarsened.
pub struct Pairing {
    /// Whether pairs are formed at all.
    pub halved: bool,
    /// Number of coarse cells; the last holds one cell where the number of cells is odd.
    pub coarse: usize,
    /// Widths of the coarse cells.
    widths: Vec<f64>,
    /// What a cell takes from the coarse value on its lower and upper side: linear interpolation.
    take: [Vec<f64>; 2],
    /// The same where a zero-potential wall is on that side.
    take_wall: [Vec<f64>; 2],
}

impl Pairing {
    fn new(widths: &[f64], halved: bool, wraps: bool) -> Pairing {
        let n = widths.len();
        let none = || [vec![0.0; n], vec![0.0; n]];
        if !halved {
            let (take, take_wall) = (none(), none());
            return Pairing { halved, coarse: n, widths: widths.to_vec(), take, take_wall };
        }
        let coarse: Vec<f64> = widths.chunks(2).map(|pair| pair.iter().sum()).collect();
        let (mut take, mut take_wall) = (none(), none());
        let m = coarse.len();
        for i in 0..n - n % 2 {
            let (own, side) = (i / 2, i % 2);
            // Half the other cell of the pair is how far this one lies from the pair's centre.
            let offset = 0.5 * widths[i ^ 1];
            take_wall[side][i] = offset / (0.5 * coarse[own]);
            let beside = match side {
                0 if own > 0 => own - 1,
                0 if wraps && m > 1 => m - 1,
                1 if own + 1 < m => own + 1,
                1 if wraps && m > 1 => 0,
                _ => continue,
            };
            take[side][i] = offset / (0.5 * (coarse[own] + coarse[beside]));
        }
        Pairing { halved, coarse: m, widths: coarse, take, take_wall }
    }

    /// The coarse cell a cell belongs to.
    pub fn parent(&self, i: usize) -> usize {
        if self.halved { i / 2 } else { i }
    }

    /// The cells of a coarse cell of an axis with n cells.
    pub fn children(&self, parent: usize, n: usize) -> std::ops::Range<usize> {
        if self.halved { 2 * parent..(2 * parent + 2).min(n) } else { parent..parent + 1 }
    }

    /// What every cell takes from its lower and upper side.
    pub fn takes<T: Real>(&self) -> [Vec<T>; 2] {
        self.take.clone().map(|t| t.into_iter().map(T::rounded).collect())
    }

    /// The distance of the centres of a cell and its lower neighbour.
    fn spacing(widths: &[f64], i: usize) -> f64 {
        0.5 * (widths[i] + widths[(i + widths.len() - 1) % widths.len()])
    }
}

/// The next coarser level with the transfer to it, and the least eigenvalue of D⁻¹A that the
/// smoother has to deal with; `None` where nothing is left to coarsen.
///
/// Only the axes that couple strongest are coarsened, which makes the cells of an anisotropic
/// grid square first; the smoother then damps what the coarse level cannot hold at a rate that
/// does not depend on the aspect ratio.
pub fn coarsen<T: Real, const D: usize>(
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
fn shares<T: Real, const D: usize>(fine: &Level<T, D>, pairings: &[Pairing; D]) -> Vec<T> {
    let shape = &fine.shape;
    let zero = T::default();
    let mut shares = vec![zero; shape.len()];
    shape.for_rows(&mut shares, |row, shares| {
        let index = shape.index_of(row);
        let active = shape.row(&fine.inverse_diagonal, row);
        for i in (0..shape.cells[0]).filter(|&i| active[i + 1] > zero) {
            let mut share = 1.0;
            for (k, pairing) in pairings.iter().enumerate().filter(|(_, p)| p.halved) {
                let at = if k == 0 { i } else { index[k] };
                for side in 0..2 {
                    if pairing.take_wall[side][at] == 0.0 {
                        continue;
                    }
                    let open = coupling_beside(fine, k, row, i, index, side) > zero;
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

/// The coupling of a cell to its lower (0) or upper (1) neighbour along axis k.
fn coupling_beside<T: Real, const D: usize>(
    level: &Level<T, D>,
    k: usize,
    row: usize,
    i: usize,
    index: [usize; D],
    side: usize,
) -> T {
    match (side, k) {
        (0, _) => level.lower_coupling(k, row, i),
        (_, 0) => {
            level.shape.beside(0, i, 1).map_or(T::default(), |i| level.lower_coupling(0, row, i))
        }
        _ => {
            let above = level.shape.row_beside(index, k, 1);
            above.map_or(T::default(), |row| level.lower_coupling(k, row, i))
        }
    }
}

/// The equation discretised anew on the pairs: open faces add up, distances between centres grow.
fn coarse_level<T: Real, const D: usize>(
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

fn coarse_couplings<T: Real, const D: usize>(
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
    gather(fine, pairings, shape, &mut couplings, |row, index, i, parent| {
        let (at, parent) = if k == 0 { (i, parent[0]) } else { (index[k], parent[k]) };
        // Only the first of a pair has its lower face between two coarse cells.
        let between = pairings[k].children(parent, fine.shape.cells[k]).start == at;
        if between { ratio[parent] * fine.lower_coupling(k, row, i) } else { T::default() }
    });
    let n = shape.cells[0];
    if k == 0 && shape.wraps[0] {
        couplings.chunks_exact_mut(shape.stride()).for_each(|row| row[n + 1] = row[1]);
    }
    couplings
}

fn coarse_walls<T: Real, const D: usize>(
    fine: &Level<T, D>,
    walls: &[T],
    pairings: &[Pairing; D],
    shape: &Shape<D>,
    k: usize,
) -> Vec<T> {
    let mut coarse = vec![T::default(); shape.len()];
    gather(fine, pairings, shape, &mut coarse, |row, index, i, parent| {
        let at = if k == 0 { i } else { index[k] };
        let ratio = fine.widths[k][at] / pairings[k].widths[parent[k]];
        T::rounded(ratio) * fine.shape.row(walls, row)[i + 1]
    });
    coarse
}

/// Adds up `f(row, index, i, parent)` over the cells of every coarse cell.
fn gather<T: Real, const D: usize>(
    fine: &Level<T, D>,
    pairings: &[Pairing; D],
    shape: &Shape<D>,
    out: &mut [T],
    f: impl Fn(usize, [usize; D], usize, [usize; D]) -> T + Sync,
) {
    shape.for_rows(out, |coarse_row, out| {
        let mut parent = shape.index_of(coarse_row);
        for index in child_rows(&fine.shape, pairings, parent) {
            let row = fine.shape.row_at(index);
            for i in 0..fine.shape.cells[0] {
                parent[0] = pairings[0].parent(i);
                out[parent[0] + 1] += f(row, index, i, parent);
            }
        }
    });
}

/// The indices of the rows that make up a coarse row.
pub fn child_rows<const D: usize>(
    fine: &Shape<D>,
    pairings: &[Pairing; D],
    parent: [usize; D],
) -> Vec<[usize; D]> {
    let mut rows = vec![[0; D]];
    for k in 1..D {
        let children = pairings[k].children(parent[k], fine.cells[k]);
        rows = children
            .flat_map(|i| {
                rows.iter().map(move |row| {
                    let mut row = *row;
                    row[k] = i;
                    row
                })
            })
            .collect();
    }
    rows
}

fn inverse_diagonal<T: Real, const D: usize>(
    shape: &Shape<D>,
    couplings: &[Vec<T>; D],
    walls: Option<&[Vec<T>; D]>,
) -> Vec<T> {
    let n = shape.cells[0];
    let zero = T::default();
    let mut inverse = vec![zero; shape.len()];
    shape.for_rows(&mut inverse, |row, out| {
        let index = shape.index_of(row);
        for i in 1..=n {
            let along_x = shape.row(&couplings[0], row);
            let mut sum = along_x[i] + along_x[i + 1];
            for (k, couplings) in couplings.iter().enumerate().skip(1) {
                sum += shape.row(couplings, row)[i];
                let above = shape.row_beside(index, k, 1);
                sum += above.map_or(zero, |r| shape.row(couplings, r)[i]);
            }
            sum += walls.map_or(zero, |w| w.iter().map(|w| shape.row(w, row)[i]).sum());
            out[i] = if sum > zero { T::rounded(1.0) / sum } else { zero };
        }
    });
    inverse
}
