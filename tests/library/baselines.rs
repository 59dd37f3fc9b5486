//! The baselines: what they find is what `validation/reference/baselines.py` finds, and their known defects show.

use crate::common::{domains, random_field};
use crate::convergence::compared;
use hodge::boundary::Boundary;
use hodge::decomposition::{ChorinMethod, DecomposeError, Law, Method};
use hodge::diagnostic::measure;
use hodge::field::{Layout, VectorField};
use hodge::grid::{Axis, Domain, Grid, Topology};
use hodge::validation::{Claim, Outside, Study, run_study, studies_2d, studies_3d};
use serde_json::Value;

fn file() -> Value {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/validation/reference/baselines.json");
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

const BASELINES: [Method; 4] =
    [Method::Chorin, Method::ChorinWide, Method::FourierDetrended, Method::FourierMirrored];

fn check<const D: usize>(studies: Vec<Study<D>>) -> usize {
    let (outside, file) = (Outside::stored(), file());
    let studies: Vec<_> = studies.into_iter().filter(|s| s.method.is_baseline()).collect();
    for study in &studies {
        for outcome in run_study(study).unwrap() {
            let outcome = compared(outcome, &outside);
            let same = |row: &&Value| {
                row["case"] == outcome.case
                    && row["method"] == outcome.method.name()
                    && row["n"] == outcome.n
            };
            let row = file["studies"].as_array().unwrap().iter().find(same).unwrap();
            if let Some(divergence) = row["divergence"].as_f64() {
                let gap = (outcome.divergence - divergence).abs();
                assert!(gap <= 1e-6 * divergence + 1e-12, "{outcome:?} for {divergence}");
            }
        }
    }
    studies.len()
}

#[test]
fn errors_and_divergences_are_those_of_another_program() {
    assert_eq!(check(studies_2d()), 10);
    assert_eq!(check(studies_3d()), 2);
}

/// A study of a method that is exact would fail these claims.
#[test]
fn claims_of_baselines_fail_for_a_projection() {
    let case = hodge::source::analytic::find_2d("P2").unwrap();
    for claim in [Claim::DivergenceOrder(2.0), Claim::Stays(0.1)] {
        let study = Study {
            case,
            method: Method::ChorinWide,
            boundary: Boundary::Periodic,
            backend: None,
            sizes: vec![16, 32],
            claim,
        };
        assert!(run_study(&study).unwrap().iter().all(|outcome| !outcome.passed), "{claim:?}");
    }
}

fn grid<const D: usize>(n: usize, topology: Topology) -> Domain<D> {
    Domain::full(Grid::new([Axis::over(0.0, 1.0, n, topology); D]).unwrap())
}

fn null_modes<const D: usize>(n: usize, topology: Topology) -> usize {
    ChorinMethod::new(&grid::<D>(n, topology), true).unwrap().null_modes()
}

#[test]
fn points_of_the_wide_laplacian_decouple() {
    for row in file()["null_modes"].as_array().unwrap() {
        let n = row["n"].as_u64().unwrap() as usize;
        let topology = if row["walls"] == true { Topology::Bounded } else { Topology::Periodic };
        let found = match row["dims"].as_u64().unwrap() {
            2 => null_modes::<2>(n, topology),
            _ => null_modes::<3>(n, topology),
        };
        assert_eq!(found as u64, row["count"].as_u64().unwrap(), "{row}");
    }
    let compact = ChorinMethod::new(&grid::<2>(6, Topology::Periodic), false).unwrap();
    assert_eq!(compact.null_modes(), 1);
}

/// u = v = (−1)^(i + j) has neither divergence nor curl to central differences. Differences between faces, which see it,
/// make it half a gradient.
#[test]
fn alternating_fields_are_not_seen() {
    let domain = grid::<2>(8, Topology::Periodic);
    let h = domain.grid().least_spacing();
    let sign = |[x, y]: [f64; 2]| {
        if ((x + y) / h).round() as i64 % 2 == 0 { 1.0 } else { -1.0 }
    };
    let field = VectorField::sample(*domain.grid(), Layout::Points, |x| [sign(x); 2]);
    let plan = Method::ChorinWide.plan(&domain, None, None).unwrap();
    let parts = plan.decompose(&field).unwrap();
    assert!(parts.harmonic.minus(&field).max_abs() < 1e-14);
    let report = measure(&*plan, &field, &field, &parts);
    assert!(report.claims_hold());
    let told = report.warnings.iter().any(|text| text.contains("hold 1.0e0 of the energy"));
    assert!(told, "{:?}", report.warnings);
    let on_faces = VectorField::sample(*domain.grid(), Layout::Faces, |x| {
        [sign([x[0] + 0.5 * h, x[1]]), sign([x[0], x[1] + 0.5 * h])]
    });
    let parts = Method::Staggered.plan(&domain, None, None).unwrap().decompose(&on_faces).unwrap();
    assert!(parts.harmonic.max_abs() < 1e-12);
}

/// `chorin-wide` keeps every law on boxes, channels and tori of any size, `chorin` all but those of its divergence.
#[test]
fn claims_hold_for_any_data() {
    for (label, domain) in domains::<2>() {
        for method in BASELINES {
            let seamless = domain.grid().fully_periodic();
            let plan = match method.plan(&domain, None, None) {
                Err(DecomposeError::NoSeam { .. }) if seamless => continue,
                plan => plan.unwrap(),
            };
            let field = random_field(&domain, Layout::Points, 3);
            let parts = plan.decompose(&field).unwrap();
            let report = measure(&*plan, &field, &field, &parts);
            let broken: Vec<_> = report.claims.iter().filter(|claim| !claim.holds).collect();
            assert!(broken.is_empty(), "{label} {method}: {broken:?}");
            assert!(report.warnings.iter().any(|text| text.contains("is a baseline")));
            assert!(plan.claims(Law::Sum) && plan.vector_potential(&parts).is_err());
        }
    }
}

#[test]
fn the_compact_laplacian_leaves_divergence() {
    let domain = grid::<3>(6, Topology::Bounded);
    let field = random_field(&domain, Layout::Points, 3);
    let left = |method: Method| {
        let plan = method.plan(&domain, None, None).unwrap();
        let parts = plan.decompose(&field).unwrap();
        plan.calculus().divergence(&parts.solenoidal).rms()
            / plan.calculus().divergence(&field).rms()
    };
    assert!(left(Method::ChorinWide) < 1e-12);
    assert!(left(Method::Chorin) > 0.1);
}

#[test]
fn no_domain_calls_for_a_baseline() {
    for (label, domain) in domains::<2>() {
        assert!(!Method::for_domain(&domain).is_baseline(), "{label}");
    }
    for method in BASELINES {
        assert!(method.in_words().starts_with("baseline: "), "{method}");
    }
}
