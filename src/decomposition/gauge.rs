//! The vector potential on a box of uneven cells: sums of fluxes, and the gradient that makes them free of divergence.

use super::DecomposeError;
use super::fluxes::{Sums, is_free};
use crate::boundary::Condition;
use crate::field::{ScalarField, VectorField};
use crate::grid::{Axis, Domain, Grid, Location, Metric, Topology, ravel, unravel};
use crate::operator::{Calculus, Staggered, axis_pairs, box_axes};
use crate::poisson::{self, Poisson};

/// Passes of the solve for the gauge after the first.
const PASSES: usize = 3;

/// A of a field without divergence on a box in space with a metric, with ∇·A = 0 by the calculus of the box.
pub(super) fn uneven_potential<const D: usize>(
    calculus: &Staggered<D>,
    field: &VectorField<D>,
) -> Result<Vec<ScalarField<D>>, DecomposeError> {
    let mut around = Sums::of(calculus, field);
    let gauge = Gauge::new(calculus)?;
    if let Some(gauge) = &gauge {
        gauge.settle(&mut around)?;
    }
    remove_means(calculus, gauge.as_ref(), &mut around)?;
    let of_pair = |(pair, integrals): (usize, Vec<f64>)| {
        let (a, b) = axis_pairs::<D>()[pair];
        let per = |(at, integral): (usize, f64)| {
            let [_, length] = calculus.edge_sizes(pair, at);
            if length > 0.0 { integral / length } else { 0.0 }
        };
        let values = integrals.into_iter().enumerate().map(per).collect();
        ScalarField::from_values(*field.grid(), Location::edge(a, b), values)
            .expect("a value at each edge")
    };
    Ok(around.into_iter().enumerate().map(of_pair).collect())
}

/// Makes the mean of A 0 along axes where a field without divergence and curl is free.
fn remove_means<const D: usize>(
    calculus: &Staggered<D>,
    gauge: Option<&Gauge<D>>,
    around: &mut [Vec<f64>],
) -> Result<(), DecomposeError> {
    let free = is_free(calculus);
    let condition = if free { Condition::Neumann } else { Condition::Dirichlet };
    let constant = box_axes(calculus.domain().grid(), condition);
    for (pair, (a, b)) in axis_pairs::<D>().into_iter().enumerate() {
        if !constant.contains(&along(a, b)) {
            continue;
        }
        let sizes = (0..around[pair].len()).map(|at| calculus.edge_sizes(pair, at));
        let [areas, lengths]: [Vec<f64>; 2] =
            [0, 1].map(|which| sizes.clone().map(|sizes| sizes[which]).collect());
        let mut harmonic: Vec<Vec<f64>> = around.iter().map(|v| vec![0.0; v.len()]).collect();
        harmonic[pair] = lengths;
        if let Some(gauge) = gauge {
            gauge.settle(&mut harmonic)?;
        }
        let mean = |of: &[f64]| of.iter().zip(&areas).map(|(v, area)| v * area).sum::<f64>();
        let share = mean(&around[pair]) / mean(&harmonic[pair]);
        for (values, harmonic) in around.iter_mut().zip(&harmonic) {
            values.iter_mut().zip(harmonic).for_each(|(v, h)| *v -= share * h);
        }
    }
    Ok(())
}

/// The axis along the edges of two others in space.
fn along(a: usize, b: usize) -> usize {
    3 - a - b
}

/// The equation of the gauge, on the vertices where a gradient may be added.
struct Gauge<'a, const D: usize> {
    calculus: &'a Staggered<D>,
    grid: Grid<D>,
    /// Vertices at walls before the first of the equation: 1 where A is held there.
    skipped: [usize; D],
    solver: Box<dyn Poisson<D>>,
}

impl<'a, const D: usize> Gauge<'a, D> {
    /// `None` where there are no such vertices.
    fn new(calculus: &'a Staggered<D>) -> Result<Option<Gauge<'a, D>>, DecomposeError> {
        let (free, whole) = (is_free(calculus), calculus.domain().grid());
        let skipped = whole.axes().map(|axis| usize::from(axis.bounded() && !free));
        let count = |k: usize| whole.axes()[k].faces() - 2 * skipped[k];
        if (0..D).any(|k| count(k) == 0) {
            return Ok(None);
        }
        let axes = std::array::from_fn(|k| {
            Axis::over(0.0, count(k) as f64, count(k), whole.axes()[k].topology)
        });
        let grid = Grid::new(axes).expect("an axis of vertices");
        let [mut areas, mut distances] = [(); 2].map(|()| std::array::from_fn(|_| Vec::new()));
        for k in 0..D {
            let shape = grid.shape_at(Location::face(k));
            for face in 0..shape.iter().product() {
                let index = unravel(shape, face);
                let [area, length] = coupled(calculus, k, index, skipped);
                areas[k].push(area / length);
                // A wall where nothing is added is a whole distance away, not half of one.
                let at_end = [0, shape[k] - 1].contains(&index[k]);
                distances[k].push(if skipped[k] == 1 && at_end { 2.0 } else { 1.0 });
            }
        }
        let metric = Metric::given(&grid, areas, distances, vec![1.0; grid.cells()]);
        let domain = Domain::full(grid).with_metric(metric.expect("positive numbers"));
        let domain = domain.expect("the metric of this grid");
        let condition = if free { Condition::Neumann } else { Condition::Dirichlet };
        let solver = poisson::plan(&domain, condition, poisson::backend_for(&domain))?;
        Ok(Some(Gauge { calculus, grid, skipped, solver }))
    }

    /// Adds the gradient that takes ∇·A off.
    fn settle(&self, around: &mut Vec<Vec<f64>>) -> Result<(), DecomposeError> {
        let (mut right, size) = self.divergence(around);
        let norm = |values: &[f64]| values.iter().map(|v| v * v).sum::<f64>();
        for pass in 0..=PASSES {
            let field = ScalarField::from_values(self.grid, Location::CELL, right.clone());
            let solved = self.solver.solve(&field.expect("a value at each vertex"), size);
            let (potential, _) = match (solved, pass) {
                (Ok(solved), _) => solved,
                (Err(error), 0) => return Err(error.into()),
                (Err(_), _) => break,
            };
            let mut better = around.clone();
            self.each_end(|pair, edge, sign, vertex| {
                better[pair][edge] += sign * potential.values()[vertex];
            });
            let (now, _) = self.divergence(&better);
            if norm(&now) >= norm(&right) {
                break;
            }
            (*around, right) = (better, now);
        }
        Ok(())
    }

    /// Σ ± T A at the vertices, and how large it is without signs.
    fn divergence(&self, around: &[Vec<f64>]) -> (Vec<f64>, f64) {
        let (mut net, mut squares) = (vec![0.0; self.grid.cells()], 0.0);
        self.each_end(|pair, edge, sign, vertex| {
            let [area, length] = self.calculus.edge_sizes(pair, edge);
            let flux = area / length * around[pair][edge];
            net[vertex] -= sign * flux;
            squares += flux * flux;
        });
        (net, f64::sqrt(squares))
    }

    /// Calls `of` with every edge beside a vertex of the equation: its pair, its place, how A there counts a
    /// gradient towards the vertex, and the vertex.
    fn each_end(&self, mut of: impl FnMut(usize, usize, f64, usize)) {
        let whole = self.calculus.domain().grid();
        for vertex in 0..self.grid.cells() {
            let index = unravel(self.grid.shape(), vertex);
            let index: [usize; D] = std::array::from_fn(|k| index[k] + self.skipped[k]);
            for (pair, (a, b)) in axis_pairs::<D>().into_iter().enumerate() {
                let k = along(a, b);
                // (A_yz, −A_xz, A_xy) is the vector.
                let vector = if (a, b) == (0, 2) { -1.0 } else { 1.0 };
                let shape = whole.shape_at(Location::edge(a, b));
                let beside = whole.axes()[k].cells_beside(index[k]);
                for (cell, up) in beside.into_iter().zip([1.0, -1.0]) {
                    let Some(cell) = cell else { continue };
                    let mut edge = index;
                    edge[k] = cell;
                    of(pair, ravel(shape, edge), vector * up, vertex);
                }
            }
        }
    }
}

/// The sizes of the edge that a face of the grid of vertices stands for; at free walls, where there is none, of the
/// last before.
fn coupled<const D: usize>(
    calculus: &Staggered<D>,
    k: usize,
    mut index: [usize; D],
    skipped: [usize; D],
) -> [f64; 2] {
    let whole = calculus.domain().grid();
    let n = whole.axes()[k].cells;
    for (i, skipped) in index.iter_mut().zip(skipped) {
        *i += skipped;
    }
    index[k] = match whole.axes()[k].topology {
        Topology::Periodic => (index[k] + n - 1) % n,
        Topology::Bounded => index[k].saturating_sub(1).min(n - 1),
    };
    let pairs = axis_pairs::<D>();
    let pair = pairs.iter().position(|(a, b)| along(*a, *b) == k).expect("an axis of space");
    let (a, b) = pairs[pair];
    calculus.edge_sizes(pair, ravel(whole.shape_at(Location::edge(a, b)), index))
}
