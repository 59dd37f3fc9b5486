//! Fields on the sphere whose parts are known: errors against formulas, energies against integrals.

use hodge::boundary::Boundary;
use hodge::decomposition::Method;
use hodge::diagnostic::{measure, observed_order};
use hodge::field::{Layout, VectorField, Way, to_points};
use hodge::grid::{Axis, Domain, Grid, Metric, Topology};
use std::f64::consts::PI;

/// ∇χ with χ = cos 3λ c³(9s² − 1), at longitude and latitude in degrees.
fn gradient([longitude, latitude]: [f64; 2]) -> [f64; 2] {
    let (l, (s, c)) = (longitude.to_radians(), latitude.to_radians().sin_cos());
    let q = 9.0 * s * s - 1.0;
    let along = -3.0 * (3.0 * l).sin() * c * c * q;
    [along, (3.0 * l).cos() * (-3.0 * c * c * s * q + 18.0 * s * c.powi(4))]
}

/// k × ∇ψ with ψ = cos 2λ c²(143s⁶ − 143s⁴ + 33s² − 1).
fn rotation([longitude, latitude]: [f64; 2]) -> [f64; 2] {
    let (l, (s, c)) = (longitude.to_radians(), latitude.to_radians().sin_cos());
    let p = 143.0 * s.powi(6) - 143.0 * s.powi(4) + 33.0 * s * s - 1.0;
    let dp = c * (858.0 * s.powi(5) - 572.0 * s.powi(3) + 66.0 * s);
    let north = (2.0 * l).cos() * (-2.0 * c * s * p + c * c * dp);
    [-north, -2.0 * (2.0 * l).sin() * c * p]
}

fn sum(x: [f64; 2]) -> [f64; 2] {
    let (d, r) = (gradient(x), rotation(x));
    [d[0] + r[0], d[1] + r[1]]
}

/// A globe of n longitudes and n/2 latitudes, no point at a pole, of radius 1.
fn globe(n: usize) -> Domain<2> {
    let x = Axis::from_points(0.0, 360.0 / n as f64, n, Topology::Periodic);
    let y = Axis::over(-90.0, 90.0, n / 2, Topology::Bounded);
    let grid = Grid::new([x, y]).unwrap();
    Domain::full(grid).with_metric(Metric::sphere(&grid, 1.0).unwrap()).unwrap()
}

/// The same with points at the poles.
fn globe_with_poles(n: usize) -> Domain<2> {
    let step = 360.0 / n as f64;
    let x = Axis::from_points(0.0, step, n, Topology::Periodic);
    let y = Axis::from_points(-90.0, step, n / 2 + 1, Topology::Bounded);
    let grid = Grid::new([x, y]).unwrap();
    Domain::full(grid).with_metric(Metric::sphere(&grid, 1.0).unwrap()).unwrap()
}

/// Σ V v·w over the cells.
fn product(domain: &Domain<2>, v: &VectorField<2>, w: &VectorField<2>) -> f64 {
    let volumes = domain.metric().unwrap().volumes();
    let of = |k: usize| -> f64 {
        let pairs = v.component(k).values().iter().zip(w.component(k).values());
        pairs.zip(volumes).map(|((v, w), volume)| v * w * volume).sum()
    };
    of(0) + of(1)
}

/// The error of the gradient part at the points, relative in L2 and the largest over the largest.
fn errors(n: usize, at_poles: bool) -> [f64; 2] {
    let domain = if at_poles { globe_with_poles(n) } else { globe(n) };
    let sample =
        |f: fn([f64; 2]) -> [f64; 2]| VectorField::sample(*domain.grid(), Layout::Points, f);
    let (field, exact) = (sample(sum), sample(gradient));
    let plan = Method::Staggered.plan(&domain, None, None).unwrap();
    assert_eq!(plan.boundary(), Boundary::Periodic, "a globe without land has no walls");
    let parts = plan.decompose(&field).unwrap();
    let found = to_points(&parts.gradient, &domain, Way::FourPoints);
    let error = found.minus(&exact);
    let relative = product(&domain, &error, &error) / product(&domain, &exact, &exact);
    [relative.sqrt(), error.max_abs() / exact.max_abs()]
}

#[test]
fn the_parts_of_a_smooth_field_on_the_globe() {
    for at_poles in [false, true] {
        let found = [72, 144, 288].map(|n| errors(n, at_poles));
        let order = |i: usize| observed_order((144, found[1][i]), (288, found[2][i]));
        assert!(found[2][0] < 6.5e-4, "{found:?}");
        assert!(order(0) > 1.95 && order(1) > 1.95, "{found:?}: {} {}", order(0), order(1));
    }
    let [error, _] = errors(360, false);
    assert!(error < 4.1e-4, "{error}");
}

/// ∇χ + k × ∇ψ and ∇χ with χ = c cos λ and ψ = s c cos(λ + 0.7), which do not vanish at the poles.
fn across_poles([longitude, latitude]: [f64; 2]) -> [[f64; 2]; 2] {
    let (l, (s, c)) = (longitude.to_radians(), latitude.to_radians().sin_cos());
    let d = [-l.sin(), -s * l.cos()];
    let r = [-(c * c - s * s) * (l + 0.7).cos(), -s * (l + 0.7).sin()];
    [[d[0] + r[0], d[1] + r[1]], d]
}

/// The largest error of the gradient part anywhere and in the first and last rows.
fn errors_at_poles(n: usize, at_poles: bool) -> [f64; 2] {
    let domain = if at_poles { globe_with_poles(n) } else { globe(n) };
    let sample =
        |i: usize| VectorField::sample(*domain.grid(), Layout::Points, move |x| across_poles(x)[i]);
    let (field, exact) = (sample(0), sample(1));
    let plan = Method::Staggered.plan(&domain, None, None).unwrap();
    let parts = plan.decompose(&field).unwrap();
    let error = to_points(&parts.gradient, &domain, Way::FourPoints).minus(&exact);
    let rows = domain.grid().shape()[1];
    let in_row = |row: usize| {
        let components = error.components().iter().map(|c| &c.values()[row * n..(row + 1) * n]);
        components.flatten().fold(0.0, |m: f64, e| m.max(e.abs()))
    };
    [error.max_abs(), in_row(0).max(in_row(rows - 1))]
}

#[test]
fn vectors_at_the_poles() {
    for at_poles in [false, true] {
        let found = [72, 144].map(|n| errors_at_poles(n, at_poles));
        // The rows beside a pole converge like h² log h.
        assert!(found[1].iter().all(|error| *error < 4.5e-4), "{at_poles}: {found:?}");
        for i in 0..2 {
            let order = observed_order((72, found[0][i]), (144, found[1][i]));
            assert!(order > 1.3, "{at_poles} {i}: order {order}, {found:?}");
        }
    }
}

/// Energies of both parts against their integrals, 3072π/77 and 65536π/595.
#[test]
fn energies_on_the_globe_are_the_integrals() {
    let domain = globe(288);
    let field = VectorField::sample(*domain.grid(), Layout::Points, sum);
    let plan = Method::Staggered.plan(&domain, None, None).unwrap();
    let parts = plan.decompose(&field).unwrap();
    let report = measure(&*plan, &field, &field, &parts);
    let [d, r] = [3072.0 / 77.0 * PI, 65536.0 / 595.0 * PI];
    let share = report.share_of_input;
    for (found, exact) in [(share.gradient, d / (d + r)), (share.solenoidal, r / (d + r))] {
        assert!((found - exact).abs() < 1e-3, "{found} for {exact}");
    }
    assert!(share.harmonic < 1e-20, "{share:?}");
    assert!(report.claims.iter().all(|claim| claim.holds), "{:?}", report.warnings);
}
