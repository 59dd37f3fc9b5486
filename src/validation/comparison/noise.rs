//! How much shares move with noise in the samples.

use super::at_points::Weighted;
use super::{Entry, Given, parts_at_points, shares};
use crate::decomposition::DecomposeError;
use crate::diagnostic::measure;
use crate::field::VectorField;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use serde::Serialize;
use std::f64::consts::TAU;

/// What noise makes of the shares of gradient, solenoidal and harmonic part.
#[derive(Clone, Debug, Serialize)]
pub struct Spread {
    /// Standard deviation of the noise in every component.
    pub sigma: f64,
    /// Fields with noise.
    pub fields: usize,
    /// Where the noise begins.
    pub seed: u64,
    /// Mean shares of the energy of the field with noise.
    pub means: [f64; 3],
    /// Standard deviations of the shares over the fields; NaN of one field.
    pub deviations: [f64; 3],
    /// ‖with noise − without‖/‖v‖ of gradient and solenoidal part, root mean square over the fields.
    pub moved: [f64; 2],
}

/// The root of the mean square of a component of a field, at the points that take part, by the volumes of their cells.
pub fn component_rms<const D: usize>(given: &Given<'_, D>) -> f64 {
    Weighted::new(given.domain, given.samples).rms(given.samples)
}

/// Decomposes a field with Gaussian noise of standard deviation `sigma` in every component, `fields` times.
///
/// # Errors
/// If a field cannot be decomposed.
pub fn spread<const D: usize>(
    given: &Given<'_, D>,
    entry: &Entry<D>,
    (sigma, fields, seed): (f64, usize, u64),
) -> Result<Spread, DecomposeError> {
    let domain = given.domain;
    let plan = entry.candidate().plan(domain)?;
    let weighted = Weighted::new(domain, given.samples);
    let whole = weighted.energy(given.samples);
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let (mut sums, mut squares, mut moved) = ([0.0; 3], [0.0; 3], [0.0; 2]);
    for _ in 0..fields {
        let noisy = with_noise(given, sigma, &mut random);
        let parts = plan.decompose(&noisy)?;
        let shares = shares(&measure(&*plan, &noisy, &noisy, &parts));
        for (i, share) in shares.into_iter().enumerate() {
            sums[i] += share;
            squares[i] += share * share;
        }
        let parts = parts_at_points(&parts, domain);
        for i in 0..2 {
            moved[i] += weighted.energy_of_difference(&parts[i], &entry.parts[i]) / whole;
        }
    }
    let count = fields as f64;
    let means = sums.map(|sum| sum / count);
    // Rounding may leave less than nothing, and what is unknown stays so.
    let variance = |i: usize| match squares[i] / count - means[i] * means[i] {
        less if less < 0.0 => 0.0,
        variance => variance,
    };
    let unbiased = count / (count - 1.0);
    Ok(Spread {
        sigma,
        fields,
        seed,
        means,
        deviations: [0, 1, 2].map(|i| (variance(i) * unbiased).sqrt()),
        moved: moved.map(|sum| (sum / count).sqrt()),
    })
}

fn with_noise<const D: usize>(
    given: &Given<'_, D>,
    sigma: f64,
    random: &mut ChaCha8Rng,
) -> VectorField<D> {
    let mut noisy = given.samples.clone();
    for component in noisy.components_mut() {
        for (cell, value) in component.values_mut().iter_mut().enumerate() {
            // Drawn outside the mask too, so that noise does not depend on it.
            let number = normal(random);
            if given.domain.is_active(cell) {
                *value += sigma * number;
            }
        }
    }
    noisy
}

/// Standard normal (Box–Muller).
fn normal(random: &mut ChaCha8Rng) -> f64 {
    let mut uniform = || ((random.next_u64() >> 11) as f64 + 0.5) * 2.0_f64.powi(-53);
    let (radius, angle) = ((-2.0 * uniform().ln()).sqrt(), TAU * uniform());
    radius * angle.cos()
}
