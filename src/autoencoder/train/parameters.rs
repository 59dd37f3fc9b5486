//! The weights of a network as one flat vector, and where each layer lies in it.

use super::Real;
use crate::autoencoder::{Activation, AutoencoderError, Layer, Network};
use faer::{MatMut, MatRef};
use std::ops::Range;

/// Where the weights and biases are stored: layer by layer, weight (out, in) row by row, then bias.
/// A tied last weight takes no space.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct ParameterLayout {
    pub shapes: Vec<(usize, usize)>,
    pub activations: Vec<Activation>,
    pub tied: bool,
    weights: Vec<Range<usize>>,
    biases: Vec<Range<usize>>,
}

impl ParameterLayout {
    pub fn of(network: &Network) -> ParameterLayout {
        let shapes: Vec<_> = network.layers().iter().map(|l| (l.outputs(), l.inputs)).collect();
        let tied = network.is_tied();
        let (mut weights, mut biases, mut end) = (Vec::new(), Vec::new(), 0);
        for (k, (rows, columns)) in shapes.iter().enumerate() {
            let stored = if tied && k + 1 == shapes.len() { 0 } else { rows * columns };
            weights.push(end..end + stored);
            biases.push(end + stored..end + stored + rows);
            end += stored + rows;
        }
        let activations = network.activations().to_vec();
        ParameterLayout { shapes, activations, tied, weights, biases }
    }

    pub fn len(&self) -> usize {
        self.biases.last().map_or(0, |b| b.end)
    }

    pub fn last(&self) -> usize {
        self.shapes.len() - 1
    }

    /// Whether layer k borrows the first weight, transposed.
    pub fn borrows(&self, k: usize) -> bool {
        self.tied && k == self.last()
    }

    pub fn weight_range(&self, k: usize) -> Range<usize> {
        self.weights[k].clone()
    }

    pub fn bias_range(&self, k: usize) -> Range<usize> {
        self.biases[k].clone()
    }

    /// The weight of layer k, (out, in).
    pub fn weight<'a, T: Real>(&self, k: usize, flat: &'a [T]) -> MatRef<'a, T> {
        if self.borrows(k) {
            return self.weight(0, flat).transpose();
        }
        let (rows, columns) = self.shapes[k];
        MatRef::from_row_major_slice(&flat[self.weight_range(k)], rows, columns)
    }

    /// The weight of layer k for writing, (out, in); for a tied last layer the first, transposed.
    pub fn weight_mut<'a, T: Real>(&self, k: usize, flat: &'a mut [T]) -> MatMut<'a, T> {
        if self.borrows(k) {
            return self.weight_mut(0, flat).transpose_mut();
        }
        let (rows, columns) = self.shapes[k];
        MatMut::from_row_major_slice_mut(&mut flat[self.weight_range(k)], rows, columns)
    }

    /// The flat vector of a network.
    pub fn flatten<T: Real>(&self, network: &Network) -> Vec<T> {
        let mut flat = Vec::with_capacity(self.len());
        for (k, layer) in network.layers().iter().enumerate() {
            if !self.borrows(k) {
                flat.extend(layer.weight.iter().map(|w| T::of(*w)));
            }
            flat.extend(layer.bias.iter().map(|b| T::of(*b)));
        }
        flat
    }

    /// The network of a flat vector. Fails on weights that are not finite.
    pub fn network<T: Real>(&self, flat: &[T]) -> Result<Network, AutoencoderError> {
        let wide = |range: Range<usize>| flat[range].iter().map(|v| v.wide()).collect::<Vec<_>>();
        let mut layers: Vec<Layer> = (self.shapes.iter().enumerate())
            .map(|(k, (_, inputs))| Layer {
                weight: wide(self.weight_range(k)),
                bias: wide(self.bias_range(k)),
                inputs: *inputs,
            })
            .collect();
        if !self.tied {
            return Network::new(layers, self.activations.clone(), false);
        }
        let last = layers.pop().expect("at least two layers");
        Network::tied(layers, last.bias, self.activations.clone())
    }
}
