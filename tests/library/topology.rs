//! Betti numbers and harmonic fields of masked domains against tables and dense ranks.

use crate::common::masks::{Shape, random_masks, shapes_2d, shapes_3d};
use hodge::boundary::{Boundary, Condition};
use hodge::field::{Layout, VectorField};
use hodge::grid::{Domain, FaceClass};
use hodge::operator::{Betti, Calculus, Loop, Staggered, around_holes, cohomology};

fn check_shapes<const D: usize>(shapes: Vec<Shape<D>>) {
    for shape in shapes {
        let expected = Betti { fluid: shape.fluid, closed: shape.closed };
        assert_eq!(Betti::of(&shape.domain), expected, "{}", shape.name);
    }
}

#[test]
fn betti_numbers_of_the_table() {
    check_shapes(shapes_2d());
    check_shapes(shapes_3d());
}

/// Places of the faces of some classes.
fn places<const D: usize>(calculus: &Staggered<D>, wall: bool) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    for k in 0..D {
        let classes = calculus.face_classes(k).iter().enumerate();
        let kept = classes.filter(|(_, class)| match class {
            FaceClass::Interior => true,
            FaceClass::Wall => wall,
            FaceClass::Outside => false,
        });
        found.extend(kept.map(|(face, _)| (k, face)));
    }
    found
}

/// The dimension of the fields without divergence and curl: by elimination on a dense matrix
/// whose rows are the divergence and curl of each unit field.
fn harmonic_dimension<const D: usize>(domain: &Domain<D>, condition: Condition) -> usize {
    let boundary = match condition {
        Condition::Neumann => Boundary::NoFlux,
        Condition::Dirichlet => Boundary::ZeroPotential,
    };
    let calculus = Staggered::new(domain.clone(), boundary);
    let places = places(&calculus, condition == Condition::Dirichlet);
    let rows: Vec<Vec<f64>> = places
        .iter()
        .map(|&(k, face)| {
            let mut unit = VectorField::zeros(*domain.grid(), Layout::Faces);
            unit.component_mut(k).values_mut()[face] = 1.0;
            let mut row = calculus.divergence(&unit).into_values();
            calculus.curl(&unit).into_iter().for_each(|c| row.extend(c.into_values()));
            row
        })
        .collect();
    places.len() - rank(rows)
}

fn rank(mut rows: Vec<Vec<f64>>) -> usize {
    let columns = rows.first().map_or(0, Vec::len);
    let mut found = 0;
    for column in 0..columns {
        let size = |row: &Vec<f64>| row[column].abs();
        let best = (found..rows.len()).max_by(|&a, &b| size(&rows[a]).total_cmp(&size(&rows[b])));
        let Some(best) = best.filter(|&best| size(&rows[best]) > 1e-8) else { continue };
        rows.swap(found, best);
        let pivot = rows[found].clone();
        for row in &mut rows[found + 1..] {
            let factor = row[column] / pivot[column];
            if factor != 0.0 {
                row.iter_mut().zip(&pivot).for_each(|(x, p)| *x -= factor * p);
            }
        }
        found += 1;
    }
    found
}

fn check_dimension<const D: usize>(label: &str, domain: &Domain<D>) {
    for condition in [Condition::Neumann, Condition::Dirichlet] {
        let found = cohomology(domain, condition);
        let expected = harmonic_dimension(domain, condition);
        assert_eq!(found.len(), expected, "{label} {condition:?}");
    }
}

#[test]
fn dimensions_agree_with_dense_ranks() {
    for (label, domain) in random_masks::<2>() {
        check_dimension(&label, &domain);
    }
    for (label, domain) in random_masks::<3>() {
        check_dimension(&label, &domain);
    }
}

/// Cocycles have no curl, and circulation 1 or 0 around the loops.
#[test]
fn cocycles_have_no_curl() {
    for (label, domain) in random_masks::<3>() {
        for (condition, boundary) in [
            (Condition::Neumann, Boundary::NoFlux),
            (Condition::Dirichlet, Boundary::ZeroPotential),
        ] {
            let calculus = Staggered::new(domain.clone(), boundary);
            let found = cohomology(&domain, condition);
            for cocycle in &found {
                let field = cocycle.field();
                for curl in calculus.curl(&field) {
                    assert!(curl.max_abs() <= 1e-9 * field.max_abs(), "{label} {condition:?}");
                }
            }
            if condition == Condition::Dirichlet {
                continue;
            }
            for (i, circle) in found.iter().enumerate() {
                for (j, cocycle) in found.iter().enumerate() {
                    let expected = if i == j { 1.0 } else { 0.0 };
                    let circulation = circle.path.circulation(&domain, &cocycle.field());
                    assert!((circulation - expected).abs() < 1e-12, "{label} {i} {j}");
                }
            }
        }
    }
}

/// The loops around holes and axes distinguish every field without curl from gradients: their
/// circulations of the cocycles have full rank.
#[test]
fn loops_around_holes_tell_all_that_the_basis_tells() {
    let shapes = shapes_2d().into_iter().map(|s| (s.name.to_string(), s.domain));
    for (label, domain) in shapes.chain(random_masks::<2>()) {
        let found = cohomology(&domain, Condition::Neumann);
        let fields: Vec<_> = found.iter().map(|cocycle| cocycle.field()).collect();
        let paths = found.into_iter().map(|cocycle| cocycle.path).collect();
        let loops = around_holes(&domain, paths);
        let row = |path: &Loop| fields.iter().map(|v| path.circulation(&domain, v)).collect();
        assert_eq!(rank(loops.iter().map(row).collect()), fields.len(), "{label}");
        let walls = domain.grid().axes().iter().all(|axis| axis.bounded());
        assert!(!walls || loops.len() == fields.len(), "{label}: {} loops", loops.len());
        for (path, v) in loops.iter().flat_map(|path| fields.iter().map(move |v| (path, v))) {
            let along_shore =
                path.along_shore(&domain, v).unwrap_or_else(|| path.circulation(&domain, v));
            assert!((along_shore - path.circulation(&domain, v)).abs() < 1e-12, "{label}");
        }
    }
}
