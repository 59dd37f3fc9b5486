//! Solenoidal and harmonic part as one, and who is told what harmonic fields cost.

use crate::common::masks::{grid, keep_on, random_masks, shapes_2d, shapes_3d};
use crate::common::{choices, random_field};
use hodge::boundary::{Boundary, Condition};
use hodge::decomposition::{
    Decompose, DecomposeError, EveryConvention, HarmonicCost, Method, Planning, Watch,
};
use hodge::diagnostic::{measure, measure_every};
use hodge::field::Layout;
use hodge::grid::Domain;
use std::sync::{Arc, Mutex};

fn undivided<const D: usize>(domain: &Domain<D>, planning: &Planning) -> Box<dyn Decompose<D>> {
    let planning = Planning { undivided: true, ..planning.clone() };
    Method::Staggered.plan_with(domain, &planning).unwrap()
}

/// The rest is the sum of the two parts of the whole split, and the report says only what is known.
fn check<const D: usize>(label: &str, domain: &Domain<D>) {
    for choice in choices(domain).into_iter().filter(|choice| choice.method == Method::Staggered) {
        let (boundary, backend) = (Some(choice.boundary), choice.backend);
        let plan = undivided(domain, &Planning { boundary, backend, ..Planning::default() });
        let field = random_field(domain, Layout::Faces, 5);
        let whole = choice.plan(domain).unwrap().decompose(&field).unwrap();
        let parts = plan.decompose(&field).unwrap();
        let mut rest = whole.solenoidal.clone();
        rest.add_scaled(1.0, &whole.harmonic);
        let off = rest.minus(&parts.solenoidal).max_abs();
        let off = off.max(whole.gradient.minus(&parts.gradient).max_abs()) / field.max_abs();
        assert!(off <= 1e-11, "{label} {choice}: {off:e}");
        assert_eq!((parts.solves.len(), parts.harmonic.max_abs()), (1, 0.0), "{label} {choice}");
        let names: Vec<&str> = parts.divided().into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["gradient", "divergence_free"]);
        let report = measure(&*plan, &field, &field, &parts);
        assert!(report.undivided && report.claims_hold(), "{label} {choice}: {:?}", report.claims);
        assert_eq!(report.claims.len(), 5);
        let fraction = &report.fraction;
        assert!(fraction.solenoidal.is_nan() && fraction.harmonic.is_nan());
        let sum = fraction.gradient + fraction.divergence_free;
        assert!((sum - 1.0).abs() < 1e-12, "{label} {choice}: {sum}");
        for around in &report.circulations {
            assert!(
                around.harmonic.is_nan() && around.gradient.abs() < 1e-10 * around.faces as f64
            );
        }
        // A gradient part that is too large shows.
        let mut wrong = parts.clone();
        let more = wrong.gradient.clone();
        wrong.gradient.add_scaled(1e-6, &more);
        wrong.solenoidal.add_scaled(-1e-6, &more);
        if more.max_abs() > 1e-3 {
            assert!(!measure(&*plan, &field, &field, &wrong).claims_hold(), "{label} {choice}");
        }
    }
}

#[test]
fn is_what_is_left_without_the_gradient_part() {
    let plane = shapes_2d().into_iter().map(|s| (s.name.to_string(), s.domain));
    plane.chain(random_masks::<2>()).for_each(|(label, domain)| check(&label, &domain));
    shapes_3d().into_iter().for_each(|shape| check(shape.name, &shape.domain));
    check("box", &Domain::full(grid([6, 5], 0b11)));
}

/// Answers of one convention only: those that its gradient part gives.
#[test]
fn answers_what_one_convention_can() {
    let domain = &shapes_2d()[1].domain;
    for (boundary, known) in [
        (Boundary::NoFlux, [true, false]),
        (Boundary::ZeroPotential, [false, true]),
        (Boundary::NormalParallel, [false, true]),
    ] {
        let plan = undivided(domain, &Planning { boundary: Some(boundary), ..Planning::default() });
        let mut field = random_field(domain, Layout::Faces, 2);
        field.clear_outside(domain);
        let parts = plan.decompose(&field).unwrap();
        let answers = measure(&*plan, &field, &field, &parts).answers.unwrap();
        let every = EveryConvention::new(domain, None, None).unwrap();
        let own = every.own().decompose(&field).unwrap();
        let by = every.split(&field, Some(&own)).unwrap();
        let all = measure_every(every.own(), &field, &field, &own, Some(&by)).answers.unwrap();
        let (conservative, free) = (all.closest_conservative, all.nearest_divergence_free);
        let found = [answers.closest_conservative, answers.nearest_divergence_free];
        for ((found, expected), known) in found.into_iter().zip([conservative, free]).zip(known) {
            match known {
                true => assert!((found - expected).abs() < 1e-12, "{boundary}: {found} {expected}"),
                false => assert!(found.is_nan(), "{boundary}: {found}"),
            }
        }
        assert!(answers.crossing_or_circling.is_nan());
    }
}

/// What was heard, and after how many solves to end.
#[derive(Default)]
struct Heard {
    costs: Mutex<Vec<HarmonicCost>>,
    solves: Mutex<Vec<(usize, usize)>>,
    end_after: Option<usize>,
}

impl Watch for Heard {
    fn begins(&self, cost: HarmonicCost) {
        self.costs.lock().unwrap().push(cost);
    }

    fn goes_on(&self, solves: usize, of: usize) -> bool {
        self.solves.lock().unwrap().push((solves, of));
        self.end_after.is_none_or(|end| solves < end)
    }
}

/// Four columns through a box: as many loops, which are counted before the first of eight solves.
#[test]
fn loops_are_told_before_they_are_solved_for() {
    let column = |[x, y, _]: [usize; 3]| x % 3 == 1 && y % 3 == 1;
    let domain = keep_on(grid([7, 7, 4], 7), |index| !column(index));
    let heard = Arc::new(Heard::default());
    let watch: Option<Arc<dyn Watch>> = Some(heard.clone());
    let planning = Planning { boundary: Some(Boundary::NoFlux), watch, ..Planning::default() };
    Method::Staggered.plan_with(&domain, &planning).unwrap();
    let faces = 8 * 7 * 4 + 7 * 8 * 4 + 7 * 7 * 5;
    let bytes = 4.0 * 8.0 * f64::from(faces);
    let cost = HarmonicCost { condition: Condition::Neumann, fields: 4, solves: 8, bytes };
    assert_eq!(*heard.costs.lock().unwrap(), [cost]);
    assert_eq!(*heard.solves.lock().unwrap(), (0..8).map(|i| (i, 8)).collect::<Vec<_>>());
    let ends = Arc::new(Heard { end_after: Some(3), ..Heard::default() });
    let watch: Option<Arc<dyn Watch>> = Some(ends.clone());
    let ended = Method::Staggered.plan_with(&domain, &Planning { watch, ..planning.clone() });
    assert!(matches!(ended.err(), Some(DecomposeError::Stopped { solves: 3, of: 8 })));
    // Nothing is solved for where both parts stay one.
    let heard = Arc::new(Heard::default());
    let watch: Option<Arc<dyn Watch>> = Some(heard.clone());
    undivided(&domain, &Planning { watch, ..planning });
    assert!(heard.costs.lock().unwrap().is_empty() && heard.solves.lock().unwrap().is_empty());
}
