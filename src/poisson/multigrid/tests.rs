//! Iteration counts, and agreement with the factored matrix.

mod unlike;

use super::*;
use crate::boundary::Boundary;
use crate::field::{Layout, VectorField};
use crate::grid::{Axis, Grid, Metric, Topology, unravel};
use crate::operator::Staggered;
use crate::operator::with_density;
use crate::poisson::Cholesky;
use crate::random::Random;

const CONDITIONS: [Condition; 2] = [Condition::Neumann, Condition::Dirichlet];

struct Problem<const D: usize> {
    domain: Domain<D>,
    condition: Condition,
    rhs: ScalarField<D>,
    scale: f64,
}

/// The equation of a random staggered field. `mask` is asked with positions between 0 and 1.
fn problem<const D: usize>(
    cells: [usize; D],
    spacing: [f64; D],
    topology: [Topology; D],
    condition: Condition,
    mut mask: impl FnMut([f64; D]) -> bool,
) -> Problem<D> {
    let axes: [Axis; D] = std::array::from_fn(|k| {
        Axis::over(0.0, spacing[k] * cells[k] as f64, cells[k], topology[k])
    });
    let grid = Grid::new(axes).unwrap();
    let inside = |cell: usize| {
        let at = unravel(cells, cell);
        mask(std::array::from_fn(|k| (at[k] as f64 + 0.5) / cells[k] as f64))
    };
    let active: Vec<bool> = (0..grid.cells()).map(inside).collect();
    of_domain(Domain::masked(grid, active).unwrap(), condition)
}

/// The same on any domain.
fn of_domain<const D: usize>(domain: Domain<D>, condition: Condition) -> Problem<D> {
    let grid = *domain.grid();
    let calculus = Staggered::new(domain.clone(), Boundary::NoFlux);
    let mut random = Random::new(12345);
    let mut v = VectorField::zeros(grid, Layout::Faces);
    for k in 0..D {
        v.component_mut(k).values_mut().iter_mut().for_each(|v| *v = random.next());
    }
    v.clear_outside(&domain);
    let (rhs, scale) = (calculus.net_flux(&v, condition, -1.0), calculus.flux_size(&v));
    Problem { domain, condition, rhs, scale }
}

impl<const D: usize> Problem<D> {
    fn solve(&self) -> (ScalarField<D>, usize) {
        let solver = Multigrid::new(&self.domain, self.condition).unwrap();
        let (solution, report) = solver.solve(&self.rhs, self.scale).unwrap();
        assert!(report.residual <= AIM, "residual {:.1e}", report.residual);
        (solution, report.iterations)
    }

    /// The largest difference to the solution by the factored matrix, relative to it.
    fn difference(&self) -> f64 {
        let solver = Cholesky::new(&self.domain, self.condition).unwrap();
        let (mut expected, _) = solver.solve(&self.rhs, self.scale).unwrap();
        let size = expected.max_abs().max(f64::MIN_POSITIVE);
        expected.add_scaled(-1.0, &self.solve().0);
        expected.max_abs() / size
    }
}

use Topology::{Bounded, Periodic};

#[test]
fn iterations_do_not_grow_on_boxes() {
    for condition in CONDITIONS {
        for n in [32, 67, 129, 256] {
            let (_, count) = problem([n; 2], [0.1; 2], [Bounded; 2], condition, |_| true).solve();
            assert!(count <= 13, "{n}² {condition:?}: {count}");
            let mixed = [Periodic, Bounded];
            let (_, count) = problem([n, n + 1], [0.1; 2], mixed, condition, |_| true).solve();
            assert!(count <= 13, "{n}² mixed {condition:?}: {count}");
        }
        for n in [16, 33, 48] {
            let (_, count) = problem([n; 3], [0.1; 3], [Bounded; 3], condition, |_| true).solve();
            assert!(count <= 16, "{n}³ {condition:?}: {count}");
        }
    }
}

#[test]
fn iterations_do_not_grow_on_masks() {
    let ring = |[x, y]: [f64; 2]| (x - 0.5).hypot(y - 0.5) < 0.45 && (x - 0.4).hypot(y - 0.6) > 0.1;
    let shell =
        |[x, y, z]: [f64; 3]| (0.1..0.48).contains(&(x - 0.5).hypot(y - 0.5).hypot(z - 0.5));
    for condition in CONDITIONS {
        for n in [32, 67, 256] {
            let (_, count) = problem([n; 2], [1.0; 2], [Bounded; 2], condition, ring).solve();
            assert!(count <= 18, "{n}² {condition:?}: {count}");
        }
        for n in [16, 48] {
            let (_, count) = problem([n; 3], [1.0; 3], [Bounded; 3], condition, shell).solve();
            assert!(count <= 18, "{n}³ {condition:?}: {count}");
        }
    }
}

#[test]
fn iterations_do_not_grow_with_the_aspect_ratio() {
    for condition in CONDITIONS {
        for stretch in [0.1, 0.3, 0.55, 3.0, 10.0, 100.0, 1000.0] {
            let spacing = [1.0, stretch];
            let (_, count) = problem([96; 2], spacing, [Bounded; 2], condition, |_| true).solve();
            assert!(count <= 13, "1:{stretch} {condition:?}: {count}");
        }
        let spacing = [1.0, 0.1, 30.0];
        let (_, count) = problem([24; 3], spacing, [Bounded; 3], condition, |_| true).solve();
        assert!(count <= 16, "3D {condition:?}: {count}");
        let (_, count) = problem([3, 5000], [1.0; 2], [Bounded; 2], condition, |_| true).solve();
        assert!(count <= 13, "long {condition:?}: {count}");
    }
}

/// Single cells, many components, corners and channels one cell wide.
#[test]
fn agrees_with_the_factored_matrix_on_random_masks() {
    let mut random = Random::new(12345);
    for condition in CONDITIONS {
        for (cells, topology) in [
            ([1, 6], [Periodic, Bounded]),
            ([2, 2], [Periodic, Periodic]),
            ([41, 30], [Bounded, Periodic]),
            ([64, 53], [Bounded, Bounded]),
        ] {
            for share in [0.95, 0.6, 0.3] {
                let mut first = true;
                let mask = |_| std::mem::take(&mut first) || random.unit() < share;
                let problem = problem(cells, [1.0, 0.4], topology, condition, mask);
                let difference = problem.difference();
                assert!(difference <= 1e-10, "{cells:?} {condition:?} {share}: {difference:.1e}");
            }
        }
        for share in [0.9, 0.4] {
            let topology = [Bounded, Periodic, Bounded];
            let mask = |_| random.unit() < share;
            let problem = problem([13, 10, 15], [1.0, 0.4, 0.7], topology, condition, mask);
            let difference = problem.difference();
            assert!(difference <= 1e-10, "3D {condition:?} {share}: {difference:.1e}");
        }
    }
}

/// Metrics whose conductances have about the same ratio in all cells: bands of a globe, boxes stretched along one axis,
/// densities; with land.
#[test]
fn iterations_do_not_grow_with_a_metric() {
    let land = |domain: Domain<2>, every: usize| {
        let [nx, ny] = domain.grid().shape();
        let active = |cell: usize| {
            let (x, y) = (cell % nx * every / nx, cell / nx * every / ny);
            (x * 7 + y * 5) % 11 > 1
        };
        let metric = domain.metric().unwrap().clone();
        let mask = (0..nx * ny).map(active).collect();
        Domain::masked(*domain.grid(), mask).unwrap().with_metric(metric).unwrap()
    };
    let band = |n: usize, edge: f64| {
        let x = Axis::over(0.0, 360.0, 2 * n, Periodic);
        let grid = Grid::new([x, Axis::over(-edge, edge, n, Bounded)]).unwrap();
        Domain::full(grid).with_metric(Metric::sphere(&grid, 6.4e6).unwrap()).unwrap()
    };
    let stretched = |n: usize| {
        let face = |i: usize| 6f64.powf(i as f64 / n as f64);
        let x = Axis::from_faces(&(0..=n).map(face).collect::<Vec<_>>(), Bounded).unwrap();
        Domain::full(Grid::new([x, Axis::over(0.0, 2.0, n, Bounded)]).unwrap())
    };
    let dense = |n: usize| {
        let axis = Axis::over(-1.0, 1.0, n, Bounded);
        let grid = Grid::new([axis, axis]).unwrap();
        let density =
            VectorField::sample(grid, Layout::Faces, |[x, y]| [(-4.0 * (x * x + y * y)).exp(); 2]);
        with_density(&Domain::full(grid), &density).unwrap()
    };
    for condition in CONDITIONS {
        for n in [48, 96, 192] {
            for (name, domain) in [
                ("60", band(n, 60.0)),
                ("75", band(n, 75.0)),
                ("stretched", stretched(n)),
                ("density", dense(n)),
            ] {
                for (domain, most) in [(land(domain.clone(), 12), 40), (domain, 25)] {
                    let problem = of_domain(domain, condition);
                    let (solution, count) = problem.solve();
                    assert!(count <= most, "{name} {n} {condition:?}: {count}");
                    if n == 48 {
                        let solver = Cholesky::new(&problem.domain, condition).unwrap();
                        let expected = solver.solve(&problem.rhs, problem.scale).unwrap().0;
                        let mut off = solution;
                        off.add_scaled(-1.0, &expected);
                        assert!(off.max_abs() <= 1e-9 * expected.max_abs(), "{name}");
                    }
                }
            }
        }
    }
}
