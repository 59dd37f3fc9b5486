//! Masked domains: holes, rings, cavities, corner contacts and random masks.

use super::Random;
use hodge::grid::{Axis, Domain, Grid, Topology, unravel};

/// A grid of unequal spacings whose axes are bounded where the bit of `walls` is set.
pub fn grid<const D: usize>(size: [usize; D], walls: usize) -> Grid<D> {
    Grid::new(std::array::from_fn(|k| {
        let bounded = walls >> k & 1 == 1;
        let topology = if bounded { Topology::Bounded } else { Topology::Periodic };
        let length = [1.0, 0.7, 1.9][k];
        Axis::over(-0.3, -0.3 + length, size[k], topology)
    }))
    .unwrap()
}

/// The cells of a bounded grid that a predicate of their index keeps.
pub fn keep<const D: usize>(size: [usize; D], active: impl Fn([usize; D]) -> bool) -> Domain<D> {
    keep_on(grid(size, 7), active)
}

/// The cells of any grid that a predicate of their index keeps.
pub fn keep_on<const D: usize>(grid: Grid<D>, active: impl Fn([usize; D]) -> bool) -> Domain<D> {
    let mask = (0..grid.cells()).map(|cell| active(unravel(grid.shape(), cell))).collect();
    Domain::masked(grid, mask).unwrap()
}

/// Each cell active with probability `density`, the first always.
pub fn random_mask<const D: usize>(grid: Grid<D>, density: f64, seed: u64) -> Domain<D> {
    let mut random = Random::new(seed);
    let mut mask: Vec<bool> =
        (0..grid.cells()).map(|_| 0.5 * (random.next() + 1.0) < density).collect();
    mask[0] = true;
    Domain::masked(grid, mask).unwrap()
}

/// One of the named shapes of a table: cells, and b0, b1, b2 of the fluid and of the closed union.
pub struct Shape<const D: usize> {
    pub name: &'static str,
    pub domain: Domain<D>,
    pub fluid: [usize; 3],
    pub closed: [usize; 3],
}

fn shape<const D: usize>(
    name: &'static str,
    domain: Domain<D>,
    fluid: [usize; 3],
    closed: [usize; 3],
) -> Shape<D> {
    Shape { name, domain, fluid, closed }
}

fn within<const D: usize>(index: [usize; D], lower: [usize; D], upper: [usize; D]) -> bool {
    (0..D).all(|k| lower[k] <= index[k] && index[k] < upper[k])
}

/// Shapes in the plane and on cylinders.
pub fn shapes_2d() -> Vec<Shape<2>> {
    let size = [12, 10];
    let holes = |list: &'static [[[usize; 2]; 2]]| {
        move |i: [usize; 2]| !list.iter().any(|[lower, upper]| within(i, *lower, *upper))
    };
    vec![
        shape("annulus", keep(size, holes(&[[[4, 4], [7, 6]]])), [1, 1, 0], [1, 1, 0]),
        shape(
            "two holes",
            keep(size, holes(&[[[2, 2], [4, 5]], [[7, 6], [9, 8]]])),
            [1, 2, 0],
            [1, 2, 0],
        ),
        shape(
            "two holes touching at a corner",
            keep(size, holes(&[[[2, 2], [5, 5]], [[5, 5], [8, 8]]])),
            [1, 1, 0],
            [1, 2, 0],
        ),
        shape(
            "two blocks touching at a corner",
            keep(size, |i| within(i, [2, 2], [5, 5]) || within(i, [5, 5], [8, 9])),
            [2, 0, 0],
            [1, 0, 0],
        ),
        shape("one cell", keep(size, |i| i == [3, 4]), [1, 0, 0], [1, 0, 0]),
        shape("hole at the border", keep(size, holes(&[[[0, 3], [4, 6]]])), [1, 0, 0], [1, 0, 0]),
        shape(
            "lake in an island",
            keep(size, |i| !within(i, [2, 2], [9, 8]) || within(i, [4, 4], [6, 6])),
            [2, 1, 0],
            [2, 1, 0],
        ),
        shape(
            "channel with an obstacle",
            keep_on(grid(size, 0b10), holes(&[[[4, 4], [7, 6]]])),
            [1, 2, 0],
            [1, 2, 0],
        ),
        shape(
            "torus with a hole",
            keep_on(grid(size, 0), holes(&[[[4, 4], [7, 6]]])),
            [1, 2, 0],
            [1, 2, 0],
        ),
        shape("strip around a torus", keep_on(grid(size, 0), |i| i[1] == 3), [1, 1, 0], [1, 1, 0]),
    ]
}

/// Shapes in space.
pub fn shapes_3d() -> Vec<Shape<3>> {
    let size = [7, 8, 6];
    let hole = |i: [usize; 3]| within(i, [2, 2, 0], [4, 4, 9]);
    let bubble = |i: [usize; 3]| within(i, [5, 5, 2], [6, 7, 4]);
    vec![
        shape("ring", keep(size, move |i| !hole(i)), [1, 1, 0], [1, 1, 0]),
        shape("shell", keep(size, move |i| !bubble(i)), [1, 0, 1], [1, 0, 1]),
        shape("cavity and hole", keep(size, move |i| !hole(i) && !bubble(i)), [1, 1, 1], [1, 1, 1]),
        shape(
            "two cubes touching at an edge",
            keep(size, |i| within(i, [1, 1, 1], [3, 3, 4]) || within(i, [3, 3, 2], [5, 6, 5])),
            [2, 0, 0],
            [1, 0, 0],
        ),
        shape(
            "two cavities touching at an edge",
            keep(size, |i| !within(i, [1, 1, 1], [3, 3, 3]) && !within(i, [3, 3, 1], [5, 5, 3])),
            [1, 0, 1],
            [1, 0, 2],
        ),
        shape(
            "pipe along a periodic axis",
            keep_on(grid(size, 0b011), |i| within(i, [2, 2, 0], [4, 4, 9])),
            [1, 1, 0],
            [1, 1, 0],
        ),
    ]
}

/// Random masks on every mix of axes.
pub fn random_masks<const D: usize>() -> Vec<(String, Domain<D>)> {
    let size = [[9, 8, 0], [6, 5, 4]][D - 2];
    let mut found = Vec::new();
    for walls in 0..1usize << D {
        for (i, density) in [0.15, 0.4, 0.6, 0.8, 0.95].into_iter().enumerate() {
            let grid = grid(std::array::from_fn(|k| size[k]), walls);
            let seed = (100 * walls + i) as u64;
            let label = format!("random mask {density}, walls {walls:03b}");
            found.push((label, random_mask::<D>(grid, density, seed)));
        }
    }
    found
}
