//! Every analytic case by every method that fits it: the claims, and errors within 1 % of those that programs outside of hodge
//! found (`validation/reference`).

use hodge::decomposition::Method;
use hodge::source::analytic::{CASES_2D, CASES_3D};
use hodge::validation::{
    AGREE, MASKED, Outcome, Outside, Study, run_masked, run_study, studies_2d, studies_3d,
};
use serde_json::json;
use std::collections::BTreeSet;

/// The outcome beside the numbers from outside, all of which must hold.
pub fn compared(mut outcome: Outcome, outside: &Outside) -> Outcome {
    outside.compare(&mut outcome);
    assert!(outcome.passed, "{}", serde_json::to_string(&outcome).unwrap());
    outcome
}

fn check<const D: usize>(studies: Vec<Study<D>>) {
    let outside = Outside::stored();
    for study in studies {
        for outcome in run_study(&study).unwrap() {
            compared(outcome, &outside);
        }
    }
}

#[test]
fn claims_and_errors_from_outside_hold_in_2d() {
    check(studies_2d());
}

#[test]
fn claims_and_errors_from_outside_hold_in_3d() {
    check(studies_3d());
}

#[test]
fn claims_and_energies_from_outside_hold_on_masked_domains() {
    let outside = Outside::stored();
    for name in MASKED {
        for outcome in run_masked(name).unwrap() {
            compared(outcome, &outside);
        }
    }
}

/// Of each case, in each dimension, there is a study: by six methods or more.
#[test]
fn every_case_is_studied() {
    let (plane, space) = (studies_2d(), studies_3d());
    let mut studied: BTreeSet<_> = plane.iter().map(|s| (2, s.case.name())).collect();
    studied.extend(space.iter().map(|s| (3, s.case.name())));
    studied.extend([(2, "random-mask"), (2, "Z1")]);
    studied.extend(["ring", "shell", "cavity", "random-mask", "Z1"].map(|name| (3, name)));
    let plane_cases = CASES_2D.iter().map(|case| (2, case.name()));
    for case in plane_cases.chain(CASES_3D.iter().map(|case| (3, case.name()))) {
        assert!(studied.contains(&case), "{case:?}");
    }
    assert_eq!(studied.len(), 50);
    let methods =
        plane.iter().map(|s| s.method.name()).chain(space.iter().map(|s| s.method.name()));
    assert_eq!(methods.collect::<BTreeSet<_>>().len(), 10);
}

/// One row of the case B2, and what becomes of it beside other numbers.
#[test]
fn numbers_that_differ_fail() {
    let claim = hodge::validation::Claim::Exact;
    let is_meant = |s: &Study<2>| s.case.name() == "B2" && s.method == Method::Staggered;
    let study = studies_2d().into_iter().find(is_meant);
    let study = Study { sizes: vec![16], claim, ..study.unwrap() };
    let found = run_study(&study).unwrap().remove(0);
    let beside = |change: f64, n: usize| {
        let row = json!({
            "case": "B2", "method": "staggered", "boundary": "no-flux", "dims": 2, "n": n,
            "error_gradient": found.error_gradient.unwrap(),
            "error_solenoidal": found.error_solenoidal.unwrap() * (1.0 + change),
        });
        let mut outcome = found.clone();
        Outside::of(&[&json!({ "studies": [row] }).to_string()]).compare(&mut outcome);
        outcome
    };
    let near = beside(0.5 * AGREE, 16);
    assert!(near.passed && (near.outside.unwrap() / (0.5 * AGREE) - 1.0).abs() < AGREE, "{near:?}");
    for (outcome, complaint) in
        [(beside(2.0 * AGREE, 16), "error_solenoidal"), (beside(0.0, 17), "no number from outside")]
    {
        assert!(!outcome.passed && outcome.claim.contains(complaint), "{outcome:?}");
    }
}
