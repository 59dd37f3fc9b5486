//! Densities at points, on the faces.

use super::SourceError;
use crate::field::{VectorField, to_faces};
use crate::grid::Domain;
use ndarray::ArrayD;

/// The density at points with 1 outside the mask, where anything may stand.
pub(super) fn one_outside<const D: usize>(
    mut values: ArrayD<f64>,
    domain: &Domain<D>,
) -> ArrayD<f64> {
    if let Some(mask) = domain.mask() {
        for mut component in values.outer_iter_mut() {
            let outside = component.iter_mut().zip(mask).filter(|(_, on)| !**on);
            outside.for_each(|(v, _)| *v = 1.0);
        }
    }
    values
}

/// The density at points, the same for each component, on the faces.
pub(super) fn density_on_faces<const D: usize>(
    values: ArrayD<f64>,
    domain: &Domain<D>,
) -> Result<VectorField<D>, SourceError> {
    let mut values = one_outside(values, domain);
    // Interpolated as a logarithm, a density stays positive when it falls off towards a wall.
    values.mapv_inplace(f64::ln);
    let logarithm = VectorField::from_array(*domain.grid(), values.view());
    let logarithm = logarithm.map_err(SourceError::Density)?;
    let mut density = to_faces(&logarithm, domain);
    for component in density.components_mut() {
        component.values_mut().iter_mut().for_each(|v| *v = v.exp());
    }
    Ok(density)
}
