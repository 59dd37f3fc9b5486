//! What the library gives without features: boxes and tori, split exactly. Everything is compared with
//! differences and products written out here.

use hodge::boundary::Boundary;
use hodge::decomposition::{Decomposition, Method};
use hodge::diagnostic::measure;
use hodge::field::{Layout, VectorField};
use hodge::grid::{Axis, Domain, Grid, Topology};
use std::f64::consts::TAU;

fn domain(shape: [usize; 2], topology: Topology) -> Domain<2> {
    Domain::full(Grid::new(shape.map(|n| Axis::over(0.0, 1.0, n, topology))).unwrap())
}

/// Numbers without any pattern, between −1 and 1.
fn noise(i: usize) -> f64 {
    ((i as f64 * 12.9898).sin() * 43758.5453).fract()
}

fn noisy_faces(domain: &Domain<2>) -> VectorField<2> {
    let mut field = VectorField::zeros(*domain.grid(), Layout::Faces);
    for (k, component) in field.components_mut().iter_mut().enumerate() {
        let values = component.values_mut().iter_mut().enumerate();
        values.for_each(|(i, v)| *v = noise(i + 1000 * k));
    }
    field
}

/// The largest divergence of a staggered field, with spacings 1/n.
fn divergence([nx, ny]: [usize; 2], v: &VectorField<2>) -> f64 {
    let (u, w) = (v.component(0).values(), v.component(1).values());
    let at = |i: usize, j: usize| {
        (u[j * (nx + 1) + i + 1] - u[j * (nx + 1) + i]) * nx as f64
            + (w[(j + 1) * nx + i] - w[j * nx + i]) * ny as f64
    };
    let cells = (0..ny).flat_map(|j| (0..nx).map(move |i| (i, j)));
    cells.map(|(i, j)| at(i, j).abs()).fold(0.0, f64::max)
}

/// Σ a·b over the faces, those on walls half.
fn inner([nx, ny]: [usize; 2], a: &VectorField<2>, b: &VectorField<2>) -> f64 {
    let half = |i: usize, n: usize| if i == 0 || i == n { 0.5 } else { 1.0 };
    let x = (0..(nx + 1) * ny).map(|at| (0, at, half(at % (nx + 1), nx)));
    let y = (0..nx * (ny + 1)).map(|at| (1, at, half(at / nx, ny)));
    x.chain(y).map(|(k, i, w)| w * a.component(k).values()[i] * b.component(k).values()[i]).sum()
}

fn parts_of(
    domain: &Domain<2>,
    field: &VectorField<2>,
    (method, boundary): (Method, Option<Boundary>),
) -> Decomposition<2> {
    let plan = method.plan(domain, boundary, None).unwrap();
    let parts = plan.decompose(field).unwrap();
    let report = measure(&*plan, field, field, &parts);
    assert!(report.claims_hold(), "{:?}", report.warnings);
    assert!(field.minus(&parts.sum()).max_abs() < 1e-13);
    parts
}

#[test]
fn parts_of_noise_on_a_box_are_exact_under_each_convention() {
    let shape = [23, 18];
    let domain = domain(shape, Topology::Bounded);
    let field = noisy_faces(&domain);
    let energy = inner(shape, &field, &field);
    for boundary in [Boundary::NormalParallel, Boundary::NoFlux, Boundary::ZeroPotential] {
        let parts = parts_of(&domain, &field, (Method::Staggered, Some(boundary)));
        let [g, s, h] = [&parts.gradient, &parts.solenoidal, &parts.harmonic];
        assert!(divergence(shape, s) < 1e-11 * 23.0, "{boundary}");
        assert!(divergence(shape, h) < 1e-11 * 23.0, "{boundary}");
        for (a, b) in [(g, s), (g, h), (s, h)] {
            assert!(inner(shape, a, b).abs() < 1e-12 * energy, "{boundary}");
        }
        assert!(inner(shape, g, g) > 0.1 * energy && inner(shape, s, s) > 0.1 * energy);
    }
}

#[test]
fn waves_on_a_torus_come_apart() {
    let domain = domain([16, 12], Topology::Periodic);
    let gradient = |[x, y]: [f64; 2]| {
        let slope = -TAU * (TAU * (x + 2.0 * y)).sin();
        [slope, 2.0 * slope]
    };
    let solenoidal = |[x, y]: [f64; 2]| {
        let slope = TAU * (TAU * (3.0 * x - y)).cos();
        [-slope, -3.0 * slope]
    };
    let sum = |at| {
        let (g, s) = (gradient(at), solenoidal(at));
        [g[0] + s[0] + 0.5, g[1] + s[1] - 0.25]
    };
    let sample = |f: &(dyn Fn([f64; 2]) -> [f64; 2] + Sync)| {
        VectorField::sample(*domain.grid(), Layout::Points, f)
    };
    let parts = parts_of(&domain, &sample(&sum), (Method::Spectral, None));
    assert!(parts.gradient.minus(&sample(&gradient)).max_abs() < 1e-12);
    assert!(parts.solenoidal.minus(&sample(&solenoidal)).max_abs() < 1e-12);
    assert!(parts.harmonic.minus(&sample(&|_| [0.5, -0.25])).max_abs() < 1e-12);
}

/// A domain with a mask is refused by name where the library has no sparse solvers.
#[test]
fn a_mask_needs_sparse_solvers() {
    let grid = *domain([12, 10], Topology::Bounded).grid();
    let masked = Domain::masked(grid, (0..120).map(|i| i != 65).collect()).unwrap();
    let plan = Method::Staggered.plan(&masked, None, None);
    if cfg!(feature = "sparse") {
        let field = noisy_faces(&masked);
        let plan = plan.unwrap();
        let parts = plan.decompose(&field).unwrap();
        assert!(measure(&*plan, &field, &field, &parts).claims_hold());
    } else {
        let refused = plan.err().expect("no sparse solvers").to_string();
        assert!(refused.contains("`sparse`"), "{refused}");
    }
}
