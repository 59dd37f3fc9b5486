//! The fused no-flux projection against its definition by the staggered operators.

use crate::common::random_field;
use hodge::boundary::{Boundary, Condition};
use hodge::field::{Layout, ScalarField, VectorField};
use hodge::grid::{Axis, Domain, Grid, Location, Topology};
use hodge::operator::{Calculus, Staggered};
use hodge::projection::MacProjection;

fn check<const D: usize>(shape: [usize; D], topology: [Topology; D], field: &VectorField<D>) {
    let grid = *field.grid();
    let calculus = Staggered::new(Domain::full(grid), Boundary::NoFlux);
    let spacing = grid.axes().map(|a| a.spacing);
    let plan = MacProjection::new(shape, spacing, topology);
    let mut gradient = VectorField::zeros(grid, Layout::Faces);
    let mut solenoidal = VectorField::zeros(grid, Layout::Faces);
    let mut potential = ScalarField::zeros(grid, Location::CELL);
    let done = plan.project(
        field.components().each_ref().map(|c| c.values()),
        gradient.components_mut().each_mut().map(|c| c.values_mut()),
        solenoidal.components_mut().each_mut().map(|c| c.values_mut()),
        potential.values_mut(),
    );
    let scale = field.max_abs() / grid.least_spacing();
    let mut expected = calculus.gradient_with(&potential, Condition::Neumann);
    calculus.set_wall_flux(field, &mut expected);
    assert!(gradient.minus(&expected).max_abs() < 1e-13 * scale, "{shape:?} {topology:?} gradient");
    let mut rest = field.minus(&gradient);
    for k in 0..D {
        let values = rest.component_mut(k).values_mut();
        if topology[k] == Topology::Periodic {
            let mean = values.iter().sum::<f64>() / values.len() as f64;
            assert!((mean - done.means[k]).abs() < 1e-13, "{shape:?} {topology:?} mean {k}");
            values.iter_mut().for_each(|v| *v -= mean);
        } else {
            assert_eq!(done.means[k], 0.0);
        }
    }
    assert!(solenoidal.minus(&rest).max_abs() < 1e-13, "{shape:?} {topology:?} solenoidal");
    let left = calculus.divergence(&solenoidal);
    let norm = |v: &[f64]| v.iter().map(|v| v * v).sum::<f64>().sqrt();
    let left = norm(left.values());
    let size = field.components().iter().map(|c| norm(c.values()).powi(2)).sum::<f64>().sqrt();
    assert!(left < 1e-12 * size * scale, "{shape:?} {topology:?} divergence {left}");
    assert!((left - done.residual).abs() < 1e-14 * size * scale, "{shape:?} {topology:?} residual");
    assert!((size / done.norm - 1.0).abs() < 1e-13, "{shape:?} {topology:?} norm");
}

#[test]
fn parts_follow_their_definition_on_any_box_with_or_without_periodic_axes() {
    let axis = |n: usize, t| Axis::over(0.0, 0.3 + n as f64 / 7.0, n, t);
    let topologies = [Topology::Bounded, Topology::Periodic];
    for tx in topologies {
        for ty in topologies {
            for shape in [[1, 1], [2, 1], [1, 3], [4, 6], [7, 5], [16, 9], [33, 70]] {
                let grid = Grid::new([axis(shape[0], tx), axis(shape[1], ty)]).expect("a grid");
                check(shape, [tx, ty], &random_field(&Domain::full(grid), Layout::Faces, 1));
            }
            for tz in topologies {
                for shape in [[1, 1, 1], [2, 3, 1], [5, 4, 3], [7, 8, 6], [40, 38, 45]] {
                    let axes = [axis(shape[0], tx), axis(shape[1], ty), axis(shape[2], tz)];
                    let grid = Grid::new(axes).expect("a grid");
                    check(
                        shape,
                        [tx, ty, tz],
                        &random_field(&Domain::full(grid), Layout::Faces, 1),
                    );
                }
            }
        }
    }
}

#[test]
fn values_that_are_not_finite_show_in_the_norm() {
    let plan = MacProjection::new([4, 3], [1.0; 2], [Topology::Bounded; 2]);
    for bad in [f64::NAN, f64::INFINITY] {
        let mut u = vec![1.0; 15];
        u[14] = bad;
        let mut parts = [vec![0.0; 15], vec![0.0; 16], vec![0.0; 15], vec![0.0; 16]];
        let [gx, gy, sx, sy] = &mut parts;
        let done = plan.project([&u, &[0.0; 16]], [gx, gy], [sx, sy], &mut [0.0; 12]);
        assert!(!done.norm.is_finite());
    }
}
