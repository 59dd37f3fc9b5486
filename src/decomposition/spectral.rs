//! Leray projection in Fourier space.

use super::walls::check_domain;
use super::{Decompose, DecomposeError, Decomposition, InDimension, Method};
use crate::boundary::Boundary;
use crate::field::{Layout, Parities, ScalarField, VectorField};
use crate::grid::{Domain, Grid, Location};
use crate::operator::{Calculus, Spectral};
use crate::poisson::Backend;
use crate::projection::{LerayProjection, NullModes};

/// φ̂ = −i k·v̂/|k|² for every mode the derivative sees; gradient = ∇φ; the modes it does not see
/// (the mean, and the Nyquist modes of even axes) are harmonic; the rest is solenoidal.
///
/// Exact for the Fourier derivative, for any samples on a periodic grid.
pub struct SpectralMethod<const D: usize> {
    calculus: Spectral<D>,
    leray: LerayProjection<D>,
}

impl<const D: usize> SpectralMethod<D> {
    /// Plans the transforms.
    ///
    /// # Errors
    /// If an axis is bounded, cells are masked, or cells are not all alike.
    pub fn new(domain: &Domain<D>) -> Result<SpectralMethod<D>, DecomposeError> {
        check_domain(Method::Spectral, domain)?;
        let grid = *domain.grid();
        let leray = LerayProjection::new(grid.shape(), grid.axes().map(|a| a.spacing));
        Ok(SpectralMethod { calculus: Spectral::new(grid), leray })
    }
}

impl<const D: usize> Decompose<D> for SpectralMethod<D> {
    fn in_dimension(&self) -> InDimension<'_> {
        InDimension::of::<SpectralMethod<2>, SpectralMethod<3>>(self)
    }

    fn method(&self) -> Method {
        Method::Spectral
    }

    fn boundary(&self) -> Boundary {
        Boundary::Periodic
    }

    fn backend(&self) -> Option<Backend> {
        None
    }

    fn calculus(&self) -> &dyn Calculus<D> {
        &self.calculus
    }

    fn split_into(
        &self,
        field: &VectorField<D>,
        parts: &mut Decomposition<D>,
    ) -> Result<(), DecomposeError> {
        let modes = self.leray.project_with_potential(
            field.components().each_ref().map(|c| c.values()),
            parts.gradient.components_mut().each_mut().map(|c| c.overwrite()),
            parts.solenoidal.components_mut().each_mut().map(|c| c.overwrite()),
            parts.potential.overwrite(),
        );
        parts.harmonic = harmonic(*field.grid(), &modes);
        Ok(())
    }

    fn vector_potential(
        &self,
        parts: &Decomposition<D>,
    ) -> Result<Vec<ScalarField<D>>, DecomposeError> {
        let curls = self.calculus.curl(&parts.solenoidal);
        Ok(curls.iter().map(|curl| self.calculus.inverse_laplacian(curl)).collect())
    }
}

/// The modes without divergence and curl as a field.
fn harmonic<const D: usize>(grid: Grid<D>, modes: &NullModes<D>) -> VectorField<D> {
    let component = |k| {
        let value = |bits: usize| modes.value(k, std::array::from_fn(|axis| bits >> axis & 1));
        ScalarField::from_parities(grid, Location::CELL, Parities::new(value))
    };
    VectorField::from_components(Layout::Points, std::array::from_fn(component))
}
