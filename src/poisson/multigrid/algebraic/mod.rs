//! Levels made from the couplings alone, for cells too unlike, or walls too close, for levels made by pairing cells.

mod galerkin;
mod graph;
mod interpolation;
mod splitting;

#[cfg(test)]
mod tests;

use super::coarsest::Coarsest;
use super::cycle::{STEPS, chebyshev_weights};
use super::preconditioner::{LevelBuffers, Preconditioner};
use crate::machine::ensure_memory;
use crate::operator::Stencil;
use crate::poisson::SolveError;
use crate::poisson::shape::Shape;
use faer::Mat;
use galerkin::galerkin;
use graph::{Graph, sweep};
use interpolation::interpolation;
use splitting::{Strength, split};
use sprs::CsMatI;

/// Levels of at most this many vertices are solved directly.
const COARSEST: usize = 200;

/// The most vertices of a level that does not get coarser and is solved directly all the same.
const MOST_COARSEST: usize = 4000;

/// Bytes a cell while the levels are made, when they take most.
const BYTES: f64 = 500.0;

/// What the levels of so many active cells take.
pub fn level_bytes(cells: f64) -> f64 {
    BYTES * cells
}

/// A sparse matrix by rows.
type Matrix = CsMatI<f64, u32, usize>;

/// Columns and values of a row of a matrix.
#[inline(always)]
fn row(matrix: &Matrix, i: usize) -> (&[u32], &[f64]) {
    let entries = matrix.indptr().outer_inds_sz(i);
    (&matrix.indices()[entries.clone()], &matrix.data()[entries])
}

/// Classical algebraic multigrid in f64.
///
/// A level keeps the vertices that others depend on strongly ([`split`]), and is the Galerkin product with the
/// [`interpolation`] from them. Two Chebyshev-weighted Jacobi steps smooth before and after.
pub struct Algebraic {
    /// Where the values of active cells are stored.
    places: Vec<u32>,
    stored: usize,
    steps: Vec<Step>,
    last: usize,
    coarsest: Coarsest<f64>,
}

struct Step {
    graph: Graph,
    prolongation: Matrix,
    restriction: Matrix,
    weights: Vec<f64>,
}

impl Algebraic {
    /// Coarsens the Laplacian of a domain, divided by a coupling, until a level can be solved directly.
    ///
    /// # Errors
    /// Where there is no memory for them, or that fails.
    pub fn new<const D: usize>(
        stencil: &Stencil<D>,
        shape: &Shape<D>,
        unit: f64,
    ) -> Result<Algebraic, SolveError> {
        let failed = SolveError::Coarsest { cells: stencil.domain().grid().cells() };
        let unknowns = stencil.domain().active_cells();
        ensure_memory(level_bytes(unknowns as f64))
            .map_err(|shortage| SolveError::Levels { unknowns, shortage })?;
        if shape.len() > u32::MAX as usize {
            return Err(failed);
        }
        let (mut graph, places) = Graph::of_cells(stencil, shape, unit);
        let mut steps = Vec::new();
        while graph.len() > COARSEST {
            let strength = Strength::of(&graph);
            let coarse = split(&strength);
            let kept = coarse.iter().filter(|coarse| **coarse).count();
            if kept * 20 > graph.len() * 19 {
                break;
            }
            let prolongation = interpolation(&graph, &strength, &coarse);
            let (next, restriction) = galerkin(&graph, &prolongation);
            let most = graph.most();
            let weights = chebyshev_weights(STEPS, most / 8.0, most);
            steps.push(Step { graph, prolongation, restriction, weights });
            graph = next;
        }
        let last = graph.len();
        let coarsest = (last <= MOST_COARSEST).then(|| coarsest(&graph)).flatten();
        let coarsest = coarsest.ok_or(failed)?;
        Ok(Algebraic { places, stored: shape.len(), steps, last, coarsest })
    }

    fn descend(&self, steps: &[Step], buffers: &mut [LevelBuffers<f64>]) {
        let [here, below @ ..] = buffers else { unreachable!("one buffer per level") };
        let [Step { graph, prolongation, restriction, weights }, deeper @ ..] = steps else {
            return self.coarsest.solve(&here.right, &mut here.solution);
        };
        let LevelBuffers { right, solution, other } = here;
        graph.relax_from_zero(weights[0], right, solution);
        for &weight in &weights[1..] {
            graph.relax(weight, right, solution, other);
            std::mem::swap(solution, other);
        }
        graph.residual(right, solution, other);
        sweep(restriction, other, &mut below[0].right, |_, sum, out| *out = sum);
        self.descend(deeper, below);
        sweep(prolongation, &below[0].solution, solution, |_, sum, out| *out += sum);
        for &weight in weights.iter().rev() {
            graph.relax(weight, right, solution, other);
            std::mem::swap(solution, other);
        }
    }
}

impl Preconditioner<f64> for Algebraic {
    fn buffers(&self) -> Vec<LevelBuffers<f64>> {
        let levels = self.steps.iter().map(|step| step.graph.len()).chain([self.last]);
        [self.stored].into_iter().chain(levels).map(LevelBuffers::of).collect()
    }

    fn cycle(&self, buffers: &mut [LevelBuffers<f64>]) {
        let [stored, levels @ ..] = buffers else { unreachable!("one buffer per level") };
        let places = self.places.iter().map(|place| *place as usize);
        levels[0].right.iter_mut().zip(places.clone()).for_each(|(b, at)| *b = stored.right[at]);
        self.descend(&self.steps, levels);
        levels[0].solution.iter().zip(places).for_each(|(x, at)| stored.solution[at] = *x);
    }
}

fn coarsest(graph: &Graph) -> Option<Coarsest<f64>> {
    let vertices = graph.len();
    let mut matrix = Mat::zeros(vertices, vertices);
    for i in 0..vertices {
        let (columns, values) = row(&graph.couplings, i);
        columns.iter().zip(values).for_each(|(j, value)| matrix[(i, *j as usize)] = -value);
        matrix[(i, i)] = values.iter().sum::<f64>() + graph.walls[i];
    }
    let at_wall: Vec<bool> = graph.walls.iter().map(|wall| *wall > 0.0).collect();
    Coarsest::of(matrix, &at_wall)
}
