//! Between points and faces: every value against Lagrange's formula on the nodes that the rule names,
//! observed orders and errors inside, at seams and at walls.

use crate::common::masks::{grid, keep_on, random_masks, shapes_2d, shapes_3d};
use crate::common::{domains, random_field};
use hodge::diagnostic::observed_order;
use hodge::field::{Layout, VectorField, Way, to_faces, to_points};
use hodge::grid::{Domain, Location, ravel, unravel};
use std::f64::consts::TAU;

/// The cell at place i along axis k of the line through `index`; `None` where there is none that takes
/// part.
fn cell<const D: usize>(
    domain: &Domain<D>,
    k: usize,
    mut index: [usize; D],
    i: i64,
) -> Option<usize> {
    let n = domain.grid().shape()[k] as i64;
    if domain.grid().axes()[k].bounded() && !(0..n).contains(&i) {
        return None;
    }
    index[k] = i.rem_euclid(n) as usize;
    let flat = ravel(domain.grid().shape(), index);
    domain.is_active(flat).then_some(flat)
}

/// By Lagrange's formula at 0: through the two nearest on either side, and where one side has fewer
/// through the three nearest of all, or what there is of them.
fn lagrange(lower: &[f64], upper: &[f64]) -> f64 {
    let below = lower.iter().enumerate().map(|(i, v)| (-0.5 - i as f64, *v));
    let above = upper.iter().enumerate().map(|(i, v)| (0.5 + i as f64, *v));
    let mut nodes: Vec<(f64, f64)> = below.chain(above).collect();
    nodes.sort_by(|a, b| a.0.abs().total_cmp(&b.0.abs()));
    nodes.truncate(if lower.len().min(upper.len()) >= 2 { 4 } else { 3 });
    let term = |(i, &(x, v)): (usize, &(f64, f64))| {
        let others = nodes.iter().enumerate().filter(|(j, _)| *j != i);
        v * others.map(|(_, (other, _))| -other / (x - other)).product::<f64>()
    };
    nodes.iter().enumerate().map(term).sum()
}

/// The value on a face of axis k.
fn on_face<const D: usize>(domain: &Domain<D>, k: usize, index: [usize; D], points: &[f64]) -> f64 {
    let i = index[k] as i64;
    let at = |i| cell(domain, k, index, i).map(|cell| points[cell]);
    let lower: Vec<f64> = (1..4).map_while(|t| at(i - t)).collect();
    let upper: Vec<f64> = (0..3).map_while(|t| at(i + t)).collect();
    lagrange(&lower, &upper)
}

/// The value at a point, of the component along axis k.
fn at_point<const D: usize>(
    domain: &Domain<D>,
    k: usize,
    index: [usize; D],
    faces: &[f64],
    way: Way,
) -> f64 {
    let i = index[k] as i64;
    let active = |i| cell(domain, k, index, i).is_some();
    let shape = domain.grid().shape_at(Location::face(k));
    let face = |i: i64| {
        let mut index = index;
        index[k] = i.rem_euclid(shape[k] as i64) as usize;
        faces[ravel(shape, index)]
    };
    if !active(i) {
        return 0.0;
    }
    if way == Way::Mean {
        return 0.5 * (face(i) + face(i + 1));
    }
    let mut lower = vec![face(i)];
    lower.extend(active(i - 1).then(|| face(i - 1)));
    let mut upper = vec![face(i + 1)];
    upper.extend(active(i + 1).then(|| face(i + 2)));
    lagrange(&lower, &upper)
}

/// Random data with NaN where no cell takes part.
fn telling<const D: usize>(domain: &Domain<D>, layout: Layout, seed: u64) -> VectorField<D> {
    let mut field = random_field(domain, layout, seed);
    for component in field.components_mut() {
        let touching = domain.touching(component.location());
        let outside = component.values_mut().iter_mut().zip(touching).filter(|(_, t)| *t == 0);
        outside.for_each(|(v, _)| *v = f64::NAN);
    }
    field
}

fn check_domain<const D: usize>(label: &str, domain: &Domain<D>, seed: u64) {
    let close = |found: f64, expected: f64, what: &str| {
        assert!((found - expected).abs() < 1e-14, "{label}, {what}: {found} is not {expected}");
    };
    let shape = domain.grid().shape();
    let points = telling(domain, Layout::Points, seed);
    let faces = to_faces(&points, domain);
    for k in 0..D {
        let faces_shape = domain.grid().shape_at(Location::face(k));
        for (flat, found) in faces.component(k).values().iter().enumerate() {
            let index = unravel(faces_shape, flat);
            let expected = on_face(domain, k, index, points.component(k).values());
            close(*found, expected, &format!("face {index:?} of axis {k}"));
        }
    }
    let faces = telling(domain, Layout::Faces, seed + 1);
    for way in Way::ALL {
        let points = to_points(&faces, domain, way);
        for k in 0..D {
            for (flat, found) in points.component(k).values().iter().enumerate() {
                let index = unravel(shape, flat);
                let expected = at_point(domain, k, index, faces.component(k).values(), way);
                close(*found, expected, &format!("{way:?} at {index:?}, component {k}"));
            }
        }
    }
}

#[test]
fn every_value_is_that_of_its_nodes_in_2d() {
    let shapes = shapes_2d().into_iter().map(|s| (s.name.to_string(), s.domain));
    let large = [grid([601, 37], 0b01), grid([300, 9], 0b10)];
    let large = large.map(|grid| {
        let hole = |i: [usize; 2]| (i[0] * i[0] + 7 * i[1] * i[0] + i[1]) % 19 < 3;
        ("many lines".to_string(), keep_on(grid, |i| !hole(i)))
    });
    let all = domains::<2>().into_iter().chain(random_masks::<2>()).chain(shapes).chain(large);
    for (i, (label, domain)) in all.enumerate() {
        check_domain(&label, &domain, 10 * i as u64);
    }
}

#[test]
fn every_value_is_that_of_its_nodes_in_3d() {
    let shapes = shapes_3d().into_iter().map(|s| (s.name.to_string(), s.domain));
    let all = domains::<3>().into_iter().chain(random_masks::<3>()).chain(shapes);
    for (i, (label, domain)) in all.enumerate() {
        check_domain(&label, &domain, 5000 + 10 * i as u64);
    }
}

/// Periodic along every axis of [`grid`]: component c is Π_k exp(½ sin θ), θ = 2π(x_k + 0.3)/L_k + 0.7c + k.
fn smooth<const D: usize>(x: [f64; D]) -> [f64; D] {
    let angle =
        |c: usize, k: usize| TAU * (x[k] + 0.3) / [1.0, 0.7, 1.9][k] + 0.7 * c as f64 + k as f64;
    std::array::from_fn(|c| (0..D).map(|k| (0.5 * angle(c, k).sin()).exp()).product())
}

/// Root mean squares of the errors of the smooth field inside, across the seam of a periodic axis, and
/// where fewer than two cells, or cells beside a face's, lie on one side.
fn errors<const D: usize>(domain: &Domain<D>, found: &VectorField<D>) -> [f64; 3] {
    let grid = *domain.grid();
    let exact = VectorField::sample(grid, found.layout(), smooth);
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

/// The orders inside, at seams and at walls, and the errors on the finer grid, which are of a program of
/// its own.
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
            let points = VectorField::sample(*domain.grid(), Layout::Points, smooth);
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
                let faces = VectorField::sample(*domain.grid(), Layout::Faces, smooth);
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
