//! Solves with a factor, for several right-hand sides at once.

use super::super::residual::Shifted;
use super::super::{Backend, Poisson, SolveReport, Solved, accept_up_to};
use super::Cholesky;
use super::substitution::Factor;
use crate::field::ScalarField;
use crate::grid::Location;
use crate::machine::zeros;
use rayon::prelude::*;
use std::borrow::Cow;

/// Right-hand sides substituted together: L is read once for all of them.
const TOGETHER: usize = 8;

/// Residuals above this, relative to the scale of the solve, are refined once.
const REFINED: f64 = 2e-13;

/// Cells a thread takes at a time.
const PORTION: usize = 1 << 12;

/// The place of a cell outside the mask.
pub const NOWHERE: u32 = u32::MAX;

/// A right-hand side without its component in the null space.
struct Right<'a> {
    values: Cow<'a, [f64]>,
    /// Still to be subtracted from every value.
    shift: f64,
}

impl Right<'_> {
    fn shifted(&self) -> Shifted<'_> {
        Shifted { values: &self.values, shift: self.shift }
    }
}

impl<const D: usize> Cholesky<D> {
    /// Solves for K right-hand sides, or fewer, reading L once.
    fn solve_together<const K: usize>(
        &self,
        rhs: &[ScalarField<D>],
        scales: &[f64],
    ) -> Vec<Solved<D>> {
        let right: Vec<Right> =
            rhs.iter().map(|rhs| self.compatible(Cow::Borrowed(rhs.values()))).collect();
        let mut solutions: Vec<ScalarField<D>> =
            rhs.iter().map(|rhs| ScalarField::zeros(*rhs.grid(), Location::CELL)).collect();
        self.substitute::<K>(&right, &mut solutions, false);
        let mut norms = self.norms(&right, &solutions);
        if norms.iter().zip(scales).any(|(norm, scale)| *norm > REFINED * scale) {
            let left = right.iter().zip(&solutions);
            let left: Vec<Right> = left
                .map(|(right, solution)| {
                    let left = self.residual.values(right.shifted(), solution.values());
                    self.compatible(Cow::Owned(left))
                })
                .collect();
            self.substitute::<K>(&left, &mut solutions, true);
            norms = self.norms(&right, &solutions);
        }
        let each = solutions.into_iter().zip(norms).zip(scales);
        each.map(|((solution, norm), &scale)| {
            let found = SolveReport {
                backend: Backend::Cholesky,
                condition: self.condition,
                unknowns: self.cells.len(),
                iterations: 0,
                residual: 0.0,
            };
            Ok((solution, accept_up_to(self.allowed, found, norm, scale)?))
        })
        .collect()
    }

    /// The solution for a source, without refinement.
    pub(super) fn solution_of(&self, source: Vec<f64>) -> Vec<f64> {
        let mut solution = [ScalarField::zeros(self.grid, Location::CELL)];
        self.substitute::<1>(&[self.compatible(Cow::Owned(source))], &mut solution, false);
        let [solution] = solution;
        solution.into_values()
    }

    /// Removes the component in the null space, on a box without a pass over the values.
    fn compatible<'a>(&self, mut values: Cow<'a, [f64]>) -> Right<'a> {
        if let Some(shift) = self.null_space.mean_of_box(&values) {
            return Right { values, shift };
        }
        self.null_space.remove(values.to_mut());
        Right { values, shift: 0.0 }
    }

    /// Sets or adds to the solutions what belongs to right-hand sides.
    fn substitute<const K: usize>(
        &self,
        rhs: &[Right],
        solutions: &mut [ScalarField<D>],
        add: bool,
    ) {
        let mut space = self.spare.take(Vec::new);
        if space.len() < K * self.cells.len() {
            *space = zeros(K * self.cells.len());
        }
        let (unknowns, _) = space[..K * self.cells.len()].as_chunks_mut::<K>();
        let pairs = unknowns.par_chunks_mut(PORTION).zip(self.cells.par_chunks(PORTION));
        pairs.for_each(|(unknowns, cells)| {
            for (unknown, &cell) in unknowns.iter_mut().zip(cells) {
                for (x, right) in unknown.iter_mut().zip(rhs) {
                    *x = right.values[cell as usize] - right.shift;
                }
                unknown[rhs.len()..].fill(0.0);
            }
        });
        Factor { layout: &self.layout, values: &self.values }.solve(&self.whole, unknowns);
        self.spread(unknowns, solutions, add);
    }

    /// Puts unknowns where their cells are, with what the pinned cells took and without the null space.
    fn spread<const K: usize>(
        &self,
        unknowns: &[[f64; K]],
        solutions: &mut [ScalarField<D>],
        add: bool,
    ) {
        let taken = self.pinned.taken(unknowns);
        let component = |cell| if taken.len() < 2 { 0 } else { self.null_space.component(cell) };
        let mean = self.null_space.mean_of_box_rows(unknowns);
        let mut blocks: Vec<Vec<&mut [f64]>> = Vec::new();
        for solution in solutions.iter_mut() {
            for (i, block) in solution.values_mut().chunks_mut(PORTION).enumerate() {
                match blocks.get_mut(i) {
                    Some(blocks) => blocks.push(block),
                    None => blocks.push(vec![block]),
                }
            }
        }
        blocks.into_par_iter().enumerate().for_each(|(i, mut blocks)| {
            let places = self.places[i * PORTION..].iter().take(PORTION).enumerate();
            for (at, &place) in places.filter(|(_, place)| **place != NOWHERE) {
                let cell = i * PORTION + at;
                let taken = taken.get(component(cell)).unwrap_or(&[0.0; K]);
                let relief = self.pinned.relief.get(cell).copied().unwrap_or(0.0);
                let unknown = &unknowns[place as usize];
                for (k, block) in blocks.iter_mut().enumerate() {
                    let value = unknown[k] + relief * taken[k] - mean[k];
                    block[at] = if add { block[at] + value } else { value };
                }
            }
        });
        if self.places.len() != self.cells.len() {
            solutions.par_iter_mut().for_each(|s| self.null_space.remove(s.values_mut()));
        }
    }

    fn norms(&self, rhs: &[Right], solutions: &[ScalarField<D>]) -> Vec<f64> {
        let norm = |(right, solution): (&Right, &ScalarField<D>)| {
            self.residual.norm(right.shifted(), solution.values())
        };
        rhs.par_iter().zip(solutions).map(norm).collect()
    }
}

impl<const D: usize> Poisson<D> for Cholesky<D> {
    fn solve(&self, rhs: &ScalarField<D>, scale: f64) -> Solved<D> {
        let mut solved = self.solve_together::<1>(std::slice::from_ref(rhs), &[scale]);
        solved.pop().expect("one solution for one right-hand side")
    }

    fn solve_many(&self, rhs: &[ScalarField<D>], scales: &[f64]) -> Vec<Solved<D>> {
        let groups = rhs.chunks(TOGETHER).zip(scales.chunks(TOGETHER));
        groups
            .flat_map(|(rhs, scales)| match rhs.len() {
                1 => self.solve_together::<1>(rhs, scales),
                _ => self.solve_together::<TOGETHER>(rhs, scales),
            })
            .collect()
    }
}
