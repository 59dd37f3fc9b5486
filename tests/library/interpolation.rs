//! Between points and faces: every value against Lagrange's formula on the nodes that the rule names.

use crate::common::masks::{grid, keep_on, random_masks, shapes_2d, shapes_3d};
use crate::common::{domains, random_field};
use hodge::field::{Layout, VectorField, Way, to_faces, to_points};
use hodge::grid::{Domain, Location, ravel, unravel};

/// The cell at place i along axis k of the line through `index`; `None` where there is none that takes
/// part.
pub fn cell<const D: usize>(
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
