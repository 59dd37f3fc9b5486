//! Many islands in the plane, on a torus and on a sphere: all promises at 1e-12, and the harmonic part is that of a
//! basis of all harmonic fields, which the splits do not make.

use crate::common::Random;
use crate::common::masks::{grid, keep_on};
use crate::common::promises::{boundaries, broken, random_field};
use hodge::boundary::Boundary;
use hodge::decomposition::{Decompose, Method, StaggeredMethod};
use hodge::field::{Layout, VectorField};
use hodge::grid::{Axis, Domain, Grid, Metric, Topology};
use hodge::operator::{Betti, Calculus};
use hodge::poisson::Backend;

/// The back ends that take masks.
const BACKENDS: [Backend; 2] = [Backend::Cholesky, Backend::Multigrid];

/// Rectangles of 1 to 3 cells on a side, none of which touch, away from the ends of y.
fn scattered(shape: [usize; 2], count: usize, seed: u64) -> Vec<bool> {
    let [nx, ny] = shape;
    let mut random = Random::new(seed);
    let mut open = vec![true; nx * ny];
    let mut draw = |n: usize| ((random.next() + 1.0) / 2.0 * n as f64) as usize % n;
    let mut found = 0;
    while found < count {
        let [w, h] = [1 + draw(3), 1 + draw(3)];
        let [x, y] = [draw(nx), 2 + draw(ny - 4 - h)];
        let cell = |i: usize, j: usize| (y + j) * nx + (x + i) % nx;
        let around = (0..h + 2).flat_map(|j| (0..w + 2).map(move |i| (i, j)));
        let near = |(i, j): (usize, usize)| (y + j - 1) * nx + (x + nx + i - 1) % nx;
        if around.map(near).all(|place| open[place]) {
            (0..h).for_each(|j| (0..w).for_each(|i| open[cell(i, j)] = false));
            found += 1;
        }
    }
    open
}

fn square_with_400_holes() -> Domain<2> {
    let hole = |[x, y]: [usize; 2]| x % 3 == 1 && y % 3 == 1 && x < 60 && y < 60;
    keep_on(grid([62, 63], 0b11), |index| !hole(index))
}

fn torus_with_obstacles() -> Domain<2> {
    let grid = grid([48, 40], 0);
    Domain::masked(grid, scattered([48, 40], 40, 3)).unwrap()
}

fn sphere_with_215_pieces_of_land() -> Domain<2> {
    let x = Axis::over(0.0, 360.0, 144, Topology::Periodic);
    let y = Axis::over(-90.0, 90.0, 72, Topology::Bounded);
    let grid = Grid::new([x, y]).unwrap();
    let metric = Metric::sphere(&grid, 6.4e6).unwrap();
    let domain = Domain::masked(grid, scattered([144, 72], 215, 5)).unwrap();
    domain.with_metric(metric).unwrap()
}

/// With a metric of its own, as the promises that are summed up from the metric take it.
fn with_metric(domain: Domain<2>) -> Domain<2> {
    let metric = Metric::plane(domain.grid());
    domain.with_metric(metric).unwrap()
}

fn check(label: &str, domain: &Domain<2>, loops: usize) {
    assert_eq!(Betti::of(domain).fluid[1], loops, "{label}");
    let measured =
        if domain.metric().is_some() { domain.clone() } else { with_metric(domain.clone()) };
    let field = random_field(domain, 4);
    for &boundary in boundaries(domain) {
        for backend in BACKENDS {
            let plan = Method::Staggered.plan(domain, Some(boundary), Some(backend)).unwrap();
            let parts = plan.decompose(&field).unwrap();
            let broken = broken(&measured, &field, &parts, boundary);
            assert!(broken.is_empty(), "{label} {boundary} {backend}: {broken:?}");
            if boundary == Boundary::NormalParallel {
                let five = plan.friedrichs(&parts).unwrap();
                let energy = plan.calculus().inner(&field, &field);
                let [t, n, c] = [&five.tangential, &five.normal, &five.curly_gradient];
                for (a, b) in [(t, n), (t, c), (n, c)] {
                    let product = plan.calculus().inner(a, b).abs() / energy;
                    assert!(product <= 1e-12, "{label} {backend}: {product:e}");
                }
            }
        }
    }
}

#[test]
fn a_square_with_400_holes_keeps_every_promise() {
    check("square", &square_with_400_holes(), 400);
}

#[test]
fn a_torus_with_obstacles_keeps_every_promise() {
    check("torus", &torus_with_obstacles(), 41);
}

#[test]
fn a_sphere_with_215_pieces_of_land_keeps_every_promise() {
    check("sphere", &sphere_with_215_pieces_of_land(), 214);
}

fn project(
    calculus: &dyn Calculus<2>,
    basis: &[VectorField<2>],
    v: &VectorField<2>,
) -> VectorField<2> {
    let mut part = VectorField::zeros(*v.grid(), Layout::Faces);
    basis.iter().for_each(|unit| part.add_scaled(calculus.inner(v, unit), unit));
    part
}

#[test]
fn harmonic_parts_are_those_of_a_basis() {
    let hole = |[x, y]: [usize; 2]| x % 3 == 1 && y % 4 == 1;
    let grid = |walls| grid([15, 16], walls);
    for (label, domain) in [
        ("square", keep_on(grid(0b11), |i| !hole(i))),
        ("channel", keep_on(grid(0b10), |i| !hole(i))),
        ("torus", keep_on(grid(0b00), |i| !hole(i))),
        ("band of a torus", keep_on(grid(0b00), |i| !hole(i) && i[1] != 3)),
    ] {
        for boundary in [Boundary::NoFlux, Boundary::ZeroPotential] {
            for backend in BACKENDS {
                let plan = StaggeredMethod::new(&domain, boundary, Some(backend)).unwrap();
                let field = random_field(&domain, 6);
                let parts = plan.decompose(&field).unwrap();
                let basis = plan.harmonic_basis().unwrap();
                assert!(basis.len() > 15, "{label}");
                let expected = project(plan.calculus(), basis, &field);
                let off = parts.harmonic.minus(&expected).max_abs();
                assert!(off <= 1e-12 * field.max_abs(), "{label} {boundary} {backend}: {off:e}");
            }
        }
    }
}
