//! Interpolation between points and faces on axes with coordinates of their own.

use crate::common::masks;
use crate::interpolation::cell;
use crate::rectilinear::{gaussian_globe, geometric};
use hodge::decomposition::Method;
use hodge::diagnostic::observed_order;
use hodge::field::{Layout, VectorField, Way, to_faces, to_points};
use hodge::grid::{Axis, Domain, Grid, Location, Metric, Topology, unravel};
use hodge::source::Source;
use hodge::source::analytic::find_2d;
use std::f64::consts::TAU;

/// Cells whose widths differ up to one and a half times: beside wider steps fewer values are used.
fn mild(n: usize) -> Axis {
    let width = |i: usize| 1.0 + 0.2 * (i as f64 * 12.9898).sin();
    let mut faces = vec![0.0];
    (0..n).for_each(|i| faces.push(faces[i] + width(i)));
    Axis::from_faces(&faces, Topology::Bounded).unwrap()
}

/// Boxes with an uneven axis k, whole and with a mask.
fn boxes(k: usize) -> Vec<Domain<2>> {
    let other = Axis::over(0.0, 1.0, 5, Topology::Bounded);
    let mut domains = Vec::new();
    for axis in [mild(40), geometric(30, 0.01)] {
        let grid = Grid::new(if k == 0 { [axis, other] } else { [other, axis] }).unwrap();
        domains.push(Domain::full(grid));
        domains.extend((0..8).map(|seed| masks::random_mask(grid, 0.8, seed)));
    }
    domains
}

/// The degree up to which polynomials are exact where there are so many values below and above.
fn degree(mut counts: [usize; 2]) -> Option<i32> {
    counts.sort_unstable();
    match counts {
        [0, 0] => None,
        [0, n] => Some(n.min(3) as i32 - 1),
        [1, 1] => Some(1),
        [1, _] => Some(2),
        _ => Some(3),
    }
}

/// The degree that is promised for a value of component k.
fn promised(domain: &Domain<2>, k: usize, index: [usize; 2], to_faces: bool) -> Option<i32> {
    let i = index[k] as i64;
    let active = |i| cell(domain, k, index, i).is_some();
    if to_faces {
        let lower = (1..4).take_while(|t| active(i - t)).count();
        return degree([lower, (0..3).take_while(|t| active(i + t)).count()]);
    }
    active(i).then(|| degree([1 + usize::from(active(i - 1)), 1 + usize::from(active(i + 1))]))?
}

#[test]
fn polynomials_are_exact_up_to_the_degree_of_the_weights() {
    for k in 0..2 {
        let mut checked = [0; 4];
        for domain in boxes(k) {
            let axis = domain.grid().axes()[k];
            let at = |x: f64| (x - axis.face(0)) / axis.length() - 0.4;
            for power in 0..4 {
                let field = |x: [f64; 2]| [at(x[k]).powi(power); 2];
                let [points, faces] = [Layout::Points, Layout::Faces]
                    .map(|layout| VectorField::sample(*domain.grid(), layout, field));
                let found =
                    [to_points(&faces, &domain, Way::FourPoints), to_faces(&points, &domain)];
                for (place, (found, exact)) in found.iter().zip([&points, &faces]).enumerate() {
                    let location = [Location::CELL, Location::face(k)][place];
                    let shape = domain.grid().shape_at(location);
                    let pairs = found.component(k).values().iter().zip(exact.component(k).values());
                    for (flat, (found, exact)) in pairs.enumerate() {
                        let index = unravel(shape, flat);
                        let most = promised(&domain, k, index, place == 1);
                        if most.is_none_or(|most| power > most) {
                            continue;
                        }
                        checked[power as usize] += 1;
                        let close = (found - exact).abs() < 1e-12;
                        assert!(close, "axis {k}, power {power}, {index:?}: {found} for {exact}");
                    }
                }
            }
        }
        assert!(checked.iter().all(|count| *count > 1000), "{checked:?}");
    }
}

/// The largest errors at the faces and at the points of a smooth function around n unlike cells along axis k.
fn around(k: usize, n: usize) -> [f64; 2] {
    let face = |i: usize| {
        let s = i as f64 / n as f64;
        s + 0.1 * (TAU * s).sin()
    };
    let faces: Vec<f64> = (0..=n).map(face).collect();
    let ring = Axis::from_faces(&faces, Topology::Periodic).unwrap();
    let other = Axis::over(0.0, 1.0, 3, Topology::Bounded);
    let grid = Grid::new(if k == 0 { [ring, other] } else { [other, ring] }).unwrap();
    let domain = Domain::full(grid);
    let field = |x: [f64; 2]| [(TAU * x[k]).sin().exp(); 2];
    let [points, faces] =
        [Layout::Points, Layout::Faces].map(|layout| VectorField::sample(grid, layout, field));
    let error = |found: VectorField<2>, exact: &VectorField<2>| {
        let pairs = found.component(k).values().iter().zip(exact.component(k).values());
        pairs.fold(0.0, |most: f64, (a, b)| most.max((a - b).abs()))
    };
    [
        error(to_faces(&points, &domain), &faces),
        error(to_points(&faces, &domain, Way::FourPoints), &points),
    ]
}

#[test]
fn smooth_functions_around_a_ring_are_met_in_fourth_order() {
    for k in 0..2 {
        let [coarse, fine] = [64, 128].map(|n| around(k, n));
        for i in 0..2 {
            let order = observed_order((64, coarse[i]), (128, fine[i]));
            assert!(order >= 3.5, "axis {k}: {coarse:?}, {fine:?}, order {order}");
        }
    }
}

/// Errors of the gradient part of SP1 at the points of n Gaussian latitudes: in L2, and the largest in the rows beside
/// the poles, both relative.
fn on_gaussian_latitudes(n: usize) -> [f64; 2] {
    let (case, grid) = (find_2d("SP1").unwrap(), gaussian_globe(n));
    let metric = Metric::sphere(&grid, 1.0).unwrap();
    let domain = Domain::full(grid).with_metric(metric).unwrap();
    let plan = Method::Staggered.plan(&domain, None, None).unwrap();
    let parts = plan.decompose(&case.sample(grid, Layout::Points)).unwrap();
    let exact = VectorField::sample(grid, Layout::Points, |x| case.parts(x).gradient);
    let error = to_points(&parts.gradient, &domain, Way::FourPoints).minus(&exact);
    let volumes = domain.metric().unwrap().volumes();
    let energy = |v: &VectorField<2>| -> f64 {
        let of = |k: usize| v.component(k).values().iter().zip(volumes).map(|(v, w)| w * v * v);
        of(0).chain(of(1)).sum()
    };
    let beside_pole = |flat: usize| [0, n - 1].contains(&(flat / (2 * n)));
    let in_rows = |k: usize| {
        let values = error.component(k).values().iter().enumerate();
        values.filter(|(flat, _)| beside_pole(*flat)).fold(0.0, |m: f64, (_, e)| m.max(e.abs()))
    };
    let polar = in_rows(0).max(in_rows(1)) / exact.max_abs();
    [(energy(&error) / energy(&exact)).sqrt(), polar]
}

#[test]
fn parts_at_gaussian_latitudes_are_of_second_order() {
    let [coarse, fine] = [32, 64].map(on_gaussian_latitudes);
    for i in 0..2 {
        let order = observed_order((32, coarse[i]), (64, fine[i]));
        assert!(order >= 1.9, "{coarse:?}, {fine:?}, order {order}");
    }
}
