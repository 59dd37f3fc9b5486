//! Masked domains: exactness for random data, holes and their circulations, Betti numbers.

use super::adversarial::adversarial;
use super::exact_row::{Random, row};
use super::run::exact_parts;
use super::{Claim, EXACT, Outcome};
use crate::boundary::Boundary;
use crate::decomposition::{DecomposeError, Decomposition, Friedrichs, Method};
use crate::diagnostic::{circulations, errors};
use crate::field::{Layout, ScalarField, VectorField, max_or_nan};
use crate::grid::{Axis, Domain, Grid, Location, Topology, unravel};
use crate::operator::{Betti, Calculus};
use crate::poisson::Backend;
use crate::source::analytic::{Case, find_2d};
use std::f64::consts::{PI, TAU};

/// Names of the studies beside those of whole cases.
pub const MASKED: [&str; 7] = ["H1", "H2", "ring", "shell", "cavity", "random-mask", "Z1"];

/// Runs one of the [`MASKED`] studies.
///
/// # Errors
/// If a field of the study cannot be decomposed.
pub fn run_masked(name: &str) -> Result<Vec<Outcome>, DecomposeError> {
    match name {
        "H1" => annulus(),
        "H2" => square_hole(),
        "ring" => shape("ring", |[x, y, z]| !(2..4).contains(&x) || !(2..4).contains(&y) || z > 5),
        "shell" => shape("shell", |i| i.iter().any(|i| !(1..5).contains(i))),
        "cavity" => shape("cavity", |i| i != [3, 3, 3] && (i[0], i[1]) != (1, 1)),
        "random-mask" => random_masks(),
        _ => adversarial(),
    }
}

/// The annulus of case H1: five orthogonal parts, of which h_T and h_N have dimension 1.
fn annulus() -> Result<Vec<Outcome>, DecomposeError> {
    let case = find_2d("H1").expect("in the catalogue");
    let mut outcomes = Vec::new();
    for n in [32, 64] {
        let domain = case.domain([n; 2]).expect("cases have sound windows");
        let field = staggered(case, &domain);
        let plan = Method::Staggered.plan(&domain, Some(Boundary::NormalParallel), None)?;
        let parts = plan.decompose(&field)?;
        let five = plan.friedrichs(&parts)?;
        let cross = largest_product(plan.calculus(), &parts, &five, &field);
        let mut outcome = row("H1", &*plan, &field, &parts, Claim::FiveParts);
        outcome.orthogonality = outcome.orthogonality.max(cross);
        let exact = exact_parts(case, *domain.grid(), Layout::Faces, Boundary::NormalParallel);
        let exact = exact.expect("known for H1").map(|mut part| {
            part.clear_outside(&domain);
            part
        });
        let found = errors(plan.calculus(), &parts, &exact);
        outcome.error_gradient = Some(found.gradient);
        outcome.error_solenoidal = Some(found.solenoidal);
        outcome.error_harmonic = Some(found.harmonic);
        let dimensions = (five.dimensions.tangential, five.dimensions.normal);
        outcome.passed &= cross <= EXACT && dimensions == (1, 1);
        outcomes.push(outcome);
    }
    Ok(outcomes)
}

/// A case on the faces of active cells.
fn staggered(case: &dyn Case<2>, domain: &Domain<2>) -> VectorField<2> {
    use crate::source::Source;
    let mut field = case.sample(*domain.grid(), Layout::Faces);
    field.clear_outside(domain);
    field
}

/// The largest |⟨a, b⟩|/‖v‖² of two of the five parts.
fn largest_product<const D: usize>(
    calculus: &dyn Calculus<D>,
    parts: &Decomposition<D>,
    five: &Friedrichs<D>,
    field: &VectorField<D>,
) -> f64 {
    let all =
        [&parts.gradient, &parts.solenoidal, &five.tangential, &five.normal, &five.curly_gradient];
    let pairs = (0..5).flat_map(|i| (i + 1..5).map(move |j| (i, j)));
    let products = pairs.map(|(i, j)| calculus.inner(all[i], all[j]).abs());
    products.fold(0.0, max_or_nan) / calculus.inner(field, field)
}

/// ∇θ around a square hole, by exact line integrals between cell centres: its circulation is 2π,
/// and the harmonic part keeps it.
fn square_hole() -> Result<Vec<Outcome>, DecomposeError> {
    let case = find_2d("H2").expect("in the catalogue");
    let mut outcomes = Vec::new();
    for backend in [Backend::Cholesky, Backend::Multigrid] {
        for n in [32, 64, 128] {
            let domain = case.domain([n; 2]).expect("cases have sound windows");
            let field = angle_differences(&domain);
            let plan = Method::Staggered.plan(&domain, Some(Boundary::NoFlux), Some(backend))?;
            let parts = plan.decompose(&field)?;
            let around = circulations(plan.loops(), plan.calculus().domain(), &field, &parts);
            let kept = around.len() == 1
                && (around[0].field.abs() - TAU).abs() <= EXACT * TAU
                && (around[0].harmonic - around[0].field).abs() <= EXACT * TAU;
            let mut outcome = row("H2", &*plan, &field, &parts, Claim::Circulation);
            outcome.passed &= kept;
            outcomes.push(outcome);
        }
    }
    Ok(outcomes)
}

/// On each face the difference of the polar angle between the cells beside it, over the spacing.
fn angle_differences(domain: &Domain<2>) -> VectorField<2> {
    let grid = *domain.grid();
    let components = std::array::from_fn(|k| {
        let half = 0.5 * grid.axes()[k].spacing;
        ScalarField::sample(grid, Location::face(k), |position| {
            let angle = |side: f64| {
                let mut at = position;
                at[k] += side * half;
                at[1].atan2(at[0])
            };
            let turn = angle(1.0) - angle(-1.0);
            let turn = if turn > PI {
                turn - TAU
            } else if turn < -PI {
                turn + TAU
            } else {
                turn
            };
            turn / (2.0 * half)
        })
    });
    let mut field = VectorField::from_components(Layout::Faces, components);
    field.clear_outside(domain);
    field
}

/// A masked cube of 6³ cells with known Betti numbers and random data on it.
fn shape(
    name: &'static str,
    active: impl Fn([usize; 3]) -> bool,
) -> Result<Vec<Outcome>, DecomposeError> {
    let axis = Axis::over(0.0, 1.0, 6, Topology::Bounded);
    let grid = Grid::new([axis; 3]).expect("a sound grid");
    let mask = (0..grid.cells()).map(|cell| active(unravel(grid.shape(), cell))).collect();
    let domain = Domain::masked(grid, mask).expect("cells are left");
    let expected = match name {
        "ring" => [1, 1, 0],
        "shell" => [1, 0, 1],
        _ => [1, 1, 1],
    };
    let mut outcomes = exactness(name, &domain, 7, Claim::Betti(expected))?;
    let found = Betti::of(&domain).fluid;
    outcomes.iter_mut().for_each(|o| o.passed &= found == expected);
    Ok(outcomes)
}

/// Random data on random masks.
fn random_masks() -> Result<Vec<Outcome>, DecomposeError> {
    let axis = |n, length| Axis::over(0.0, length, n, Topology::Bounded);
    let plane = Grid::new([axis(24, 1.0), axis(17, 0.6)]).expect("a sound grid");
    let space = Grid::new([axis(9, 1.0), axis(7, 0.6), axis(8, 1.7)]).expect("a sound grid");
    let mut outcomes = exactness("random-mask", &random_mask(plane, 3), 5, Claim::Exact)?;
    outcomes.extend(exactness("random-mask", &random_mask(space, 4), 6, Claim::Exact)?);
    Ok(outcomes)
}

fn random_mask<const D: usize>(grid: Grid<D>, seed: u64) -> Domain<D> {
    let mut random = Random(seed);
    let mask = (0..grid.cells()).map(|_| random.next() < 0.4).collect();
    Domain::masked(grid, mask).expect("cells are left")
}

/// Every convention and back end on random face data.
fn exactness<const D: usize>(
    name: &'static str,
    domain: &Domain<D>,
    seed: u64,
    claim: Claim,
) -> Result<Vec<Outcome>, DecomposeError> {
    let mut random = Random(seed);
    let mut field = VectorField::zeros(*domain.grid(), Layout::Faces);
    for component in field.components_mut() {
        component.values_mut().iter_mut().for_each(|v| *v = random.next());
    }
    field.clear_outside(domain);
    let mut outcomes = Vec::new();
    for boundary in [Boundary::NoFlux, Boundary::ZeroPotential, Boundary::NormalParallel] {
        for backend in Backend::ALL.into_iter().filter(|b| b.fits(domain)) {
            let plan = Method::Staggered.plan(domain, Some(boundary), Some(backend))?;
            let parts = plan.decompose(&field)?;
            outcomes.push(row(name, &*plan, &field, &parts, claim));
        }
    }
    Ok(outcomes)
}
