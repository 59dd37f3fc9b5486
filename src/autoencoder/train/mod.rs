//! Training of auto-encoders: plain, denoising, contractive, with or without a constraint on the
//! weight lengths; by stochastic gradients with momentum or by Adam.
//!
//! The gradient is our own back-propagation over faer's matrix products, checked against finite
//! differences; the contractive penalty has a closed form, which spares second derivatives.

mod blocks;
mod checkpoint;
mod contraction;
mod gradient;
mod parameters;
mod random;
mod real;
mod settings;
mod step;
#[cfg(test)]
mod tests;
mod workspace;

pub use gradient::Loss;
pub use random::Initial;
pub(super) use random::Random;
pub use real::Real;
pub use settings::{Corruption, Optimizer, Settings, WeightLength};

use super::{AutoencoderError, Network, PointSet};
use blocks::BLOCK;
use parameters::ParameterLayout;
use rayon::prelude::*;
use serde::Serialize;
use step::Memory;
use workspace::Workspace;

/// What one epoch did.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Epoch {
    /// Epochs done so far; the first is 1.
    pub epoch: usize,
    /// Mean over the samples of ½|r(x̃) − y|².
    pub reconstruction: f64,
    /// Mean over the samples of λ‖∂h/∂x̃‖²_F.
    pub contraction: f64,
}

/// A training run: weights, the state of the optimiser, and the progress.
///
/// ```
/// use hodge::autoencoder::{Activation, Network, PointSet};
/// use hodge::autoencoder::train::{Initial, Settings, Trainer};
/// let points = PointSet::new(2, (0..200).map(|i| (i as f64 * 0.7).sin()).collect())?;
/// let start = Network::random(2, &[20], &[Activation::Tanh], false, Initial::Glorot { gain: 1.0 }, 1)?;
/// let mut trainer = Trainer::<f64>::new(&start, Settings { rate: 0.05, ..Settings::default() })?;
/// let first = trainer.epoch(&points, None)?.reconstruction;
/// for _ in 0..20 { trainer.epoch(&points, None)?; }
/// assert!(trainer.epoch(&points, None)?.reconstruction < 0.1 * first);
/// let trained = trainer.network()?;
/// # assert_eq!(trained.widths(), [20]);
/// # Ok::<(), hodge::autoencoder::AutoencoderError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Trainer<T: Real> {
    layout: ParameterLayout,
    settings: Settings,
    flat: Vec<T>,
    memory: Memory<T>,
    epochs: usize,
    work: Workspace<T>,
    gradient: Vec<T>,
}

impl<T: Real> Trainer<T> {
    /// A run that starts from `network`.
    ///
    /// # Errors
    /// If a setting cannot be used; see [`Settings::check`].
    pub fn new(network: &Network, settings: Settings) -> Result<Trainer<T>, AutoencoderError> {
        settings.check()?;
        if settings.contraction > 0.0 && !network.activations().iter().all(|a| a.has_second()) {
            return Err(AutoencoderError::Setting {
                name: "contraction",
                found: settings.contraction.to_string(),
                expected: "0 with silu and gelu, whose second derivative does not follow from the first",
            });
        }
        let layout = ParameterLayout::of(network);
        let mut flat = layout.flatten(network);
        step::constrain(settings.weight_length, &layout, &mut flat);
        let memory = Memory::new(settings.optimizer, flat.len());
        let gradient = vec![T::default(); flat.len()];
        let work = Workspace::default();
        Ok(Trainer { layout, settings, flat, memory, epochs: 0, work, gradient })
    }

    /// One pass over the points in random order. With `targets`, one per point, the network learns
    /// the pairs x → y instead of reconstruction.
    ///
    /// The same settings and points give the same weights bit for bit, on any number of threads.
    ///
    /// # Errors
    /// If the points have another dimension than the network, the targets another number or
    /// dimension than the points, or the loss stops being finite.
    pub fn epoch(
        &mut self,
        points: &PointSet,
        targets: Option<&PointSet>,
    ) -> Result<Epoch, AutoencoderError> {
        self.check(points, targets)?;
        // Entered once here, so that the tasks of a batch need not wake the thread pool.
        let total = rayon::scope(|_| self.batches(points, targets));
        self.epochs += 1;
        let loss = total.reconstruction + total.contraction;
        if !loss.is_finite() {
            return Err(AutoencoderError::Diverged { epoch: self.epochs, loss });
        }
        let Loss { reconstruction, contraction } = total;
        Ok(Epoch { epoch: self.epochs, reconstruction, contraction })
    }

    /// Every batch of an epoch; the mean loss.
    fn batches(&mut self, points: &PointSet, targets: Option<&PointSet>) -> Loss {
        let mut random = Random::new(self.settings.seed, self.epochs as u64 + 1);
        let order = random.permutation(points.len());
        let rate = self.settings.rate_at(self.epochs);
        let corruption = self.settings.corruption;
        let apart = targets.is_some() || corruption != Corruption::None;
        let (mut input, mut target) = (Vec::new(), Vec::new());
        let mut total = Loss::default();
        for batch in order.chunks(self.settings.batch) {
            gather(points, batch, &mut input);
            if apart {
                gather(targets.unwrap_or(points), batch, &mut target);
                random.corrupt(corruption, &mut input);
            }
            let loss = self.batch(&input, if apart { &target } else { &input }, rate);
            let share = batch.len() as f64 / points.len() as f64;
            total.reconstruction += share * loss.reconstruction;
            total.contraction += share * loss.contraction;
        }
        total
    }

    /// Epochs done.
    pub fn epochs(&self) -> usize {
        self.epochs
    }

    /// The settings.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The current network.
    ///
    /// # Errors
    /// If a weight is no longer finite.
    pub fn network(&self) -> Result<Network, AutoencoderError> {
        self.layout.network(&self.flat)
    }

    fn batch(&mut self, input: &[T], target: &[T], rate: f64) -> Loss {
        let loss = gradient::loss_and_gradient(
            &self.layout,
            &self.flat,
            input,
            target,
            self.settings.contraction,
            &mut self.work,
            &mut self.gradient,
        );
        self.memory.step(self.settings.optimizer, rate, &self.gradient, &mut self.flat);
        step::constrain(self.settings.weight_length, &self.layout, &mut self.flat);
        loss
    }

    fn check(&self, points: &PointSet, targets: Option<&PointSet>) -> Result<(), AutoencoderError> {
        let expected = self.layout.shapes[0].1;
        for (set, what) in [(Some(points), "points"), (targets, "targets")] {
            if let Some(found) = set.map(PointSet::dimension).filter(|found| *found != expected) {
                return Err(AutoencoderError::Dimension { expected, found, what });
            }
        }
        match targets.map(PointSet::len).filter(|found| *found != points.len()) {
            Some(found) => Err(AutoencoderError::Targets { expected: points.len(), found }),
            None => Ok(()),
        }
    }
}

/// The points of a batch, one after the other.
fn gather<T: Real>(points: &PointSet, batch: &[usize], out: &mut Vec<T>) {
    let d = points.dimension();
    out.resize(batch.len() * d, T::default());
    let rows = out.par_chunks_mut(d).zip(batch).with_min_len(BLOCK.div_ceil(d));
    rows.for_each(|(row, i)| {
        row.iter_mut().zip(points.point(*i)).for_each(|(to, from)| *to = T::of(*from));
    });
}
