//! The fused normal-parallel projection against its definition, by the staggered operators and two sparse
//! solves.

use crate::common::random_field;
use hodge::boundary::{Boundary, Condition};
use hodge::field::{Layout, ScalarField, VectorField};
use hodge::grid::{Axis, Domain, Grid, Location, Topology};
use hodge::operator::{Calculus, Staggered};
use hodge::poisson::{self, Backend};
use hodge::projection::{ParallelProjection, ProjectedParallel};

const TOPOLOGIES: [Topology; 2] = [Topology::Bounded, Topology::Periodic];

/// Gradient, solenoidal and harmonic part, potential, and what else is returned.
type Found<const D: usize> = ([VectorField<D>; 3], ScalarField<D>, ProjectedParallel<D>);

fn fused<const D: usize>(field: &VectorField<D>) -> Found<D> {
    let grid = *field.grid();
    let axes = grid.axes();
    let plan =
        ParallelProjection::new(grid.shape(), axes.map(|a| a.spacing), axes.map(|a| a.topology));
    let project = || {
        // every value is to be written
        let mut parts = [(); 3].map(|()| {
            let mut part = VectorField::zeros(grid, Layout::Faces);
            part.components_mut().iter_mut().for_each(|c| c.values_mut().fill(f64::NAN));
            part
        });
        let mut potential = ScalarField::zeros(grid, Location::CELL);
        let done = plan.project(
            field.components().each_ref().map(|c| c.values()),
            parts.each_mut().map(|p| p.components_mut().each_mut().map(|c| c.values_mut())),
            potential.values_mut(),
        );
        (parts, potential, done)
    };
    let first = project();
    let again = project();
    assert!(first.0 == again.0 && first.1 == again.1 && first.2 == again.2, "a second call");
    first
}

/// ∇φ and φ for one condition, from −∇·∇φ = −∇·v by sparse factors, and once more for what that leaves: on long
/// axes a potential has too few digits for its differences.
fn gradient_part<const D: usize>(
    calculus: &Staggered<D>,
    v: &VectorField<D>,
    condition: Condition,
) -> (VectorField<D>, ScalarField<D>) {
    let solver = poisson::plan(calculus.domain(), condition, Backend::Cholesky).expect("a plan");
    let mut gradient = VectorField::zeros(*v.grid(), Layout::Faces);
    let mut potential = ScalarField::zeros(*v.grid(), Location::CELL);
    let scale = v.max_abs() * (potential.values().len() as f64).sqrt() / v.grid().least_spacing();
    for _ in 0..2 {
        let rest = v.minus(&gradient);
        let mut rhs = calculus.divergence_with(&rest, condition);
        rhs.values_mut().iter_mut().for_each(|d| *d = -*d);
        let (more, _) = solver.solve(&rhs, scale).expect("a solution");
        let mut part = calculus.gradient_with(&more, condition);
        if condition == Condition::Neumann {
            calculus.set_wall_flux(&rest, &mut part);
        }
        gradient.add_scaled(1.0, &part);
        potential.add_scaled(1.0, &more);
    }
    (gradient, potential)
}

fn norm(values: &[f64]) -> f64 {
    values.iter().map(|v| v * v).sum::<f64>().sqrt()
}

fn check<const D: usize>(axes: [Axis; D]) {
    let grid = Grid::new(axes).expect("a grid");
    let field = random_field(&Domain::full(grid), Layout::Faces, 3);
    let name = format!("{:?} {:?}", grid.shape(), axes.map(|a| a.topology));
    let calculus = Staggered::new(Domain::full(grid), Boundary::NormalParallel);
    let ([gradient, solenoidal, harmonic], potential, done) = fused(&field);

    let (neumann, _) = gradient_part(&calculus, &field, Condition::Neumann);
    let (expected, phi) = gradient_part(&calculus, &field, Condition::Dirichlet);
    let mut rest = field.minus(&neumann);
    for k in 0..D {
        let values = rest.component_mut(k).values_mut();
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        let periodic = axes[k].topology == Topology::Periodic;
        let mean = if periodic { mean } else { 0.0 };
        assert!((mean - done.means[k]).abs() < 1e-13, "{name} mean {k}");
        values.iter_mut().for_each(|v| *v -= mean);
    }
    let left = field.minus(&expected).minus(&rest);
    let worst = |a: &VectorField<D>, b: &VectorField<D>| a.minus(b).max_abs() / field.max_abs();
    for (part, found, expected) in [
        ("gradient", &gradient, &expected),
        ("solenoidal", &solenoidal, &rest),
        ("harmonic", &harmonic, &left),
    ] {
        assert!(worst(found, expected) < 1e-12, "{name} {part}: {:e}", worst(found, expected));
    }
    let apart = phi.values().iter().zip(potential.values()).map(|(a, b)| (a - b).abs());
    // The sparse factors lose digits of the potential as the condition grows, the square of the length.
    let length = *grid.shape().iter().max().expect("axes") as f64;
    let largest = phi.values().iter().fold(0.0, |m: f64, v| m.max(v.abs()));
    let allowed = 1e-12 * (length / 100.0).powi(2).max(1.0) * largest;
    assert!(apart.fold(0.0, f64::max) <= allowed, "{name} potential");

    let size = norm(&field.components().each_ref().map(|c| norm(c.values())));
    assert!((size / done.norm - 1.0).abs() < 1e-13, "{name} norm");
    let scale = size / grid.least_spacing();
    for (residual, part) in done.residuals.into_iter().zip([&solenoidal, &field.minus(&gradient)]) {
        let left = norm(calculus.divergence(part).values());
        assert!(left < 1e-12 * scale, "{name} divergence {left}");
        assert!((left - residual).abs() < 1e-13 * scale, "{name} residual");
    }
}

fn axis(n: usize, topology: Topology) -> Axis {
    Axis::over(0.0, 0.3 + n as f64 / 7.0, n, topology)
}

#[test]
fn parts_follow_their_definition_on_any_box_with_or_without_periodic_axes() {
    // with several bands in a plane, several tasks, rows longer than a band
    let flat = [[1, 1], [2, 1], [1, 3], [2, 2], [3, 3], [4, 6], [7, 5], [16, 9], [33, 70]];
    let flat_in_tasks = [[33, 1100], [2100, 18]];
    let deep = [[1, 1, 1], [2, 3, 1], [1, 5, 2], [3, 1, 7], [5, 4, 3], [7, 8, 6], [13, 11, 17]];
    let deep_in_tasks = [[70, 65, 9], [2100, 3, 7]];
    for tx in TOPOLOGIES {
        for ty in TOPOLOGIES {
            for [nx, ny] in flat.into_iter().chain(flat_in_tasks) {
                check([axis(nx, tx), axis(ny, ty)]);
            }
            for tz in TOPOLOGIES {
                for [nx, ny, nz] in deep.into_iter().chain(deep_in_tasks) {
                    check([axis(nx, tx), axis(ny, ty), axis(nz, tz)]);
                }
            }
        }
    }
}

/// Differences of a potential that is 0 on walls, along and across them.
#[test]
fn a_gradient_that_is_normal_to_the_walls_is_one_and_a_rotation_inside_is_solenoidal() {
    let grid =
        Grid::new([axis(12, Topology::Bounded), axis(9, Topology::Bounded)]).expect("a grid");
    let calculus = Staggered::new(Domain::full(grid), Boundary::NormalParallel);
    let mut potential = ScalarField::zeros(grid, Location::CELL);
    potential.values_mut().iter_mut().enumerate().for_each(|(i, v)| *v = (i * i % 17) as f64);
    let field = calculus.gradient_with(&potential, Condition::Dirichlet);
    let ([gradient, solenoidal, harmonic], found, _) = fused(&field);
    assert!(gradient.minus(&field).max_abs() < 1e-12 * field.max_abs());
    assert!(solenoidal.max_abs() < 1e-12 * field.max_abs());
    assert!(harmonic.max_abs() < 1e-12 * field.max_abs());
    let apart = found.values().iter().zip(potential.values()).map(|(a, b)| (a - b).abs());
    assert!(apart.fold(0.0, f64::max) < 1e-12);

    // four faces around one node inside
    let mut field = VectorField::zeros(grid, Layout::Faces);
    let [h, k] = grid.axes().map(|a| a.spacing);
    let (u, v) = (4 * 13 + 5, 5 * 12 + 4);
    field.component_mut(0).values_mut()[u] = 1.0 / k;
    field.component_mut(0).values_mut()[u + 13] = -1.0 / k;
    field.component_mut(1).values_mut()[v] = -1.0 / h;
    field.component_mut(1).values_mut()[v + 1] = 1.0 / h;
    let ([_, solenoidal, _], ..) = fused(&field);
    assert!(solenoidal.minus(&field).max_abs() < 1e-12 * field.max_abs());
}

#[test]
fn a_uniform_flow_through_walls_is_harmonic() {
    let axes =
        [axis(6, Topology::Bounded), axis(5, Topology::Periodic), axis(4, Topology::Bounded)];
    let mut field = VectorField::zeros(Grid::new(axes).expect("a grid"), Layout::Faces);
    for (k, value) in [1.5, -2.0, 0.25].into_iter().enumerate() {
        field.component_mut(k).values_mut().fill(value);
    }
    let ([gradient, solenoidal, harmonic], _, done) = fused(&field);
    assert!(gradient.max_abs() < 1e-13 && solenoidal.max_abs() < 1e-13);
    assert!(harmonic.minus(&field).max_abs() < 1e-13);
    assert!((done.means[1] + 2.0).abs() < 1e-13 && done.means[0] == 0.0);
}

#[test]
fn values_that_are_not_finite_show_in_the_norm() {
    let plan = ParallelProjection::new([4, 3], [1.0; 2], [Topology::Bounded; 2]);
    for bad in [f64::NAN, f64::INFINITY] {
        let mut v = [vec![1.0; 15], vec![0.0; 16]];
        v[0][14] = bad;
        let mut parts = [(); 3].map(|()| [vec![0.0; 15], vec![0.0; 16]]);
        let parts = parts.each_mut().map(|p| p.each_mut().map(|c| &mut c[..]));
        let done = plan.project(v.each_ref().map(|c| &c[..]), parts, &mut [0.0; 12]);
        assert!(!done.norm.is_finite());
    }
}
