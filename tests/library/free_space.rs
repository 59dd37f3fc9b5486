//! Free space: parts, errors and energies of `validation/reference/free_space.py`, which has no code in common with hodge, and
//! closed forms.

use crate::common::promises::Sums;
use crate::common::random_field;
use crate::convergence::compared;
use hodge::boundary::Boundary;
use hodge::decomposition::{DecomposeError, Decomposition, Law, Method};
use hodge::diagnostic::measure;
use hodge::field::{Layout, ScalarField, VectorField, to_points};
use hodge::grid::{Axis, Domain, Grid, Location, Topology};
use hodge::source::Source;
use hodge::source::analytic::{find_2d, find_3d};
use hodge::validation::{Outside, Study, run_study, studies_2d, studies_3d};
use serde_json::Value;

fn file() -> Value {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/validation/reference/free_space.json");
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn bounded<const D: usize>(cells: [usize; D], spacing: [f64; D]) -> Domain<D> {
    let axis =
        |k: usize| Axis::over(0.0, cells[k] as f64 * spacing[k], cells[k], Topology::Bounded);
    Domain::full(Grid::new(std::array::from_fn(axis)).unwrap())
}

/// The parts of a field without any smoothness, on few cells of unequal sides.
fn check_direct<const D: usize>(row: &Value) {
    let numbers = |name: &str| row[name].as_array().unwrap().iter().map(|v| v.as_f64().unwrap());
    let cells: Vec<usize> = numbers("shape").map(|n| n as usize).collect();
    let spacing: Vec<f64> = numbers("spacing").collect();
    let domain =
        bounded::<D>(std::array::from_fn(|k| cells[k]), std::array::from_fn(|k| spacing[k]));
    let grid = *domain.grid();
    let component = |k: usize| {
        let count = grid.len_at(Location::face(k));
        let values = (0..count).map(|i| (1.3 * i as f64 + k as f64).sin()).collect();
        ScalarField::from_values(grid, Location::face(k), values).unwrap()
    };
    let field = VectorField::from_components(Layout::Faces, std::array::from_fn(component));
    let parts = Method::Natural.plan(&domain, None, None).unwrap().decompose(&field).unwrap();
    for (name, part) in &parts.parts()[..2] {
        let largest = part.max_abs();
        for k in 0..D {
            let expected = row[*name][k].as_array().unwrap();
            assert_eq!(expected.len(), part.component(k).len());
            for (found, expected) in part.component(k).values().iter().zip(expected) {
                let gap = (found - expected.as_f64().unwrap()).abs();
                assert!(gap <= 1e-12 * largest, "{name} {k}: {found} for {expected}");
            }
        }
    }
}

#[test]
fn parts_are_those_of_direct_sums() {
    let direct = &file()["direct"];
    check_direct::<2>(&direct[0]);
    check_direct::<3>(&direct[1]);
}

fn natural<const D: usize>(study: &Study<D>) -> bool {
    study.method == Method::Natural || study.method == Method::NaturalSpectral
}

fn check<const D: usize>(studies: Vec<Study<D>>, most: usize) -> usize {
    let outside = Outside::stored();
    let studies: Vec<_> = studies.into_iter().filter(natural).collect();
    for study in &studies {
        let sizes = study.sizes.iter().copied().filter(|n| *n <= most).collect();
        let study = Study { sizes, claim: hodge::validation::Claim::Exact, ..*study };
        for outcome in run_study(&study).unwrap() {
            compared(outcome, &outside);
        }
    }
    studies.len()
}

#[test]
fn errors_are_those_of_another_program() {
    assert_eq!(check(studies_2d(), 64), 7);
    assert_eq!(check(studies_3d(), 16), 4);
}

fn decomposed<const D: usize>(
    domain: &Domain<D>,
    method: Method,
    field: &VectorField<D>,
) -> Decomposition<D> {
    method.plan(domain, None, None).unwrap().decompose(field).unwrap()
}

/// F1 on [−¾, ¾]² with 64 points a side.
#[test]
fn fields_that_vanish_at_the_edge_are_split_to_rounding() {
    let case = find_2d("F1").unwrap();
    let axis = Axis::over(-0.75, 0.75, 64, Topology::Bounded);
    let domain = Domain::full(Grid::new([axis, axis]).unwrap());
    let field = case.sample(*domain.grid(), Layout::Points);
    let parts = decomposed(&domain, Method::NaturalSpectral, &field);
    let of = |part: usize| {
        VectorField::sample(*domain.grid(), Layout::Points, |x| {
            let parts = case.parts(x);
            [parts.gradient, parts.solenoidal][part]
        })
    };
    for (part, exact) in [(&parts.gradient, of(0)), (&parts.solenoidal, of(1))] {
        let error = part.minus(&exact).rms() / exact.rms();
        assert!(error <= 1e-9, "{error:e}");
    }
    let phi = ScalarField::sample(*domain.grid(), Location::CELL, |x| case.potential(x).unwrap());
    let gaps = parts.potential.values().iter().zip(phi.values());
    let gap = gaps.fold(0.0, |most: f64, (a, b)| most.max((a - b).abs()));
    assert!(gap <= 1e-11, "{gap:e}");
    // ψ is a Gaussian too, by differences of which the solenoidal part comes again.
    let plan = Method::NaturalSpectral.plan(&domain, None, None).unwrap();
    let psi = plan.vector_potential(&parts).unwrap();
    let exact = ScalarField::sample(*domain.grid(), Location::CELL, |[x, y]: [f64; 2]| {
        (-100.0 * ((x - 0.1).powi(2) + y * y)).exp()
    });
    let gaps = psi[0].values().iter().zip(exact.values());
    let gap = gaps.fold(0.0, |most: f64, (a, b)| most.max((a - b).abs()));
    assert!(gap <= 1e-11, "{gap:e}");
}

/// Boxes of unlike sides and spacings: the cut-off kernel must reach across the longest diagonal.
#[test]
fn long_boxes_and_unequal_spacings_are_split_to_rounding() {
    let axes = [
        Axis::over(-0.7, 0.8, 75, Topology::Bounded),
        Axis::over(-2.0, 0.7, 108, Topology::Bounded),
    ];
    let domain = Domain::full(Grid::new(axes).unwrap());
    let case = find_2d("F1").unwrap();
    let field = case.sample(*domain.grid(), Layout::Points);
    let parts = decomposed(&domain, Method::NaturalSpectral, &field);
    let exact = VectorField::sample(*domain.grid(), Layout::Points, |x| case.parts(x).gradient);
    let error = parts.gradient.minus(&exact).rms() / exact.rms();
    assert!(error <= 1e-8, "{error:e}");
    let thin = [
        Axis::over(-0.6, 0.8, 64, Topology::Bounded),
        Axis::over(-4.0, 4.0, 360, Topology::Bounded),
    ];
    let domain = Domain::full(Grid::new(thin).unwrap());
    let field = case.sample(*domain.grid(), Layout::Points);
    let parts = decomposed(&domain, Method::NaturalSpectral, &field);
    let exact = VectorField::sample(*domain.grid(), Layout::Points, |x| case.parts(x).solenoidal);
    let error = parts.solenoidal.minus(&exact).rms() / exact.rms();
    assert!(error <= 1e-6, "{error:e}");
}

/// F4 and F5: constant divergence, whose potential is exact; energies by quadrature.
#[test]
fn potentials_of_the_square_and_the_cube_are_exact() {
    let case = find_2d("F4").unwrap();
    let domain = case.domain([24, 24]).unwrap();
    let parts = decomposed(&domain, Method::Natural, &case.sample(*domain.grid(), Layout::Faces));
    let phi = ScalarField::sample(*domain.grid(), Location::CELL, |x| case.potential(x).unwrap());
    for (found, exact) in parts.potential.values().iter().zip(phi.values()) {
        assert!((found - exact).abs() <= 1e-12, "{found} for {exact}");
    }
    let case = find_3d("F5").unwrap();
    let domain = case.domain([10, 10, 10]).unwrap();
    let parts = decomposed(&domain, Method::Natural, &case.sample(*domain.grid(), Layout::Faces));
    let phi = ScalarField::sample(*domain.grid(), Location::CELL, |x| case.potential(x).unwrap());
    for (found, exact) in parts.potential.values().iter().zip(phi.values()) {
        assert!((found - exact).abs() <= 1e-12, "{found} for {exact}");
    }
}

#[test]
fn energies_of_the_square_go_to_those_by_quadrature() {
    let (case, known) = (find_2d("F4").unwrap(), &file()["F4"]);
    let known = |name: &str| known[name].as_f64().unwrap();
    assert!((known("gradient") - 2.46090021).abs() < 1e-7);
    assert!((known("harmonic") - 0.03460869).abs() < 1e-7);
    let slope = case.parts([0.5, 0.25]).gradient;
    for (found, exact) in slope.into_iter().zip([0.5033802474, 0.2317573514]) {
        assert!((found - exact).abs() < 1e-10, "{found}");
    }
    let mut last = f64::INFINITY;
    for n in [32, 64, 128] {
        let domain = case.domain([n, n]).unwrap();
        let parts =
            decomposed(&domain, Method::Natural, &case.sample(*domain.grid(), Layout::Faces));
        let sums = Sums::new(&domain);
        let energy = |v: &VectorField<2>| sums.inner(v, v);
        let gaps = [
            (energy(&parts.gradient) / known("gradient") - 1.0).abs(),
            (energy(&parts.harmonic) / known("harmonic") - 1.0).abs(),
        ];
        let gap = gaps[0].max(gaps[1]);
        assert!(gap <= 0.3 * last, "{n}: {gaps:?}");
        last = gap;
    }
    assert!(last < 5e-4, "{last}");
}

/// What is claimed holds for any data; what is not claimed does not hold, and says so.
#[test]
fn the_parts_are_differences_and_not_orthogonal() {
    for seed in 0..4 {
        let domain = bounded([9 + seed as usize, 14], [0.3, 0.2]);
        let field = random_field(&domain, Layout::Faces, seed);
        let plan = Method::Natural.plan(&domain, None, None).unwrap();
        let parts = plan.decompose(&field).unwrap();
        let samples = to_points(&field, &domain, parts.way);
        let report = measure(&*plan, &field, &samples, &parts);
        assert!(report.claims_hold() && report.orthogonality > 1e-3, "{report:?}");
        let claimed = report.claims.iter().filter(|claim| claim.bound.is_some()).count();
        assert_eq!(claimed, 3);
        assert!(!plan.claims(Law::Orthogonality));
        let shares = report.share_of_input;
        let whole = shares.gradient + shares.solenoidal + shares.harmonic + shares.cross_terms;
        assert!((whole - 1.0).abs() < 1e-12 && shares.cross_terms.abs() > 1e-3, "{shares:?}");
        // A long box takes no second pass, which would find a gradient where there is none.
        let again = plan.decompose(&parts.sum()).unwrap();
        assert!(again.gradient.minus(&parts.gradient).max_abs() < 1e-12);
    }
    let domain = bounded([1100, 3], [1.0, 1.0]);
    let field = random_field(&domain, Layout::Faces, 5);
    let parts = decomposed(&domain, Method::Natural, &field);
    let rows = decomposed(&domain, Method::Natural, &parts.sum());
    assert!(rows.solenoidal.minus(&parts.solenoidal).max_abs() < 1e-11);
}

/// The potential of the solenoidal part gives it again.
#[test]
fn potentials_give_the_solenoidal_part() {
    let domain = bounded([6, 5, 4], [0.3, 0.2, 0.25]);
    let field = random_field(&domain, Layout::Faces, 2);
    let plan = Method::Natural.plan(&domain, None, None).unwrap();
    let parts = plan.decompose(&field).unwrap();
    let potential = plan.vector_potential(&parts).unwrap();
    let free = hodge::operator::Staggered::new(domain.clone(), Boundary::ZeroPotential);
    let again = hodge::operator::Calculus::codifferential(&free, &potential);
    let gap = again.minus(&parts.solenoidal).max_abs();
    assert!(gap <= 1e-11 * parts.solenoidal.max_abs(), "{gap:e}");
}

#[test]
fn what_does_not_apply_is_refused() {
    let plan =
        |domain: &Domain<2>, method: Method, boundary| method.plan(domain, boundary, None).err();
    let axis = |topology| Axis::over(0.0, 1.0, 8, topology);
    let channel =
        Domain::full(Grid::new([axis(Topology::Periodic), axis(Topology::Bounded)]).unwrap());
    let whole = bounded([8, 8], [0.1, 0.1]);
    let masked = Domain::masked(*whole.grid(), (0..64).map(|i| i != 20).collect()).unwrap();
    for method in [Method::Natural, Method::NaturalSpectral] {
        let found = plan(&channel, method, None);
        assert!(matches!(found, Some(DecomposeError::NotFree { axis: "x", .. })), "{found:?}");
        let found = plan(&masked, method, None);
        assert!(matches!(found, Some(DecomposeError::Masked { .. })), "{found:?}");
        let found = plan(&whole, method, Some(Boundary::NoFlux));
        assert!(matches!(found, Some(DecomposeError::OtherConvention { .. })), "{found:?}");
    }
    let found = plan(&whole, Method::Staggered, Some(Boundary::FreeSpace));
    assert!(matches!(found, Some(DecomposeError::FreeSpace)), "{found:?}");
    let spectral = Method::NaturalSpectral.plan(&whole, None, None).unwrap();
    let found = spectral.decompose(&random_field(&whole, Layout::Points, 1)).err();
    assert!(matches!(found, Some(DecomposeError::NotVanishing { .. })), "{found:?}");
}
