//! What the parts do at the walls, or over a period, under each convention they are exact for.

use super::*;

const TOLERANCE: f64 = 1e-12;

/// Positions on the walls with the normals there. A box has them on every side; the curved walls
/// are those the headers of the cases name.
fn walls<const D: usize>(case: &dyn Case<D>) -> Vec<([f64; D], [f64; D])> {
    let mut random = Random::new(11);
    let radii: &[f64] = match case.name() {
        "H1" | "C2" | "C3" => &[1.0, 2.0],
        "C1" | "S1d" => &[1.0],
        _ => &[],
    };
    // Axes across which walls are curved.
    let round = if case.name() == "C2" { 2 } else { D };
    let cube = [(-1.0, 1.0, Topology::Bounded); D];
    let mut found = Vec::new();
    for k in 0..20 * D {
        for &radius in radii {
            let mut direction = position(&mut random, cube);
            direction[round..].fill(0.0);
            let normal = direction.map(|t| t / dot(direction, direction).sqrt());
            let mut at = position(&mut random, case.window());
            (0..round).for_each(|i| at[i] = radius * normal[i]);
            found.push((at, normal));
        }
        let (start, end, topology) = case.window()[k % D];
        // In a space of its own the window says what ends in walls; at a pole a row of cells has no width.
        let ring = case.space().has_metric() && topology == Topology::Periodic;
        let is_wall = |wall: f64| {
            let mut at = case.window().map(|(start, end, _)| 0.5 * (start + end));
            at[k % D] = wall;
            (radii.is_empty() || k % D >= round) && !ring && lengths(case, at)[0] > 1e-9
        };
        for wall in [start, end].into_iter().filter(|wall| is_wall(*wall)) {
            let (mut position, mut normal) = (position(&mut random, case.window()), [0.0; D]);
            position[k % D] = wall;
            normal[k % D] = 1.0;
            found.push((position, normal));
        }
    }
    found
}

fn tangential<const D: usize>(vector: [f64; D], normal: [f64; D]) -> f64 {
    let along = dot(vector, normal);
    largest((0..D).map(|k| vector[k] - along * normal[k]))
}

/// Claims that must vanish at a wall point.
fn wall_claims<const D: usize>(
    boundary: Boundary,
    parts: ExactParts<D>,
    normal: [f64; D],
    whole: bool,
) -> [f64; 3] {
    let solenoidal = dot(parts.solenoidal, normal);
    let gradient = tangential(parts.gradient, normal);
    let harmonic = match boundary {
        Boundary::NormalParallel => 0.0,
        _ if whole => largest(parts.harmonic),
        Boundary::NoFlux => dot(parts.harmonic, normal),
        _ => tangential(parts.harmonic, normal),
    };
    match boundary {
        Boundary::NoFlux => [solenoidal, 0.0, harmonic],
        Boundary::ZeroPotential => [0.0, gradient, harmonic],
        _ => [solenoidal, gradient, harmonic],
    }
}

/// Whether no harmonic field but those of `normal-parallel` fits in.
fn is_box<const D: usize>(case: &dyn Case<D>) -> bool {
    let around = |(_, _, topology)| topology == Topology::Periodic;
    let ring = case.space().has_metric() && case.window().into_iter().any(around);
    !case.masked() && !ring
}

fn check_walls<const D: usize>(case: &dyn Case<D>) {
    let most = largest(interior(case).iter().flat_map(|&p| case.value(p))).max(1.0);
    for (boundary, parts) in every_split(case) {
        let Some(boundary) =
            boundary.filter(|&b| ![Boundary::Periodic, Boundary::FreeSpace].contains(&b))
        else {
            continue;
        };
        let grounded = case.exact_under().contains(&boundary) && boundary != Boundary::NoFlux;
        for (position, normal) in walls(case) {
            let density = case.density(position).unwrap_or(1.0);
            let claims = wall_claims(boundary, parts(position), normal, is_box(case));
            let claims = claims.map(|claim| density * claim);
            let broken = largest(claims) / most;
            let tolerance = if density < 1.0 { 1e-7 } else { TOLERANCE };
            assert!(broken < tolerance, "{} {boundary}: {claims:?} at {position:?}", case.name());
            let phi = case.potential(position).unwrap();
            assert!(!grounded || phi.abs() < TOLERANCE, "{} {boundary}: φ = {phi}", case.name());
        }
    }
}

#[test]
fn parts_keep_the_conventions_they_are_exact_under() {
    on_every_case!(check_walls);
}

fn check_period<const D: usize>(case: &dyn Case<D>) {
    if !case.exact_under().contains(&Boundary::Periodic) {
        return;
    }
    let constant = case.parts([0.0; D]).harmonic;
    for position in interior(case) {
        let here = case.parts(position);
        let turns =
            |k: &usize| !case.space().has_metric() || case.window()[*k].2 == Topology::Periodic;
        for k in (0..D).filter(turns) {
            let mut moved = position;
            moved[k] += case.window()[k].1 - case.window()[k].0;
            let there = case.parts(moved);
            let gap = (0..D).flat_map(|i| {
                [here.gradient[i] - there.gradient[i], here.solenoidal[i] - there.solenoidal[i]]
            });
            assert!(largest(gap) < 1e-10, "{}: period along axis {k}", case.name());
            let phi = [position, moved].map(|p| case.potential(p).unwrap());
            assert!((phi[0] - phi[1]).abs() < 1e-10, "{}: φ along axis {k}", case.name());
        }
        assert_eq!(here.harmonic, constant, "{}: mean flow", case.name());
    }
}

#[test]
fn periodic_parts_repeat_and_the_harmonic_part_is_constant() {
    on_every_case!(check_period);
}

fn check_free_space<const D: usize>(case: &dyn Case<D>) {
    if !case.free_space() || is_cut(case) {
        return;
    }
    // Given only in free space: nothing left at twice the window. Else nothing left at the walls.
    let reach = if case.exact_under().is_empty() { 2.0 } else { 1.0 };
    for (position, _) in walls(case) {
        let far = position.map(|t| reach * t);
        let parts = case.parts(far);
        let left = parts.gradient.into_iter().chain(parts.solenoidal).chain(case.potential(far));
        assert!(largest(left) < TOLERANCE, "{} at {far:?}", case.name());
        assert_eq!(parts.harmonic, [0.0; D]);
    }
}

#[test]
fn free_space_parts_vanish_outside() {
    on_every_case!(check_free_space);
    let plane = CASES_2D.iter().filter(|case| case.free_space()).map(|case| case.name());
    assert!(plane.eq(["F1", "F2", "F3", "F4", "U2"]));
    let space = CASES_3D.iter().filter(|case| case.free_space()).map(|case| case.name());
    assert!(space.eq(["U3", "C4", "F5"]));
}
