//! Central differences.

use crate::common::masks::{grid, keep_on};
use crate::common::smooth;
use hodge::diagnostic::observed_order;
use hodge::field::{Layout, VectorField, Way, to_points};
use hodge::grid::{Axis, Domain, Grid, Location, Topology, unravel};
use hodge::operator::{Central, axis_pairs};
use std::f64::consts::TAU;

/// The norm over the points with neighbours along some axes of a function of position, squared.
fn square<const D: usize>(grid: &Grid<D>, axes: &[usize], f: impl Fn([f64; D]) -> f64) -> f64 {
    let shape = grid.shape();
    let counts = |index: [usize; D]| {
        axes.iter().all(|&k| {
            !grid.axes()[k].bounded() || (1..shape[k].saturating_sub(1)).contains(&index[k])
        })
    };
    (0..grid.cells())
        .map(|cell| unravel(shape, cell))
        .filter(|&index| counts(index))
        .map(|index| f(grid.position(Location::CELL, index)).powi(2))
        .sum()
}

/// Relative errors of the norms of divergence and curl of the smooth field.
fn errors<const D: usize>(n: usize, walls: usize, layout: Layout) -> [f64; 2] {
    let grid = grid([n; D], walls);
    let domain = Domain::full(grid);
    let field = VectorField::sample(grid, layout, smooth::value);
    let field = to_points(&field, &domain, Way::Mean);
    let central = Central::new(domain);
    let axes: Vec<usize> = (0..D).collect();
    let divergence = square(&grid, &axes, |x| (0..D).map(|k| smooth::derivative(k, k, x)).sum());
    let curl = |(a, b): (usize, usize)| {
        square(&grid, &[a, b], |x| smooth::derivative(b, a, x) - smooth::derivative(a, b, x))
    };
    let curl: f64 = axis_pairs::<D>().into_iter().map(curl).sum();
    let found = [central.divergence_norm(&field), central.curl_norm(&field)];
    let exact = [divergence, curl];
    std::array::from_fn(|i| (found[i] / exact[i].sqrt() - 1.0).abs())
}

/// `expected` for the finer grid, from points and from means of faces, comes from an independent
/// program.
fn check<const D: usize>(n: usize, walls: usize, expected: [[f64; 2]; 2]) {
    for (layout, expected) in [Layout::Points, Layout::Faces].into_iter().zip(expected) {
        let [coarse, fine] = [n, 2 * n].map(|n| errors::<D>(n, walls, layout));
        for (i, what) in ["divergence", "curl"].into_iter().enumerate() {
            let order = observed_order((n, coarse[i]), (2 * n, fine[i]));
            let name = format!("{what} from {layout:?} in {D}D, walls {walls:03b}");
            assert!(order >= 1.95, "{name}: order {order:.3}");
            let off = (fine[i] / expected[i] - 1.0).abs();
            assert!(off < 1e-6, "{name}: {:e}, expected {:e}", fine[i], expected[i]);
        }
    }
}

#[test]
fn central_differences_have_second_order() {
    check::<2>(48, 0b00, [[8.434672595e-4, 8.408945092e-4], [1.475264946e-3, 9.228374449e-4]]);
    check::<2>(48, 0b01, [[8.462546528e-4, 8.359510856e-4], [1.480132649e-3, 9.212990852e-4]]);
    check::<3>(32, 0b000, [[1.905328408e-3, 1.888407990e-3], [3.330181545e-3, 2.071473527e-3]]);
    check::<3>(32, 0b010, [[1.902400948e-3, 1.844412228e-3], [3.325084913e-3, 2.017830138e-3]]);
}

/// ∂ₓ of sin(kx) is sin(kh)/h·cos(kx); over a whole wave the squares add up to half the points.
#[test]
fn a_wave_loses_what_it_must() {
    let x = Axis::over(0.0, 1.0, 12, Topology::Periodic);
    let y = Axis::over(0.0, 3.0, 10, Topology::Periodic);
    let grid = Grid::new([x, y]).unwrap();
    let central = Central::new(Domain::full(grid));
    let k = 2.0 * TAU;
    let size = (k * x.spacing).sin() / x.spacing * 60f64.sqrt();
    let along = VectorField::sample(grid, Layout::Points, |[x, _]| [(k * x).sin(), 0.3]);
    let across = VectorField::sample(grid, Layout::Points, |[x, _]| [0.3, (k * x).sin()]);
    for (norm, expected) in [
        (central.divergence_norm(&along), size),
        (central.curl_norm(&along), 0.0),
        (central.divergence_norm(&across), 0.0),
        (central.curl_norm(&across), size),
    ] {
        assert!((norm - expected).abs() < 1e-11, "{norm} instead of {expected}");
    }
}

/// Of a linear field the derivatives are exact, so that the norms count the points.
#[test]
fn points_beside_walls_do_not_count() {
    let linear = |[x, y]: [f64; 2]| [2.0 * x + 3.0 * y, 5.0 * x - 7.0 * y];
    let norms = |domain: Domain<2>| {
        let field = VectorField::sample(*domain.grid(), Layout::Points, linear);
        let central = Central::new(domain);
        [central.divergence_norm(&field), central.curl_norm(&field)]
    };
    let close = |[divergence, curl]: [f64; 2], points: f64| {
        let expected = [5.0 * points.sqrt(), 2.0 * points.sqrt()];
        let off = (divergence - expected[0]).abs().max((curl - expected[1]).abs());
        assert!(off < 1e-10, "{divergence} and {curl} instead of {expected:?}");
    };
    close(norms(Domain::full(grid([7, 6], 0b11))), 5.0 * 4.0);
    // A hole of 3 × 2 takes itself and the ten points beside it.
    let hole = |i: [usize; 2]| !((4..7).contains(&i[0]) && (4..6).contains(&i[1]));
    close(norms(keep_on(grid([12, 10], 0b11), hole)), 10.0 * 8.0 - 6.0 - 10.0);
    // Where no point counts, nothing was measured, which is not the same as 0.
    assert!(norms(Domain::full(grid([2, 9], 0b11))).iter().all(|norm| norm.is_nan()));
}

/// In space each pair of axes needs neighbours along its own two.
#[test]
fn every_component_of_a_curl_counts_its_own_points() {
    let grid = grid([5, 6, 8], 0b111);
    let central = Central::new(Domain::full(grid));
    let linear = |[x, y, z]: [f64; 3]| [x - y + 4.0 * z, 2.0 * x + 3.0 * y, 7.0 * y - 9.0 * z];
    let field = VectorField::sample(grid, Layout::Points, linear);
    let divergence = 5.0 * (3.0 * 4.0 * 6.0f64).sqrt();
    // xy: 2 + 1, xz: 0 − 4, yz: 7 − 0, each over the points between the walls of its axes.
    let curl = 9.0 * (3.0 * 4.0 * 8.0) + 16.0 * (3.0 * 6.0 * 6.0) + 49.0 * (5.0 * 4.0 * 6.0);
    assert!((central.divergence_norm(&field) - divergence).abs() < 1e-10);
    assert!((central.curl_norm(&field) - f64::sqrt(curl)).abs() < 1e-10);
}
