//! Conjugate gradients preconditioned by a V-cycle.

mod algebraic;
mod coarsen;
mod coarsest;
mod conjugate;
mod couplings;
mod cycle;
mod finest;
mod level;
mod pairing;
mod preconditioner;
mod probe;
mod transfer;
mod uneven;

#[cfg(test)]
mod tests;

use super::residual::{Residual, Shifted};
use super::{Backend, NullSpace, Poisson, SolveError, SolveReport, accept_up_to, allowed_once};
use crate::boundary::Condition;
use crate::field::ScalarField;
use crate::grid::{Domain, Location};
use crate::operator::Stencil;
use algebraic::Algebraic;
pub(crate) use algebraic::level_bytes;
use conjugate::Iteration;
use couplings::Scalar;
use cycle::Hierarchy;
use finest::{Alike, Operator};
use preconditioner::Preconditioner;
use std::sync::OnceLock;
use uneven::Uneven;

/// The residual aimed at, relative to the scale of a solve.
const AIM: f64 = 1e-13;

/// The residual above which a solve by pairs of cells is taken up by levels made from the couplings.
const ENOUGH: f64 = 1e-12;

/// The least eigenvalue, relative to the diagonal, that a cycle in f32 resolves.
const SINGLE: f64 = 2e-7;

/// Iterations after which a solve has failed.
const MOST_ITERATIONS: usize = 500;

/// A hierarchy of coarser grids for one domain.
///
/// The conjugate gradients run in f64 on the exact operator, which is never stored as a matrix; a V-cycle with two
/// Chebyshev-weighted Jacobi steps before and after each coarse correction preconditions them.
///
/// Where all cells are alike the coarse grids pair cells along the strongly coupled axes, so that stretched grids
/// converge like square ones, and keep the open area of their faces, so that walls of a mask stay closed for as long as
/// they can be resolved; the cycle runs in f32 where that resolves the smoothest modes. Setting up costs O(n), a solve
/// about 15 iterations whatever n; together they take 80 to 135 bytes a cell.
///
/// With a metric, and where a trial solve of random numbers converges too slowly (mazes, thin and long domains), the
/// levels are made from the couplings alone, by classical algebraic multigrid in f64: 15 to 40 iterations, up to 500
/// bytes a cell. A solve that the pairs leave unfinished is finished by them.
pub struct Multigrid<const D: usize> {
    residual: Residual<D>,
    unknowns: usize,
    condition: Condition,
    null_space: NullSpace,
    stencil: Stencil<D>,
    operator: Operator<D>,
    /// Levels of paired cells, where those serve.
    paired: Option<Levels>,
    /// Levels made from the couplings, where they are called for.
    coupled: OnceLock<Result<Levels, SolveError>>,
    /// The residual that one solve may leave.
    allowed: f64,
}

/// The preconditioner in the precision that resolves the domain.
enum Levels {
    Single(Box<dyn Preconditioner<f32>>),
    Double(Box<dyn Preconditioner<f64>>),
}

impl Levels {
    /// Levels of paired cells; `None` with a metric, or where the coarsest one cannot be solved.
    fn of_pairs<const D: usize>(operator: &Operator<D>) -> Option<Levels> {
        let Operator::Alike(alike) = operator else { return None };
        Some(if alike.least_eigenvalue() >= SINGLE {
            Levels::Single(Box::new(Hierarchy::new(alike.level())?))
        } else {
            Levels::Double(Box::new(Hierarchy::new(alike.level())?))
        })
    }
}

impl<const D: usize> Multigrid<D> {
    /// Builds the levels.
    ///
    /// # Errors
    /// Levels that do not fit into the memory at hand, or cannot be solved, which happens only with couplings too unequal
    /// for f64.
    pub fn new(domain: &Domain<D>, condition: Condition) -> Result<Multigrid<D>, SolveError> {
        let stencil = Stencil::new(domain, condition);
        let operator = match stencil.couplings() {
            Some(couplings) => {
                let alike = Alike::new(domain, couplings, stencil.across_wall());
                Operator::Alike(Box::new(alike))
            }
            None => Operator::Uneven(Uneven::new(&stencil)),
        };
        let null_space = NullSpace::new(domain, condition);
        let serves = |levels: &Levels| probe::converges(domain, &null_space, &operator, levels);
        let paired = Levels::of_pairs(&operator).filter(serves);
        let solver = Multigrid {
            unknowns: domain.active_cells(),
            condition,
            null_space,
            residual: Residual::new(&stencil),
            stencil,
            operator,
            paired,
            coupled: OnceLock::new(),
            allowed: allowed_once(domain),
        };
        if solver.paired.is_none() {
            solver.coupled()?;
        }
        Ok(solver)
    }

    /// Levels made from the couplings.
    fn coupled(&self) -> Result<&Levels, SolveError> {
        let known = match self.coupled.get() {
            Some(known) => known,
            None => {
                // Outside of the lock, in which a thread of the pool must not wait for another.
                let (shape, unit) = (self.operator.shape(), self.operator.largest());
                let made = Algebraic::new(&self.stencil, shape, unit);
                let made = made.map(|levels| Levels::Double(Box::new(levels)));
                self.coupled.get_or_init(|| made)
            }
        };
        known.as_ref().map_err(SolveError::clone)
    }

    /// Solves −∇·∇φ = rhs, which must be compatible, to ‖r‖ ≤ AIM·scale; also tells the iterations.
    fn iterate(&self, rhs: &[f64], scale: f64) -> Result<(Vec<f64>, usize), SolveError> {
        let Some(paired) = &self.paired else {
            let (solution, iterations, _) = self.iterate_with(self.coupled()?, rhs, scale);
            return Ok((solution, iterations));
        };
        let (mut solution, mut iterations, left) = self.iterate_with(paired, rhs, scale);
        // Without memory for them, what the pairs left is judged.
        let unfinished = left.is_nan() || left > ENOUGH * scale;
        if let Some(levels) = unfinished.then(|| self.coupled().ok()).flatten() {
            let mut rest = self.residual.values(Shifted { values: rhs, shift: 0.0 }, &solution);
            self.null_space.remove(&mut rest);
            let (more, further, _) = self.iterate_with(levels, &rest, scale);
            solution.iter_mut().zip(more).for_each(|(x, more)| *x += more);
            iterations += further;
        }
        Ok((solution, iterations))
    }

    /// The solution, the iterations and ‖r‖.
    fn iterate_with(&self, levels: &Levels, rhs: &[f64], scale: f64) -> (Vec<f64>, usize, f64) {
        let mut solution = vec![0.0; rhs.len()];
        let norm = norm(rhs);
        if norm <= AIM * scale {
            return (solution, 0, norm);
        }
        // With a right-hand side of norm 1, f32 has room for every residual down to rounding.
        let (factor, aim) = (1.0 / norm, AIM * scale / norm);
        let (iterations, left) = match levels {
            Levels::Single(levels) => self.converge(&**levels, rhs, factor, aim, &mut solution),
            Levels::Double(levels) => self.converge(&**levels, rhs, factor, aim, &mut solution),
        };
        (solution, iterations, left * norm)
    }

    fn converge<T: Scalar>(
        &self,
        levels: &dyn Preconditioner<T>,
        rhs: &[f64],
        factor: f64,
        aim: f64,
        solution: &mut [f64],
    ) -> (usize, f64) {
        let mut iteration = Iteration::new(&self.operator, levels);
        let left = iteration.converge(factor, rhs, aim, MOST_ITERATIONS);
        iteration.write_solution(1.0 / (factor * self.operator.largest()), solution);
        (iteration.iterations, left)
    }
}

impl<const D: usize> Poisson<D> for Multigrid<D> {
    fn solve(
        &self,
        rhs: &ScalarField<D>,
        scale: f64,
    ) -> Result<(ScalarField<D>, SolveReport), SolveError> {
        let mut compatible = rhs.values().to_vec();
        self.null_space.remove(&mut compatible);
        let solve = || self.iterate(&compatible, scale);
        // On a thread of the pool, so that the many short sweeps need not be handed over.
        let (solved, ()) = rayon::join(solve, || ());
        let (mut values, iterations) = solved?;
        self.null_space.remove(&mut values);
        let solution = ScalarField::from_values(*rhs.grid(), Location::CELL, values)
            .expect("one value per cell");
        let found = SolveReport {
            backend: Backend::Multigrid,
            condition: self.condition,
            unknowns: self.unknowns,
            iterations,
            residual: 0.0,
        };
        let rhs = Shifted { values: &compatible, shift: 0.0 };
        let left = self.residual.norm(rhs, solution.values());
        let found = accept_up_to(self.allowed, found, left, scale)?;
        Ok((solution, found))
    }
}

fn norm(values: &[f64]) -> f64 {
    values.iter().map(|value| value * value).sum::<f64>().sqrt()
}
