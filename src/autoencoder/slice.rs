//! Planes and 3D subspaces on which a field of many dimensions is shown.

use super::{AutoencoderError, PointSet};
use faer::{Mat, MatRef};
use rayon::prelude::*;

/// An affine subspace x = origin + Σ s_k direction_k with orthonormal directions.
#[derive(Clone, Debug, PartialEq)]
pub struct Slice<const D: usize> {
    origin: Vec<f64>,
    directions: [Vec<f64>; D],
}

impl<const D: usize> Slice<D> {
    /// Through an origin along directions, which are made orthonormal in the order given.
    ///
    /// # Errors
    /// If the directions have another dimension than the origin or are linearly dependent.
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
    ///
    /// # Errors
    /// If there are fewer points, or they lie in a smaller subspace.
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

    /// Through the mean of a data set along its D principal directions, the strongest first. Cost:
    /// the eigenvectors of the covariance matrix.
    ///
    /// # Errors
    /// If the points span fewer than D dimensions.
    #[expect(
        clippy::missing_panics_doc,
        reason = "the covariance of finite points is symmetric and finite"
    )]
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

    /// The point with coordinates 0.
    pub fn origin(&self) -> &[f64] {
        &self.origin
    }

    /// The orthonormal directions of its axes.
    pub fn directions(&self) -> &[Vec<f64>; D] {
        &self.directions
    }

    /// Dimension of the space that the slice lies in.
    pub fn dimension(&self) -> usize {
        self.origin.len()
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
