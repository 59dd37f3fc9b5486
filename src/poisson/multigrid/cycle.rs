//! The hierarchy of levels and its V-cycle.

use super::coarsen::coarsen;
use super::coarsest::Coarsest;
use super::couplings::Scalar;
use super::level::{Level, chebyshev_weights};
use super::transfer::Transfer;

/// Levels of at most this many cells are solved directly.
const COARSEST: usize = 128;

/// Jacobi steps before and after the coarse correction.
const STEPS: usize = 2;

struct Step<T, const D: usize> {
    level: Level<T, D>,
    transfer: Transfer<T, D>,
    weights: Vec<T>,
}

/// All levels, from the finest to the one solved directly.
pub struct Hierarchy<T, const D: usize> {
    steps: Vec<Step<T, D>>,
    last: Level<T, D>,
    coarsest: Coarsest<T>,
}

/// Working space of one level.
pub struct LevelBuffers<T> {
    pub right: Vec<T>,
    pub solution: Vec<T>,
    other: Vec<T>,
}

impl<T: Scalar, const D: usize> Hierarchy<T, D> {
    /// Coarsens until a level can be solved directly. `None` where that fails, see
    /// [`Coarsest::new`].
    pub fn new(finest: Level<T, D>) -> Option<Hierarchy<T, D>> {
        let mut steps = Vec::new();
        let mut level = finest;
        while level.shape.cells.iter().product::<usize>() > COARSEST {
            let Some((coarse, transfer, lower)) = coarsen(&level) else { break };
            level.walls = None;
            steps.push(Step { level, transfer, weights: chebyshev_weights(STEPS, lower) });
            level = coarse;
        }
        let coarsest = Coarsest::new(&level)?;
        Some(Hierarchy { steps, last: level, coarsest })
    }

    /// Working space for one solve.
    pub fn buffers(&self) -> Vec<LevelBuffers<T>> {
        let levels = self.steps.iter().map(|s| &s.level).chain([&self.last]);
        levels
            .map(|level| {
                let zeros = || vec![T::default(); level.shape.len()];
                LevelBuffers { right: zeros(), solution: zeros(), other: zeros() }
            })
            .collect()
    }

    /// One V-cycle from zero: solution ≈ A⁺ right in the first buffer. As a linear map it is
    /// symmetric and positive.
    pub fn cycle(&self, buffers: &mut [LevelBuffers<T>]) {
        self.descend(&self.steps, buffers);
    }

    fn descend(&self, steps: &[Step<T, D>], buffers: &mut [LevelBuffers<T>]) {
        let [here, below @ ..] = buffers else { unreachable!("one buffer per level") };
        let [Step { level, transfer, weights }, deeper @ ..] = steps else {
            return self.coarsest.solve(&self.last, &here.right, &mut here.solution);
        };
        let coarse_shape = deeper.first().map_or(self.last.shape, |step| step.level.shape);
        let LevelBuffers { right, solution, other } = here;
        level.relax_from_zero(weights[0], right, solution);
        for &weight in &weights[1..] {
            level.relax(weight, right, solution, other);
            std::mem::swap(solution, other);
        }
        level.residual(right, solution, other);
        transfer.restrict(level, other, &coarse_shape, &mut below[0].right);
        self.descend(deeper, below);
        transfer.prolong(level, &coarse_shape, &below[0].solution, other, solution);
        for &weight in weights.iter().rev() {
            level.relax(weight, right, solution, other);
            std::mem::swap(solution, other);
        }
    }
}
