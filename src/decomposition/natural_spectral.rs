//! The decomposition in free space of point samples that vanish at the edge of the box.

use super::walls::check_domain;
use super::{Decompose, DecomposeError, Decomposition, InDimension, Law, Method};
use crate::boundary::Boundary;
use crate::field::{Layout, ScalarField, VectorField, max_or_nan};
use crate::grid::{Domain, Grid, Location, unravel};
use crate::operator::{Calculus, Collocated, axis_pairs};
use crate::poisson::Backend;
use crate::projection::FreeSpaceProjection;

/// What a value at the edge may be of the largest: a jump to 0 outside is a source.
const EDGE: f64 = 1e-10;

const DERIVATIVE: &str = "Fourier derivative of the field continued by 0";

/// As [`NaturalMethod`](super::NaturalMethod), with Fourier derivatives of the field continued by 0 and a cut-off Green
/// function: exact to rounding for fields that vanish at the edge and are resolved, and refused for others.
///
/// The parts do not vanish at the edge and have no Fourier derivative on the box, so that nothing is claimed but the sum;
/// central differences see their laws up to O(h²).
pub struct NaturalSpectralMethod<const D: usize> {
    calculus: Collocated<D>,
    projection: FreeSpaceProjection<D>,
}

impl<const D: usize> NaturalSpectralMethod<D> {
    /// Plans the transforms.
    ///
    /// # Errors
    /// If an axis is periodic, cells are masked, or cells are not all alike.
    pub fn new(domain: &Domain<D>) -> Result<NaturalSpectralMethod<D>, DecomposeError> {
        check_domain(Method::NaturalSpectral, domain)?;
        let grid = *domain.grid();
        let projection = FreeSpaceProjection::new(grid.shape(), grid.axes().map(|a| a.spacing));
        Ok(NaturalSpectralMethod { calculus: Collocated::instead_of(DERIVATIVE, grid), projection })
    }

    /// Bytes that a plan keeps and works with.
    pub(super) fn bytes(grid: &Grid<D>) -> f64 {
        FreeSpaceProjection::bytes(grid.shape(), grid.axes().map(|axis| axis.spacing))
    }

    fn scalar(&self, values: Vec<f64>) -> ScalarField<D> {
        let grid = *self.calculus.domain().grid();
        ScalarField::from_values(grid, Location::CELL, values).expect("a value at each point")
    }

    fn vector(&self, components: [Vec<f64>; D]) -> VectorField<D> {
        VectorField::from_components(Layout::Points, components.map(|c| self.scalar(c)))
    }
}

/// Refuses a field that does not vanish in the outermost points.
fn check_edge<const D: usize>(field: &VectorField<D>) -> Result<(), DecomposeError> {
    let shape = field.grid().shape();
    let at_edge = |flat: usize| {
        let index = unravel(shape, flat);
        (0..D).any(|k| index[k] == 0 || index[k] + 1 == shape[k])
    };
    let mut edge = 0.0;
    for component in field.components() {
        let values = component.values().iter().enumerate().filter(|(flat, _)| at_edge(*flat));
        edge = values.fold(edge, |most, (_, value)| max_or_nan(most, value.abs()));
    }
    let largest = field.max_abs();
    if edge > EDGE * largest {
        return Err(DecomposeError::NotVanishing { edge: edge / largest, allowed: EDGE });
    }
    Ok(())
}

impl<const D: usize> Decompose<D> for NaturalSpectralMethod<D> {
    fn in_dimension(&self) -> InDimension<'_> {
        InDimension::of::<NaturalSpectralMethod<2>, NaturalSpectralMethod<3>>(self)
    }

    fn method(&self) -> Method {
        Method::NaturalSpectral
    }

    fn boundary(&self) -> Boundary {
        Boundary::FreeSpace
    }

    fn backend(&self) -> Option<Backend> {
        None
    }

    fn calculus(&self) -> &dyn Calculus<D> {
        &self.calculus
    }

    fn claims(&self, law: Law) -> bool {
        law == Law::Sum
    }

    fn split_into(
        &self,
        field: &VectorField<D>,
        parts: &mut Decomposition<D>,
    ) -> Result<(), DecomposeError> {
        check_edge(field)?;
        let found = self.projection.split(field.components().each_ref().map(|c| c.values()));
        parts.gradient = self.vector(found.gradient);
        parts.solenoidal = self.vector(found.solenoidal);
        parts.potential = self.scalar(found.potential);
        parts.harmonic = field.minus(&parts.gradient);
        parts.harmonic.add_scaled(-1.0, &parts.solenoidal);
        Ok(())
    }

    /// From the sum of the parts, whose curl vanishes at the edge.
    fn vector_potential(
        &self,
        parts: &Decomposition<D>,
    ) -> Result<Vec<ScalarField<D>>, DecomposeError> {
        let field = parts.sum();
        let components = field.components().each_ref().map(|c| c.values());
        let of_pair = |pair| self.scalar(self.projection.vector_potential(components, pair));
        Ok(axis_pairs::<D>().into_iter().map(of_pair).collect())
    }
}
