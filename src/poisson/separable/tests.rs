//! Solutions of separable domains against their matrix.

use super::*;
use crate::grid::{Axis, Grid, Metric, Topology};
use crate::operator::laplacian_matrix;
use crate::random::Random;

const WALLS: Topology = Topology::Bounded;
const RING: Topology = Topology::Periodic;

/// Positive numbers, the first `even` of axes alike.
fn sizes(n: usize, even: bool, random: &mut Random) -> Vec<f64> {
    (0..n).map(|_| if even { 0.7 } else { 0.05 + random.next().abs() }).collect()
}

/// Cells between faces: S the product of the widths across, d of its own for each face.
fn rectilinear<const D: usize>(
    cells: [usize; D],
    topology: [Topology; D],
    even: [bool; D],
) -> Domain<D> {
    let mut random = Random::new(7);
    let axes = std::array::from_fn(|k| Axis::over(0.0, 1.0, cells[k], topology[k]));
    let grid = Grid::new(axes).unwrap();
    let widths: [Vec<f64>; D] = std::array::from_fn(|k| sizes(cells[k], even[k], &mut random));
    let steps: [Vec<f64>; D] =
        std::array::from_fn(|k| sizes(axes[k].faces(), even[k], &mut random));
    let of_faces = |k: usize, size: &dyn Fn([usize; D]) -> f64| -> Vec<f64> {
        let place = Location::face(k);
        let shape = grid.shape_at(place);
        (0..grid.len_at(place)).map(|at| size(crate::grid::unravel(shape, at))).collect()
    };
    let areas = std::array::from_fn(|k| {
        of_faces(k, &|at| (0..D).filter(|a| *a != k).map(|a| widths[a][at[a]]).product())
    });
    let distances = std::array::from_fn(|k| of_faces(k, &|at| steps[k][at[k]]));
    let metric = Metric::given(&grid, areas, distances, vec![1.0; grid.cells()]).unwrap();
    Domain::full(grid).with_metric(metric).unwrap()
}

/// The equation of every cell, by the assembled matrix.
fn solves<const D: usize>(domain: &Domain<D>) {
    for condition in [Condition::Neumann, Condition::Dirichlet] {
        let mut random = Random::new(11);
        let mut source: Vec<f64> = (0..domain.grid().cells()).map(|_| random.next()).collect();
        NullSpace::new(domain, condition).remove(&mut source);
        let rhs = ScalarField::from_values(*domain.grid(), Location::CELL, source.clone()).unwrap();
        let size = source.iter().map(|v| v * v).sum::<f64>().sqrt().max(0.1);
        let solver = Separable::new(domain, condition).expect("a separable domain");
        let (solution, report) = solver.solve(&rhs, size).expect("a solution");
        let product = &laplacian_matrix(domain, condition) * &ndarray::arr1(solution.values());
        let pairs = product.iter().zip(&source);
        let left = pairs.map(|(a, f)| (a - f).powi(2)).sum::<f64>().sqrt();
        let what = (domain.grid().shape(), condition);
        assert!(left <= 1e-11 * size, "{what:?}: {left:e} of {size}");
        assert!((report.residual - left / size).abs() <= 1e-12, "{what:?}: {report:?}");
    }
}

#[test]
fn uneven_axes_in_every_place() {
    for cells in [[1, 1], [1, 7], [8, 1], [2, 2], [2, 9], [13, 2], [24, 17], [9, 40]] {
        for topology in [[WALLS; 2], [RING, WALLS], [WALLS, RING], [RING; 2]] {
            for even in [[true, true], [true, false], [false, true], [false, false]] {
                solves(&rectilinear(cells, topology, even));
            }
        }
    }
    for cells in [[1, 2, 3], [5, 1, 4], [9, 11, 10]] {
        for topology in [[WALLS; 3], [RING, WALLS, WALLS], [WALLS, RING, RING], [RING; 3]] {
            for even in [[true, true, false], [true, false, true], [false, true, false], [false; 3]]
            {
                solves(&rectilinear(cells, topology, even));
            }
        }
    }
}

#[test]
fn globes_bands_and_windows() {
    for (longitudes, latitudes, ring) in [
        ((0.0, 360.0), (-90.0, 90.0), RING),
        ((0.0, 360.0), (-60.0, 50.0), RING),
        ((3.0, 80.0), (10.0, 70.0), WALLS),
    ] {
        let x = Axis::over(longitudes.0, longitudes.1, 30, ring);
        let y = Axis::over(latitudes.0, latitudes.1, 23, WALLS);
        let grid = Grid::new([x, y]).unwrap();
        solves(&Domain::full(grid).with_metric(Metric::sphere(&grid, 6.4e6).unwrap()).unwrap());
    }
}

#[test]
fn what_is_no_product_is_refused() {
    let domain = rectilinear([6, 5], [WALLS; 2], [false; 2]);
    let metric = domain.metric().unwrap();
    let mut areas: [Vec<f64>; 2] = std::array::from_fn(|k| metric.areas(k).to_vec());
    areas[0][8] *= 1.0 + 1e-9;
    let distances = std::array::from_fn(|k| metric.distances(k).to_vec());
    let other = Metric::given(domain.grid(), areas, distances, vec![1.0; 30]).unwrap();
    let other = domain.clone().with_metric(other).unwrap();
    assert!(Separable::fits(&domain) && !Separable::fits(&other));
    assert!(matches!(Separable::new(&other, Condition::Neumann), Err(SolveError::Inseparable)));
}
