//! The matrices of the exterior calculus: a complex, and the reference of stencil, sweeps and matrix rows.

use crate::common::{Random, choices, domains, masks, random_field, sum_of_squares};
use hodge::boundary::Boundary;
use hodge::decomposition::Method;
use hodge::field::{Layout, ScalarField, VectorField};
use hodge::grid::{Domain, Location};
use hodge::operator::{Calculus, Exterior, Matrix, Staggered, axis_pairs, laplacian_matrix};

/// Boxes, tori and masks with each convention that applies.
fn each<const D: usize>(shapes: Vec<masks::Shape<D>>, check: impl Fn(&str, &Domain<D>, Boundary)) {
    let shapes = shapes.into_iter().map(|shape| (shape.name.to_string(), shape.domain));
    for (label, domain) in domains().into_iter().chain(masks::random_masks()).chain(shapes) {
        let walls = !domain.grid().fully_periodic() || domain.mask().is_some();
        let boundaries = if walls { &Boundary::ALL[1..4] } else { &Boundary::ALL[..1] };
        for boundary in boundaries {
            check(&format!("{label}, {boundary}"), &domain, *boundary);
        }
    }
}

fn on_every_domain(
    plane: impl Fn(&str, &Domain<2>, Boundary),
    space: impl Fn(&str, &Domain<3>, Boundary),
) {
    each(masks::shapes_2d(), plane);
    each(masks::shapes_3d(), space);
}

fn apply(matrix: &Matrix, values: &[f64]) -> Vec<f64> {
    let dot = |row: usize| {
        let row = matrix.outer_view(row).unwrap();
        row.iter().map(|(column, entry)| entry * values[column]).sum()
    };
    (0..matrix.rows()).map(dot).collect()
}

fn transposed(matrix: &Matrix) -> Matrix {
    matrix.transpose_view().to_csr()
}

/// One over the entries of a diagonal; zeros stay zero.
fn inverse(diagonal: &Matrix) -> Matrix {
    diagonal.map(|entry| 1.0 / entry)
}

fn joined<'a>(parts: impl Iterator<Item = &'a [f64]>) -> Vec<f64> {
    parts.flatten().copied().collect()
}

fn values<const D: usize>(v: &VectorField<D>) -> Vec<f64> {
    joined(v.components().iter().map(|component| component.values()))
}

fn values_of<const D: usize>(fields: &[ScalarField<D>]) -> Vec<f64> {
    joined(fields.iter().map(|field| field.values()))
}

fn random_scalar<const D: usize>(domain: &Domain<D>, location: Location) -> ScalarField<D> {
    let mut field = ScalarField::zeros(*domain.grid(), location);
    let mut random = Random::new(5);
    field.values_mut().iter_mut().for_each(|value| *value = random.next());
    field
}

fn assert_equal(label: &str, found: &[f64], expected: &[f64]) {
    assert_eq!(found.len(), expected.len(), "{label}");
    let scale = expected.iter().fold(0.0, |most: f64, value| most.max(value.abs()));
    let apart = found.iter().zip(expected).fold(0.0, |most: f64, (a, b)| most.max((a - b).abs()));
    assert!(apart <= 1e-13 * scale, "{label}: {apart:e} of {scale:e}");
}

/// Entries are whole numbers, so the products are exactly zero.
fn check_complex<const D: usize>(label: &str, domain: &Domain<D>, boundary: Boundary) {
    let exterior = Exterior::new(domain, boundary);
    for degree in 0..D {
        let ones = exterior.difference(degree);
        assert!(ones.data().iter().all(|entry| entry.abs() == 1.0), "{label}: D{degree}");
        if degree > 0 {
            let product = &ones * &exterior.difference(degree - 1);
            assert!(product.data().iter().all(|e| *e == 0.0), "{label}: D{degree} D{}", degree - 1);
        }
    }
}

#[test]
fn differences_of_differences_vanish() {
    on_every_domain(check_complex, check_complex);
}

/// Gradient, divergence, curl and codifferential as [`Staggered`] has them.
fn check_stencils<const D: usize>(label: &str, domain: &Domain<D>, boundary: Boundary) {
    let (exterior, staggered) =
        (Exterior::new(domain, boundary), Staggered::new(domain.clone(), boundary));
    let condition = *boundary.potentials().last().unwrap();
    let [d0, d1] = [0, 1].map(|p| exterior.difference(p));
    let [star0, star1, star2] = [0, 1, 2].map(|p| exterior.star(p));
    let [size1, size2] = [1, 2].map(|p| exterior.size(p));
    let mut potential = random_scalar(domain, Location::CELL);
    for (cell, value) in potential.values_mut().iter_mut().enumerate() {
        *value *= f64::from(u8::from(domain.is_active(cell)));
    }
    let gradient = &inverse(&size1) * &d0;
    let expected = values(&staggered.gradient(&potential));
    assert_equal(&format!("{label}: ∇"), &apply(&gradient, potential.values()), &expected);
    let mut v = random_field(domain, Layout::Faces, 9);
    v.clear_outside(domain);
    let divergence = &(&inverse(&star0) * &transposed(&d0)) * &(&star1 * &size1);
    let found: Vec<f64> = apply(&divergence, &values(&v)).iter().map(|value| -value).collect();
    let expected = staggered.divergence_with(&v, condition);
    assert_equal(&format!("{label}: ∇·"), &found, expected.values());
    let curl = &(&inverse(&size2) * &d1) * &size1;
    let expected = values_of(&staggered.curl(&v));
    let found = apply(&curl, &values(&v));
    assert_equal(&format!("{label}: ∇∧"), &found, &expected);
    let potentials: Vec<_> = axis_pairs::<D>()
        .into_iter()
        .map(|(a, b)| random_scalar(domain, Location::edge(a, b)))
        .collect();
    let codifferential = &(&inverse(&(&star1 * &size1)) * &transposed(&d1)) * &(&star2 * &size2);
    let expected = values(&staggered.codifferential(&potentials));
    assert_equal(
        &format!("{label}: ⋆"),
        &apply(&codifferential, &values_of(&potentials)),
        &expected,
    );
}

#[test]
fn equal_the_stencils() {
    on_every_domain(check_stencils, check_stencils);
}

/// GᵀSG, row by row, is the volume of a cell times the matrix that is factored.
fn check_rows<const D: usize>(label: &str, domain: &Domain<D>, boundary: Boundary) {
    let exterior = Exterior::new(domain, boundary);
    let gradient = exterior.difference(0);
    let square = &(&transposed(&gradient) * &exterior.star(1)) * &gradient;
    let condition = *boundary.potentials().last().unwrap();
    let rows = laplacian_matrix(domain, condition);
    let active: Vec<usize> = (0..domain.grid().cells()).filter(|c| domain.is_active(*c)).collect();
    let volume = domain.grid().cell_volume();
    let dense = |matrix: &Matrix, cells: &[usize], factor: f64| {
        let row = |cell: &usize| {
            cells.iter().map(|other| factor * matrix.get(*cell, *other).unwrap_or(&0.0)).collect()
        };
        cells.iter().map(row).collect::<Vec<Vec<f64>>>().concat()
    };
    let numbers: Vec<usize> = (0..active.len()).collect();
    let (found, expected) = (dense(&square, &active, 1.0), dense(&rows, &numbers, volume));
    assert_equal(label, &found, &expected);
}

#[test]
fn the_square_of_the_gradient_has_the_rows_of_the_laplacian() {
    on_every_domain(check_rows, check_rows);
}

/// What the sweeps of a decomposition promise, by the matrices: a gradient without curl, a solenoidal part
/// without divergence, and nothing of either left in the harmonic part.
fn check_sweeps<const D: usize>(label: &str, domain: &Domain<D>) {
    for choice in choices(domain).into_iter().filter(|choice| choice.method == Method::Staggered) {
        let plan = choice.plan(domain).unwrap();
        let parts = plan.decompose(&random_field(domain, Layout::Faces, 3)).unwrap();
        let exterior = Exterior::new(domain, choice.boundary);
        let flux = &exterior.star(1) * &exterior.size(1);
        let divergence = &transposed(&exterior.difference(0)) * &flux;
        let curl = &exterior.difference(1) * &exterior.size(1);
        let [gradient, solenoidal, harmonic] =
            [&parts.gradient, &parts.solenoidal, &parts.harmonic].map(values);
        let whole = [&gradient[..], &solenoidal, &harmonic];
        let norm = sum_of_squares(whole.into_iter());
        for (name, matrix, part) in [
            ("curl of gradient", &curl, &gradient),
            ("divergence of solenoidal", &divergence, &solenoidal),
            ("divergence of harmonic", &divergence, &harmonic),
            ("curl of harmonic", &curl, &harmonic),
        ] {
            let largest = matrix.data().iter().fold(0.0, |most: f64, e| most.max(e.abs()));
            let left = apply(matrix, part).iter().fold(0.0, |most: f64, v| most.max(v.abs()));
            assert!(left <= 1e-11 * largest * norm, "{label}, {choice}: {name} {left:e}");
        }
    }
}

#[test]
fn judge_the_sweeps_of_a_decomposition() {
    for (label, domain) in domains::<2>() {
        check_sweeps(&label, &domain);
    }
    for (label, domain) in domains::<3>() {
        check_sweeps(&label, &domain);
    }
    for shape in masks::shapes_2d() {
        check_sweeps(shape.name, &shape.domain);
    }
}
