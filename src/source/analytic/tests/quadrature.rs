//! Norms, means and orthogonality by Gauss–Legendre quadrature over the domain of each case.

use super::*;
use std::f64::consts::{PI, TAU};

/// Nodes and weights on [−1, 1].
fn gauss_legendre(n: usize) -> Vec<(f64, f64)> {
    let legendre = |x: f64| {
        let (mut below, mut here) = (1.0, x);
        for k in 2..=n {
            let k = k as f64;
            (below, here) = (here, ((2.0 * k - 1.0) * x * here - (k - 1.0) * below) / k);
        }
        (here, n as f64 * (x * here - below) / (x * x - 1.0))
    };
    let node = |i: usize| {
        let mut x = (PI * (i as f64 + 0.75) / (n as f64 + 0.5)).cos();
        for _ in 0..10 {
            let (value, slope) = legendre(x);
            x -= value / slope;
        }
        (x, 2.0 / ((1.0 - x * x) * legendre(x).1.powi(2)))
    };
    (0..n).map(node).collect()
}

/// The rule with 16 nodes in each of `panels` equal parts of an interval.
fn line((start, end): (f64, f64), panels: usize) -> Vec<(f64, f64)> {
    let half = 0.5 * (end - start) / panels as f64;
    let base = gauss_legendre(16);
    let middle = |p: usize| start + (2 * p + 1) as f64 * half;
    let panel = |p| base.iter().map(move |&(x, w)| (middle(p) + half * x, w * half));
    (0..panels).flat_map(panel).collect()
}

/// Whether the norms are over all space.
fn only_free_space<const D: usize>(case: &dyn Case<D>) -> bool {
    case.free_space() && case.exact_under().is_empty()
}

/// Boxes of parameters that cover the domain of a case.
fn parameters<const D: usize>(case: &dyn Case<D>) -> Vec<[(f64, f64); D]> {
    let reach = if only_free_space(case) { 1.5 } else { 1.0 };
    let whole = case.window().map(|(start, end, _)| (reach * start, reach * end));
    let with = |ranges: &[(f64, f64)]| std::array::from_fn(|k| ranges[k]);
    match case.name() {
        "H1" => vec![with(&[(1.0, 2.0), (0.0, TAU)])],
        "S1d" => vec![with(&[(0.0, 1.0), (0.0, TAU)])],
        "C2" => vec![with(&[(1.0, 2.0), (0.0, 1.0), (0.0, TAU)])],
        "C3" => vec![with(&[(1.0, 2.0), (-1.0, 1.0), (0.0, TAU)])],
        "C1" => vec![with(&[(0.0, 1.0), (-1.0, 1.0), (0.0, TAU)])],
        "H2" => vec![
            with(&[(-1.0, -0.25), (-1.0, 1.0)]),
            with(&[(0.25, 1.0), (-1.0, 1.0)]),
            with(&[(-0.25, 0.25), (-1.0, -0.25)]),
            with(&[(-0.25, 0.25), (0.25, 1.0)]),
        ],
        _ => vec![whole],
    }
}

/// Position and volume factor of polar (H1, S1d), cylindrical (C2) or spherical (C1, C3: radius, cosine, longitude)
/// parameters.
fn place<const D: usize>(case: &dyn Case<D>, p: [f64; D]) -> ([f64; D], f64) {
    let (sin, cos) = p[D - 1].sin_cos();
    match case.name() {
        "H1" | "S1d" => (std::array::from_fn(|k| p[0] * [cos, sin][k]), p[0]),
        "C2" => (std::array::from_fn(|k| [p[0] * cos, p[0] * sin, p[1]][k]), p[0]),
        "C1" | "C3" => {
            let across = p[0] * (1.0 - p[1] * p[1]).sqrt();
            let xyz = [across * cos, across * sin, p[0] * p[1]];
            (std::array::from_fn(|k| xyz[k]), p[0] * p[0])
        }
        _ => (p, lengths(case, p).iter().product()),
    }
}

/// ∫ over the domain of M functions at once.
fn integrate<const D: usize, const M: usize>(
    case: &dyn Case<D>,
    f: impl Fn([f64; D]) -> [f64; M],
) -> [f64; M] {
    let panels = match D {
        2 => 18,
        _ if only_free_space(case) => 8,
        _ => 3,
    };
    let mut sums = [0.0; M];
    for ranges in parameters(case) {
        let rules = ranges.map(|range| line(range, panels));
        let shape: [usize; D] = std::array::from_fn(|k| rules[k].len());
        for flat in 0..shape.iter().product() {
            let index = unravel(shape, flat);
            let node: [(f64, f64); D] = std::array::from_fn(|k| rules[k][index[k]]);
            let (position, factor) = place(case, node.map(|(x, _)| x));
            let weight = factor * node.iter().map(|(_, w)| w).product::<f64>();
            let values = f(position);
            (0..M).for_each(|i| sums[i] += weight * values[i]);
        }
    }
    sums
}

/// The Gram matrix of the parts: three squares, then the products.
fn gram<const D: usize>(parts: ExactParts<D>) -> [f64; 6] {
    let ExactParts { gradient: g, solenoidal: s, harmonic: h } = parts;
    [dot(g, g), dot(s, s), dot(h, h), dot(g, s), dot(g, h), dot(s, h)]
}

fn check_norms<const D: usize>(case: &dyn Case<D>) {
    for (boundary, parts) in every_split(case) {
        let found = integrate(case, |position| gram(parts(position)));
        let total: f64 = found[..3].iter().sum();
        let name = case.name();
        let products = largest(found[3..].iter().copied());
        // Parts that no convention gives, nor free space, need not be orthogonal.
        let split = case.free_space() || !case.exact_under().is_empty() || name == "S1";
        let orthogonal = split && !is_cut(case);
        assert!(
            !orthogonal || products < 1e-10 * total,
            "{name} {boundary:?}: overlap {products:e} of {total}"
        );
        let energies = match boundary {
            None => case.norms().map(|norms| norms.map(|norm| norm * norm)),
            Some(b) => case.known_energies(b),
        };
        let Some(energies) = energies else {
            assert!(["C5", "E1", "E2", "G1"].contains(&name) || is_cut(case), "{name}");
            continue;
        };
        for i in 0..3 {
            let gap = (found[i].sqrt() - energies[i].sqrt()).abs();
            let within = 1e-11 * energies[i].sqrt();
            assert!(gap <= within, "{name} {boundary:?}: {:.13}", found[i].sqrt());
        }
    }
}

#[test]
fn norms_are_those_by_quadrature_and_the_parts_are_orthogonal() {
    on_every_case!(check_norms);
}

fn check_means<const D: usize>(case: &dyn Case<D>) {
    if case.exact_under().contains(&Boundary::Periodic) {
        let gradient = integrate(case, |position| case.parts(position).gradient);
        let solenoidal = integrate(case, |position| case.parts(position).solenoidal);
        let most = largest(gradient.into_iter().chain(solenoidal));
        assert!(most < 1e-10, "{}: mean {most:e}", case.name());
    }
}

#[test]
fn periodic_gradient_and_solenoidal_parts_have_no_mean() {
    on_every_case!(check_means);
}

#[test]
fn the_five_fields_of_the_annulus_are_orthogonal() {
    let case = find_2d("H1").unwrap();
    let expected = H1::five_energies();
    for (i, energy) in expected.into_iter().enumerate() {
        let row = integrate(case, |position| {
            let five = H1::five_parts(position);
            five.map(|other| dot(five[i], other))
        });
        for (j, found) in row.into_iter().enumerate() {
            let expected = if i == j { energy } else { 0.0 };
            assert!((found - expected).abs() < 1e-9 * energy, "{i} {j}: {found}");
        }
    }
}

/// Between the walls of the annulus, along a radius: the rise of φ and the flux of a part.
#[test]
fn potentials_of_the_annulus_take_one_value_on_both_walls() {
    let case = find_2d("H1").unwrap();
    let across = |f: &dyn Fn([f64; 2]) -> f64| -> f64 {
        line((1.0, 2.0), 4).into_iter().map(|(r, w)| w * f([0.6 * r, 0.8 * r])).sum()
    };
    for boundary in [Boundary::NoFlux, Boundary::ZeroPotential, Boundary::NormalParallel] {
        let parts = |position| case.parts_under(boundary, position).unwrap();
        let rise = across(&|position| dot(parts(position).gradient, [0.6, 0.8]));
        let flux = across(&|position| dot(parts(position).solenoidal, [-0.8, 0.6]));
        assert_eq!(rise.abs() < 1e-12, boundary != Boundary::NoFlux, "{boundary}: {rise}");
        assert_eq!(flux.abs() < 1e-12, boundary != Boundary::ZeroPotential, "{boundary}: {flux}");
    }
}
