//! Between points and faces: the order inside, at seams and at walls.

use crate::common::masks::{grid, keep_on};
use crate::common::smooth;
use crate::interpolation::cell;
use hodge::diagnostic::observed_order;
use hodge::field::{Layout, VectorField, Way, to_faces, to_points};
use hodge::grid::{Axis, Domain, Grid, Topology, unravel};

/// Root mean squares of the errors of the smooth field inside, across the seam of a periodic axis, and
/// where fewer than two cells, or cells beside a face's, lie on one side.
fn errors<const D: usize>(domain: &Domain<D>, found: &VectorField<D>) -> [f64; 3] {
    let grid = *domain.grid();
    let exact = VectorField::sample(grid, found.layout(), smooth::value);
    let mut sums = [(0.0, 0.0); 3];
    for k in 0..D {
        let location = found.layout().location(k);
        let (shape, n) = (grid.shape_at(location), grid.shape()[k]);
        let pairs = found.component(k).values().iter().zip(exact.component(k).values());
        for ((flat, (found, exact)), t) in pairs.enumerate().zip(domain.touching(location)) {
            let index = unravel(shape, flat);
            let i = index[k] as i64;
            let near = match location.on_face(k) {
                true => i - 2..i + 2,
                false => i - 1..i + 2,
            };
            let wall = near.clone().any(|i| cell(domain, k, index, i).is_none());
            let seam = near.clone().any(|i| !(0..n as i64).contains(&i));
            let place = if wall { 2 } else { usize::from(seam) };
            if t > 0 {
                sums[place].0 += (found - exact).powi(2);
                sums[place].1 += 1.0;
            }
        }
    }
    sums.map(|(sum, count)| (sum / f64::max(count, 1.0)).sqrt())
}

/// The grid without a block of a quarter of every axis, if there is to be one.
fn domain<const D: usize>(n: usize, walls: usize, block: bool) -> Domain<D> {
    let grid = grid([n; D], walls);
    match block {
        false => Domain::full(grid),
        true => keep_on(grid, |i| !i.iter().all(|i| (n / 4..n / 2).contains(i))),
    }
}

/// The orders inside, at seams and at walls, and the errors on the finer grid, which come from an
/// independent program.
fn check_orders<const D: usize>(
    n: usize,
    walls: usize,
    block: bool,
    convert: impl Fn(&Domain<D>) -> VectorField<D>,
    orders: [f64; 3],
    expected: [f64; 3],
) {
    let [coarse, fine] = [n, 2 * n].map(|n| {
        let domain = domain::<D>(n, walls, block);
        errors(&domain, &convert(&domain))
    });
    for (i, place) in ["inside", "at seams", "at walls"].into_iter().enumerate() {
        if expected[i] == 0.0 {
            continue;
        }
        let order = observed_order((n, coarse[i]), (2 * n, fine[i]));
        assert!(order >= orders[i] - 0.1, "{D}D {place}: order {order:.3}");
        let off = (fine[i] / expected[i] - 1.0).abs();
        assert!(off < 1e-6, "{D}D {place}: {:e}, expected {:e}", fine[i], expected[i]);
    }
}

#[test]
fn faces_take_four_points() {
    fn check<const D: usize>(n: usize, walls: usize, block: bool, expected: [f64; 3]) {
        let sample = |domain: &Domain<D>| {
            let points = VectorField::sample(*domain.grid(), Layout::Points, smooth::value);
            to_faces(&points, domain)
        };
        check_orders::<D>(n, walls, block, sample, [4.0, 4.0, 3.0], expected);
    }
    check::<2>(48, 0b01, false, [4.028905772e-7, 9.666759046e-7, 2.726802330e-5]);
    check::<2>(48, 0b01, true, [4.048862113e-7, 9.666759046e-7, 2.411776928e-5]);
    check::<3>(32, 0b010, false, [2.301955064e-6, 2.262277522e-6, 9.020210668e-5]);
    check::<3>(32, 0b010, true, [2.319275030e-6, 2.262277522e-6, 8.477585321e-5]);
}

#[test]
fn points_take_four_faces_or_the_mean() {
    fn check<const D: usize>(n: usize, walls: usize, block: bool, expected: [[f64; 3]; 2]) {
        let orders = [[4.0, 4.0, 3.0], [2.0; 3]];
        for ((way, orders), expected) in Way::ALL.into_iter().zip(orders).zip(expected) {
            let sample = |domain: &Domain<D>| {
                let faces = VectorField::sample(*domain.grid(), Layout::Faces, smooth::value);
                to_points(&faces, domain, way)
            };
            check_orders::<D>(n, walls, block, sample, orders, expected);
        }
    }
    let seams = [9.706392693e-7, 4.901763054e-4];
    let [four, mean] = [[4.081160042e-7, 7.494928147e-6], [2.429010554e-4, 1.504537180e-4]];
    check::<2>(48, 0b01, false, [[four[0], seams[0], four[1]], [mean[0], seams[1], mean[1]]]);
    let [four, mean] = [[4.107679763e-7, 6.613031139e-6], [2.443652083e-4, 1.905630720e-4]];
    check::<2>(48, 0b01, true, [[four[0], seams[0], four[1]], [mean[0], seams[1], mean[1]]]);
    let seams = [2.265395838e-6, 4.396042336e-4];
    let [four, mean] = [[2.327455896e-6, 2.302868740e-5], [6.163204770e-4, 1.227291990e-3]];
    check::<3>(32, 0b010, false, [[four[0], seams[0], four[1]], [mean[0], seams[1], mean[1]]]);
    let [four, mean] = [[2.344024956e-6, 2.168426252e-5], [6.206720314e-4, 1.133153349e-3]];
    check::<3>(32, 0b010, true, [[four[0], seams[0], four[1]], [mean[0], seams[1], mean[1]]]);
}

/// By Lagrange's formula x⁴ is off by −9h⁴/16 half way between four values, and x³ by ±15h³/8 on a wall and by
/// ∓3h³/8 at the point next to it.
#[test]
fn the_errors_of_powers_are_known() {
    let x = Axis::over(-0.5, 1.5, 16, Topology::Bounded);
    let y = Axis::over(0.0, 1.0, 3, Topology::Periodic);
    let grid = Grid::new([x, y]).unwrap();
    let domain = Domain::full(grid);
    let h = x.spacing;
    let errors = |power: i32| {
        let f = |[x, _]: [f64; 2]| [x.powi(power), 0.0];
        let [points, faces] =
            [Layout::Points, Layout::Faces].map(|layout| VectorField::sample(grid, layout, f));
        let on_faces = to_faces(&points, &domain).minus(&faces);
        let at_points = to_points(&faces, &domain, Way::FourPoints).minus(&points);
        [on_faces, at_points].map(|error| error.component(0).values().to_vec())
    };
    let close = |found: f64, expected: f64, what: &str| {
        assert!((found - expected).abs() < 1e-14, "{what}: {found:e}, expected {expected:e}");
    };
    let [fourth, third] = [errors(4), errors(3)];
    for row in 0..3 {
        let [faces, points] = [17 * row, 16 * row];
        for i in 2..15 {
            close(fourth[0][faces + i], -0.5625 * h.powi(4), "x⁴ on a face");
            close(fourth[1][points + i - 1], -0.5625 * h.powi(4), "x⁴ at a point");
        }
        for (i, sign) in [(0, 1.0), (16, -1.0)] {
            close(third[0][faces + i], sign * 1.875 * h.powi(3), "x³ on a wall");
            close(third[1][points + i.min(15)], -sign * 0.375 * h.powi(3), "x³ beside a wall");
        }
    }
}

/// Numbers on five cells of a ring: the extrapolation goes across the seam, and a cell between two walls gives
/// them its own number.
#[test]
fn walls_beside_a_seam() {
    let x = Axis::over(0.0, 5.0, 5, Topology::Periodic);
    let y = Axis::over(0.0, 1.0, 1, Topology::Bounded);
    let grid = Grid::new([x, y]).unwrap();
    let values = [3.0, 7.0, 11.0, 2.0, 5.0];
    let u = |[x, _]: [f64; 2]| [values[x.round() as usize], values[x.round() as usize]];
    let points = VectorField::sample(grid, Layout::Points, u);
    let faces = |active: [bool; 5]| {
        let domain = Domain::masked(grid, active.to_vec()).unwrap();
        to_faces(&points, &domain).component(0).values().to_vec()
    };
    assert_eq!(faces([true; 5]), [63.0, 74.0, 157.0, 105.0, 49.0].map(|v| v / 16.0));
    let (run, cut) = ([74.0, 2.0, 320.0, 80.0, 49.0], [176.0, 2.0, 170.0, 105.0, 32.0]);
    assert_eq!(faces([true, false, true, true, true]), run.map(|v| v / 16.0));
    assert_eq!(faces([false, true, true, true, true]), cut.map(|v| v / 16.0));
    assert_eq!(faces([true, true, false, false, false]), [1.0, 5.0, 9.0, 0.0, 0.0]);
    assert_eq!(faces([false, true, false, false, false]), [0.0, 7.0, 7.0, 0.0, 0.0]);
    // Along y there is one cell between two walls.
    let domain = Domain::full(grid);
    assert_eq!(to_faces(&points, &domain).component(1).values(), [values, values].concat());
}
