//! The promises of every method on domains drawn at random: shapes, walls, spacings, masks.
//!
//! The seed is fixed, so that failures are reproducible; proptest prints the smallest failing case,
//! and no regression file is kept. A case that once failed becomes a line of [`KNOWN`].

use crate::common::masks::random_mask;
use crate::common::{choices, random_field};
use crate::contract::{Promise, promises, promises_of_points};
use crate::potentials::curl_of;
use hodge::decomposition::{Decompose, Method};
use hodge::grid::{Axis, Domain, Grid, Topology};
use proptest::collection::vec;
use proptest::prelude::{Strategy, any};
use proptest::test_runner::{Config, RngSeed, TestCaseError, TestRunner};

const CASES: u32 = 64;
const SEED: u64 = 20_260_101;

/// What a domain and a field are made of.
#[derive(Clone, Debug)]
struct Case<const D: usize> {
    cells: [usize; D],
    /// The axes whose bits are set are bounded.
    walls: usize,
    spacing: [f64; D],
    /// The share of active cells; 1 for no mask.
    density: f64,
    seed: u64,
}

/// Shapes that are hard at the edges: one cell, one row, rings of one and two cells.
const KNOWN: [([usize; 2], usize, f64); 6] = [
    ([1, 1], 0b11, 1.0),
    ([1, 1], 0b00, 1.0),
    ([1, 9], 0b01, 1.0),
    ([2, 1], 0b00, 0.5),
    ([14, 2], 0b10, 0.5),
    ([2, 2], 0b00, 0.9),
];

fn cases<const D: usize>() -> impl Strategy<Value = Case<D>> {
    let densities = vec(0.1..1.6f64, 1).prop_map(|d| d[0].min(1.0));
    let draw = (vec(1usize..=14, D), 0..1usize << D, vec(-0.5..0.5f64, D), densities, any::<u64>());
    draw.prop_map(|(cells, walls, logarithms, density, seed)| Case {
        cells: std::array::from_fn(|k| cells[k]),
        walls,
        spacing: std::array::from_fn(|k| 10f64.powf(logarithms[k])),
        density,
        seed,
    })
}

/// The first promise that is broken.
fn check<const D: usize>(case: &Case<D>) -> Result<(), String> {
    let axes: [Axis; D] = std::array::from_fn(|k| {
        let bounded = case.walls >> k & 1 == 1;
        let topology = if bounded { Topology::Bounded } else { Topology::Periodic };
        Axis::from_start(-0.3, case.spacing[k], case.cells[k], topology)
    });
    let grid = Grid::new(axes).unwrap();
    let domain = match case.density {
        1.0 => Domain::full(grid),
        density => random_mask(grid, density, case.seed),
    };
    for choice in choices(&domain) {
        let plan = choice.plan(&domain).unwrap();
        let of_points = promises_of_points(&*plan, case.seed);
        for promise in promises(&*plan, case.seed).into_iter().chain(of_points) {
            let Promise { what, found, bound } = &promise;
            if !promise.is_kept() {
                return Err(format!("{choice}: {what} is {found:.2e} > {bound:.0e}"));
            }
        }
        let off = without_potential(&*plan, case.seed);
        if off.is_nan() || off > 1e-11 {
            return Err(format!("{choice}: the solenoidal part is no ⋆A, off by {off:.2e}"));
        }
    }
    Ok(())
}

/// What of the solenoidal part is not ⋆A, where A is computed: a harmonic field among it, which has neither divergence
/// nor curl and would break no other promise.
fn without_potential<const D: usize>(plan: &dyn Decompose<D>, seed: u64) -> f64 {
    let field = random_field(plan.calculus().domain(), plan.method().layout(), seed);
    let parts = plan.decompose(&field).unwrap();
    let potential = plan.vector_potential(&parts).unwrap();
    let domain = plan.calculus().domain();
    let back = match (D, plan.method()) {
        (3, Method::Staggered) => {
            let mut back = curl_of(domain, plan.boundary(), &potential);
            back.clear_outside(domain);
            back
        }
        _ => plan.calculus().codifferential(&potential),
    };
    back.minus(&parts.solenoidal).max_abs() / field.max_abs()
}

fn run<const D: usize>() {
    let config = Config {
        cases: CASES,
        rng_seed: RngSeed::Fixed(SEED),
        failure_persistence: None,
        ..Config::default()
    };
    let check = |case| check(&case).map_err(TestCaseError::fail);
    let found = TestRunner::new(config).run(&cases::<D>(), check);
    if let Err(failure) = found {
        panic!("{failure}");
    }
}

#[test]
fn promises_hold_on_random_domains_in_2d() {
    for (cells, walls, density) in KNOWN {
        check(&Case { cells, walls, spacing: [1.0, 0.3], density, seed: 1 }).unwrap();
    }
    run::<2>();
}

#[test]
fn promises_hold_on_random_domains_in_3d() {
    run::<3>();
}
