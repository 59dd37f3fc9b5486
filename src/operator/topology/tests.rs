//! Tests of cocycles and Betti numbers.

use super::*;
use crate::grid::{Axis, Topology};

fn boxes<const D: usize>() -> Vec<Domain<D>> {
    let sizes = [[4, 3, 5], [1, 2, 3], [3, 1, 1], [2, 2, 2]];
    let mut found = Vec::new();
    for size in sizes {
        for walls in 0..1usize << D {
            let axes = std::array::from_fn(|k| {
                let wall = walls >> k & 1 == 1;
                let topology = if wall { Topology::Bounded } else { Topology::Periodic };
                Axis::over(0.0, 1.0 + k as f64, size[k], topology)
            });
            found.push(Domain::full(Grid::new(axes).unwrap()));
        }
    }
    found
}

/// On boxes the general algorithm finds as many fields as are written down, and no more are equal
/// up to a gradient: the matrix of circulations is the identity.
fn agrees_with_the_box<const D: usize>() {
    for domain in boxes::<D>() {
        for condition in [Condition::Neumann, Condition::Dirichlet] {
            let known = cohomology(&domain, condition);
            let found = general_cohomology(&domain, condition);
            assert_eq!(found.len(), known.len(), "{condition:?} {:?}", domain.grid());
            let paths = found.iter().map(|cocycle| &cocycle.path);
            for (i, path) in paths.enumerate() {
                for (j, cocycle) in found.iter().enumerate() {
                    let expected = if i == j { 1.0 } else { 0.0 };
                    assert_eq!(sum_along(&domain, path, &cocycle.field()), expected);
                }
            }
        }
    }
}

/// The circulation with half lengths across walls, as a path through the ground has them.
fn sum_along<const D: usize>(domain: &Domain<D>, path: &Loop, v: &VectorField<D>) -> f64 {
    let mut halved = v.clone();
    for k in 0..D {
        let classes = domain.face_classes(k);
        let values = halved.component_mut(k).values_mut();
        values.iter_mut().zip(classes).for_each(|(v, class)| *v *= class.weight());
    }
    (path.circulation(domain, &halved) * 1e12).round() / 1e12
}

#[test]
fn boxes_in_2d() {
    agrees_with_the_box::<2>();
}

#[test]
fn boxes_in_3d() {
    agrees_with_the_box::<3>();
}
