//! The closest conservative networks: limits of S1 by the series of Saint-Venant torsion and by
//! `validation/reference/learned.py`, exact parts in space, and what makes an answer of least squares one.

use crate::random::Random;
use hodge::autoencoder::{Activation, Layer, LearnedMethod, Learning, Network};
use hodge::decomposition::{Decompose, DecomposeError, Decomposition, Fit, Method};
use hodge::diagnostic::measure;
use hodge::field::{Layout, ScalarField, VectorField};
use hodge::grid::{Axis, Domain, Grid, Location, Topology};
use hodge::source::Source;
use hodge::source::analytic::{find_2d, find_3d};
use serde_json::Value;
use std::f64::consts::PI;

fn stored() -> Value {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/validation/reference/learned.json");
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// The no-flux gradient part of S1: (y − x, −x − y) less rot ψ, −∇·∇ψ = −2, ψ = 0 on the walls.
fn no_flux([x, y]: [f64; 2]) -> [f64; 2] {
    let mut psi = [2.0 * x, 0.0];
    for k in (1..1000).step_by(2) {
        let q = 0.5 * PI * f64::from(k);
        let sign = if k % 4 == 1 { 1.0 } else { -1.0 };
        let a = sign * 32.0 / (PI * f64::from(k)).powi(3);
        let (far, back) = ((q * (y.abs() - 1.0)).exp(), (-2.0 * q * y.abs()).exp());
        let scale = a * q * far / (1.0 + (-2.0 * q).exp());
        psi[0] -= scale * (q * x).sin() * (1.0 + back);
        psi[1] += scale * (q * x).cos() * (1.0 - back).copysign(y);
    }
    [y - x - psi[1], -x - y + psi[0]]
}

fn s1(n: usize, learning: Learning) -> (VectorField<2>, Decomposition<2>, VectorField<2>) {
    let case = find_2d("S1").unwrap();
    let grid = case.grid([n; 2]).unwrap();
    let field = case.sample(grid, Layout::Points);
    let plan = LearnedMethod::new(&Domain::full(grid), learning).unwrap();
    let parts = plan.decompose(&field).unwrap();
    (field, parts, VectorField::sample(grid, Layout::Points, no_flux))
}

/// ‖a − b‖ on the square.
fn distance(a: &VectorField<2>, b: &VectorField<2>) -> f64 {
    2.0 * a.minus(b).rms()
}

#[test]
fn the_series_is_that_of_another_program() {
    let stored = &stored()["no_flux"];
    let pairs =
        |name: &str| -> Vec<[f64; 2]> { serde_json::from_value(stored[name].clone()).unwrap() };
    for (point, expected) in pairs("points").into_iter().zip(pairs("gradient")) {
        let found = no_flux(point);
        for k in 0..2 {
            assert!((found[k] - expected[k]).abs() < 2e-6, "{point:?}: {found:?} for {expected:?}");
        }
    }
}

#[test]
fn the_gradient_part_of_s1_is_that_of_no_flux() {
    // Without optimisation the full fit takes minutes.
    let (n, bound) = if cfg!(debug_assertions) { (32, 1.2e-2) } else { (141, 1e-3) };
    let (field, parts, exact) = s1(n, Learning::default());
    let error = distance(&parts.gradient, &exact) / distance(&exact, &exact.minus(&exact));
    assert!(error <= bound, "{error:e}");
    assert!(field.minus(&parts.sum()).max_abs() < 1e-15 * field.max_abs() * 4.0);
    let fit = parts.fit.unwrap();
    // ‖v − gradient‖² = J, over 16/3.
    let share = (2.24923223928246f64 / (16.0 / 3.0)).sqrt();
    assert!((fit.residual - share).abs() < bound * share, "{fit:?}");
    // The change from half is an estimate of the error of half, which is larger than that of all.
    assert!(fit.change_from_half > error && fit.change_from_half < 40.0 * error, "{fit:?} {error}");
}

#[test]
fn tied_networks_tend_to_the_cone_of_another_program() {
    let (n, units) = if cfg!(debug_assertions) { (40, Some(600)) } else { (100, None) };
    let (_, parts, exact) = s1(n, Learning { tied: true, units, seed: 0 });
    let (zero, stored) = (exact.minus(&exact), &stored()["cone"]);
    let found = [distance(&parts.gradient, &zero).powi(2), distance(&parts.gradient, &exact)];
    for row in stored.as_array().unwrap() {
        for (name, found) in ["energy", "distance"].into_iter().zip(found) {
            let expected = row[name].as_f64().unwrap();
            assert!((found - expected).abs() <= 0.02 * expected, "{name} {found} for {expected}");
        }
    }
}

/// The largest error of the gradient part of B7 by so many units, and the fit.
fn in_space(n: usize, units: usize) -> (f64, Fit) {
    let case = find_3d("B7").unwrap();
    let grid = case.grid([n; 3]).unwrap();
    let field = case.sample(grid, Layout::Points);
    let learning = Learning { units: Some(units), ..Learning::default() };
    let plan = LearnedMethod::new(&Domain::full(grid), learning).unwrap();
    let parts = plan.decompose(&field).unwrap();
    let exact = VectorField::sample(grid, Layout::Points, |x| case.parts(x).gradient);
    (parts.gradient.minus(&exact).rms() / exact.rms(), parts.fit.unwrap())
}

#[test]
fn fits_in_space_get_closer_with_units_and_say_how_close() {
    let (n, counts, bound) = match cfg!(debug_assertions) {
        true => (12, [40, 80, 160, 320], 8e-2),
        false => (20, [100, 200, 400, 800], 2.5e-2),
    };
    let found = counts.map(|units| in_space(n, units));
    assert!(found.windows(2).all(|pair| pair[1].0 < 0.8 * pair[0].0), "{found:?}");
    assert!(found[3].0 < bound, "{found:?}");
    for pair in found.windows(2) {
        let ([(before, _), (_, fit)], change) = ([&pair[0], &pair[1]], pair[1].1.change_from_half);
        assert!(change > 0.5 * before && change < 2.0 * before, "{before} {fit:?}");
    }
}

fn random_field<const D: usize>(grid: Grid<D>, seed: u64) -> VectorField<D> {
    let mut random = Random::new(seed);
    let component = |_| {
        let values = (0..grid.cells()).map(|_| random.next()).collect();
        ScalarField::from_values(grid, Location::CELL, values).unwrap()
    };
    VectorField::from_components(Layout::Points, std::array::from_fn::<_, D, _>(component))
}

/// A long box far from the origin, with holes.
fn masked() -> Domain<2> {
    let axes = [
        Axis::over(1000.0, 1006.0, 30, Topology::Bounded),
        Axis::over(-3.0, -1.0, 14, Topology::Bounded),
    ];
    Domain::masked(Grid::new(axes).unwrap(), (0..420).map(|cell| cell % 97 != 40).collect())
        .unwrap()
}

/// The columns of the fit in the coordinates of the network: those of the units, then constants and ξ.
fn columns(plan: &LearnedMethod<2>, domain: &Domain<2>, encoder: &Layer) -> Vec<Vec<f64>> {
    let grid = domain.grid();
    let place = |cell: usize| plan.place(grid.position(Location::CELL, [cell % 30, cell / 30]));
    let cells: Vec<usize> = (0..grid.cells()).filter(|cell| domain.is_active(*cell)).collect();
    let column = |of: &dyn Fn([f64; 2]) -> [f64; 2]| -> Vec<f64> {
        cells.iter().flat_map(|cell| of(place(*cell))).collect()
    };
    let unit = |l: usize| {
        let w = encoder.row(l);
        column(&|x| {
            let h = (w[0] * x[0] + w[1] * x[1] + encoder.bias[l]).tanh();
            [w[0] * h, w[1] * h]
        })
    };
    let more = [column(&|_| [1.0, 0.0]), column(&|_| [0.0, 1.0]), column(&|x| x)];
    (0..encoder.outputs()).map(unit).chain(more).collect()
}

/// Cosines of the columns with what is left.
fn cosines(columns: &[Vec<f64>], rest: &VectorField<2>, domain: &Domain<2>) -> Vec<f64> {
    let active = (0..domain.grid().cells()).filter(|cell| domain.is_active(*cell));
    let [u, v] = rest.components();
    let rest: Vec<f64> = active.flat_map(|cell| [u.values()[cell], v.values()[cell]]).collect();
    let product = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
    let cosine = |column: &Vec<f64>| {
        product(column, &rest) / (product(column, column) * product(&rest, &rest)).sqrt()
    };
    columns.iter().map(cosine).collect()
}

#[test]
fn what_is_left_is_orthogonal_to_every_unit_on_a_mask() {
    let domain = masked();
    let field = random_field(*domain.grid(), 5);
    let learning = Learning { units: Some(40), ..Learning::default() };
    let plan = LearnedMethod::new(&domain, learning).unwrap();
    let parts = plan.decompose(&field).unwrap();
    let network = plan.fit(&field).unwrap().unwrap().network;
    let columns = columns(&plan, &domain, &network.layers()[0]);
    let most = cosines(&columns, &parts.solenoidal, &domain)
        .into_iter()
        .fold(0.0, |m: f64, c| m.max(c.abs()));
    assert!(most < 1e-7, "{most:e}");
    // Where nothing takes part there is nothing.
    let outside = (0..420).filter(|cell| !domain.is_active(*cell));
    let values = |cell: usize| parts.gradient.component(0).values()[cell];
    assert!(outside.map(values).all(|v| v == 0.0));
    let report = measure(&plan, &field, &field, &parts);
    assert!(report.orthogonality < 1e-9 && report.claims_hold(), "{report:?}");
}

#[test]
fn no_tied_unit_is_negative_or_would_lead_closer() {
    let domain = masked();
    let field = random_field(*domain.grid(), 6);
    let plan =
        LearnedMethod::new(&domain, Learning { tied: true, units: Some(90), seed: 4 }).unwrap();
    let parts = plan.decompose(&field).unwrap();
    let network: Network = plan.fit(&field).unwrap().unwrap().network;
    assert_eq!(network.activations(), [Activation::Tanh]);
    let [encoder, decoder] = network.layers() else { panic!("one hidden layer") };
    let columns = columns(&plan, &domain, encoder);
    let cosines = cosines(&columns, &parts.solenoidal, &domain);
    let mut used = 0;
    for l in 0..90 {
        let (w, r) = (encoder.row(l), [decoder.weight[l], decoder.weight[90 + l]]);
        let e = (w[0] * r[0] + w[1] * r[1]) / (w[0] * w[0] + w[1] * w[1]);
        assert!(e >= 0.0 && cosines[l] < 1e-6, "{l}: {e} {}", cosines[l]);
        assert!(e == 0.0 || cosines[l].abs() < 1e-9, "{l}: {e} {}", cosines[l]);
        used += usize::from(e > 0.0);
    }
    assert!(cosines[90].abs() < 1e-9 && cosines[91].abs() < 1e-9);
    assert!(used > 3 && used < 60, "{used}");
    assert_eq!(parts.fit.unwrap().used, used + 2);
}

#[test]
fn the_gradient_part_is_the_slope_of_the_potential_in_its_units() {
    let axes = [
        Axis::over(5.0, 45.0, 40, Topology::Bounded),
        Axis::over(-1.0, 1.0, 40, Topology::Bounded),
    ];
    let grid = Grid::new(axes).unwrap();
    let field = VectorField::sample(grid, Layout::Points, |[x, y]| {
        [(0.1 * x).sin() + y, 3.0 * (2.0 * y).cos() - 0.1 * x]
    });
    for tied in [false, true] {
        let learning = Learning { tied, units: Some(120), seed: 1 };
        let plan = LearnedMethod::new(&Domain::full(grid), learning).unwrap();
        let parts = plan.decompose(&field).unwrap();
        let phi = parts.potential.values();
        let (mut miss, mut size) = (0.0, 0.0);
        for j in 1..39 {
            for i in 1..39 {
                let at = 40 * j + i;
                for (k, [step, h]) in [[1.0, 1.0], [40.0, 0.05]].into_iter().enumerate() {
                    let slope = (phi[at + step as usize] - phi[at - step as usize]) / (2.0 * h);
                    let found = parts.gradient.component(k).values()[at];
                    miss += (slope - found).powi(2);
                    size += found * found;
                }
            }
        }
        // Steps of tied networks are as wide as a few points.
        let bound = if tied { 6e-2f64 } else { 2e-2 };
        assert!(miss < bound.powi(2) * size, "{tied}: {}", (miss / size).sqrt());
        assert!(parts.fit.unwrap().asymmetry < 1e-9);
    }
}

#[test]
fn units_of_the_field_and_threads_do_not_matter_and_seeds_do() {
    let domain = masked();
    let field = random_field(*domain.grid(), 7);
    let split = |field: &VectorField<2>, seed: u64, threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let learning = Learning { units: Some(50), seed, tied: false };
        let plan = LearnedMethod::new(&domain, learning).unwrap();
        pool.install(|| plan.decompose(field).unwrap()).gradient
    };
    let one = split(&field, 3, 1);
    assert_eq!(one, split(&field, 3, 4));
    assert!(one.minus(&split(&field, 4, 1)).max_abs() > 1e-3);
    let mut large = field.clone();
    large
        .components_mut()
        .iter_mut()
        .for_each(|c| c.values_mut().iter_mut().for_each(|v| *v *= 3e200));
    let mut scaled = split(&large, 3, 1);
    scaled
        .components_mut()
        .iter_mut()
        .for_each(|c| c.values_mut().iter_mut().for_each(|v| *v /= 3e200));
    assert!(one.minus(&scaled).max_abs() < 1e-6 * one.max_abs());
    let tied = LearnedMethod::new(&domain, Learning { tied: true, ..Learning::default() }).unwrap();
    assert!(matches!(tied.decompose(&large), Err(DecomposeError::Extraordinary { .. })));
}

#[test]
fn what_cannot_be_fitted_is_refused() {
    let domain = |ends: Topology, n: usize| {
        let axis = Axis::over(0.0, 1.0, n, ends);
        Domain::full(Grid::new([axis, Axis::over(0.0, 1.0, 10, Topology::Bounded)]).unwrap())
    };
    let plan = |domain: &Domain<2>, units: Option<usize>| {
        LearnedMethod::new(domain, Learning { units, ..Learning::default() }).err().unwrap()
    };
    let periodic = plan(&domain(Topology::Periodic, 10), None);
    assert!(matches!(periodic, DecomposeError::NoPeriod { axis: "x", .. }));
    let thin = plan(&domain(Topology::Bounded, 3), None);
    assert!(matches!(thin, DecomposeError::FewPoints { found: 3, least: 4, .. }));
    for units in [0, 1, 51] {
        let error = plan(&domain(Topology::Bounded, 10), Some(units));
        assert!(matches!(error, DecomposeError::Units { numbers: 200, most: 50, .. }), "{error}");
    }
    let whole = domain(Topology::Bounded, 10);
    assert!(matches!(
        Method::Learned.plan(&whole, None, None),
        Err(DecomposeError::Network { .. })
    ));
    let plan = LearnedMethod::new(&whole, Learning::default()).unwrap();
    let faces = VectorField::sample(*whole.grid(), Layout::Faces, |[x, y]| [x, y]);
    assert!(matches!(plan.decompose(&faces), Err(DecomposeError::Staggered { .. })));
    let zero = VectorField::zeros(*whole.grid(), Layout::Points);
    let parts = plan.decompose(&zero).unwrap();
    assert!(parts.undivided && parts.fit.is_none() && parts.gradient.max_abs() == 0.0);
    let mut broken = zero.clone();
    broken.components_mut()[1].values_mut()[7] = f64::NAN;
    assert!(matches!(plan.decompose(&broken), Err(DecomposeError::Field(_))));
}
