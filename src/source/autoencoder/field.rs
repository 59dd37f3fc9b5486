//! Networks as fields on grids: in their own 2 or 3 dimensions, or on an affine slice of many.

use super::{AutoencoderError, Network, PointSet};
use crate::field::{Layout, ScalarField, VectorField};
use crate::grid::{Grid, Location, unravel};
use crate::source::Source;
use faer::{Mat, MatRef};
use rayon::prelude::*;

/// Positions evaluated at a time when a field is sampled: bounds the memory, not the threads.
const BATCH: usize = 1 << 14;

/// The field r(x) − x of a network, as a [`Source`] on a D-dimensional grid: the network itself if
/// it has D dimensions, else its projection on an affine slice.
///
/// ```
/// use hodge::field::Layout;
/// use hodge::grid::{Axis, Grid, Topology};
/// use hodge::source::{Source, autoencoder::{Activation, AutoencoderField, Network, train::Initial}};
/// let glorot = Initial::Glorot { gain: 1.0 };
/// let network = Network::random(2, &[30], &[Activation::Sigmoid], false, glorot, 1)?;
/// let source = AutoencoderField::<2>::new(network)?;
/// let axis = Axis::over(-0.6, 0.6, 16, Topology::Bounded);
/// let field = source.sample(Grid::new([axis, axis])?, Layout::Faces);
/// assert_eq!(field.component(0).values().len(), 17 * 16);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct AutoencoderField<const D: usize> {
    network: Network,
    slice: Option<Slice<D>>,
}

/// An affine subspace x = origin + Σ s_k direction_k with orthonormal directions.
#[derive(Clone, Debug, PartialEq)]
pub struct Slice<const D: usize> {
    origin: Vec<f64>,
    directions: [Vec<f64>; D],
}

impl<const D: usize> AutoencoderField<D> {
    /// A network of D dimensions. Fails on any other.
    pub fn new(network: Network) -> Result<AutoencoderField<D>, AutoencoderError> {
        network.check_dimension(D, "grid")?;
        Ok(AutoencoderField { network, slice: None })
    }

    /// A network of any dimension on a slice; the field is projected on the slice's directions.
    /// Fails when the slice lies in another space.
    pub fn on_slice(
        network: Network,
        slice: Slice<D>,
    ) -> Result<AutoencoderField<D>, AutoencoderError> {
        network.check_dimension(slice.origin.len(), "slice")?;
        Ok(AutoencoderField { network, slice: Some(slice) })
    }

    /// The network.
    pub fn network(&self) -> &Network {
        &self.network
    }

    /// The field at positions of shape (positions, D), in the coordinates of the grid.
    pub fn at(&self, positions: &[f64]) -> Vec<f64> {
        let Some(slice) = &self.slice else { return self.network.field(positions) };
        let points: Vec<f64> = positions.chunks(D).flat_map(|s| slice.point(s)).collect();
        let field = self.network.field(&points);
        field.chunks(slice.origin.len()).flat_map(|v| slice.project(v)).collect()
    }

    /// One component of the field at its positions of a grid.
    fn component(&self, grid: Grid<D>, layout: Layout, k: usize) -> ScalarField<D> {
        let location = layout.location(k);
        let mut field = ScalarField::zeros(grid, location);
        for (batch, values) in field.values_mut().chunks_mut(BATCH).enumerate() {
            let range = batch * BATCH..batch * BATCH + values.len();
            let vectors = self.at(&positions(&grid, location, range));
            values.iter_mut().zip(vectors.chunks(D)).for_each(|(value, v)| *value = v[k]);
        }
        field
    }
}

/// Positions of consecutive values of a location, shape (values, D).
fn positions<const D: usize>(
    grid: &Grid<D>,
    location: Location,
    range: std::ops::Range<usize>,
) -> Vec<f64> {
    let shape = grid.shape_at(location);
    range.flat_map(|flat| grid.position(location, unravel(shape, flat))).collect()
}

impl<const D: usize> Source<D> for AutoencoderField<D> {
    fn velocity(&self, position: [f64; D]) -> [f64; D] {
        self.at(&position).try_into().expect("D components")
    }

    fn sample(&self, grid: Grid<D>, layout: Layout) -> VectorField<D> {
        if layout == Layout::Faces {
            let components = std::array::from_fn(|k| self.component(grid, layout, k));
            return VectorField::from_components(layout, components);
        }
        let mut field = VectorField::zeros(grid, layout);
        for start in (0..grid.cells()).step_by(BATCH) {
            let range = start..grid.cells().min(start + BATCH);
            let vectors = self.at(&positions(&grid, Location::CELL, range.clone()));
            for k in 0..D {
                let values = &mut field.component_mut(k).values_mut()[range.clone()];
                values.iter_mut().zip(vectors.chunks(D)).for_each(|(value, v)| *value = v[k]);
            }
        }
        field
    }
}

impl<const D: usize> Slice<D> {
    /// Through an origin along directions, which are made orthonormal in the order given. Fails
    /// when they have another dimension than the origin or are linearly dependent.
    pub fn new(origin: Vec<f64>, directions: [Vec<f64>; D]) -> Result<Slice<D>, AutoencoderError> {
        let expected = origin.len();
        let mut basis: [Vec<f64>; D] = std::array::from_fn(|_| Vec::new());
        for (k, direction) in directions.into_iter().enumerate() {
            if direction.len() != expected {
                let found = direction.len();
                return Err(AutoencoderError::Dimension { expected, found, what: "slice" });
            }
            let before = length(&direction);
            let mut rest = direction;
            // Twice is enough for orthogonality to rounding.
            for _ in 0..2 {
                for earlier in &basis[..k] {
                    let share = dot(&rest, earlier);
                    rest.iter_mut().zip(earlier).for_each(|(r, e)| *r -= share * e);
                }
            }
            let left = length(&rest);
            if left.is_nan() || left <= 1e-10 * before {
                return Err(AutoencoderError::DegenerateSlice { expected: D, found: k });
            }
            rest.iter_mut().for_each(|r| *r /= left);
            basis[k] = rest;
        }
        Ok(Slice { origin, directions: basis })
    }

    /// Through D + 1 points: the first is the origin, the first direction leads to the second.
    /// Fails on fewer points and on points in a smaller subspace.
    pub fn through(points: &PointSet) -> Result<Slice<D>, AutoencoderError> {
        if points.len() <= D {
            let found = points.len() - 1;
            return Err(AutoencoderError::DegenerateSlice { expected: D, found });
        }
        let origin = points.point(0).to_vec();
        let to = |k: usize| points.point(k + 1).iter().zip(&origin).map(|(a, b)| a - b).collect();
        let directions = std::array::from_fn(to);
        Slice::new(origin, directions)
    }

    /// Through the mean of a data set along its D principal directions, the strongest first.
    /// Fails when the set spans fewer. Cost: the eigenvectors of the covariance matrix.
    pub fn principal(points: &PointSet) -> Result<Slice<D>, AutoencoderError> {
        let (n, d) = (points.len(), points.dimension());
        let origin: Vec<f64> =
            (0..d).map(|i| (0..n).map(|p| points.point(p)[i]).sum::<f64>() / n as f64).collect();
        let centred: Vec<f64> = (points.values().par_chunks(d))
            .flat_map_iter(|x| x.iter().zip(&origin).map(|(x, m)| x - m).collect::<Vec<_>>())
            .collect();
        let data = MatRef::from_column_major_slice(&centred, d, n);
        let covariance: Mat<f64> = data * data.transpose();
        let eigen = covariance
            .self_adjoint_eigen(faer::Side::Lower)
            .expect("a finite covariance has eigenvectors");
        let values = eigen.S().column_vector();
        let largest = values[d - 1].max(0.0);
        let found = values.iter().filter(|v| **v > 1e-12 * largest).count();
        if found < D {
            return Err(AutoencoderError::DegenerateSlice { expected: D, found });
        }
        let vectors = eigen.U();
        let column = |k: usize| (0..d).map(|i| vectors[(i, d - 1 - k)]).collect();
        Slice::new(origin, std::array::from_fn(column))
    }

    /// The point with the given coordinates in the slice.
    pub fn point(&self, s: &[f64]) -> Vec<f64> {
        let mut x = self.origin.clone();
        for (s, direction) in s.iter().zip(&self.directions) {
            x.iter_mut().zip(direction).for_each(|(x, e)| *x += s * e);
        }
        x
    }

    /// The components of a vector along the directions.
    pub fn project(&self, v: &[f64]) -> [f64; D] {
        std::array::from_fn(|k| dot(v, &self.directions[k]))
    }

    /// Coordinates of the orthogonal projection of a point.
    pub fn coordinates(&self, x: &[f64]) -> [f64; D] {
        let offset: Vec<f64> = x.iter().zip(&self.origin).map(|(a, b)| a - b).collect();
        self.project(&offset)
    }
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

fn length(a: &[f64]) -> f64 {
    dot(a, a).sqrt()
}
