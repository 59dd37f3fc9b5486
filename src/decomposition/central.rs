//! Projections that are exact at the sample points.

mod modes;
mod nearest;

use super::harmonic::field_bytes;
use super::{Decompose, DecomposeError, Decomposition, InDimension, Lent, Method, lent};
use crate::boundary::Boundary;
use crate::field::{ScalarField, VectorField};
use crate::grid::{AXIS_NAMES, Domain, Grid, Location};
use crate::operator::{ByParts, Calculus};
use crate::poisson::Backend;
use modes::AxisModes;
use nearest::{Image, Nearest, Search};

/// Points along an axis up to which its eigenvectors are used: they take n² numbers and n³ steps.
const MOST: usize = 4096;

/// The nearest ∇φ, over all φ, and of what is left the nearest ⋆A, over all A that are 0 on the walls of both their axes, by
/// the differences and the trapezoid rule of [`ByParts`]. The rest is harmonic.
///
/// The sum, orthogonality, ∇·solenoidal = 0 and ∇∧gradient = 0 hold at every point to rounding for any data. The harmonic
/// part has no divergence, that of walls being taken without what flows through them, and no curl at points that are on no
/// wall of the two axes; of smooth fields on a box it is O(h²). φ and ψ take dense products with the eigenvectors of DᵀHD
/// along each axis, four of 2 n operations a point for each in 2D; in 3D A takes about 25 steps of conjugate gradients (some
/// hundred where cells are a hundred times as flat as they are wide), each with such a solve of its components.
pub struct CentralMethod<const D: usize> {
    calculus: ByParts<D>,
    modes: [AxisModes; D],
    bound: f64,
}

impl<const D: usize> CentralMethod<D> {
    /// Plans the eigenvectors of every axis, in O(n³).
    ///
    /// # Errors
    /// With a mask, a density, poles or a metric that is no product, and on axes that are too short or too long.
    pub fn new(domain: &Domain<D>) -> Result<CentralMethod<D>, DecomposeError> {
        let calculus = ByParts::new(domain.clone())?;
        let shape = domain.grid().shape();
        if let Some(k) = (0..D).find(|k| shape[*k] > MOST) {
            let (axis, found) = (AXIS_NAMES[k], shape[k]);
            return Err(DecomposeError::LongAxis { axis, found, most: MOST });
        }
        let modes = (0..D).map(|k| AxisModes::new(&calculus, k)).collect::<Option<Vec<_>>>();
        let modes = modes.ok_or(DecomposeError::Eigenvectors)?;
        let modes = modes.try_into().unwrap_or_else(|_| unreachable!("one for each axis"));
        let longest = shape.into_iter().max().unwrap_or(1);
        let bound = 1e-12 * (longest as f64 / 2048.0).max(1.0);
        Ok(CentralMethod { calculus, modes, bound })
    }

    /// Bytes besides some fields: two matrices of eigenvectors for each axis and what finding those of the longest takes, and
    /// the conjugate directions in 3D.
    pub(super) fn bytes(grid: &Grid<D>) -> f64 {
        let squares = grid.shape().map(|n| 8.0 * n as f64 * n as f64);
        let matrices =
            2.0 * squares.iter().sum::<f64>() + 5.0 * squares.into_iter().fold(0.0, f64::max);
        matrices + [0.0, 4.0][D - 2] * field_bytes(grid)
    }

    /// The nearest to a part of a field.
    fn nearest(&self, image: Image, field: &VectorField<D>, part: VectorField<D>) -> Nearest<D> {
        let search = Search { calculus: &self.calculus, modes: &self.modes, image };
        search.run(search.sizes(field), part, self.bound)
    }

    fn scalar(&self, mut values: Vec<f64>) -> ScalarField<D> {
        values.iter_mut().for_each(|v| *v *= self.calculus.unit());
        let grid = *self.calculus.domain().grid();
        ScalarField::from_values(grid, Location::CELL, values).expect("one value a point")
    }
}

impl<const D: usize> Decompose<D> for CentralMethod<D> {
    fn in_dimension(&self) -> InDimension<'_> {
        InDimension::of::<CentralMethod<2>, CentralMethod<3>>(self)
    }

    fn method(&self) -> Method {
        Method::Central
    }

    fn boundary(&self) -> Boundary {
        if self.calculus.domain().has_walls() { Boundary::NoFlux } else { Boundary::Periodic }
    }

    fn backend(&self) -> Option<Backend> {
        None
    }

    fn calculus(&self) -> &dyn Calculus<D> {
        &self.calculus
    }

    fn where_computed<'a>(&'a self, field: &'a VectorField<D>) -> Lent<'a, D> {
        lent::as_it_is(field)
    }

    fn split_into(
        &self,
        field: &VectorField<D>,
        parts: &mut Decomposition<D>,
    ) -> Result<(), DecomposeError> {
        let gradient = self.nearest(Image::Gradient, field, field.clone());
        let solenoidal = self.nearest(Image::Rotation, field, gradient.rest);
        let [potential] = gradient.potential.try_into().expect("one potential");
        parts.potential = self.scalar(potential);
        (parts.gradient, parts.solenoidal) = (gradient.part, solenoidal.part);
        parts.harmonic = solenoidal.rest;
        Ok(())
    }

    fn claimed_bound(&self) -> Option<f64> {
        Some(self.bound)
    }

    fn vector_potential(
        &self,
        parts: &Decomposition<D>,
    ) -> Result<Vec<ScalarField<D>>, DecomposeError> {
        let of = &parts.solenoidal;
        let found = self.nearest(Image::Rotation, of, of.clone());
        Ok(found.potential.into_iter().map(|values| self.scalar(values)).collect())
    }
}
