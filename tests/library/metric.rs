//! Any metric: what is exact stays exact for random measures and distances, on the globe and in shells.

use crate::common::promises::{check, random_field};
use crate::common::{Random, domains, masks};
use hodge::grid::{Axis, Domain, Grid, Location, Metric, Topology, unravel};
use hodge::operator::{Betti, with_density};

/// Measures, distances and volumes between e^−spread and e^spread.
pub fn random_metric<const D: usize>(grid: &Grid<D>, spread: f64, seed: u64) -> Metric<D> {
    let mut random = Random::new(seed);
    let mut sizes = |count: usize| (0..count).map(|_| (spread * random.next()).exp()).collect();
    let areas = std::array::from_fn(|k| sizes(grid.len_at(Location::face(k))));
    let distances = std::array::from_fn(|k| sizes(grid.len_at(Location::face(k))));
    Metric::given(grid, areas, distances, sizes(grid.cells())).unwrap()
}

fn with_random_metric<const D: usize>(domain: &Domain<D>, seed: u64) -> Domain<D> {
    domain.clone().with_metric(random_metric(domain.grid(), 1.0, seed)).unwrap()
}

#[test]
fn parts_are_exact_for_any_metric() {
    for (i, (label, domain)) in domains::<2>().into_iter().chain(masks::random_masks()).enumerate()
    {
        check(&label, &with_random_metric(&domain, i as u64), i as u64);
    }
    for (i, (label, domain)) in domains::<3>().into_iter().chain(masks::random_masks()).enumerate()
    {
        check(&label, &with_random_metric(&domain, i as u64), i as u64);
    }
    for (i, shape) in masks::shapes_2d().into_iter().enumerate() {
        check(shape.name, &with_random_metric(&shape.domain, i as u64), i as u64);
    }
    for (i, shape) in masks::shapes_3d().into_iter().enumerate() {
        check(shape.name, &with_random_metric(&shape.domain, i as u64), i as u64);
    }
}

/// A globe of n longitudes, of which points lie at the poles or half a spacing off.
fn globe(n: usize, at_poles: bool) -> Grid<2> {
    let x = Axis::over(0.0, 360.0, n, Topology::Periodic);
    let step = 360.0 / n as f64;
    let y = match at_poles {
        true => Axis::from_points(-90.0, step, n / 2 + 1, Topology::Bounded),
        false => Axis::over(-90.0, 90.0, n / 2, Topology::Bounded),
    };
    Grid::new([x, y]).unwrap()
}

fn on_sphere(domain: Domain<2>) -> Domain<2> {
    let metric = Metric::sphere(domain.grid(), 6_371_200.0).unwrap();
    domain.with_metric(metric).unwrap()
}

/// The fluid outside some blocks of cells: first and last column, first and last row.
fn without(grid: Grid<2>, blocks: &[[usize; 4]]) -> Domain<2> {
    masks::keep_on(grid, |[x, y]| {
        !blocks.iter().any(|[a, b, c, d]| (*a..=*b).contains(&x) && (*c..=*d).contains(&y))
    })
}

/// Land on the globe and the number of loops and of normal fields, counted by hand.
fn lands() -> Vec<(&'static str, Domain<2>, [usize; 3], [usize; 3])> {
    let grid = globe(24, false);
    let (a, b, c) = ([3, 5, 4, 6], [10, 12, 5, 8], [18, 20, 3, 4]);
    let (south, half) = ([0, 23, 0, 1], [0, 11, 0, 0]);
    vec![
        ("one island", without(grid, &[a]), [1, 0, 0], [1, 0, 0]),
        ("three islands", without(grid, &[a, b, c]), [1, 2, 0], [1, 2, 0]),
        ("a polar continent", without(grid, &[south]), [1, 0, 0], [1, 0, 0]),
        ("a polar continent and two islands", without(grid, &[south, a, b]), [1, 2, 0], [1, 2, 0]),
        ("half a polar row and an island", without(grid, &[half, b]), [1, 1, 0], [1, 1, 0]),
        ("both poles", without(grid, &[south, [0, 23, 11, 11]]), [1, 1, 0], [1, 1, 0]),
    ]
}

#[test]
fn parts_are_exact_on_the_globe() {
    for at_poles in [false, true] {
        check("globe", &on_sphere(Domain::full(globe(24, at_poles))), 1);
        check("fine globe", &on_sphere(Domain::full(globe(120, at_poles))), 2);
    }
    for (label, domain, fluid, closed) in lands() {
        let domain = on_sphere(domain);
        let found = Betti::of(&domain);
        assert_eq!((found.fluid, found.closed), (fluid, closed), "{label}");
        check(label, &domain, 3);
    }
    let mut random = Random::new(5);
    for seed in 0..20 {
        let density = 0.6 + 0.35 * random.next().abs();
        let domain = on_sphere(masks::random_mask(globe(20, seed % 2 == 0), density, seed));
        check(&format!("random land {seed}"), &domain, seed);
    }
    let window = |x: Axis, y: Axis| on_sphere(Domain::full(Grid::new([x, y]).unwrap()));
    let (bounded, periodic) = (Topology::Bounded, Topology::Periodic);
    let (part, ring) = (Axis::over(-30.0, 10.0, 20, bounded), Axis::over(0.0, 360.0, 36, periodic));
    check("window", &window(part, Axis::over(20.0, 60.0, 17, bounded)), 6);
    check("band", &window(ring, Axis::over(-60.0, 60.0, 15, bounded)), 7);
    check("cap", &window(ring, Axis::over(50.0, 90.0, 9, bounded)), 8);
    // A sector has its pole on its walls, and latitudes between a pole and half a spacing off tell neither.
    for (x, first) in [(part, 54.0), (ring, 52.9)] {
        let y = Axis::from_points(first, 4.0, 10, bounded);
        let grid = Grid::new([x, y]).unwrap();
        assert!(Metric::sphere(&grid, 1.0).is_err(), "latitudes from {first}");
    }
}

/// A shell of an ocean in metres: conductances of columns and levels differ by 1e9.
fn shell() -> Domain<3> {
    let (bounded, periodic) = (Topology::Bounded, Topology::Periodic);
    let x = Axis::over(0.0, 360.0, 36, periodic);
    let y = Axis::over(-80.0, 80.0, 16, bounded);
    let z = Axis::over(0.0, 9.0, 9, bounded);
    let grid = Grid::new([x, y, z]).unwrap();
    let depth = [0.0, 10.0, 30.0, 60.0, 120.0, 250.0, 500.0, 1000.0, 2000.0, 4000.0];
    let (radius, width) = (6.3712e6, x.spacing.to_radians());
    let latitude = |j: usize| y.face(j).to_radians();
    let at = |place: Location, f: &dyn Fn([usize; 3]) -> f64| -> Vec<f64> {
        (0..grid.len_at(place)).map(|i| f(unravel(grid.shape_at(place), i))).collect()
    };
    let thick = |k: usize| depth[k + 1] - depth[k];
    let tall = |j: usize| latitude(j + 1) - latitude(j);
    let middle = |j: usize| 0.5 * (latitude(j + 1) + latitude(j));
    let cap = |j: usize| radius * radius * width * (latitude(j + 1).sin() - latitude(j).sin());
    let across = |k: usize| match k {
        0 => thick(0),
        9 => thick(8),
        k => 0.5 * (thick(k) + thick(k - 1)),
    };
    let areas = [
        at(Location::face(0), &|[_, j, k]| radius * tall(j) * thick(k)),
        at(Location::face(1), &|[_, j, k]| radius * latitude(j).cos() * width * thick(k)),
        at(Location::face(2), &|[_, j, _]| cap(j)),
    ];
    let distances = [
        at(Location::face(0), &|[_, j, _]| radius * middle(j).cos() * width),
        at(Location::face(1), &|_| radius * y.spacing.to_radians()),
        at(Location::face(2), &|[.., k]| across(k)),
    ];
    let volumes = at(Location::CELL, &|[_, j, k]| cap(j) * thick(k));
    let metric = Metric::given(&grid, areas, distances, volumes).unwrap();
    let deep = |[i, j, k]: [usize; 3]| k < 9 - (i * i + 3 * j) % 4 && !(8..11).contains(&i);
    masks::keep_on(grid, deep).with_metric(metric).unwrap()
}

#[test]
fn a_shell_in_metres_is_exact() {
    check("shell", &shell(), 4);
}

/// Spacings of 1 : 100 on both axes, and of 1 : 1000.
#[test]
fn stretched_boxes_are_exact() {
    for (ratio, n) in [(100.0f64, 40), (1000.0, 30)] {
        let axis = Axis::over(0.0, n as f64, n, Topology::Bounded);
        let grid = Grid::new([axis, axis]).unwrap();
        let width = |i: usize| ratio.powf(i as f64 / (n - 1) as f64) / ratio;
        let across = |i: usize| match i {
            0 => width(0),
            i if i == n => width(n - 1),
            i => 0.5 * (width(i) + width(i - 1)),
        };
        let at = |k: usize, f: &dyn Fn([usize; 2]) -> f64| -> Vec<f64> {
            let shape = grid.shape_at(Location::face(k));
            (0..shape[0] * shape[1]).map(|i| f(unravel(shape, i))).collect()
        };
        let areas = [at(0, &|[_, j]| width(j)), at(1, &|[i, _]| width(i))];
        let distances = [at(0, &|[i, _]| across(i)), at(1, &|[_, j]| across(j))];
        let volumes = (0..n * n).map(|cell| width(cell % n) * width(cell / n)).collect();
        let metric = Metric::given(&grid, areas, distances, volumes).unwrap();
        check(&format!("1 : {ratio}"), &Domain::full(grid).with_metric(metric).unwrap(), 5);
    }
}

/// A density takes every convention and every metric.
#[test]
fn a_density_goes_with_every_convention() {
    let domain = without(globe(24, false), &[[3, 5, 4, 6], [10, 12, 5, 8]]);
    let mut density = random_field(&domain, 12);
    for k in 0..2 {
        density.component_mut(k).values_mut().iter_mut().for_each(|v| *v = (3.0 * *v).exp());
    }
    check("density in the plane", &with_density(&domain, &density).unwrap(), 13);
    check("density on the globe", &with_density(&on_sphere(domain), &density).unwrap(), 14);
}
