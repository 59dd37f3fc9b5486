//! From a gradient to new weights: the optimisers and the weight-length constraint.

use super::Real;
use super::blocks::{BLOCK, sums_of_squares, whole_columns};
use super::parameters::ParameterLayout;
use super::settings::{Optimizer, WeightLength};
use rayon::prelude::*;

/// What an optimiser remembers.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Memory<T> {
    /// The velocity (SGD) or the mean gradient (Adam).
    pub first: Vec<T>,
    /// The mean square gradient (Adam); empty for SGD.
    pub second: Vec<T>,
    /// Steps taken.
    pub steps: u64,
}

impl<T: Real> Memory<T> {
    pub fn new(optimizer: Optimizer, len: usize) -> Memory<T> {
        let zeros = |wanted: bool| vec![T::default(); if wanted { len } else { 0 }];
        let (first, second) = match optimizer {
            Optimizer::Sgd { momentum } => (momentum > 0.0, false),
            Optimizer::Adam { .. } => (true, true),
        };
        Memory { first: zeros(first), second: zeros(second), steps: 0 }
    }

    /// One step.
    pub fn step(&mut self, optimizer: Optimizer, rate: f64, gradient: &[T], flat: &mut [T]) {
        self.steps += 1;
        match optimizer {
            Optimizer::Sgd { momentum: 0.0 } => {
                let rate = T::of(rate);
                let blocks = flat.par_chunks_mut(BLOCK).zip(gradient.par_chunks(BLOCK));
                blocks.for_each(|(w, g)| {
                    w.iter_mut().zip(g).for_each(|(w, g)| *w -= rate * *g);
                });
            }
            Optimizer::Sgd { momentum } => {
                let (rate, momentum) = (T::of(rate), T::of(momentum));
                let blocks = flat.par_chunks_mut(BLOCK).zip(gradient.par_chunks(BLOCK));
                blocks.zip(self.first.par_chunks_mut(BLOCK)).for_each(|((w, g), v)| {
                    for ((w, g), v) in w.iter_mut().zip(g).zip(v) {
                        *v = momentum * *v + *g;
                        *w -= rate * *v;
                    }
                });
            }
            Optimizer::Adam { beta1, beta2, epsilon } => {
                self.adam(rate, [beta1, beta2, epsilon], gradient, flat);
            }
        }
    }

    fn adam(
        &mut self,
        rate: f64,
        [beta1, beta2, epsilon]: [f64; 3],
        gradient: &[T],
        flat: &mut [T],
    ) {
        let steps = self.steps as f64;
        let rate = T::of(rate / (1.0 - beta1.powf(steps)));
        let correction = T::of(1.0 / (1.0 - beta2.powf(steps)));
        let (rest1, rest2) = (T::of(1.0 - beta1), T::of(1.0 - beta2));
        let (beta1, beta2, epsilon) = (T::of(beta1), T::of(beta2), T::of(epsilon));
        let moments = self.first.par_chunks_mut(BLOCK).zip(self.second.par_chunks_mut(BLOCK));
        let blocks = flat.par_chunks_mut(BLOCK).zip(gradient.par_chunks(BLOCK));
        blocks.zip(moments).for_each(|((w, g), (m, v))| {
            for ((w, g), (m, v)) in w.iter_mut().zip(g).zip(m.iter_mut().zip(v)) {
                *m = beta1 * *m + rest1 * *g;
                *v = beta2 * *v + rest2 * *g * *g;
                *w -= rate * *m / ((*v * correction).root() + epsilon);
            }
        });
    }
}

/// Applies the constraint to the rows of every hidden layer and to the columns of the last.
pub(super) fn constrain<T: Real>(
    constraint: WeightLength,
    layout: &ParameterLayout,
    flat: &mut [T],
) {
    if constraint == WeightLength::Free {
        return;
    }
    let scale = |square: T| match constraint {
        WeightLength::Free => T::of(1.0),
        WeightLength::Fixed { alpha } if square.wide() > 0.0 => {
            T::of((alpha / square.wide()).sqrt())
        }
        WeightLength::AtMost { limit } if square.wide() > limit * limit => {
            T::of(limit / square.wide().sqrt())
        }
        _ => T::of(1.0),
    };
    for k in 0..layout.last() {
        let inputs = layout.shapes[k].1;
        let blocks = flat[layout.weight_range(k)].par_chunks_mut(whole_columns(inputs));
        blocks.flat_map_iter(|rows| rows.chunks_mut(inputs)).for_each(|row| {
            let factor = scale(squared_length(row));
            row.iter_mut().for_each(|w| *w *= factor);
        });
    }
    if layout.tied {
        return;
    }
    let last = layout.last();
    let units = layout.shapes[last].1;
    let decoder = &mut flat[layout.weight_range(last)];
    let factors: Vec<T> = sums_of_squares(decoder, units).into_iter().map(scale).collect();
    decoder.par_chunks_mut(whole_columns(units)).for_each(|rows| {
        for row in rows.chunks_mut(units) {
            row.iter_mut().zip(&factors).for_each(|(w, factor)| *w *= *factor);
        }
    });
}

/// |w|² with several running sums, which the compiler can keep side by side.
pub(super) fn squared_length<T: Real>(w: &[T]) -> T {
    let mut sums = [T::default(); 16];
    let (blocks, rest) = w.as_chunks::<16>();
    for block in blocks {
        for (sum, w) in sums.iter_mut().zip(block) {
            *sum += *w * *w;
        }
    }
    sums.into_iter().chain(rest.iter().map(|w| *w * *w)).sum()
}
