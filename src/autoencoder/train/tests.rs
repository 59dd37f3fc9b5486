//! The gradient against finite differences.

use super::gradient::loss_and_gradient;
use super::parameters::ParameterLayout;
use super::workspace::Workspace;
use super::*;
use crate::autoencoder::Activation;

/// Loss of a batch and its gradient, the latter also by central differences.
fn compare(widths: &[usize], activations: &[Activation], tied: bool, lambda: f64) {
    let glorot = Initial::Glorot { gain: 2.0 };
    let network = Network::random(3, widths, activations, tied, glorot, 5).unwrap();
    let layout = ParameterLayout::of(&network);
    let mut flat: Vec<f64> = layout.flatten(&network);
    let mut random = Random::new(9, 1);
    flat.iter_mut().for_each(|w| *w += 0.1 * random.normal_pair()[0]);
    let input: Vec<f64> = (0..15).map(|_| random.normal_pair()[0]).collect();
    let target: Vec<f64> = (0..15).map(|_| random.normal_pair()[1]).collect();
    let mut work = Workspace::default();
    let mut gradient = vec![f64::NAN; flat.len()];
    let mut loss = |flat: &[f64], gradient: &mut [f64]| {
        let loss = loss_and_gradient(&layout, flat, &input, &target, lambda, &mut work, gradient);
        loss.reconstruction + loss.contraction
    };
    loss(&flat, &mut gradient);
    let mut unused = vec![0.0; flat.len()];
    for i in 0..flat.len() {
        let (kept, step) = (flat[i], 1e-5);
        flat[i] = kept + step;
        let above = loss(&flat, &mut unused);
        flat[i] = kept - step;
        let below = loss(&flat, &mut unused);
        flat[i] = kept;
        let difference = (above - below) / (2.0 * step);
        let miss = (gradient[i] - difference).abs();
        assert!(
            miss < 1e-7 * (1.0 + difference.abs()),
            "{activations:?} {tied} {lambda} {i}: {} {difference}",
            gradient[i]
        );
    }
}

#[test]
fn gradients_agree_with_finite_differences() {
    for activation in Activation::ALL {
        // With h″ alone there is a contraction; without it, it is refused.
        for lambda in [0.0, 0.3].into_iter().take(1 + usize::from(activation.has_second())) {
            compare(&[4], &[activation], false, lambda);
            compare(&[4], &[activation], true, lambda);
            compare(&[4, 5], &[activation, Activation::Tanh], false, lambda);
            compare(
                &[4, 5, 4],
                &[Activation::Softplus, activation, Activation::Sigmoid],
                true,
                lambda,
            );
        }
    }
}

/// The network after an epoch on so many threads; all work is large enough to be shared out.
fn trained(threads: usize, widths: &[usize], optimizer: Optimizer) -> Network {
    let glorot = Initial::Glorot { gain: 1.0 };
    let activations = vec![Activation::Sigmoid; widths.len()];
    let start = Network::random(150, widths, &activations, false, glorot, 5).unwrap();
    let mut random = Random::new(9, 1);
    let values = (0..150 * 300).map(|_| random.normal_pair()[0]).collect();
    let points = PointSet::new(150, values).unwrap();
    let settings = Settings {
        corruption: Corruption::Gaussian { sigma: 0.1 },
        contraction: 0.1,
        batch: 130,
        optimizer,
        weight_length: WeightLength::AtMost { limit: 0.9 },
        ..Settings::default()
    };
    let mut trainer = Trainer::<f32>::new(&start, settings).unwrap();
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
    pool.install(|| trainer.epoch(&points, None)).unwrap();
    trainer.network().unwrap()
}

#[test]
fn any_number_of_threads_gives_the_same_digits() {
    let adam = Optimizer::Adam { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };
    for (widths, optimizer) in
        [(&[260][..], Optimizer::Sgd { momentum: 0.5 }), (&[260], adam), (&[20, 9], adam)]
    {
        let one = trained(1, widths, optimizer);
        for threads in [2, 3] {
            let several = trained(threads, widths, optimizer);
            assert_eq!(one.layers(), several.layers(), "{widths:?} on {threads} threads");
        }
    }
}
