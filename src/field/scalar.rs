//! One number at every value position of one location.

use super::{FieldError, pages};
use crate::grid::{Grid, Location, unravel};
use ndarray::{ArrayViewD, IxDyn};

/// Values at one [`Location`] of a grid, x running fastest.
#[derive(Clone, Debug, PartialEq)]
pub struct ScalarField<const D: usize> {
    grid: Grid<D>,
    location: Location,
    values: Vec<f64>,
}

impl<const D: usize> ScalarField<D> {
    /// All zero.
    pub fn zeros(grid: Grid<D>, location: Location) -> ScalarField<D> {
        ScalarField { grid, location, values: pages::zeros(grid.len_at(location)) }
    }

    /// From values in storage order. Fails when their number is not that of the location.
    pub fn from_values(
        grid: Grid<D>,
        location: Location,
        values: Vec<f64>,
    ) -> Result<ScalarField<D>, FieldError> {
        if values.len() != grid.len_at(location) {
            let mut expected = grid.shape_at(location).to_vec();
            expected.reverse();
            return Err(FieldError::Shape {
                expected,
                found: vec![values.len()],
                order: "(z, y, x), flattened",
            });
        }
        Ok(ScalarField { grid, location, values })
    }

    /// Evaluates a function of position.
    pub fn sample(
        grid: Grid<D>,
        location: Location,
        f: impl Fn([f64; D]) -> f64,
    ) -> ScalarField<D> {
        let shape = grid.shape_at(location);
        let values = (0..grid.len_at(location))
            .map(|flat| f(grid.position(location, unravel(shape, flat))))
            .collect();
        ScalarField { grid, location, values }
    }

    /// The grid.
    pub fn grid(&self) -> &Grid<D> {
        &self.grid
    }

    /// Where the values sit.
    pub fn location(&self) -> Location {
        self.location
    }

    /// The values, x fastest.
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// The values for writing.
    pub fn values_mut(&mut self) -> &mut [f64] {
        &mut self.values
    }

    /// The values, given away.
    pub fn into_values(self) -> Vec<f64> {
        self.values
    }

    /// The values as an array (z, y, x) or (y, x).
    pub fn array(&self) -> ArrayViewD<'_, f64> {
        let mut shape = self.grid.shape_at(self.location).to_vec();
        shape.reverse();
        ArrayViewD::from_shape(IxDyn(&shape), &self.values).expect("one value per position")
    }

    /// self += a · other.
    pub fn add_scaled(&mut self, a: f64, other: &ScalarField<D>) {
        assert_eq!(self.location, other.location, "fields at different locations");
        for (x, y) in self.values.iter_mut().zip(&other.values) {
            *x += a * y;
        }
    }

    /// The root of the mean square of the values, without weights.
    pub fn rms(&self) -> f64 {
        let sum: f64 = self.values.iter().map(|v| v * v).sum();
        (sum / self.values.len() as f64).sqrt()
    }

    /// The largest magnitude.
    pub fn max_abs(&self) -> f64 {
        self.values.iter().fold(0.0, |m, v| m.max(v.abs()))
    }
}
