//! The central method: least squares on small grids, promises where others have none, what it refuses, and real fields.

use crate::common::gradient::Ruler;
use crate::common::{Random, masks, random_field};
use crate::contract::{promises, promises_of_points};
use crate::needs::data;
use crate::rectilinear;
use hodge::boundary::Boundary;
use hodge::decomposition::{DecomposeError, Method};
use hodge::diagnostic::measure;
use hodge::field::{Layout, ScalarField, VectorField};
use hodge::grid::{Axis, Domain, Grid, Location, Metric, Thickness, Topology};
use hodge::operator::with_density;
use hodge::source::file::{FileRequest, open};
use ndarray::ArrayD;
use serde_json::Value;
use std::path::Path;

/// What `validation/reference/central.py` found.
fn reference() -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("validation/reference/central.json");
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn numbers(list: &Value) -> Vec<f64> {
    list.as_array().unwrap().iter().map(|v| v.as_f64().unwrap()).collect()
}

fn of_grid<const D: usize>(stored: &Value) -> Domain<D> {
    let axes: [Axis; D] = std::array::from_fn(|k| {
        let points = numbers(&stored["axes"][k]);
        match stored["periods"][k].as_f64() {
            Some(period) => {
                let spacing = period / points.len() as f64;
                Axis::from_points(points[0], spacing, points.len(), Topology::Periodic)
            }
            None => Axis::through_points(&points).unwrap(),
        }
    });
    let grid = Grid::new(axes).unwrap();
    match stored["sphere"].as_bool().unwrap() {
        true => Domain::full(grid).with_metric(Metric::sphere(&grid, 1.0).unwrap()).unwrap(),
        false => Domain::full(grid),
    }
}

fn compare<const D: usize>(stored: &Value) {
    let (name, domain) = (&stored["name"], of_grid::<D>(stored));
    let field = |name: &str| {
        let component = |k: usize| {
            let values = numbers(&stored[name][k]);
            ScalarField::from_values(*domain.grid(), Location::CELL, values).unwrap()
        };
        VectorField::from_components(Layout::Points, std::array::from_fn(component))
    };
    let v = field("field");
    let plan = Method::Central.plan(&domain, None, None).unwrap();
    let parts = plan.decompose(&v).unwrap();
    for (part, found) in parts.parts() {
        let off = found.minus(&field(part)).max_abs();
        assert!(off <= 1e-12, "{name}: the {part} part is off by {off:.1e}");
    }
    let ruler = Ruler::new(&domain).unwrap();
    let energy = plan.calculus().inner(&v, &v);
    assert!((energy / ruler.inner(&v, &v) - 1.0).abs() < 1e-13, "{name}: energy {energy}");
}

#[test]
fn parts_are_those_of_least_squares() {
    for stored in reference()["small"].as_array().unwrap() {
        match stored["axes"].as_array().unwrap().len() {
            2 => compare::<2>(stored),
            _ => compare::<3>(stored),
        }
    }
}

fn degrees(first: f64, last: f64, cells: usize, topology: Topology) -> Axis {
    Axis::over(first, last, cells, topology)
}

fn on_sphere(axes: [Axis; 2], radius: f64) -> Domain<2> {
    let grid = Grid::new(axes).unwrap();
    Domain::full(grid).with_metric(Metric::sphere(&grid, radius).unwrap()).unwrap()
}

fn uneven<const D: usize>(cells: [usize; D], walls: usize) -> Domain<D> {
    let axis = |k: usize| {
        let bounded = walls >> k & 1 == 1;
        let topology = if bounded { Topology::Bounded } else { Topology::Periodic };
        rectilinear::random(cells[k], topology, 40 + k as u64)
    };
    Domain::full(Grid::new(std::array::from_fn(axis)).unwrap())
}

fn boxed<const D: usize>(cells: [usize; D], walls: usize, spacing: [f64; D]) -> Domain<D> {
    let axis = |k: usize| {
        let bounded = walls >> k & 1 == 1;
        let topology = if bounded { Topology::Bounded } else { Topology::Periodic };
        Axis::from_start(0.0, spacing[k], cells[k], topology)
    };
    Domain::full(Grid::new(std::array::from_fn(axis)).unwrap())
}

fn check<const D: usize>(label: &str, domain: &Domain<D>) {
    let plan = Method::Central.plan(domain, None, None).unwrap();
    for seed in 3..8 {
        for promise in promises(&*plan, seed).into_iter().chain(promises_of_points(&*plan, seed)) {
            assert!(promise.is_kept(), "{label}: {} is {:.1e}", promise.what, promise.found);
        }
    }
}

/// Random data; the contract has equal spacings.
#[test]
fn promises_hold_on_uneven_axes_and_on_spheres() {
    let (walls, ring) = (Topology::Bounded, Topology::Periodic);
    for (cells, axes) in [([13, 8], 0b11), ([8, 17], 0b10), ([31, 24], 0b11), ([6, 9], 0b00)] {
        check(&format!("{cells:?} with walls {axes:02b}"), &uneven(cells, axes));
    }
    for (cells, axes) in [([5, 8, 6], 0b111), ([7, 4, 5], 0b101), ([4, 6, 3], 0b010)] {
        check(&format!("{cells:?} with walls {axes:03b}"), &uneven(cells, axes));
    }
    // Conjugate gradients get there only after circulations have risen and fallen often.
    check("a sheet", &boxed([9, 3, 1], 0b010, [1.0, 0.3237, 1.0]));
    check("flat cells", &boxed([16, 15, 4], 0b100, [1.0, 1.0, 0.01]));
    check("flat cells between walls", &boxed([9, 15, 4], 0b111, [1.0, 1.0, 0.01]));
    let atlantic = [degrees(-60.0, 0.0, 61, walls), degrees(20.0, 80.0, 51, walls)];
    check("a window", &on_sphere(atlantic, 6_371_200.0));
    let band = [degrees(0.0, 360.0, 36, ring), degrees(-57.0, 40.0, 19, walls)];
    check("a band", &on_sphere(band, 1.0));
    let stretched = [rectilinear::geometric(24, 100.0), rectilinear::geometric(17, 30.0)];
    check("spacings of 1 to 100", &Domain::full(Grid::new(stretched).unwrap()));
}

/// All that a report measures, and a scale at which squares of lengths are no numbers.
#[test]
fn reports_keep_their_claims_at_every_scale() {
    for scale in [1.0, 1e-150, 1e150] {
        let axis = |n| Axis::over(0.0, scale, n, Topology::Bounded);
        let domain = Domain::full(Grid::new([axis(14), axis(9)]).unwrap());
        let plan = Method::Central.plan(&domain, None, None).unwrap();
        let field = random_field(&domain, Layout::Points, 8);
        let parts = plan.decompose(&field).unwrap();
        let report = measure(&*plan, &field, &field, &parts);
        let found = report.by_own_differences.in_claims();
        assert!(found.iter().all(|v| *v <= 1e-12), "{scale}: {found:?}");
        assert!(scale != 1.0 || report.claims_hold(), "{:?}", report.claims);
        assert!(parts.gradient.max_abs() > 0.1 && parts.solenoidal.max_abs() > 0.1);
    }
}

/// What has no divergence and no curl inside and flows through walls is a gradient: nothing of it is harmonic.
#[test]
fn flows_through_walls_are_gradients() {
    let axis = |n| Axis::from_points(-1.0, 0.5, n, Topology::Bounded);
    for cells in [[7, 6], [2, 9], [2, 2]] {
        let grid = Grid::new(cells.map(axis)).unwrap();
        let field = VectorField::sample(grid, Layout::Points, |_| [1.0, -2.0]);
        let plan = Method::Central.plan(&Domain::full(grid), None, None).unwrap();
        let parts = plan.decompose(&field).unwrap();
        assert!(parts.gradient.minus(&field).max_abs() < 1e-12, "{cells:?}: {:?}", parts.harmonic);
    }
}

/// Points that are given apart from the field are weighted alike, and nothing is lost between them.
#[test]
fn samples_beside_the_field_have_the_same_shares() {
    let domain = uneven([12, 9], 0b11);
    let plan = Method::Central.plan(&domain, None, None).unwrap();
    let field = random_field(&domain, Layout::Points, 5);
    let parts = plan.decompose(&field).unwrap();
    let (one, two) =
        (measure(&*plan, &field, &field, &parts), measure(&*plan, &field, &field.clone(), &parts));
    let ruler = Ruler::new(&domain).unwrap();
    let whole = ruler.inner(&field, &field);
    let expected = parts.parts().map(|(_, part)| ruler.inner(part, part) / whole);
    for shares in [one.share_of_input, two.share_of_input] {
        let found = [shares.gradient, shares.solenoidal, shares.harmonic];
        for (found, expected) in found.iter().zip(expected) {
            assert!((found - expected).abs() < 1e-12, "{found} and {expected}");
        }
        assert_eq!(shares.lost, 0.0);
    }
    assert_eq!(parts.sampling_remainder(&field, &domain).max_abs(), 0.0);
}

/// A potential gives back its part.
#[test]
fn potentials_give_their_parts() {
    let domain = uneven([6, 5, 7], 0b111);
    let plan = Method::Central.plan(&domain, Some(Boundary::NoFlux), None).unwrap();
    let field = random_field(&domain, Layout::Points, 11);
    let parts = plan.decompose(&field).unwrap();
    let potential = plan.vector_potential(&parts).unwrap();
    let back = plan.calculus().codifferential(&potential);
    assert!(back.minus(&parts.solenoidal).max_abs() < 1e-11);
    let gradient = plan.calculus().gradient(&parts.potential);
    assert!(gradient.minus(&parts.gradient).max_abs() < 1e-12);
}

fn error<const D: usize>(domain: &Domain<D>, boundary: Option<Boundary>) -> String {
    let refused = Method::Central.plan(domain, boundary, None);
    let error = refused.err().expect("refused").to_string();
    assert!(error.contains("staggered"), "{error}");
    error
}

#[test]
fn what_does_not_fit_is_refused_with_the_way_out() {
    let walls = Topology::Bounded;
    let axis = |n| Axis::over(0.0, 1.0, n, walls);
    let grid = Grid::new([axis(6), axis(5)]).unwrap();
    let full = Domain::full(grid);
    for boundary in [Boundary::ZeroPotential, Boundary::NormalParallel] {
        assert!(error(&full, Some(boundary)).contains(boundary.name()));
    }
    assert!(error(&full, Some(Boundary::Periodic)).contains("periodic"));
    assert!(error(&masks::keep_on(grid, |at| at != [2, 2]), None).contains("mask"));
    let density = VectorField::sample(grid, Layout::Faces, |[x, _]| [1.0 + x, 1.0 + x]);
    assert!(error(&with_density(&full, &density).unwrap(), None).contains("density"));
    let polar = [degrees(0.0, 360.0, 12, Topology::Periodic), degrees(30.0, 90.0, 6, walls)];
    assert!(error(&on_sphere(polar, 1.0), None).contains("pole"));
    let grid = Grid::new([degrees(0.0, 50.0, 5, walls), degrees(0.0, 50.0, 5, walls), axis(4)]);
    let (grid, thick) = (grid.unwrap(), Thickness::Thick);
    let shell = Domain::full(grid).with_metric(Metric::shell(&grid, 1.0, thick).unwrap()).unwrap();
    assert!(error(&shell, None).contains("shell"));
    let one = Domain::full(Grid::new([axis(1), axis(5)]).unwrap());
    assert!(error(&one, None).contains("axis x"));
    let long = Domain::full(Grid::new([axis(2), axis(5000)]).unwrap());
    assert!(error(&long, None).contains("axis y has 5000"));
    let plan = Method::Central.plan(&full, None, None).unwrap();
    let faces = random_field(&full, Layout::Faces, 1);
    let refused = plan.decompose(&faces).unwrap_err();
    assert!(matches!(refused, DecomposeError::Staggered { method: Method::Central }));
    assert!(
        plan.friedrichs(&plan.decompose(&random_field(&full, Layout::Points, 1)).unwrap()).is_err()
    );
}

fn shares(path: &Path) -> [f64; 3] {
    let file = open(&FileRequest { path: path.into(), ..FileRequest::default() }).unwrap();
    let (spacing, cells) = (file.spacing(), file.shape());
    let axis = |k: usize| Axis::from_points(0.0, spacing[k], cells[k], Topology::Bounded);
    let grid = Grid::new([axis(0), axis(1)]).unwrap();
    let values: ArrayD<f64> = file.read(0).unwrap();
    let field = VectorField::from_array(grid, values.view()).unwrap();
    let plan = Method::Central.plan(&Domain::full(grid), None, None).unwrap();
    let report = measure(&*plan, &field, &field, &plan.decompose(&field).unwrap());
    assert!(report.claims_hold(), "{:?}", report.claims);
    let shares = report.share_of_input;
    [shares.gradient, shares.solenoidal, shares.harmonic]
}

#[test]
fn shares_of_real_fields_are_those_of_least_squares() {
    let names = ["piv/PIVchallengeCaseBvelField.txt", "wind/north_atlantic_500hpa.h5"];
    let Some(paths) = data(names) else { return };
    let stored = reference();
    for (path, name) in paths.iter().zip(["piv_case_b", "north_atlantic_500hpa"]) {
        let expected = numbers(&stored["real"][name]);
        for (found, expected) in shares(path).iter().zip(expected) {
            assert!((found - expected).abs() <= 1e-9, "{name}: {found} and {expected}");
        }
    }
}

/// Random smooth fields: sums of waves, ψ zero on the walls. The errors of the gradient part are those of the notes on metrics.
#[test]
fn errors_of_smooth_fields_fall_by_four() {
    let mut random = Random::new(6);
    let mut wave = || (random.next(), (2.5 + 1.5 * random.next()).round());
    let waves: Vec<_> = (0..6).map(|_| (wave(), wave())).collect();
    let error = |n: usize| {
        let axis = Axis::from_points(0.0, 1.0 / (n - 1) as f64, n, Topology::Bounded);
        let grid = Grid::new([axis, axis]).unwrap();
        let gradient = VectorField::sample(grid, Layout::Points, |[x, y]| {
            waves.iter().fold([0.0; 2], |[u, v], ((a, m), (b, k))| {
                let slope = a * (m * x + k * y + b).cos();
                [u + m * slope, v + k * slope]
            })
        });
        let rotation = VectorField::sample(grid, Layout::Points, |[x, y]| {
            let pi = std::f64::consts::PI;
            let (s, c) = (f64::sin, f64::cos);
            [s(pi * x) * pi * c(pi * y), -pi * c(pi * x) * s(pi * y)]
        });
        let mut field = gradient.clone();
        field.add_scaled(1.0, &rotation);
        let parts = Method::Central.plan(&Domain::full(grid), None, None).unwrap();
        let parts = parts.decompose(&field).unwrap();
        parts.gradient.minus(&gradient).rms() / gradient.rms()
    };
    let errors = [32, 64, 128].map(error);
    for pair in errors.windows(2) {
        let order = (pair[0] / pair[1]).log2();
        assert!((order - 2.0).abs() < 0.1, "{errors:?}");
    }
}
