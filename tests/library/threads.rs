//! Every result is the same to the last bit for any number of threads.
//!
//! The domains are large enough for every parallel path: factors with blocks shared between threads, parts of the
//! dissection in both halves of which there are more, several blocks of every sum, levels of
//! multigrid swept by several threads.

use crate::common::masks::keep_on;
use crate::common::{choices, random_field};
use hodge::boundary::Boundary;
use hodge::decomposition::{Decompose, DecomposeError, Decomposition, Method};
use hodge::field::{Layout, VectorField};
use hodge::grid::{Axis, Domain, Grid, Topology};
use hodge::operator::with_density;

const THREADS: [usize; 3] = [1, 2, 3];

fn in_threads<T: Send>(threads: usize, work: impl FnOnce() -> T + Send) -> T {
    rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap().install(work)
}

/// The bits of every part and of the potential.
fn bits<const D: usize>(parts: &Decomposition<D>) -> Vec<(String, Vec<u64>)> {
    let of = |values: &[f64]| values.iter().map(|v| v.to_bits()).collect();
    let mut found = vec![("potential".to_string(), of(parts.potential.values()))];
    for (name, part) in parts.parts() {
        let components = part.components().iter().enumerate();
        found.extend(components.map(|(k, c)| (format!("{name} {k}"), of(c.values()))));
    }
    found
}

/// Plans and decomposes with each number of threads.
fn compare<const D: usize>(
    name: &str,
    domain: &Domain<D>,
    plan: impl Fn() -> Result<Box<dyn Decompose<D>>, DecomposeError> + Sync,
) {
    let of = |threads| {
        in_threads(threads, || {
            let plan = plan().unwrap();
            let field = random_field(domain, plan.method().layout(), 7);
            bits(&plan.decompose(&field).unwrap())
        })
    };
    let [one, others @ ..] = THREADS;
    let expected = of(one);
    for threads in others {
        for ((part, found), (_, expected)) in of(threads).iter().zip(&expected) {
            let differ = found.iter().zip(expected).filter(|(a, b)| a != b).count();
            let all = expected.len();
            assert!(
                found.len() == all && differ == 0,
                "{name}: {differ} of {all} values of {part} differ with {threads} threads"
            );
        }
    }
}

fn check<const D: usize>(shape: &str, domain: &Domain<D>) {
    for choice in choices(domain) {
        compare(&format!("{choice} on a {shape} in {D}D"), domain, || choice.plan(domain));
    }
}

fn check_weighted<const D: usize>(domain: &Domain<D>) {
    let density = VectorField::sample(*domain.grid(), Layout::Faces, |x| {
        [(-x.iter().map(|x| x * x).sum::<f64>()).exp(); D]
    });
    compare(&format!("weighted in {D}D"), domain, || {
        Method::Staggered.plan(&with_density(domain, &density)?, Some(Boundary::NoFlux), None)
    });
}

fn grid<const D: usize>(cells: [usize; D], topology: Topology) -> Grid<D> {
    let lengths = [1.0, 0.7, 1.9];
    Grid::new(std::array::from_fn(|k| Axis::over(-0.3, lengths[k], cells[k], topology))).unwrap()
}

/// Cells of whose torus the seams alone make a block of more than 2¹⁹ values.
const CELLS_2D: [usize; 2] = [420, 361];
const CELLS_3D: [usize; 3] = [36, 40, 33];

/// Two islands, one of them touching the other at a corner.
fn islands() -> Domain<2> {
    let inside =
        |i: [usize; 2], lower: usize, upper: usize| i.iter().all(|i| (lower..upper).contains(i));
    keep_on(grid(CELLS_2D, Topology::Bounded), |i| !inside(i, 70, 150) && !inside(i, 150, 260))
}

/// A pillar along z and a bubble.
fn pillar() -> Domain<3> {
    let pillar = |i: [usize; 3]| (8..14).contains(&i[0]) && (8..20).contains(&i[1]);
    let bubble = |i: [usize; 3]| i.iter().all(|i| (22..28).contains(i));
    keep_on(grid(CELLS_3D, Topology::Bounded), |i| !pillar(i) && !bubble(i))
}

#[test]
fn threads_do_not_change_boxes_and_tori_in_2d() {
    for (shape, topology) in [("box", Topology::Bounded), ("torus", Topology::Periodic)] {
        check(shape, &Domain::full(grid(CELLS_2D, topology)));
    }
}

#[test]
fn threads_do_not_change_boxes_and_tori_in_3d() {
    for (shape, topology) in [("box", Topology::Bounded), ("torus", Topology::Periodic)] {
        check(shape, &Domain::full(grid(CELLS_3D, topology)));
    }
}

#[test]
fn threads_do_not_change_masked_domains() {
    check("masked box", &islands());
    check("masked box", &pillar());
    check_weighted(&islands());
    check_weighted(&pillar());
}
