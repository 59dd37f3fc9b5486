//! Where fields come from: analytic cases with exact parts, auto-encoders, files.

pub mod analytic;
pub mod autoencoder;
pub mod file;

use crate::field::{Layout, VectorField};
use crate::grid::Grid;

/// A field that can be evaluated anywhere.
pub trait Source<const D: usize>: Sync {
    /// The vector at a position.
    fn velocity(&self, position: [f64; D]) -> [f64; D];

    /// The field on a grid, at the points or with each component on its own faces.
    fn sample(&self, grid: Grid<D>, layout: Layout) -> VectorField<D> {
        VectorField::sample(grid, layout, |position| self.velocity(position))
    }
}

impl<const D: usize, S: Source<D> + ?Sized> Source<D> for &S {
    fn velocity(&self, position: [f64; D]) -> [f64; D] {
        (**self).velocity(position)
    }

    fn sample(&self, grid: Grid<D>, layout: Layout) -> VectorField<D> {
        (**self).sample(grid, layout)
    }
}

/// A map r: R^D → R^D, in any dimension, with its Jacobian.
pub trait Differentiable: Sync {
    /// D.
    fn dimension(&self) -> usize;

    /// The Jacobians at points of shape (points, D): shape (points, D, D), row i, column j holding
    /// ∂r_i/∂x_j.
    fn jacobians(&self, points: &[f64]) -> Vec<f64>;

    /// J v and Jᵀ v at one point, without J where the map knows how.
    fn jacobian_products(&self, point: &[f64], v: &[f64]) -> (Vec<f64>, Vec<f64>) {
        let d = self.dimension();
        let j = self.jacobians(point);
        let dot = |row: &[f64]| row.iter().zip(v).map(|(a, b)| a * b).sum();
        let right = j.chunks(d).map(dot).collect();
        let left = (0..d).map(|i| (0..d).map(|k| j[k * d + i] * v[k]).sum()).collect();
        (right, left)
    }
}
