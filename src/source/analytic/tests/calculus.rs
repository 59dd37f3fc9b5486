//! Curl, divergence and potential by central differences of sixth order.

use super::*;

/// The step for differences along axis k.
fn step<const D: usize>(case: &dyn Case<D>, k: usize) -> f64 {
    let angles = matches!(case.space(), CaseSpace::Sphere | CaseSpace::Shell) && k < 2;
    if angles { 5e-4f64.to_degrees() } else { 5e-4 }
}

/// ∂f at a position along axis k.
fn slope<const D: usize, const M: usize>(
    case: &dyn Case<D>,
    f: &impl Fn([f64; D]) -> [f64; M],
    position: [f64; D],
    k: usize,
) -> [f64; M] {
    let step = step(case, k);
    let at = |steps: f64| {
        let mut moved = position;
        moved[k] += steps * step;
        f(moved)
    };
    let mut sum = [0.0; M];
    for (steps, weight) in [(1.0, 45.0), (2.0, -9.0), (3.0, 1.0)] {
        let (ahead, behind) = (at(steps), at(-steps));
        (0..M).for_each(|i| sum[i] += weight * (ahead[i] - behind[i]));
    }
    sum.map(|s| s / (60.0 * step))
}

/// Row k holds ∂f/∂x_k.
fn slopes<const D: usize>(
    case: &dyn Case<D>,
    f: impl Fn([f64; D]) -> [f64; D],
    position: [f64; D],
) -> [[f64; D]; D] {
    std::array::from_fn(|k| slope(case, &f, position, k))
}

/// Σ ∂_k(H f_k/h_k)/H with h the lengths of unit steps and H their product.
fn divergence<const D: usize>(
    case: &dyn Case<D>,
    f: impl Fn([f64; D]) -> [f64; D],
    position: [f64; D],
) -> f64 {
    let flux = |p| {
        let (h, v) = (lengths(case, p), f(p));
        std::array::from_fn(|k| v[k] * h.iter().product::<f64>() / h[k])
    };
    let slopes = slopes(case, flux, position);
    (0..D).map(|k| slopes[k][k]).sum::<f64>() / lengths(case, position).iter().product::<f64>()
}

/// The largest (∂_a(h_b f_b) − ∂_b(h_a f_a))/(h_a h_b).
fn curl<const D: usize>(
    case: &dyn Case<D>,
    f: impl Fn([f64; D]) -> [f64; D],
    position: [f64; D],
) -> f64 {
    let along = |p| {
        let (h, v) = (lengths(case, p), f(p));
        std::array::from_fn(|k| v[k] * h[k])
    };
    let (slopes, h) = (slopes(case, along, position), lengths(case, position));
    let pairs = (0..D).flat_map(|a| (0..a).map(move |b| (a, b)));
    largest(pairs.map(|(a, b)| (slopes[a][b] - slopes[b][a]) / (h[a] * h[b])))
}

fn check_parts<const D: usize>(case: &dyn Case<D>) {
    let positions = interior(case);
    let value = |position| case.value(position);
    let steep = |p: [f64; D]| {
        let (h, slopes) = (lengths(case, p), slopes(case, value, p));
        (0..D).flat_map(move |k| slopes[k].map(|slope| slope / h[k]))
    };
    let steepest = largest(positions.iter().flat_map(|&p| steep(p)));
    let tolerance = 1e-9 * steepest.max(1.0);
    for (boundary, parts) in every_split(case) {
        for &position in &positions {
            let gradient = |p| parts(p).gradient;
            let solenoidal = |p| parts(p).solenoidal;
            let harmonic = |p| parts(p).harmonic;
            let claims = [
                ("curl of the gradient part", curl(case, gradient, position)),
                ("divergence of the solenoidal part", divergence(case, solenoidal, position)),
                ("divergence of the harmonic part", divergence(case, harmonic, position)),
                ("curl of the harmonic part", curl(case, harmonic, position)),
            ];
            for (what, value) in claims {
                let name = case.name();
                assert!(value.abs() < tolerance, "{name} {boundary:?}: {what} {value:e}");
            }
            let split = parts(position);
            let sum: [f64; D] = std::array::from_fn(|k| {
                split.gradient[k] + split.solenoidal[k] + split.harmonic[k]
            });
            let gap = largest((0..D).map(|k| sum[k] - case.value(position)[k]));
            assert!(
                gap < 1e-12,
                "{} {boundary:?}: the parts miss the field by {gap:e}",
                case.name()
            );
        }
    }
}

#[test]
fn gradient_parts_are_curl_free_solenoidal_parts_divergence_free_harmonic_parts_both() {
    on_every_case!(check_parts);
}

fn check_potential<const D: usize>(case: &dyn Case<D>) {
    let phi = |position| [case.potential(position).expect("every case has a potential")];
    let positions = interior(case);
    let most = largest(positions.iter().flat_map(|&p| case.parts(p).gradient)).max(1.0);
    for position in positions {
        let gradient = case.parts(position).gradient;
        let h = lengths(case, position);
        let along = |k| slope(case, &phi, position, k)[0] / h[k];
        let gap = largest((0..D).map(|k| along(k) - gradient[k]));
        assert!(gap < 1e-9 * most, "{}: ∇φ misses by {gap:e}", case.name());
    }
}

#[test]
fn potentials_have_the_gradient_part_as_gradient() {
    on_every_case!(check_potential);
}

#[test]
fn divergence_of_w1_is_that_of_its_third_component() {
    let case = find_3d("W1").unwrap();
    let all: Vec<_> = interior(case).iter().map(|&p| slopes(case, |q| case.value(q), p)).collect();
    assert!(largest(all.iter().map(|s| s[0][0] + s[1][1])) < 1e-9);
    for visible in [(0, 0), (1, 1), (2, 2), (2, 0), (2, 1)] {
        assert!(largest(all.iter().map(|s| s[visible.0][visible.1])) > 1.0, "{visible:?}");
    }
}
