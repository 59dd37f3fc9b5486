//! The norms that are summed row by row are those of the operators themselves.

use crate::common::masks::{grid, keep_on, random_masks};
use crate::common::{domains, random_field, sum_of_squares};
use hodge::boundary::Boundary;
use hodge::decomposition::{Decomposition, Method};
use hodge::diagnostic::measure;
use hodge::field::{Layout, ScalarField, to_points};
use hodge::grid::Domain;
use hodge::operator::{Calculus, Staggered};
use hodge::poisson::Backend;

fn norm<const D: usize>(fields: &[ScalarField<D>]) -> f64 {
    sum_of_squares(fields.iter().map(|f| f.values()))
}

fn check<const D: usize>() {
    let masks = random_masks::<D>().into_iter();
    for (label, domain) in domains::<D>().into_iter().chain(masks) {
        for boundary in Boundary::ALL {
            let calculus = Staggered::new(domain.clone(), boundary);
            let mut v = random_field(&domain, Layout::Faces, 5);
            v.clear_outside(&domain);
            let pairs = [
                (calculus.divergence_norm(&v), norm(&[calculus.divergence(&v)])),
                (calculus.curl_norm(&v), norm(&calculus.curl(&v))),
            ];
            for (found, expected) in pairs {
                let apart = (found - expected).abs();
                assert!(apart <= 1e-12 * expected, "{label} {boundary}: {found}, not {expected}");
            }
        }
    }
}

#[test]
fn norms_are_those_of_the_operators() {
    check::<2>();
    check::<3>();
}

/// The report takes them on its walk over tiles: here of random numbers instead of parts.
fn check_report<const D: usize>(domain: &Domain<D>, boundary: Boundary) {
    let backend = domain.mask().map(|_| Backend::Multigrid);
    let plan = Method::Staggered.plan(domain, Some(boundary), backend).unwrap();
    let calculus = Staggered::new(domain.clone(), boundary);
    let [field, gradient, solenoidal, harmonic] = [1, 2, 3, 4].map(|seed| {
        let mut v = random_field(domain, Layout::Faces, seed);
        v.clear_outside(domain);
        v
    });
    let zeros = Decomposition::zeros(*domain.grid(), Layout::Faces);
    let parts = Decomposition { gradient, solenoidal, harmonic, ..zeros };
    let samples = to_points(&field, domain, parts.way);
    let found = measure(&*plan, &field, &samples, &parts).by_own_differences;
    let unit = norm(field.components()) / domain.grid().least_spacing();
    for (what, found, expected) in [
        (
            "divergence",
            found.divergence_of_solenoidal,
            norm(&[calculus.divergence(&parts.solenoidal)]),
        ),
        ("curl", found.curl_of_gradient, norm(&calculus.curl(&parts.gradient))),
        (
            "harmonic divergence",
            found.divergence_of_harmonic,
            norm(&[calculus.divergence(&parts.harmonic)]),
        ),
        ("harmonic curl", found.curl_of_harmonic, norm(&calculus.curl(&parts.harmonic))),
    ] {
        let found = found * unit;
        let grid = domain.grid().shape();
        let apart = (found - expected).abs();
        assert!(
            apart <= 1e-12 * expected,
            "{what} on {grid:?}, {boundary}: {found}, not {expected}"
        );
    }
}

/// On several tiles along every axis that has some.
#[test]
fn the_report_has_the_norms_of_the_operators() {
    let walled = &Boundary::ALL[1..];
    for boundary in walled.iter().copied() {
        for walls in 1..4 {
            check_report(&Domain::full(grid([600, 500], walls)), boundary);
        }
        for walls in [1, 2, 4, 7] {
            check_report(&Domain::full(grid([512, 10, 35], walls)), boundary);
        }
        check_report(&keep_on(grid([600, 300], 3), |[x, y]| x + y > 200), boundary);
        check_report(&keep_on(grid([512, 10, 35], 5), |[x, _, z]| x + 5 * z > 99), boundary);
    }
}
