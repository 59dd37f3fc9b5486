//! The contractive penalty λ‖∂h/∂x‖²_F and its exact gradient, h being the last hidden layer.
//!
//! With J_k = diag(s_k) M_k, M_0 = W_0, M_k = W_k J_{k−1} and s_k the slopes, ∂h/∂x is the last J.
//! One hidden layer has the closed form λ Σ_l s_l² |w_l|², which needs no J.

use super::Real;
use super::blocks::{BLOCK, multiply, sums_of_squares, whole_columns};
use super::parameters::ParameterLayout;
use super::step::squared_length;
use super::workspace::Workspace;
use faer::{Accum, MatMut, MatRef};
use rayon::prelude::*;

/// The penalty of the batch. Its derivative with respect to every z_k goes to `hidden[k].own`.
pub(super) fn slopes<T: Real>(
    layout: &ParameterLayout,
    flat: &[T],
    samples: usize,
    lambda: f64,
    work: &mut Workspace<T>,
) -> f64 {
    if layout.last() == 1 {
        return shallow_slopes(layout, flat, samples, lambda, work);
    }
    let tangents = Tangents::new(layout, flat, samples, work);
    let sum: f64 =
        tangents.j.last().expect("a hidden layer").iter().map(|v| v.wide().powi(2)).sum();
    tangents.back(layout, flat, lambda, work, None);
    lambda * sum / samples as f64
}

/// Adds the derivative with respect to the weights of the hidden layers.
pub(super) fn weights<T: Real>(
    layout: &ParameterLayout,
    flat: &[T],
    samples: usize,
    lambda: f64,
    work: &mut Workspace<T>,
    gradient: &mut [T],
) {
    if layout.last() > 1 {
        let tangents = Tangents::new(layout, flat, samples, work);
        return tangents.back(layout, flat, lambda, work, Some(gradient));
    }
    let (units, inputs) = layout.shapes[0];
    let range = layout.weight_range(0);
    let squares = sums_of_squares(&work.hidden[0].slope, units);
    let factor = T::of(2.0 * lambda / samples as f64);
    let rows = gradient[range.clone()].par_chunks_mut(inputs).zip(flat[range].par_chunks(inputs));
    rows.zip(&squares).with_min_len(BLOCK.div_ceil(inputs)).for_each(|((g, w), square)| {
        let scale = factor * *square;
        g.iter_mut().zip(w).for_each(|(g, w)| *g += scale * *w);
    });
}

fn shallow_slopes<T: Real>(
    layout: &ParameterLayout,
    flat: &[T],
    samples: usize,
    lambda: f64,
    work: &mut Workspace<T>,
) -> f64 {
    let inputs = layout.shapes[0].1;
    let lengths: Vec<f64> =
        flat[layout.weight_range(0)].chunks(inputs).map(|w| squared_length(w).wide()).collect();
    let hidden = &mut work.hidden[0];
    let factor = lambda / samples as f64;
    let task = whole_columns(lengths.len());
    hidden.own.resize(hidden.slope.len(), T::default());
    let blocks = hidden.value.par_chunks(task).zip(hidden.slope.par_chunks(task));
    let sums: Vec<f64> = blocks
        .zip(hidden.own.par_chunks_mut(task))
        .map(|((value, slope), own)| {
            let mut sum = 0.0;
            let numbers = value.iter().zip(slope).zip(own);
            for (((h, s), own), length) in numbers.zip(lengths.iter().cycle()) {
                let (h, s) = (h.wide(), s.wide());
                sum += s * s * length;
                let second = layout.activations[0].second(h, s);
                *own = T::of(2.0 * factor * length * s * second);
            }
            sum
        })
        .collect();
    factor * sums.iter().sum::<f64>()
}

/// M_k and J_k of every hidden layer: matrices (units, inputs) for sample after sample, column by
/// column.
struct Tangents<T> {
    m: Vec<Vec<T>>,
    j: Vec<Vec<T>>,
    samples: usize,
    inputs: usize,
}

impl<T: Real> Tangents<T> {
    fn new(
        layout: &ParameterLayout,
        flat: &[T],
        samples: usize,
        work: &Workspace<T>,
    ) -> Tangents<T> {
        let inputs = layout.shapes[0].1;
        let (mut m, mut j): (Vec<Vec<T>>, Vec<Vec<T>>) = (Vec::new(), Vec::new());
        for k in 0..layout.last() {
            let rows = layout.shapes[k].0;
            let mut mk = vec![T::default(); rows * inputs * samples];
            let weight = layout.weight(k, flat);
            if k == 0 {
                for one in mk.chunks_mut(rows * inputs) {
                    MatMut::from_column_major_slice_mut(one, rows, inputs).copy_from(weight);
                }
            } else {
                let out = MatMut::from_column_major_slice_mut(&mut mk, rows, inputs * samples);
                let below = &j[k - 1];
                let units = below.len() / (inputs * samples);
                let right = MatRef::from_column_major_slice(below, units, inputs * samples);
                multiply(out, Accum::Replace, weight, right);
            }
            let mut jk = mk.clone();
            scale_rows(&mut jk, &work.hidden[k].slope, rows, inputs);
            m.push(mk);
            j.push(jk);
        }
        Tangents { m, j, samples, inputs }
    }

    /// The backward pass. Without `gradient` it fills `own`, with it it adds to the weights: the
    /// main pass needs the two at different times.
    fn back(
        &self,
        layout: &ParameterLayout,
        flat: &[T],
        lambda: f64,
        work: &mut Workspace<T>,
        mut gradient: Option<&mut [T]>,
    ) {
        let last = layout.last() - 1;
        let factor = T::of(2.0 * lambda / self.samples as f64);
        let mut g: Vec<T> = self.j[last].iter().map(|v| factor * *v).collect();
        for k in (0..=last).rev() {
            let rows = layout.shapes[k].0;
            if gradient.is_none() {
                self.own(layout, k, &g, work);
            }
            scale_rows(&mut g, &work.hidden[k].slope, rows, self.inputs);
            let directions = self.inputs * self.samples;
            let dm = MatRef::from_column_major_slice(&g, rows, directions);
            if let Some(gradient) = &mut gradient {
                self.add_weight(layout, k, dm, gradient);
            }
            if k > 0 {
                let units = layout.shapes[k].1;
                let mut below = vec![T::default(); units * directions];
                let out = MatMut::from_column_major_slice_mut(&mut below, units, directions);
                multiply(out, Accum::Replace, layout.weight(k, flat).transpose(), dm);
                g = below;
            }
        }
    }

    /// ∂penalty/∂z_k = h″ Σ_inputs g ∘ M.
    fn own(&self, layout: &ParameterLayout, k: usize, g: &[T], work: &mut Workspace<T>) {
        let rows = layout.shapes[k].0;
        let hidden = &mut work.hidden[k];
        hidden.own = vec![T::default(); rows * self.samples];
        let blocks = g.chunks(rows * self.inputs).zip(self.m[k].chunks(rows * self.inputs));
        for (sample, (g, m)) in blocks.enumerate() {
            let at = sample * rows;
            for (i, (g, m)) in g.iter().zip(m).enumerate() {
                hidden.own[at + i % rows] += *g * *m;
            }
        }
        for ((own, h), s) in hidden.own.iter_mut().zip(&hidden.value).zip(&hidden.slope) {
            *own *= T::of(layout.activations[k].second(h.wide(), s.wide()));
        }
    }

    fn add_weight(
        &self,
        layout: &ParameterLayout,
        k: usize,
        dm: MatRef<'_, T>,
        gradient: &mut [T],
    ) {
        let mut weight = layout.weight_mut(k, gradient);
        if k == 0 {
            for sample in 0..self.samples {
                let part = dm.subcols(sample * self.inputs, self.inputs);
                weight += part;
            }
            return;
        }
        let below = &self.j[k - 1];
        let units = layout.shapes[k].1;
        let right = MatRef::from_column_major_slice(below, units, self.inputs * self.samples);
        multiply(weight, Accum::Add, dm, right.transpose());
    }
}

/// Multiplies row l of sample after sample with its slope.
fn scale_rows<T: Real>(values: &mut [T], slope: &[T], rows: usize, inputs: usize) {
    for (sample, slope) in values.chunks_mut(rows * inputs).zip(slope.chunks(rows)) {
        for column in sample.chunks_mut(rows) {
            column.iter_mut().zip(slope).for_each(|(v, s)| *v *= *s);
        }
    }
}
