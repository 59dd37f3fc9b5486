//! The fused projections of a box.

use super::Decomposition;
use crate::boundary::{Boundary, Condition};
use crate::field::{Layout, Parities, ScalarField, VectorField};
use crate::grid::{Domain, Location};
use crate::poisson::Backend;
use crate::projection::{MacProjection, ParallelProjection};

/// The projection of a convention.
pub(super) enum Fused<const D: usize> {
    NoFlux(MacProjection<D>),
    NormalParallel(ParallelProjection<D>),
}

impl<const D: usize> Fused<D> {
    /// The projection of a convention, where there is one.
    pub(super) fn new(
        domain: &Domain<D>,
        boundary: Boundary,
        backend: Backend,
    ) -> Option<Fused<D>> {
        if backend != Backend::Transform || domain.mask().is_some() {
            return None;
        }
        let axes = domain.grid().axes();
        let (shape, spacing) = (domain.grid().shape(), axes.map(|a| a.spacing));
        let topology = axes.map(|a| a.topology);
        match boundary.potentials() {
            [Condition::Neumann] => {
                Some(Fused::NoFlux(MacProjection::new(shape, spacing, topology)))
            }
            [Condition::Neumann, Condition::Dirichlet] => {
                Some(Fused::NormalParallel(ParallelProjection::new(shape, spacing, topology)))
            }
            _ => None,
        }
    }

    /// Writes the parts of a field on the faces; returns its norm and the residuals of the
    /// equations of the potentials.
    pub(super) fn project(
        &self,
        v: &VectorField<D>,
        parts: &mut Decomposition<D>,
    ) -> (f64, Vec<f64>) {
        let input = v.components().each_ref().map(|c| c.values());
        let gradient = parts.gradient.components_mut().each_mut().map(|c| c.overwrite());
        let solenoidal = parts.solenoidal.components_mut().each_mut().map(|c| c.overwrite());
        let potential = parts.potential.overwrite();
        match self {
            Fused::NoFlux(plan) => {
                let found = plan.project(input, gradient, solenoidal, potential);
                let constant = |k| {
                    let mean = Parities::constant(found.means[k]);
                    ScalarField::from_parities(*v.grid(), Location::face(k), mean)
                };
                let components = std::array::from_fn(constant);
                parts.harmonic = VectorField::from_components(Layout::Faces, components);
                (found.norm, vec![found.residual])
            }
            Fused::NormalParallel(plan) => {
                let harmonic = parts.harmonic.components_mut().each_mut().map(|c| c.overwrite());
                let found = plan.project(input, [gradient, solenoidal, harmonic], potential);
                (found.norm, found.residuals.to_vec())
            }
        }
    }
}
