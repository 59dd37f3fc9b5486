//! Axes with coordinates of their own: what is exact stays exact for random data, by every back end.

use crate::common::promises::{boundaries, broken, check, random_field};
use crate::common::{Random, gauss, masks};
use hodge::boundary::Boundary;
use hodge::decomposition::Method;
use hodge::diagnostic::measure;
use hodge::field::{Way, to_points};
use hodge::grid::{Axis, Domain, Grid, Metric, Thickness, Topology};
use hodge::poisson::Backend;

/// An axis of these widths.
fn of_widths(widths: impl IntoIterator<Item = f64>, topology: Topology) -> Axis {
    let mut faces = vec![-0.3];
    widths.into_iter().for_each(|width| faces.push(faces[faces.len() - 1] + width));
    Axis::from_faces(&faces, topology).unwrap()
}

/// Widths from 1 to `last`, each in the same ratio to the one before.
pub fn geometric(cells: usize, last: f64) -> Axis {
    let width = |i: usize| last.powf(i as f64 / (cells - 1) as f64);
    of_widths((0..cells).map(width), Topology::Bounded)
}

/// Random widths between e^-1.5 and e^1.5.
pub fn random(cells: usize, topology: Topology, seed: u64) -> Axis {
    let mut random = Random::new(seed);
    of_widths((0..cells).map(|_| (1.5 * random.next()).exp()), topology)
}

/// Axes of random widths, bounded where the bit of `walls` is set.
fn random_grid<const D: usize>(size: [usize; D], walls: usize) -> Grid<D> {
    Grid::new(std::array::from_fn(|k| {
        let bounded = walls >> k & 1 == 1;
        let topology = if bounded { Topology::Bounded } else { Topology::Periodic };
        random(size[k], topology, (10 * walls + k) as u64)
    }))
    .unwrap()
}

fn full<const D: usize>(axes: [Axis; D]) -> Domain<D> {
    Domain::full(Grid::new(axes).unwrap())
}

/// The cells of a domain that are kept, with its metric.
fn keep<const D: usize>(domain: &Domain<D>, kept: impl Fn([usize; D]) -> bool) -> Domain<D> {
    let masked = masks::keep_on(*domain.grid(), kept);
    masked.with_metric(domain.metric().unwrap().clone()).unwrap()
}

/// The same without two islands and a corner.
fn with_land(domain: &Domain<2>) -> Domain<2> {
    let [nx, ny] = domain.grid().shape();
    keep(domain, |[x, y]| {
        let (x, y) = (16 * x / nx, 16 * y / ny);
        let island = |a, b| (a..a + 3).contains(&x) && (b..b + 4).contains(&y);
        !(island(3, 4) || island(9, 10) || (x < 2 && y < 3))
    })
}

fn check_random<const D: usize>(sizes: &[[usize; D]]) {
    for (i, size) in sizes.iter().enumerate() {
        for walls in 0..1usize << D {
            let domain = Domain::full(random_grid(*size, walls));
            let label = format!("random faces, {size:?} cells, walls {walls:03b}");
            check(&label, &domain, i as u64);
            let masked = masks::random_mask(*domain.grid(), 0.8, i as u64);
            check(&format!("{label}, random land"), &masked, i as u64);
        }
    }
}

#[test]
fn parts_are_exact_on_random_faces() {
    check_random::<2>(&[[24, 17], [13, 5], [1, 6], [31, 16]]);
    check_random::<3>(&[[5, 8, 3], [9, 7, 8]]);
}

#[test]
fn parts_are_exact_on_stretched_axes() {
    let (both, one) = (geometric(64, 0.01), geometric(64, 1e-3));
    let even = Axis::over(0.0, 64.0, 64, Topology::Bounded);
    let thin = Axis::over(0.0, 0.064, 64, Topology::Bounded);
    let ring = Axis::over(0.0, 64.0, 64, Topology::Periodic);
    for (label, axes) in [
        ("1 : 100 on both axes", [both, both]),
        ("1 : 1000 along y", [even, one]),
        ("1 : 1000 along x", [one, even]),
        ("1 : 1000 along y around a ring", [ring, one]),
        ("flat and 1 : 100", [thin, both]),
    ] {
        let domain = full(axes);
        check(label, &domain, 1);
        check(&format!("{label}, land"), &with_land(&domain), 2);
    }
}

fn on_sphere(grid: Grid<2>) -> Domain<2> {
    let metric = Metric::sphere(&grid, 6_371_200.0).unwrap();
    Domain::full(grid).with_metric(metric).unwrap()
}

fn around(cells: usize) -> Axis {
    Axis::over(0.0, 360.0, cells, Topology::Periodic)
}

/// A globe of n Gaussian latitudes.
pub fn gaussian_globe(n: usize) -> Grid<2> {
    Grid::new([around(2 * n), Axis::latitudes(&gauss::latitudes(n)).unwrap()]).unwrap()
}

#[test]
fn parts_are_exact_on_a_gaussian_globe() {
    let globe = on_sphere(gaussian_globe(32));
    assert!(!globe.has_walls());
    check("Gaussian globe", &globe, 3);
    check("Gaussian globe with land", &with_land(&globe), 4);
    let half_a_row = keep(&globe, |[x, y]| y > 0 || x < 32);
    check("Gaussian globe, half a polar row", &half_a_row, 5);
}

/// Cells at the pole are 1 : 500.
#[test]
fn parts_are_exact_on_a_fine_cap() {
    let rows = Axis::over(84.0, 90.0, 24, Topology::Bounded);
    let cap = on_sphere(Grid::new([around(1440), rows]).unwrap());
    check("cap", &cap, 6);
    check("cap with land", &with_land(&cap), 7);
}

/// Levels of an ocean, in metres.
fn shell(thickness: Thickness, latitudes: Axis) -> Domain<3> {
    let depths = [4000.0, 2000.0, 1000.0, 500.0, 250.0, 120.0, 60.0, 30.0, 10.0, 0.0];
    let levels = Axis::from_faces(&depths.map(|depth| -depth), Topology::Bounded).unwrap();
    let grid = Grid::new([around(36), latitudes, levels]).unwrap();
    let metric = Metric::shell(&grid, 6_371_200.0, thickness).unwrap();
    Domain::full(grid).with_metric(metric).unwrap()
}

#[test]
fn parts_are_exact_in_shells_in_metres() {
    for thickness in [Thickness::Thin, Thickness::Thick] {
        for end in [80.0, 90.0] {
            let domain = shell(thickness, Axis::over(-end, end, 18, Topology::Bounded));
            let label = format!("{thickness:?} shell to {end} degrees");
            check(&label, &domain, 8);
            let deep = |[i, j, k]: [usize; 3]| k >= (i * i + 3 * j) % 4 && !(8..11).contains(&i);
            check(&format!("{label}, land"), &keep(&domain, deep), 9);
        }
    }
}

#[test]
fn parts_are_exact_on_many_cells() {
    let rows = Axis::over(-90.0, 90.0, 180, Topology::Bounded);
    let even = full([400, 260].map(|n| Axis::over(0.0, n as f64, n, Topology::Bounded)));
    let mild = full([geometric(400, 0.4), geometric(260, 0.4)]);
    let mut used = Vec::new();
    for (label, domain, by) in [
        ("fine globe", on_sphere(Grid::new([around(720), rows]).unwrap()), Backend::Separable),
        ("fine box", full([geometric(400, 0.01), geometric(260, 0.01)]), Backend::Cholesky),
        ("even box", even, Backend::Transform),
        ("mild box", mild, Backend::Multigrid),
    ] {
        assert!(domain.active_cells() >= 100_000);
        let found = check(label, &domain, 10);
        assert!(found.contains(&by), "{label}: {found:?}");
        used.extend(found);
    }
    assert!(Backend::ALL.iter().all(|backend| used.contains(backend)), "{used:?}");
}

/// What becomes of a decomposition at the edge of double precision.
#[derive(Debug, PartialEq)]
enum Outcome {
    Exact,
    /// The report says that a claim does not hold.
    Said,
    Refused,
}

fn outcome(domain: &Domain<2>, boundary: Boundary, backend: Backend) -> Outcome {
    let field = random_field(domain, 13);
    let Ok(plan) = Method::Staggered.plan(domain, Some(boundary), Some(backend)) else {
        return Outcome::Refused;
    };
    let Ok(parts) = plan.decompose(&field) else { return Outcome::Refused };
    let broken = broken(domain, &field, &parts, boundary);
    if broken.is_empty() {
        return Outcome::Exact;
    }
    let report = measure(&*plan, &field, &to_points(&field, domain, Way::default()), &parts);
    let said = report.claims.iter().any(|claim| !claim.holds);
    assert!(said, "{boundary} {backend}, and the report is silent: {broken:?}");
    Outcome::Said
}

#[test]
fn extreme_spacings_are_exact_or_said_not_to_be() {
    let (steep, even) = (geometric(64, 1e-6), Axis::over(0.0, 64.0, 64, Topology::Bounded));
    for axes in [[even, steep], [steep, even], [steep, steep]] {
        let domain = full(axes);
        for domain in [with_land(&domain), domain] {
            for backend in Backend::ALL.into_iter().filter(|backend| backend.fits(&domain)) {
                for boundary in boundaries(&domain) {
                    let found = outcome(&domain, *boundary, backend);
                    let enough = found == Outcome::Exact || domain.mask().is_some();
                    assert!(enough, "{boundary} {backend}: {found:?}");
                }
            }
        }
    }
}
