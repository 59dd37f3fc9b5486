//! The potential that is 0 at the walls, from the one that is free there.

use super::MacProjection;
use super::row::add_scaled;
use crate::boundary::{Basis, Condition, basis};
use crate::grid::Topology;
use crate::machine::wide;
use crate::transform::{RealTransform, eigenvalues};
use rayon::prelude::*;
use std::f64::consts::PI;

/// The harmonic function χ with the values of φ_N on the walls: φ_D = φ_N − χ.
///
/// Its equation −∇·∇χ = b, with χ = 0 at the walls in the stencil, has a right-hand side at the cells beside walls only,
/// 2φ/h² for the value φ = φ_N − σ v h/2 that φ_N has on the wall, where σ is 1 at a lower wall and −1 at
/// an upper one. So the sine transform along the axis of the walls is an outer product,
///
/// b̂(k) = sin(π(k + 1)/2n) (L̂ + (−1)^k Û),
///
/// of the transforms L̂ and Û of both walls along the other axes. What remains is the inverse transform:
/// half of the work of another solve.
pub(super) struct Walls<const D: usize> {
    transform: RealTransform<D>,
    eigenvalues: [Vec<f64>; D],
    pairs: [Option<Pair<D>>; D],
}

/// Both walls of an axis as an array with two values along it.
struct Pair<const D: usize> {
    /// Sum and difference of the two, and the transforms along the other axes.
    transform: RealTransform<D>,
    /// sin(π(k + 1)/2n)
    weights: Vec<f64>,
}

/// L̂ + Û and L̂ − Û of every axis with walls: with the last axis fastest, but for the walls of that.
pub(super) type Spectra<const D: usize> = [Vec<f64>; D];

impl<const D: usize> Walls<D> {
    pub(super) fn new(shape: [usize; D], spacing: [f64; D], topology: [Topology; D]) -> Walls<D> {
        let bases: [Basis; D] = topology.map(|t| basis(t, Condition::Dirichlet, false));
        let pair = |k: usize| {
            let (mut two, mut bases, n) = (shape, bases, shape[k]);
            // the Fourier transform of two values is their sum and their difference
            (two[k], bases[k]) = (2, Basis::Fourier);
            let angle = |i: usize| PI * (i + 1) as f64 / (2 * n) as f64;
            let weights = (0..n).map(|i| angle(i).sin()).collect();
            Pair { transform: RealTransform::new(two, bases), weights }
        };
        Walls {
            transform: RealTransform::new(shape, bases),
            eigenvalues: std::array::from_fn(|k| eigenvalues(bases[k], shape[k], spacing[k])),
            pairs: std::array::from_fn(|k| (topology[k] == Topology::Bounded).then(|| pair(k))),
        }
    }

    /// Writes φ_D.
    pub(super) fn solve(
        &self,
        projection: &MacProjection<D>,
        input: [&[f64]; D],
        neumann: &[f64],
        spectra: &mut Spectra<D>,
        potential: &mut [f64],
    ) {
        let mut work = Vec::new();
        for (k, spectrum) in spectra.iter_mut().enumerate() {
            let Some(pair) = &self.pairs[k] else { continue };
            projection.right_hand_side_at_walls(k, input[k], neumann, &mut work);
            pair.transform.forward(&mut work);
            if k + 1 < D {
                turn(&work, self.eigenvalues[D - 1].len(), spectrum);
            } else {
                std::mem::swap(&mut work, spectrum);
            }
        }
        let spectra = &*spectra;
        self.transform.inverse_filled(
            potential,
            |index, coefficients| self.coefficients(spectra, index, coefficients),
            |first, chi| subtract_from(&neumann[first..][..chi.len()], chi),
        );
    }

    /// Those of χ in a lane of the last axis.
    fn coefficients(&self, spectra: &Spectra<D>, index: [usize; D], out: &mut [f64]) {
        let n = out.len();
        out.fill(0.0);
        for (k, pair) in self.pairs.iter().enumerate() {
            let Some(Pair { transform, weights }) = pair else { continue };
            let mut place = index;
            place[k] %= 2;
            let shape = transform.shape();
            let at = (0..D - 1).rev().fold(0, |at, k| at * shape[k] + place[k]);
            if k + 1 < D {
                add_scaled(out, weights[index[k]], &spectra[k][at * n..][..n]);
            } else {
                let (sum, difference) = spectra[k].split_at(spectra[k].len() / 2);
                add_alternating(out, weights, [sum[at], difference[at]]);
            }
        }
        let others: f64 = (0..D - 1).map(|k| self.eigenvalues[k][index[k]]).sum();
        divide_by_sums(others, &self.eigenvalues[D - 1], out);
    }
}

impl<const D: usize> MacProjection<D> {
    /// The right-hand side at the cells beside the lower and the upper wall of axis k, as an array with two values
    /// along it.
    fn right_hand_side_at_walls(&self, k: usize, v: &[f64], neumann: &[f64], out: &mut Vec<f64>) {
        let below: usize = self.shape[..k].iter().product();
        let above: usize = self.shape[k + 1..].iter().product();
        let (n, scale) = (self.shape[k], 1.0 / self.spacing[k]);
        out.resize(2 * below * above, 0.0);
        let both = out.par_chunks_exact_mut(2 * below).with_min_len(1024 / below.min(1024));
        both.enumerate().for_each(|(i, both)| {
            let (lower, upper) = both.split_at_mut(below);
            for (out, cell, face, sign) in [(lower, 0, 0, 1.0), (upper, n - 1, n, -1.0)] {
                let neumann = &neumann[(i * n + cell) * below..][..below];
                let v = &v[(i * (n + 1) + face) * below..][..below];
                for (out, (phi, v)) in out.iter_mut().zip(neumann.iter().zip(v)) {
                    *out = scale * (2.0 * scale * phi - sign * v);
                }
            }
        });
    }
}

/// Rows of a matrix to columns, `n` of them.
fn turn(rows: &[f64], n: usize, columns: &mut Vec<f64>) {
    let count = rows.len() / n;
    columns.resize(rows.len(), 0.0);
    columns.par_chunks_exact_mut(n).with_min_len(16).enumerate().for_each(|(i, column)| {
        column.iter_mut().zip(rows[i..].iter().step_by(count)).for_each(|(to, from)| *to = *from);
    });
}

wide! {
    fn subtract_from<'a>(values: &'a [f64], out: &'a mut [f64]) {
        out.iter_mut().zip(values).for_each(|(o, v)| *o = v - *o);
    }
}

wide! {
    /// Adds the weights times even at even places, times odd at odd ones.
    fn add_alternating<'a>(out: &'a mut [f64], weights: &'a [f64], pair: [f64; 2]) {
        let [even, odd] = pair;
        let ((pairs, last), (weights, weight)) = (out.as_chunks_mut::<2>(), weights.as_chunks::<2>());
        for (out, weights) in pairs.iter_mut().zip(weights) {
            out[0] += weights[0] * even;
            out[1] += weights[1] * odd;
        }
        last.iter_mut().zip(weight).for_each(|(out, weight)| *out += weight * even);
    }
}

wide! {
    /// out/(a + b) for every b, 0 where the sum is.
    fn divide_by_sums<'a>(a: f64, b: &'a [f64], out: &'a mut [f64]) {
        for (out, b) in out.iter_mut().zip(b) {
            let sum = a + b;
            *out = if sum == 0.0 { 0.0 } else { *out / sum };
        }
    }
}
