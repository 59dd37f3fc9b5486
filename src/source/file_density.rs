//! Densities beside the field of a file.

use super::SourceError;
use super::density::{density_on_faces, one_outside};
use super::file::FileField;
use super::file_series::FileSeries;
use crate::field::VectorField;
use crate::grid::Domain;
use ndarray::{ArrayD, Axis};

/// The values of a sample.
fn values(density: &FileField, index: usize) -> Result<ArrayD<f64>, SourceError> {
    Ok(density.read(index.min(density.samples() - 1))?)
}

impl FileSeries {
    /// The density of a sample on the faces.
    pub(super) fn density<const D: usize>(
        &self,
        index: usize,
        domain: &Domain<D>,
    ) -> Result<Option<VectorField<D>>, SourceError> {
        let Some(density) = &self.density else { return Ok(None) };
        density_on_faces(values(density, index)?, domain).map(Some)
    }

    /// √ρ·v in place of v, where that was asked for.
    pub(super) fn times_root<const D: usize>(
        &self,
        index: usize,
        domain: &Domain<D>,
        field: &mut VectorField<D>,
    ) -> Result<(), SourceError> {
        let Some((name, density)) = &self.root_density else { return Ok(()) };
        let mut roots = one_outside(values(density, index)?, domain);
        if let Some(&found) = roots.iter().find(|v| !(**v >= 0.0 && v.is_finite())) {
            return Err(SourceError::RootDensity { name: name.clone(), found });
        }
        roots.mapv_inplace(f64::sqrt);
        for (k, component) in field.components_mut().iter_mut().enumerate() {
            let roots = roots.index_axis(Axis(0), k);
            component.values_mut().iter_mut().zip(roots).for_each(|(v, root)| *v *= root);
        }
        Ok(())
    }

    /// The units of √ρ·v, or those of v.
    pub(super) fn field_units(&self) -> String {
        let of_field = self.file.units();
        match &self.root_density {
            Some((_, density)) if density.units().is_empty() || of_field.is_empty() => {
                String::new()
            }
            Some((_, density)) => format!("({})^0.5 {of_field}", density.units()),
            None => of_field.into(),
        }
    }
}
