//! Leray projection in Fourier space.

use super::{Decompose, DecomposeError, Decomposition, Method, check_grid, first_bounded};
use crate::boundary::Boundary;
use crate::field::{Layout, VectorField};
use crate::grid::Domain;
use crate::operator::{Calculus, Spectral};
use crate::poisson::Backend;

/// φ̂ = −i k·v̂/|k|² for every mode the derivative sees; gradient = ∇φ; the modes it does not see
/// (the mean, and the Nyquist modes of even axes) are harmonic; the rest is solenoidal.
///
/// Exact for the Fourier derivative, for any samples on a periodic grid.
pub struct SpectralMethod<const D: usize> {
    calculus: Spectral<D>,
}

impl<const D: usize> SpectralMethod<D> {
    /// Plans the transforms. Fails where an axis is bounded or cells are masked.
    pub fn new(domain: &Domain<D>) -> Result<SpectralMethod<D>, DecomposeError> {
        let axis = first_bounded(domain.grid());
        if axis.is_some() || domain.mask().is_some() {
            return Err(DecomposeError::Walls { axis });
        }
        Ok(SpectralMethod { calculus: Spectral::new(*domain.grid()) })
    }
}

impl<const D: usize> Decompose<D> for SpectralMethod<D> {
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

    fn decompose(&self, field: &VectorField<D>) -> Result<Decomposition<D>, DecomposeError> {
        check_grid(self.calculus.domain(), field)?;
        field.check_finite()?;
        if field.layout() == Layout::Faces {
            return Err(DecomposeError::Staggered);
        }
        let mut divergence = self.calculus.divergence(field);
        divergence.values_mut().iter_mut().for_each(|d| *d = -*d);
        let potential = self.calculus.inverse_laplacian(&divergence);
        let gradient = self.calculus.gradient(&potential);
        let harmonic = self.calculus.null_modes(field);
        let mut solenoidal = field.minus(&gradient);
        solenoidal.add_scaled(-1.0, &harmonic);
        let sampling_remainder = VectorField::zeros(*field.grid(), Layout::Points);
        Ok(Decomposition {
            gradient,
            solenoidal,
            harmonic,
            potential,
            sampling_remainder,
            solves: Vec::new(),
        })
    }
}
