//! Energies at the points.

use crate::diagnostic::PartErrors;
use crate::field::VectorField;
use crate::grid::Domain;

/// The volumes of the cells, 0 outside the mask; `None` where all cells are alike.
pub(super) struct Weighted(Option<Vec<f64>>);

impl Weighted {
    pub fn new<const D: usize>(domain: &Domain<D>) -> Weighted {
        if domain.mask().is_none() && domain.metric().is_none() {
            return Weighted(None);
        }
        let volume = |cell: usize| domain.metric().map_or(1.0, |metric| metric.volumes()[cell]);
        let weight = |cell: usize| if domain.is_active(cell) { volume(cell) } else { 0.0 };
        Weighted(Some((0..domain.grid().cells()).map(weight).collect()))
    }

    /// Σ w |v|².
    pub fn energy<const D: usize>(&self, v: &VectorField<D>) -> f64 {
        let of = |k: usize| self.sum(v.component(k).values().iter().map(|v| v * v));
        (0..D).map(of).sum()
    }

    /// Σ w |a − b|².
    pub fn energy_of_difference<const D: usize>(
        &self,
        a: &VectorField<D>,
        b: &VectorField<D>,
    ) -> f64 {
        let pairs = |k: usize| a.component(k).values().iter().zip(b.component(k).values());
        (0..D).map(|k| self.sum(pairs(k).map(|(a, b)| (a - b) * (a - b)))).sum()
    }

    fn sum(&self, values: impl Iterator<Item = f64>) -> f64 {
        match &self.0 {
            None => values.sum(),
            // Values outside the mask may be anything.
            Some(weights) => {
                let inside = values.zip(weights).filter(|(_, weight)| **weight > 0.0);
                inside.map(|(value, weight)| value * weight).sum()
            }
        }
    }

    /// ‖part − exact‖/‖exact‖ of every part, over ‖v‖ where the exact part is 0.
    pub fn errors<const D: usize>(
        &self,
        parts: &[VectorField<D>; 3],
        exact: &[VectorField<D>; 3],
    ) -> PartErrors {
        let mut whole = exact[0].clone();
        whole.add_scaled(1.0, &exact[1]);
        whole.add_scaled(1.0, &exact[2]);
        let whole = self.energy(&whole);
        let error = |i: usize| {
            let size = self.energy(&exact[i]);
            let reference = if size > 1e-28 * whole { size } else { whole };
            (self.energy_of_difference(&parts[i], &exact[i]) / reference).sqrt()
        };
        PartErrors { gradient: error(0), solenoidal: error(1), harmonic: error(2) }
    }
}
