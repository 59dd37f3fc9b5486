//! Residuals are net fluxes and circulations over those of magnitudes, as they are summed face by face.

use crate::common::masks::{grid, keep_on, random_masks};
use crate::common::residuals::Sums;
use crate::common::{domains, random_field};
use crate::metric::random_metric;
use hodge::boundary::{Boundary, Condition};
use hodge::decomposition::{Decomposition, Method};
use hodge::diagnostic::measure;
use hodge::field::{Layout, VectorField, to_points};
use hodge::grid::{Axis, Domain, Grid, Metric, Topology};
use hodge::operator::{Calculus, Extent, Staggered, axis_pairs};
use hodge::poisson::Backend;

/// Random numbers on the faces that take part.
fn field<const D: usize>(domain: &Domain<D>, seed: u64) -> VectorField<D> {
    let mut v = random_field(domain, Layout::Faces, seed);
    v.clear_outside(domain);
    v
}

/// The largest and the root mean square over a size.
fn over(found: Extent, size: f64) -> [f64; 2] {
    [found.largest, found.rms()].map(|n| if n == 0.0 { 0.0 } else { n / size })
}

fn same(label: &str, found: [f64; 2], expected: [f64; 2]) {
    for (found, expected) in found.into_iter().zip(expected) {
        let apart = (found - expected).abs();
        assert!(apart <= 1e-12 * expected, "{label}: {found}, not {expected}");
    }
}

fn check<const D: usize>(label: &str, domain: &Domain<D>) {
    let (v, w, sums) = (field(domain, 5), field(domain, 6), Sums::new(domain));
    for boundary in Boundary::ALL {
        let calculus = Staggered::new(domain.clone(), boundary);
        let label = format!("{label} {boundary}");
        let found = over(calculus.net_fluxes(&v), calculus.largest_flux(&w));
        same(&format!("divergence, {label}"), found, sums.divergence(&v, &w));
        let free = boundary == Boundary::ZeroPotential;
        let found = over(calculus.circulations(&v), calculus.largest_circulation(&w));
        same(&format!("curl, {label}"), found, sums.curl(&v, &w, free));
    }
}

fn check_all<const D: usize>() {
    let all = domains::<D>().into_iter().chain(random_masks::<D>());
    for (seed, (label, domain)) in all.enumerate() {
        check(&label, &domain);
        let metric = random_metric(domain.grid(), 1.0, seed as u64);
        check(&format!("{label} with a metric"), &domain.with_metric(metric).unwrap());
    }
}

#[test]
fn residuals_are_those_of_cells_and_edges() {
    check_all::<2>();
    check_all::<3>();
}

/// A globe, whole and with a masked pole: the edges around a pole are one.
#[test]
fn residuals_around_poles_are_those_of_one_edge() {
    let axes = |n: usize| {
        let x = Axis::over(0.0, 360.0, 2 * n, Topology::Periodic);
        [x, Axis::over(-90.0, 90.0, n, Topology::Bounded)]
    };
    let grid = Grid::new(axes(9)).unwrap();
    let islands = [Domain::full(grid), keep_on(grid, |[x, y]| y > 0 && (x + y) % 7 > 0)];
    for domain in islands {
        let metric = Metric::sphere(domain.grid(), 2.0).unwrap();
        check("globe", &domain.with_metric(metric).unwrap());
    }
}

/// The report takes them on its walk over tiles: here of random numbers instead of parts.
fn check_report<const D: usize>(domain: &Domain<D>, boundary: Boundary) {
    let backend = domain.mask().map(|_| Backend::Multigrid);
    let plan = Method::Staggered.plan(domain, Some(boundary), backend).unwrap();
    let [v, gradient, solenoidal, harmonic] = [1, 2, 3, 4].map(|seed| field(domain, seed));
    let mut potential = Decomposition::zeros(*domain.grid(), Layout::Faces).potential;
    let numbers = random_field(domain, Layout::Points, 7);
    potential.values_mut().copy_from_slice(numbers.component(0).values());
    let zeros = Decomposition::zeros(*domain.grid(), Layout::Faces);
    let parts = Decomposition { gradient, solenoidal, harmonic, potential, ..zeros };
    let samples = to_points(&v, domain, parts.way);
    let found = measure(&*plan, &v, &samples, &parts).by_own_differences;
    let (sums, free) = (Sums::new(domain), boundary == Boundary::ZeroPotential);
    let label = format!("{:?}, {boundary}", domain.grid().shape());
    for (what, found, expected) in [
        (
            "divergence",
            [found.divergence_of_solenoidal, found.divergence_of_solenoidal_rms],
            sums.divergence(&parts.solenoidal, &v),
        ),
        (
            "curl",
            [found.curl_of_gradient, found.curl_of_gradient_rms],
            sums.curl(&parts.gradient, &v, free),
        ),
        (
            "harmonic divergence",
            [found.divergence_of_harmonic, found.divergence_of_harmonic_rms],
            sums.divergence(&parts.harmonic, &v),
        ),
        (
            "harmonic curl",
            [found.curl_of_harmonic, found.curl_of_harmonic_rms],
            sums.curl(&parts.harmonic, &v, free),
        ),
    ] {
        same(&format!("{what} on {label}"), found, expected);
    }
    let gap = gap(domain, boundary, &parts);
    same(&format!("gap on {label}"), [found.gradient_minus_grad_phi; 2], [gap; 2]);
}

/// ‖gradient − ∇φ‖/‖gradient‖; where φ is free at the walls ∇φ has no value there.
fn gap<const D: usize>(domain: &Domain<D>, boundary: Boundary, parts: &Decomposition<D>) -> f64 {
    let calculus = Staggered::new(domain.clone(), boundary);
    let mut of_potential = calculus.gradient(&parts.potential);
    if boundary.potentials().last() == Some(&Condition::Neumann) {
        calculus.set_wall_flux(&parts.gradient, &mut of_potential);
    }
    let gap = parts.gradient.minus(&of_potential);
    (calculus.inner(&gap, &gap) / calculus.inner(&parts.gradient, &parts.gradient)).sqrt()
}

/// On several tiles along every axis that has some.
#[test]
fn the_report_has_the_residuals_of_cells_and_edges() {
    let walled = &Boundary::ALL[1..4];
    for boundary in walled.iter().copied() {
        for walls in 1..4 {
            check_report(&Domain::full(grid([600, 500], walls)), boundary);
        }
        for walls in [1, 2, 4, 7] {
            check_report(&Domain::full(grid([512, 10, 35], walls)), boundary);
        }
        check_report(&keep_on(grid([600, 300], 3), |[x, y]| x + y > 200), boundary);
        check_report(&keep_on(grid([512, 10, 35], 5), |[x, _, z]| x + 5 * z > 99), boundary);
    }
}

/// With a metric fields are taken as a whole.
#[test]
fn the_report_has_the_residuals_with_a_metric() {
    for boundary in Boundary::ALL[1..4].iter().copied() {
        let domain = Domain::full(grid([30, 20], 3));
        let metric = random_metric(domain.grid(), 1.0, 3);
        check_report(&domain.with_metric(metric).unwrap(), boundary);
    }
}

/// Fourier derivatives: root mean squares over the points, by transforms of their own.
fn check_spectral<const D: usize>(size: [usize; D]) {
    let domain = Domain::full(grid(size, 0));
    let plan = Method::Spectral.plan(&domain, None, None).unwrap();
    let numbers = |seed| random_field(&domain, Layout::Points, seed);
    let [v, gradient, solenoidal, harmonic] = [1, 2, 3, 4].map(numbers);
    let zeros = Decomposition::zeros(*domain.grid(), Layout::Points);
    let parts = Decomposition { gradient, solenoidal, harmonic, ..zeros };
    let found = measure(&*plan, &v, &v, &parts).by_own_differences;
    assert!(found.divergence_of_solenoidal.is_nan() && found.curl_of_gradient.is_nan());
    assert!(found.divergence_of_harmonic.is_nan() && found.curl_of_harmonic.is_nan());
    assert!(found.gradient_minus_grad_phi.is_nan());
    let h = domain.grid().axes().map(|axis| axis.spacing);
    let points = || 0..domain.grid().cells();
    let at = |k: usize, i: usize| v.component(k).values()[i].abs();
    let flux = |i: usize| (0..D).map(|k| 2.0 * at(k, i) / h[k]).sum::<f64>();
    let largest_flux = points().map(flux).fold(0.0, f64::max);
    let pairs = axis_pairs::<D>();
    let around =
        |i: usize| pairs.iter().map(move |&(a, b)| 2.0 * (h[a] * at(a, i) + h[b] * at(b, i)));
    let largest_around = points().flat_map(around).fold(0.0, f64::max);
    let mean =
        |values: Vec<f64>| (values.iter().map(|v| v * v).sum::<f64>() / values.len() as f64).sqrt();
    let divergence = |part: &VectorField<D>| {
        mean(plan.calculus().divergence(part).values().to_vec()) / largest_flux
    };
    let curl = |part: &VectorField<D>| {
        let curls = plan.calculus().curl(part);
        let net = curls
            .iter()
            .zip(&pairs)
            .flat_map(|(curl, &(a, b))| curl.values().iter().map(move |value| value * h[a] * h[b]));
        mean(net.collect()) / largest_around
    };
    same(
        &format!("spectral {size:?}"),
        [found.divergence_of_solenoidal_rms, found.divergence_of_harmonic_rms],
        [divergence(&parts.solenoidal), divergence(&parts.harmonic)],
    );
    same(
        &format!("spectral {size:?}"),
        [found.curl_of_gradient_rms, found.curl_of_harmonic_rms],
        [curl(&parts.gradient), curl(&parts.harmonic)],
    );
}

#[test]
fn the_report_has_the_residuals_of_fourier_derivatives() {
    check_spectral([16, 31]);
    check_spectral([600, 40]);
    check_spectral([12, 9, 20]);
}

/// The claims that do not hold for random numbers along both axes or one.
fn broken(domain: &Domain<2>, backend: Backend) -> Vec<String> {
    let mut broken = Vec::new();
    for boundary in Boundary::ALL[1..4].iter().copied() {
        let plan = Method::Staggered.plan(domain, Some(boundary), Some(backend)).unwrap();
        for along in [[1.0, 1.0], [1.0, 0.0], [0.0, 1.0]] {
            let mut v = field(domain, 8);
            for (k, share) in along.into_iter().enumerate() {
                v.component_mut(k).values_mut().iter_mut().for_each(|v| *v *= share);
            }
            let samples = to_points(&v, domain, Default::default());
            let parts = plan.decompose(&v).unwrap();
            let report = measure(&*plan, &v, &samples, &parts);
            let size = domain.grid().shape();
            let large = report.claims.iter().filter(|claim| claim.value.unwrap() > 1e-12);
            broken.extend(large.map(|claim| {
                format!("{size:?} along {along:?}, {boundary}, {backend}: {}", claim.in_words())
            }));
        }
    }
    broken
}

/// Long and flat cells: the largest residuals stay rounding, whichever way the field points.
#[test]
fn claims_hold_on_long_and_flat_grids() {
    let over = |length: f64, n: usize| Axis::over(0.0, length, n, Topology::Bounded);
    let grids = [
        [over(1.0, 1100), over(1.0, 40)],
        [over(1.0, 64), over(1000.0, 64)],
        [over(300.0, 90), over(1.0, 70)],
        [over(1.0, 200), over(50.0, 1500)],
    ];
    for axes in grids {
        let found = broken(&Domain::full(Grid::new(axes).unwrap()), Backend::Transform);
        assert!(found.is_empty(), "{found:#?}");
    }
    for axes in [[over(1.0, 60), over(100.0, 60)], [over(100.0, 60), over(1.0, 60)]] {
        let hole = |[x, y]: [usize; 2]| !((20..30).contains(&x) && (10..25).contains(&y));
        let domain = keep_on(Grid::new(axes).unwrap(), hole);
        for backend in [Backend::Cholesky, Backend::Multigrid] {
            let found = broken(&domain, backend);
            assert!(found.is_empty(), "{found:#?}");
        }
    }
}
