//! Loss and gradient of a batch by back-propagation.
//!
//! Matrices have a column per sample. The loss of a batch of n is
//! (1/n) Σ [½|r(x̃) − y|² + λ‖∂h/∂x̃‖²_F], with x̃ the corrupted input, y the target (the clean input
//! unless pairs are learned) and h the last hidden layer.

use super::blocks::{BLOCK, multiply, sum_columns, whole_columns};
use super::parameters::ParameterLayout;
use super::workspace::Workspace;
use super::{Real, contraction};
use faer::{Accum, MatMut, MatRef};
use rayon::prelude::*;

/// The two parts of the loss of one batch.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Loss {
    /// (1/n) Σ ½|r(x̃) − y|².
    pub reconstruction: f64,
    /// (1/n) Σ λ‖∂h/∂x̃‖²_F.
    pub contraction: f64,
}

/// The loss of a batch; `gradient`, of the same layout as `flat`, is overwritten.
pub(super) fn loss_and_gradient<T: Real>(
    layout: &ParameterLayout,
    flat: &[T],
    input: &[T],
    target: &[T],
    lambda: f64,
    work: &mut Workspace<T>,
    gradient: &mut [T],
) -> Loss {
    let samples = input.len() / layout.shapes[0].1;
    work.hidden.resize_with(layout.last(), Default::default);
    forward(layout, flat, input, samples, work);
    let bias = &flat[layout.bias_range(layout.last())];
    let reconstruction = output_error(bias, target, samples, work);
    if layout.tied {
        gradient[layout.weight_range(0)].fill(T::default());
    }
    for hidden in &mut work.hidden {
        hidden.own.clear();
    }
    // The decoder first: a tied one shares the first weight, whose gradient is added to it
    // afterwards.
    let mut penalty = 0.0;
    for k in (0..layout.shapes.len()).rev() {
        let below = if k == 0 { input } else { &work.hidden[k - 1].value };
        let shared = layout.tied && (k == 0 || k == layout.last());
        let accumulate = if shared { Accum::Add } else { Accum::Replace };
        let weight = layout.weight_mut(k, gradient);
        multiply(
            weight,
            accumulate,
            columns(&work.delta, samples),
            columns(below, samples).transpose(),
        );
        sum_columns(&work.delta, &mut gradient[layout.bias_range(k)]);
        if k == 0 {
            break;
        }
        if k == layout.last() && lambda > 0.0 {
            penalty = contraction::slopes(layout, flat, samples, lambda, work);
        }
        step_down(layout, flat, k, samples, work);
    }
    if lambda > 0.0 {
        contraction::weights(layout, flat, samples, lambda, work, gradient);
    }
    Loss { reconstruction, contraction: penalty }
}

fn forward<T: Real>(
    layout: &ParameterLayout,
    flat: &[T],
    input: &[T],
    samples: usize,
    work: &mut Workspace<T>,
) {
    for k in 0..layout.shapes.len() {
        let rows = layout.shapes[k].0;
        let below = if k == 0 { input } else { &work.hidden[k - 1].value };
        work.z.resize(rows * samples, T::default());
        let z = MatMut::from_column_major_slice_mut(&mut work.z, rows, samples);
        multiply(z, Accum::Replace, layout.weight(k, flat), columns(below, samples));
        if let Some(activation) = layout.activations.get(k) {
            let hidden = &mut work.hidden[k];
            hidden.value.resize(rows * samples, T::default());
            hidden.slope.resize(rows * samples, T::default());
            let bias = &flat[layout.bias_range(k)];
            let task = whole_columns(rows);
            let blocks = work.z.par_chunks_mut(task).zip(hidden.value.par_chunks_mut(task));
            blocks.zip(hidden.slope.par_chunks_mut(task)).for_each(|((z, value), slope)| {
                for column in z.chunks_mut(rows) {
                    column.iter_mut().zip(bias).for_each(|(z, b)| *z += *b);
                }
                T::activate(*activation, z, value, slope);
            });
        }
    }
}

/// Leaves (r − y)/n in `delta`, r being `work.z` with the bias that it still lacks.
fn output_error<T: Real>(bias: &[T], target: &[T], samples: usize, work: &mut Workspace<T>) -> f64 {
    let share = T::of(1.0 / samples as f64);
    work.delta.resize(work.z.len(), T::default());
    let task = whole_columns(bias.len());
    let blocks = work.delta.par_chunks_mut(task).zip(work.z.par_chunks(task));
    let sums: Vec<f64> = blocks
        .zip(target.par_chunks(task))
        .map(|((delta, z), target)| {
            for (delta, z) in delta.chunks_mut(bias.len()).zip(z.chunks(bias.len())) {
                delta.iter_mut().zip(z).zip(bias).for_each(|((d, z), b)| *d = *z + *b);
            }
            delta.iter_mut().zip(target).for_each(|(d, y)| *d -= *y);
            let sum = sum_of_squares(delta);
            delta.iter_mut().for_each(|d| *d *= share);
            sum
        })
        .collect();
    0.5 * sums.iter().sum::<f64>() / samples as f64
}

/// Σ v² in double precision, with several running sums, which the compiler can keep side by side.
fn sum_of_squares<T: Real>(values: &[T]) -> f64 {
    let mut sums = [0.0; 16];
    for block in values.chunks(16) {
        for (sum, v) in sums.iter_mut().zip(block) {
            *sum += v.wide() * v.wide();
        }
    }
    sums.iter().sum()
}

/// From ∂loss/∂z of layer k to that of layer k − 1.
fn step_down<T: Real>(
    layout: &ParameterLayout,
    flat: &[T],
    k: usize,
    samples: usize,
    work: &mut Workspace<T>,
) {
    let (_, inputs) = layout.shapes[k];
    work.below.resize(inputs * samples, T::default());
    let below = MatMut::from_column_major_slice_mut(&mut work.below, inputs, samples);
    let delta = columns(&work.delta, samples);
    multiply(below, Accum::Replace, layout.weight(k, flat).transpose(), delta);
    let hidden = &work.hidden[k - 1];
    let blocks = work.below.par_chunks_mut(BLOCK).zip(hidden.slope.par_chunks(BLOCK));
    blocks.for_each(|(below, slope)| below.iter_mut().zip(slope).for_each(|(b, s)| *b *= *s));
    let blocks = work.below.par_chunks_mut(BLOCK).zip(hidden.own.par_chunks(BLOCK));
    blocks.for_each(|(below, own)| below.iter_mut().zip(own).for_each(|(b, own)| *b += *own));
    std::mem::swap(&mut work.below, &mut work.delta);
}

/// A slice as a matrix of `count` columns.
pub(super) fn columns<T: Real>(values: &[T], count: usize) -> MatRef<'_, T> {
    MatRef::from_column_major_slice(values, values.len() / count, count)
}
