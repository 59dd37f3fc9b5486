//! Decompositions in the inner product of a density.

use crate::common::masks::{random_masks, shapes_2d, shapes_3d};
use crate::common::{Random, domains, sum_of_squares};
use hodge::boundary::Boundary;
use hodge::decomposition::{Decompose, Method};
use hodge::diagnostic::observed_order;
use hodge::field::{Layout, VectorField};
use hodge::grid::{Axis, Domain, Grid, Topology};
use hodge::operator::with_density;

const EXACT: f64 = 1e-12;

fn random_field<const D: usize>(domain: &Domain<D>, random: &mut Random) -> VectorField<D> {
    let mut field = VectorField::zeros(*domain.grid(), Layout::Faces);
    for k in 0..D {
        let touching = domain.touching(field.component(k).location());
        for (value, touching) in field.component_mut(k).values_mut().iter_mut().zip(touching) {
            *value = if touching > 0 { random.next() } else { 0.0 };
        }
    }
    field
}

/// Between e⁻² and e².
fn random_density<const D: usize>(domain: &Domain<D>, random: &mut Random) -> VectorField<D> {
    let mut density = VectorField::zeros(*domain.grid(), Layout::Faces);
    for k in 0..D {
        let values = density.component_mut(k).values_mut().iter_mut();
        values.for_each(|v| *v = (2.0 * random.next()).exp());
    }
    density
}

/// The plan of no-flux under a density.
fn no_flux<const D: usize>(domain: &Domain<D>, density: &VectorField<D>) -> Box<dyn Decompose<D>> {
    let domain = with_density(domain, density).unwrap();
    Method::Staggered.plan(&domain, Some(Boundary::NoFlux), None).unwrap()
}

fn check<const D: usize>(label: &str, domain: &Domain<D>, seed: u64) {
    let mut random = Random::new(seed);
    let density = random_density(domain, &mut random);
    let plan = no_flux(domain, &density);
    let calculus = plan.calculus();
    let field = random_field(domain, &mut random);
    let parts = plan.decompose(&field).unwrap();
    let size = sum_of_squares(field.components().iter().map(|c| c.values()));
    let scale = domain.grid().least_spacing() / size;
    let promise = |what: &str, value: f64| {
        assert!(value <= EXACT, "{label}: {what} is {value:.2e}");
    };
    promise("sum", field.minus(&parts.sum()).max_abs());
    for (what, part) in [("solenoidal", &parts.solenoidal), ("harmonic", &parts.harmonic)] {
        let divergence = calculus.divergence(part);
        promise(what, sum_of_squares([divergence.values()].into_iter()) * scale / 2f64.exp());
    }
    for part in [&parts.gradient, &parts.harmonic] {
        let curl = calculus.curl(part);
        promise("curl", sum_of_squares(curl.iter().map(|c| c.values())) * scale);
    }
    let energy = calculus.inner(&field, &field);
    let [g, s, h] = parts.parts().map(|(_, v)| v);
    for (a, b) in [(g, s), (g, h), (s, h)] {
        promise("overlap", calculus.inner(a, b).abs() / energy);
    }
    for (name, part) in parts.parts() {
        let again = plan.decompose(part).unwrap();
        for (other, repeated) in again.parts() {
            let mut error = repeated.clone();
            error.add_scaled(if name == other { -1.0 } else { 0.0 }, part);
            assert!(error.max_abs() <= 1e-11, "{label}: {other} of {name}");
        }
    }
}

#[test]
fn parts_are_exact_for_any_density() {
    let named = |name: &str, i: usize| (name.to_string(), i as u64);
    for (i, shape) in shapes_2d().into_iter().enumerate() {
        let (label, seed) = named(shape.name, i);
        check(&label, &shape.domain, seed);
    }
    for (i, shape) in shapes_3d().into_iter().enumerate() {
        let (label, seed) = named(shape.name, i);
        check(&label, &shape.domain, seed);
    }
    for (i, (label, domain)) in domains::<2>().into_iter().chain(random_masks()).enumerate() {
        check(&label, &domain, i as u64);
    }
    for (i, (label, domain)) in domains::<3>().into_iter().chain(random_masks()).enumerate() {
        check(&label, &domain, i as u64);
    }
}

/// A constant density is no density.
#[test]
fn constant_density_is_no_flux() {
    for shape in shapes_2d() {
        let mut random = Random::new(11);
        let field = random_field(&shape.domain, &mut random);
        let ones = VectorField::sample(*field.grid(), Layout::Faces, |_| [3.0; 2]);
        let weighted = no_flux(&shape.domain, &ones);
        let plain = Method::Staggered.plan(&shape.domain, Some(Boundary::NoFlux), None).unwrap();
        let (a, b) = (weighted.decompose(&field).unwrap(), plain.decompose(&field).unwrap());
        for ((name, a), (_, b)) in a.parts().into_iter().zip(b.parts()) {
            let error = a.minus(b).max_abs();
            assert!(error <= 1e-11, "{} {name}: {error:.2e}", shape.name);
        }
        let mut error = a.potential;
        error.add_scaled(-1.0, &b.potential);
        assert!(error.max_abs() <= 1e-11, "{} potential: {:.2e}", shape.name, error.max_abs());
    }
}

/// −x + Rx under the normal density: the gradient part is the score −x, since Rx leaves the density as
/// it is. Relative error in the weighted norm on [−6, 6]².
fn score_error(n: usize) -> f64 {
    let axis = Axis::over(-6.0, 6.0, n, Topology::Bounded);
    let grid = Grid::new([axis, axis]).unwrap();
    let normal = |[x, y]: [f64; 2]| [(-0.5 * (x * x + y * y)).exp(); 2];
    let density = VectorField::sample(grid, Layout::Faces, normal);
    let plan = no_flux(&Domain::full(grid), &density);
    let field = VectorField::sample(grid, Layout::Faces, |[x, y]| [-x + 0.8 * y, -y - 0.8 * x]);
    let score = VectorField::sample(grid, Layout::Faces, |[x, y]| [-x, -y]);
    let error = plan.decompose(&field).unwrap().gradient.minus(&score);
    let inner = |v: &VectorField<2>| plan.calculus().inner(v, v);
    (inner(&error) / inner(&score)).sqrt()
}

#[test]
fn the_score_of_a_normal_density_is_recovered() {
    let (coarse, fine) = (score_error(32), score_error(64));
    let order = observed_order((32, coarse), (64, fine));
    assert!(fine < 1e-2 && order > 1.9, "{coarse:.2e} {fine:.2e} order {order:.2}");
}

#[test]
fn bad_densities_are_refused() {
    let axis = Axis::over(0.0, 1.0, 4, Topology::Bounded);
    let grid = Grid::new([axis, axis]).unwrap();
    let domain = Domain::full(grid);
    let mut density = VectorField::sample(grid, Layout::Faces, |_| [1.0; 2]);
    density.component_mut(1).values_mut()[5] = 0.0;
    let refused = with_density(&domain, &density).expect_err("a density of 0 is refused");
    let message = refused.to_string();
    assert!(message.contains("[1, 1]") && message.contains("axis y"), "{message}");
}
