//! Restriction and prolongation between two levels.

use super::couplings::{Couplings, Scalar, add};
use super::level::Level;
use super::pairing::{Pairing, child_rows};
use crate::poisson::shape::Shape;

/// Prolongation P = W·J, where J copies the value of a coarse cell to its cells and W exchanges
/// shares with the neighbours outside the own pair, which makes it linear interpolation wherever
/// no wall is in between. Restriction is Pᵀ = Jᵀ·Wᵀ.
pub struct Transfer<T, const D: usize> {
    pairings: [Pairing; D],
    /// The diagonal of W.
    shares: Vec<T>,
    /// What a cell takes from its lower and upper neighbour along each axis.
    take: [[Vec<T>; 2]; D],
    /// What a cell gives to them: the transpose of `take`.
    give: [[Vec<T>; 2]; D],
}

impl<T: Scalar, const D: usize> Transfer<T, D> {
    /// From how each axis is paired and the diagonal of W.
    pub fn new(fine: Shape<D>, pairings: [Pairing; D], shares: Vec<T>) -> Transfer<T, D> {
        let take: [[Vec<T>; 2]; D] = std::array::from_fn(|k| pairings[k].takes());
        let give = std::array::from_fn(|k| {
            std::array::from_fn(|side| {
                let given =
                    |i| fine.beside(k, i, side).map_or(T::default(), |j| take[k][1 - side][j]);
                (0..fine.cells[k]).map(given).collect()
            })
        });
        Transfer { pairings, shares, take, give }
    }

    /// coarse = Pᵀ fine.
    pub fn restrict(
        &self,
        level: &Level<T, D>,
        fine: &[T],
        coarse_shape: &Shape<D>,
        coarse: &mut [T],
    ) {
        let n = level.shape.cells[0];
        coarse_shape.for_rows(coarse, |row, out| {
            out.fill(T::default());
            let mut line = vec![T::default(); level.shape.stride()];
            for index in child_rows(&level.shape, &self.pairings, coarse_shape.index_of(row)) {
                self.exchange(level, &self.give, index, fine, &mut line);
                let (out, line) = (&mut out[1..], &line[1..=n]);
                if self.pairings[0].halved {
                    let pairs = line.chunks_exact(2);
                    if let [last] = pairs.remainder() {
                        out[n / 2] += *last;
                    }
                    out.iter_mut().zip(pairs).for_each(|(o, pair)| *o += pair[0] + pair[1]);
                } else {
                    out.iter_mut().zip(line).for_each(|(o, value)| *o += *value);
                }
            }
            // The ghosts of a right-hand side are never read.
        });
    }

    /// fine += P coarse, with `copied` as working space.
    pub fn prolong(
        &self,
        level: &Level<T, D>,
        coarse_shape: &Shape<D>,
        coarse: &[T],
        copied: &mut [T],
        fine: &mut [T],
    ) {
        let shape = &level.shape;
        let (n, zero) = (shape.cells[0], T::default());
        shape.for_rows(copied, |row, out| {
            let index = shape.index_of(row);
            let parent = std::array::from_fn(|k| self.pairings[k].parent(index[k]));
            let coarse = &coarse_shape.row(coarse, coarse_shape.row_at(parent))[1..];
            if self.pairings[0].halved {
                for (pair, value) in out[1..=n].chunks_mut(2).zip(coarse) {
                    pair.fill(*value);
                }
            } else {
                out[1..=n].copy_from_slice(&coarse[..n]);
            }
            let active = shape.row(&level.inverse_diagonal, row);
            out.iter_mut().zip(active).for_each(|(o, d)| *o = if *d > zero { *o } else { zero });
            shape.close(out);
        });
        let copied = &*copied;
        shape.for_rows(fine, |row, out| {
            let mut line = vec![T::default(); shape.stride()];
            self.exchange(level, &self.take, shape.index_of(row), copied, &mut line);
            out[1..=n].iter_mut().zip(&line[1..=n]).for_each(|(o, value)| *o += *value);
            shape.close(out);
        });
    }

    /// One row of W (with `take`) or Wᵀ (with `give`) times values that are 0 outside the mask.
    fn exchange(
        &self,
        level: &Level<T, D>,
        weights: &[[Vec<T>; 2]; D],
        index: [usize; D],
        values: &[T],
        out: &mut [T],
    ) {
        let shape = &level.shape;
        let (n, row, zero) = (shape.cells[0], shape.row_at(index), T::default());
        let here = shape.row(values, row);
        let out = &mut out[1..=n];
        let shares = &shape.row(&self.shares, row)[1..=n];
        for ((o, share), value) in out.iter_mut().zip(shares).zip(&here[1..=n]) {
            *o = *share * *value;
        }
        if self.pairings[0].halved {
            for (side, weights) in weights[0].iter().enumerate() {
                let beside = &here[2 * side..][..n];
                if let Couplings::Variable(c) = &level.couplings {
                    let open = &shape.row(&c[0], row)[1 + side..][..n];
                    for (((o, w), v), c) in out.iter_mut().zip(weights).zip(beside).zip(open) {
                        *o += if *c > zero { *w * *v } else { zero };
                    }
                } else {
                    for ((o, w), v) in out.iter_mut().zip(weights).zip(beside) {
                        *o += *w * *v;
                    }
                }
            }
        }
        for k in 1..D {
            for (side, weights) in weights[k].iter().enumerate() {
                let weight = weights[index[k]];
                let Some(beside) = shape.row_beside(index, k, side).filter(|_| weight > zero)
                else {
                    continue;
                };
                let values = &shape.row(values, beside)[1..=n];
                let Couplings::Variable(c) = &level.couplings else {
                    add(out, weight, values);
                    continue;
                };
                let open = &shape.row(&c[k], if side == 0 { row } else { beside })[1..=n];
                for ((o, v), c) in out.iter_mut().zip(values).zip(open) {
                    *o += if *c > zero { weight * *v } else { zero };
                }
            }
        }
        let active = &shape.row(&level.inverse_diagonal, row)[1..=n];
        out.iter_mut().zip(active).for_each(|(o, d)| *o = if *d > zero { *o } else { zero });
    }
}
