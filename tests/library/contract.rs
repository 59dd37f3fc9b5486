//! What every method promises for any data: the sum, orthogonality, ∇·solenoidal = 0,
//! ∇∧gradient = 0, harmonic parts with neither, idempotence and linearity, at 1e-12.

use crate::common::masks::{random_masks, shapes_2d, shapes_3d};
use crate::common::{domains, random_field, sum_of_squares};
use hodge::boundary::Boundary;
use hodge::decomposition::{Decompose, Decomposition, Method};
use hodge::field::{Layout, VectorField};
use hodge::grid::Domain;
use hodge::poisson::Backend;

const EXACT: f64 = 1e-12;

/// Every planned method that fits a domain, with its name.
fn plans<const D: usize>(domain: &Domain<D>) -> Vec<(String, Box<dyn Decompose<D>>)> {
    let walls = !domain.grid().fully_periodic() || domain.mask().is_some();
    let boundaries: &[Boundary] = if walls { &Boundary::ALL[1..] } else { &[Boundary::Periodic] };
    let mut plans: Vec<(String, Box<dyn Decompose<D>>)> = Vec::new();
    for method in Method::ALL {
        if method == Method::Spectral && walls {
            continue;
        }
        for &boundary in boundaries {
            for backend in Backend::ALL.into_iter().filter(|b| b.fits(domain)) {
                let plan = method.plan(domain, Some(boundary), Some(backend)).unwrap();
                plans.push((format!("{method} {boundary} {backend}"), plan));
            }
        }
    }
    plans
}

/// The part of a field that lies in the domain.
fn inside<const D: usize>(plan: &dyn Decompose<D>, field: &VectorField<D>) -> VectorField<D> {
    let mut inside = field.clone();
    let domain = plan.calculus().domain();
    for k in 0..D {
        let touching = domain.touching(inside.component(k).location());
        let values = inside.component_mut(k).values_mut();
        values.iter_mut().zip(touching).filter(|(_, t)| *t == 0).for_each(|(v, _)| *v = 0.0);
    }
    inside
}

fn check_promises<const D: usize>(
    name: &str,
    plan: &dyn Decompose<D>,
    field: &VectorField<D>,
    parts: &Decomposition<D>,
) {
    let calculus = plan.calculus();
    let size = sum_of_squares(field.components().iter().map(|c| c.values()));
    let h = calculus.domain().grid().least_spacing();
    let divergence = |v: &VectorField<D>| {
        sum_of_squares([calculus.divergence(v).values()].into_iter()) * h / size
    };
    let curl = |v: &VectorField<D>| {
        let curl = calculus.curl(v);
        sum_of_squares(curl.iter().map(|c| c.values())) * h / size
    };
    let promise = |what: &str, value: f64| {
        assert!(value <= EXACT, "{name}: {what} is {value:.2e}");
    };
    promise("sum residual", field.minus(&parts.sum()).max_abs() / field.max_abs());
    promise("div solenoidal", divergence(&parts.solenoidal));
    promise("curl gradient", curl(&parts.gradient));
    promise("div harmonic", divergence(&parts.harmonic));
    promise("curl harmonic", curl(&parts.harmonic));
    let [g, s, h] = parts.parts().map(|(_, v)| v);
    let energy = calculus.inner(field, field);
    for (what, a, b) in [("<g,s>", g, s), ("<g,h>", g, h), ("<s,h>", s, h)] {
        promise(what, calculus.inner(a, b).abs() / energy);
    }
}

fn check_projections<const D: usize>(
    name: &str,
    plan: &dyn Decompose<D>,
    field: &VectorField<D>,
    parts: &Decomposition<D>,
) {
    let scale = field.max_abs();
    for (i, (part_name, part)) in parts.parts().into_iter().enumerate() {
        let again = plan.decompose(part).unwrap();
        for (j, (other, repeated)) in again.parts().into_iter().enumerate() {
            let expected = if i == j {
                part.clone()
            } else {
                VectorField::zeros(*field.grid(), field.layout())
            };
            let error = repeated.minus(&expected).max_abs() / scale;
            assert!(error <= 1e-11, "{name}: {other} of {part_name} is off by {error:.2e}");
        }
    }
}

fn check_linearity<const D: usize>(
    name: &str,
    plan: &dyn Decompose<D>,
    field: &VectorField<D>,
    parts: &Decomposition<D>,
    seed: u64,
) {
    let other = inside(plan, &random_field(plan.calculus().domain(), field.layout(), seed));
    let mut combined = field.clone();
    combined.add_scaled(-2.5, &other);
    let (b, c) = (plan.decompose(&other).unwrap(), plan.decompose(&combined).unwrap());
    for ((part, a), ((_, b), (_, c))) in
        parts.parts().into_iter().zip(b.parts().into_iter().zip(c.parts()))
    {
        let mut expected = a.clone();
        expected.add_scaled(-2.5, b);
        let error = c.minus(&expected).max_abs() / combined.max_abs();
        assert!(error <= 1e-11, "{name}: {part} is not linear, {error:.2e}");
    }
}

fn check_domain<const D: usize>(label: &str, domain: &Domain<D>, seed: u64) {
    for (name, plan) in plans(domain) {
        let name = format!("{name} on {label}");
        let layout = plan.method().layout();
        let field = inside(&*plan, &random_field(domain, layout, seed));
        let parts = plan.decompose(&field).unwrap();
        check_promises(&name, &*plan, &field, &parts);
        check_projections(&name, &*plan, &field, &parts);
        check_linearity(&name, &*plan, &field, &parts, seed + 1);
        check_points(&name, &*plan, seed + 2);
    }
}

/// Point samples: the parts at the points and the sampling remainder add up to the input.
fn check_points<const D: usize>(name: &str, plan: &dyn Decompose<D>, seed: u64) {
    let domain = plan.calculus().domain();
    let field = inside(plan, &random_field(domain, Layout::Points, seed));
    let parts = plan.decompose(&field).unwrap();
    let mut sum = hodge::field::to_points(&parts.sum(), domain);
    sum.add_scaled(1.0, &parts.sampling_remainder);
    let error = field.minus(&sum).max_abs();
    assert!(error <= EXACT, "{name}: point parts miss the input by {error:.2e}");
}

#[test]
fn promises_hold_in_2d() {
    for (i, (label, domain)) in domains::<2>().into_iter().enumerate() {
        check_domain(&label, &domain, 100 + 10 * i as u64);
    }
}

#[test]
fn promises_hold_in_3d() {
    for (i, (label, domain)) in domains::<3>().into_iter().enumerate() {
        check_domain(&label, &domain, 5000 + 10 * i as u64);
    }
}

#[test]
fn promises_hold_on_masks_in_2d() {
    let shapes = shapes_2d().into_iter().map(|s| (s.name.to_string(), s.domain));
    for (i, (label, domain)) in shapes.chain(random_masks::<2>()).enumerate() {
        check_domain(&label, &domain, 20_000 + 10 * i as u64);
    }
}

#[test]
fn promises_hold_on_masks_in_3d() {
    let shapes = shapes_3d().into_iter().map(|s| (s.name.to_string(), s.domain));
    for (i, (label, domain)) in shapes.chain(random_masks::<3>()).enumerate() {
        check_domain(&label, &domain, 30_000 + 10 * i as u64);
    }
}
