//! What is exactly known of auto-encoders.

use hodge::autoencoder::conservativeness::{Symmetry, hutchinson, measure};
use hodge::autoencoder::train::Initial;
use hodge::autoencoder::{
    Activation, AutoencoderError, Differentiable, Layer, Network, PointSet, RidgeSplit, Slice,
    Verdict,
};
use hodge::field::Layout;
use hodge::grid::{Axis, Grid, Topology};
use hodge::source::{AutoencoderField, Source};

const GLOROT: Initial = Initial::Glorot { gain: 2.0 };

/// A network with biases that are not zero.
fn network(d: usize, widths: &[usize], activation: Activation) -> Network {
    let net =
        Network::random(d, widths, &vec![activation; widths.len()], false, GLOROT, 3).unwrap();
    let mut layers = net.layers().to_vec();
    for layer in &mut layers {
        layer.bias.iter_mut().enumerate().for_each(|(i, b)| *b = 0.3 * (i as f64).cos());
    }
    Network::new(layers, net.activations().to_vec(), false).unwrap()
}

fn points(d: usize, count: usize) -> Vec<f64> {
    (0..count * d).map(|i| (1.7 * i as f64 + 0.3).sin()).collect()
}

fn one_layer(w: [f64; 4], b: [f64; 2], r: [f64; 4]) -> Network {
    let encoder = Layer { weight: w.to_vec(), bias: b.to_vec(), inputs: 2 };
    let decoder = Layer { weight: r.to_vec(), bias: vec![0.0; 2], inputs: 2 };
    Network::new(vec![encoder, decoder], vec![Activation::Sigmoid], false).unwrap()
}

#[test]
fn the_ridge_split_is_exact_in_every_dimension_for_every_activation() {
    for d in [2, 3, 6] {
        for activation in Activation::ALL {
            let net = network(d, &[40], activation);
            let split = RidgeSplit::new(&net).unwrap();
            let x = points(d, 7);
            let (field, gradient, rest) = (net.field(&x), split.gradient(&x), split.solenoidal(&x));
            for i in 0..x.len() {
                assert!((field[i] - gradient[i] - rest[i]).abs() < 1e-12);
            }
            let identity = |i: usize| if i.is_multiple_of(d + 1) { 1.0 } else { 0.0 };
            for x in x.chunks(d) {
                let along = split.gradient_network().jacobian(x);
                let across = split.solenoidal_network().jacobian(x);
                assert!(Symmetry::of(d, &along).curl_squared.sqrt() < 1e-12, "{d} {activation}");
                assert!(Symmetry::of(d, &across).trace.abs() < 1e-12, "{d} {activation}");
                let whole = net.jacobian(x);
                for i in 0..d * d {
                    let sum = along[i] - identity(i) + across[i];
                    assert!((whole[i] - identity(i) - sum).abs() < 1e-12, "{d} {activation}");
                }
                for i in 0..d {
                    let shifted = |h: f64| {
                        let mut y = x.to_vec();
                        y[i] += h;
                        split.potential(&y)
                    };
                    let slope = (shifted(1e-5) - shifted(-1e-5)) / 2e-5;
                    let exact = split.gradient(x)[i];
                    let bound = if activation == Activation::Relu { 1e-4 } else { 1e-8 };
                    assert!((slope - exact).abs() < bound, "{d} {activation}: {slope} {exact}");
                }
            }
        }
    }
}

#[test]
fn the_stream_function_gives_the_solenoidal_part() {
    let split = RidgeSplit::new(&network(2, &[30], Activation::Tanh)).unwrap();
    let (x, y, h) = (0.3, -0.8, 1e-5);
    let psi = |x: f64, y: f64| split.stream_function(&[x, y]).unwrap();
    let s = split.solenoidal(&[x, y]);
    assert!(((psi(x, y + h) - psi(x, y - h)) / (2.0 * h) - s[0]).abs() < 1e-8);
    assert!(((psi(x + h, y) - psi(x - h, y)) / (2.0 * h) + s[1]).abs() < 1e-8);
}

#[test]
fn jacobians_and_their_products_agree_with_differences() {
    for (d, widths) in
        [(2, vec![50]), (3, vec![33]), (5, vec![20]), (2, vec![9, 8]), (4, vec![7, 6, 5])]
    {
        for activation in Activation::ALL {
            let net = network(d, &widths, activation);
            let x = points(d, 3);
            let all = net.evaluate(&x, true);
            assert_eq!(all.reconstruction, net.reconstruct(&x));
            for (p, x) in x.chunks(d).enumerate() {
                let j = &all.jacobian[p * d * d..][..d * d];
                let v: Vec<f64> = (0..d).map(|i| 1.0 - i as f64).collect();
                let (right, left) = net.jacobian_products(x, &v);
                for i in 0..d {
                    let jv: f64 = (0..d).map(|k| j[i * d + k] * v[k]).sum();
                    let vj: f64 = (0..d).map(|k| j[k * d + i] * v[k]).sum();
                    assert!((right[i] - jv).abs() < 1e-12 && (left[i] - vj).abs() < 1e-12);
                    let shifted = |h: f64| {
                        let mut y = x.to_vec();
                        y[i] += h;
                        net.reconstruct(&y)
                    };
                    let (above, below) = (shifted(1e-6), shifted(-1e-6));
                    for k in 0..d {
                        let slope = (above[k] - below[k]) / 2e-6;
                        assert!((j[k * d + i] - slope).abs() < 1e-7, "{d} {widths:?} {activation}");
                    }
                }
            }
        }
    }
}

#[test]
fn the_fused_loop_agrees_with_matrix_products() {
    for activation in Activation::ALL {
        let net = network(2, &[37], activation);
        let x = points(2, 1030);
        let fast = net.evaluate(&x, true);
        for (p, x) in x.chunks(2).enumerate().step_by(97) {
            let (h, slope) = net.hidden(x);
            let [w, r] = net.layers() else { unreachable!() };
            for i in 0..2 {
                let sum: f64 = (0..37).map(|l| r.weight[i * 37 + l] * h[l]).sum();
                assert!((fast.reconstruction[2 * p + i] - sum - r.bias[i]).abs() < 1e-12);
                for j in 0..2 {
                    let sum: f64 = (0..37)
                        .map(|l| r.weight[i * 37 + l] * slope[l] * w.weight[2 * l + j])
                        .sum();
                    assert!((fast.jacobian[4 * p + 2 * i + j] - sum).abs() < 1e-12);
                }
            }
        }
    }
}

#[test]
fn symmetric_weight_products_prove_nothing() {
    // W Rᵀ = R Wᵀ exactly, and yet the field has a curl of 0.145 at the origin.
    let net = one_layer([1.0, 0.0, 0.0, 1.0], [0.0, 2.0], [0.0, 1.0, 1.0, 0.0]);
    let score = Symmetry::of(2, &net.jacobian(&[0.0, 0.0]));
    assert!((score.curl_squared.sqrt() - 0.145_006_41).abs() < 1e-8, "{score:?}");
    assert!((score.sym_map - 0.857).abs() < 5e-4, "{score:?}");
    assert!((score.sym_map + score.nasym - 1.0).abs() < 1e-15);
    let (conditions, verdict) = net.verdict(&[0.0, 0.0], 1e-9).unwrap();
    assert_eq!(verdict, Verdict::NotShown);
    assert!((conditions[0].e_residual - 1.0).abs() < 1e-12);
    assert!(net.energy(1e-9).is_none());
}

#[test]
fn parallel_weights_are_conservative_everywhere_with_an_energy() {
    let net = one_layer([1.0, 0.5, -0.3, 1.0], [0.0, 2.0], [2.0, 0.9, 1.0, -3.0]);
    let x = points(2, 5);
    let (conditions, verdict) = net.verdict(&x, 1e-9).unwrap();
    assert_eq!(verdict, Verdict::Conservative);
    assert!(conditions.iter().all(|c| c.e_residual < 1e-14));
    assert!(measure(&net, &x).curl_rms < 1e-14);
    let energy = net.energy(1e-9).unwrap();
    let h = 1e-5;
    for x in x.chunks(2) {
        let slope = (energy.at(&[x[0] + h, x[1]]) - energy.at(&[x[0] - h, x[1]])) / (2.0 * h);
        assert!((slope - net.field(x)[0]).abs() < 1e-9);
    }
}

#[test]
fn the_first_condition_holds_at_its_own_point_only() {
    // R = C Ŵ(x₀) with Ŵ = W diag(h′(z(x₀))) and C = ŴŴᵀ, which commutes with itself.
    let free = network(2, &[12], Activation::Sigmoid);
    let (_, slope) = free.hidden(&[0.2, -0.1]);
    let encoder = &free.layers()[0];
    let hat = |i: usize, l: usize| encoder.weight[2 * l + i] * slope[l];
    let a = |i: usize, j: usize| (0..12).map(|l| hat(i, l) * hat(j, l)).sum::<f64>();
    let c = [a(0, 0), a(0, 1), a(1, 0), a(1, 1)];
    let weight =
        (0..24).map(|at| c[at / 12 * 2] * hat(0, at % 12) + c[at / 12 * 2 + 1] * hat(1, at % 12));
    let decoder = Layer { weight: weight.collect(), bias: vec![0.0; 2], inputs: 12 };
    let net =
        Network::new(vec![encoder.clone(), decoder], vec![Activation::Sigmoid], false).unwrap();
    let (conditions, verdict) = net.verdict(&[0.2, -0.1], 1e-9).unwrap();
    assert_eq!(verdict, Verdict::SymmetricAtThePoints, "{conditions:?}");
    assert!(conditions[0].e_residual > 0.1);
    assert!(Symmetry::of(2, &net.jacobian(&[0.2, -0.1])).curl_squared.sqrt() < 1e-13);
    let elsewhere = [2.0, 1.5];
    assert!(Symmetry::of(2, &net.jacobian(&elsewhere)).curl_squared.sqrt() > 1e-3);
    assert_eq!(net.verdict(&elsewhere, 1e-9).unwrap().1, Verdict::NotShown);
}

#[test]
fn hutchinson_agrees_with_the_exact_curl_within_its_error() {
    let net = network(40, &[60], Activation::Sigmoid);
    let x = points(40, 50);
    let exact = measure(&net, &x).curl_rms.powi(2);
    let estimate = hutchinson(&net, &x, 20, 7).curl_squared;
    assert!((estimate.mean - exact).abs() < 5.0 * estimate.standard_error, "{exact} {estimate:?}");
    assert!(estimate.standard_error < 0.05 * exact);
    let single = hutchinson(&net, &x[..40], 400, 7).curl_squared;
    let exact = measure(&net, &x[..40]).curl_rms.powi(2);
    assert!((single.mean - exact).abs() < 5.0 * single.standard_error);
}

#[test]
fn sampling_on_a_grid_and_on_a_slice_is_evaluation_at_the_positions() {
    let axis = |n| Axis::over(-0.6, 0.7, n, Topology::Bounded);
    let grid = Grid::new([axis(9), axis(7)]).unwrap();
    let net = network(2, &[20], Activation::Softplus);
    let source = AutoencoderField::<2>::new(net.clone()).unwrap();
    for layout in [Layout::Points, Layout::Faces] {
        let field = source.sample(grid, layout);
        let at = grid.position(layout.location(1), [4, 5]);
        let stored = field.component(1).array()[[5, 4]];
        assert!((stored - net.field(&at)[1]).abs() < 1e-12);
    }
    assert!(AutoencoderField::<3>::new(net).is_err());

    let high = network(6, &[20], Activation::Tanh);
    let corners = PointSet::new(6, points(6, 3)).unwrap();
    let slice = Slice::<2>::through(&corners).unwrap();
    let back = slice.coordinates(corners.point(2));
    let there = slice.point(&back);
    assert!(there.iter().zip(corners.point(2)).all(|(a, b)| (a - b).abs() < 1e-12));
    let field = AutoencoderField::on_slice(high.clone(), slice.clone()).unwrap();
    let v = field.value([0.4, -0.2]);
    let full = high.field(&slice.point(&[0.4, -0.2]));
    assert_eq!(v, slice.project(&full));
    let same = PointSet::new(6, points(6, 1).repeat(3)).unwrap();
    assert!(matches!(Slice::<2>::through(&same), Err(AutoencoderError::DegenerateSlice { .. })));
}

#[test]
fn principal_directions_follow_the_spread() {
    let values: Vec<f64> = (0..300)
        .flat_map(|i| {
            let t = i as f64;
            [1.0 + 3.0 * t.sin(), 2.0, (2.0 * t + 1.0).sin(), 0.01 * (3.0 * t).cos()]
        })
        .collect();
    let slice = Slice::<2>::principal(&PointSet::new(4, values).unwrap()).unwrap();
    let first = slice.project(&[1.0, 0.0, 0.0, 0.0]);
    let second = slice.project(&[0.0, 0.0, 1.0, 0.0]);
    assert!(first[0].abs() > 0.99 && second[1].abs() > 0.99, "{first:?} {second:?}");
}
