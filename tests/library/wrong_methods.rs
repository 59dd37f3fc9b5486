//! A test of the tests: wrong methods, and what catches each of them.
//!
//! A fault counts as caught by the *contract* (the promises of every method for random data) or by
//! *measure* (the claims in every report, which is what a user sees) where a number is above its
//! bound, and by *convergence* where an error against exact parts is above that of the right method
//! by more than the 1 % which the stored errors allow. The right methods pass all three. The table is
//! printed by `cargo test --release --test library wrong_methods -- --nocapture`; tests/README.md has
//! what it says.

use crate::common::masks::keep_on;
use crate::common::random_field;
use crate::contract::{promises, promises_of_points};
use crate::faulty::{Fault, Faulty};
use hodge::boundary::Boundary;
use hodge::decomposition::{Decompose, Method};
use hodge::diagnostic::measure;
use hodge::field::{Layout, VectorField, Way, to_points};
use hodge::grid::{Axis, Domain, Grid, Topology};
use std::collections::BTreeMap;
use std::f64::consts::{PI, TAU};
use std::sync::Arc;

/// By how much each check is above its bound; at most 1 where the check passes.
#[derive(Clone, Copy, Debug, Default)]
struct Caught {
    contract: f64,
    measure: f64,
    convergence: f64,
}

/// Gradient, solenoidal and harmonic part at a position.
type Exact<const D: usize> = fn([f64; D]) -> [[f64; D]; 3];

/// A place of the table: a domain, a method on it, and exact parts on its walls.
struct Setting<const D: usize> {
    name: &'static str,
    domain: Domain<D>,
    method: Method,
    boundary: Boundary,
    /// Gradient, solenoidal and harmonic part at a position, exact on this domain.
    exact: Exact<D>,
}

fn axis(n: usize, topology: Topology) -> Axis {
    Axis::over(0.0, 1.0, n, topology)
}

/// φ = sin 2πx cos 2πy, ψ = cos 2πx sin 2πy, h = (0.3, −0.2).
fn torus_2d([x, y]: [f64; 2]) -> [[f64; 2]; 3] {
    let ([sx, cx], [sy, cy]) =
        ([(TAU * x).sin(), (TAU * x).cos()], [(TAU * y).sin(), (TAU * y).cos()]);
    [[TAU * cx * cy, -TAU * sx * sy], [TAU * cx * cy, TAU * sx * sy], [0.3, -0.2]]
}

fn torus_3d([x, y, z]: [f64; 3]) -> [[f64; 3]; 3] {
    let [gradient, solenoidal, h] = torus_2d([x, y]);
    let wave = (TAU * z).cos();
    let of_z = -TAU * (TAU * z).sin() * (TAU * x).sin() * (TAU * y).cos();
    let with = |v: [f64; 2], s: f64, z: f64| [s * v[0], s * v[1], z];
    [with(gradient, wave, of_z), with(solenoidal, wave, 0.0), with(h, 1.0, 0.1)]
}

/// On a square with a square hole of a third: ψ = sin 3πx sin 3πy vanishes on all walls, and
/// φ = cos(x + 2y) is free there (no-flux).
fn hole_2d([x, y]: [f64; 2]) -> [[f64; 2]; 3] {
    let k = 3.0 * PI;
    let slope = -(x + 2.0 * y).sin();
    let [sx, cx, sy, cy] = [(k * x).sin(), (k * x).cos(), (k * y).sin(), (k * y).cos()];
    [[slope, 2.0 * slope], [k * sx * cy, -k * cx * sy], [0.0; 2]]
}

fn hole_3d([x, y, z]: [f64; 3]) -> [[f64; 3]; 3] {
    let [[a, b], [u, v], _] = hole_2d([x, y]);
    [[a, b, 0.5 * z], [u, v, 0.0], [0.0; 3]]
}

/// On the unit square: φ = sin πx sin πy and ψ = sin πx sin 2πy vanish on the walls, and
/// h = ∇(x² − y²) is what neither can hold (normal-parallel).
fn box_2d([x, y]: [f64; 2]) -> [[f64; 2]; 3] {
    let [sx, cx, sy, cy] = [(PI * x).sin(), (PI * x).cos(), (PI * y).sin(), (PI * y).cos()];
    let [s2, c2] = [(TAU * y).sin(), (TAU * y).cos()];
    [[PI * cx * sy, PI * sx * cy], [TAU * sx * c2, -PI * cx * s2], [2.0 * x, -2.0 * y]]
}

/// φ = sin πx sin πy sin πz, the solenoidal part of the square, h = ∇(x² − y²).
fn box_3d([x, y, z]: [f64; 3]) -> [[f64; 3]; 3] {
    let [[a, b], [u, v], h] = box_2d([x, y]);
    let (wave, slope) = ((PI * z).sin(), PI * (PI * z).cos());
    let of_z = slope * (PI * x).sin() * (PI * y).sin();
    [[a * wave, b * wave, of_z], [u, v, 0.0], [h[0], h[1], 0.0]]
}

fn settings<const D: usize>(n: usize, [torus, walls, hole]: [Exact<D>; 3]) -> Vec<Setting<D>> {
    let grid = |topology| Grid::new([axis(n, topology); D]).unwrap();
    let full = |topology| Domain::full(grid(topology));
    let middle = |i: usize| (n / 3..2 * n / 3).contains(&i);
    let masked = keep_on(grid(Topology::Bounded), |i| !(0..D).all(|k| middle(i[k])));
    let setting =
        |name, domain, method, boundary, exact| Setting { name, domain, method, boundary, exact };
    let (staggered, periodic) = (Method::Staggered, Boundary::Periodic);
    vec![
        setting("torus, spectral", full(Topology::Periodic), Method::Spectral, periodic, torus),
        setting("torus, staggered", full(Topology::Periodic), staggered, periodic, torus),
        setting(
            "box, normal-parallel",
            full(Topology::Bounded),
            staggered,
            Boundary::NormalParallel,
            walls,
        ),
        setting("box, no-flux", full(Topology::Bounded), staggered, Boundary::NoFlux, hole),
        setting("box, central", full(Topology::Bounded), Method::Central, Boundary::NoFlux, hole),
        setting("mask, no-flux", masked, staggered, Boundary::NoFlux, hole),
    ]
}

fn worst(ratios: impl Iterator<Item = f64>) -> f64 {
    ratios.fold(0.0, |m, r| if r.is_nan() { f64::INFINITY } else { m.max(r) })
}

fn of_contract<const D: usize>(plan: &dyn Decompose<D>, layout: Layout) -> f64 {
    let promises = match layout == plan.calculus().layout() {
        true => promises(plan, 7),
        false => promises_of_points(plan, 7),
    };
    worst(promises.iter().map(|promise| promise.found / promise.bound))
}

fn of_measure<const D: usize>(plan: &dyn Decompose<D>, layout: Layout) -> f64 {
    let domain = plan.calculus().domain();
    let mut field = random_field(domain, layout, 11);
    field.clear_outside(domain);
    let samples = to_points(&field, domain, Way::default());
    let parts = plan.decompose(&field).unwrap();
    let report = measure(plan, &field, &samples, &parts);
    let claims = report.claims.iter();
    worst(
        claims.map(|claim| {
            claim.value.unwrap() / claim.bound.expect("every method claims something")
        }),
    )
}

/// The L2 errors of the parts.
fn errors<const D: usize>(plan: &dyn Decompose<D>, layout: Layout, exact: Exact<D>) -> [f64; 3] {
    let grid = *plan.calculus().domain().grid();
    let whole = |x| {
        let [g, s, h] = exact(x);
        std::array::from_fn(|k| g[k] + s[k] + h[k])
    };
    let parts = plan.decompose(&VectorField::sample(grid, layout, whole)).unwrap();
    let found = parts.parts().map(|(_, part)| part);
    std::array::from_fn(|i| {
        let expected = VectorField::sample(grid, plan.calculus().layout(), |x| exact(x)[i]);
        let error = found[i].minus(&expected);
        plan.calculus().inner(&error, &error).sqrt()
    })
}

/// The largest error over that of the right method, as the stored errors would show it.
fn of_convergence(found: [f64; 3], right: [f64; 3]) -> f64 {
    let allowed = right.map(|error| 1.01 * error + 1e-11);
    worst((0..3).map(|i| found[i] / allowed[i]))
}

fn run<const D: usize>(setting: &Setting<D>, table: &mut Table) {
    let Setting { name, domain, method, boundary, exact } = setting;
    let right: Arc<dyn Decompose<D>> = method.plan(domain, Some(*boundary), None).unwrap().into();
    for layout in [Layout::Faces, Layout::Points] {
        if right.calculus().layout() == Layout::Points && layout == Layout::Faces {
            continue;
        }
        let place =
            format!("{D}D {name}, {}", if layout == Layout::Faces { "faces" } else { "points" });
        let stored = errors(&*right, layout, *exact);
        let passes = |plan: &dyn Decompose<D>| Caught {
            contract: of_contract(plan, layout),
            measure: of_measure(plan, layout),
            convergence: of_convergence(errors(plan, layout, *exact), stored),
        };
        let caught = passes(&*right);
        let Caught { contract, measure, convergence } = caught;
        assert!(
            worst([contract, measure, convergence].into_iter()) <= 1.0,
            "right on {place}: {caught:?}"
        );
        for fault in Fault::ALL.into_iter().filter(|fault| fault.occurs(&*right, layout)) {
            let wrong = Faulty { right: Arc::clone(&right), fault };
            table.entry(fault.in_words()).or_default().push((place.clone(), passes(&wrong)));
        }
    }
}

type Table = BTreeMap<&'static str, Vec<(String, Caught)>>;

/// Faults that only exact parts, or only the contract, can show: a mean flow has neither divergence
/// nor curl, and φ itself enters no number of a report.
const UNSEEN: [Fault; 2] = [Fault::MeanFlowInSolenoidal, Fault::SignOfPhi];

#[test]
fn every_wrong_method_is_caught() {
    let mut table = Table::new();
    for setting in settings::<2>(18, [torus_2d, box_2d, hole_2d]) {
        run(&setting, &mut table);
    }
    for setting in settings::<3>(9, [torus_3d, box_3d, hole_3d]) {
        run(&setting, &mut table);
    }
    println!(
        "{:52} {:>10} {:>10} {:>11}",
        "above the bound by", "contract", "measure", "convergence"
    );
    let mut missed = Vec::new();
    for fault in Fault::ALL {
        let rows = table.get(fault.in_words()).unwrap_or_else(|| panic!("{fault:?} never occurs"));
        println!("{}", fault.in_words());
        for (place, caught) in rows {
            let Caught { contract, measure, convergence } = *caught;
            println!("  {place:50} {contract:10.1e} {measure:10.1e} {convergence:11.1e}");
            // By far: a smaller margin would mean that the evidence got weaker.
            let seen = measure > 100.0 || UNSEEN.contains(&fault);
            if worst([contract, measure, convergence].into_iter()) <= 1.0 || !seen {
                missed.push(format!("{} on {place}: {caught:?}", fault.in_words()));
            }
        }
    }
    assert!(missed.is_empty(), "not caught:\n{}", missed.join("\n"));
}
