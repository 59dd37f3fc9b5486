//! The hierarchy of levels and its V-cycle.

use super::coarsen::coarsen;
use super::coarsest::{Coarsest, dense};
use super::couplings::Scalar;
use super::level::Level;
use super::preconditioner::{LevelBuffers, Preconditioner};
use super::transfer::Transfer;

/// Levels of at most this many cells are solved directly.
const COARSEST: usize = 128;

/// Jacobi steps before and after the coarse correction.
pub const STEPS: usize = 2;

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

impl<T: Scalar, const D: usize> Hierarchy<T, D> {
    /// Coarsens until a level can be solved directly. `None` where that fails, see
    /// [`Coarsest::of`].
    pub fn new(finest: Level<T, D>) -> Option<Hierarchy<T, D>> {
        let mut steps = Vec::new();
        let mut level = finest;
        while level.shape.cells.iter().product::<usize>() > COARSEST {
            let Some((coarse, transfer, lower)) = coarsen(&level) else { break };
            level.walls = None;
            steps.push(Step { level, transfer, weights: chebyshev_weights(STEPS, lower, 2.0) });
            level = coarse;
        }
        let (matrix, at_wall) = dense(&level);
        let coarsest = Coarsest::of(matrix, &at_wall)?;
        Some(Hierarchy { steps, last: level, coarsest })
    }

    /// x = A⁺ b on the last level.
    fn solve_last(&self, b: &[T], x: &mut [T]) {
        let shape = &self.last.shape;
        let (n, stride) = (shape.cells[0], shape.stride());
        let inner: Vec<T> = b.chunks_exact(stride).flat_map(|row| &row[1..=n]).copied().collect();
        let mut solved = vec![T::default(); inner.len()];
        self.coarsest.solve(&inner, &mut solved);
        for (row, solved) in x.chunks_exact_mut(stride).zip(solved.chunks_exact(n)) {
            row[1..=n].copy_from_slice(solved);
            shape.close(row);
        }
    }

    fn descend(&self, steps: &[Step<T, D>], buffers: &mut [LevelBuffers<T>]) {
        let [here, below @ ..] = buffers else { unreachable!("one buffer per level") };
        let [Step { level, transfer, weights }, deeper @ ..] = steps else {
            return self.solve_last(&here.right, &mut here.solution);
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

/// One V-cycle from zero.
impl<T: Scalar, const D: usize> Preconditioner<T> for Hierarchy<T, D> {
    fn buffers(&self) -> Vec<LevelBuffers<T>> {
        let levels = self.steps.iter().map(|step| &step.level).chain([&self.last]);
        levels.map(|level| LevelBuffers::of(level.shape.len())).collect()
    }

    fn cycle(&self, buffers: &mut [LevelBuffers<T>]) {
        self.descend(&self.steps, buffers);
    }
}

/// The weights of the Jacobi steps whose product is the Chebyshev polynomial of that degree for eigenvalues of D⁻¹A
/// between `lower` and `upper`; 2 is the bound of a diagonally dominant matrix.
pub fn chebyshev_weights<T: Scalar>(degree: usize, lower: f64, upper: f64) -> Vec<T> {
    let (centre, radius) = (0.5 * (upper + lower), 0.5 * (upper - lower));
    let node = |j: usize| (std::f64::consts::PI * (j as f64 + 0.5) / degree as f64).cos();
    (0..degree).map(|j| T::rounded(1.0 / (centre + radius * node(j)))).collect()
}
