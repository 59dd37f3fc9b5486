//! The parts and shares under every convention, from those of each, against those computed by themselves.

use crate::common::{domains, masks, random_field};
use hodge::decomposition::{ByConvention, Decompose, EveryConvention, Method};
use hodge::diagnostic::{ConventionShares, measure, measure_every};
use hodge::field::Layout;
use hodge::grid::Domain;
use hodge::poisson::Backend;

/// Parts of each convention by a separate plan, and their shares on the faces.
fn check<const D: usize>(label: &str, domain: &Domain<D>, backend: Backend, layout: Layout) {
    let field = random_field(domain, layout, 7);
    let conventions = ByConvention::<D>::CONVENTIONS;
    let separate = conventions.map(|boundary| {
        let plan = Method::Staggered.plan(domain, Some(boundary), Some(backend)).unwrap();
        let parts = plan.decompose(&field).unwrap();
        let report = measure(&*plan, &field, &field, &parts);
        (parts, report)
    });
    for known in conventions {
        let every = EveryConvention::new(domain, Some(known), Some(backend)).unwrap();
        assert_eq!(every.own().boundary(), known);
        let parts = every.own().decompose(&field).unwrap();
        let by = every.split(&field, Some(&parts)).unwrap();
        let report = measure_every(every.own(), &field, &field, &parts, Some(&by));
        let rows = report.by_convention.iter().map(|row| row.boundary).collect::<Vec<_>>();
        assert_eq!(rows, conventions, "{label}");
        for ((row, boundary), (parts, own)) in
            report.by_convention.iter().zip(conventions).zip(&separate)
        {
            let label = format!("{label} {backend}: {boundary} from {known}");
            for (found, (name, expected)) in by.parts(boundary).iter().zip(parts.parts()) {
                let apart = found.minus(expected).max_abs();
                assert!(apart < 1e-10, "{label}: {name} is {apart:.1e} apart");
            }
            check_shares(&label, row, own);
        }
    }
}

fn check_shares(label: &str, row: &ConventionShares, own: &hodge::diagnostic::Report) {
    let faces = [own.fraction.gradient, own.fraction.solenoidal, own.fraction.harmonic];
    let points = own.share_of_input;
    let points = [points.gradient, points.solenoidal, points.harmonic];
    let found = [row.gradient, row.solenoidal, row.harmonic];
    let all = found.into_iter().chain(row.on_faces).zip(points.into_iter().chain(faces));
    for (found, expected) in all {
        assert!((found - expected).abs() < 1e-11, "{label}: {found}, not {expected}");
    }
}

fn check_boxes<const D: usize>() {
    for (label, domain) in domains::<D>() {
        if domain.grid().fully_periodic() {
            continue;
        }
        for backend in Backend::ALL.into_iter().filter(|backend| backend.fits(&domain)) {
            check(&label, &domain, backend, Layout::Faces);
        }
        check(&label, &domain, Backend::Transform, Layout::Points);
    }
}

#[test]
fn boxes_and_channels_agree_from_every_convention() {
    check_boxes::<2>();
    check_boxes::<3>();
}

#[test]
fn masks_agree_from_every_convention() {
    for backend in [Backend::Cholesky, Backend::Multigrid] {
        for shape in masks::shapes_2d() {
            check(shape.name, &shape.domain, backend, Layout::Faces);
            check(shape.name, &shape.domain, backend, Layout::Points);
        }
        for shape in masks::shapes_3d() {
            check(shape.name, &shape.domain, backend, Layout::Faces);
        }
    }
}
