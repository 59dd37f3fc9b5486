//! Point vortices in holes, and random shores.

use crate::circulations::{around, of_field, plan};
use crate::common::Random;
use crate::common::masks::{grid, keep_on, random_mask, random_masks};
use hodge::boundary::Boundary;
use hodge::diagnostic::circulations;
use hodge::field::{Layout, ScalarField, VectorField};
use hodge::grid::{Axis, Domain, Grid, Location, Topology};
use std::collections::BTreeSet;
use std::f64::consts::TAU;

/// The angle a segment turns around the origin.
fn turn(from: [f64; 2], to: [f64; 2]) -> f64 {
    (from[0] * to[1] - from[1] * to[0]).atan2(from[0] * to[0] + from[1] * to[1])
}

/// (−y, x)/r² around the square hole of a square, as exact means along the dual edges: all of it
/// but a gradient is tangential and harmonic, and its circulation stays 2π.
#[test]
fn circulation_around_a_square_hole() {
    let square = Axis::over(-1.0, 1.0, 64, Topology::Bounded);
    let grid = Grid::new([square, square]).unwrap();
    let domain = keep_on(grid, |i| i.iter().any(|i| !(24..40).contains(i)));
    let mut field = VectorField::zeros(grid, Layout::Faces);
    for k in 0..2 {
        let h = grid.axes()[k].spacing;
        *field.component_mut(k) = ScalarField::sample(grid, Location::face(k), |x| {
            let (mut from, mut to) = (x, x);
            from[k] -= 0.5 * h;
            to[k] += 0.5 * h;
            turn(from, to) / h
        });
    }
    for boundary in [Boundary::NoFlux, Boundary::NormalParallel] {
        let plan = plan(&domain, boundary);
        let parts = plan.decompose(&field).unwrap();
        let found = circulations(plan.loops(), plan.calculus().domain(), &field, &parts);
        assert_eq!(found.len(), 1);
        let full = TAU;
        assert!((found[0].field - full).abs() < 1e-12, "{found:?}");
        assert!((found[0].harmonic - full).abs() < 1e-12, "{found:?}");
        assert!(found[0].gradient.abs() < 1e-12, "{found:?}");
        assert!(found[0].solenoidal.abs() < 1e-12, "{found:?}");
        assert!(parts.solenoidal.max_abs() < 1e-12 * field.max_abs());
    }
    // The norm of the tangential field on this grid, from an independent solution.
    let plan = plan(&domain, Boundary::NoFlux);
    let points = VectorField::sample(grid, Layout::Faces, |[x, y]| {
        let square = x * x + y * y;
        [-y / square, x / square]
    });
    let parts = plan.decompose(&points).unwrap();
    let norm = plan.calculus().inner(&parts.harmonic, &parts.harmonic).sqrt();
    assert!((norm - 2.84857).abs() < 1e-5, "{norm}");
}

/// Point vortices of given circulations in the centres of cells outside the fluid, as exact means along the
/// dual edges.
fn vortices(domain: &Domain<2>, list: &[([usize; 2], f64)]) -> VectorField<2> {
    let grid = *domain.grid();
    let mut field = VectorField::zeros(grid, Layout::Faces);
    for k in 0..2 {
        let h = grid.axes()[k].spacing;
        *field.component_mut(k) = ScalarField::sample(grid, Location::face(k), |x| {
            let angles = list.iter().map(|&(cell, strength)| {
                let centre = grid.position(Location::CELL, cell);
                let mut ends = [x, x];
                ends[0][k] -= 0.5 * h;
                ends[1][k] += 0.5 * h;
                let [from, to] = ends.map(|e| [e[0] - centre[0], e[1] - centre[1]]);
                // A segment that ends in the centre lies outside the fluid.
                strength * turn(from, to) / TAU
            });
            angles.sum::<f64>() / h
        });
    }
    field
}

/// Each loop goes once around one hole: vortices of known strength in three holes.
#[test]
fn circulations_belong_to_single_holes() {
    let holes = [([4, 4], 1.0), ([9, 4], -2.0), ([15, 4], 0.5)];
    let domain = keep_on(grid([20, 9], 0b11), |i| holes.iter().all(|(hole, _)| i != *hole));
    let found = of_field(&domain, vortices(&domain, &holes));
    assert_eq!(found.len(), 3);
    for (cell, strength) in holes {
        let found = around(&found, domain.grid().position(Location::CELL, cell));
        assert!((found.harmonic - strength).abs() < 1e-12, "{found:?}, not {strength}");
    }
}

type Cells = BTreeSet<[i64; 2]>;

/// The cells that can be reached from one through others of the same kind, over corners as well if asked.
fn reached(start: [i64; 2], corners: bool, same: impl Fn([i64; 2]) -> bool) -> Cells {
    let mut found = Cells::from([start]);
    let mut open = vec![start];
    while let Some([x, y]) = open.pop() {
        for step in 0..9 {
            let [a, b] = [step % 3 - 1, step / 3 - 1];
            let near = [x + a, y + b];
            if (corners || a * b == 0) && same(near) && found.insert(near) {
                open.push(near);
            }
        }
    }
    found
}

/// The holes of a box, each with all that its shore encloses.
fn holes(domain: &Domain<2>) -> Vec<(Cells, Cells)> {
    let size = domain.grid().shape().map(|n| n as i64);
    let within = |[x, y]: [i64; 2]| (0..size[0]).contains(&x) && (0..size[1]).contains(&y);
    let land = |[x, y]: [i64; 2]| !domain.is_active((y * size[0] + x) as usize);
    let all = (0..size[1]).flat_map(|y| (0..size[0]).map(move |x| [x, y]));
    let mut left: Cells = all.clone().filter(|cell| land(*cell)).collect();
    let mut found = Vec::new();
    while let Some(&start) = left.first() {
        let hole = reached(start, true, |cell| within(cell) && land(cell));
        left.retain(|cell| !hole.contains(cell));
        let frame = |[x, y]: [i64; 2]| {
            (-1..=size[0]).contains(&x) && (-1..=size[1]).contains(&y) && !hole.contains(&[x, y])
        };
        let outside = reached([-1, -1], false, frame);
        let inner =
            |&[x, y]: &[i64; 2]| (1..size[0] - 1).contains(&x) && (1..size[1] - 1).contains(&y);
        if hole.iter().all(inner) {
            let enclosed = all.clone().filter(|cell| !outside.contains(cell)).collect();
            found.push((hole, enclosed));
        }
    }
    found
}

fn centroid(grid: &Grid<2>, cells: &Cells) -> [f64; 2] {
    std::array::from_fn(|k| {
        let points = cells.iter().map(|cell| grid.axes()[k].point(cell[k] as usize));
        points.sum::<f64>() / cells.len() as f64
    })
}

/// Whether four cells that meet in a vertex take part, in the fluid left of a hole.
fn has_vertex(domain: &Domain<2>, hole: &Cells) -> bool {
    let shape = domain.grid().shape();
    let (component, _) = domain.components();
    let at = |x: usize, y: usize| component[y * shape[0] + x];
    let [x, y] = *hole.first().unwrap();
    let own = at(x as usize - 1, y as usize);
    let square =
        |x: usize, y: usize| [at(x, y), at(x + 1, y), at(x, y + 1), at(x + 1, y + 1)] == [own; 4];
    (0..shape[1] - 1).any(|y| (0..shape[0] - 1).any(|x| square(x, y)))
}

/// The circulation of a rotation measures what every shore encloses, vortices in every hole add up
/// to those it encloses, with all of them in the harmonic part.
fn check_random(label: &str, domain: &Domain<2>, seed: u64) -> usize {
    let holes = holes(domain);
    let grid = *domain.grid();
    let rotation = VectorField::sample(grid, Layout::Faces, |[x, y]| [-0.7 * y, 0.7 * x]);
    let rotation = of_field(domain, rotation);
    let mut random = Random::new(seed);
    let cell = |hole: &Cells| hole.first().unwrap().map(|i| i as usize);
    let list: Vec<_> = holes.iter().map(|(hole, _)| (cell(hole), random.next())).collect();
    let vortex = of_field(domain, vortices(domain, &list));
    assert_eq!((rotation.len(), vortex.len()), (holes.len(), holes.len()), "{label}");
    for (hole, enclosed) in &holes {
        let centre = centroid(&grid, hole);
        let found = around(&rotation, centre);
        let area = 1.4 * enclosed.len() as f64 * grid.cell_volume();
        match has_vertex(domain, hole) {
            true => assert!((found.field - area).abs() < 1e-12, "{label}: {found:?}, not {area}"),
            false => assert_eq!(found.field, found.through_cells, "{label}"),
        }
        let inside = list.iter().filter(|(cell, _)| enclosed.contains(&cell.map(|i| i as i64)));
        let expected: f64 = inside.map(|(_, strength)| strength).sum();
        let found = around(&vortex, centre);
        for value in [found.field, found.harmonic] {
            assert!((value - expected).abs() < 1e-11, "{label}: {found:?}, not {expected}");
        }
    }
    holes.len()
}

#[test]
fn random_shores_enclose_what_they_should() {
    let box_of = |size| grid(size, 0b11);
    let small = random_masks::<2>().into_iter().filter(|(_, d)| *d.grid() == box_of([9, 8]));
    let large = [0.4, 0.6, 0.75, 0.9].map(|density| {
        let domain = random_mask(box_of([41, 30]), density, 11);
        (format!("large random mask {density}"), domain)
    });
    let all = small.chain(large).enumerate();
    let holes: usize =
        all.map(|(i, (label, domain))| check_random(&label, &domain, i as u64)).sum();
    assert!(holes > 100, "{holes} holes are too few to tell");
}
