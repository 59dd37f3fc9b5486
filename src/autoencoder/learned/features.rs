//! The points of a field in the coordinates of a network, and random units there.

use crate::autoencoder::train::Random;
use crate::autoencoder::{Activation, Layer};
use crate::grid::{Domain, Location, unravel};
use faer::MatMut;
use std::ops::Range;

/// What the hidden units apply.
pub const ACTIVATION: Activation = Activation::Tanh;

/// The largest length of w, in coordinates in which every axis of the box has length 2, with free signs: the lengths of the
/// units are spread evenly below it, so that any number of them has coarse ones.
const LONGEST: f64 = 6.0;

/// The length of all w where no sign may be negative: the closest such fields have steps near the walls.
const STEEP: f64 = 16.0;

/// Points x as ξ = (x − centre)/half, with the longest half of an axis.
pub struct Points<const D: usize> {
    /// The middle of the box.
    pub centre: [f64; D],
    /// Half its longest side.
    pub half: f64,
    /// Half of each side over the longest.
    aspect: [f64; D],
    /// ξ of the points that take part, one after the other.
    pub values: Vec<f64>,
    /// Their cells.
    pub cells: Vec<usize>,
}

impl<const D: usize> Points<D> {
    /// Those of a domain.
    pub fn new(domain: &Domain<D>) -> Points<D> {
        let grid = domain.grid();
        let ends = grid.axes().each_ref().map(|axis| [axis.face(0), axis.face(axis.cells())]);
        let halves = ends.map(|[start, end]| 0.5 * (end - start));
        let half = halves.into_iter().fold(0.0, f64::max);
        let centre = ends.map(|[start, end]| 0.5 * (start + end));
        let cells: Vec<usize> = (0..grid.cells()).filter(|c| domain.is_active(*c)).collect();
        let at = |cell: &usize| {
            let x = grid.position(Location::CELL, unravel(grid.shape(), *cell));
            std::array::from_fn::<f64, D, _>(|k| (x[k] - centre[k]) / half)
        };
        let values = cells.iter().flat_map(at).collect();
        Points { centre, half, aspect: halves.map(|h| h / half), values, cells }
    }

    /// Random units for ξ: directions and centres of ridges uniform in the box stretched to a cube. The first units are
    /// the same for any number.
    pub fn units(&self, units: usize, steep: bool, seed: u64) -> Layer {
        let mut random = Random::new(seed, 0);
        let (mut weight, mut bias) = (Vec::with_capacity(D * units), Vec::with_capacity(units));
        for _ in 0..units {
            let normal = [random.normal_pair(), random.normal_pair()].concat();
            let norm = normal[..D].iter().map(|u| u * u).sum::<f64>().sqrt().max(1e-300);
            let share = random.uniform();
            let length = if steep { STEEP } else { LONGEST * share };
            let mut b = 0.0;
            for k in 0..D {
                let w = length * normal[k] / norm;
                b -= w * (2.0 * random.uniform() - 1.0);
                weight.push(w / self.aspect[k]);
            }
            bias.push(b);
        }
        Layer { weight, bias, inputs: D }
    }

    /// Writes the rows of some points, one for each component: D constants, ξ if its factor is `free`, w h(w·ξ + b) of
    /// each unit, and the right side v/scale, plus ξ if it is not.
    pub fn fill(
        &self,
        (layer, free): (&Layer, bool),
        (values, scale): (&[&[f64]; D], f64),
        range: Range<usize>,
        mut rows: MatMut<f64>,
    ) {
        let count = range.len();
        let points = &self.values[D * range.start..D * range.end];
        let first = D + usize::from(free);
        let right = first + layer.outputs();
        for k in 0..D {
            for i in 0..count {
                rows[(k * count + i, k)] = 1.0;
                let value = values[k][self.cells[range.start + i]];
                rows[(k * count + i, right)] = value / scale;
                rows[(k * count + i, if free { D } else { right })] += points[D * i + k];
            }
        }
        let (mut z, mut h, mut slope) = (vec![0.0; count], vec![0.0; count], vec![0.0; count]);
        for l in 0..layer.outputs() {
            let w = layer.row(l);
            for (z, point) in z.iter_mut().zip(points.chunks_exact(D)) {
                *z = layer.bias[l] + w.iter().zip(point).map(|(w, x)| w * x).sum::<f64>();
            }
            ACTIVATION.apply(&z, &mut h, &mut slope);
            for k in 0..D {
                (0..count).for_each(|i| rows[(k * count + i, first + l)] = w[k] * h[i]);
            }
        }
    }
}
