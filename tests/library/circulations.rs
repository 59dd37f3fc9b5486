//! Circulations along the shores of holes and around other loops.

use crate::common::masks::{grid, keep, keep_on};
use hodge::boundary::Boundary;
use hodge::decomposition::{Decompose, Method};
use hodge::diagnostic::{Circulation, circulations, observed_order};
use hodge::field::{Layout, VectorField, to_faces};
use hodge::grid::{Axis, Domain, Grid, Location, Topology};

pub fn plan<const D: usize>(domain: &Domain<D>, boundary: Boundary) -> Box<dyn Decompose<D>> {
    Method::Staggered.plan(domain, Some(boundary), None).unwrap()
}

/// Of a field under no-flux, whose parts add up and whose gradient has none.
pub fn of_field(domain: &Domain<2>, mut field: VectorField<2>) -> Vec<Circulation> {
    field.clear_outside(domain);
    let plan = plan(domain, Boundary::NoFlux);
    let parts = plan.decompose(&field).unwrap();
    let faces = to_faces(&field, domain);
    let found = circulations(plan.loops(), plan.calculus().domain(), &faces, &parts);
    for around in &found {
        let Circulation { field, gradient, solenoidal, harmonic, .. } = around;
        let size = faces.max_abs() * around.faces as f64;
        assert!(gradient.abs() <= 1e-12 * size, "{around:?}");
        assert!((field - gradient - solenoidal - harmonic).abs() <= 1e-12 * size, "{around:?}");
    }
    found
}

/// Of a function of position, sampled where `layout` says.
fn of(domain: &Domain<2>, layout: Layout, f: impl Fn([f64; 2]) -> [f64; 2]) -> Vec<Circulation> {
    of_field(domain, VectorField::sample(*domain.grid(), layout, f))
}

/// The one along the shore around a place.
pub fn around(found: &[Circulation], centre: [f64; 2]) -> &Circulation {
    let near =
        |c: &&Circulation| c.along_shore && (0..2).all(|k| (c.centre[k] - centre[k]).abs() < 1e-12);
    let mut there = found.iter().filter(near);
    let first = there.next().unwrap_or_else(|| panic!("none around {centre:?}: {found:#?}"));
    assert!(there.next().is_none(), "two around {centre:?}");
    first
}

/// v = (30 − y, x − 30) on the points 0 … 59 around a square hole of 10 × 10: curl 2 on an area of 100, and on
/// one of 121 within the square of the first points outside.
#[test]
fn a_solid_rotation_has_its_curl_times_the_area_of_the_hole() {
    let axis = Axis::from_points(0.0, 1.0, 60, Topology::Bounded);
    let domain =
        keep_on(Grid::new([axis; 2]).unwrap(), |i| !i.iter().all(|i| (25..35).contains(i)));
    for layout in [Layout::Points, Layout::Faces] {
        let found = of(&domain, layout, |[x, y]| [30.0 - y, x - 30.0]);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].centre, [29.5, 29.5]);
        assert!(found[0].along_shore && found[0].units.is_empty());
        assert!((found[0].field - 200.0).abs() < 1e-10, "{found:?}");
        assert!((found[0].through_cells - 242.0).abs() < 1e-10, "{found:?}");
    }
}

/// One letter a hole; "~" is a lake in one, other signs are fluid. The first line is the uppermost.
const ISLANDS: [&str; 24] = [
    "................................",
    "................................",
    "..LL..............RRRRRRRR......",
    "..LL......U.U.....R~~~~~~R......",
    "..LL......U.U.....R~~~~~~R......",
    "..LLLL....UUU.....R~~~SS~R......",
    "..LLLL............R~~~~~~R......",
    "..................R~~~~~~R......",
    "..................RRRRRRRR......",
    "................................",
    "................................",
    "..............TTT...............",
    "..............TTT.............XX",
    "......O.......TTT............XXX",
    ".................TT.........X.XX",
    ".................TT..........XXX",
    "................................",
    "................................",
    "...QQ...AA.BB.........DD........",
    "...QQ...AA.BB........DD.........",
    "...QQ...............DD..........",
    "................................",
    "..............................N.",
    "................................",
];

/// The picture with unequal spacings, and its rows from below.
fn islands() -> (Domain<2>, Vec<Vec<u8>>) {
    let rows: Vec<Vec<u8>> = ISLANDS.iter().rev().map(|line| line.as_bytes().to_vec()).collect();
    let x = Axis::over(-0.3, 2.1, rows[0].len(), Topology::Bounded);
    let y = Axis::over(0.5, 1.3, rows.len(), Topology::Bounded);
    let fluid = |[x, y]: [usize; 2]| !rows[y][x].is_ascii_alphabetic();
    let domain = keep_on(Grid::new([x, y]).unwrap(), fluid);
    (domain, rows)
}

/// The centroid of the cells of a letter.
fn centroid(domain: &Domain<2>, rows: &[Vec<u8>], letter: char) -> [f64; 2] {
    let all = (0..rows.len()).flat_map(|y| (0..rows[y].len()).map(move |x| [x, y]));
    let cells: Vec<_> = all.filter(|&[x, y]| rows[y][x] == letter as u8).collect();
    let positions = cells.iter().map(|&cell| domain.grid().position(Location::CELL, cell));
    let sum = positions.fold([0.0; 2], |a, b| [a[0] + b[0], a[1] + b[1]]);
    sum.map(|s| s / cells.len() as f64)
}

/// The letters with the cells that their shores enclose, lakes included: L, U with a slot as narrow as a cell,
/// a ring with a lake, an island in the lake, a single cell, two squares that touch at a corner, two
/// with a strait as narrow as a cell between them, a diagonal chain, a block, a cell near the border. X reaches the border.
const ENCLOSED: [(char, f64); 11] = [
    ('L', 14.0),
    ('U', 7.0),
    ('R', 56.0),
    ('S', 2.0),
    ('O', 1.0),
    ('T', 13.0),
    ('A', 4.0),
    ('B', 4.0),
    ('D', 6.0),
    ('Q', 6.0),
    ('N', 1.0),
];

#[test]
fn a_rotation_tells_the_area_within_every_shore() {
    let (domain, rows) = islands();
    let rotation = |[x, y]: [f64; 2]| [-0.7 * (y - 0.1), 0.7 * (x - 0.4)];
    for layout in [Layout::Points, Layout::Faces] {
        let found = of(&domain, layout, rotation);
        assert_eq!(found.len(), ENCLOSED.len());
        for (letter, cells) in ENCLOSED {
            let expected = 1.4 * cells * domain.grid().cell_volume();
            let field = around(&found, centroid(&domain, &rows, letter)).field;
            assert!((field - expected).abs() < 1e-13, "{letter}: {field}, expected {expected}");
        }
    }
}

/// Curl 3x − 3y/2 as the extrapolation assumes it: exact around isolated holes without inner
/// corners.
#[test]
fn a_linear_curl_is_told_exactly() {
    let (domain, rows) = islands();
    let field = |[x, y]: [f64; 2]| [y * y + x * y, 2.0 * x * x + 0.5 * x * y];
    let found = of(&domain, Layout::Faces, field);
    for (letter, cells) in [('O', 1.0), ('Q', 6.0)] {
        let [x, y] = centroid(&domain, &rows, letter);
        let expected = (3.0 * x - 1.5 * y) * cells * domain.grid().cell_volume();
        let field = around(&found, [x, y]).field;
        assert!((field - expected).abs() < 1e-13, "{letter}: {field}, expected {expected}");
    }
}

/// Without a vertex inside the fluid there is no curl to extrapolate: what goes through the cells is all that
/// is known.
#[test]
fn around_a_channel_as_narrow_as_a_cell_no_curl_is_known() {
    let domain = keep([5, 3], |[x, y]| x == 0 || x == 4 || y != 1);
    let found = of(&domain, Layout::Faces, |[x, y]| [-y, x]);
    assert_eq!(found.len(), 1);
    let expected = 2.0 * 4.0 * 2.0 * domain.grid().cell_volume();
    assert!((found[0].through_cells - expected).abs() < 1e-14, "{found:?}");
    assert_eq!(found[0].field, found[0].through_cells);
}

/// A hole across the seam of a channel: the same as in its middle, and around its own centre.
#[test]
fn a_hole_across_a_seam_is_one_hole() {
    let channel = grid([13, 11], 0b10);
    let [x, y] = *channel.axes();
    let sheared = |[_, y]: [f64; 2]| [y * y, 0.3];
    for first in 0..13 {
        let domain = keep_on(channel, |[i, j]| (i + 13 - first) % 13 > 3 || !(4..7).contains(&j));
        let found = of(&domain, Layout::Faces, sheared);
        // The hole, and the way along the channel.
        assert_eq!(found.iter().map(|c| c.along_shore).collect::<Vec<_>>(), [true, false]);
        let middle = (x.point(first) + 1.5 * x.spacing - x.start).rem_euclid(x.length());
        let centre = [x.start + middle, y.point(5)];
        let expected = -2.0 * y.point(5) * 12.0 * channel.cell_volume();
        let field = around(&found, centre).field;
        assert!((field - expected).abs() < 1e-13, "{first}: {field}, expected {expected}");
    }
}

/// u = sin(x + 2y), v = cos(2x − y) along the shore of an L, by antiderivatives.
#[test]
fn circulations_along_a_shore_have_second_order() {
    let corners = [[0.25, 0.25], [0.75, 0.25], [0.75, 0.5], [0.5, 0.5], [0.5, 0.75], [0.25, 0.75]];
    let along = |i: usize| {
        let ([x0, y0], [x1, y1]): ([f64; 2], [f64; 2]) = (corners[i], corners[(i + 1) % 6]);
        let horizontal = (x0 + 2.0 * y0).cos() - (x1 + 2.0 * y0).cos();
        let vertical = (2.0 * x0 - y0).sin() - (2.0 * x0 - y1).sin();
        if y0 == y1 { horizontal } else { vertical }
    };
    let exact: f64 = (0..6).map(along).sum();
    let error = |n: usize| {
        let axis = Axis::over(0.0, 1.0, n, Topology::Bounded);
        let domain = keep_on(Grid::new([axis; 2]).unwrap(), |[i, j]| {
            let q = n / 4;
            !(q..3 * q).contains(&i) || !(q..3 * q).contains(&j) || (i >= 2 * q && j >= 2 * q)
        });
        let field = |[x, y]: [f64; 2]| [(x + 2.0 * y).sin(), (2.0 * x - y).cos()];
        let found = of(&domain, Layout::Faces, field);
        assert_eq!(found.len(), 1);
        found[0].field - exact
    };
    let [coarse, fine] = [24, 48].map(error);
    let order = observed_order((24, coarse.abs()), (48, fine.abs()));
    assert!(order >= 1.95, "order {order}");
    // Of a program of its own.
    for (found, expected) in [(coarse, 1.021335588e-4), (fine, 1.196960114e-5)] {
        assert!((found / expected - 1.0).abs() < 1e-6, "{found:e}, expected {expected:e}");
    }
}

#[test]
fn units_are_those_of_the_field_times_a_length() {
    let domain = keep([5, 5], |i| i != [2, 2]);
    let mut found = of(&domain, Layout::Faces, |_| [1.0, 0.0]);
    let mut units = |field: &str, axes: [&str; 2]| {
        found[0].set_units(field, &axes.map(String::from));
        found[0].units.clone()
    };
    assert_eq!(units("m/s", ["m", "m"]), "m2/s");
    assert_eq!(units("m s-1", ["m", "m"]), "m2 s-1");
    assert_eq!(units("m/s", ["km", "km"]), "m/s km");
    assert_eq!(units("mm/s", ["m", "m"]), "mm/s m");
    assert_eq!(units("m/s", ["degrees_east", "degrees_north"]), "");
    assert_eq!(units("m/s", ["m", ""]), "");
    assert_eq!(units("", ["m", "m"]), "");
}

/// A bar along each axis in turn, and a rotation around it: counterclockwise as seen from the upper end of the
/// bar, across the seam of periodic axes as well.
#[test]
fn loops_in_space_turn_as_seen_from_above() {
    for axes in [0b111, 0b000] {
        for along in 0..3 {
            let [a, b] = [[1, 2], [2, 0], [0, 1]][along];
            // On periodic axes a plate through a corner of the bar, so that no loop winds around.
            let domain = keep_on(grid([7, 8, 9], axes), |i| {
                let plate = axes == 0 && (i[a] == 4 || i[b] == 4 || i[along] == 5);
                let bar = [0, 1].contains(&i[a]) && [0, 1].contains(&i[b]);
                let inner = [2, 3].contains(&i[a]) && [2, 3].contains(&i[b]);
                !plate && if axes == 0 { !bar } else { !inner }
            });
            let at = if axes == 0 { 0 } else { 2 };
            let middle: [f64; 3] = std::array::from_fn(|k| domain.grid().axes()[k].face(at + 1));
            // Upwards beyond the bar and downwards before it, along the shorter way round.
            let from = |x: [f64; 3], k: usize| {
                let axis = domain.grid().axes()[k];
                let d = x[k] - middle[k];
                if axis.bounded() { d } else { d - axis.length() * (d / axis.length()).round() }
            };
            let rotation = VectorField::sample(*domain.grid(), Layout::Faces, |x| {
                let mut v = [0.0; 3];
                (v[a], v[b]) = (-from(x, b), from(x, a));
                v
            });
            let plan = plan(&domain, Boundary::NoFlux);
            let mut field = rotation;
            field.clear_outside(&domain);
            let parts = plan.decompose(&field).unwrap();
            let found = circulations(plan.loops(), plan.calculus().domain(), &field, &parts);
            assert!(!found.is_empty(), "{axes} {along}");
            assert!(found.iter().all(|around| around.field > 0.0), "{axes} {along}: {found:?}");
        }
    }
}
