//! From point samples to faces: the order inside, at seams and at walls.

use crate::common::masks::{grid, keep_on};
use crate::common::smooth;
use hodge::diagnostic::observed_order;
use hodge::field::{Layout, VectorField, to_faces};
use hodge::grid::{Axis, Domain, FaceClass, Grid, Location, Topology, unravel};

/// Root mean squares of the error on faces between neighbours, on those across the seam of a
/// periodic axis, and on walls.
fn errors<const D: usize>(domain: &Domain<D>) -> [f64; 3] {
    let grid = *domain.grid();
    let faces = to_faces(&VectorField::sample(grid, Layout::Points, smooth::value), domain);
    let exact = VectorField::sample(grid, Layout::Faces, smooth::value);
    let mut sums = [(0.0, 0.0); 3];
    for k in 0..D {
        let shape = grid.shape_at(Location::face(k));
        let pairs = faces.component(k).values().iter().zip(exact.component(k).values());
        for (i, ((found, exact), class)) in pairs.zip(domain.face_classes(k)).enumerate() {
            let seam = !grid.axes()[k].bounded() && unravel(shape, i)[k] == 0;
            let (sum, count) = match class {
                FaceClass::Outside => continue,
                FaceClass::Interior => &mut sums[usize::from(seam)],
                FaceClass::Wall => &mut sums[2],
            };
            *sum += (found - exact).powi(2);
            *count += 1.0;
        }
    }
    sums.map(|(sum, count)| (sum / count).sqrt())
}

/// The grid, or what is left of it without a block of a quarter of every axis.
fn domain<const D: usize>(n: usize, walls: usize, block: bool) -> Domain<D> {
    let grid = grid([n; D], walls);
    match block {
        false => Domain::full(grid),
        true => keep_on(grid, |i| !i.iter().all(|i| (n / 4..n / 2).contains(i))),
    }
}

/// `expected` for the finer grid is of a program of its own.
fn check<const D: usize>(n: usize, walls: usize, block: bool, expected: [f64; 3]) {
    let [coarse, fine] = [n, 2 * n].map(|n| errors(&domain::<D>(n, walls, block)));
    for (i, place) in ["inside", "at seams", "at walls"].into_iter().enumerate() {
        let order = observed_order((n, coarse[i]), (2 * n, fine[i]));
        assert!(order >= 1.95, "{D}D {place}: order {order:.3}");
        let off = (fine[i] / expected[i] - 1.0).abs();
        assert!(off < 1e-6, "{D}D {place}: {:e}, expected {:e}", fine[i], expected[i]);
    }
}

#[test]
fn samples_reach_the_faces_with_second_order() {
    check::<2>(48, 0b01, false, [2.4445885015e-4, 4.9081015166e-4, 4.5088232332e-4]);
    check::<2>(48, 0b01, true, [2.4602788207e-4, 4.9081015166e-4, 5.7105063363e-4]);
    check::<3>(32, 0b010, false, [6.1950099945e-4, 4.4062125867e-4, 3.6713990912e-3]);
    check::<3>(32, 0b010, true, [6.2358227356e-4, 4.4062125867e-4, 3.3897230263e-3]);
}

/// x² is off by h²/4 between two points and by −3h²/4 at a wall.
#[test]
fn the_error_of_a_square_is_known() {
    let x = Axis::over(-0.5, 1.5, 16, Topology::Bounded);
    let y = Axis::over(0.0, 1.0, 3, Topology::Periodic);
    let grid = Grid::new([x, y]).unwrap();
    let square = |[x, _]: [f64; 2]| [x * x, 0.0];
    let found = to_faces(&VectorField::sample(grid, Layout::Points, square), &Domain::full(grid));
    let error = found.minus(&VectorField::sample(grid, Layout::Faces, square));
    let h = x.spacing;
    for (i, error) in error.component(0).values().iter().enumerate() {
        let expected = if i % 17 == 0 || i % 17 == 16 { -0.75 * h * h } else { 0.25 * h * h };
        assert!((error - expected).abs() < 1e-15, "face {i}: {error:e}, expected {expected:e}");
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
    let wall = |near: f64, far: f64| 1.5 * near - 0.5 * far;
    let ring = [4.0, 5.0, 9.0, 6.5, 3.5];
    assert_eq!(faces([true; 5]), ring);
    assert_eq!(
        faces([true, false, true, true, true]),
        [4.0, wall(3.0, 5.0), wall(11.0, 2.0), 6.5, 3.5]
    );
    assert_eq!(
        faces([false, true, true, true, true]),
        [wall(5.0, 2.0), wall(7.0, 11.0), 9.0, 6.5, 3.5]
    );
    assert_eq!(faces([false, true, false, false, false]), [0.0, 7.0, 7.0, 0.0, 0.0]);
    // Along y there is one cell between two walls.
    let domain = Domain::full(grid);
    assert_eq!(to_faces(&points, &domain).component(1).values(), [values, values].concat());
}
