//! Potentials and the five-part decomposition on boxes and masked domains.

use crate::common::masks::{keep, random_masks, shapes_2d, shapes_3d};
use crate::common::{domains, random_field};
use hodge::boundary::Boundary;
use hodge::decomposition::{
    Decompose, DecomposeError, Decomposition, Dimensions, Method, StaggeredMethod, harmonic_basis,
};
use hodge::field::{Layout, ScalarField, VectorField};
use hodge::grid::{Domain, FaceClass, Location};
use hodge::operator::cohomology;

const EXACT: f64 = 1e-12;

fn plan<const D: usize>(domain: &Domain<D>, boundary: Boundary) -> Box<dyn Decompose<D>> {
    Method::Staggered.plan(domain, Some(boundary), None).unwrap()
}

fn boundaries<const D: usize>(domain: &Domain<D>) -> &'static [Boundary] {
    let walls = !domain.grid().fully_periodic() || domain.mask().is_some();
    if walls { &Boundary::ALL[1..4] } else { &Boundary::ALL[..1] }
}

/// Decomposes a random field and checks ⋆A against the solenoidal part.
fn check_potential<const D: usize>(
    label: &str,
    plan: &dyn Decompose<D>,
    seed: u64,
) -> Vec<ScalarField<D>> {
    let field = random_field(plan.calculus().domain(), plan.method().layout(), seed);
    let parts = plan.decompose(&field).unwrap();
    let potential = plan.vector_potential(&parts).unwrap();
    let error = plan.calculus().codifferential(&potential).minus(&parts.solenoidal).max_abs();
    assert!(error <= EXACT * field.max_abs(), "{label} {}: {error:.2e}", plan.boundary());
    potential
}

/// ∇·A of the vector potential at the vertices away from walls, relative to max|A|/h.
fn gauge<const D: usize>(potential: &[ScalarField<D>]) -> f64 {
    let grid = *potential[0].grid();
    let vertex = (0..D).fold(Location::CELL, |l, k| l.toggled(k));
    let shape = grid.shape_at(vertex);
    let mut largest = 0.0_f64;
    for flat in 0..grid.len_at(vertex) {
        let index = hodge::grid::unravel(shape, flat);
        let inside =
            |k: usize| !grid.axes()[k].bounded() || (1..grid.shape()[k]).contains(&index[k]);
        if !(0..D).all(inside) {
            continue;
        }
        let difference = |pair: usize, k: usize| {
            let values = &potential[pair];
            let at = |i: usize| {
                let mut cell = index;
                cell[k] = i;
                values.values()[hodge::grid::ravel(grid.shape_at(values.location()), cell)]
            };
            let n = grid.shape()[k];
            (at(index[k] % n) - at((index[k] + n - 1) % n)) / grid.axes()[k].spacing
        };
        largest = largest.max((difference(2, 0) - difference(1, 1) + difference(0, 2)).abs());
    }
    let size = potential.iter().map(|a| a.max_abs()).fold(0.0, f64::max);
    if size > 0.0 { largest * grid.least_spacing() / size } else { 0.0 }
}

#[test]
fn rotation_potentials_on_boxes() {
    for (i, (label, domain)) in domains::<2>().into_iter().enumerate() {
        for &boundary in boundaries(&domain) {
            check_potential(&label, &*plan(&domain, boundary), i as u64);
        }
    }
    for (i, (label, domain)) in domains::<3>().into_iter().enumerate() {
        for &boundary in boundaries(&domain) {
            let potential = check_potential(&label, &*plan(&domain, boundary), i as u64);
            let gauge = gauge(&potential);
            assert!(gauge <= EXACT, "{label} {boundary}: div A {gauge:.2e}");
        }
    }
}

#[test]
fn rotation_potentials_of_the_spectral_method() {
    fn check<const D: usize>() {
        for (label, domain) in domains::<D>() {
            if domain.grid().fully_periodic() {
                let plan = Method::Spectral.plan(&domain, None, None).unwrap();
                check_potential(&label, &*plan, 5);
            }
        }
    }
    check::<2>();
    check::<3>();
}

#[test]
fn stream_functions_on_masks() {
    let shapes = shapes_2d().into_iter().map(|s| (s.name.to_string(), s.domain));
    for (i, (label, domain)) in shapes.chain(random_masks::<2>()).enumerate() {
        for boundary in &Boundary::ALL[1..4] {
            check_potential(&label, &*plan(&domain, *boundary), i as u64);
        }
    }
}

/// The five parts of a field.
fn five<const D: usize>(
    plan: &dyn Decompose<D>,
    field: &VectorField<D>,
) -> ([VectorField<D>; 5], Dimensions) {
    let parts: Decomposition<D> = plan.decompose(field).unwrap();
    let split = plan.friedrichs(&parts).unwrap();
    let five =
        [parts.gradient, parts.solenoidal, split.tangential, split.normal, split.curly_gradient];
    (five, split.dimensions)
}

fn check_five<const D: usize>(label: &str, domain: &Domain<D>, seed: u64) {
    let plan = plan(domain, Boundary::NormalParallel);
    let calculus = plan.calculus();
    let field = random_field(domain, Layout::Faces, seed);
    let (parts, _) = five(&*plan, &field);
    let energy = calculus.inner(&field, &field);
    let mut sum = VectorField::zeros(*domain.grid(), Layout::Faces);
    for (i, a) in parts.iter().enumerate() {
        sum.add_scaled(1.0, a);
        for b in &parts[..i] {
            let product = calculus.inner(a, b).abs() / energy;
            assert!(product <= EXACT, "{label}: part {i} overlaps by {product:.2e}");
        }
        for (j, b) in five(&*plan, a).0.iter().enumerate() {
            let mut error = b.clone();
            error.add_scaled(if i == j { -1.0 } else { 0.0 }, a);
            let error = error.max_abs();
            assert!(error <= 1e-11, "{label}: part {j} of part {i} is off by {error:.2e}");
        }
    }
    let rest = field.minus(&sum);
    let missed = calculus.inner(&rest, &rest) / energy;
    assert!(missed <= EXACT * EXACT, "{label}: the five parts miss {missed:.2e}");
}

#[test]
fn five_parts_are_orthogonal_projections() {
    let shapes = shapes_2d().into_iter().map(|s| (s.name.to_string(), s.domain));
    for (i, (label, domain)) in shapes.chain(random_masks::<2>()).enumerate() {
        check_five(&label, &domain, i as u64);
    }
    let shapes = shapes_3d().into_iter().map(|s| (s.name.to_string(), s.domain));
    for (i, (label, domain)) in shapes.chain(random_masks::<3>()).enumerate() {
        check_five(&label, &domain, i as u64);
    }
}

/// The traces of the five projections, which are the dimensions of their ranges.
fn traces<const D: usize>(domain: &Domain<D>) -> ([f64; 5], Dimensions) {
    let plan = plan(domain, Boundary::NormalParallel);
    let calculus = plan.calculus();
    let mut traces = [0.0; 5];
    let mut dimensions = None;
    for k in 0..D {
        for (face, class) in domain.face_classes(k).into_iter().enumerate() {
            if class == FaceClass::Outside {
                continue;
            }
            let mut unit = VectorField::zeros(*domain.grid(), Layout::Faces);
            unit.component_mut(k).values_mut()[face] = 1.0;
            let (parts, found) = five(&*plan, &unit);
            dimensions = Some(found);
            for (trace, part) in traces.iter_mut().zip(&parts) {
                *trace += calculus.inner(&unit, part) / calculus.inner(&unit, &unit);
            }
        }
    }
    (traces, dimensions.unwrap())
}

fn check_dimensions<const D: usize>(domain: &Domain<D>, expected: [usize; 5]) {
    let (traces, dimensions) = traces(domain);
    let Dimensions { gradient, solenoidal, tangential, normal, curly_gradient } = dimensions;
    assert_eq!([gradient, solenoidal, tangential, normal, curly_gradient], expected);
    for (trace, expected) in traces.iter().zip(expected) {
        assert!((trace - expected as f64).abs() < 1e-9, "{traces:?}");
    }
}

#[test]
fn dimensions_of_the_five_parts() {
    let annulus = keep([12, 10], |[x, y]| !((4..7).contains(&x) && (4..6).contains(&y)));
    check_dimensions(&annulus, [114, 87, 1, 1, 52]);
    let ring = keep([4, 4, 3], |[x, y, _]| (x, y) != (1, 2));
    check_dimensions(&ring, [45, 45, 1, 0, 89]);
}

#[test]
fn friedrichs_needs_normal_parallel() {
    let domain = shapes_2d().remove(0).domain;
    let plan = plan(&domain, Boundary::NoFlux);
    let parts = plan.decompose(&random_field(&domain, Layout::Faces, 1)).unwrap();
    assert!(matches!(plan.friedrichs(&parts), Err(DecomposeError::NotNormalParallel { .. })));
}

/// The general algorithm spans the constants that are written down for boxes.
fn check_box_basis<const D: usize>() {
    for (label, domain) in domains::<D>() {
        // Under normal-parallel ∇φ is not the whole of ∇φ_N; its tangential fields are no-flux's.
        let two_parts = |b: &&Boundary| **b != Boundary::NormalParallel;
        for &boundary in boundaries(&domain).iter().filter(two_parts) {
            let plan = StaggeredMethod::new(&domain, boundary, None).unwrap();
            let condition = boundary.potentials()[0];
            let cocycles = cohomology(&domain, condition);
            let general = harmonic_basis(plan.calculus(), &cocycles, &|v| {
                Ok(v.minus(&plan.decompose(v)?.gradient))
            });
            let general = general.unwrap();
            assert_eq!(general.len(), plan.harmonic_basis().unwrap().len(), "{label} {boundary}");
            for unit in general {
                let share = |b| plan.calculus().inner(b, &unit).powi(2);
                let shares = plan.harmonic_basis().unwrap().iter().map(share);
                let share: f64 = shares.sum();
                assert!((share - 1.0).abs() < 1e-12, "{label} {boundary}: {share}");
            }
        }
    }
}

#[test]
fn general_harmonic_fields_are_those_of_boxes() {
    check_box_basis::<2>();
    check_box_basis::<3>();
}
