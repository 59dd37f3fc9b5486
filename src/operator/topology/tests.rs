//! Tests of cocycles and Betti numbers.

use super::*;
use crate::grid::{Axis, Metric, Topology};

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

/// Globes, caps and what they make with a third axis: sizes of faces that vanish at ends of y.
fn with_poles<const D: usize>() -> Vec<Domain<D>> {
    let rounds = boxes::<D>().into_iter().filter(|domain| {
        let [x, y] = [domain.grid().axes()[0], domain.grid().axes()[1]];
        !x.bounded() && y.bounded() && x.cells > 2 && y.cells > 1
    });
    let poles = |domain: Domain<D>| {
        [[true, false], [false, true], [true, true]].map(|poles| {
            let plane = Metric::plane(domain.grid());
            let mut areas: [Vec<f64>; D] = std::array::from_fn(|k| plane.areas(k).to_vec());
            let shape = domain.grid().shape_at(Location::face(1));
            for (face, area) in areas[1].iter_mut().enumerate() {
                let ends = [0, shape[1] - 1].map(|end| unravel(shape, face)[1] == end);
                if ends.into_iter().zip(poles).any(|(at, pole)| at && pole) {
                    *area = 0.0;
                }
            }
            let distances = std::array::from_fn(|k| plane.distances(k).to_vec());
            let volumes = plane.volumes().to_vec();
            let metric = Metric::given(domain.grid(), areas, distances, volumes).unwrap();
            domain.clone().with_metric(metric).unwrap()
        })
    };
    rounds.flat_map(poles).collect()
}

#[test]
fn globes_and_caps() {
    let numbers = |condition| {
        move |domain: &Domain<2>| {
            assert!(cohomology(domain, condition).is_empty());
            assert!(general_cohomology(domain, condition).is_empty());
        }
    };
    let domains = with_poles::<2>();
    assert_eq!(domains.len(), 3);
    domains.iter().for_each(numbers(Condition::Neumann));
    domains.iter().for_each(numbers(Condition::Dirichlet));
    for domain in with_poles::<3>() {
        for condition in [Condition::Neumann, Condition::Dirichlet] {
            let counts = [cohomology(&domain, condition), general_cohomology(&domain, condition)];
            let [known, found] = counts.map(|cocycles| cocycles.len());
            assert_eq!(known, found, "{condition:?} {:?}", domain.grid());
        }
    }
}
