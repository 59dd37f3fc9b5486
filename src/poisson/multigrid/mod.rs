//! Conjugate gradients preconditioned by a geometric V-cycle.

mod coarsen;
mod coarsest;
mod conjugate;
mod couplings;
mod cycle;
mod finest;
mod level;
mod pairing;
mod transfer;
mod uneven;

#[cfg(test)]
mod tests;

use super::residual::{Residual, Shifted};
use super::{Backend, NullSpace, Poisson, SolveError, SolveReport, accept};
use crate::boundary::Condition;
use crate::field::ScalarField;
use crate::grid::{Domain, Location};
use crate::operator::Stencil;
use conjugate::Iteration;
use couplings::Scalar;
use cycle::Hierarchy;
use finest::{Alike, Operator};
use uneven::{Anisotropy, Uneven};

/// The residual aimed at, relative to the scale of a solve.
const AIM: f64 = 1e-13;

/// The residual below which iterations may end without reaching the aim.
const ENOUGH: f64 = 1e-12;

/// The least eigenvalue, relative to the diagonal, that a cycle in f32 resolves.
const SINGLE: f64 = 2e-7;

/// By how much the ratio of the conductances along two axes may differ from cell to cell: the same axes are coarsened
/// everywhere, and steps at single cells smooth what varies along strongly coupled ones only.
const MOST_SPREAD: f64 = 40.0;

/// Iterations after which a solve has failed.
const MOST_ITERATIONS: usize = 500;

/// A hierarchy of coarser grids for one domain.
///
/// The conjugate gradients run in f64 on the exact operator, which is never stored as a matrix;
/// the V-cycle that preconditions them runs in f32 where
/// that resolves the smoothest modes (in f64 on very long or very stretched grids), with two Chebyshev-weighted Jacobi steps before and
/// after each coarse correction. Coarse grids pair cells along the strongly coupled axes only, so
/// that stretched grids converge like square ones, and keep the open area of their faces, so that
/// walls of a mask stay closed for as long as they can be resolved.
/// Setting up costs O(n), a solve about as many iterations whatever n; together they take 80 to
/// 135 bytes a cell.
pub struct Multigrid<const D: usize> {
    residual: Residual<D>,
    unknowns: usize,
    condition: Condition,
    null_space: NullSpace,
    operator: Operator<D>,
    hierarchy: Levels<D>,
}

/// The levels in the precision that resolves them.
enum Levels<const D: usize> {
    Single(Hierarchy<f32, D>),
    Double(Hierarchy<f64, D>),
}

impl<const D: usize> Multigrid<D> {
    /// Whether a domain with a metric is even enough.
    pub(super) fn fits(domain: &Domain<D>) -> bool {
        let spread = || Anisotropy::of(&Stencil::new(domain, Condition::Neumann)).spread;
        domain.metric().is_none() || spread() <= MOST_SPREAD
    }

    /// Builds the levels.
    ///
    /// # Errors
    /// A metric whose conductances along the axes have other ratios in other cells, such as those of a whole globe; a
    /// coarsest level that cannot be solved, which happens only with spacings too
    /// unequal for f32.
    pub fn new(domain: &Domain<D>, condition: Condition) -> Result<Multigrid<D>, SolveError> {
        let stencil = Stencil::new(domain, condition);
        let operator = match stencil.couplings() {
            Some(couplings) => {
                let alike = Alike::new(domain, couplings, stencil.across_wall());
                Operator::Alike(Box::new(alike))
            }
            None => {
                let Anisotropy { strength, spread } = Anisotropy::of(&stencil);
                if spread > MOST_SPREAD {
                    return Err(SolveError::Anisotropy { spread, most: MOST_SPREAD });
                }
                Operator::Uneven(Uneven::new(&stencil, strength))
            }
        };
        let hierarchy = if operator.least_eigenvalue() >= SINGLE {
            Hierarchy::new(operator.level()).map(Levels::Single)
        } else {
            Hierarchy::new(operator.level()).map(Levels::Double)
        };
        Ok(Multigrid {
            unknowns: domain.active_cells(),
            condition,
            null_space: NullSpace::new(domain, condition),
            residual: Residual::new(&stencil),
            operator,
            hierarchy: hierarchy.ok_or(SolveError::Coarsest { cells: domain.grid().cells() })?,
        })
    }

    /// Solves −∇·∇φ = rhs, which must be compatible, to ‖r‖ ≤ AIM·scale; also tells the
    /// iterations and the residual reached.
    fn iterate(&self, rhs: &[f64], scale: f64) -> (Vec<f64>, usize, f64) {
        let mut solution = vec![0.0; rhs.len()];
        let norm = rhs.iter().map(|f| f * f).sum::<f64>().sqrt();
        if norm <= AIM * scale {
            return (solution, 0, norm);
        }
        // With a right-hand side of norm 1, f32 has room for every residual down to rounding.
        let (factor, aim) = (1.0 / norm, AIM * scale / norm);
        let (iterations, left) = match &self.hierarchy {
            Levels::Single(h) => self.converge(h, rhs, factor, aim, &mut solution),
            Levels::Double(h) => self.converge(h, rhs, factor, aim, &mut solution),
        };
        (solution, iterations, left * norm)
    }

    fn converge<T: Scalar>(
        &self,
        hierarchy: &Hierarchy<T, D>,
        rhs: &[f64],
        factor: f64,
        aim: f64,
        solution: &mut [f64],
    ) -> (usize, f64) {
        let mut iteration = Iteration::new(&self.operator, hierarchy);
        let mut left = iteration.refresh(factor, rhs);
        let mut best = f64::INFINITY;
        // The residual is computed anew after each run, and rounding ends the improvement.
        while left > aim && left < 0.5 * best && iteration.iterations < MOST_ITERATIONS {
            best = left;
            iteration.run(aim, MOST_ITERATIONS);
            left = iteration.refresh(factor, rhs);
        }
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
        let ((mut values, iterations, left), ()) = rayon::join(solve, || ());
        if iterations >= MOST_ITERATIONS && left > ENOUGH * scale {
            return Err(SolveError::Residual {
                backend: Backend::Multigrid,
                residual: left / scale,
                allowed: ENOUGH,
                iterations,
            });
        }
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
        let found = accept(found, self.residual.norm(rhs, solution.values()), scale)?;
        Ok((solution, found))
    }
}
